//! `proofroom new`, and folders without a site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::harness::Site;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All files below a folder, with their texts.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("it is below");
            let text = fs::read_to_string(&path).expect("a text");
            all.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    all
}

const MADE: [&str; 7] = [
    ".github/workflows/pages.yml",
    ".gitignore",
    "docs/index.md",
    "docs/proofroom.toml",
    "docs/sheet-to-page.svg",
    "docs/start.md",
    "docs/writing.md",
];

#[test]
fn a_new_site_has_no_faults_and_can_be_built() {
    for folder in ["", "my-\"hand\\book\"", "a/deep folder"] {
        let site = Site::new(&[]);
        let given: &[&str] = if folder.is_empty() { &[] } else { &[folder] };
        let output = site.run_successfully(&[&["new"], given].concat());
        let said = text(&output.stdout);
        assert!(said.contains("proofroom serve --open"), "{said}");
        assert_eq!(said.contains("\n  cd "), !folder.is_empty(), "{said}");
        let made = files(&site.path(folder));
        assert_eq!(made.keys().collect::<Vec<_>>(), MADE, "{folder}");
        for name in made.keys() {
            assert!(said.contains(name), "{name}: {said}");
        }
        let workflow = &made[".github/workflows/pages.yml"];
        let version = format!("proofroom@{}", env!("CARGO_PKG_VERSION"));
        assert!(workflow.contains(&version), "{workflow}");

        let checked = site.run(&[&["check", "--strict"], given].concat());
        let report = text(&checked.stdout) + &text(&checked.stderr);
        assert!(checked.status.success(), "{report}");
        assert!(report.contains("No problems found."), "{folder}: {report}");
        let built = site.run_successfully(&[&["build", "--strict"], given].concat());
        let said = text(&built.stdout);
        assert!(said.contains("Built 3 pages"), "{said}");
        let home = fs::read_to_string(site.path(folder).join("site/index.html")).expect("a page");
        if folder.starts_with("my") {
            let title = "<title>My &#34;hand\\book&#34;</title>";
            assert!(home.contains(title), "{home}");
        }
    }
}

#[test]
fn a_new_site_overwrites_nothing() {
    for (path, says) in [
        ("docs/index.md", "`docs/index.md` exists already"),
        ("docs/proofroom.toml", "configuration `docs/proofroom.toml`"),
        ("mkdocs.yml", "configuration `mkdocs.yml`"),
        (".github/workflows/pages.yml", "exists already"),
        ("docs", "cannot make the folder"),
    ] {
        let site = Site::new(&[(path, "site_name: mine\n"), ("other.txt", "kept\n")]);
        let before = files(&site.path(""));
        let output = site.run(&["new"]);
        assert_eq!(output.status.code(), Some(1), "{path}");
        let said = text(&output.stderr);
        assert!(said.contains(says), "{path}: {said}");
        assert_eq!(files(&site.path("")), before, "{path}");
    }
    let site = Site::new(&[("docs/other.md", "# Mine\n"), (".gitignore", "x\n")]);
    let output = site.run_successfully(&["new"]);
    let said = text(&output.stdout);
    assert!(!said.contains(".gitignore"), "{said}");
    assert_eq!(site.read("docs/other.md"), "# Mine\n");
    assert_eq!(site.read(".gitignore"), "x\n");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_in_the_way_too() {
    let site = Site::new(&[("docs/keep.txt", "x")]);
    let outside = site.path("outside.md");
    std::os::unix::fs::symlink(&outside, site.path("docs/index.md")).expect("a link");
    let output = site.run(&["new"]);
    assert!(!output.status.success());
    assert!(!outside.exists(), "nothing is written through a link");
}

#[test]
fn without_a_site_commands_say_what_to_do() {
    let site = Site::new(&[]);
    for command in ["build", "check"] {
        let output = site.run(&[command]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        let said = text(&output.stderr);
        assert!(said.contains("`proofroom new`"), "{command}: {said}");
        assert!(files(&site.path("")).is_empty(), "{command}");
    }
    // A configuration says that the folder is meant.
    site.write("docs/proofroom.toml", "site_name = \"Example\"\n");
    site.run_successfully(&["check"]);
}
