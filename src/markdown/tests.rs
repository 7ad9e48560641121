use super::*;

fn extension(name: &str) -> Extension {
    Extension {
        name: name.to_owned(),
        options: Map::new(),
        span: None,
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
    let (mut options, _) = Options::new(&extensions);
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
    let (options, _) = Options::new(&[]);
    let body = render(
        &SourcePath::new("a.md"),
        "# A\n\nb\n",
        1,
        &options,
        &Nowhere,
    );
    assert!(!body.html.contains("data-src"), "{}", body.html);
}

#[test]
fn the_first_heading_is_the_title() {
    let (options, _) = Options::new(&[]);
    let title = |text| first_heading(text, &options);
    assert_eq!(
        title("\n# A *b* `c` & d\n\ntext\n").as_deref(),
        Some("A b c & d")
    );
    assert_eq!(title("A\n===\n").as_deref(), Some("A"));
    assert_eq!(title("text\n\n# A\n"), None);
    assert_eq!(title("## A\n"), None);
}
