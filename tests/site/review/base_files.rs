//! The files of the base, and those that git does not hold.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use proofroom::files::{Archives, Disk, FileContent, Kind, LfsPointer, SourcePath, System};
use proofroom::git::{BaseChange, BaseFiles};
use proofroom::site::{Database, Invocation, queries};

use super::*;
use crate::blame::tree::{said, walk};
use crate::harness::everything::{differing, everything};

fn base_of(folder: &Path, revision: &str) -> BaseFiles {
    BaseFiles::new(folder, revision).expect("a commit")
}

fn read(system: &dyn System, path: &str) -> Option<String> {
    let bytes = system.read(&SourcePath::new(path)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn names(system: &dyn System, folder: &str) -> Vec<String> {
    let listed = system
        .list(&SourcePath::new(folder))
        .expect("it can be listed");
    listed.into_iter().map(|(name, _)| name).collect()
}

/// The base of a branch that changed, added, moved and removed files, beside all kinds
/// of files that git ignores.
struct Branch {
    site: Site,
    base: String,
}

impl Branch {
    fn new() -> Self {
        let site = repository(&[
            (
                "mkdocs.yml",
                "site_name: Example\ntheme: {name: null, custom_dir: .venv/theme}\n\
                 markdown_extensions: [pymdownx.snippets]\n",
            ),
            (
                ".gitignore",
                "build/\n/.venv\ndocs/api/*.md\n*.gen.md\n!keep.gen.md\ndeep/**/x.txt\n",
            ),
            ("docs/index.md", "# Old\n\n--8<-- \"generated.gen.md\"\n"),
            ("docs/gone.md", "# Gone\n"),
            ("docs/folder/gone.md", "# Gone\n"),
            ("docs/keep.gen.md", "# Kept\n"),
            ("docs/build/tracked.md", "# Tracked\n"),
            ("docs/swapped/a.md", "# A\n"),
            ("docs/other", "a file\n"),
            ("docs/sub/.gitignore", "*.local\n!build/\n"),
            ("docs/sub/a.md", "# A\n"),
            ("spec/s.md", "# S\n"),
            (
                "projects/one/mkdocs.yml",
                "site_name: One\ndocs_dir: ../../docs\n",
            ),
        ]);
        let folder = site.path("");
        git(&folder, &["add", "--force", "docs/build/tracked.md"]);
        symlink("../spec/s.md", site.path("docs/s.md")).expect("a link");
        symlink("../.venv/theme", site.path("docs/theme")).expect("a link");
        symlink("gone.md", site.path("docs/to-gone.md")).expect("a link");
        let base = commit(&folder, 1, "Base");
        site.write("docs/index.md", "# New\n");
        fs::remove_file(site.path("docs/gone.md")).expect("removed");
        fs::remove_dir_all(site.path("docs/folder")).expect("removed");
        fs::remove_dir_all(site.path("docs/swapped")).expect("removed");
        symlink("../spec", site.path("docs/swapped")).expect("a link");
        fs::remove_file(site.path("docs/other")).expect("removed");
        site.write("docs/other/in.gen.md", "# In\n");
        site.write("docs/committed.md", "# Committed\n");
        commit(&folder, 2, "Change");
        // Not tracked, some of it ignored.
        for path in [
            "docs/new.md",
            "docs/new/a.md",
            "docs/new/b/c.gen.md",
            "docs/api/a.md",
            "docs/api/b.txt",
            "docs/api/deep/c.md",
            "docs/generated.gen.md",
            "docs/build/b.md",
            "docs/build/deep/c.md",
            "docs/sub/x.local",
            "docs/sub/build/y.md",
            "docs/deep/a/b/x.txt",
            "docs/deep/a/b/y.txt",
            "docs/late.gen.md",
            "build/out/index.html",
            ".venv/theme/main.html",
            ".venv/lib/l.txt",
        ] {
            site.write(path, format!("{path}\n"));
        }
        symlink("lib", site.path(".venv/lib64")).expect("a link");
        symlink("../../spec/s.md", site.path(".venv/theme/s.md")).expect("a link");
        symlink("../gone.md", site.path("docs/build/to-gone.md")).expect("a link");
        symlink("../new.md", site.path("docs/build/to-new.md")).expect("a link");
        git(&folder, &["add", "--force", "docs/late.gen.md"]);
        // A repository of its own, which git does not look into.
        let inner = site.path("docs/nested");
        fs::create_dir_all(inner.join("deep")).expect("a folder");
        fs::write(inner.join("n.gen.md"), "# N\n").expect("written");
        fs::write(inner.join("deep/n.gen.md"), "# N\n").expect("written");
        git(&inner, &["init", "--quiet"]);
        Self { site, base }
    }

    /// A checkout of the base, with the files that git says are ignored.
    fn checkout(&self, clones: &Clones) -> PathBuf {
        let folder = self.site.path("");
        let clone = clones.of(&folder, "base", &["--no-checkout"]);
        git(&clone, &["checkout", "--quiet", &self.base]);
        let flags = [
            "ls-files",
            "-z",
            "--others",
            "--ignored",
            "--exclude-standard",
        ];
        let ignored = git(&folder, &flags);
        let ignored = ignored.split('\0').filter(|path| !path.is_empty());
        for path in ignored.filter(|path| !path.ends_with('/')) {
            // It lies below a file of the base.
            if path.starts_with("docs/other/") {
                continue;
            }
            let to = clone.join(path);
            fs::create_dir_all(to.parent().expect("a folder")).expect("folders");
            match fs::read_link(folder.join(path)) {
                Ok(target) => symlink(target, to).expect("a link"),
                Err(_) => drop(fs::copy(folder.join(path), to).expect("copied")),
            }
        }
        clone
    }
}

const PROJECTS: [(&str, &str); 2] = [("", ""), ("projects/one", "../..")];

#[test]
fn the_base_is_its_checkout_with_what_git_ignores() {
    let branch = Branch::new();
    let clones = Clones::new();
    let clone = branch.checkout(&clones);
    for (project, root) in PROJECTS {
        let base = base_of(&branch.site.path(project), &branch.base);
        let disk = Disk::new(&clone.join(project)).expect("a project");
        let root = SourcePath::new(root);
        let (mut found, mut expected) = (BTreeMap::new(), BTreeMap::new());
        walk(&base, &root, &mut found);
        walk(&disk, &root, &mut expected);
        expected.retain(|path, _| !path.as_str().contains(".git/"));
        expected.remove(&root.join(".git"));
        assert_eq!(found, expected);
        assert!(found.len() > 30, "{found:?}");
        // What is there now, and what is missing.
        let missing = [
            "docs/new.md",
            "docs/new/a.md",
            "docs/other/in.gen.md",
            "docs/nested",
            "docs/nested/n.gen.md",
            "docs/nested/deep/n.gen.md",
            "docs/late.gen.md",
            "docs/committed.md",
            "docs/swapped/s.md",
            "docs/nowhere/a.md",
            ".venv/lib64/m.txt",
            ".venv/missing/m.txt",
            ".git/HEAD",
            "docs/nested/.git/HEAD",
            "docs/api/b.txt",
        ];
        for path in missing {
            let path = root.join(path);
            assert_eq!(
                base.kind(&path).expect("it can be looked at"),
                None,
                "{path}"
            );
            assert_eq!(base.list(&path).expect("it can be listed"), [], "{path}");
            assert!(base.read(&path).is_err(), "{path}");
        }
        for path in found.keys() {
            assert_eq!(said(&base, path), said(&disk, path), "{path}");
            let copy = clones.0.path().join("copy");
            if base.copy(path, &copy).is_ok() {
                assert_eq!(fs::read(&copy).ok(), disk.read(path).ok(), "{path}");
            } else {
                assert!(disk.read(path).is_err(), "{path}");
            }
        }
    }
}

#[test]
fn the_site_of_the_base_is_that_of_its_checkout() {
    let branch = Branch::new();
    let clones = Clones::new();
    let clone = branch.checkout(&clones);
    let site_of = |system: Arc<dyn System>| {
        let system = Arc::new(Archives::new(system));
        let call = Invocation {
            folder_name: "example".to_owned(),
            ..Invocation::default()
        };
        everything(&Database::new(system, call, None), queries::produce)
    };
    let base = Arc::new(base_of(&branch.site.path(""), &branch.base));
    let disk = Disk::new(&clone).expect("a project");
    let (found, expected) = (site_of(base.clone()), site_of(Arc::new(disk)));
    assert_eq!(differing(&found, &expected), [""; 0]);
    assert_eq!(found.1, expected.1);
    assert!(found.0.contains_key("gone/index.html") && found.0.contains_key("api/a/index.html"));
    let notes = base.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].ends_with(
            "files that git ignores are taken to be the same on both sides, such as \
             `.venv/theme/main.html`."
        ),
        "{notes:?}"
    );
    let from_disk = base.from_disk();
    assert!(from_disk.contains(&SourcePath::new("docs/generated.gen.md")));
    assert!(!from_disk.contains(&SourcePath::new("docs/index.md")));
}

