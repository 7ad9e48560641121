//! A site that is changed file by file, where its folder cannot be exchanged:
//! a mount point, or a folder in one that cannot be written.
//!
//! What is to be done stands in a journal before the first step. A build that
//! finds one finishes it first, so that a killed build leaves nothing half done
//! for long; at any moment every file is whole, and no page is there before
//! what it loads.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{self, Names, escaped, named, unescaped};
use super::names::{self, JOURNAL};
use crate::files::is_absence;

/// What the file begins with.
const HEADER: &str = "# A build that is not finished. The next one finishes it.";

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The file of this name comes from the new site.
    Put(PathBuf),
    /// The file of this name goes.
    Remove(PathBuf),
}

/// Makes the site in `target` the one in `staging`, a folder in it: puts
/// `new`, and removes `old`.
///
/// # Errors
/// When a step fails; the next build goes on from there.
pub(super) fn patch(target: &Path, staging: &Path, new: &Names, old: &Names) -> io::Result<()> {
    let is_page = |name: &&PathBuf| {
        let ending = name.extension().unwrap_or_default();
        ["html", "xml", "gz"].iter().any(|page| ending == *page)
    };
    let (pages, assets): (Vec<_>, Vec<_>) = new.iter().partition(is_page);
    let puts = assets.into_iter().chain(pages).cloned().map(Step::Put);
    let removals = old.iter().cloned().map(Step::Remove);
    // From the manifest on, what went is forgotten.
    let last = Step::Put(PathBuf::from(manifest::NAME));
    let steps: Vec<Step> = puts.chain(removals).chain([last]).collect();
    let text = written(staging, &steps)?;
    let draft = staging.join(JOURNAL);
    fs::write(&draft, text).map_err(|error| named(&draft, &error))?;
    let journal = target.join(JOURNAL);
    fs::rename(&draft, &journal).map_err(|error| named(&journal, &error))?;
    run(target, staging, &steps)
}

/// Finishes what a killed build left to do in `target`.
///
/// # Errors
/// When the journal cannot be read, or a step fails.
pub(super) fn finish(target: &Path) -> io::Result<()> {
    let journal = target.join(JOURNAL);
    match manifest::own_file(&journal, read, damaged)? {
        Some((staging, steps)) => run(target, &target.join(staging), &steps),
        None => Ok(()),
    }
}

fn written(staging: &Path, steps: &[Step]) -> io::Result<String> {
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

fn read(text: &str) -> Option<(String, Vec<Step>)> {
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

/// Takes the steps in order. Those that were taken before are passed over.
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
    // Only empty folders are left in it.
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
    // What was a file may now be a folder, and the other way round.
    let above: Vec<&Path> = name.ancestors().skip(1).collect();
    for above in above
        .into_iter()
        .rev()
        .filter(|it| going.contains(&it.to_path_buf()))
    {
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

/// Removes a file, and the folders above that are empty without it.
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
    // A folder of that name is not ours.
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
        "`{}` is damaged: it should say what a build left to do; remove it if nothing in that \
         folder is needed",
        path.display()
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}
