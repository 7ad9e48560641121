//! The work of a page grows with its length, whatever is on it.

use super::{Nowhere, everything, render};
use crate::files::SourcePath;
use crate::work::steps_of;

#[path = "../../../tests/fuzz/targets/pieces.rs"]
pub(crate) mod pieces;

use pieces::{PIECES, Recipe};

/// More than this `n log n` does not grow by when `n` doubles.
const MOST: f64 = 2.6;

fn steps(page: &str) -> u64 {
    let (path, options) = (SourcePath::new("docs/a.md"), everything());
    let front = super::front_matter::split(&path, page);
    let front_steps = steps_of(|| super::front_matter::split(&path, page));
    front_steps + steps_of(|| render(&path, &page[front.body_start..], 1, &options, &Nowhere))
}

/// How much more work twice as much is, and four times as much beside that:
/// the lesser, for a bound may be passed in between.
fn growth(page: impl Fn(usize) -> String, size: usize) -> f64 {
    let least = 200;
    let of = |size| (steps(&page(size)) + least) as f64;
    let (first, second) = (of(size), of(2 * size));
    if second / first < MOST {
        second / first
    } else {
        (second / first).min(of(4 * size) / second)
    }
}

#[test]
fn every_construct_repeated_takes_as_long_as_it_is() {
    for piece in 0..PIECES.len() {
        let recipe = Recipe {
            set: 0,
            parts: vec![(vec![piece], true)],
        };
        let mut grows = growth(|size| recipe.page(size), 1_500);
        // A long piece may stand within itself up to a bound that so short a
        // page does not reach.
        if grows >= MOST {
            grows = growth(|size| recipe.page(size), 6_000);
        }
        assert!(grows < MOST, "{} grows by {grows}", recipe.shown());
    }
}