#[test]
fn what_is_ignored_follows_the_disk() {
    let branch = Branch::new();
    let base = base_of(&branch.site.path(""), &branch.base);
    let site = &branch.site;
    assert_eq!(
        read(&base, "docs/api/a.md").as_deref(),
        Some("docs/api/a.md\n")
    );
    site.write("docs/api/a.md", "again\n");
    assert_eq!(read(&base, "docs/api/a.md").as_deref(), Some("again\n"));
    site.write("docs/api/z.md", "new\n");
    assert_eq!(names(&base, "docs/api"), ["a.md", "z.md"]);
    // Tracked by now, so it is new.
    git(&site.path(""), &["add", "--force", "docs/api/z.md"]);
    assert_eq!(names(&base, "docs/api"), ["a.md"]);
    assert_eq!(read(&base, "docs/api/z.md"), None);
    site.write(".gitignore", "");
    assert_eq!(names(&base, "docs/api"), [""; 0]);
    assert_eq!(
        base.kind(&"docs/api".into()).expect("it can be looked at"),
        None
    );
    for (path, change) in [
        ("docs/index.md", BaseChange::Nothing),
        ("docs/gone.md", BaseChange::Nothing),
        ("docs", BaseChange::Nothing),
        ("docs/api/a.md", BaseChange::Path),
        ("docs/new.md", BaseChange::Path),
        ("../theme/main.html", BaseChange::Path),
        (".gitignore", BaseChange::Everything),
        ("docs/sub/.gitignore", BaseChange::Everything),
        (".git/info/exclude", BaseChange::Everything),
    ] {
        assert_eq!(base.change(&path.into()), change, "{path}");
    }
    let rules = base.rule_files();
    let top = fs::canonicalize(site.path("")).expect("it exists");
    for path in [".gitignore", "docs/.gitignore", ".git/info/exclude"] {
        assert!(rules.contains(&top.join(path)), "{rules:?}");
    }
}

