use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use parking_lot::Mutex;

use super::read_regular;

/// The longest list of patterns that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What git ignores in the work tree that a folder is in, by the patterns that lie in
/// it. Those that a user has for all repositories do not count.
#[derive(Debug, Default)]
pub struct GitIgnore {
    /// The root of the work tree; `None` outside of one.
    top: Option<PathBuf>,
    /// The patterns of the files that were read.
    read: Mutex<HashMap<PathBuf, Patterns>>,
}

/// The patterns of one file.
#[derive(Debug)]
struct Patterns {
    /// How the file looked when it was read.
    stamp: Stamp,
    matcher: Arc<Gitignore>,
}

/// What decides which entries of one folder git ignores.
#[derive(Debug, Clone, Default)]
pub struct IgnoreRules {
    /// Later ones take precedence.
    matchers: Vec<Arc<Gitignore>>,
    /// Whether the folder itself is ignored, with all that is in it.
    is_ignored: bool,
}

impl IgnoreRules {
    /// Whether a file or folder of the folder is ignored, given its absolute path.
    /// Links count as files, as in git.
    pub fn ignores(&self, path: &Path, is_folder: bool) -> bool {
        let matches = self.matchers.iter().rev();
        let mut matches = matches.map(|it| it.matched(path, is_folder));
        self.is_ignored
            || matches
                .find(|it| !it.is_none())
                .is_some_and(|it| matches!(it, Match::Ignore(_)))
    }
}

/// The size of a file and when it was written, if there is one.
type Stamp = Option<(u64, std::time::SystemTime)>;

impl GitIgnore {
    /// What is ignored in the work tree that contains `folder`, which must be an
    /// absolute path without links.
    pub fn around(folder: &Path) -> Self {
        let is_top = |folder: &&Path| {
            let data = folder.join(".git");
            data.is_file() || data.join("HEAD").is_file()
        };
        Self {
            top: folder.ancestors().find(is_top).map(Path::to_owned),
            read: Mutex::default(),
        }
    }

    /// The root of the work tree.
    pub fn top(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    /// The outermost file or folder at or above `path` that is ignored.
    pub fn ignored(&self, path: &Path) -> Option<PathBuf> {
        let top = self.top()?;
        let below = path.strip_prefix(top).ok()?;
        let mut folder = top.to_owned();
        let mut rules = IgnoreRules::default();
        let mut parts = below.components().peekable();
        while let Some(part) = parts.next() {
            self.add(&mut rules, &folder);
            let at = folder.join(part);
            // What has something below it is a folder, even if it is gone.
            let is_folder = || fs::symlink_metadata(&at).is_ok_and(|it| it.is_dir());
            let is_folder = parts.peek().is_some() || is_folder();
            if rules.ignores(&at, is_folder) {
                return Some(at);
            }
            folder = at;
        }
        None
    }

    /// The rules for the entries of a folder.
    pub fn rules(&self, folder: &Path) -> IgnoreRules {
        let mut rules = IgnoreRules::default();
        let Some(top) = self.top() else {
            return rules;
        };
        let above: Vec<&Path> = folder.ancestors().collect();
        let inside = above.into_iter().rev().filter(|it| it.starts_with(top));
        for folder in inside {
            rules.is_ignored |= folder != top && rules.ignores(folder, true);
            self.add(&mut rules, folder);
        }
        rules
    }

    /// Adds the patterns of the next folder on the way down.
    pub fn add(&self, rules: &mut IgnoreRules, folder: &Path) {
        for file in pattern_files(folder) {
            let matcher = self.matcher(folder, file);
            if !matcher.is_empty() {
                rules.matchers.push(matcher);
            }
        }
    }

    /// The files with patterns that decide whether `path` is ignored, whether they
    /// exist or not.
    pub fn files(&self, path: &Path) -> Vec<PathBuf> {
        let Some(top) = self.top.as_deref() else {
            return Vec::new();
        };
        let above = path.ancestors().skip(1);
        let folders = above.take_while(|folder| folder.starts_with(top));
        folders.flat_map(pattern_files).collect()
    }

    /// The files with patterns that were looked for, whether they exist or not.
    pub fn files_read(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.read.lock().keys().cloned().collect();
        files.sort();
        files
    }

    fn matcher(&self, folder: &Path, file: PathBuf) -> Arc<Gitignore> {
        let stamp = fs::metadata(&file).ok();
        let stamp = stamp.and_then(|it| Some((it.len(), it.modified().ok()?)));
        let mut read = self.read.lock();
        if let Some(known) = read.get(&file)
            && known.stamp == stamp
        {
            return known.matcher.clone();
        }
        let bytes = read_regular(&file, LONGEST).unwrap_or_default();
        let mut builder = GitignoreBuilder::new(folder);
        for line in String::from_utf8_lossy(&bytes).lines() {
            // As in git, a line that is no pattern matches nothing.
            let _ = builder.add_line(None, line);
        }
        let matcher = Arc::new(builder.build().unwrap_or_else(|_| Gitignore::empty()));
        let known = Patterns {
            stamp,
            matcher: matcher.clone(),
        };
        read.insert(file, known);
        matcher
    }
}

/// The files with patterns for what is in a folder, those with less weight first.
fn pattern_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let data = folder.join(".git");
    match fs::metadata(&data).map(|it| it.file_type()) {
        Ok(kind) if kind.is_dir() => files.push(data.join("info/exclude")),
        Ok(kind) if kind.is_file() => {
            files.extend(shared_data(&data).map(|data| data.join("info/exclude")));
        }
        _ => {}
    }
    files.push(folder.join(".gitignore"));
    files
}

