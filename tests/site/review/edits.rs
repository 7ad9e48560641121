//! A branch of the kinds of edits that people make, each on a page of its own: what
//! is expected of each, and what is found.

use std::sync::Arc;

use proofroom::diff::Change;
use proofroom::files::{Archives, Disk};
use proofroom::git::{BaseFiles, Git, renames};
use proofroom::session::Sites;
use proofroom::session::review::{PageReview, Review, ReviewList};
use proofroom::site::Invocation;

use super::*;

const CONFIG: &str = "\
site_name: Example
site_url: ''
theme: {name: proofroom, custom_dir: overrides}
plugins: []
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.details
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
      options: {custom_icons: [overrides/.icons]}
  - pymdownx.highlight
  - pymdownx.snippets
  - pymdownx.superfences:
      custom_fences: [{name: mermaid, class: mermaid}]
  - pymdownx.tabbed: {alternate_style: true}
nav:
";

/// An edit: its page before and after, and the expected changes, each with its kind,
/// level and block.
struct Edit {
    name: &'static str,
    before: &'static str,
    after: &'static str,
    expected: &'static [&'static str],
}

const fn edit(
    name: &'static str,
    before: &'static str,
    after: &'static str,
    expected: &'static [&'static str],
) -> Edit {
    Edit {
        name,
        before,
        after,
        expected,
    }
}

const TABLE: &str = "| Name | Port |\n| --- | --- |\n| web | 80 |\n| mail | 25 |\n";

/// Edits of a page's own text.
const EDITS: &[Edit] = &[
    edit(
        "word",
        "One two three four five.\n",
        "One two 3 four five.\n",
        &["changed text paragraph"],
    ),
    edit(
        "chinese",
        "這是一個關於隱私的網站。\n",
        "這是一個關於隱密的網站。\n",
        &["changed text paragraph"],
    ),
    edit(
        "levels",
        "# Top\n\n## One\n\nText of one.\n\n### Deep\n\nText of deep.\n\n## Two\n\nText of two.\n",
        "# Top\n\n### One\n\nText of one.\n\n#### Deep\n\nText of deep.\n\n### Two\n\nText of two.\n",
        &[
            "changed markup heading",
            "changed markup heading",
            "changed markup heading",
        ],
    ),
    edit(
        "item-moved",
        "- first of all\n- second of them\n- third in line\n- fourth and last\n",
        "- second of them\n- third in line\n- fourth and last\n- first of all\n",
        &["moved text item"],
    ),
    edit(
        "row-added",
        TABLE,
        "| Name | Port |\n| --- | --- |\n| web | 80 |\n| ssh | 22 |\n| mail | 25 |\n",
        &["added text row"],
    ),
    edit(
        "cell",
        TABLE,
        "| Name | Port |\n| --- | --- |\n| web | 8080 |\n| mail | 25 |\n",
        &["changed text cell"],
    ),
    edit(
        "column",
        TABLE,
        "| Name | Port | Use |\n| --- | --- | --- |\n| web | 80 | pages |\n| mail | 25 | letters |\n",
        &["added text cell", "added text cell", "added text cell"],
    ),
    edit(
        "target",
        "See [the guide](https://example.org/a) for more of this.\n",
        "See [the guide](https://example.org/b) for more of this.\n",
        &["changed markup paragraph"],
    ),
    edit(
        "icon",
        "A star :mine-star: in the text.\n",
        "A star :mine-moon: in the text.\n",
        &["changed markup paragraph"],
    ),
    edit(
        "span",
        "Run `tool --fast --old=1` to begin with it.\n",
        "Run `tool --fast --new=1` to begin with it.\n",
        &["changed text paragraph"],
    ),
    edit(
        "code",
        "```python\nimport a\nx = a.one()\nprint(x)\n```\n",
        "```python\nimport a\nx = a.two()\nprint(x)\n```\n",
        &["changed text line"],
    ),
    edit(
        "admonition",
        "!!! note\n\n    The text in it stays.\n",
        "!!! warning\n\n    The text in it stays.\n",
        &["changed markup admonition", "changed text title"],
    ),
    edit(
        "label",
        "=== \"Linux\"\n\n    Text for one.\n\n=== \"Windows\"\n\n    Text for the other.\n",
        "=== \"Linux\"\n\n    Text for one.\n\n=== \"macOS\"\n\n    Text for the other.\n",
        &["changed text label"],
    ),
    edit(
        "summary",
        "??? note \"How it works\"\n\n    The text in it stays.\n",
        "??? note \"How this works\"\n\n    The text in it stays.\n",
        &["changed text summary"],
    ),
    edit(
        "footnote",
        "One of two[^b] is here.\n\nAnother[^c] one.\n\n[^b]: The note b.\n[^c]: The note c.\n",
        "One[^a] of two[^b] is here.\n\nAnother[^c] one.\n\n[^a]: A new note.\n[^b]: The note b.\n[^c]: The note c.\n",
        &["changed text paragraph", "added text footnote"],
    ),
    edit(
        "formula",
        "Where $a + b$ is.\n\n$$\nx = 1\n$$\n",
        "Where $a + b$ is.\n\n$$\nx = 2\n$$\n",
        &["changed text formula"],
    ),
    edit(
        "diagram",
        "```mermaid\ngraph TD\n  A --> B\n```\n",
        "```mermaid\ngraph TD\n  A --> C\n```\n",
        &["changed text diagram"],
    ),
    edit(
        "blank",
        "Text of it.\n\n<p class=\"a b\" title=\"t\">Raw</p>\n\nMore of it.\n",
        "Text of it.\n\n\n\n<p  title=\"t\" class=\"b a\" >Raw</p>\n\n\nMore of it.\n",
        &[],
    ),
    edit(
        "term",
        "Term\n:   What it means here.\n",
        "Terms\n:   What it means here.\n",
        &["changed text term"],
    ),
];

