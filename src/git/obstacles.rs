//! What would keep git waiting for ever: it opens whatever has the right name,
//! a pipe too, whose other end nobody holds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files::read_regular;

/// Files that git opens below what all work trees of a repository share.
const COMMON: [&str; 7] = [
    "config",
    "info/attributes",
    "info/grafts",
    "objects/info/alternates",
    "packed-refs",
    "reftable/tables.list",
    "shallow",
];

/// The same below what belongs to one work tree.
const OWN: [&str; 4] = ["HEAD", "commondir", "config.worktree", "index"];

/// The same in the work tree.
const TREE: [&str; 3] = [".git-blame-ignore-revs", ".gitattributes", ".mailmap"];

/// The longest of the short files that are read here, in bytes.
pub(super) const SHORT: u64 = 64 << 10;

/// The folder at or above `folder` that looks like a work tree's root.
pub(super) fn candidate(folder: &Path) -> Option<PathBuf> {
    let found = folder.ancestors().find(|it| it.join(".git").exists());
    found.map(Path::to_owned)
}

/// The first file that git would open for what lies in `folder`, below the
/// work tree at `top`, and must not: a pipe, socket or device. Folders are
/// nobody's trouble.
pub(super) fn obstacle(top: &Path, folder: &Path) -> Option<PathBuf> {
    let dot = top.join(".git");
    if is_obstacle(&dot) {
        return Some(dot);
    }
    let (own, common) = places(top, &dot);
    let head = own.join("HEAD");
    let files = [head.clone()].into_iter();
    let files = files
        .chain(OWN.iter().map(|name| own.join(name)))
        .chain(COMMON.iter().map(|name| common.join(name)))
        .chain(TREE.iter().map(|name| top.join(name)));
    // What the attributes of a file are read from.
    let below = folder.ancestors().take_while(|above| *above != top);
    let mut files = files.chain(below.map(|folder| folder.join(".gitattributes")));
    files.find(|file| is_obstacle(file)).or_else(|| {
        let reference = text(&head)?;
        let reference = reference.strip_prefix("ref: ")?.trim();
        let branch = common.join(reference);
        is_obstacle(&branch).then_some(branch)
    })
}

/// Where a repository keeps what belongs to the work tree, and what to all.
fn places(top: &Path, dot: &Path) -> (PathBuf, PathBuf) {
    let led = || Some(top.join(text(dot)?.strip_prefix("gitdir:")?.trim()));
    let own = led().unwrap_or_else(|| dot.to_owned());
    let common = text(&own.join("commondir")).map(|to| own.join(to.trim()));
    (own.clone(), common.unwrap_or(own))
}

fn text(file: &Path) -> Option<String> {
    let bytes = read_regular(file, SHORT).ok()?;
    String::from_utf8(bytes).ok()
}

fn is_obstacle(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|it| !it.is_file() && !it.is_dir())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use super::obstacle;

    fn pipe(at: &Path) {
        let made = Command::new("mkfifo").arg(at).status();
        assert!(made.expect("mkfifo runs").success());
    }

    #[test]
    fn finds_what_git_would_wait_for() {
        for name in [
            ".git/HEAD",
            ".git/config",
            ".git/packed-refs",
            ".git/objects/info/alternates",
            ".git/refs/heads/main",
            ".git/shallow",
            ".gitattributes",
            "docs/.gitattributes",
            ".mailmap",
            ".git-blame-ignore-revs",
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let top = folder.path();
            for folder in [".git/objects/info", ".git/refs/heads", "docs/a"] {
                fs::create_dir_all(top.join(folder)).expect("a folder");
            }
            fs::write(top.join(".git/HEAD"), "ref: refs/heads/main\n").expect("written");
            assert_eq!(obstacle(top, &top.join("docs/a")), None);
            let path = top.join(name);
            let _ = fs::remove_file(&path);
            pipe(&path);
            assert_eq!(obstacle(top, &top.join("docs/a")), Some(path), "{name}");
        }
    }

    #[test]
    fn a_work_tree_of_its_own_leads_to_what_it_shares() {
        let folder = tempfile::tempdir().expect("a folder");
        let main = folder.path().join("main/.git");
        let own = main.join("worktrees/tree");
        let top = folder.path().join("tree");
        fs::create_dir_all(&own).expect("a folder");
        fs::create_dir_all(&top).expect("a folder");
        fs::write(own.join("commondir"), "../..\n").expect("written");
        let led = format!("gitdir: {}\n", own.display());
        fs::write(top.join(".git"), led).expect("written");
        assert_eq!(obstacle(&top, &top), None);
        pipe(&main.join("packed-refs"));
        let found = obstacle(&top, &top).expect("it is found");
        let found = found.canonicalize().expect("it is there");
        let expected = main.join("packed-refs").canonicalize();
        assert_eq!(found, expected.expect("it is there"));
        fs::remove_file(top.join(".git")).expect("removed");
        pipe(&top.join(".git"));
        assert_eq!(obstacle(&top, &top), Some(top.join(".git")));
    }
}
