use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LONGEST, Report, json, markdown, text};
use crate::diff::{Block, Change, ChangeKind, Level};
use crate::session::review::{Cause, Losses, LostAnchors, LostPage, joined};
use crate::session::review::{PageReview, Reason, ReasonKind, ReviewList, Status};

fn page(source: &str, title: &str, status: Status) -> Arc<PageReview> {
    Arc::new(PageReview {
        source: source.to_owned(),
        address: format!("/{source}/"),
        language: None,
        title: title.to_owned(),
        status,
        from: None,
        reasons: vec![Reason {
            kind: ReasonKind::Snippet,
            path: "part.md".to_owned(),
        }],
        changes: vec![Change {
            kind: ChangeKind::Changed,
            level: Level::Text,
            block: Block::Paragraph,
            before: "one".to_owned(),
            after: "two".to_owned(),
            line: Some(3),
        }],
    })
}

fn report(pages: Vec<Arc<PageReview>>) -> Report {
    Report {
        roots: ("/".to_owned(), "/".to_owned()),
        title: "`v1`".to_owned(),
        commit: None,
        head: None,
        forge: None,
        notes: Vec::new(),
        list: ReviewList {
            compared: 9,
            pages,
            causes: Vec::new(),
        },
        losses: None,
        problems: None,
        translations: BTreeMap::new(),
    }
}

#[test]
fn a_terminal_gets_a_list_with_counts() {
    let mut of_two = report(vec![
        page("docs/a.md", "A\u{1b}[2J", Status::Changed),
        page("b.md", "", Status::Removed),
    ]);
    of_two.list.causes = vec![Cause {
        reasons: vec![Reason {
            kind: ReasonKind::Nav,
            path: "mkdocs.yml".to_owned(),
        }],
        pages: 7,
        changes: Vec::new(),
    }];
    of_two.losses = Some(Losses {
        pages: vec![LostPage {
            source: "b.md".to_owned(),
            address: "/b/".to_owned(),
            language: None,
        }],
        anchors: vec![LostAnchors {
            source: "docs/a.md".to_owned(),
            address: "/a/".to_owned(),
            language: None,
            anchors: vec!["x".to_owned(), "y".to_owned()],
        }],
    });
    let text = text(&of_two);
    assert!(!text.contains('\u{1b}'), "{text:?}");
    for line in [
        "docs/ (1)",
        "  - b.md  b.md",
        "      1 in the text; included part.md",
        "Around the articles of 7 pages: the nav",
        "Gone without a redirect: /b/ (b.md)",
        "Gone from /a/ (docs/a.md): #x and #y",
        "1 page changed and 1 removed; 9 pages were compared.",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
    }
}

#[test]
fn causes_are_objects_after_the_pages() {
    let mut of_one = report(vec![page("docs/a.md", "A", Status::Changed)]);
    of_one.list.causes = vec![Cause {
        reasons: vec![Reason {
            kind: ReasonKind::Template,
            path: "t.html".to_owned(),
        }],
        pages: 7,
        changes: Vec::new(),
    }];
    let data = json(&of_one);
    assert_eq!(data[0]["changes"][0]["forge"], serde_json::Value::Null);
    assert_eq!(data[0].get("from"), None);
    assert_eq!(
        (&data[1]["source"], &data[1]["pages"]),
        (&"t.html".into(), &7.into())
    );
}

#[test]
fn titles_mean_nothing_in_a_summary() {
    let title = "a | `b|c` [d](e) <b> @ann #1 `";
    let text = markdown(&report(vec![page("docs/a.md", title, Status::Added)]), None);
    let row = text.lines().last().unwrap_or_default();
    assert!(
        row.starts_with("| a \\| \\`b\\|c\\` \\[d\\](e) \\<b\\> @\u{200b}ann #\u{200b}1 \\`<br>"),
        "{row}"
    );
    assert!(text.starts_with("## 1 page added\n\nCompared with `v1`; 9 pages were compared.\n"));
}

#[test]
fn a_summary_is_no_longer_than_a_comment_may_be() {
    let pages = (0..900).map(|nth| page(&format!("docs/a-page-{nth}.md"), "Ä𝄞", Status::Added));
    let text = markdown(&report(pages.collect()), Some("https://ci.example/"));
    let length = text.encode_utf16().count();
    assert!((60_000..=LONGEST).contains(&length), "{length}");
    let last = text.lines().last().unwrap_or_default();
    let shown = text.lines().filter(|line| line.starts_with("| [")).count();
    assert_eq!(last, format!("{} more pages changed.", 900 - shown));
}

#[test]
fn parts_are_joined_as_people_do() {
    let of = |parts: &[&str]| joined(&parts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
    assert_eq!(of(&[]), "");
    assert_eq!(of(&["a", "b", "c"]), "a, b and c");
}
