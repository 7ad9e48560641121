//! Finds what would make git wait for ever: it opens any file of the right name,
//! even a pipe that nobody writes to.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files::read_regular;

/// Files that git opens in the folder that all work trees share.
const COMMON: [&str; 7] = [
    "config",
    "info/attributes",
    "info/grafts",
    "objects/info/alternates",
    "packed-refs",
    "reftable/tables.list",
    "shallow",
];

/// Files that git opens in the folder of a single work tree.
const OWN: [&str; 4] = ["HEAD", "commondir", "config.worktree", "index"];

/// Files that git opens in the work tree itself.
const TREE: [&str; 3] = [".git-blame-ignore-revs", ".gitattributes", ".mailmap"];

/// The longest of the short files that are read here, in bytes.
pub(super) const SHORT: u64 = 64 << 10;

/// The nearest folder, at or above `folder`, that looks like a work tree's root.
pub(super) fn candidate(folder: &Path) -> Option<PathBuf> {
    let root = folder.ancestors().find(|it| it.join(".git").exists());
    root.map(Path::to_owned)
}

/// The first pipe, socket or device that git would open when asked about files
/// in `folder`, in the work tree at `top`. Folders do no harm.
pub(super) fn obstacle(top: &Path, folder: &Path) -> Option<PathBuf> {
    let dot = top.join(".git");
    if is_obstacle(&dot) {
        return Some(dot);
    }
    let (own, common) = git_folders(top, &dot);
    let head = own.join("HEAD");
    let files = OWN.iter().map(|name| own.join(name));
    let files = files
        .chain(COMMON.iter().map(|name| common.join(name)))
        .chain(TREE.iter().map(|name| top.join(name)));
    // Attributes are read from every folder down to the file.
    let below = folder.ancestors().take_while(|above| *above != top);
    let mut files = files.chain(below.map(|folder| folder.join(".gitattributes")));
    files.find(|file| is_obstacle(file)).or_else(|| {
        let reference = text(&head)?;
        let reference = reference.strip_prefix("ref: ")?.trim();
        let branch = common.join(reference);
        is_obstacle(&branch).then_some(branch)
    })
}

/// The folder with the files of this work tree, and the one that all share.
fn git_folders(top: &Path, dot: &Path) -> (PathBuf, PathBuf) {
    let linked = || Some(top.join(text(dot)?.strip_prefix("gitdir:")?.trim()));
    let own = linked().unwrap_or_else(|| dot.to_owned());
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
