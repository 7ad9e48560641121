use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::blame::{Blamer, LONGEST};
use super::command::{Failure, ask};
use super::jobs::Jobs;
use crate::ages::{Commit, lines_of};
use crate::files::{Change, FileChange, History, SourcePath, WrittenLine, read_regular};

/// The git repository round a project, read through the git binary. Nothing
/// that a repository configures is run: no hooks, filters or monitors.
#[derive(Debug)]
pub struct Git {
    asked: Arc<Asked>,
    changes: Arc<Jobs<Option<Vec<Change>>>>,
    lines: Arc<Jobs<()>>,
}

/// What is asked, by whatever thread.
#[derive(Debug)]
struct Asked {
    root: PathBuf,
    blamer: Blamer,
    /// Why git was not asked to the end, when it was not.
    stopped: Mutex<Option<String>>,
}

impl Git {
    /// Of the project at `root`.
    pub fn new(root: &Path) -> Self {
        Self {
            asked: Arc::new(Asked {
                root: root.to_owned(),
                blamer: Blamer::new(None).without_whitespace(),
                stopped: Mutex::default(),
            }),
            changes: Arc::default(),
            lines: Arc::default(),
        }
    }
}

impl Asked {
    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let answer = ask(&self.root, arguments);
        let stopped = match &answer {
            Err(Failure::Stopped(why)) => Some(why.clone()),
            Ok(_) | Err(Failure::Missing | Failure::Said(_)) => None,
        };
        *self.stopped.lock() = stopped;
        answer
    }
}

/// A path that git cannot take for a flag or a pattern.
fn literal(path: &SourcePath) -> String {
    match path.as_str() {
        "" => ".".to_owned(),
        path => format!(":(literal){path}"),
    }
}

impl Asked {
    fn changes(&self, folder: &SourcePath) -> Option<Vec<Change>> {
        // A git that hangs does so here too, where less is waited for.
        let probe = self.ask(&["rev-parse", "--quiet", "--verify", "HEAD"]);
        if let Err(Failure::Stopped(_)) = probe {
            return None;
        }
        let folder = literal(folder);
        let log = |renames: &str| {
            let flags = [
                "log",
                "--no-ext-diff",
                "--no-textconv",
                "--no-color",
                "--relative",
                renames,
                "--name-status",
                "-z",
                "--format=%x01%H %at",
                "--",
                &folder,
            ];
            self.ask(&flags).ok()
        };
        // A clone without all texts cannot tell how alike two of them are.
        let output = log("--find-renames").or_else(|| log("--find-renames=100%"))?;
        Some(changes(&String::from_utf8_lossy(&output)))
    }

    fn lines(&self, file: &SourcePath) -> Option<Vec<WrittenLine>> {
        let path = self.root.join(file.as_str());
        let blame = self.blamer.now(&path).ok()?;
        let text = read_regular(&path, LONGEST).ok()?;
        let written = |(commit, line): (&Option<usize>, &[u8])| {
            // Named as git itself names them.
            let new = || Commit {
                id: "0".repeat(40),
                author: "Not Committed Yet".to_owned(),
                email: "not.committed.yet".to_owned(),
                zone: "+0000".to_owned(),
                ..Commit::default()
            };
            let known = commit.and_then(|nth| blame.commits.get(nth).cloned());
            let commit = known.unwrap_or_else(new);
            WrittenLine {
                commit: commit.id,
                name: commit.author,
                email: commit.email,
                time: commit.authored,
                zone: commit.zone,
                is_empty: line.is_empty(),
            }
        };
        let lines = blame.lines.iter().zip(lines_of(&text));
        Some(lines.map(written).collect())
    }
}

impl History for Git {
    fn changes(&self, folder: &SourcePath, moment: &str, check: &dyn Fn()) -> Option<Vec<Change>> {
        let (asked, of) = (self.asked.clone(), folder.clone());
        let work = move || asked.changes(&of);
        self.changes.ask(key(folder, moment), check, work).flatten()
    }

    fn lines(&self, file: &SourcePath, moment: &str, check: &dyn Fn()) -> Option<Vec<WrittenLine>> {
        let (asked, of) = (self.asked.clone(), file.clone());
        // The text may be another by then: the answer is made of what is known.
        let work = move || drop(asked.lines(&of));
        self.lines.ask(key(file, moment), check, work)?;
        self.asked.lines(file)
    }

    fn fault(&self) -> Option<String> {
        let stopped = self.asked.stopped.lock();
        stopped.clone()
    }
}

/// What tells questions about a path apart.
fn key(path: &SourcePath, moment: &str) -> String {
    format!("{moment}\0{path}")
}

/// Reads what `git log -z --name-status` prints: a header `\x01commit time`,
/// then a letter and one or two paths for each file.
fn changes(output: &str) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    let mut parts = output.split('\0').map(|part| part.trim_start_matches('\n'));
    while let Some(part) = parts.next() {
        // Commits without files stand behind each other in one part.
        let (headers, status) = match part.rfind('\u{1}') {
            Some(at) => {
                let end = part[at..].find('\n').map_or(part.len(), |end| at + end);
                (&part[..end], part[end..].trim_start_matches('\n'))
            }
            None => ("", part),
        };
        for header in headers.split('\u{1}').skip(1) {
            let Some((commit, time)) = header.trim().split_once(' ') else {
                continue;
            };
            found.push(Change {
                commit: commit.to_owned(),
                time: time.parse().unwrap_or_default(),
                files: Vec::new(),
            });
        }
        let (Some(change), Some(letter)) = (found.last_mut(), status.chars().next()) else {
            continue;
        };
        let mut path = || parts.next().map(SourcePath::new);
        let file = match letter {
            'R' => path()
                .zip(path())
                .map(|(from, to)| FileChange::Renamed(from, to)),
            'C' => path().zip(path()).map(|(_, to)| FileChange::Added(to)),
            'A' => path().map(FileChange::Added),
            _ => path().map(FileChange::Changed),
        };
        change.files.extend(file);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::files::FileChange::{Added, Changed, Renamed};

    #[test]
    fn reads_what_git_prints() {
        let output = "\u{1}c3 30\n\0M\0docs/a b.md\0R090\0docs/x.md\0docs/y.md\0\u{1}c2 20\n\u{1}c1 10\n\0A\0docs/a b.md\0";
        let found = changes(output);
        let names: Vec<_> = found
            .iter()
            .map(|it| (it.commit.as_str(), it.time))
            .collect();
        assert_eq!(names, [("c3", 30), ("c2", 20), ("c1", 10)]);
        let renamed = Renamed("docs/x.md".into(), "docs/y.md".into());
        assert_eq!(found[0].files, [Changed("docs/a b.md".into()), renamed]);
        assert_eq!(found[2].files, [Added("docs/a b.md".into())]);
    }
}
