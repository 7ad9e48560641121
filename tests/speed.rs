//! Markdown against Comrak's own way from text to HTML, in one run over the
//! same texts: `cargo bench --bench markdown`.
//!
//! On both sides, texts are in memory without their front matter, and become HTML. Ours
//! also contains what a page needs beside: its headings, links with their places, and
//! problems. Comrak runs with those of the extensions that it has too; what it takes for
//! indented code (admonitions, tabs), it does not parse. Code is highlighted once, in the
//! first round, and remembered, so that highlighting does not count.
//!
//! The texts are the real site's where the conformance suite is at hand, else
//! made-up ones; `page` shows how the time grows with a page.

#[path = "harness/comrak_alone.rs"]
mod comrak_alone;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use proofroom::files::SourcePath;
use proofroom::markdown::{
    Destination, Extension, MarkdownOptions, SiteAccess, Snippet, front_matter, render,
};
use serde_json::json;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A site whose links all lead outside; icons are the built-in ones.
struct Outside;

impl SiteAccess for Outside {
    fn snippet(&self, _: &str) -> Option<Snippet> {
        None
    }

    fn destination(&self, _: &str) -> Destination {
        Destination::Outside
    }

    fn icon(&self, shortcode: &str) -> Option<Arc<str>> {
        proofroom::icons::shortcode(shortcode)
    }
}

fn options() -> MarkdownOptions {
    let names = [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "footnotes",
        "md_in_html",
        "tables",
        "toc",
        "pymdownx.arithmatex",
        "pymdownx.caret",
        "pymdownx.critic",
        "pymdownx.details",
        "pymdownx.emoji",
        "pymdownx.keys",
        "pymdownx.mark",
        "pymdownx.superfences",
        "pymdownx.tabbed",
        "pymdownx.tasklist",
        "pymdownx.tilde",
    ];
    // As on the real site, whose icons would be unknown otherwise.
    let given = json!({
        "generic": true,
        "alternate_style": true,
        "custom_checkbox": true,
        "emoji_index": "!!python/name:material.extensions.emoji.twemoji",
        "emoji_generator": "!!python/name:material.extensions.emoji.to_svg",
    });
    let extensions = names.iter().map(|name| Extension {
        name: (*name).to_owned(),
        options: given.as_object().cloned().unwrap_or_default(),
    });
    MarkdownOptions::new(&extensions.collect::<Vec<_>>()).0
}

fn texts() -> Vec<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/conformance/corpus/privacyguides/docs");
    let mut found = Vec::new();
    gather(&corpus, &mut found);
    if found.is_empty() {
        found = (0..100).map(|number| page(number * 200)).collect();
    }
    found
}

fn gather(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let front = front_matter::split(&SourcePath::new("page.md"), &text);
            found.push(text[front.body_start..].to_owned());
        }
    }
}

/// A page of about `size` bytes.
fn page(size: usize) -> String {
    let part = "## A *heading* with `code`\n\nSome **strong** words, a [link](page.md \"title\"), an image ![alt](a.png) and more.\n\n- one\n- two\n\n    in two\n\n!!! note \"Title\"\n\n    With _emphasis_ and ==marks==.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n";
    part.repeat(size / part.len() + 1)
}

fn corpus(criterion: &mut Criterion) {
    let (options, comrak_options) = (options(), comrak_alone::options());
    let path = SourcePath::new("page.md");
    let texts = texts();
    let bytes: usize = texts.iter().map(String::len).sum();
    let ours = || {
        let html = |text: &String| render(&path, text, 1, &options, &Outside).html.len();
        texts.iter().map(html).sum::<usize>()
    };
    let theirs = || {
        let html = |text: &String| comrak::markdown_to_html(text, &comrak_options).len();
        texts.iter().map(html).sum::<usize>()
    };
    println!("corpus/ratio  {:.2} times Comrak", ratio(ours, theirs));
    let mut group = criterion.benchmark_group("corpus");
    group
        .sample_size(20)
        .throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("proofroom", |bencher| bencher.iter(ours));
    group.bench_function("comrak", |bencher| bencher.iter(theirs));
    group.finish();
}

/// How many times longer `ours` takes than `theirs`: the median of rounds in
/// which both run one after the other, so that a busy machine slows both.
fn ratio(ours: impl Fn() -> usize, theirs: impl Fn() -> usize) -> f64 {
    let seconds = |work: &dyn Fn() -> usize| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    };
    let round = |_| seconds(&ours) / seconds(&theirs);
    let mut rounds: Vec<f64> = (0..51).map(round).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}

