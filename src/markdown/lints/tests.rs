use super::lints;
use crate::diagnostic::Rule;
use crate::files::SourcePath;
use crate::markdown::{Extension, MarkdownOptions};

fn options() -> MarkdownOptions {
    let names = [
        "admonition",
        "attr_list",
        "footnotes",
        "md_in_html",
        "tables",
        "pymdownx.details",
        "pymdownx.emoji",
        "pymdownx.superfences",
        "pymdownx.tabbed",
    ];
    let extensions = names.map(|name| Extension {
        name: name.to_owned(),
        options: serde_json::Map::new(),
    });
    MarkdownOptions::new(&extensions).0
}

/// The kinds that are found in a text.
fn kinds(text: &str) -> Vec<&'static str> {
    let found = lints(&SourcePath::new("docs/a.md"), text, 0, &options());
    found.into_iter().map(|it| it.kind).collect()
}

/// A text after all fixes.
fn fixed(text: &str) -> String {
    let mut fixed = text.to_owned();
    let found = lints(&SourcePath::new("docs/a.md"), text, 0, &options());
    for lint in found.into_iter().rev() {
        let fix = lint.diagnostic.fix.expect("a fix");
        let before: usize = text
            .split_inclusive('\n')
            .take(fix.span.line as usize - 1)
            .map(str::len)
            .sum();
        let line = &text[before..];
        let column = line
            .char_indices()
            .nth(fix.span.column as usize - 1)
            .map_or(line.len(), |it| it.0);
        let start = before + column;
        let length = text[start..]
            .char_indices()
            .nth(fix.span.length() as usize)
            .map_or(text.len() - start, |it| it.0);
        fixed.replace_range(start..start + length, &fix.text);
    }
    fixed
}

#[test]
fn damaged_marks_have_a_fix_that_mends_them() {
    for (kind, written, meant) in [
        (
            "spaced-link",
            "see [text] (https://x.example) now",
            "see [text](https://x.example) now",
        ),
        (
            "spaced-link",
            "a [b]  (../c.md#d \"T\")",
            "a [b](../c.md#d \"T\")",
        ),
        ("spaced-emphasis", "a ** bold ** word", "a **bold** word"),
        ("spaced-emphasis", "** 粗體 **，好", "**粗體**，好"),
        (
            "spaced-emphasis",
            "- **a** > ** b c** > **d**",
            "- **a** > **b c** > **d**",
        ),
        ("spaced-attributes", "[l](u.md) { .x }", "[l](u.md){ .x }"),
        ("quoted-title", "===「T」\n\n    a", "=== \"T\"\n\n    a"),
        ("quoted-title", "=== “T”\n\n    a", "=== \"T\"\n\n    a"),
        (
            "quoted-title",
            "!!! note “x”\n\n    a",
            "!!! note \"x\"\n\n    a",
        ),
        (
            "quoted-title",
            "??? tip inline «x y»\n\n    a",
            "??? tip inline \"x y\"\n\n    a",
        ),
        (
            "escaped-link",
            "\\[F-Droid\\](https://f-droid.org)",
            "[F-Droid](https://f-droid.org)",
        ),
        ("spaced-footnote", "a[^ 2] b", "a[^2] b"),
        ("spaced-footnote", "a[ ^2] b", "a[^2] b"),
        ("spaced-icon", "- : material-menu: a", "- :material-menu: a"),
        ("spaced-icon", "- :material-menu : a", "- :material-menu: a"),
        (
            "spaced-icon",
            "（：material-menu：）",
            "（:material-menu:）",
        ),
        (
            "wide-admonition",
            "！！！ note\n\n    a",
            "!!! note\n\n    a",
        ),
        (
            "wide-admonition",
            "？？？ note \"x\"\n\n    a",
            "??? note \"x\"\n\n    a",
        ),
        (
            "quoted-attribute",
            "<a title=“x y” href=\"b\">",
            "<a title=\"x y\" href=\"b\">",
        ),
        (
            "quoted-attribute",
            "![a](b.png){ title=“x” }",
            "![a](b.png){ title=\"x\" }",
        ),
        ("wide-heading", "＃＃ 標題", "## 標題"),
        ("wide-abbreviation", "*[VPN]：虛擬", "*[VPN]: 虛擬"),
        ("wide-link", "見[這裡]（a/b.md）。", "見[這裡](a/b.md)。"),
        (
            "damaged-snippet",
            "\\--8<-- \"includes/a.md\"",
            "--8<-- \"includes/a.md\"",
        ),
        (
            "damaged-snippet",
            "--8<-- \"includes/a.md>",
            "--8<-- \"includes/a.md\"",
        ),
    ] {
        assert_eq!(kinds(written), [kind], "{written}");
        assert_eq!(fixed(written), meant);
        assert!(kinds(meant).is_empty(), "{meant}");
    }
}

