use super::Site;
use proofroom::nav::{ShownNav, Target};
use proofroom::site::queries;

/// Pages that all cases have.
const PAGES: [(&str, &str); 10] = [
    ("index.md", "# Home page\n"),
    ("a10.md", "# Ten\n"),
    ("a2.md", "# Two\n"),
    ("guide/index.md", "# Guide\n"),
    ("guide/Zed.md", ""),
    ("guide/b.md", "---\ntitle: Bee\n---\n"),
    ("guide/deep/x.md", "# Ex\n"),
    ("guide/deep/y.md", "# Why\n"),
    ("one/only.md", "# Only\n"),
    ("hidden/h.md", "# H\n"),
];

/// The nav as indented lines.
fn outline(nav: &ShownNav) -> String {
    fn lines(nav: &ShownNav, places: &[usize], depth: usize, out: &mut Vec<String>) {
        for place in places {
            let item = &nav.items[*place];
            let label = &item.label;
            let slash = if label.target == Target::Section || !item.children.is_empty() {
                "/"
            } else {
                ""
            };
            let target = match &label.target {
                Target::Page(page) => format!(" = {}", page.path),
                Target::Link(address) => format!(" @ {address}"),
                Target::Section => String::new(),
            };
            out.push(format!(
                "{}{}{slash}{target}",
                "  ".repeat(depth),
                label.title
            ));
            lines(nav, &item.children, depth + 1, out);
        }
    }
    let mut out = Vec::new();
    lines(nav, &nav.roots, 0, &mut out);
    out.join("\n")
}

