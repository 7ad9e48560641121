//! Where dead links are marked: where they stand, and each of them once.

use std::fmt::Write as _;

use super::*;
use crate::site::Db as _;

/// Files of a site beside its first page. In each the address of a dead link that should be
/// marked stands between `«` and `»`.
type Files = &'static [(&'static str, &'static str)];

/// Texts of a page, in which links lead to `gone.md` or to anchors that do not exist.
const PAGES: &[&str] = &[
    // Paragraphs.
    "[a](«gone.md»)\n",
    "[a](«gone.md») and [b](«gone.md»)\n",
    "[a](«gone.md»)\n[b](«gone.md»)\n",
    "[a](«gone.md») [b](«gone.md») [c](«gone.md»)\n[d](«gone.md»)\n",
    "gone.md, says [a](«gone.md»)\n",
    "(gone.md) and [a](«gone.md»)\n",
    "one\ntwo [a](«gone.md»)\n\nthree [b](«gone.md»)\n",
    "[a](«gone.md» \"gone.md\")\n",
    "[a](<«gone.md»>) [b]( «gone.md» )\n",
    "[gone.md](«gone.md»)\n",
    "[a](«gone.md#x») [b](«gone.md»)\n",
    "[a](«#x») [b](«#x») #x\n",
    "*[a](«gone.md»)* **[b](«gone.md»)**\n",
    "\\[a](gone.md) [b](«gone.md»)\n",
    "[a](«gone\\_b.md») [b](«gone_b.md»)\n",
    "[\u{6f22}\u{5b57}](«gone.md»)\u{6f22}[\u{1f600}](«gone.md»)\n",
    // Code and comments before them.
    "`[a](gone.md)` [a](«gone.md»)\n",
    "``[a](gone.md) ` `` [a](«gone.md»)\n",
    "`one\n[a](gone.md)` [a](«gone.md»)\n",
    "<!-- [a](gone.md) --> [a](«gone.md»)\n",
    "```\n[a](gone.md)\n```\n\n[a](«gone.md»)\n",
    "    [a](gone.md)\n\ntext\n[a](«gone.md»)\n",
    // Images, and links around them.
    "![a](«gone.png») ![b](«gone.png»)\n",
    "[![a](«gone.md»)](«gone.md»)\n",
    "[![a](«gone.png»)](«gone.md») [![b](«gone.png»)](«gone.md»)\n",
    // Definitions.
    "[a][x] and [b][x]\n\n[x]: «gone.md»\n",
    "[x]: «gone.md»\n\n[a][x]\n",
    "[x]: <«gone.md»> 'gone.md'\n[y]: «gone.md»\n\n[a][x] [y]\n",
    "[x]:\n  «gone.md»\n\n[x]\n",
    "[a](«gone.md») [x]\n\n[x]: «gone.md»\n",
    // Blocks.
    "# [a](«gone.md») #\n\n[b](«gone.md»)\n",
    "[a](«gone.md»)\n==\n",
    "- [a](«gone.md»)\n- [b](«gone.md»)\n\n    more [c](«gone.md»)\n\n    - [d](«gone.md»)\n",
    "1. x\n   [a](«gone.md»)\n2. [b](«gone.md»)\n",
    "> [a](«gone.md»)\n> > [b](«gone.md»)\n",
    "| a | b |\n|---|---|\n| [a](«gone.md») | [b](«gone.md») |\n| [a](«gone.md») and | [a](«gone.md») |\n",
    "| a | b |\n|---|---|\n| x [a](«gone.md») y | [a](«gone.md») |\n| `gone.md` | [a](«gone.md») |\n",
    "!!! note \"[t](«gone.md»)\"\n\n    [a](«gone.md»)\n    [b](«gone.md»)\n",
    "??? note\n\n    - [a](«gone.md»)\n\n    [b](«gone.md»)\n",
    "=== \"A\"\n\n    [a](«gone.md»)\n\n=== \"B\"\n\n    [a](«gone.md»)\n",
    "x[^1] [a](«gone.md»)\n\n[^1]: note [b](«gone.md»)\n\n    more [c](«gone.md»)\n\n[d](«gone.md»)\n",
    "term\n:   [a](«gone.md»)\n\n    [b](«gone.md»)\n",
    "<div markdown>\n\n[a](«gone.md») [b](«gone.md»)\n\n</div>\n",
    "<a href=\"gone.md\">raw</a> [a](«gone.md»)\n",
    "[a](«gone.md»){ .button } [b](«gone.md»){ .button }\n",
    "*[API]: gone.md\n\nAPI [a](«gone.md»)\n",
    "\t[a](gone.md)\n\nx\t[a](«gone.md»)\ty\t[b](«gone.md»)\n",
    "- [ ] [a](«gone.md»)\n- [x] [b](«gone.md»)\n",
];

