//! Which symbolic links are followed in a repository.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{Disk, Kind, LinkStatus, SourcePath, System as _};

fn write(root: &Path, path: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(&path, path.to_string_lossy().as_bytes()).expect("written");
}

#[cfg(target_os = "linux")]
fn make_pipe(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
}

/// A repository with a project in `site/`, whose `docs/` contain these links.
fn repository(links: &[(&str, &str)]) -> (tempfile::TempDir, Disk) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("repo");
    for path in [
        ".git/HEAD",
        ".git/config",
        ".env",
        "spec/spec.md",
        "spec/.hidden/x.md",
        "spec/.env",
        "spec/local.md",
        "build/api/a.md",
        "site/docs/index.md",
        "site/docs/.well-known/x.txt",
        "site/build/b.md",
        "site/.venv/lib/theme.html",
        "../outside/o.md",
        "../outside/.secret",
        "../outside/build/o.md",
    ] {
        write(&root, path);
    }
    fs::write(root.join(".gitignore"), "build/\n.venv\nlocal.*\n").expect("written");
    for (target, link) in links {
        symlink(target, root.join("site").join(link)).expect("a link");
    }
    let disk = Disk::new(&root.join("site")).expect("a project");
    (folder, disk)
}

const LINKS: [(&str, &str); 20] = [
    ("../../spec/spec.md", "docs/spec.md"),
    ("../../spec", "docs/spec"),
    ("spec/spec.md", "docs/twice.md"),
    ("../../.env", "docs/env.md"),
    ("../../spec/.env", "docs/env2.md"),
    ("../../.git/config", "docs/git.md"),
    ("../../.git", "docs/data"),
    ("../../spec/.hidden/x.md", "docs/hidden.md"),
    ("../../spec/local.md", "docs/local.md"),
    ("../../build/api", "docs/api"),
    ("../build/b.md", "docs/b.md"),
    ("../../../outside/o.md", "docs/out.md"),
    ("../../../outside", "docs/outside"),
    ("../..", "docs/up"),
    ("../../site/docs", "docs/round"),
    ("lib", ".venv/lib64"),
    ("../../../.env", "docs/.well-known/env.txt"),
    ("x.txt", "docs/.well-known/y.txt"),
    ("../link", "docs/over.md"),
    ("../.env", "link"),
];

#[test]
fn links_within_a_repository_lead_to_what_is_meant_to_be_seen() {
    let (_folder, disk) = repository(&LINKS);
    for (path, kind) in [
        ("docs/spec.md", Some(Kind::File)),
        ("docs/spec", Some(Kind::Folder)),
        ("docs/spec/spec.md", Some(Kind::File)),
        ("docs/twice.md", Some(Kind::File)),
        ("docs/env.md", None),
        ("docs/env2.md", None),
        ("docs/git.md", None),
        ("docs/data", None),
        ("docs/data/config", None),
        ("docs/hidden.md", None),
        ("docs/local.md", None),
        // Below a link that is followed.
        ("docs/spec/local.md", None),
        ("docs/up/.git/config", None),
        ("docs/up/build/api/a.md", None),
        ("docs/api", None),
        ("docs/api/a.md", None),
        ("docs/b.md", None),
        ("docs/out.md", None),
        ("docs/outside/o.md", None),
        ("docs/up", None),
        ("docs/round", None),
        // What is ignored or hidden may lead to what is, in the same folder.
        (".venv/lib64/theme.html", Some(Kind::File)),
        ("docs/.well-known/y.txt", Some(Kind::File)),
        ("docs/.well-known/env.txt", None),
        ("docs/over.md", None),
    ] {
        assert_eq!(disk.kind(&SourcePath::new(path)).ok(), Some(kind), "{path}");
        let is_read = disk.read(&SourcePath::new(path)).is_ok();
        assert_eq!(is_read, kind == Some(Kind::File), "{path}");
        let real = disk.real(&SourcePath::new(path));
        assert_eq!(real.is_some(), kind.is_some(), "{path}");
    }
    let links = disk.links_in(&SourcePath::new("docs"));
    let followed = links.iter().filter(|it| it.way == LinkStatus::Followed);
    let followed: Vec<_> = followed.map(|it| it.name.as_str()).collect();
    assert_eq!(followed, ["spec", "spec.md", "twice.md"]);
    let through: Vec<_> = links.iter().filter(|it| it.name == "spec.md").collect();
    assert_eq!(through[0].through, ["../spec/spec.md".into()]);
    let rules = disk.link_rules(&SourcePath::new("docs/spec.md"));
    let rules: Vec<_> = rules.iter().map(SourcePath::as_str).collect();
    let expected = [
        "../.git/info/exclude",
        "../.gitignore",
        "../spec/.gitignore",
    ];
    assert_eq!(rules, expected);
    assert_eq!(disk.link_rules(&"docs/index.md".into()), []);
}

