use std::collections::BTreeSet;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::blocking_files::SHORT;
use super::command::{Failure, ask, ask_for};
use crate::files::read_regular;

/// A work tree, and the folders in which git keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// Its root.
    pub(super) top: PathBuf,
    /// The data of this work tree alone, such as `HEAD`.
    pub(super) own: PathBuf,
    /// The data that all work trees share, such as branches and settings.
    pub(super) common: PathBuf,
}

/// What answers about a repository's files depend on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct State {
    /// The commit that is checked out; `None` before the first one.
    pub(super) head: Option<String>,
    /// Commits whose parents the clone does not have.
    pub(super) cut: BTreeSet<String>,
    /// The files that list commits to ignore.
    pub(super) ignored: Vec<PathBuf>,
    /// A hash of everything else: those lists, names, settings.
    pub(super) rules: u64,
    /// A hash of how the files look that this was read from. As long as it is the
    /// same, so is the state.
    pub(super) mark: u64,
}

/// Names of files below a work tree's root, as git stores them.
pub(super) type TouchedFiles = BTreeSet<Vec<u8>>;

/// Asks `git rev-parse` for a path.
fn path(folder: &Path, flags: &[&str]) -> Result<PathBuf, Failure> {
    let printed = ask(folder, [&["rev-parse"], flags].concat())?;
    let printed = printed.strip_suffix(b"\n").unwrap_or(&printed);
    Ok(folder.join(native(printed)))
}

