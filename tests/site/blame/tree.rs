//! A site as it was committed, made without a checkout.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use proofroom::files::{Archives, Disk, Kind, SourcePath, System};
use proofroom::git::{Failure, Tree};
use proofroom::site::{Database, Invocation, queries};

use super::*;
use crate::harness::everything::{differing, everything};

fn call() -> Invocation {
    Invocation {
        folder_name: "example".to_owned(),
        drafts: true,
        ..Invocation::default()
    }
}

/// All paths below a folder that a walk through listings comes to.
pub(crate) fn walk(
    system: &dyn System,
    folder: &SourcePath,
    found: &mut BTreeMap<SourcePath, Kind>,
) {
    for (name, kind) in system.list(folder).expect("it can be listed") {
        let path = folder.join(&name);
        if path.as_str() == ".git" {
            continue;
        }
        found.insert(path.clone(), kind);
        if kind == Kind::Folder {
            walk(system, &path, found);
        }
    }
}

/// A repository with a project at its root, one in a folder, and all kinds of
/// names.
fn odd_repository() -> Site {
    let site = repository(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme: {name: material, custom_dir: overrides}\n\
             plugins: [search, tags]\nmarkdown_extensions: [admonition, pymdownx.snippets]\n",
        ),
        ("README.md", "# Home\n\n[a](shared/a.md) [gone](gone.md)\n"),
        (
            "shared/a.md",
            "---\ntags: [x]\n---\n# A\n\n--8<-- \"part.txt\"\n",
        ),
        ("shared/deep/b.md", "# B\n\n![i](../../img.svg)\n"),
        ("part.txt", "a snippet\n"),
        ("docs/sub/übung é.md", "# Übung\n"),
        ("docs/img.svg", "<svg/>"),
        ("docs/empty.txt", ""),
        ("overrides/main.html", "{% extends \"base.html\" %}"),
        (".env", "SECRET=1\n"),
        (
            "projects/one/mkdocs.yml",
            "site_name: One\ndocs_dir: ../../docs\n",
        ),
    ]);
    let mut large = vec![b'x'; 3 << 20];
    large[1 << 20] = b'\n';
    site.write("docs/large.bin", &large);
    for (target, link) in [
        ("../README.md", "docs/index.md"),
        ("../shared", "docs/shared"),
        ("shared/deep/b.md", "docs/twice.md"),
        ("..", "docs/sub/up"),
        ("../docs/sub", "shared/back"),
        ("../gone.md", "docs/.lost.md"),
        ("../.env", "docs/env.txt"),
        ("/etc/hostname", "docs/absolute.txt"),
        ("../../elsewhere.md", "docs/out.md"),
        ("round.md", "docs/.round.md"),
        (".round.md", "docs/round.md"),
    ] {
        symlink(target, site.path(link)).expect("a link");
    }
    let odd = std::ffi::OsStr::from_bytes(b"docs/.\xff.md");
    fs::write(site.path("").join(odd), "# Odd\n").expect("written");
    let inner = site.path("docs/module");
    fs::create_dir_all(&inner).expect("a folder");
    fs::write(inner.join("m.md"), "# M\n").expect("written");
    git(&inner, &["init", "--quiet"]);
    commit(&inner, 0, "Inner");
    commit(&site.path(""), 1, "All");
    site
}

/// Where links lead, but for those that leave for somewhere else: how far that
/// is depends on where the project lies.
fn links_inside(system: &dyn System, path: &SourcePath) -> Vec<SourcePath> {
    let mut links = system.links(path);
    links.retain(|to| to.name() != "hostname");
    links
}

/// A commit and a clone in which it is checked out, beside a work tree that is
/// another by now, as are its index and its branch.
struct Committed {
    site: Site,
    name: String,
    clones: tempfile::TempDir,
    clone: PathBuf,
}

