//! How old lines are: on repositories that git itself makes.

mod hostile;
pub(crate) mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::Site;
use crate::harness::git::{commit, git, real_history, repository};
use crate::harness::skip::{Need, conformance_suite, skip};
use serde_json::Value;

/// `proofroom` with a cache of its own.
struct Proofroom {
    cache: tempfile::TempDir,
}

impl Proofroom {
    fn new() -> Self {
        Self {
            cache: tempfile::tempdir().expect("a folder"),
        }
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
        command
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .env("XDG_CACHE_HOME", self.cache.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .arg("blame");
        command
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut command = self.command(folder);
        command.args(arguments).output().expect("it runs")
    }

    /// The runs of a file.
    fn runs(&self, folder: &Path, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(folder, &[&["--json"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        serde_json::from_slice(&output.stdout).expect("a list")
    }

    /// The runs in short: `1-2 2023-11-14`.
    fn dates(&self, folder: &Path, arguments: &[&str]) -> Vec<String> {
        let short = |run: &Value| {
            let date = run["author_date"].as_str().map_or("-", |date| &date[..10]);
            format!("{}-{} {date}", run["first_line"], run["last_line"])
        };
        self.runs(folder, arguments).iter().map(short).collect()
    }
}

fn error(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_real_page_has_its_runs() {
    let Some(suite) = conformance_suite() else {
        return;
    };
    let expected = fs::read_to_string(suite.join("reference/origin-blame.tsv"));
    let expected = expected.expect("the reference's runs");
    let folder = tempfile::tempdir().expect("a folder");
    real_history(&suite, folder.path());
    let page = "i18n/zh-Hant/real-time-communication.md";
    let runs = Proofroom::new().runs(folder.path(), &[page]);
    let found: Vec<String> = runs
        .iter()
        .map(|run| {
            let date = run["author_date"].as_str().expect("a date");
            format!("{}\t{}\t{date}", run["first_line"], run["last_line"])
        })
        .collect();
    let expected: Vec<&str> = expected.lines().skip(1).collect();
    assert_eq!(
        (expected.len(), found),
        (170, expected.iter().map(ToString::to_string).collect())
    );
}

#[test]
fn lines_have_the_date_of_their_commit() {
    let site = repository(&[("a.md", "one\ntwo\nthree\n")]);
    let folder = site.path("");
    site.write("a.md", "one\nTWO\nthree\n");
    let second = commit(&folder, 2, "Shout\n\nAt length.");
    site.write("a.md", "one\nTWO\nthree\nfour\n");
    let proofroom = Proofroom::new();
    let runs = proofroom.runs(&folder, &["a.md"]);
    let run = serde_json::json!({
        "first_line": 2, "last_line": 2, "commit": second, "author": "Ann",
        "author_date": "2023-11-16T22:13:20Z", "summary": "Shout",
    });
    assert_eq!(runs[1], run);
    assert_eq!(runs[3]["commit"], Value::Null);
    assert_eq!(
        proofroom.dates(&folder, &["a.md"]),
        [
            "1-1 2023-11-14",
            "2-2 2023-11-16",
            "3-3 2023-11-14",
            "4-4 -"
        ]
    );
    assert_eq!(
        proofroom.dates(&folder, &["a.md", "--rev", "HEAD~1"]),
        ["1-3 2023-11-14"]
    );
    let runs = proofroom.runs(&folder, &["a.md", "--date", "committer"]);
    assert_eq!(runs[1]["committer_date"], "2023-11-16T23:13:20Z");
    let table = proofroom.run(&folder, &["a.md"]).stdout;
    let table = String::from_utf8_lossy(&table).into_owned();
    assert!(
        table.contains("2  2023-11-16") && table.contains("Ann  Shout\n"),
        "{table}"
    );
    assert!(table.contains("not committed yet"), "{table}");
    let wrong = error(&proofroom.run(&folder, &["a.md", "--rev=--output=x"]));
    assert!(wrong.contains("git says:"), "{wrong}");
    assert!(!site.path("x").exists());
}

#[test]
fn what_is_remembered_follows_every_commit() {
    let site = repository(&[("a.md", "one\ntwo\n"), ("b.md", "x\n")]);
    let folder = site.path("");
    let proofroom = Proofroom::new();
    let first = ["1-2 2023-11-14"];
    assert_eq!(proofroom.dates(&folder, &["a.md"]), first);
    assert_eq!(proofroom.dates(&folder, &["a.md"]), first);
    // A commit that leaves it alone, then two that end where they began.
    site.write("b.md", "y\n");
    commit(&folder, 1, "Other");
    assert_eq!(proofroom.dates(&folder, &["a.md"]), first);
    site.write("a.md", "one\n");
    commit(&folder, 2, "Less");
    site.write("a.md", "one\ntwo\n");
    commit(&folder, 3, "More");
    let third = ["1-1 2023-11-14", "2-2 2023-11-17"];
    assert_eq!(proofroom.dates(&folder, &["a.md"]), third);
    git(&folder, &["checkout", "--quiet", "HEAD~3"]);
    assert_eq!(proofroom.dates(&folder, &["a.md"]), first);
    // Answers are right whatever is in the cache.
    git(&folder, &["checkout", "--quiet", "main"]);
    assert_eq!(proofroom.dates(&folder, &["a.md"]), third);
    let kept = fs::read_dir(proofroom.cache.path().join("proofroom/blame"));
    for entry in kept.expect("a cache").flatten() {
        fs::write(entry.path(), "{").expect("written");
    }
    assert_eq!(proofroom.dates(&folder, &["a.md"]), third);
}

#[test]
fn commits_are_skipped_and_names_corrected_as_the_repository_says() {
    let site = repository(&[("a.md", "the first line\nthe second line\n")]);
    let folder = site.path("");
    site.write("a.md", "The first line\nThe second line\n");
    let reformatted = commit(&folder, 5, "Capitals");
    let proofroom = Proofroom::new();
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-2 2023-11-19"]);
    site.write(
        ".git-blame-ignore-revs",
        format!("# capitals\n{reformatted}\n"),
    );
    site.write(".mailmap", "Ann Onymous <ann@example.org>\n");
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-2 2023-11-14"]);
    assert_eq!(
        proofroom.runs(&folder, &["a.md"])[0]["author"],
        "Ann Onymous"
    );
    // A list that cannot be read is reported and has no other effect.
    site.write(".git-blame-ignore-revs", "no commit\n");
    let output = proofroom.run(&folder, &["a.md"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && said.contains("note: the list of commits to ignore"),
        "{said}"
    );
    fs::remove_file(site.path(".git-blame-ignore-revs")).expect("removed");
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-2 2023-11-19"]);
    site.write("part/ignored", format!("{reformatted}\n"));
    git(&folder, &["config", "blame.ignoreRevsFile", "part/ignored"]);
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-2 2023-11-14"]);
    git(&folder, &["config", "blame.ignoreRevsFile", "part/none"]);
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-2 2023-11-19"]);
}

#[test]
fn files_may_have_names_of_every_kind() {
    let names = [
        "-w.md",
        "with space.md",
        "quo\"te'.md",
        "new\nline.md",
        "漢字/頁.md",
        ":(top)a.md",
        "*.md",
        "tab\t.md",
        "%s.md",
    ];
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, "x\n")).collect();
    let site = repository(&files);
    let folder = site.path("");
    site.write("*.md", "x\ny\n");
    commit(&folder, 1, "One of them");
    let proofroom = Proofroom::new();
    for name in names {
        let mut expected = vec!["1-1 2023-11-14"];
        if name == "*.md" {
            expected.push("2-2 2023-11-15");
        }
        assert_eq!(
            proofroom.dates(&folder, &["--", name]),
            expected,
            "{name:?}"
        );
    }
}

#[test]
fn renames_are_followed() {
    let text = "one\ntwo\nthree\nfour\nfive\n";
    let site = repository(&[("old.md", text)]);
    let folder = site.path("");
    git(&folder, &["mv", "old.md", "new.md"]);
    commit(&folder, 3, "Another name");
    site.write("new.md", format!("{text}six\n"));
    commit(&folder, 4, "More");
    let expected = ["1-5 2023-11-14", "6-6 2023-11-18"];
    assert_eq!(Proofroom::new().dates(&folder, &["new.md"]), expected);
}

#[test]
fn the_repository_of_the_files_own_folder_is_asked() {
    let site = repository(&[("a.md", "x\n")]);
    let folder = site.path("");
    let proofroom = Proofroom::new();
    // A repository inside the other.
    site.write("i18n/es/b.md", "y\n");
    let nested = site.path("i18n/es");
    git(&nested, &["init", "--quiet", "-b", "main"]);
    commit(&nested, 7, "Traducción");
    assert_eq!(
        proofroom.dates(&folder, &["i18n/es/b.md"]),
        ["1-1 2023-11-21"]
    );
    // A submodule, whose `.git` is a file.
    let source = nested.to_str().expect("UTF-8");
    git(&folder, &["submodule", "--quiet", "add", source, "sub"]);
    assert_eq!(proofroom.dates(&folder, &["sub/b.md"]), ["1-1 2023-11-21"]);
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-1 2023-11-14"]);
    // A second work tree on another branch.
    let beside = tempfile::tempdir().expect("a folder");
    let tree = beside.path().join("tree");
    git(
        &folder,
        &[
            "worktree",
            "add",
            "--quiet",
            "-b",
            "side",
            tree.to_str().expect("UTF-8"),
        ],
    );
    fs::write(tree.join("a.md"), "x\nz\n").expect("written");
    assert_eq!(
        proofroom.dates(&tree, &["a.md"]),
        ["1-1 2023-11-14", "2-2 -"]
    );
    commit(&tree, 9, "There");
    assert_eq!(
        proofroom.dates(&tree, &["a.md"]),
        ["1-1 2023-11-14", "2-2 2023-11-23"]
    );
    assert_eq!(proofroom.dates(&folder, &["a.md"]), ["1-1 2023-11-14"]);
    // While a hook runs, variables name another repository.
    let mut command = proofroom.command(&folder);
    let led = command
        .args(["--json", "i18n/es/b.md"])
        .env("GIT_DIR", folder.join(".git"));
    assert!(led.output().is_ok_and(|it| it.status.success()));
}

#[test]
fn a_shallow_history_is_reported() {
    let site = repository(&[("a.md", "one\n")]);
    let folder = site.path("");
    for day in 1..4 {
        site.write("a.md", "one\n".repeat(day + 1));
        commit(&folder, day as i64, "More");
    }
    let beside = tempfile::tempdir().expect("a folder");
    let from = format!("file://{}", folder.display());
    git(
        beside.path(),
        &["clone", "--quiet", "--depth", "2", &from, "shallow"],
    );
    let shallow = beside.path().join("shallow");
    let proofroom = Proofroom::new();
    let output = proofroom.run(&shallow, &["a.md"]);
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        table.contains("1-3  ≤ 2023-11-16") && table.contains("4  2023-11-17"),
        "{table}"
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("a shallow clone"), "{said}");
    let runs = proofroom.runs(&shallow, &["a.md"]);
    assert_eq!(
        (&runs[0]["at_least"], runs[1].get("at_least")),
        (&true.into(), None)
    );
    git(&shallow, &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(proofroom.dates(&shallow, &["a.md"]).len(), 4);
}

#[test]
fn the_reason_is_given_where_nothing_is_known() {
    let site = repository(&[("a.md", "one\n")]);
    let folder = site.path("");
    site.write("new.md", "x\n");
    let proofroom = Proofroom::new();
    assert_eq!(proofroom.dates(&folder, &["new.md"]), ["1-1 -"]);
    let missing = error(&proofroom.run(&folder, &["none.md"]));
    assert!(
        missing.contains("no ages of `none.md`: the file cannot be read"),
        "{missing}"
    );
    let outside = Site::new(&[("a.md", "x\n")]);
    let said = error(&proofroom.run(&outside.path(""), &["a.md"]));
    assert!(said.contains("not in a git repository"), "{said}");
    // Before the first commit.
    git(&outside.path(""), &["init", "--quiet"]);
    assert_eq!(proofroom.dates(&outside.path(""), &["a.md"]), ["1-1 -"]);
    let empty = tempfile::tempdir().expect("a folder");
    let mut command = proofroom.command(&folder);
    let output = command.arg("a.md").env("PATH", empty.path()).output();
    let said = error(&output.expect("it runs"));
    assert!(said.contains("git is not installed"), "{said}");
}

#[test]
fn a_clone_without_blobs_keeps_its_dates() {
    let config = "site_name: Example\nplugins: [git-revision-date-localized: {type: iso_date}]\n";
    let page = "# A\n\nOf {{ git_revision_date_localized }}.\n";
    let site = repository(&[("mkdocs.yml", config), ("docs/a.md", page)]);
    let folder = site.path("");
    git(&folder, &["mv", "docs/a.md", "docs/index.md"]);
    site.write("docs/index.md", format!("{page}More.\n"));
    commit(&folder, 6, "Home");
    git(&folder, &["config", "uploadpack.allowFilter", "true"]);
    let beside = tempfile::tempdir().expect("a folder");
    let from = format!("file://{}", folder.display());
    git(
        beside.path(),
        &[
            "clone",
            "--quiet",
            "--no-checkout",
            "--filter=blob:none",
            &from,
            "partial",
        ],
    );
    let partial = Site::of(beside);
    partial.write("partial/mkdocs.yml", config);
    partial.write("partial/docs/index.md", page);
    let built = partial.run(&["build", "partial"]);
    assert!(built.status.success());
    let home = fs::read_to_string(partial.path("partial/site/index.html")).expect("a page");
    assert!(home.contains("2023-11-20"), "{home}");
    let said = error(&Proofroom::new().run(&partial.path("partial"), &["docs/index.md"]));
    assert!(said.contains("a partial clone"), "{said}");
}

/// A repository that belongs to another user.
#[cfg(unix)]
#[test]
fn what_git_refuses_is_refused() {
    let site = repository(&[("a.md", "one\n")]);
    let folder = site.path("");
    let owned = ["", ".git"]
        .iter()
        .map(|path| std::os::unix::fs::chown(site.path(path), Some(1234), None));
    if owned.into_iter().any(|it| it.is_err()) {
        skip(Need::Root, "only an administrator can give files away");
        return;
    }
    let proofroom = Proofroom::new();
    let said = error(&proofroom.run(&folder, &["a.md"]));
    assert!(
        said.contains("git says: detected dubious ownership"),
        "{said}"
    );
    let settings = Site::new(&[]);
    let global = settings.path("gitconfig");
    fs::write(
        &global,
        format!("[safe]\n\tdirectory = {}\n", folder.display()),
    )
    .expect("written");
    let mut command = proofroom.command(&folder);
    let output = command
        .arg("a.md")
        .env("GIT_CONFIG_GLOBAL", &global)
        .output();
    assert!(
        output.is_ok_and(|it| it.status.success()),
        "safe.directory allows it"
    );
}
