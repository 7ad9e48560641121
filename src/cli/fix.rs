use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::project::Project;
use super::terminal;
use crate::diagnostic::fixing::difference;
use crate::diagnostic::{Diagnostic, by_cause};
use crate::session::{Fixes, Trial};

/// What fixing a project came to.
pub(super) struct Fixing {
    /// What is still wrong.
    pub(super) left: Vec<Diagnostic>,
    /// What changed, as a difference.
    pub(super) difference: String,
    /// What was done, in a sentence.
    pub(super) summary: String,
    /// Whether a file could not be written.
    pub(super) failed: bool,
}

/// Fixes what there are certain fixes for, unless it is a `dry_run`.
///
/// # Errors
/// If the project is not opened for it.
pub(super) fn fix(project: &Project, dry_run: bool) -> Result<Fixing> {
    let disk = &project.disk;
    let unsaved = project.unsaved.clone();
    let unsaved = unsaved.context("the project is not opened for fixes")?;
    let trial = Trial::new(&project.sites, unsaved);
    let fixes = trial.run(
        |_| true,
        |path| match disk.own_file(path) {
            Ok(_) => Ok(()),
            Err(why) => Err(why.to_string()),
        },
    );
    for (problem, why) in &fixes.refused {
        let place = problem.fix.as_ref().map(|fix| &fix.span);
        let place = place.map_or_else(String::new, |span| {
            format!("{}:{}:{}: ", span.path, span.line, span.column)
        });
        let line = format!("note: not fixed: {place}{}: {why}", problem.rule);
        terminal::err(crate::diagnostic::terminal::harmless(&line));
    }
    Ok(write(project, fixes, dry_run))
}

fn write(project: &Project, fixes: Fixes, dry_run: bool) -> Fixing {
    let mut shown = String::new();
    let (mut written, mut failed) = (0, false);
    for (path, file) in &fixes.files {
        shown += &difference(path.as_str(), &file.before, &file.after);
        if dry_run {
            continue;
        }
        let (before, after) = (file.before.as_bytes(), file.after.as_bytes());
        match project.disk.replace(path, before, after) {
            Ok(()) => written += 1,
            Err(why) => {
                failed = true;
                let mut line = format!("error: `{path}` is not fixed: {why}");
                if matches!(why, crate::files::NotReplaced::Changed) {
                    line += "; run `proofroom check --fix` again";
                }
                terminal::err(line);
            }
        }
    }
    let count = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let problems = count(fixes.accepted.len(), "problem");
    let mut summary = String::new();
    let _ = match (dry_run, fixes.files.len()) {
        (_, 0) => write!(summary, "Nothing to fix."),
        (true, files) => write!(
            summary,
            "{problems} in {} can be fixed.",
            count(files, "file")
        ),
        (false, _) => write!(summary, "Fixed {problems} in {}.", count(written, "file")),
    };
    Fixing {
        left: by_cause(fixes.left),
        difference: shown,
        summary,
        failed,
    }
}
