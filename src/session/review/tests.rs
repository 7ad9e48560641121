use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{BaseSources, Found, Review, ReviewList, Status};
use crate::diff::Level;
use crate::files::{Memory, NoHistory, SourcePath};
use crate::session::Sites;
use crate::site::Invocation;
use crate::watch::ChangeBatch;

const CONFIG: (&str, &str) = (
    "mkdocs.yml",
    "site_name: S\ntheme:\n  name: proofroom\n  custom_dir: overrides\nmarkdown_extensions:\n  - pymdownx.snippets\n",
);

fn sites(files: &Memory) -> Sites {
    let call = Invocation {
        folder_name: "example".to_owned(),
        sources: true,
        ..Invocation::default()
    };
    Sites::new(Arc::new(files.clone()), Arc::new(NoHistory), call)
}

/// A project with a base, and its files now.
struct Desk {
    files: Memory,
    review: Review,
}

impl Desk {
    fn new(base: &[(&str, &str)], now: &[(&str, &str)]) -> Self {
        Self::renamed(base, now, &[])
    }

    fn renamed(base: &[(&str, &str)], now: &[(&str, &str)], renames: &[(&str, &str)]) -> Self {
        let with_config = |files: &[(&str, &str)]| {
            let config = [
                CONFIG,
                ("overrides/main.html", "{% extends \"base.html\" %}\n"),
            ];
            Memory::new(config.into_iter().chain(files.iter().copied()))
        };
        let (base, files) = (with_config(base), with_config(now));
        let renames: BTreeMap<SourcePath, SourcePath> = renames
            .iter()
            .map(|(old, new)| (SourcePath::new(old), SourcePath::new(new)))
            .collect();
        let review = Review::new(Arc::new(sites(&files)), Arc::new(sites(&base)), renames);
        Self { files, review }
    }

    fn write(&self, path: &str, text: &str) {
        let path = SourcePath::new(path);
        self.files.write(&path, text);
        self.review.now().apply(&ChangeBatch::Paths(vec![path]));
    }

    fn list(&self) -> ReviewList {
        self.review.list(&|_| {})
    }

    /// The list as lines of text.
    fn lines(&self) -> String {
        let mut lines = String::new();
        let list = self.list();
        for page in &list.pages {
            let _ = write!(lines, "{:?} {}", page.status, page.source);
            if let Some(from) = &page.from {
                let _ = write!(lines, " from {from}");
            }
            for reason in &page.reasons {
                let _ = write!(lines, " <{:?} {}>", reason.kind, reason.path);
            }
            for change in &page.changes {
                let _ = write!(lines, " [{:?} {:?}]", change.kind, change.block);
            }
            lines.push('\n');
        }
        for cause in &list.causes {
            let _ = write!(lines, "{} pages:", cause.pages);
            for reason in &cause.reasons {
                let _ = write!(lines, " <{:?} {}>", reason.kind, reason.path);
            }
            lines.push('\n');
        }
        lines
    }
}

#[test]
fn pages_are_listed_with_what_their_changes_come_from() {
    let base = [
        ("docs/index.md", "# Home\n\nOne two three.\n"),
        ("docs/a.md", "# A\n\n--8<-- \"part.md\"\n"),
        ("docs/b.md", "# B\n\nNothing changes here.\n"),
        ("part.md", "The part of all pages.\n"),
    ];
    let desk = Desk::new(&base, &base);
    assert_eq!(desk.lines(), "");
    desk.write("docs/index.md", "# Home\n\nOne two four.\n");
    desk.write("part.md", "The part of most pages.\n");
    assert_eq!(
        desk.lines(),
        "Changed docs/a.md <Snippet part.md> [Changed Paragraph]\n\
         Changed docs/index.md <Text docs/index.md> [Changed Paragraph]\n"
    );
    // Back to what it was.
    desk.write("docs/index.md", base[0].1);
    desk.write("part.md", base[3].1);
    assert_eq!(desk.lines(), "");
    // Line endings are no change.
    desk.write("docs/index.md", "# Home\r\n\r\nOne two three.\r\n");
    assert_eq!(desk.lines(), "");
}

#[test]
fn what_all_pages_show_is_said_once() {
    let base = [
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\nText.\n"),
        ("docs/b.md", "# B\n\nText.\n"),
    ];
    let desk = Desk::new(&base, &base);
    desk.write("docs/new.md", "# New\n");
    assert_eq!(
        desk.lines(),
        "Added docs/new.md <Text docs/new.md> [Added Heading]\n3 pages: <Nav mkdocs.yml>\n"
    );
    let desk = Desk::new(&base, &base);
    desk.write(
        "overrides/main.html",
        "{% extends \"base.html\" %}\n{% block footer %}Changed{% endblock %}\n",
    );
    assert_eq!(desk.lines(), "3 pages: <Template overrides/main.html>\n");
}

