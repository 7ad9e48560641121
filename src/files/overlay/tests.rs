use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use super::Overlay;
use crate::files::{Archives, Disk, Kind, Memory, SourcePath, System};

/// Links to what is there, to what only a text makes, out of the project, to
/// what is hidden, and round in circles.
const LINKS: [(&str, &str); 12] = [
    ("../README.md", "docs/index.md"),
    ("../shared", "docs/shared"),
    ("shared/deep/a.md", "docs/twice.md"),
    ("../made.md", "docs/made.md"),
    ("../makes", "docs/makes"),
    ("makes/later.md", "docs/through.md"),
    ("../.env", "docs/env.txt"),
    ("/etc/hostname", "docs/absolute.txt"),
    ("../../elsewhere.md", "docs/out.md"),
    ("..", "docs/sub/up"),
    ("round.md", "docs/round.md"),
    ("../docs/sub", "shared/back"),
];

const FILES: [&str; 6] = [
    "README.md",
    "shared/deep/a.md",
    "docs/b.md",
    "docs/sub/c.md",
    "docs/sub/deep/d.md",
    "extra/e.md",
];

/// What texts are put where, by the path that whoever types sees.
const TYPED: [&[&str]; 12] = [
    &[],
    &["docs/b.md"],
    &["docs/index.md"],
    &["README.md", "docs/new.md"],
    &["docs/shared/deep/a.md", "docs/twice.md"],
    &["docs/shared/new/x.md"],
    &["docs/made.md"],
    &["made.md", "docs/makes/later.md"],
    &["makes/later.md"],
    &[".env"],
    &["docs/out.md", "docs/absolute.txt"],
    &["docs/far/away/y.md", "docs/sub/c.md"],
];

fn project(folder: &Path) -> Disk {
    let root = folder.join("project");
    for path in FILES {
        write(&root.join(path), path);
    }
    for (target, link) in LINKS {
        symlink(target, root.join(link)).expect("a link");
    }
    Disk::new(&root).expect("a project")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

/// What a system says of a path.
fn said(system: &dyn System, path: &SourcePath) -> String {
    let opened = system.open(path).ok();
    let opened = opened.map(|it| (it.size(), it.mark().expect("it can be read")));
    let is_file = matches!(system.kind(path), Ok(Some(Kind::File)));
    let size = if is_file {
        system.stamp(path).map(|it| it.0)
    } else {
        None
    };
    format!(
        "{:?} {:?} {opened:?} {size:?} {:?} {:?} {:?} {:?} {:?}",
        system.kind(path),
        system.read(path).ok(),
        system.list(path),
        system.links(path),
        system.links_in(path),
        system.real(path),
        system.fault(path),
    )
}

/// All paths worth a look: those that are there, those that links lead to and
/// over, and all above.
fn paths() -> Vec<SourcePath> {
    let links = LINKS.iter().map(|(_, link)| *link);
    let typed = TYPED.iter().flat_map(|typed| typed.iter().copied());
    let more = [
        "docs/shared/new",
        "docs/makes/later.md/x",
        "docs/sub/up/b.md",
        "docs/shared/back/c.md",
        "docs/nowhere.md",
        "shared/new/x.md",
        "../elsewhere.md",
    ];
    let all = FILES.into_iter().chain(links).chain(typed).chain(more);
    let mut all: Vec<SourcePath> = all
        .flat_map(|path| std::iter::successors(Some(SourcePath::new(path)), SourcePath::parent))
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn it_says_what_a_disk_with_its_texts_says() {
    for typed in TYPED {
        let (before, after) = (tempfile::tempdir(), tempfile::tempdir());
        let (before, after) = (before.expect("a folder"), after.expect("a folder"));
        let (below, saved) = (project(before.path()), project(after.path()));
        let overlay = Overlay::new(Arc::new(below.clone()));
        for path in typed {
            let path = SourcePath::new(path);
            let changed = overlay.set(&path, format!("new {path}"));
            let refused = saved.real(&path).is_none();
            assert_eq!(changed.is_empty(), refused, "{path}");
            if let Some(real) = saved.real(&path) {
                write(&saved.absolute(&real), &format!("new {path}"));
            }
        }
        for path in paths() {
            assert_eq!(
                said(&overlay, &path),
                said(&saved, &path),
                "{path}: {typed:?}"
            );
        }
        let copy = before.path().join("copy");
        for path in paths() {
            let copied = overlay
                .copy(&path, &copy)
                .ok()
                .map(|()| fs::read(&copy).expect("a copy"));
            assert_eq!(copied, saved.read(&path).ok(), "{path}: {typed:?}");
        }
        for path in typed {
            let _ = overlay.clear(&SourcePath::new(path));
        }
        assert_eq!(overlay.paths(), []);
        for path in paths() {
            assert_eq!(
                said(&overlay, &path),
                said(&below, &path),
                "{path}: {typed:?}"
            );
        }
    }
}

#[test]
fn who_put_a_text_hears_what_is_another_now() {
    let overlay = Overlay::new(Arc::new(Memory::new([("a.md", "a"), ("sub/b.md", "b")])));
    let path = |path: &str| SourcePath::new(path);
    assert_eq!(overlay.set(&path("a.md"), "1"), [path("a.md")]);
    let one = overlay.stamp(&path("a.md"));
    assert_eq!(overlay.set(&path("a.md"), "2"), [path("a.md")]);
    assert_ne!(overlay.stamp(&path("a.md")), one);
    assert_eq!(overlay.clear(&path("a.md")), Some(path("a.md")));
    assert_eq!(overlay.clear(&path("a.md")), None);
    assert_eq!(overlay.read(&path("a.md")).expect("it is there"), b"a");
    // What cannot be there together is not.
    assert_eq!(overlay.set(&path("sub"), "x"), [path("sub")]);
    assert_eq!(overlay.kind(&path("sub/b.md")).expect("seen"), None);
    assert_eq!(
        overlay.set(&path("sub/b.md"), "y"),
        [path("sub"), path("sub/b.md")]
    );
    assert_eq!(overlay.set(&path("sub/b.md/c.md"), "z").len(), 2);
    assert_eq!(overlay.paths(), [path("sub/b.md/c.md")]);
    assert_eq!(
        overlay.list(&path("sub/b.md")).expect("listed"),
        [("c.md".to_owned(), Kind::File)]
    );
    assert_eq!(
        overlay.kind(&path("sub/b.md")).expect("seen"),
        Some(Kind::Folder)
    );
}

#[test]
fn clones_share_their_texts_and_archives_see_them() {
    let overlay = Overlay::new(Arc::new(Memory::new([("x.whl", "no archive")])));
    let archives = Archives::new(Arc::new(overlay.clone()));
    let below = SourcePath::new("x.whl/a");
    let fault = archives.fault(&below);
    assert!(fault.is_some());
    let changed = overlay.set(&"x.whl".into(), "still none");
    assert_eq!(changed, ["x.whl".into()]);
    let read = archives.read(&"x.whl".into()).expect("it is there");
    assert_eq!(read, b"still none");
    assert!(archives.fault(&below).is_some());
}
