//! What git and likeness say about renames.

use proofroom::files::{SourcePath, alike};
use proofroom::git::renames;

use super::*;

/// Renames in short: `old>new`.
fn found(folder: &Path, base: &str) -> Vec<String> {
    let found = renames(folder, base).expect("git says");
    let pairs = found.iter();
    pairs
        .map(|(from, to)| format!("{}>{}", from.as_str(), to.as_str()))
        .collect()
}

fn text(start: usize) -> String {
    (start..start + 30)
        .map(|nth| format!("line {nth}\n"))
        .collect()
}

fn rename(folder: &Path, from: &str, to: &str) {
    let parent = Path::new(to).parent().expect("it has a folder");
    fs::create_dir_all(folder.join(parent)).expect("a folder");
    git(folder, &["mv", from, to]);
}

#[test]
fn renames_are_followed_over_commits_and_the_index() {
    let site = repository(&[
        ("docs/a.md", &text(0)),
        ("docs/b.md", &text(100)),
        ("docs/c.md", &text(200)),
        ("docs/d.md", &text(300)),
        ("docs/e.md", &text(400)),
        ("docs/ü ö.md", &text(500)),
        ("other/f.md", &text(600)),
    ]);
    let folder = site.path("");
    // Each step is small, and all together are not.
    rename(&folder, "docs/a.md", "docs/a1.md");
    site.write("docs/a1.md", text(0).replace("line 1", "other 1"));
    commit(&folder, 1, "One");
    rename(&folder, "docs/a1.md", "docs/sub/a2.md");
    site.write("docs/sub/a2.md", text(0).replace("line", "other"));
    site.write(
        "docs/sub/a2.md",
        text(0)
            .replace("line 1", "other 1")
            .replace("line 2", "other 2"),
    );
    rename(&folder, "docs/ü ö.md", "docs/ß.md");
    commit(&folder, 2, "Two");
    site.write("docs/sub/a2.md", text(0).replace("line", "other"));
    // Swapped.
    rename(&folder, "docs/b.md", "docs/t.md");
    commit(&folder, 3, "Three");
    rename(&folder, "docs/c.md", "docs/b.md");
    commit(&folder, 4, "Four");
    rename(&folder, "docs/t.md", "docs/c.md");
    commit(&folder, 5, "Five");
    // There and back, and staged.
    rename(&folder, "docs/d.md", "docs/d1.md");
    commit(&folder, 6, "Six");
    rename(&folder, "docs/d1.md", "docs/d.md");
    rename(&folder, "docs/e.md", "docs/e1.md");
    rename(&folder, "other/f.md", "other/g.md");
    let expected = [
        "docs/a.md>docs/sub/a2.md",
        "docs/b.md>docs/c.md",
        "docs/c.md>docs/b.md",
        "docs/e.md>docs/e1.md",
        "docs/ü ö.md>docs/ß.md",
        "other/f.md>other/g.md",
    ];
    let base = git(&folder, &["rev-list", "--max-parents=0", "HEAD"]);
    assert_eq!(found(&folder, &base), expected);
    // Git compares the ends alone, and cannot see these.
    let ends = git(&folder, &["diff", "--cached", "-M", "--name-status", &base]);
    assert!(
        !ends.contains("docs/sub/a2.md\n") || !ends.contains("R100\tdocs/b.md"),
        "{ends}"
    );
    // As seen from a folder.
    let below = found(&site.path("docs"), &base);
    assert!(below.contains(&"a.md>sub/a2.md".to_owned()), "{below:?}");
    assert!(
        below.contains(&"../other/f.md>../other/g.md".to_owned()),
        "{below:?}"
    );
    // Settings of the repository change nothing.
    for (name, value) in [
        ("diff.renames", "false"),
        ("diff.relative", "true"),
        ("diff.renameLimit", "1"),
        ("diff.orderFile", "/nowhere"),
        ("color.ui", "always"),
        ("log.showSignature", "true"),
    ] {
        git(&folder, &["config", name, value]);
    }
    assert_eq!(found(&folder, &base), expected);
    assert_eq!(found(&site.path("docs"), &base), below);
    assert!(renames(&folder, "--all").is_err());
}