fn size(criterion: &mut Criterion) {
    let options = options();
    let path = SourcePath::new("page.md");
    let mut group = criterion.benchmark_group("page");
    group.sample_size(10);
    for size in [10_000, 100_000, 1_000_000, 10_000_000] {
        let text = page(size);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &text, |bencher, text| {
            bencher.iter(|| render(&path, text, 1, &options, &Outside).html.len());
        });
    }
    group.finish();
}

/// Texts that make careless parsers slow, a megabyte each.
fn pathological(criterion: &mut Criterion) {
    const SIZE: usize = 1_000_000;
    let repeated = |part: &str| part.repeat(SIZE / part.len());
    let halves = |first: &str, second: &str| {
        first.repeat(SIZE / 2 / first.len()) + &second.repeat(SIZE / 2 / second.len())
    };
    let nested: String = (0..700)
        .map(|depth| format!("{}- x\n", "    ".repeat(depth)))
        .collect();
    let footnotes: String = (0..100_000)
        .map(|number| format!("[^{number}]: text\n\n"))
        .collect();
    let references: String = (0..30_000).map(|number| format!("a[^{number}] ")).collect();
    let texts = [
        ("brackets", repeated("[")),
        ("closed brackets", repeated("[a](")),
        ("images", repeated("![a](")),
        ("quotes", repeated(">")),
        ("quotes in lines", repeated("> a\n>> b\n")),
        ("stars", repeated("*")),
        ("stars and words", repeated("*a **b ")),
        ("tildes", repeated("~a ^b ")),
        ("backticks", repeated("`a ``b ")),
        (
            "backticks growing",
            (1..1400)
                .map(|count| format!("{}a", "`".repeat(count)))
                .collect(),
        ),
        ("nested lists", nested),
        ("list lines", repeated("- a\n    - b\n")),
        ("open fences", repeated("```\n\n~~~\n")),
        ("open tags", repeated("<a ")),
        ("open divs", repeated("<div>\n")),
        ("open markdown divs", repeated("<div markdown>\n")),
        ("open comments", repeated("<!-- ")),
        ("attribute lists", repeated("*a*{ .b ")),
        ("colons", repeated(":a ")),
        ("keys", repeated("++a+")),
        ("critic", repeated("{++ a {-- b ")),
        ("dollars", repeated("$a ")),
        ("pipes", format!("a | b\n--|--\n{}", repeated("| x "))),
        ("footnotes", footnotes),
        ("footnote references", references),
        (
            "abbreviations",
            format!(
                "{}\n\n{}",
                (0..3000)
                    .map(|number| format!("*[A{number}]: b\n"))
                    .collect::<String>(),
                repeated("A1 A2999 ")
            ),
        ),
        ("definitions", repeated("a\n:   b\n\n")),
        ("headings", repeated("# a\n")),
        ("entities", repeated("&amp;")),
        ("escapes", repeated("\\*")),
        ("one paragraph", repeated("word ")),
        ("open cells with Markdown", repeated("<td markdown>")),
        (
            "unread elements",
            format!("<div markdown>\n{}", repeated("<div>\n")),
        ),
        (
            "tags in open elements",
            halves("<div markdown>\n", "<b></p>"),
        ),
        ("ends of other slashes", repeated("/// caption\n////\n")),
        ("a long run before others", halves("^^", "[ a^a")),
        ("ambiguous marks", halves("a**", "a*")),
        ("emphasis in emphasis", halves("*_", "_*")),
        ("open targets", repeated("[a](b \"")),
        ("open formulas", repeated("\\(")),
        ("open attributes", repeated("<a b='")),
        ("icons that do not exist", repeated(":material-xyzxyz: ")),
        ("tables", repeated("# |\n|-|\n")),
        ("fences in comments", repeated("<!-- ~~~\n")),
        ("front matter in text", repeated("---\na: b\n")),
    ];
    let options = options();
    let path = SourcePath::new("page.md");
    // Once each, so that the slowest is known: none may take two seconds.
    let seconds = |text: &str| {
        let start = Instant::now();
        black_box(render(&path, text, 1, &options, &Outside).html.len());
        start.elapsed().as_secs_f64()
    };
    let mut slowest: Vec<(f64, &str)> = texts
        .iter()
        .map(|(name, text)| (seconds(text), *name))
        .collect();
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (seconds, name) in &slowest[..5] {
        println!("pathological/slowest  {seconds:.3} s  {name}");
    }
    let mut group = criterion.benchmark_group("pathological");
    group.sample_size(10);
    for (name, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |bencher, text| {
            bencher.iter(|| render(&path, text, 1, &options, &Outside).html.len());
        });
    }
    group.finish();
}

criterion_group!(benches, corpus, size, pathological);
criterion_main!(benches);