#[cfg(unix)]
pub(super) fn native(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
pub(super) fn native(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The longest list of commits or names that is read, in bytes.
const LONG: u64 = 16 << 20;

/// The text of a file; empty where it cannot be read.
fn text(path: &Path, most: u64) -> String {
    let bytes = read_regular(path, most).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Hashes the content of a file, or that it cannot be read.
fn hash_file(path: &Path, hasher: &mut DefaultHasher) {
    read_regular(path, LONG).ok().hash(hasher);
}

/// Hashes the size and time of a file.
fn hash_stamp(path: &Path, hasher: &mut DefaultHasher) {
    let stamp = path.metadata().ok().map(|it| {
        let modified = it.modified().ok();
        let modified = modified.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
        (it.len(), modified)
    });
    stamp.hash(hasher);
}

impl Repository {
    /// The repository that contains a folder, as git itself finds it.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            top: path(folder, &["--show-toplevel"])?,
            own: path(folder, &["--absolute-git-dir"])?,
            common: path(folder, &["--git-common-dir"])?,
        })
    }

    /// A hash of how the files look that the state is read from. Does not ask git,
    /// because it is computed before every answer.
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

    /// A hash of how the files look that the history of the commit that is checked out
    /// depends on. Does not ask git either.
    pub(super) fn history_mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.mark(&[]).hash(&mut hasher);
        hash_file(&self.common.join("info/grafts"), &mut hasher);
        hash_file(&self.common.join("shallow"), &mut hasher);
        // Changes with the names in it.
        hash_stamp(&self.common.join("refs/replace"), &mut hasher);
        hasher.finish()
    }

    /// Reads the state.
    pub(super) fn state(&self) -> Result<State, Failure> {
        // First of all: if something changes meanwhile, the mark will differ.
        let configured = self.ignored();
        let mark = self.mark(&configured);
        let is_file = |file: &PathBuf| file.metadata().is_ok_and(|it| it.is_file());
        let mut ignored = configured;
        ignored.retain(is_file);
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
            // Before the first commit there is only the name of a branch.
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

    /// The files named by `blame.ignoreRevsFile`; an empty name discards those
    /// before it.
    fn ignored(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for file in self.settings(&["--type=path", "--get-all", "blame.ignoreRevsFile"]) {
            if file.is_empty() {
                files.clear();
            } else {
                files.push(self.top.join(native(&file)));
            }
        }
        files
    }

    /// The values that `git config` prints; none where it fails, as it does for a
    /// setting that is not there.
    pub(super) fn settings(&self, flags: &[&str]) -> Vec<Vec<u8>> {
        let Ok(printed) = ask(&self.top, [&["config", "-z"], flags].concat()) else {
            return Vec::new();
        };
        let Some(values) = printed.strip_suffix(b"\0") else {
            return Vec::new();
        };
        let values = values.split(|byte| *byte == 0);
        values.map(<[u8]>::to_vec).collect()
    }

    /// The name of the commit that `revision` means.
    pub(super) fn commit(&self, revision: &str) -> Result<String, Failure> {
        let wanted = format!("{revision}^{{commit}}");
        let flags = ["rev-parse", "--verify", "--end-of-options", &wanted];
        let printed = ask(&self.top, flags)?;
        Ok(String::from_utf8_lossy(&printed).trim().to_owned())
    }

    /// What a command prints that fails where there is nothing to print.
    fn printed(&self, arguments: &[&str]) -> Result<Option<String>, Failure> {
        match ask_for(&self.top, arguments) {
            Ok(printed) => Ok(printed.map(|it| String::from_utf8_lossy(&it).trim_end().to_owned())),
            Err(Failure::Said(_)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The name of the commit that `revision` means; `None` where it means none.
    ///
    /// # Errors
    /// When git gives no answer.
    pub(super) fn find_commit(&self, revision: &str) -> Result<Option<String>, Failure> {
        let wanted = format!("{revision}^{{commit}}");
        let flags = ["rev-parse", "--quiet", "--verify", "--end-of-options"];
        self.printed(&[&flags[..], &[&wanted]].concat())
    }

    /// The branch that is checked out.
    ///
    /// # Errors
    /// When git gives no answer.
    pub(super) fn branch(&self) -> Result<Option<String>, Failure> {
        let name = self.printed(&["symbolic-ref", "--quiet", "HEAD"])?;
        Ok(name.and_then(|it| Some(it.strip_prefix("refs/heads/")?.to_owned())))
    }

    /// The default branch of a remote, as far as that is known here.
    ///
    /// # Errors
    /// When git gives no answer.
    pub(super) fn default_branch(&self, remote: &str) -> Result<Option<String>, Failure> {
        let prefix = format!("refs/remotes/{remote}/");
        let name = self.printed(&["symbolic-ref", "--quiet", &format!("{prefix}HEAD")])?;
        Ok(name.and_then(|it| Some(it.strip_prefix(&prefix)?.to_owned())))
    }

    /// Whether any branch of a remote is known here.
    pub(super) fn has_branches_of(&self, remote: &str) -> bool {
        let below = format!("refs/remotes/{remote}/");
        let printed = ask(&self.top, ["for-each-ref", "--count=1", &below]);
        printed.is_ok_and(|it| !it.is_empty())
    }

    /// Whether its history is cut off.
    ///
    /// # Errors
    /// When git gives no answer.
    pub(super) fn is_shallow(&self) -> Result<bool, Failure> {
        let printed = self.printed(&["rev-parse", "--is-shallow-repository"])?;
        Ok(printed.as_deref() == Some("true"))
    }

    /// Whether the clone has the root folder of a commit.
    pub(super) fn has_files_of(&self, commit: &str) -> bool {
        ask(&self.top, ["cat-file", "-e", &format!("{commit}^{{tree}}")]).is_ok()
    }

    /// Whether a commit contains a file, even if the clone does not have its text.
    pub(super) fn has(&self, commit: &str, file: &Path) -> bool {
        let Ok(name) = file.strip_prefix(&self.top) else {
            return false;
        };
        let mut wanted = OsString::from(format!("{commit}:"));
        wanted.push(name);
        let flags = ["rev-parse", "--quiet", "--verify", "--end-of-options"].map(OsString::from);
        ask(&self.top, flags.into_iter().chain([wanted])).is_ok()
    }

    /// Whether it is a partial clone.
    pub(super) fn is_partial(&self) -> bool {
        let names = "^(extensions\\.partialclone|remote\\..*\\.promisor)$";
        !self.settings(&["--get-regexp", names]).is_empty()
    }

    /// The remote that has what a partial clone lacks.
    pub(super) fn promisor(&self) -> Option<String> {
        let settings = self.settings(&["--get-regexp", "^remote\\..*\\.promisor$"]);
        let mut remotes = settings.iter().filter_map(|setting| {
            let setting = String::from_utf8_lossy(setting);
            let (name, value) = setting.split_once('\n')?;
            let remote = name.strip_prefix("remote.")?.strip_suffix(".promisor")?;
            (value == "true").then(|| remote.to_owned())
        });
        remotes.next()
    }

    /// The files that the commits after `from` up to `to` touched, if these
    /// commits form one line: a file that is not among them has the same history
    /// from both. `None` where they do not.
    pub(super) fn touched(&self, from: &str, to: &str) -> Option<TouchedFiles> {
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

/// The usual name of the list of commits to ignore, which other tools use too.
const IGNORED: &str = ".git-blame-ignore-revs";

/// With more commits than these, git is asked about the files again.
const MOST_COMMITS: &str = "--max-count=2000";

/// Parses the output of `git log -z --name-only`.
fn touched(output: &[u8], from: &str, to: &str) -> Option<TouchedFiles> {
    let mut files = BTreeSet::new();
    // Each commit must be the only parent of the one printed before it.
    let mut expected = to.as_bytes().to_vec();
    for part in output.split(|byte| *byte == 0) {
        let part = part.strip_prefix(b"\n").unwrap_or(part);
        let Some(header) = part.strip_prefix(b"\x01") else {
            if !part.is_empty() {
                files.insert(part.to_vec());
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
            files.insert(file.to_vec());
        }
    }
    (expected == from.as_bytes()).then_some(files)
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