fn source(name: &str) -> String {
    format!("docs/{name}.md")
}

fn page(edit: &Edit, text: &str) -> String {
    if text.starts_with("# ") {
        text.to_owned()
    } else {
        format!("# About {}\n\n{text}", edit.name)
    }
}

/// A repository with the base on `main`, and all edits on the branch that is checked
/// out.
fn branch() -> Site {
    let svg = |path: &str| format!("<svg viewBox=\"0 0 1 1\"><path d=\"{path}\"/></svg>\n");
    let nav = |first: &str, more: &str| {
        let pages = EDITS.iter().map(|it| format!("  - {}.md\n", it.name));
        format!(
            "{CONFIG}  - {first}: index.md\n{more}{}",
            pages.collect::<String>()
        )
    };
    let others = "  - picture.md\n  - snippet-1.md\n  - snippet-2.md\n  - snippet-3.md\n";
    let config = nav(
        "Home",
        &format!("{others}  - old-name.md\n  - removed.md\n"),
    );
    let renamed = "# Renamed\n\nThe text of this page is long enough.\n\nIt stays as it is.\n";
    let site = repository(&[
        ("mkdocs.yml", &config),
        ("overrides/main.html", "{% extends \"base.html\" %}\n"),
        ("overrides/.icons/mine/star.svg", &svg("M0 0")),
        ("overrides/.icons/mine/moon.svg", &svg("M1 1")),
        ("part.md", "The part of many pages.\n"),
        ("docs/index.md", "# Home\n\nNothing changes here.\n"),
        ("docs/picture.md", "# Picture\n\n![A view](view.svg)\n"),
        ("docs/view.svg", &svg("M0 0h1")),
        ("docs/old-name.md", renamed),
        (
            "docs/removed.md",
            "# Removed\n\nNobody needs this any longer.\n",
        ),
    ]);
    for nth in 1..=3 {
        let page = format!("# Part {nth}\n\n--8<-- \"part.md\"\n");
        site.write(&format!("docs/snippet-{nth}.md"), page);
    }
    for edit in EDITS {
        site.write(&source(edit.name), page(edit, edit.before));
    }
    let folder = site.path("");
    commit(&folder, 1, "Pages");
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    for edit in EDITS {
        site.write(&source(edit.name), page(edit, edit.after));
    }
    site.write("docs/view.svg", svg("M0 0v1"));
    site.write("part.md", "The part of most pages.\n");
    git(&folder, &["mv", "docs/old-name.md", "docs/new-name.md"]);
    fs::remove_file(site.path("docs/removed.md")).expect("removed");
    site.write("docs/added.md", "# Added\n\nThis is new.\n");
    site.write(
        "mkdocs.yml",
        nav("Start", &format!("{others}  - new-name.md\n  - added.md\n")),
    );
    let footer =
        "{% extends \"base.html\" %}\n{% block footer %}<footer>New</footer>{% endblock %}\n";
    site.write("overrides/main.html", footer);
    commit(&folder, 2, "Edits");
    site
}