#[test]
fn renames_are_found_by_git_and_by_likeness() {
    let text = "# Page\n\nThis is a page.\n\nIt has some text.\n\nAnd a little more of it.\n";
    let base = [("docs/index.md", "# Home\n"), ("docs/old.md", text)];
    let now = [("docs/index.md", "# Home\n"), ("docs/new.md", text)];
    let desk = Desk::new(&base, &now);
    let list = desk.list();
    assert_eq!(list.pages.len(), 1);
    let page = &list.pages[0];
    assert_eq!(
        (page.status, page.from.as_deref()),
        (Status::Renamed, Some("docs/old.md"))
    );
    assert!(page.changes.is_empty(), "{page:#?}");
    // Nothing is alike, but git knows.
    let now = [("docs/index.md", "# Home\n"), ("docs/new.md", "# Other\n")];
    let desk = Desk::renamed(&base, &now, &[("docs/old.md", "docs/new.md")]);
    assert_eq!(desk.list().pages[0].status, Status::Renamed);
    let desk = Desk::new(&base, &now);
    let statuses: Vec<Status> = desk.list().pages.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [Status::Added, Status::Removed]);
}

#[test]
fn a_picture_that_was_exchanged_is_a_change() {
    let base = [
        ("docs/index.md", "# Home\n\n![A](a.png)\n"),
        ("docs/a.png", "one"),
    ];
    let desk = Desk::new(&base, &base);
    assert_eq!(desk.lines(), "");
    desk.write("docs/a.png", "two");
    assert_eq!(
        desk.lines(),
        "Changed docs/index.md <Image docs/a.png> [Changed Image]\n"
    );
    let marked = desk.review.marked(
        None,
        "index.html",
        &|path| format!("/base/{path}"),
        &[Level::Text],
    );
    let html = marked.html.expect("a page");
    assert!(html.contains("src=\"/base/a.png\""), "{html}");
    // One that was renamed as well is one change.
    desk.write("docs/b.png", "two");
    desk.write("docs/index.md", "# Home\n\n![A](b.png)\n");
    assert_eq!(
        desk.lines(),
        "Changed docs/index.md <Text docs/index.md> [Changed Image]\n"
    );
}

#[test]
fn a_page_is_shown_with_its_changes() {
    let base = [
        ("docs/index.md", "# Home\n\nOne two three.\n"),
        ("docs/gone.md", "# Gone\n\nAll of it.\n"),
    ];
    let desk = Desk::new(&base, &base[..1]);
    desk.write("docs/index.md", "# Home\n\nOne 2 three.\n");
    let marked = |output: &str| {
        desk.review
            .marked(None, output, &|path| path.to_owned(), &[Level::Text])
    };
    let home = marked("index.html");
    let html = home.html.expect("a page");
    assert!(html.contains(">two</del><ins"), "{html}");
    let review = home.review.expect("it differs");
    assert_eq!((review.changes.len(), home.keys.len()), (1, 1));
    assert_eq!(review.changes[0].line, Some(3));
    assert!(html.contains(&home.keys[0]));
    let gone = marked("gone/index.html");
    assert_eq!(gone.review.expect("it is gone").status, Status::Removed);
    assert!(gone.html.expect("as it was").contains("All of it"));
    assert!(marked("none/index.html").html.is_none());
}

#[test]
fn what_is_found_is_told_at_once() {
    let base = [
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\nText.\n"),
    ];
    let desk = Desk::new(&base, &base);
    desk.write("docs/index.md", "# House\n");
    let told = Mutex::new((Vec::new(), (0, 0)));
    desk.review.list(&|found| match found {
        Found::Page(page) => told.lock().0.push(page.source.clone()),
        Found::Compared(done, all) => {
            let last = &mut told.lock().1;
            *last = (last.0.max(done), all);
        }
    });
    assert_eq!(*told.lock(), (vec!["docs/index.md".to_owned()], (2, 2)));
}

