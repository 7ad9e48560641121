use std::sync::Arc;

use parking_lot::Mutex;

use super::Site;
use crate::harness::Site as DiskSite;
use crate::harness::git::git_at;
use proofroom::files::{Change, FileChange, History, Memory, SourcePath, WrittenLine};
use proofroom::git::Git;
use proofroom::site::{Database, Invocation};

const CONFIG: &str = "site_name: Example
theme: {language: es}
plugins:
  - git-revision-date-localized: {enable_creation_date: true, exclude: [index.md], type: iso_datetime}
  - git-authors: {show_contribution: true, href: 'https://people.example/{name}'}
";

/// A history that tests write.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Change>>>);

impl History for Told {
    fn changes(&self, _: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<Change>> {
        Some(self.0.lock().clone())
    }

    fn lines(&self, file: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<WrittenLine>> {
        let line = |name: &str| WrittenLine {
            commit: "c".to_owned(),
            name: name.to_owned(),
            email: format!("{name}@example.org"),
            time: 0,
            zone: "+0000".to_owned(),
            is_empty: false,
        };
        (file.name() == "a.md").then(|| ["ann", "ben", "ben"].map(line).to_vec())
    }
}

fn change(commit: &str, time: i64, files: &[FileChange]) -> Change {
    Change {
        commit: commit.to_owned(),
        time,
        files: files.to_vec(),
    }
}

/// A page by its path below the docs folder.
fn path(path: &str) -> SourcePath {
    SourcePath::new(format!("docs/{path}"))
}

/// A site of which three commits are told.
fn told_site() -> (Told, Site) {
    let told = Told::default();
    let history = vec![
        change(
            "c3",
            1_651_730_828,
            &[FileChange::Renamed(path("old.md"), path("new.md"))],
        ),
        change("c2", 1_649_135_228, &[FileChange::Changed(path("a.md"))]),
        change(
            "c1",
            1_614_830_767,
            &[
                FileChange::Added(path("a.md")),
                FileChange::Added(path("old.md")),
            ],
        ),
    ];
    *told.0.lock() = history.clone();
    let files = Memory::new([
        ("mkdocs.yml", CONFIG),
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/refs/heads/main", "c3\n"),
        (
            "docs/index.md",
            "# Home\n\n{{ git_revision_date_localized }}\n",
        ),
        (
            "docs/a.md",
            "# A\n\n{{ git_revision_date_localized }} {{git_creation_date_localized}} {{ other }} {{ git_page_authors }}\n",
        ),
        (
            "docs/new.md",
            "# New\n\n{{ git_revision_date_localized }}\n",
        ),
        ("docs/u.md", "# U\n\n{{ git_revision_date_localized }}\n"),
    ]);
    let call = Invocation {
        moment: 86_400.into(),
        ..Invocation::default()
    };
    let db =
        Database::new(Arc::new(files.clone()), call, None).with_history(Arc::new(told.clone()));
    (told, Site { files, db })
}

/// How the plugin shows a date.
fn span(title: &str, shown: &str) -> String {
    format!(
        "<span class=\"git-revision-date-localized-plugin git-revision-date-localized-plugin-iso_datetime\" title=\"{title} UTC\">{shown}</span>"
    )
}

/// Expected values are those that the plugins gave for such a history.
#[test]
fn pages_show_when_they_were_changed_and_created() {
    let (_, site) = told_site();
    let changed = span("5 de abril de 2022 05:07:08", "2022-04-05 05:07:08");
    let created = span("4 de marzo de 2021 04:06:07", "2021-03-04 04:06:07");
    let body = site.body("a.md");
    assert!(
        body.contains(&format!("<p>{changed} {created} {{{{ other }}}} ")),
        "{body}"
    );
    assert!(
        body.contains("<span class='git-page-authors git-authors'><a href='https://people.example/ben'>ben</a> (66.67%), <a href='https://people.example/ann'>ann</a> (33.33%)</span>"),
        "{body}"
    );
    assert!(
        site.body("new.md").contains(&created),
        "a new name is not a change"
    );
    assert!(site.body("u.md").contains("1970-01-02 00:00:00"));
    assert!(
        site.body("index.md")
            .contains("{{ git_revision_date_localized }}")
    );
    let page = site.output("a/index.html");
    assert!(
        page.contains("md-source-file") && page.contains("2022-04-05"),
        "{page}"
    );
    assert_eq!(site.said(), [""; 0]);
}

#[test]
fn a_commit_reaches_the_page_once_it_is_checked_out() {
    let (told, mut site) = told_site();
    assert!(site.body("a.md").contains("2022-04-05 05:07:08"));
    let newer = change("c4", 1_700_000_000, &[FileChange::Changed(path("a.md"))]);
    told.0.lock().insert(0, newer);
    site.write(".git/refs/heads/main", "c4\n");
    assert!(site.body("a.md").contains("2023-11-14 22:13:20"));
}

#[test]
fn a_site_without_history_says_so_once() {
    let site = Site::with(
        "plugins: [git-revision-date-localized, git-authors]\n",
        &[("docs/index.md", "# Home\n\n{{ git_page_authors }}\n")],
    );
    assert_eq!(site.said(), ["no-history mkdocs.yml:2"]);
    assert!(site.body("index.md").contains("<p></p>"));
}

#[test]
fn reads_a_repository() {
    let disk = DiskSite::new(&[("docs/ä b.md", "# A\n\ntext\n")]);
    let folder = disk.path("");
    let git = |arguments: &[&str]| git_at(&folder, 0, arguments);
    git(&["init", "--quiet"]);
    // A repository may name programs; none of them is run.
    let mark = disk.path("ran");
    let program = format!("touch {}", mark.display());
    git(&["config", "core.fsmonitor", &program]);
    git(&["config", "diff.external", &program]);
    git(&["-c", "core.fsmonitor=false", "add", "--all"]);
    git(&["-c", "core.fsmonitor=false", "commit", "-qm", "first"]);
    let read = Git::new(&folder);
    let changes = read
        .changes(&"docs".into(), "first", &|| ())
        .expect("a history");
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].time, 1_700_000_000);
    assert_eq!(changes[0].files, [FileChange::Added("docs/ä b.md".into())]);
    let lines = read
        .lines(&"docs/ä b.md".into(), "first", &|| ())
        .expect("lines");
    assert_eq!(
        (lines.len(), lines[0].name.as_str(), lines[0].zone.as_str()),
        (3, "Ann", "+0200")
    );
    assert!(!mark.exists(), "a program of the repository ran");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let nowhere = Git::new(elsewhere.path());
    assert_eq!(nowhere.changes(&"docs".into(), "", &|| ()), None);
}
