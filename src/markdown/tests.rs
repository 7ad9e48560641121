use serde_json::Map;

use super::title::Nowhere;
use super::*;

mod snippets;
pub(crate) mod work;

fn extension(name: &str) -> Extension {
    Extension {
        name: name.to_owned(),
        options: Map::new(),
    }
}

/// Renders with the lines of every block.
fn sourced(text: &str) -> String {
    let names = [
        "admonition",
        "def_list",
        "md_in_html",
        "pymdownx.details",
        "pymdownx.superfences",
        "tables",
    ];
    let extensions: Vec<Extension> = names.iter().map(|name| extension(name)).collect();
    let (mut options, _) = MarkdownOptions::new(&extensions);
    options.sources = true;
    render(&SourcePath::new("docs/a.md"), text, 1, &options, &Nowhere).html
}

#[test]
fn blocks_know_their_lines() {
    let text = "# A\n\nTwo\nlines\n\n- x\n\n    more\n\n- y\n\n!!! note\n\n    In it\n\n```python\na = 1\n```\n\n<div>\nraw\n</div>\n\n| a | b |\n|---|---|\n| c | d |\n\n<div markdown>\n\n*in*\n\n</div>\n";
    let html = sourced(text);
    for part in [
        "<h1 id=\"a\" data-src=\"1\">",
        "<p data-src=\"3-4\">Two",
        "<ul data-src=\"6-10\">",
        "<p data-src=\"8\">more",
        "<li data-src=\"10\">",
        "<div class=\"admonition note\" data-src=\"12-14\">",
        "<p data-src=\"14\">In it",
        "<div data-src=\"16-18\" class=\"highlight\">",
        "<div data-src=\"20-22\">\nraw",
        "<tr data-src=\"26\">",
        "<p data-src=\"30\"><em>in",
    ] {
        assert!(html.contains(part), "{part} is missing in\n{html}");
    }
}

#[test]
fn a_release_says_nothing_of_lines() {
    let (options, _) = MarkdownOptions::new(&[]);
    let body = render(
        &SourcePath::new("a.md"),
        "# A\n\nb\n",
        1,
        &options,
        &Nowhere,
    );
    assert!(!body.html.contains("data-src"), "{}", body.html);
}

/// Recorded from MkDocs 1.6.1 (`page.title` after rendering).
#[test]
fn the_first_heading_is_the_title() {
    let extensions = [
        "attr_list",
        "footnotes",
        "md_in_html",
        "abbr",
        "pymdownx.emoji",
    ];
    let mut extensions: Vec<Extension> = extensions.map(extension).into();
    let toc = serde_json::json!({"toc_depth": "2-3", "permalink": true});
    let toc = toc.as_object().expect("an object").clone();
    extensions.push(Extension {
        options: toc,
        ..extension("toc")
    });
    let (options, _) = MarkdownOptions::new(&extensions);
    let in_body = |text: &str| {
        let site = &Nowhere;
        render(&SourcePath::new("a.md"), text, 1, &options, site).title
    };
    for (text, title) in [
        (
            "# Hello *w* `a<b>` &amp; & <i>x</i>\n\nx\n",
            Some("Hello w a&lt;b&gt; &amp; &amp; x"),
        ),
        ("\n\nA\n===\n", Some("A")),
        ("# `<script>` element\n", Some("&lt;script&gt; element")),
        ("# `</title>` end\n", Some("&lt;/title&gt; end")),
        ("# a < b > c\n", Some("a &lt; b &gt; c")),
        ("# &lt;name&gt; \"q\" 'z'\n", Some("&lt;name&gt; \"q\" 'z'")),
        ("# a \\* b \\< c\n", Some("a * b \\&lt; c")),
        ("# ![alt <b>](x.png) pic\n", Some("alt &lt;b&gt; pic")),
        ("# Hey[^1]\n\n[^1]: x\n", Some("Hey")),
        ("# Hello { #id .c data-toc-label=\"Lab\" }\n", Some("Hello")),
        ("# Smile :smile: x\n", Some("Smile \u{1f604} x")),
        ("*[HT]: hyper\n\n# HT x\n", Some("HT x")),
        (
            "[x]: http://a.b\n\n# Ref def first\n",
            Some("Ref def first"),
        ),
        ("# One\ntext right below\n", Some("One")),
        ("# Closed #\n", Some("Closed")),
        ("# [a][b] c\n\n[b]: x.md\n", Some("a c")),
        ("# [a] b\n\n[a]: x.md\n", Some("a b")),
        ("# \n\nx\n", None),
        ("<!-- c -->\n\n# Hello\n", None),
        ("<h1>Raw</h1>\n\n# Two\n", None),
        ("<div markdown>\n# In\n</div>\n\n# Two\n", None),
        ("text\n\n# A\n", None),
        ("## Two\n\n# One\n", None),
        ("---\n\n---\n\n# z\n", None),
    ] {
        assert_eq!(in_body(text).as_deref(), title, "{text}");
        match first_heading(text, &options) {
            FirstHeading::Is(found) => assert_eq!(Some(&*found), title, "{text}"),
            FirstHeading::None => assert_eq!(None, title, "{text}"),
            FirstHeading::InBody => {}
        }
    }
}

