use std::collections::BTreeSet;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::command::{Failure, ask};
use super::obstacles::SHORT;
use crate::files::read_regular;

/// A work tree and where git keeps what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// Its root.
    pub(super) top: PathBuf,
    /// What belongs to this tree: `HEAD`.
    own: PathBuf,
    /// What all trees of the repository share: branches, settings.
    common: PathBuf,
}

/// What the answers for a repository's files depend on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct State {
    /// The commit that is checked out; `None` before the first one.
    pub(super) head: Option<String>,
    /// Commits whose parents are not here.
    pub(super) cut: BTreeSet<String>,
    /// Lists of commits that are passed over.
    pub(super) ignored: Vec<PathBuf>,
    /// Stands for all else: what the lists say, names, settings.
    pub(super) rules: u64,
    /// Stands for the files that this was read from: as long as it is equal,
    /// so is the state.
    pub(super) mark: u64,
}

/// Names of files below a work tree's root, as git keeps them.
pub(super) type Touched = BTreeSet<Vec<u8>>;

/// One path that git prints.
fn path(folder: &Path, flags: &[&str]) -> Result<PathBuf, Failure> {
    let printed = ask(folder, [&["rev-parse"], flags].concat())?;
    let printed = printed.strip_suffix(b"\n").unwrap_or(&printed);
    Ok(folder.join(native(printed)))
}

#[cfg(unix)]
fn native(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn native(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The longest list of commits or names that is read, in bytes.
const LONG: u64 = 16 << 20;

/// What a file holds; nothing where it cannot be read.
fn text(path: &Path, most: u64) -> String {
    let bytes = read_regular(path, most).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Hashes what a file holds; of one that is none, that.
fn hash_file(path: &Path, hasher: &mut DefaultHasher) {
    read_regular(path, LONG).ok().hash(hasher);
}

/// Hashes how a file looks from outside.
fn hash_stamp(path: &Path, hasher: &mut DefaultHasher) {
    let stamp = path.metadata().ok().map(|it| {
        let modified = it.modified().ok();
        let modified = modified.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
        (it.len(), modified)
    });
    stamp.hash(hasher);
}

impl Repository {
    /// The repository round a folder, as git itself finds it.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            top: path(folder, &["--show-toplevel"])?,
            own: path(folder, &["--absolute-git-dir"])?,
            common: path(folder, &["--git-common-dir"])?,
        })
    }

    /// Stands for the files that the state is read from. Asks no git: this is
    /// looked at before every answer.
    pub(super) fn mark(&self, ignored: &[PathBuf]) -> u64 {
        let mut hasher = DefaultHasher::new();
        let head = text(&self.own.join("HEAD"), SHORT);
        if let Some(branch) = head.trim().strip_prefix("ref: ") {
            hash_file(&self.common.join(branch), &mut hasher);
        }
        head.hash(&mut hasher);
        for file in ["packed-refs", "config", "shallow", "reftable/tables.list"] {
            hash_stamp(&self.common.join(file), &mut hasher);
        }
        hash_stamp(&self.own.join("reftable/tables.list"), &mut hasher);
        hash_stamp(&self.own.join("config.worktree"), &mut hasher);
        hash_stamp(&self.top.join(".mailmap"), &mut hasher);
        hash_stamp(&self.top.join(IGNORED), &mut hasher);
        for file in ignored {
            hash_stamp(file, &mut hasher);
        }
        hasher.finish()
    }

    /// Reads the state.
    pub(super) fn state(&self) -> Result<State, Failure> {
        // Before all else: what changes meanwhile is read once more.
        let settings = self.ignored()?;
        let mark = self.mark(&settings);
        let is_file = |file: &PathBuf| file.metadata().is_ok_and(|it| it.is_file());
        let mut ignored: Vec<PathBuf> = settings.iter().filter(|it| is_file(it)).cloned().collect();
        let own = self.top.join(IGNORED);
        if is_file(&own) && !ignored.contains(&own) {
            ignored.push(own);
        }
        let mut rules = DefaultHasher::new();
        for file in &ignored {
            hash_file(file, &mut rules);
        }
        hash_file(&self.top.join(".mailmap"), &mut rules);
        if let Ok(name) = path(&self.top, &["--git-path", "info/grafts"]) {
            hash_file(&name, &mut rules);
        }
        let settings_of = "^(blame|core|diff|i18n|mailmap)\\.";
        self.settings(&["--get-regexp", settings_of])
            .hash(&mut rules);
        for file in self.settings(&["--type=path", "--get-all", "mailmap.file"]) {
            hash_file(&self.top.join(native(&file)), &mut rules);
        }
        ask(&self.top, ["for-each-ref", "refs/replace"])
            .ok()
            .hash(&mut rules);
        ask(&self.top, ["--version"]).ok().hash(&mut rules);
        let shallow = text(&self.common.join("shallow"), LONG);
        shallow.hash(&mut rules);
        let head = match self.commit("HEAD") {
            Ok(head) => Some(head),
            // Before the first commit there is but the name of a branch.
            Err(_) => {
                ask(&self.top, ["symbolic-ref", "--quiet", "HEAD"])?;
                None
            }
        };
        Ok(State {
            head,
            cut: shallow.lines().map(str::to_owned).collect(),
            ignored,
            rules: rules.finish(),
            mark,
        })
    }

    /// The files named by `blame.ignoreRevsFile`; an empty one forgets those
    /// before it.
    fn ignored(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        for file in self.settings(&["--type=path", "--get-all", "blame.ignoreRevsFile"]) {
            if file.is_empty() {
                found.clear()
            } else {
                found.push(self.top.join(native(&file)))
            }
        }
        Ok(found)
    }

    /// Values of settings; none where git finds none.
    fn settings(&self, flags: &[&str]) -> Vec<Vec<u8>> {
        let printed = ask(&self.top, [&["config", "-z"], flags].concat()).unwrap_or_default();
        let printed = printed.strip_suffix(b"\0").unwrap_or(&printed);
        if printed.is_empty() {
            Vec::new()
        } else {
            printed
                .split(|byte| *byte == 0)
                .map(<[u8]>::to_vec)
                .collect()
        }
    }

    /// The name of the commit that `revision` means.
    pub(super) fn commit(&self, revision: &str) -> Result<String, Failure> {
        let wanted = format!("{revision}^{{commit}}");
        let flags = ["rev-parse", "--verify", "--end-of-options", &wanted];
        let printed = ask(&self.top, flags)?;
        Ok(String::from_utf8_lossy(&printed).trim().to_owned())
    }

    /// Whether a commit holds a file, be its text here or not.
    pub(super) fn has(&self, commit: &str, file: &Path) -> bool {
        let Ok(name) = file.strip_prefix(&self.top) else {
            return false;
        };
        let mut wanted = OsString::from(format!("{commit}:"));
        wanted.push(name);
        let flags = ["rev-parse", "--quiet", "--verify", "--end-of-options"].map(OsString::from);
        ask(&self.top, flags.into_iter().chain([wanted])).is_ok()
    }

    /// Whether it was cloned without all texts.
    pub(super) fn is_partial(&self) -> bool {
        let names = "^(extensions\\.partialclone|remote\\..*\\.promisor)$";
        !self.settings(&["--get-regexp", names]).is_empty()
    }

    /// The files that commits behind `from` up to `to` touched, where those
    /// follow each other in one line: a file that is not among them has the
    /// same history from both. `None` where that is not so.
    pub(super) fn touched(&self, from: &str, to: &str) -> Option<Touched> {
        let range = format!("{from}..{to}");
        let flags = [
            "log",
            "-z",
            "--no-ext-diff",
            "--no-textconv",
            "--no-renames",
            "--name-only",
            "--format=%x01%H %P",
            MOST_COMMITS,
            "--end-of-options",
            &range,
        ];
        touched(&ask(&self.top, flags).ok()?, from, to)
    }
}

