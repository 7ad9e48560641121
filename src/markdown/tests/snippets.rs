//! Snippets within snippets: all of them, or a word about what is missing.

use std::collections::BTreeMap;

use super::*;
use crate::work::steps_of;

struct Files(BTreeMap<String, Arc<str>>);

impl Surroundings for Files {
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
    let (options, _) = Options::new(&[extension("pymdownx.snippets")]);
    let files = files.into_iter().map(|(name, text)| (name, text.into()));
    let path = SourcePath::new("docs/a.md");
    render(&path, page, 1, &options, &Files(files.collect()))
}

/// What was refused, and where.
fn refused(body: &Body) -> (String, String) {
    let found: Vec<_> = body.diagnostics.iter().collect();
    let [only] = found[..] else {
        panic!("{found:?}");
    };
    let span = only.span.as_ref().expect("a place");
    let place = format!(
        "{}:{}:{} {}",
        span.path, span.line, span.column, span.excerpt
    );
    (only.message.clone(), place)
}

#[test]
fn a_page_holds_so_many_snippets() {
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
        let (message, place) = refused(&body);
        let expected =
            "with this the snippets of `docs/a.md` are longer than 16 MB or 200000 lines";
        assert_eq!(message, expected);
        assert!(
            place.starts_with('s') && place.contains("--8<-- \"s"),
            "{place}"
        );
        assert!(body.html.len() < 20 << 20);
    }
}

#[test]
fn a_part_is_taken_as_often_as_a_page_may_hold() {
    let long = "a\n".repeat(1_000);
    let ranges = ["1:1000"; 500].join(",");
    let page = format!("One\n\n--8<-- \"s.md:{ranges}\"\n\n--8<-- \"s.md:1:1\"\n");
    let body = rendered(&page, [("s.md".to_owned(), long)]);
    let (message, place) = refused(&body);
    assert!(message.contains("200000 lines"), "{message}");
    assert!(place.starts_with("docs/a.md:3:9 "), "{place}");
    // What a page takes little of is read as often as it is asked for.
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
    assert!(refused(&body).0.contains("longer than"));
}

#[test]
fn snippets_stand_within_each_other_so_deep() {
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
    let (message, place) = refused(&chain(32));
    assert_eq!(
        message,
        "more than 32 snippets stand within each other here"
    );
    assert_eq!(place, "s31.md:1:9 --8<-- \"s32.md\"");
}

/// A page's own lines are no snippets, however many there are.
#[test]
fn long_pages_are_whole() {
    let page = "a\n\n".repeat(150_000) + "--8<-- \"s.md\"\n\nthe end\n";
    let body = rendered(&page, [("s.md".to_owned(), "in it\n".to_owned())]);
    assert_eq!(body.diagnostics, Vec::new());
    assert!(body.html.contains("in it") && body.html.contains("the end"));
}

#[test]
fn sections_of_a_snippet_take_as_long_as_they_are() {
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