#[test]
fn what_is_meant_as_written_is_left_alone() {
    for text in [
        "`[text] (https://x.example)`",
        "```\n** a b **\n```",
        "<!-- ** ab ** -->\n\n<!--\n** ab **\n-->",
        "[text] (see there)",
        "[text] (https://x.example)\n\n[text]: b.md",
        "[^1] (https://x.example)\n\n[^1]: a",
        "- [x] (a)",
        "2 ** 3 ** 4 and x**y ** z",
        "## Title { .x }",
        "| [a](b.md) { .x } |",
        "[a](b.md){ .x }\n{: .y }",
        "{{ macro() }} and { .x }",
        "the word: material-menu is a name",
        "[须知][3]（[图](a/b.md)）",
        "見[這裡]（不是 a.b）",
        "=== \"T\"\n\n    a",
        "!!! note\n    a",
        "!!! note \"A title alone\"\n\nText.",
        "!!! own-type\n\n    a",
        "!!! notes\n\n    a",
        "???+ quote \"x\"\n\n    a",
        "--8<-- \"a.md\"",
        "`\\--8<-- x`",
        "a “quote” and x=“y” in text",
        "| a | b |\n|---|---|\n| `x|y` | 2 |\n| 1 \\| 2 | 3 |\n| 1 |\n",
        "```py\nx\n```\n\n~~~~\n```\n~~~~\n",
        "> ```\n> x\n> ```\n",
        "<div markdown>\na\n</div>",
        "<div class=\"grid\" markdown>\n<p>a\n<br>\n</div>",
        "---\ntitle: x\n---\n\na",
        "---\n\na rule",
        "=== \"Empty\"\n\nText",
        "<pr\u{2212}> <mo>\u{2212} </\u{2212}\u{2212}",
    ] {
        assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
    }
}

#[test]
fn blocks_that_end_elsewhere_than_meant_are_named_where_they_begin() {
    for (text, rule, line) in [
        ("a\n\n```py\nx\n", Rule::UnclosedBlock, 3),
        ("```py\nx\n```\n\n~~~\ny", Rule::UnclosedBlock, 5),
        ("---\ntitle: x\n\n# A\n", Rule::UnclosedBlock, 1),
        (
            "a\n\n<div markdown>\n\n<div>\n</div>\n\nb",
            Rule::UnclosedBlock,
            3,
        ),
        ("!!! note\nText", Rule::UnindentedText, 1),
        ("a\n\n!!! note\n\nText", Rule::UnindentedText, 3),
        ("=== \"T\"\nText", Rule::UnindentedText, 1),
        ("!!! waring\n\n    a", Rule::UnknownType, 1),
        ("??? exmaple \"x\"\n\n    a", Rule::UnknownType, 1),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", Rule::RaggedTable, 3),
        ("a [b](c.md){ .x", Rule::DamagedMark, 1),
    ] {
        let found = lints(&SourcePath::new("docs/a.md"), text, 0, &options());
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                (
                    it.diagnostic.rule,
                    it.diagnostic.span.as_ref().map(|it| it.line),
                )
            })
            .collect();
        assert_eq!(found, [(rule, Some(line))], "{text}");
    }
}

#[test]
fn what_a_release_should_not_have_is_named() {
    for (text, expected) in [
        ("# A\n\n### B\n", &["skipped-level"][..]),
        ("# A\n\n## B\n\n### C\n\n## D\n\n# E\n", &[]),
        ("A\n=\n\nB\n-\n\n#### C\n", &["skipped-level"]),
        ("# A\n\n--8<-- \"b.md\"\n\n### C\n", &[]),
        ("### A\n\n#### B\n", &[]),
        ("# A { #x }\n\n## B {#x}\n", &["duplicate-id"]),
        ("<a id=\"x\"></a>\n\n# A { #x }\n", &["duplicate-id"]),
        ("`<a id=\"x\">` <a id=x></a>\n", &[]),
        ("![](a.png)\n", &["missing-alt"]),
        ("![a](a.png) <img src=a.png alt=\"\"> `![](a.png)`\n", &[]),
        ("<img src=\"a.png\">\n", &["missing-alt"]),
        ("[](a.md)\n", &["nameless-link"]),
        ("[:material-menu:](a.md)\n", &["nameless-link"]),
        (
            "[:material-menu: Menu](a.md) [:material-menu:](a.md \"Menu\")\n",
            &[],
        ),
        ("[:material-menu:](a.md){ title=\"Menu\" }\n", &[]),
        ("<a href=\"b\"></a> <a id=\"c\"></a>\n", &["nameless-link"]),
        (
            "<button></button> <button aria-label=\"x\"></button>\n",
            &["nameless-link"],
        ),
        ("a\n\n[^1]: b\n", &["unused-footnote"]),
        ("a[^1]\n\n[^1]: b\n", &[]),
        ("a\n\n[X y]: b.md\n", &["unused-reference"]),
        ("[a][x  Y] [z]\n\n[X y]: b.md\n[z]: c.md\n", &[]),
        ("[a\nb]\n\n[a b]: b.md\n", &[]),
        ("[//]: # (a comment)\n\n[comment]: <> (another)\n", &[]),
    ] {
        assert_eq!(kinds(text), expected, "{text}");
    }
}

#[test]
fn blocks_of_slashes_of_no_kind_are_named() {
    let extensions = ["pymdownx.blocks.admonition", "pymdownx.blocks.tab"].map(|name| Extension {
        name: name.to_owned(),
        options: serde_json::Map::new(),
    });
    let options = MarkdownOptions::new(&extensions).0;
    for (text, help) in [
        ("/// waring\na\n///\n", Some("write `warning`")),
        (
            "/// wombat | x\na\n///\n",
            Some("enable the extension of such blocks, or correct the name"),
        ),
        ("/// wombat\n", None),
        ("/// note\na\n///\n", None),
        ("/// a comment in words\n///\n", None),
    ] {
        let found = lints(&SourcePath::new("docs/a.md"), text, 0, &options);
        let found = found.first().and_then(|it| it.diagnostic.help.clone());
        assert_eq!(found.as_deref(), help, "{text}");
    }
}