/// The list that other tools look for too, by this name.
const IGNORED: &str = ".git-blame-ignore-revs";

/// Where more commits than these came, files are asked for anew.
const MOST_COMMITS: &str = "--max-count=2000";

/// Reads what `git log -z --name-only` prints.
fn touched(output: &[u8], from: &str, to: &str) -> Option<Touched> {
    let mut found = BTreeSet::new();
    // Each commit must be the one that the commit before it comes from.
    let mut expected = to.as_bytes().to_vec();
    for part in output.split(|byte| *byte == 0) {
        let part = part.strip_prefix(b"\n").unwrap_or(part);
        let Some(header) = part.strip_prefix(b"\x01") else {
            if !part.is_empty() {
                found.insert(part.to_vec());
            }
            continue;
        };
        let end = header.iter().position(|byte| *byte == b'\n');
        let (header, file) = match end {
            Some(at) => (&header[..at], &header[at + 1..]),
            None => (header, &b""[..]),
        };
        let mut names = header.split(|byte| *byte == b' ');
        if names.next()? != expected {
            return None;
        }
        expected = names.next()?.to_vec();
        if names.next().is_some() {
            return None;
        }
        if !file.is_empty() {
            found.insert(file.to_vec());
        }
    }
    (expected == from.as_bytes()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::touched;

    #[test]
    fn only_a_straight_line_of_commits_says_what_it_touched() {
        let names = |output: &str| {
            let found = touched(output.as_bytes(), "a", "c")?;
            let names = found
                .iter()
                .map(|it| String::from_utf8_lossy(it).into_owned());
            Some(names.collect::<Vec<_>>())
        };
        let straight = "\u{1}c b\0\nx y.md\0z.md\0\0\u{1}b a\0\nx y.md\0";
        assert_eq!(names(straight), Some(vec!["x y.md".into(), "z.md".into()]));
        // Another line, a merge, a root.
        assert_eq!(names("\u{1}c b\0\nx\0"), None);
        assert_eq!(names("\u{1}c a b\0\nx\0"), None);
        assert_eq!(names("\u{1}c\0\nx\0"), None);
        assert_eq!(touched(b"", "a", "a"), Some(Default::default()));
    }
}
