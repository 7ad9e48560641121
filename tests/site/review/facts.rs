//! What limits a comparison, and where a repository can be looked at.

use proofroom::git::{Forge, ForgeKind, RepositoryFacts};

use super::*;

fn facts(folder: &Path, base: &str) -> RepositoryFacts {
    RepositoryFacts::of(folder, base).expect("git says")
}

#[test]
fn nothing_is_said_of_a_plain_repository() {
    let site = repository(&[("docs/a.md", "# A\n"), (".gitattributes", "*.md text\n")]);
    let facts = facts(&site.path("docs"), "HEAD");
    assert_eq!(facts, RepositoryFacts::default());
    assert_eq!(facts.notes(), [""; 0]);
    assert!(RepositoryFacts::of(&site.path(""), "gone").is_err());
}

#[test]
fn submodules_are_named_at_the_base_and_now() {
    let site = repository(&[("docs/a.md", "# A\n")]);
    let folder = site.path("");
    let mut modules = Vec::new();
    for name in ["docs/kept", "docs/moved", "docs/gone", "other"] {
        let inner = site.path(name);
        fs::create_dir_all(&inner).expect("a folder");
        fs::write(inner.join("m.md"), "# M\n").expect("written");
        git(&inner, &["init", "--quiet"]);
        modules.push(commit(&inner, 0, "Inner"));
    }
    let base = commit(&folder, 1, "Modules");
    fs::write(site.path("docs/moved/m.md"), "# N\n").expect("written");
    let moved = commit(&site.path("docs/moved"), 2, "Move on");
    fs::remove_dir_all(site.path("docs/gone")).expect("removed");
    git(&folder, &["add", "--all"]);
    let found = facts(&folder, &base);
    let submodules: Vec<_> = found
        .submodules
        .iter()
        .map(|it| (it.path.as_str(), it.at_base.as_deref(), it.now.as_deref()))
        .collect();
    let [kept, before, gone, other] = &modules[..] else {
        panic!("{modules:?}");
    };
    assert_eq!(
        submodules,
        [
            ("docs/gone", Some(&**gone), None),
            ("docs/kept", Some(&**kept), Some(&**kept)),
            ("docs/moved", Some(&**before), Some(&*moved)),
            ("other", Some(&**other), Some(&**other)),
        ]
    );
    assert_eq!(found.notes().len(), 4);
    // Those outside of the project are not its own.
    assert_eq!(facts(&site.path("docs"), &base).submodules.len(), 3);
}

#[test]
fn lfs_is_seen_on_both_sides() {
    let with_lfs = "*.png filter=lfs diff=lfs merge=lfs -text\n";
    let site = repository(&[("docs/a.md", "# A\n"), ("docs/.gitattributes", with_lfs)]);
    let folder = site.path("");
    let with = git(&folder, &["rev-parse", "HEAD"]);
    assert!(facts(&folder, "HEAD").uses_lfs);
    site.write("docs/.gitattributes", "*.png -text\n");
    let without = commit(&folder, 1, "Without");
    assert!(facts(&folder, &with).uses_lfs);
    assert!(!facts(&folder, &without).uses_lfs);
    site.write(".gitattributes", with_lfs);
    assert!(facts(&folder, &without).uses_lfs);
}

#[test]
fn what_a_clone_lacks_is_counted() {
    let site = repository(&[
        ("docs/a.md", "# A\n"),
        ("docs/b.md", "# B\n"),
        ("src/c", "c\n"),
    ]);
    let origin = site.path("");
    git(&origin, &["config", "uploadpack.allowFilter", "true"]);
    let base = git(&origin, &["rev-parse", "HEAD"]);
    site.write("docs/a.md", "# Other\n");
    fs::remove_file(site.path("docs/b.md")).expect("removed");
    commit(&origin, 1, "Change");
    let clones = Clones::new();
    let clone = clones.of(&origin, "partial", &["--filter=blob:none"]);
    let before = count_objects(&clone);
    let found = facts(&clone, &base);
    // What has not changed since is there.
    assert_eq!(found.missing, 2);
    assert_eq!(count_objects(&clone), before);
    assert!(found.notes()[0].contains("2 files of the base are missing"));
    run(&clone, &found.fetch_missing);
    assert_eq!(facts(&clone, &base).missing, 0);
    let clone = clones.of(&origin, "shallow", &["--depth=1"]);
    let found = facts(&clone, "HEAD");
    assert!(found.is_shallow && found.missing == 0);
    assert!(found.notes()[0].contains("shallow clone"));
    let clone = clones.of(&origin, "sparse", &[]);
    git(&clone, &["sparse-checkout", "set", "src"]);
    let found = facts(&clone, "HEAD");
    assert_eq!(found.not_checked_out, 1);
    assert!(found.notes()[0].starts_with("1 file is not checked out"));
}

#[test]
fn the_forge_is_that_of_the_likeliest_remote() {
    let site = repository(&[("sites/one/docs/a.md", "# A\n")]);
    let folder = site.path("");
    assert_eq!(Forge::of(&folder).expect("git says"), None);
    git(
        &folder,
        &["remote", "add", "mirror", "https://example.org/o/r.git"],
    );
    assert_eq!(Forge::of(&folder).expect("git says"), None);
    git(
        &folder,
        &[
            "remote",
            "add",
            "origin",
            "https://ann:secret@gitlab.com/a/b/c.git",
        ],
    );
    let forge = Forge::of(&folder).expect("git says").expect("a forge");
    assert_eq!(
        (forge.kind, forge.url.as_str()),
        (ForgeKind::GitLab, "https://gitlab.com/a/b/c")
    );
    // Other names of addresses are resolved, as git does.
    git(&folder, &["config", "url.git@github.com:.insteadOf", "gh:"]);
    git(&folder, &["remote", "add", "upstream", "gh:o/r"]);
    let forge = Forge::of(&site.path("sites/one"))
        .expect("git says")
        .expect("a forge");
    assert_eq!(forge.kind.name(), "GitHub");
    assert_eq!(
        forge.lines("main", &"docs/a.md".into(), 1, 2).as_deref(),
        Some("https://github.com/o/r/blob/main/sites/one/docs/a.md?plain=1#L1-L2")
    );
    assert!(Forge::of(&std::env::temp_dir()).is_err());
}