#[test]
fn pages_of_a_language_that_is_gone_are_listed() {
    let config =
        |more: &str| format!("site_name = \"S\"\n[languages]\nen = {{ docs = \"docs\" }}\n{more}");
    let files = [
        ("docs/index.md", "# Home\n"),
        ("i18n/he/index.md", "# Hebrew\n"),
    ];
    let memory = |more: &str| {
        let config = config(more);
        let files = files
            .iter()
            .copied()
            .chain([("proofroom.toml", config.as_str())]);
        Memory::new(files.collect::<Vec<_>>())
    };
    let both = memory("he = { docs = \"i18n/he\" }\n");
    let one = memory("");
    let statuses = |base: &Memory, now: &Memory| -> Vec<(Status, String)> {
        let review = Review::new(Arc::new(sites(now)), Arc::new(sites(base)), BTreeMap::new());
        let pages = review.list(&|_| {}).pages;
        pages
            .iter()
            .map(|page| (page.status, page.address.clone()))
            .collect()
    };
    assert_eq!(
        statuses(&both, &one),
        [(Status::Removed, "/he/".to_owned())]
    );
    assert_eq!(statuses(&one, &both), [(Status::Added, "/he/".to_owned())]);
    let review = Review::new(
        Arc::new(sites(&one)),
        Arc::new(sites(&both)),
        BTreeMap::new(),
    );
    let lost = review.new_problems();
    assert_eq!(lost.len(), 1, "{lost:#?}");
    assert!(lost[0].message.contains("`/he/`"), "{lost:#?}");
}

#[test]
fn a_save_compares_the_saved_page_again_and_no_other() {
    let pages: Vec<String> = (0..20).map(|nth| format!("docs/{nth}.md")).collect();
    let mut base = vec![CONFIG];
    base.extend(
        pages
            .iter()
            .map(|path| (path.as_str(), "# A\n\nOne two three.\n")),
    );
    let files = Memory::new(base.iter().copied());
    let ran: Arc<Mutex<Vec<String>>> = Arc::default();
    let observers = [ran.clone(), ran.clone()].map(|ran| {
        move |query: &str| {
            assert!(!query.starts_with("outside_print"), "no page is rendered");
            if query.starts_with("article_print") {
                ran.lock().push(query.to_owned());
            }
        }
    });
    let [now, then] = observers.map(|it| Box::new(it) as crate::site::Observer);
    let now = sites(&files).observed(now);
    let before = sites(&Memory::new(base.iter().copied())).observed(then);
    let review = Review::new(Arc::new(now), Arc::new(before), BTreeMap::new());
    assert!(review.list(&|_| {}).pages.is_empty());
    assert_eq!(std::mem::take(&mut *ran.lock()).len(), 40);
    let path = SourcePath::new("docs/7.md");
    files.write(&path, "# A\n\nOne 2 three.\n");
    review.now().apply(&ChangeBatch::Paths(vec![path]));
    let list = review.list(&|_| {});
    assert_eq!(list.pages.len(), 1);
    assert_eq!(list.pages[0].source, "docs/7.md");
    let again = std::mem::take(&mut *ran.lock());
    assert_eq!(again.len(), 1, "{again:?}");
    review.list(&|_| {});
    assert_eq!(*ran.lock(), [""; 0]);
}

/// What a base is told of changes on disk.
struct Beside;

impl BaseSources for Beside {
    fn changes(&self, batch: &ChangeBatch) -> Option<ChangeBatch> {
        let ChangeBatch::Paths(paths) = batch else {
            return Some(ChangeBatch::Everything);
        };
        let is_beside = |path: &&SourcePath| path.name() == "part.md";
        let beside: Vec<SourcePath> = paths.iter().filter(is_beside).cloned().collect();
        (!beside.is_empty()).then_some(ChangeBatch::Paths(beside))
    }

    fn watched(&self) -> BTreeSet<SourcePath> {
        BTreeSet::from([SourcePath::new("part.md")])
    }

    fn notes(&self) -> Vec<String> {
        vec!["`part.md` is the same on both sides.".to_owned()]
    }
}

#[test]
fn what_is_the_same_on_both_sides_changes_on_both() {
    let files = [
        CONFIG,
        ("docs/index.md", "# Home\n\n--8<-- \"part.md\"\n"),
        ("part.md", "One.\n"),
    ];
    let (base, files) = (Memory::new(files), Memory::new(files));
    let review = Review::new(
        Arc::new(sites(&files)),
        Arc::new(sites(&base)),
        BTreeMap::new(),
    );
    let review = review.with_base_sources(Arc::new(Beside));
    assert!(review.list(&|_| {}).pages.is_empty());
    assert_eq!((review.watched().len(), review.notes().len()), (1, 1));
    let path = SourcePath::new("part.md");
    for side in [&files, &base] {
        side.write(&path, "Two.\n");
    }
    let batch = ChangeBatch::Paths(vec![path]);
    review.now().apply(&batch);
    assert_eq!(
        review.list(&|_| {}).pages.len(),
        1,
        "the base is not told yet"
    );
    review.apply_to_base(&batch);
    assert!(review.list(&|_| {}).pages.is_empty());
    review.apply_to_base(&ChangeBatch::Paths(vec![SourcePath::new("docs/index.md")]));
    assert!(review.list(&|_| {}).pages.is_empty());
}