/// Each took time that grew with the square of its length.
#[test]
fn what_was_slow_is_not() {
    let numbered =
        |count: usize, line: &dyn Fn(usize) -> String| -> String { (0..count).map(line).collect() };
    let repeated = |part: &'static str| -> Box<dyn Fn(usize) -> String> {
        Box::new(move |size| part.repeat(size / part.len()))
    };
    let twice = |first: &'static str, second: &'static str| -> Box<dyn Fn(usize) -> String> {
        Box::new(move |size| {
            let half = |part: &str| part.repeat(size / 2 / part.len());
            half(first) + &half(second)
        })
    };
    type Page = Box<dyn Fn(usize) -> String>;
    let pages: Vec<(&str, Page)> = vec![
        ("open <pre>", repeated("<pre>")),
        ("open tags and text", repeated("a<p>")),
        ("open formulas", repeated("\\(")),
        ("underlined headings", repeated("a\n=\n")),
        ("headings and rules", repeated("# a\n***\n")),
        ("tables", repeated("# |\n|-|\n")),
        ("definitions", repeated("a\n\n:   a\n\n")),
        ("selected tabs", repeated("===+ \"a\"\n")),
        ("ends of other slashes", repeated("/// caption\n////\n")),
        ("ends of more slashes", repeated("/// note\n////\n/////\n")),
        (
            "tags in open elements",
            Box::new(|size| "<div markdown>\n".repeat(size / 30) + &"<b></p>".repeat(size / 14)),
        ),
        (
            "elements in elements that are not read",
            Box::new(|size| {
                let inner = "a".repeat(size / 2);
                format!("<div markdown>\n{}{inner}", "<div>\n".repeat(size / 12))
            }),
        ),
        ("a long run before others", twice("^^", "[ a^a")),
        ("open names", repeated("*[a\n")),
        ("open wiki links", repeated("[[a ")),
        ("open labels", repeated("[^a ")),
        ("references", repeated("[a][b] ")),
        ("references without an end", repeated("[a][b ")),
        ("references in references", twice("[", "a][]")),
        ("references in named ones", twice("[", "a][b]")),
        (
            "defined references in others",
            Box::new(|size| {
                let half = |part: &str| part.repeat(size / 2 / part.len());
                format!("[a]: b\n\n{}{}", half("[a ["), half("a][a] "))
            }),
        ),
        (
            "links in links",
            Box::new(|size| format!("{}{}", "[a".repeat(size / 12), "](b)".repeat(size / 6))),
        ),
        (
            "unknown references in brackets",
            Box::new(|size| {
                let half = |part: &str| part.repeat(size / 2 / part.len());
                format!("[a]: b\n\n{}{}", half("["), half("][c]"))
            }),
        ),
        ("open end tags", repeated("</b ")),
        (
            "tags up to a backtick",
            Box::new(|size| "<a ".repeat(size / 3) + "`>"),
        ),
        (
            "tags with a quote",
            Box::new(|size| "<a b='".repeat(size / 6) + " c=\">"),
        ),
        (
            "comments in comments",
            Box::new(|size| "<!-- ".repeat(size / 5) + "a -->"),
        ),
        (
            "instructions in a line",
            Box::new(|size| format!("a {}?>", "<? ".repeat(size / 3))),
        ),
        ("comments in bold", repeated("<b><!-- a -->")),
        ("open and closed tags", twice("<pre>", "</i>")),
        ("open bars", repeated("[=1% \"")),
        ("addresses that are none", repeated("(http://a_b/")),
        ("addresses in brackets", repeated("_a_(www.a")),
        ("addresses in stars", repeated("*www.a_b")),
        ("addresses in entities", repeated("(www.a_b&amp;")),
        ("addresses in a domain", repeated("_www.a")),
        (
            "addresses in a domain with a path",
            Box::new(|size| "_www.a".repeat(size / 6) + "/"),
        ),
        (
            "addresses before much punctuation",
            Box::new(|size| "_www.a_b".repeat(size / 16) + &".".repeat(size / 2)),
        ),
        (
            "brackets behind an address",
            Box::new(|size| "http://a".to_owned() + &")".repeat(size)),
        ),
        (
            "classes",
            Box::new(|size| format!("*a*{{{}}}", " .a".repeat(size / 3))),
        ),
        (
            "tags in a list that is not closed",
            Box::new(|size| format!("a {{a=\"{}", "<b>".repeat(size / 3))),
        ),
        ("lists with tags that are not closed", repeated("{a=\"<b>")),
        (
            "indented front matter",
            Box::new(|size| "a: b\n".to_owned() + &"    c\n".repeat(size / 6)),
        ),
        ("icons that do not exist", repeated(":material-xyzxyz: ")),
        (
            "ampersands",
            Box::new(|size| format!("![{}](b)", "&a ".repeat(size / 3))),
        ),
        (
            "ambiguous marks",
            Box::new(|size| {
                let opening = "a**".repeat(size / 6);
                opening + &"a*".repeat(size / 6)
            }),
        ),
        (
            "nested emphasis",
            Box::new(|size| "*_".repeat(size / 4) + "a" + &"_*".repeat(size / 4)),
        ),
    ];
    for (name, page) in &pages {
        let grows = growth(page, 4_000);
        assert!(grows < MOST, "{name} grow by {grows}");
    }
    let wide = |size: usize| {
        let columns = size / 8;
        format!(
            "{}\n{}\n{}",
            "a|".repeat(columns),
            "-|".repeat(columns),
            "|\n".repeat(size / 4)
        )
    };
    assert!(growth(wide, 60_000) < MOST, "empty rows of a wide table");
    let names = |size: usize| {
        let define = |nth| format!("*[A{}]: a\n", "a".repeat(nth));
        numbered(60, &define) + "\n" + &format!("A{} ", "a".repeat(70)).repeat(size / 72)
    };
    assert!(
        growth(names, 20_000) < MOST,
        "abbreviations that begin alike"
    );
    let ticks = |size: usize| {
        let count = (2.0 * size as f64).sqrt() as usize;
        numbered(count, &|nth| "`".repeat(nth) + "a")
    };
    assert!(growth(ticks, 20_000) < MOST, "backticks");
}

