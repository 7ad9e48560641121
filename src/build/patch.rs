//! Changes a site file by file where its folder cannot be exchanged: at a mount
//! point, or where the parent folder cannot be written.
//!
//! All steps are written to a journal before the first one is taken. A build
//! that finds a journal finishes it first, so a killed build does not leave the
//! site half done for long. At any moment every file is complete, and no page
//! appears before the files that it loads.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{self, Names, escaped, named, unescaped};
use super::names::{self, JOURNAL};
use crate::files::is_absence;

/// The first line of the journal.
const HEADER: &str = "# A build that is not finished. The next one finishes it.";

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Takes the file of this name from the new site.
    Put(PathBuf),
    /// Removes the file of this name.
    Remove(PathBuf),
}

/// Turns the site in `target` into the one in `staging`, a folder in it: moves
/// `new` there, and removes `old`.
///
/// # Errors
/// When a step fails; the next build continues from there.
pub(super) fn patch(target: &Path, staging: &Path, new: &Names, old: &Names) -> io::Result<()> {
    let is_page = |name: &&PathBuf| {
        let ending = name.extension().unwrap_or_default();
        ["html", "xml", "gz"].iter().any(|page| ending == *page)
    };
    let (pages, assets): (Vec<_>, Vec<_>) = new.iter().partition(is_page);
    let puts = assets.into_iter().chain(pages).cloned().map(Step::Put);
    let removals = old.iter().cloned().map(Step::Remove);
    // Last, because it no longer lists the removed files.
    let last = Step::Put(PathBuf::from(manifest::NAME));
    let steps: Vec<Step> = puts.chain(removals).chain([last]).collect();
    let text = journal_text(staging, &steps)?;
    let draft = staging.join(JOURNAL);
    fs::write(&draft, text).map_err(|error| named(&draft, &error))?;
    let journal = target.join(JOURNAL);
    fs::rename(&draft, &journal).map_err(|error| named(&journal, &error))?;
    run(target, staging, &steps)
}

/// Takes the steps that a killed build left in the journal of `target`.
///
/// # Errors
/// When the journal cannot be read, or a step fails.
pub(super) fn finish(target: &Path) -> io::Result<()> {
    let journal = target.join(JOURNAL);
    match manifest::read_own(&journal, parse, damaged)? {
        Some((staging, steps)) => run(target, &target.join(staging), &steps),
        None => Ok(()),
    }
}

fn journal_text(staging: &Path, steps: &[Step]) -> io::Result<String> {
    let not_utf8 = |path: &Path| {
        let message = format!("the name of `{}` is not UTF-8", path.display());
        io::Error::new(io::ErrorKind::InvalidInput, message)
    };
    let name = staging.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| not_utf8(staging))?;
    let mut text = format!("{HEADER}\n{name}\n");
    for step in steps {
        let (sign, path) = match step {
            Step::Put(path) => ('+', path),
            Step::Remove(path) => ('-', path),
        };
        let path = path.to_str().ok_or_else(|| not_utf8(path))?;
        text.push(sign);
        text.push_str(&escaped(path));
        text.push('\n');
    }
    Ok(text)
}

/// The name of the staging folder and the steps of a journal.
fn parse(text: &str) -> Option<(String, Vec<Step>)> {
    let mut lines = text.lines();
    lines.next().filter(|line| *line == HEADER)?;
    let staging = lines.next().filter(|name| names::is_inside(name))?;
    let step = |line: &str| {
        let (sign, name) = line.split_at_checked(1)?;
        let path = manifest::plain(&unescaped(name)?)?;
        match sign {
            "+" => Some(Step::Put(path)),
            "-" => Some(Step::Remove(path)),
            _ => None,
        }
    };
    let steps: Option<Vec<Step>> = lines.map(step).collect();
    Some((staging.to_owned(), steps?))
}

/// Takes the steps in order. Steps that were taken before are skipped.
fn run(target: &Path, staging: &Path, steps: &[Step]) -> io::Result<()> {
    let going: BTreeSet<&PathBuf> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Remove(name) => Some(name),
            Step::Put(_) => None,
        })
        .collect();
    for step in steps {
        match step {
            Step::Put(name) => put(target, staging, name, &going)?,
            Step::Remove(name) => remove(target, name)?,
        }
    }
    let journal = target.join(JOURNAL);
    fs::remove_file(&journal).map_err(|error| named(&journal, &error))?;
    // It contains nothing but empty folders now.
    let _ = fs::remove_dir_all(staging);
    Ok(())
}

fn put(target: &Path, staging: &Path, name: &Path, going: &BTreeSet<&PathBuf>) -> io::Result<()> {
    let (from, to) = (staging.join(name), target.join(name));
    match from.symlink_metadata() {
        Ok(_) => {}
        Err(error) if is_absence(&error) => return Ok(()),
        Err(error) => return Err(named(&from, &error)),
    }
    // A file may have become a folder, or a folder a file.
    let mut files_above: Vec<&Path> = name.ancestors().skip(1).collect();
    files_above.retain(|above| going.contains(&above.to_path_buf()));
    for above in files_above.into_iter().rev() {
        remove_file(&target.join(above))?;
    }
    if to.symlink_metadata().is_ok_and(|it| it.is_dir()) {
        let below = going.iter().filter(|it| it.starts_with(name));
        for name in below {
            remove(target, name)?;
        }
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| named(folder, &error))?;
    }
    fs::rename(&from, &to).map_err(|error| named(&to, &error))
}

/// Removes a file, and the folders above it that are then empty.
fn remove(target: &Path, name: &Path) -> io::Result<()> {
    remove_file(&target.join(name))?;
    let above = name.ancestors().skip(1);
    for folder in above.take_while(|it| !it.as_os_str().is_empty()) {
        if fs::remove_dir(target.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}

fn remove_file(path: &Path) -> io::Result<()> {
    // A folder of that name is not ours to remove.
    if path.symlink_metadata().is_ok_and(|it| it.is_dir()) {
        return Ok(());
    }
    match fs::remove_file(path) {
        Err(error) if !is_absence(&error) => Err(named(path, &error)),
        _ => Ok(()),
    }
}

fn damaged(path: &Path) -> io::Error {
    let message = format!(
        "`{}`, which lists the remaining steps of a build, is damaged; delete it if you need \
         nothing in that folder",
        path.display()
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}