#[test]
fn what_lies_outside_of_the_repository_is_the_same() {
    let clones = Clones::new();
    let origin = repository(&[("docs/a.md", "# A\n"), ("lib/l.html", "old\n")]);
    let work = clones.of(&origin.path(""), "clone", &[]);
    let theme = clones.0.path().join("theme");
    fs::create_dir_all(theme.join("partials")).expect("a folder");
    fs::write(theme.join("main.html"), "a theme\n").expect("written");
    fs::write(theme.join("partials/p.html"), "a part\n").expect("written");
    symlink("main.html", theme.join("also.html")).expect("a link");
    symlink("../clone/lib", theme.join("lib")).expect("a link");
    symlink("../../theme/main.html", work.join("docs/link.html")).expect("a link");
    let name = commit(&work, 1, "Base");
    fs::write(work.join("lib/l.html"), "new\n").expect("written");
    fs::write(work.join("lib/new.html"), "new\n").expect("written");
    let base = base_of(&work, &name);
    let theme = base
        .locate(theme.to_str().expect("UTF-8"))
        .expect("it has a path");
    let at = |name: &str| theme.join(name);
    assert_eq!(
        names(&base, theme.as_str()),
        ["also.html", "lib", "main.html", "partials"]
    );
    for (name, text) in [
        ("main.html", Some("a theme\n")),
        ("also.html", Some("a theme\n")),
        ("partials/p.html", Some("a part\n")),
        ("lib/l.html", Some("old\n")),
        ("lib/new.html", None),
        ("missing.html", None),
    ] {
        assert_eq!(read(&base, at(name).as_str()).as_deref(), text, "{name}");
    }
    let link = SourcePath::new("docs/link.html");
    assert_eq!(base.kind(&link).expect("it can be looked at"), None);
    assert!(base.set_linked_dirs(std::slice::from_ref(&theme)));
    assert!(!base.set_linked_dirs(std::slice::from_ref(&theme)));
    assert_eq!(
        base.kind(&link).expect("it can be looked at"),
        Some(Kind::File)
    );
    assert!(base.is_shared(&at("main.html")));
    assert!(base.stamp(&at("main.html")).is_some());
    let notes = base.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].starts_with("2 files outside of the repository"),
        "{notes:?}"
    );
}