#[test]
fn a_branch_that_was_merged_keeps_its_renames() {
    let site = repository(&[("docs/a.md", &text(0)), ("docs/b.md", &text(100))]);
    let folder = site.path("");
    git(&folder, &["checkout", "--quiet", "-b", "feature"]);
    rename(&folder, "docs/a.md", "docs/a1.md");
    commit(&folder, 1, "Rename");
    git(&folder, &["checkout", "--quiet", "main"]);
    rename(&folder, "docs/b.md", "docs/b1.md");
    let base = commit(&folder, 2, "Move on");
    git(&folder, &["checkout", "--quiet", "feature"]);
    git(&folder, &["merge", "--quiet", "--no-edit", "main"]);
    assert_eq!(found(&folder, &base), ["docs/a.md>docs/a1.md"]);
}

/// A stub at the old address is not the page that was there.
#[test]
fn a_page_that_is_still_there_was_not_renamed() {
    let site = repository(&[("docs/a.md", &text(0)), ("docs/b.md", &text(100))]);
    let folder = site.path("");
    let base = git(&folder, &["rev-parse", "HEAD"]);
    rename(&folder, "docs/a.md", "docs/new.md");
    commit(&folder, 1, "Rename");
    site.write("docs/a.md", "Moved.\n");
    commit(&folder, 2, "Leave a stub");
    git(&folder, &["rm", "--quiet", "docs/b.md"]);
    commit(&folder, 3, "Remove");
    assert_eq!(found(&folder, &base), [""; 0]);
}

#[test]
fn a_partial_clone_sees_what_it_has() {
    let site = repository(&[("docs/a.md", &text(0)), ("docs/b.md", &text(100))]);
    let folder = site.path("");
    git(&folder, &["config", "uploadpack.allowFilter", "true"]);
    let base = git(&folder, &["rev-parse", "HEAD"]);
    rename(&folder, "docs/a.md", "docs/a1.md");
    rename(&folder, "docs/b.md", "docs/b1.md");
    site.write("docs/b1.md", text(100) + "more\n");
    commit(&folder, 1, "Rename");
    assert_eq!(found(&folder, &base).len(), 2);
    let clones = Clones::new();
    let clone = clones.of(&folder, "clone", &["--filter=blob:none"]);
    let before = count_objects(&clone);
    assert_eq!(found(&clone, &base), ["docs/a.md>docs/a1.md"]);
    assert_eq!(count_objects(&clone), before);
}

/// Likeness is git's own, to the percent.
#[test]
fn likeness_is_what_git_says() {
    let olds = [
        text(0),
        text(100).replace('\n', " "),
        "é".repeat(200),
        text(300),
    ];
    let news = [
        text(0).replace("line 1", "other 1") + "more\n",
        text(100).replace('\n', " ") + &"more ".repeat(20),
        "é".repeat(170),
        text(310),
    ];
    let files: Vec<(String, &String)> = olds
        .iter()
        .enumerate()
        .map(|(nth, text)| (format!("docs/old{nth}.md"), text))
        .collect();
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, text.as_str()))
        .collect();
    let site = repository(&borrowed);
    let folder = site.path("");
    for (nth, text) in news.iter().enumerate() {
        fs::remove_file(site.path(&format!("docs/old{nth}.md"))).expect("removed");
        site.write(&format!("docs/new{nth}.md"), text);
    }
    commit(&folder, 1, "Rename");
    let status = git(&folder, &["diff", "-M", "--name-status", "HEAD~1"]);
    let mut expected: Vec<String> = status
        .lines()
        .filter_map(|line| line.strip_prefix('R'))
        .map(|line| line.trim_start_matches('0').replace('\t', " "))
        .collect();
    expected.sort();
    let paths = |name: &str| -> Vec<SourcePath> {
        (0..4)
            .map(|nth| SourcePath::new(format!("docs/{name}{nth}.md")))
            .collect()
    };
    let (old_paths, new_paths) = (paths("old"), paths("new"));
    let removed: Vec<_> = old_paths
        .iter()
        .zip(&olds)
        .map(|(path, it)| (path, it.as_bytes()))
        .collect();
    let added: Vec<_> = new_paths
        .iter()
        .zip(&news)
        .map(|(path, it)| (path, it.as_bytes()))
        .collect();
    let mut found: Vec<String> = alike(&removed, &added)
        .iter()
        .map(|it| {
            format!(
                "{} {} {}",
                it.percent, old_paths[it.removed], new_paths[it.added]
            )
        })
        .collect();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(found.len(), 4, "{found:?}");
}