fn site(config: &str, more: &[(&str, &str)]) -> Site {
    let mut files: Vec<(String, &str)> = Vec::new();
    for (path, text) in PAGES.iter().chain(more) {
        files.retain(|(known, _)| known != &format!("docs/{path}"));
        files.push((format!("docs/{path}"), text));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    Site::with(config, &files)
}

/// Configuration, files, and the nav that the plugins made of them.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[test]
fn navs_are_those_of_the_plugins() {
    for (config, more, expected) in CASES {
        let site = site(config, more);
        let found = outline(&queries::whole_nav(&site.db));
        // A section that is its only page has nothing that templates would show.
        let flat = |outline: &str| outline.trim().replace("/ = ", " = ");
        assert_eq!(flat(&found), flat(expected), "{config}{more:?}");
        let faults = site.diagnostics();
        let faults: Vec<_> = faults
            .iter()
            .filter(|it| it.severity > proofroom::diagnostic::Severity::Note)
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

const CASES: [Case; 13] = [
    (
        r#"
plugins:
  - awesome-pages
"#,
        &[],
        r#"
Home page = index.md
Ten = a10.md
Two = a2.md
Guide/
  Guide = guide/index.md
  Zed = guide/Zed.md
  Bee = guide/b.md
  Deep/
    Ex = guide/deep/x.md
    Why = guide/deep/y.md
Hidden/
  H = hidden/h.md
One/
  Only = one/only.md"#,
    ),
    (
        r#"
plugins:
  - awesome-pages
"#,
        &[
            (
                ".pages",
                r#"nav:
  - guide
  - index.md
  - ... | a*.md
  - Link: https://example.org/
  - Group:
      - one
      - Second: a2.md
  - ...
"#,
            ),
            (
                "guide/.pages",
                r#"title: Handbook
order: desc
"#,
            ),
            (
                "hidden/.pages",
                r#"hide: true
"#,
            ),
        ],
        r#"
Handbook/
  Guide = guide/index.md
  Deep/
    Ex = guide/deep/x.md
    Why = guide/deep/y.md
  Bee = guide/b.md
  Zed = guide/Zed.md
Home page = index.md
Ten = a10.md
Link @ https://example.org/
Group/
  One/
    Only = one/only.md
  Second = a2.md"#,
    ),
    (
        r#"
plugins:
  - awesome-pages
"#,
        &[
            (
                ".pages",
                r#"arrange:
  - a2.md
  - ...
  - guide
sort_type: natural
"#,
            ),
            (
                "one/.pages",
                r#"collapse: true
"#,
            ),
            (
                "guide/.pages",
                r#"collapse_single_pages: true
nav:
  - b.md
  - deep
"#,
            ),
            (
                "guide/deep/.pages",
                r#"nav: [y.md]
"#,
            ),
        ],
        r#"
Two = a2.md
Ten = a10.md
Hidden/
  H = hidden/h.md
Home page = index.md
Only = one/only.md
Guide/
  Bee = guide/b.md
  Why = guide/deep/y.md"#,
    ),
    (
        r#"
plugins:
  - awesome-pages: {collapse_single_pages: true, order_by: title, order: desc}
"#,
        &[],
        r#"
Two = a2.md
Ten = a10.md
Only = one/only.md
Home page = index.md
H = hidden/h.md
Guide/
  Zed = guide/Zed.md
  Guide = guide/index.md
  Deep/
    Why = guide/deep/y.md
    Ex = guide/deep/x.md
  Bee = guide/b.md"#,
    ),
    (
        r#"
plugins:
  - awesome-pages: {ignore_case: true, order: asc}
"#,
        &[(
            "guide/.pages",
            r#"order_by: title
"#,
        )],
        r#"
Ten = a10.md
Two = a2.md
Guide/
  Bee = guide/b.md
  Deep/
    Ex = guide/deep/x.md
    Why = guide/deep/y.md
  Guide = guide/index.md
  Zed = guide/Zed.md
Hidden/
  H = hidden/h.md
Home page = index.md
One/
  Only = one/only.md"#,
    ),
    (
        r#"
plugins:
  - awesome-pages
nav:
  - index.md
  - ... | a*.md
  - Rest:
      - ... | flat | regex=^guide/.*
  - ...
"#,
        &[(
            "one/.pages",
            r#"title: Uno
"#,
        )],
        r#"
Home page = index.md
Ten = a10.md
Two = a2.md
Rest/
  Guide = guide/index.md
  Zed = guide/Zed.md
  Bee = guide/b.md
  Ex = guide/deep/x.md
  Why = guide/deep/y.md
Hidden/
  H = hidden/h.md
Uno/
  Only = one/only.md"#,
    ),
    (
        r#"
plugins:
  - awesome-nav
"#,
        &[],
        r#"
Home page = index.md
Two = a2.md
Ten = a10.md
Guide/
  Guide = guide/index.md
  Bee = guide/b.md
  Zed = guide/Zed.md
  Deep/
    Ex = guide/deep/x.md
    Why = guide/deep/y.md
Hidden/
  H = hidden/h.md
One/
  Only = one/only.md"#,
    ),
    (
        r#"
plugins:
  - awesome-nav
"#,
        &[
            (
                ".nav.yml",
                r#"nav:
  - index.md
  - Handbook: guide
  - Link: https://example.org/
  - Group:
      - a*.md
      - One: one/only.md
  - "*"
"#,
            ),
            (
                "guide/.nav.yml",
                r#"sort: {direction: desc, sections: first}
"#,
            ),
            (
                "hidden/.nav.yml",
                r#"hide: true
"#,
            ),
        ],
        r#"
Home page = index.md
Handbook/
  Guide = guide/index.md
  Deep/
    Why = guide/deep/y.md
    Ex = guide/deep/x.md
  Zed = guide/Zed.md
  Bee = guide/b.md
Link @ https://example.org/
Group/
  Two = a2.md
  Ten = a10.md
  One = one/only.md"#,
    ),
    (
        r#"
plugins:
  - awesome-nav
"#,
        &[
            (
                ".nav.yml",
                r#"flatten_single_child_sections: true
preserve_directory_names: true
ignore: "a2*"
"#,
            ),
            (
                "guide/.nav.yml",
                r#"title: Titled
nav: [b.md]
append_unmatched: true
"#,
            ),
        ],
        r#"
Home page = index.md
Ten = a10.md
H = hidden/h.md
Only = one/only.md
Titled/
  Bee = guide/b.md
  Guide = guide/index.md
  Zed = guide/Zed.md
  deep/
    Ex = guide/deep/x.md
    Why = guide/deep/y.md"#,
    ),
    (
        r#"
plugins:
  - awesome-nav
"#,
        &[
            (
                "guide/index.md",
                r#"---
title: From index
---
"#,
            ),
            (
                ".nav.yml",
                r#"use_index_title: true
sort: {by: title, type: alphabetical, sections: mixed, ignore_case: true}
nav:
  - glob: "**/deep/*"
    sort: {direction: desc}
  - glob: nothing*
    ignore_no_matches: true
  - "*"
"#,
            ),
        ],
        r#"
Why = guide/deep/y.md
Ex = guide/deep/x.md
Ten = a10.md
Two = a2.md
From index/
  From index = guide/index.md
  Bee = guide/b.md
  Zed = guide/Zed.md
Hidden/
  H = hidden/h.md
Home page = index.md
One/
  Only = one/only.md"#,
    ),
    (
        r#"
plugins:
  - section-index
"#,
        &[],
        r#"
Home page = index.md
Ten = a10.md
Two = a2.md
Guide/ = guide/index.md
  Zed = guide/Zed.md
  Bee = guide/b.md
  Deep/ = guide/deep/x.md
    Why = guide/deep/y.md
Hidden/ = hidden/h.md
One/ = one/only.md"#,
    ),
    (
        r#"
plugins:
  - section-index
nav:
  - index.md
  - Manual:
      - guide/index.md
      - guide/b.md
  - Named:
      - Own title: a2.md
      - a10.md
  - Alone:
      - one/only.md
"#,
        &[],
        r#"
Home page = index.md
Manual/ = guide/index.md
  Bee = guide/b.md
Named/
  Own title = a2.md
  Ten = a10.md
Alone/ = one/only.md"#,
    ),
    (
        r#"
plugins:
  - awesome-pages
  - section-index
"#,
        &[(
            "guide/.pages",
            r#"title: T
"#,
        )],
        r#"
Home page = index.md
Ten = a10.md
Two = a2.md
T/ = guide/index.md
  Zed = guide/Zed.md
  Bee = guide/b.md
  Deep/ = guide/deep/x.md
    Why = guide/deep/y.md
Hidden/ = hidden/h.md
One/ = one/only.md"#,
    ),
];