#[test]
fn submodules_are_the_same_while_their_commit_is() {
    let site = repository(&[("docs/a.md", "# A\n")]);
    let folder = site.path("");
    for name in ["docs/kept", "docs/moved", "docs/gone"] {
        site.write(&format!("{name}/m.md"), "# M\n");
        git(&site.path(name), &["init", "--quiet"]);
        commit(&site.path(name), 0, "Inner");
    }
    let name = commit(&folder, 1, "Modules");
    site.write("docs/moved/m.md", "# N\n");
    commit(&site.path("docs/moved"), 2, "Move on");
    fs::remove_dir_all(site.path("docs/gone")).expect("removed");
    fs::create_dir_all(site.path("docs/gone")).expect("a folder");
    let base = base_of(&folder, &name);
    assert_eq!(names(&base, "docs"), ["a.md", "kept"]);
    assert_eq!(read(&base, "docs/kept/m.md").as_deref(), Some("# M\n"));
    assert_eq!(names(&base, "docs/kept"), [".git", "m.md"]);
    assert_eq!(base.fault(&"docs/kept/m.md".into()), None);
    for path in ["docs/moved", "docs/moved/m.md", "docs/gone/m.md"] {
        let path = SourcePath::new(path);
        assert_eq!(base.kind(&path).expect("it can be looked at"), None);
        let fault = base.fault(&path).expect("it is named");
        assert!(fault.contains("submodule"), "{fault}");
    }
    let notes = base.notes();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes[0].starts_with("`docs/kept/m.md` is in a submodule"),
        "{notes:?}"
    );
    assert!(
        notes[1].starts_with("`docs/moved` is a submodule that"),
        "{notes:?}"
    );
    // Back where it was.
    git(&site.path("docs/moved"), &["checkout", "--quiet", "HEAD~1"]);
    assert_eq!(read(&base, "docs/moved/m.md").as_deref(), Some("# M\n"));
    let head = SourcePath::new("docs/moved/.git/HEAD");
    assert_eq!(base.change(&head), BaseChange::Everything);
}

/// The pointer of a file, as Git LFS writes it.
fn pointer(folder: &Path, bytes: &str) -> (String, String) {
    let file = folder.join("hashed");
    fs::write(&file, bytes).expect("written");
    let printed = Command::new("sha256sum").arg(&file).output();
    let printed = printed.expect("sha256sum runs").stdout;
    let oid = String::from_utf8_lossy(&printed[..64]).into_owned();
    let version = "version https://git-lfs.github.com/spec/v1";
    let size = bytes.len();
    (format!("{version}\noid sha256:{oid}\nsize {size}\n"), oid)
}

