//! Front pages that front matter describes.

use crate::harness::{Site, stderr};

const FRONT: &str = "---
template: landing.html
hero:
  title: A *front* page & more
  text: See `code` and [the guide](guide/one.md#two).
  badge: New
actions:
  - text: Begin
    link: guide/one.md
    icon: material/arrow-right
  - text: Elsewhere
    link: https://x.example/?a=1&b=2
picture: {file: img.svg, dark: dark.svg, alt: A \"picture\"}
code:
  language: python
  title: hello.py
  text: print(\"hello\")
features:
  - title: First
    icon: material/check
    text: Some **text**.
    link: guide/one.md
---

The text below.
";

fn site(front: &str) -> Site {
    Site::new(&[
        ("docs/proofroom.toml", "site_name = \"Example\"\n"),
        ("docs/index.md", front),
        ("docs/guide/one.md", "# One\n\n## Two\n"),
        ("docs/img.svg", "<svg/>"),
        ("docs/dark.svg", "<svg/>"),
    ])
}

#[test]
fn front_matter_becomes_a_front_page() {
    let site = site(FRONT);
    site.run_successfully(&["check", "--strict"]);
    site.run_successfully(&["build", "--strict"]);
    let html = site.built("index.html");
    for part in [
        "<link rel=\"stylesheet\" href=\"assets/theme/css/landing.",
        "<h1>A *front* page &amp; more</h1>",
        "See <code>code</code> and <a href=\"guide/one/#two\">the guide</a>.",
        "<a class=\"md-button md-button--primary\" href=\"guide/one/\">Begin <svg",
        "<a class=\"md-button md-button--secondary\" href=\"https://x.example/?a=1&amp;b=2\">Elsewhere</a>",
        "src=\"img.svg\" alt=\"A &#34;picture&#34;\"",
        "src=\"dark.svg\"",
        "<span class=\"filename\">hello.py</span>",
        "<h2><a href=\"guide/one/\">First</a></h2>",
        "Some <strong>text</strong>.",
        "<p>The text below.</p>",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    let other = site.built("guide/one/index.html");
    assert!(!other.contains("css/landing."), "{other}");
}

#[test]
fn mistakes_are_named_where_they_are() {
    let front = FRONT
        .replace("guide/one.md#two", "guide/on.md")
        .replace("icon: material/check", "icon: material/chekc")
        .replace(
            "    link: guide/one.md\n    icon",
            "    link: guide/onee.md\n    icon",
        );
    let site = site(&front);
    let output = site.run(&["check", "--strict"]);
    assert!(!output.status.success());
    let said = stderr(&output);
    for part in [
        "docs/index.md:5:",
        "`guide/on.md` does not exist",
        "docs/index.md:9:11",
        "did you mean `guide/one.md`?",
        "docs/index.md:20:",
        "did you mean `material/check`?",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// A site may have a template of this name for its own fields.
#[test]
fn a_template_of_the_site_reads_front_matter_by_itself() {
    let site = site("---\ntemplate: landing.html\nhero: [mine]\n---\n\n# Mine\n");
    site.write(
        "docs/proofroom.toml",
        "site_name = \"Example\"\n[theme]\ncustom_dir = \"own\"\n",
    );
    site.write(
        "own/landing.html",
        "{{ page.meta.hero[0] }} {{ landing is undefined }}",
    );
    site.run_successfully(&["build", "--strict"]);
    assert_eq!(site.built("index.html").trim(), "mine True");
}