/// Sites of several files.
const SITES: &[Files] = &[
    &[
        (
            "docs/index.md",
            "# A\n\n[a](«gone.md»)\n\n--8<-- \"part.txt\"\n\n[b](«gone.md»)\n",
        ),
        ("part.txt", "one\n\n[c](«gone.md») `gone.md`\n"),
    ],
    &[
        ("docs/index.md", "# A\n\n[a][x]\n\n--8<-- \"part.txt\"\n"),
        ("part.txt", "[y]: index.md\n[x]: «gone.md»\n"),
    ],
    // Anchors in included files: dead ones are marked there, and those that it has are known.
    &[
        (
            "docs/index.md",
            "# A\n\n[a](#inside)\n\n--8<-- \"part.txt\"\n",
        ),
        ("part.txt", "[b](#a) [c](«#nowhere»)\n\n<a id=inside></a>\n"),
    ],
    &[(
        "docs/index.md",
        "---\ntitle: gone.md\n---\n# A\n\n[a](«gone.md»)\n",
    )],
    &[(
        "docs/index.md",
        "\u{feff}[a](«gone.md»)\r\n\r\n[b](«gone.md»)\r\n",
    )],
];

const EXTENSIONS: &str = "site_name: S\nmarkdown_extensions: [abbr, admonition, attr_list, def_list, footnotes, \
     md_in_html, tables, pymdownx.details, pymdownx.snippets, pymdownx.superfences, \
     pymdownx.tasklist, {pymdownx.tabbed: {alternate_style: true}}]\n\
     validation: {links: {anchors: warn}}\n";

/// A text without its marks, and the lines and columns of these.
fn unmarked(text: &str) -> (String, Vec<(u32, u32, u32)>) {
    let mut places = Vec::new();
    let (mut line, mut column, mut start) = (1, 1, 1);
    let mut plain = String::new();
    for character in text.chars() {
        match character {
            '«' => start = column,
            '»' => places.push((line, start, column - start)),
            _ => {
                plain.push(character);
                // No column counts a byte order mark.
                column += u32::from(character != '\u{feff}');
                if character == '\n' {
                    (line, column) = (line + 1, 1);
                }
            }
        }
    }
    (plain, places)
}

/// Places that are marked in files of a site and should not be, and those that should.
fn differences(files: &[(&str, &str)]) -> (String, usize) {
    let read: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, unmarked(text)))
        .collect();
    let mut all = vec![("mkdocs.yml", EXTENSIONS)];
    all.extend(read.iter().map(|(path, (text, _))| (*path, text.as_str())));
    let site = Watched::new(&all);
    let db = &site.database;
    let page = db.entry(&SourcePath::new("docs/index.md"));
    let found = queries::page_diagnostics(db, page);
    let mut found: Vec<_> = found
        .iter()
        .filter(|it| matches!(it.rule, Rule::MissingPage | Rule::MissingAnchor))
        .map(|it| {
            let span = it.span.clone().expect("a place");
            (span.path.to_string(), span.line, span.column, span.length())
        })
        .collect();
    found.sort();
    found.dedup();
    let mut expected: Vec<_> = read
        .iter()
        .flat_map(|(path, (_, places))| {
            places
                .iter()
                .map(|(line, column, length)| ((*path).to_owned(), *line, *column, *length))
        })
        .collect();
    expected.sort();
    let mut text = String::new();
    if found != expected {
        writeln!(
            text,
            "{files:?}\n  found    {found:?}\n  expected {expected:?}"
        )
        .expect("a text");
    }
    (text, expected.len())
}

#[test]
fn dead_links_are_marked_where_they_stand() {
    let mut failures = String::new();
    let (mut tries, mut places) = (0, 0);
    for page in PAGES {
        let (text, count) = differences(&[("docs/index.md", &format!("# Title\n\n{page}"))]);
        failures += &text;
        tries += 1;
        places += count;
    }
    for files in SITES {
        let (text, count) = differences(files);
        failures += &text;
        tries += 1;
        places += count;
    }
    assert!(
        tries >= 50 && places >= 95,
        "{tries} tries, {places} places"
    );
    assert!(failures.is_empty(), "{failures}");
}