#[test]
fn pictures_in_git_lfs_are_shown_where_they_are_at_hand() {
    let temporary = tempfile::tempdir().expect("a folder");
    let [(same, _), (fetched, oid), (gone, _)] =
        ["same", "fetched", "gone"].map(|bytes| pointer(temporary.path(), bytes));
    let site = repository(&[
        ("docs/same.png", &same),
        ("docs/fetched.png", &fetched),
        ("docs/gone.png", &gone),
        ("docs/plain.png", "plain"),
    ]);
    let folder = site.path("");
    let name = git(&folder, &["rev-parse", "HEAD"]);
    for path in ["docs/same.png", "docs/fetched.png", "docs/gone.png"] {
        site.write(path, "now");
    }
    site.write("docs/same.png", "same");
    let stored = format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]);
    site.write(&stored, "fetched");
    let base = base_of(&folder, &name);
    for (path, text, is_only_pointer) in [
        ("docs/same.png", "same", false),
        ("docs/fetched.png", "fetched", false),
        ("docs/gone.png", &*gone, true),
        ("docs/plain.png", "plain", false),
    ] {
        assert_eq!(read(&base, path).as_deref(), Some(text), "{path}");
        let path = SourcePath::new(path);
        let opened = base.open(&path).expect("it can be opened");
        assert_eq!(opened.size(), text.len() as u64, "{path}");
        assert_eq!(base.stamp(&path).map(|it| it.0), Some(text.len() as u64));
        let copy = temporary.path().join("copy");
        base.copy(&path, &copy).expect("it can be copied");
        assert_eq!(fs::read(&copy).ok().as_deref(), Some(text.as_bytes()));
        assert_eq!(base.is_only_pointer(&path), is_only_pointer, "{path}");
        let fault = base.fault(&path);
        assert_eq!(fault.is_some_and(|it| it.contains("LFS")), is_only_pointer);
        let is_pointer = LfsPointer::of(&opened).expect("it can be read").is_some();
        assert_eq!(is_pointer, is_only_pointer);
    }
    let fetch = format!("run `git lfs fetch origin {name}`");
    assert!(base.notes()[0].contains(&fetch), "{:?}", base.notes());
    // Once it has changed, it is no longer the picture of the base.
    assert_eq!(base.change(&"docs/same.png".into()), BaseChange::Path);
    assert_eq!(base.change(&"docs/plain.png".into()), BaseChange::Nothing);
    site.write("docs/same.png", "other");
    assert!(base.is_only_pointer(&"docs/same.png".into()));
    let stored = temporary.path().join("storage");
    let setting = stored.to_str().expect("UTF-8");
    git(&folder, &["config", "lfs.storage", setting]);
    let (_, oid) = pointer(temporary.path(), "gone");
    let stored = stored.join("objects").join(&oid[..2]).join(&oid[2..4]);
    fs::create_dir_all(&stored).expect("folders");
    fs::write(stored.join(oid), "gone").expect("written");
    let base = base_of(&folder, &name);
    assert_eq!(read(&base, "docs/gone.png").as_deref(), Some("gone"));
}

#[test]
fn line_endings_of_a_checkout_are_no_change() {
    let text = "---\ntitle: A\n---\n\n# A\n\nOne\nline  \nbroken\n\n- a\n\n    b\n\n```py\nx = 1\n\ny\n```\n\n\
                | a | b |\n|---|---|\n| c | d |\n\n<div>\n<b>x</b>\n</div>\n\n\
                !!! note\n    text\n\n    code\n\n--8<-- \"part.md\"\n";
    let site = repository(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme: {name: null, custom_dir: theme}\nmarkdown_extensions:\n  - admonition\n  - tables\n  - meta\n\
             \x20 - pymdownx.superfences\n  - pymdownx.snippets:\n      base_path: [docs]\n",
        ),
        ("docs/index.md", text),
        ("docs/part.md", "A *part*\n\n```\ncode\n\nmore\n```\n"),
        ("docs/style.css", "a {\n}\n"),
        (
            "theme/main.html",
            "{% include \"p.html\" %}\n<main>\n{{ page.content }}\n</main>\n",
        ),
        (
            "theme/p.html",
            "<p>\n{% raw %}\n{{ }}\n{% endraw %}\n</p>\n{{ 'a\nb' }}\n",
        ),
    ]);
    let name = git(&site.path(""), &["rev-parse", "HEAD"]);
    for path in [
        "mkdocs.yml",
        "docs/index.md",
        "docs/part.md",
        "docs/style.css",
        "theme/main.html",
        "theme/p.html",
    ] {
        let text = fs::read_to_string(site.path(path)).expect("written");
        site.write(path, text.replace('\n', "\r\n"));
    }
    let site_of = |system: Arc<dyn System>| {
        let system = Arc::new(Archives::new(system));
        let made = Database::new(system, Invocation::default(), None);
        everything(&made, queries::produce)
    };
    let base = site_of(Arc::new(base_of(&site.path(""), &name)));
    let now = site_of(Arc::new(Disk::new(&site.path("")).expect("a project")));
    let differing = differing(&base, &now);
    assert_eq!(differing, ["style.css"], "only what is copied");
    let content = |text: &str| FileContent::Held(text.as_bytes().to_vec());
    let is_same = proofroom::files::same_content(&content("a {\n}\n"), &content("a {\r\n}\r\n"));
    assert!(is_same.expect("it can be read"));
}