impl Committed {
    fn new() -> Self {
        let site = odd_repository();
        let name = git(&site.path(""), &["rev-parse", "HEAD"]);
        let clones = tempfile::tempdir().expect("a folder");
        let clone = clones.path().join("clone");
        let from = site.path("");
        let from = from.to_str().expect("UTF-8");
        let to = clone.to_str().expect("UTF-8");
        git(
            &site.path(""),
            &["clone", "--quiet", "--no-hardlinks", from, to],
        );
        // What a link leads to outside is not known of a commit.
        fs::write(clones.path().join("elsewhere.md"), "# Out\n").expect("written");
        // The work tree is another by now, and so are the index and the branch.
        site.write("docs/new.md", "# New\n");
        site.write("README.md", "# Changed\n");
        fs::remove_file(site.path("docs/index.md")).expect("removed");
        fs::remove_dir_all(site.path("overrides")).expect("removed");
        commit(&site.path(""), 2, "Later");
        site.write("part.txt", "staged\n");
        git(&site.path(""), &["add", "part.txt"]);
        site.write("part.txt", "not staged\n");
        Self {
            site,
            name,
            clones,
            clone,
        }
    }

    /// A project as it was committed, and as it is checked out.
    fn project(&self, project: &str) -> (Arc<Tree>, Arc<Disk>) {
        let tree = Tree::new(&self.site.path(project), &self.name).expect("a commit");
        let disk = Disk::new(&self.clone.join(project)).expect("a project");
        (Arc::new(tree), Arc::new(disk))
    }

    /// The index and the status of the work tree.
    fn work_tree(&self) -> (Vec<u8>, String) {
        let folder = self.site.path("");
        let index = fs::read(self.site.path(".git/index")).expect("an index");
        let status = ["--no-optional-locks", "status", "--porcelain"];
        (index, git(&folder, &status))
    }
}

/// The projects of the repository, and where the docs of each are.
const PROJECTS: [(&str, &str); 2] = [("", ""), ("projects/one", "../../docs")];

/// Links, what they lead to, and what is not there.
const LINKS: [&str; 15] = [
    "docs/index.md",
    "docs/shared/deep/b.md",
    "docs/twice.md",
    "docs/sub/up",
    "docs/sub/up/sub",
    "shared/back",
    "docs/.lost.md",
    "docs/env.txt",
    "docs/absolute.txt",
    "docs/out.md",
    "docs/round.md",
    "docs/gone.md",
    "../out.md",
    ".env",
    "docs/index.md/x",
];

/// Everything that a system says of a path.
pub(crate) fn said(
    system: &dyn System,
    path: &SourcePath,
) -> impl PartialEq + std::fmt::Debug + use<> {
    let opened = system.open(path).ok().map(|it| (it.size(), it.mark().ok()));
    (
        system.kind(path).expect("it can be looked at"),
        system.read(path).ok(),
        // The time of a large file on disk is its own.
        opened.filter(|(size, _)| *size <= 1 << 20),
        system
            .read(path)
            .ok()
            .and(system.stamp(path))
            .map(|it| it.0),
        links_inside(system, path),
        system.links_in(path),
        system.real(path),
        system.fault(path),
    )
}

#[test]
fn a_commit_is_read_as_its_checkout() {
    let repository = Committed::new();
    for (project, docs) in PROJECTS {
        let (tree, disk) = repository.project(project);
        let docs = SourcePath::new(docs);
        let (mut committed, mut checked_out) = (BTreeMap::new(), BTreeMap::new());
        walk(&*tree, &docs, &mut committed);
        walk(&*disk, &docs, &mut checked_out);
        // A checkout makes an empty folder of a submodule.
        checked_out.retain(|path, _| path.name() != "module");
        assert_eq!(committed, checked_out);
        assert!(committed.len() > 5, "{committed:?}");
        let links = LINKS.map(|path| docs.join(format!("../{path}")));
        for path in committed.keys().chain(&links) {
            assert_eq!(said(&*tree, path), said(&*disk, path), "{path}");
            let copy = repository.clones.path().join("copy");
            if tree.copy(path, &copy).is_ok() {
                assert_eq!(fs::read(&copy).ok(), disk.read(path).ok(), "{path}");
            } else {
                assert!(disk.read(path).is_err(), "{path}");
            }
        }
    }
}

