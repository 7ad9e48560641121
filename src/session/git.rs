use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::files::{Change, FileChange, History, SourcePath, WrittenLine};

/// The git repository round a project, read through the git binary. Nothing
/// that a repository configures is run: no hooks, filters or monitors.
#[derive(Debug, Clone)]
pub struct Git {
    root: PathBuf,
}

impl Git {
    /// Of the project at `root`.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    fn run(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        let settings = [
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.quotePath=false",
            "log.showSignature=false",
            "diff.external=",
        ];
        let mut command = Command::new("git");
        command
            .current_dir(&self.root)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        for setting in settings {
            command.args(["-c", setting]);
        }
        let output = command.args(arguments).output().ok()?;
        output.status.success().then_some(output.stdout)
    }
}

/// A path that git cannot take for a flag or a pattern.
fn literal(path: &SourcePath) -> String {
    match path.as_str() {
        "" => ".".to_owned(),
        path => format!(":(literal){path}"),
    }
}

impl History for Git {
    fn changes(&self, folder: &SourcePath) -> Option<Vec<Change>> {
        let folder = literal(folder);
        let output = self.run(&[
            "log",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--relative",
            "--find-renames",
            "--name-status",
            "-z",
            "--format=%x01%H %at",
            "--",
            &folder,
        ])?;
        Some(changes(&String::from_utf8_lossy(&output)))
    }

    fn lines(&self, file: &SourcePath) -> Option<Vec<WrittenLine>> {
        let output = self.run(&[
            "blame",
            "--no-textconv",
            "--line-porcelain",
            "-w",
            "--",
            file.as_str(),
        ])?;
        Some(lines(&String::from_utf8_lossy(&output)))
    }
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

/// Reads what `git blame --line-porcelain` prints.
fn lines(output: &str) -> Vec<WrittenLine> {
    let mut found = Vec::new();
    let mut line: Option<WrittenLine> = None;
    for text in output.split('\n') {
        if let Some(content) = text.strip_prefix('\t') {
            if let Some(mut line) = line.take() {
                line.is_empty = content.is_empty();
                found.push(line);
            }
            continue;
        }
        let (key, value) = text.split_once(' ').unwrap_or((text, ""));
        match (&mut line, key) {
            (None, commit) if !commit.is_empty() => {
                line = Some(WrittenLine {
                    commit: commit.to_owned(),
                    name: String::new(),
                    email: String::new(),
                    time: 0,
                    zone: String::new(),
                    is_empty: false,
                });
            }
            (Some(line), "author") => value.clone_into(&mut line.name),
            (Some(line), "author-mail") => {
                line.email = value.trim_matches(['<', '>']).to_owned();
            }
            (Some(line), "author-time") => line.time = value.parse().unwrap_or_default(),
            (Some(line), "author-tz") => value.clone_into(&mut line.zone),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{changes, lines};
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
        let output = "c1 1 1 1\nauthor A B\nauthor-mail <a@b>\nauthor-time 5\nauthor-tz +0100\nsummary s\nfilename f\n\ttext\nc1 2 2\nauthor A B\nauthor-mail <a@b>\nauthor-time 5\nauthor-tz +0100\nsummary s\nfilename f\n\t\n";
        let found = lines(output);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].name.as_str(), found[0].email.as_str()),
            ("A B", "a@b")
        );
        assert!(!found[0].is_empty && found[1].is_empty);
    }
}