/// Everything that means something somewhere.
const FRAGMENTS: [&str; 60] = [
    "*",
    "**",
    "_",
    "~",
    "~~",
    "^",
    "==",
    "`",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "- ",
    "1. ",
    "> ",
    "# ",
    "!!! note",
    "??? tip \"T\"",
    "=== \"Tab\"",
    "/// note",
    "///",
    ":   ",
    "| a | b |",
    "|--|--|",
    "[a](b)",
    "[a][b]",
    "[b]: c",
    "![a](b c)",
    "[^1]",
    "[^1]: x",
    "*[A]: b",
    "A ",
    "<div markdown>",
    "</div>",
    "<p>",
    "<!-- ",
    "-->",
    "<a b=\"c",
    "{ .a #b c=d }",
    "{: }",
    ":smile:",
    ":material-home:",
    "++ctrl+a++",
    "++\"",
    "$x$",
    "$$",
    "\\(",
    "\\",
    "&amp;",
    "&#",
    "{++ a ++}",
    "{>>",
    "--8<-- \"x\"",
    "[TOC]",
    "\u{6a19}\u{984c}",
    "\u{ff03}",
    "\u{fdd7}0\u{fdd8}",
    "text ",
];

fn everything() -> MarkdownOptions {
    let names = [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "footnotes",
        "md_in_html",
        "tables",
        "smarty",
        "wikilinks",
        "pymdownx.arithmatex",
        "pymdownx.betterem",
        "pymdownx.caret",
        "pymdownx.critic",
        "pymdownx.details",
        "pymdownx.emoji",
        "pymdownx.highlight",
        "pymdownx.inlinehilite",
        "pymdownx.keys",
        "pymdownx.magiclink",
        "pymdownx.mark",
        "pymdownx.smartsymbols",
        "pymdownx.snippets",
        "pymdownx.superfences",
        "pymdownx.tabbed",
        "pymdownx.tasklist",
        "pymdownx.tilde",
        "pymdownx.blocks.admonition",
        "pymdownx.blocks.tab",
        "pymdownx.blocks.caption",
        "pymdownx.blocks.definition",
        "pymdownx.blocks.details",
        "pymdownx.blocks.html",
        "pymdownx.fancylists",
        "pymdownx.progressbar",
    ];
    let extensions: Vec<Extension> = names.iter().map(|name| extension(name)).collect();
    let (mut options, _) = MarkdownOptions::new(&extensions);
    options.sources = true;
    options.autorefs = true;
    options
}