#[test]
fn a_site_of_a_commit_is_that_of_its_checkout() {
    let repository = Committed::new();
    for (project, _) in PROJECTS {
        let (tree, disk) = repository.project(project);
        let site_of = |system: Arc<dyn System>| {
            let system = Arc::new(Archives::new(system));
            everything(&Database::new(system, call(), None), queries::produce)
        };
        let (committed, checked_out) = (site_of(tree), site_of(disk));
        assert_eq!(differing(&committed, &checked_out), [""; 0]);
        assert_eq!(committed.1, checked_out.1);
        if project.is_empty() {
            for page in ["index.html", "shared/deep/b/index.html", "large.bin"] {
                assert!(committed.0.contains_key(page), "{page}");
            }
        }
    }
}

#[test]
fn a_commit_is_read_without_a_change_of_the_work_tree() {
    let repository = Committed::new();
    let before = repository.work_tree();
    for (project, docs) in PROJECTS {
        let (tree, _) = repository.project(project);
        assert_eq!(tree.commit(), repository.name);
        let mut committed = BTreeMap::new();
        walk(&*tree, &SourcePath::new(docs), &mut committed);
        for path in committed.keys() {
            // Folders among them cannot be read.
            drop(tree.read(path));
        }
    }
    assert_eq!(repository.work_tree(), before);
}

#[test]
fn large_files_are_not_held_and_keep_their_mark() {
    let site = odd_repository();
    let marks = [(), ()].map(|()| {
        let tree = Tree::new(&site.path(""), "HEAD").expect("a commit");
        let opened = tree.open(&"docs/large.bin".into()).expect("it is there");
        let proofroom::files::FileContent::DiskFile(file) = &opened else {
            panic!("it is held");
        };
        let end = file.piece((3 << 20) - 5, 3 << 20).expect("it can be read");
        assert_eq!(end, b"xxxxx");
        opened.mark().expect("it can be read")
    });
    assert_eq!(marks[0], marks[1]);
    assert_eq!(marks[0].0, 3 << 20);
}

#[test]
fn submodules_are_absent_and_named() {
    let site = odd_repository();
    let tree = Tree::new(&site.path(""), "HEAD").expect("a commit");
    let module = SourcePath::new("docs/module");
    let submodules = tree.submodules().expect("git says");
    assert_eq!(submodules, std::slice::from_ref(&module));
    assert_eq!(tree.kind(&module).expect("it can be looked at"), None);
    assert_eq!(tree.list(&module).expect("it can be listed"), []);
    let below = module.join("m.md");
    assert!(tree.read(&below).is_err());
    let fault = tree.fault(&below).expect("it is named");
    assert!(fault.contains("submodule"), "{fault}");
    assert_eq!(tree.fault(&"docs/gone.md".into()), None);
    let elsewhere = Tree::new(&site.path("projects/one"), "HEAD").expect("a commit");
    assert_eq!(elsewhere.submodules().expect("git says"), []);
}

#[test]
fn a_revision_that_is_not_a_commit_is_reported() {
    let site = odd_repository();
    for revision in ["nowhere", "HEAD:docs", "--all", ""] {
        let failure = Tree::new(&site.path(""), revision).err();
        assert!(
            matches!(failure, Some(Failure::Said(_))),
            "{revision}: {failure:?}"
        );
    }
    let outside = tempfile::tempdir().expect("a folder");
    let failure = Tree::new(outside.path(), "HEAD").err();
    assert!(matches!(failure, Some(Failure::Said(_))), "{failure:?}");
    // What git would wait for is not asked.
    let index = site.path(".git/index");
    fs::remove_file(&index).expect("removed");
    let made = Command::new("mkfifo").arg(&index).status();
    assert!(made.is_ok_and(|it| it.success()));
    let failure = Tree::new(&site.path(""), "HEAD").err();
    assert!(matches!(failure, Some(Failure::Stopped(_))), "{failure:?}");
}
