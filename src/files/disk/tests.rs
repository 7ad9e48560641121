use std::fs;
use std::os::unix::fs::symlink;

use super::Disk;
use crate::files::links::LinkTree as _;
use crate::files::{Kind, LinkStatus, SourcePath, System as _, is_absence};
use crate::work::steps_of;

#[test]
fn links_are_followed_inside_the_project_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("project");
    for path in ["docs/sub", "shared/deep", "../secret", "../project-secret"] {
        fs::create_dir_all(root.join(path)).expect("a folder");
    }
    for path in [
        "README.md",
        "shared/deep/a.md",
        "../secret/x.md",
        "../project-secret/y.md",
    ] {
        fs::write(root.join(path), path).expect("written");
    }
    for (target, link) in [
        ("../README.md", "docs/index.md"),
        ("../shared", "docs/shared"),
        ("shared/deep/a.md", "docs/twice.md"),
        ("../../secret/x.md", "docs/secret.md"),
        ("../../project-secret", "docs/sibling"),
        ("/etc/hostname", "docs/absolute.txt"),
        ("../missing.md", "docs/missing.md"),
        ("..", "docs/sub/up"),
        ("../docs/sub", "shared/back"),
    ] {
        symlink(target, root.join(link)).expect("a link");
    }
    symlink(root.join("shared/back"), root.join("docs/sub/round")).expect("a link");
    let disk = Disk::new(&root).expect("a project");
    let path = |path: &str| SourcePath::new(path);
    let through = |of: &str| {
        let through = disk.links(&path(of));
        through.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (of, kind, led) in [
        ("README.md", Some(Kind::File), &[][..]),
        ("docs/index.md", Some(Kind::File), &["README.md"]),
        (
            "docs/shared/deep/a.md",
            Some(Kind::File),
            &["shared/deep/a.md"],
        ),
        (
            "docs/twice.md",
            None,
            &["docs/shared/deep/a.md", "shared/deep/a.md"],
        ),
        ("docs/missing.md", None, &["missing.md"]),
        ("docs/secret.md", None, &[]),
        ("docs/sibling/y.md", None, &[]),
        ("docs/sub/up", None, &["docs"]),
        ("docs/sub/round", None, &["shared/back", "docs/sub"]),
    ] {
        assert_eq!(
            disk.kind(&path(of)).expect("readable"),
            if of == "docs/twice.md" {
                Some(Kind::File)
            } else {
                kind
            },
            "{of}"
        );
        assert_eq!(through(of), led, "{of}");
    }
    assert!(disk.read(&path("docs/secret.md")).is_err());
    assert!(disk.read(&path("docs/absolute.txt")).is_err());
    let links = disk.links_in(&path("docs"));
    let refused: Vec<_> = links
        .iter()
        .filter(|link| link.way == LinkStatus::Refused)
        .collect();
    let refused: Vec<_> = refused.iter().map(|link| link.name.as_str()).collect();
    assert_eq!(refused, ["absolute.txt", "secret.md", "sibling"]);
    // Named by the configuration: below that folder everything may be read.
    assert!(disk.read(&path("../secret/x.md")).is_ok());
    symlink("../project/README.md", root.join("../secret/in.md")).expect("a link");
    symlink("../project-secret/y.md", root.join("../secret/out.md")).expect("a link");
    assert!(disk.read(&path("../secret/in.md")).is_ok());
    assert!(disk.read(&path("../secret/out.md")).is_err());
}

/// The system's own answer to each way, links within and across each other.
#[test]
fn a_way_ends_where_the_system_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new(folder.path()).expect("a project");
    let root = disk.root().to_owned();
    fs::create_dir_all(root.join("a/b/c")).expect("a folder");
    fs::write(root.join("a/b/c/x.md"), "x").expect("written");
    for (target, link) in [
        ("a", "one"),
        ("one/b", "two"),
        ("../../two/c", "a/b/up"),
        ("./../b/./c/../c", "a/dots"),
        ("round", "round"),
        ("gone/../a", "never"),
        ("x.md/../x.md", "a/b/c/file"),
    ] {
        symlink(target, root.join(link)).expect("a link");
    }
    symlink(root.join("a/b"), root.join("absolute")).expect("a link");
    let mut last = "a".to_owned();
    for nth in 0..45 {
        symlink(&last, root.join(format!("chain{nth}"))).expect("a link");
        last = format!("chain{nth}");
    }
    for path in [
        "a/b/c/x.md",
        "one/b/c/x.md",
        "two/c/x.md",
        "a/b/up/x.md",
        "one/b/up/x.md",
        "a/dots/x.md",
        "one/dots",
        "absolute/c",
        "absolute/up/x.md",
        "round",
        "round/x",
        "never/b",
        "a/b/c/file",
        "gone",
        "one/gone/c",
        "chain38/b",
        "chain44/b",
    ] {
        let absolute = root.join(path);
        let system = fs::canonicalize(&absolute).map_err(|error| is_absence(&error));
        let ours = disk
            .canonical(&absolute)
            .map_err(|error| is_absence(&error));
        assert_eq!(ours, system, "{path}");
    }
}

#[test]
fn deep_folders_do_not_cost_more_calls() {
    let calls = |depth: usize| {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Disk::new(folder.path()).expect("a project");
        let deep = vec!["d"; depth].join("/");
        fs::create_dir_all(disk.root().join("docs").join(&deep)).expect("folders");
        symlink("docs", disk.root().join("linked")).expect("a link");
        ["docs", "linked"].map(|docs| {
            let path = SourcePath::new(format!("{docs}/{deep}"));
            steps_of(|| {
                let kind = disk.kind(&path).expect("readable");
                assert_eq!(kind, Some(Kind::Folder));
                let missing = path.join("gone.md");
                assert_eq!(disk.links(&missing).len(), usize::from(docs == "linked"));
            })
        })
    };
    let [few, more] = [calls(200), calls(800)];
    assert!(few[0] <= 2 && few[0] == more[0], "{few:?} {more:?}");
    // Two more halvings each time that a link is looked for.
    assert!(more[1] <= few[1] + 8, "{few:?} {more:?}");
}