fn review(site: &Site) -> Review {
    let folder = site.path("");
    let disk = Disk::new(&folder).expect("a project");
    let call = Invocation {
        folder_name: "example".to_owned(),
        sources: true,
        drafts: true,
        ..Invocation::default()
    };
    let now = Archives::new(Arc::new(disk));
    let now = Sites::new(Arc::new(now), Arc::new(Git::new(&folder)), call);
    let base = git(&folder, &["rev-parse", "main"]);
    let files = BaseFiles::new(&folder, &base).expect("a commit");
    let before = now.of_other_sources(Arc::new(Archives::new(Arc::new(files))));
    let renames = renames(&folder, &base).expect("git answers");
    Review::new(Arc::new(now), Arc::new(before), renames)
}

fn changes(changes: &[Change]) -> Vec<String> {
    let said = changes.iter().map(|it| {
        let said = serde_json::json!([it.kind, it.level, it.block]);
        let words = said.as_array().expect("a list").iter();
        let words: Vec<&str> = words.filter_map(|it| it.as_str()).collect();
        words.join(" ")
    });
    said.collect()
}

fn reasons(page: &PageReview) -> Vec<String> {
    let reasons = page.reasons.iter();
    let reasons = reasons.map(|it| format!("{:?} {}", it.kind, it.path).to_lowercase());
    reasons.collect()
}

fn of<'l>(list: &'l ReviewList, source: &str) -> Option<&'l PageReview> {
    let mut pages = list.pages.iter();
    pages.find(|page| page.source == source).map(|it| &**it)
}

#[test]
fn each_kind_of_edit_is_found_as_what_it_is() {
    let site = branch();
    let review = review(&site);
    let list = review.list(&|_| {});
    let mut wrong = Vec::new();
    let mut compare = |name: &str, found: Vec<String>, expected: &[&str]| {
        println!("{name}: expected {expected:?}, found {found:?}");
        if found != expected {
            wrong.push(format!("{name}: {found:?} instead of {expected:?}"));
        }
    };
    for edit in EDITS {
        let found = of(&list, &source(edit.name));
        let found = found.map(|page| changes(&page.changes));
        compare(edit.name, found.unwrap_or_default(), edit.expected);
    }
    for (page, expected, why, from) in [
        (
            "docs/picture.md",
            &["changed text image"][..],
            "image docs/view.svg",
            None,
        ),
        (
            "docs/snippet-1.md",
            &["changed text paragraph"],
            "snippet part.md",
            None,
        ),
        (
            "docs/snippet-2.md",
            &["changed text paragraph"],
            "snippet part.md",
            None,
        ),
        (
            "docs/snippet-3.md",
            &["changed text paragraph"],
            "snippet part.md",
            None,
        ),
        (
            "docs/new-name.md",
            &[],
            "text docs/new-name.md",
            Some("docs/old-name.md"),
        ),
        (
            "docs/added.md",
            &["added text heading", "added text paragraph"],
            "text docs/added.md",
            None,
        ),
        (
            "docs/removed.md",
            &["removed text heading", "removed text paragraph"],
            "text docs/removed.md",
            None,
        ),
    ] {
        let found = of(&list, page).expect("it is listed");
        compare(page, changes(&found.changes), expected);
        compare(page, reasons(found), &[why]);
        assert_eq!(found.from.as_deref(), from, "{page}");
    }
    // What is around all articles is said once.
    assert_eq!(list.causes.len(), 1, "{:#?}", list.causes);
    let cause = &list.causes[0];
    let said = cause
        .reasons
        .iter()
        .map(|it| format!("{:?} {}", it.kind, it.path).to_lowercase());
    compare(
        "around",
        said.collect(),
        &[
            "config mkdocs.yml",
            "template overrides/main.html",
            "nav mkdocs.yml",
        ],
    );
    // The edit without a change, and the home page, are not listed.
    let listed: Vec<&str> = list.pages.iter().map(|page| page.source.as_str()).collect();
    compare(
        "listed",
        vec![listed.len().to_string()],
        &[&*(EDITS.len() - 1 + 7).to_string()],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