/// What is beyond a bound is said, and stays as it is written.
#[test]
fn bounds_are_named() {
    let (path, options) = (SourcePath::new("docs/a.md"), everything());
    let said = |page: &str| {
        let body = render(&path, page, 1, &options, &Nowhere);
        let found = body
            .diagnostics
            .into_iter()
            .filter(|it| it.rule.name() == "too-much");
        let messages: Vec<String> = found.map(|it| it.message).collect();
        (messages.join("; "), body.html)
    };
    let long = "x".repeat(600_000);
    let (message, html) = said(&format!(
        "*[AB]: {long}\n\nAB AB AB {}\n",
        "AB ".repeat(400)
    ));
    assert!(message.contains("abbreviations"), "{message}");
    assert!(html.len() < 40 * long.len() && html.contains(" AB AB"));
    let (message, _) = said(&format!("[a]: {long}\n\n{}\n", "[a] ".repeat(400)));
    assert!(message.contains("link references"), "{message}");
    let (message, _) = said(&("^^".repeat(6_000) + &"[ a^a".repeat(2_000)));
    assert!(message.contains("never closed"), "{message}");
    let (message, _) = said(&"> ".repeat(200));
    assert!(message.contains("100 containers"), "{message}");
    let (message, html) = said(&format!(
        "{}a{}",
        "**a *b ".repeat(150),
        " b* a**".repeat(150)
    ));
    assert!(
        message.contains("emphasis") && html.contains("<em>"),
        "{message}"
    );
    let (message, _) = said(&format!("``` py\na = 1\n{}\n```\n", "a ".repeat(6_000)));
    assert!(message.contains("without colours"), "{message}");
    assert_eq!(
        said(&format!("``` text\n{}\n```\n", "a ".repeat(6_000))).0,
        ""
    );
    let notes: String = (0..101).map(|nth| format!("a[^n{nth}] ")).collect();
    let (message, _) = said(&notes);
    assert!(message.contains("footnotes"), "{message}");
    let contents = "[TOC]\n\n".repeat(3_000) + &"# heading\n\n".repeat(3_000);
    let (message, html) = said(&contents);
    assert!(message.contains("table of contents"), "{message}");
    assert!(html.len() < 100 * contents.len());
    assert_eq!(said("> a *b* [c](d)\n").0, "");
}

/// `work` on a thread with a stack of a megabyte, half of what threads have that
/// nobody asked for more.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    let result = thread.expect("a thread").join();
    assert!(result.is_ok(), "the work panicked");
}

/// Each piece within itself, as often as a page of somebody evil has it: an
/// overflow would end the process.
#[test]
fn nothing_overflows_the_stack() {
    on_a_small_stack(|| {
        for piece in 0..PIECES.len() {
            let recipe = Recipe {
                set: 0,
                parts: vec![(vec![piece], true)],
            };
            steps(&recipe.repeated(5_000, 60_000));
            // In lines of their own, each deeper than the one before.
            let lines = (0..110).map(|depth| "    ".repeat(depth) + &recipe.repeated(1, 1) + "\n");
            steps(&lines.collect::<String>());
        }
        steps(&("<td markdown>".repeat(5_000) + "a" + &"</td>".repeat(5_000)));
        // What is bounded on its own, within each other.
        let elements = ["<div markdown>\n", "<td markdown>", "<div markdown>\n\n"];
        let containers = ["> ", "- ", "> - ", "1. > "];
        let inner = [
            "*_", "**a _b ", "[", "![", "~~a ^b ", "==a ", "[a](b \"", "<b>",
        ];
        for (elements, containers) in elements.iter().flat_map(|it| containers.map(|to| (it, to))) {
            for inner in inner {
                let close: String = inner.chars().rev().collect();
                let text = inner.repeat(120) + "a" + &close.repeat(120);
                let line = containers.repeat(120) + &text + "\n";
                steps(&(elements.repeat(1_000) + &line + &line));
            }
        }
    });
}
