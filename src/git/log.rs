use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::blame::{Blamer, LONGEST};
use super::command::{Failure, ask};
use super::jobs::Jobs;
use crate::ages::{Commit, lines_of};
use crate::files::{Change, FileChange, History, SourcePath, WrittenLine, read_regular};

/// The history of a project's git repository, read through the git binary.
/// Nothing that the repository configures is run: no hooks, filters or monitors.
#[derive(Debug)]
pub struct Git {
    asked: Arc<LogQuery>,
    changes: Arc<Jobs<Option<Vec<Change>>>>,
    lines: Arc<Jobs<()>>,
}

/// What threads share to ask git.
#[derive(Debug)]
struct LogQuery {
    root: PathBuf,
    blamer: Blamer,
    /// Why the last command was not finished, if it was not.
    stopped: Mutex<Option<String>>,
}

impl Git {
    /// The history of the project at `root`.
    pub fn new(root: &Path) -> Self {
        Self {
            asked: Arc::new(LogQuery {
                root: root.to_owned(),
                blamer: Blamer::new(None).without_whitespace(),
                stopped: Mutex::default(),
            }),
            changes: Arc::default(),
            lines: Arc::default(),
        }
    }
}

impl LogQuery {
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

/// A path in a form that git cannot mistake for a flag or a pattern.
fn literal(path: &SourcePath) -> String {
    match path.as_str() {
        "" => ".".to_owned(),
        path => format!(":(literal){path}"),
    }
}

impl LogQuery {
    fn changes(&self, folder: &SourcePath) -> Option<Vec<Change>> {
        // A git that hangs also hangs here, where it is given up sooner.
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
        // A partial clone cannot compare texts that it does not have.
        let output = log("--find-renames").or_else(|| log("--find-renames=100%"))?;
        Some(parse(&String::from_utf8_lossy(&output)))
    }

    fn lines(&self, file: &SourcePath) -> Option<Vec<WrittenLine>> {
        let path = self.root.join(file.as_str());
        let blame = self.blamer.now(&path).ok()?;
        let text = read_regular(&path, LONGEST).ok()?;
        let written = |(commit, line): (&Option<usize>, &[u8])| {
            // As git itself reports lines that are not committed.
            let not_committed = || Commit {
                id: "0".repeat(40),
                author: "Not Committed Yet".to_owned(),
                email: "not.committed.yet".to_owned(),
                zone: "+0000".to_owned(),
                ..Commit::default()
            };
            let commit = commit.and_then(|nth| blame.commits.get(nth).cloned());
            let commit = commit.unwrap_or_else(not_committed);
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
        let (asked, owned) = (self.asked.clone(), folder.clone());
        let work = move || asked.changes(&owned);
        self.changes.ask(key(folder, moment), check, work).flatten()
    }

    fn lines(&self, file: &SourcePath, moment: &str, check: &dyn Fn()) -> Option<Vec<WrittenLine>> {
        let (asked, owned) = (self.asked.clone(), file.clone());
        // The job only makes the answer known: the text may change meanwhile.
        let work = move || drop(asked.lines(&owned));
        self.lines.ask(key(file, moment), check, work)?;
        self.asked.lines(file)
    }

    fn fault(&self) -> Option<String> {
        self.asked.stopped.lock().clone()
    }
}

/// The key of a question about a path.
fn key(path: &SourcePath, moment: &str) -> String {
    format!("{moment}\0{path}")
}

/// Parses the output of `git log -z --name-status`: a header `\x01commit time`,
/// then a letter and one or two paths for each file.
fn parse(output: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut parts = output.split('\0').map(|part| part.trim_start_matches('\n'));
    while let Some(part) = parts.next() {
        // Commits without files follow each other in one part.
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
            changes.push(Change {
                commit: commit.to_owned(),
                // Git prints 0 too for a date that it cannot read.
                time: time.parse().unwrap_or(0),
                files: Vec::new(),
            });
        }
        let (Some(change), Some(letter)) = (changes.last_mut(), status.chars().next()) else {
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
    changes
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::files::FileChange::{Added, Changed, Renamed};

    #[test]
    fn reads_what_git_prints() {
        let output = "\u{1}c3 30\n\0M\0docs/a b.md\0R090\0docs/x.md\0docs/y.md\0\u{1}c2 20\n\u{1}c1 10\n\0A\0docs/a b.md\0";
        let found = parse(output);
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