/// Texts that a fuzzer found: each once panicked, or showed what is kept aside.
#[test]
fn what_the_fuzzer_found() {
    let options = everything();
    let path = SourcePath::new("docs/a.md");
    for text in [
        "<a href=\"https://a.org\">https://b.org</a> <div>https://c.org</\0C\n",
        ". b\n*[HT@--ML_:\u{fffd} Fq e file\n",
        "a ++\"- ++\"]t\n+b\"+b<-t\n=== ++\"Go\"++ ++ctrl+\"Push <it\"++\n",
        "++\"`a`\"++",
    ] {
        let html = render(&path, text, 1, &options, &Nowhere).html;
        assert!(
            !html.contains(lines::marks::is_mark),
            "{text:?} gives {html:?}"
        );
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 400, failure_persistence: None, ..Default::default() })]

    /// Whatever is written, a page comes out, the same each time, and
    /// nothing of what is kept aside on the way shows.
    #[test]
    fn any_text_makes_a_page(parts in proptest::collection::vec(0..FRAGMENTS.len(), 0..60)) {
        let text: String = parts.iter().map(|part| FRAGMENTS[*part]).collect();
        let options = everything();
        let path = SourcePath::new("docs/a.md");
        let body = render(&path, &text, 1, &options, &Nowhere);
        let leaked = |it: char| it == lines::STASH_OPEN || it == lines::STASH_CLOSE || lines::marks::is_mark(it);
        proptest::prop_assert!(!body.html.contains(leaked), "{:?} gives {:?}", text, body.html);
        proptest::prop_assert_eq!(body, render(&path, &text, 1, &options, &Nowhere));
    }
}
/// Targets are read in one way, however long they are.
#[test]
fn long_targets_are_read_as_short_ones() {
    let html = |text: &str| render(&SourcePath::new("a.md"), text, 1, &everything(), &Nowhere).html;
    for form in [
        "![a](data:image/png;base64,X) *b*",
        "![a](X \"t\") *b*",
        "[a](<X>) *b*",
        "[a](X b) *b*",
        "[a](X_b_*c*(d)) *b*",
        "[a](b \"X\") *b*",
        "[a](b 'X \" x') *b*",
    ] {
        let long = "A".repeat(10_000);
        let shown = html(&form.replace('X', &long));
        assert_eq!(shown.replace(&long, "X"), html(form), "{form}");
    }
}
/// As in the reference, and nothing of it is lost.
#[test]
fn a_block_ends_the_paragraph_that_it_begins_in() {
    let (options, _) = MarkdownOptions::new(&[extension("md_in_html")]);
    let path = SourcePath::new("a.md");
    let text = "<p markdown>\na\n<div>b *c*\n<p>d</p></div>\n</p>\n\ne\n";
    let html = render(&path, text, 1, &options, &Nowhere).html;
    let expected = "<p>\na\n</p>\n<div>b *c*\n<p>d</p></div>\n</p>\n<p>e</p>";
    assert_eq!(html.trim(), expected);
}

#[test]
fn missing_documentation_of_code_stands_in_a_box_while_people_write() {
    let (mut options, _) = MarkdownOptions::new(&[]);
    options.api_objects = true;
    let html = |options: &MarkdownOptions| {
        let text = "a\n::: x.Y\n    k: <1>\n\nb\n";
        render(&SourcePath::new("a.md"), text, 1, options, &Nowhere)
    };
    let body = html(&options);
    assert_eq!(body.html, "<p>a\n::: x.Y\n    k: &lt;1&gt;</p>\n<p>b</p>\n");
    assert_eq!(body.diagnostics.len(), 1);
    options.sources = true;
    let body = html(&options);
    assert!(
        body.html.contains("<code>x.Y</code> is missing"),
        "{}",
        body.html
    );
    assert!(
        body.html.contains("<pre>k: &lt;1&gt;</pre>"),
        "{}",
        body.html
    );
    assert!(!body.html.contains(":::"), "{}", body.html);
    assert_eq!(body.diagnostics.len(), 1);
}