/// Rules, places and messages of what is new.
fn new_problems(desk: &Desk) -> Vec<String> {
    let new = desk.review.new_problems();
    let said = new.iter().map(|it| {
        let place = it
            .span
            .as_ref()
            .map(|span| format!("{}:{}", span.path, span.line));
        format!(
            "{} {} {}",
            it.rule,
            place.unwrap_or_default(),
            it.help.as_deref().unwrap_or("")
        )
    });
    said.collect()
}

#[test]
fn only_problems_that_are_new_are_said() {
    let base = [("docs/index.md", "# Home\n\n[a](gone.md)\n")];
    let desk = Desk::new(&base, &base);
    assert_eq!(new_problems(&desk), [""; 0]);
    // On another line now; and a second one on an equal line is new.
    desk.write("docs/index.md", "# Home\n\nText.\n\n[a](gone.md)\n");
    assert_eq!(new_problems(&desk), [""; 0]);
    desk.write("docs/index.md", "# Home\n\n[a](gone.md)\n\n[a](gone.md)\n");
    assert_eq!(new_problems(&desk).len(), 1);
    // In a file that was renamed.
    let text = "# Old\n\nSome text of it.\n\n[a](gone.md)\n";
    let desk = Desk::renamed(
        &[("docs/old.md", text), base[0]],
        &[("docs/new.md", text), base[0]],
        &[("docs/old.md", "docs/new.md")],
    );
    assert_eq!(
        new_problems(&desk),
        [
            "lost-address docs/old.md:1 add `old.md: new.md` to `redirect_maps` of the plugin `redirects`"
        ]
    );
}

#[test]
fn anchors_are_lost_where_the_page_is_still_there() {
    let base = [(
        "docs/index.md",
        "# Home\n\n## One\n\nText.\n\n## Two\n\nText[^1].\n\n[^1]: A note.\n\n## Three\n",
    )];
    let desk = Desk::new(&base, &base);
    desk.write(
        "docs/index.md",
        "# Home\n\n## One\n\nText.\n\n## Second\n\nText.\n\n## Three\n",
    );
    assert_eq!(
        new_problems(&desk),
        ["lost-anchor docs/index.md:7 keep the id: write `{ #two }` behind the heading `Second`"]
    );
    desk.write(
        "docs/index.md",
        "# Home\n\n## One\n\n## Three\n\n<a id=\"two\"></a>\n",
    );
    assert_eq!(new_problems(&desk), [""; 0]);
    desk.write("docs/index.md", "# Home\n\n## One\n\n## Three\n");
    assert_eq!(
        new_problems(&desk),
        [
            "lost-anchor docs/index.md:7 keep the id: write `<a id=\"two\"></a>` where links to it lead"
        ]
    );
}

#[test]
fn a_new_page_renders_only_the_pages_that_show_it() {
    let config = "site_name = \"Example\"\n[theme]\nfeatures = [\"navigation.prune\"]\n";
    let paths = ["one/a", "one/b", "one/c", "two/a", "two/b", "two/c"];
    let paths = paths.map(|path| format!("docs/{path}.md"));
    let mut base = vec![("docs/proofroom.toml", config)];
    base.extend(paths.iter().map(|path| (path.as_str(), "# A\n\nOne.\n")));
    let files = Memory::new(base.iter().copied());
    files.write(&SourcePath::new("docs/one/d.md"), "# New\n");
    let ran: Arc<Mutex<usize>> = Arc::default();
    let observers = [ran.clone(), ran.clone()].map(|ran| {
        move |query: &str| *ran.lock() += usize::from(query.starts_with("outside_print"))
    });
    let [now, then] = observers.map(|it| Box::new(it) as crate::site::Observer);
    let now = sites(&files).observed(now);
    let before = sites(&Memory::new(base.iter().copied())).observed(then);
    let review = Review::new(Arc::new(now), Arc::new(before), BTreeMap::new());
    let list = review.list(&|_| {});
    assert_eq!(list.pages.len(), 1);
    // The pages of its folder, and the one that is next now.
    assert_eq!(list.causes[0].pages, 4);
    assert_eq!(*ran.lock(), 2 * 4);
}