/// Where git keeps the data that all work trees share, for a work tree whose `.git`
/// is a file.
fn shared_data(file: &Path) -> Option<PathBuf> {
    let text = |path: &Path| {
        let bytes = read_regular(path, LONGEST).ok()?;
        Some(String::from_utf8(bytes).ok()?.trim_end().to_owned())
    };
    let own = text(file)?;
    let own = file.parent()?.join(own.strip_prefix("gitdir:")?.trim());
    match text(&own.join("commondir")) {
        Some(shared) => Some(own.join(shared)),
        None => Some(own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What git itself says of each path.
    #[test]
    fn what_git_ignores_is_ignored() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = fs::canonicalize(folder.path()).expect("it exists");
        let git = |arguments: &[&str]| {
            let mut command = std::process::Command::new("git");
            command.current_dir(&top).args(arguments);
            command.output().expect("git runs")
        };
        assert!(git(&["init", "-q"]).status.success());
        let write = |path: &str, text: &str| {
            let path = top.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, text).expect("written");
        };
        write(".gitignore", "*.log\n/build/\nsecret*\n!secret.md\n# no\n");
        write("sub/.gitignore", "!keep.log\nlocal\n");
        write(".git/info/exclude", "mine\n!x.log\n");
        let paths = [
            "a.md",
            "x.log",
            "sub/x.log",
            "sub/keep.log",
            "build/a/b.md",
            "sub/build/a.md",
            "secret.txt",
            "secret.md",
            "sub/local/deep/a.md",
            "local",
            "mine",
            "sub/mine/a",
        ];
        for path in paths {
            write(&format!("{path}.d/placeholder"), "");
            if !top.join(path).exists() {
                write(path, "");
            }
        }
        let ignores = GitIgnore::around(&top.join("sub"));
        assert_eq!(ignores.top(), Some(&*top));
        for path in paths {
            let said = git(&["check-ignore", "-q", path]).status.success();
            assert_eq!(ignores.ignored(&top.join(path)).is_some(), said, "{path}");
        }
        let outermost = ignores.ignored(&top.join("build/a/b.md"));
        assert_eq!(outermost, Some(top.join("build")));
        // Patterns that change count at once.
        write(".gitignore", "a.md\n");
        assert!(ignores.ignored(&top.join("a.md")).is_some());
        assert!(ignores.ignored(&top.join("secret.txt")).is_none());
    }
}
