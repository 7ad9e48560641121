//! Nested snippets: either all of them are included, or what is missing is
//! reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::work::steps_of;

struct Files(BTreeMap<String, Arc<str>>);

impl SiteAccess for Files {
    fn snippet(&self, name: &str) -> Option<Snippet> {
        let text = self.0.get(name)?.clone();
        let path = SourcePath::new(name);
        Some(Snippet { path, text })
    }

    fn destination(&self, _: &str) -> Destination {
        Destination::Outside
    }

    fn icon(&self, _: &str) -> Option<Arc<str>> {
        None
    }
}

fn rendered(page: &str, files: impl IntoIterator<Item = (String, String)>) -> Body {
    let (options, _) = MarkdownOptions::new(&[extension("pymdownx.snippets")]);
    let files = files.into_iter().map(|(name, text)| (name, text.into()));
    let path = SourcePath::new("docs/a.md");
    render(&path, page, 1, &options, &Files(files.collect()))
}

/// The message of the only diagnostic, and where it points.
fn only_diagnostic(body: &Body) -> (String, String) {
    let [only] = &body.diagnostics[..] else {
        panic!("{:?}", body.diagnostics);
    };
    let span = only.span.as_ref().expect("a span");
    let place = format!(
        "{}:{}:{} {}",
        span.path, span.line, span.column, span.excerpt
    );
    (only.message.clone(), place)
}

#[test]
fn the_length_of_all_snippets_is_limited() {
    let line = |nth: usize| format!("--8<-- \"s{nth}.md\"\n");
    // The last one is long, or empty but for its marks.
    for last in ["x ".repeat(20_000) + "\n\n", String::new()] {
        let files = (0..12).map(|nth| {
            let text = match nth {
                11 => last.clone(),
                _ => format!("\n{}", line(nth + 1).repeat(10)),
            };
            (format!("s{nth}.md"), text)
        });
        let body = rendered(&line(0), files);
        let (message, place) = only_diagnostic(&body);
        let expected =
            "with this, the snippets of `docs/a.md` are longer than 16 MB or 200000 lines";
        assert_eq!(message, expected);
        assert!(
            place.starts_with('s') && place.contains("--8<-- \"s"),
            "{place}"
        );
        assert!(body.html.len() < 20 << 20);
    }
}

#[test]
fn a_part_may_be_repeated_until_the_page_is_full() {
    let long = "a\n".repeat(1_000);
    let ranges = ["1:1000"; 500].join(",");
    let page = format!("One\n\n--8<-- \"s.md:{ranges}\"\n\n--8<-- \"s.md:1:1\"\n");
    let body = rendered(&page, [("s.md".to_owned(), long)]);
    let (message, place) = only_diagnostic(&body);
    assert!(message.contains("200000 lines"), "{message}");
    assert!(place.starts_with("docs/a.md:3:9 "), "{place}");
    // A short section may be included often, even out of a long file.
    let long = "a ".repeat(1 << 20);
    let text = format!("{long}\n--8<-- [start:b]\nb\n--8<-- [end:b]\n");
    let page = "--8<-- \"s.md:b\"\n\n".repeat(100);
    let body = rendered(&page, [("s.md".to_owned(), text.clone())]);
    assert_eq!(
        (body.diagnostics, body.html.matches("<p>b").count()),
        (Vec::new(), 100)
    );
    let page = "--8<-- \"s.md:b\"\n\n".repeat(1_000);
    let body = rendered(&page, [("s.md".to_owned(), text)]);
    assert!(only_diagnostic(&body).0.contains("longer than"));
}

#[test]
fn the_nesting_of_snippets_is_limited() {
    let chain = |count: usize| {
        let file = |nth: usize| {
            (
                format!("s{nth}.md"),
                format!("--8<-- \"s{}.md\"\n", nth + 1),
            )
        };
        let files = (0..count).map(file);
        let last = (format!("s{count}.md"), "the last\n".to_owned());
        rendered("--8<-- \"s0.md\"\n", files.chain([last]))
    };
    let whole = chain(31);
    assert_eq!(whole.diagnostics, Vec::new());
    assert!(whole.html.contains("the last"));
    let (message, place) = only_diagnostic(&chain(32));
    assert_eq!(message, "snippets are nested more than 32 levels deep here");
    assert_eq!(place, "s31.md:1:9 --8<-- \"s32.md\"");
}

/// The limits do not count a page's own lines.
#[test]
fn long_pages_are_whole() {
    let page = "a\n\n".repeat(150_000) + "--8<-- \"s.md\"\n\nthe end\n";
    let body = rendered(&page, [("s.md".to_owned(), "in it\n".to_owned())]);
    assert_eq!(body.diagnostics, Vec::new());
    assert!(body.html.contains("in it") && body.html.contains("the end"));
}

#[test]
fn sections_take_time_linear_in_their_number() {
    let steps = |count: usize| {
        let section = |nth| format!("--8<-- [start:s{nth}]\na\n--8<-- [end:s{nth}]\n");
        let text: String = (0..50).map(section).collect();
        let page: String = (0..count)
            .map(|nth| format!("--8<-- \"s.md:s{}\"\n\n", nth % 50))
            .collect();
        steps_of(|| rendered(&page, [("s.md".to_owned(), text.clone())]))
    };
    assert!(steps(800) < 3 * steps(400));
}