#[test]
fn configured_folders_may_be_linked_to_wherever_they_are() {
    let (_folder, disk) = repository(&LINKS);
    let folders = ["../../outside".into(), "../build/api".into()];
    assert!(disk.set_linked_dirs(&folders));
    assert!(!disk.set_linked_dirs(&folders));
    for (path, kind) in [
        ("docs/out.md", Some(Kind::File)),
        ("docs/outside", Some(Kind::Folder)),
        ("docs/outside/build/o.md", Some(Kind::File)),
        ("docs/api/a.md", Some(Kind::File)),
        ("docs/b.md", None),
        ("docs/env.md", None),
        ("docs/git.md", None),
    ] {
        assert_eq!(disk.kind(&SourcePath::new(path)).ok(), Some(kind), "{path}");
    }
    assert!(disk.set_linked_dirs(&[]));
    assert_eq!(disk.kind(&"docs/out.md".into()).ok(), Some(None));
}

#[test]
fn patterns_decide_at_once_what_links_lead_to() {
    let (folder, disk) = repository(&LINKS);
    let path = SourcePath::new("docs/spec.md");
    assert!(disk.read(&path).is_ok());
    let ignores = folder.path().join("repo/spec/.gitignore");
    fs::write(&ignores, "*.md\n").expect("written");
    assert!(disk.read(&path).is_err());
    fs::remove_file(&ignores).expect("removed");
    assert!(disk.read(&path).is_ok());
}

#[test]
fn pages_may_show_what_is_meant_to_be_seen_in_the_repository() {
    let (_folder, disk) = repository(&[("../../../outside/o.md", "docs/out.md")]);
    let is_shared = |path: &str| disk.is_shared(&SourcePath::new(path));
    for (path, expected) in [
        ("docs/index.md", true),
        ("../spec/spec.md", true),
        ("../spec", true),
        ("../spec/.env", false),
        ("../spec/.hidden/x.md", false),
        ("../spec/local.md", false),
        ("../.git/config", false),
        ("../build/api/a.md", false),
        ("../../outside/o.md", false),
        ("../missing.md", false),
    ] {
        assert_eq!(is_shared(path), expected, "{path}");
    }
    let rules = disk.link_rules(&"../spec/spec.md".into());
    assert_eq!(rules.len(), 3, "{rules:?}");
    disk.set_linked_dirs(&["../../outside".into(), "../build/api".into()]);
    for (path, expected) in [
        ("../../outside/o.md", true),
        ("../../outside/.secret", false),
        ("../build/api/a.md", true),
        ("../build/b.md", false),
    ] {
        assert_eq!(is_shared(path), expected, "{path}");
    }
}

/// The answers of a disk that asks the system about each path.
#[test]
#[cfg(target_os = "linux")]
fn what_is_remembered_is_what_the_system_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("project");
    for path in ["docs/sub", "docs/Empty", "../beside"] {
        fs::create_dir_all(root.join(path)).expect("a folder");
    }
    for path in ["docs/a.md", "docs/sub/b.md", "../beside/c.md", "mkdocs.yml"] {
        fs::write(root.join(path), path).expect("written");
    }
    let pipe = root.join("docs/pipe");
    make_pipe(&pipe);
    for (target, link) in [
        ("a.md", "docs/link.md"),
        ("sub", "docs/linked"),
        ("../../beside", "docs/out"),
        ("gone", "docs/broken"),
    ] {
        symlink(target, root.join(link)).expect("a link");
    }
    let asking = Disk::new(&root).expect("a project");
    let remembering = Disk::new(&root).expect("a project");
    remembering.remember_folders();
    for path in [
        "",
        "docs",
        "docs/a.md",
        "docs/A.md",
        "docs/a.md/x",
        "docs/gone.md",
        "docs/gone/x.md",
        "docs/Empty",
        "docs/sub/b.md",
        "docs/link.md",
        "docs/linked",
        "docs/linked/b.md",
        "docs/linked/gone.md",
        "docs/out/c.md",
        "docs/broken",
        "docs/pipe",
        "../beside/c.md",
        "../beside/gone.md",
        "mkdocs.yml",
    ] {
        let path = SourcePath::new(path);
        for _ in 0..2 {
            let kind = remembering.kind(&path).expect("readable");
            assert_eq!(kind, asking.kind(&path).expect("readable"), "{path}");
            assert_eq!(remembering.links(&path), asking.links(&path), "{path}");
        }
    }
    // What is seen once stays so, until a later command looks.
    fs::write(root.join("docs/late.md"), "late").expect("written");
    let late = SourcePath::new("docs/late.md");
    assert_eq!(remembering.kind(&late).expect("readable"), None);
    assert!(remembering.clone().kind(&late).expect("readable").is_none());
    assert!(asking.kind(&late).expect("readable").is_some());
}
