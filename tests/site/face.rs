//! What the built-in theme makes of settings of Material for MkDocs.

use crate::harness::{Site, stderr};

const DIAGRAM: &str = "# Diagram\n\n``` mermaid\ngraph LR\n  A --> B\n```\n";
const FENCES: &str = "markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - {name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format}
";

/// The standard output of a command.
fn said(site: &Site, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&site.run_successfully(arguments).stdout).into_owned()
}

/// A site of an `mkdocs.yml` with this behind its name, and of these files.
fn of_mkdocs(config: &str, files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    let config = format!("site_name: Example\ntheme:\n  name: material\n{config}");
    site.write("mkdocs.yml", config);
    site
}

#[test]
fn without_mkdocs_nobody_else_is_asked() {
    let site = Site::new(&[
        (
            "index.md",
            "# Home\n\n:smile: :material-account: :thumbsup_tone3:\n",
        ),
        ("diagram.md", DIAGRAM),
    ]);
    assert_eq!(
        said(&site, &["check", "--assets"]),
        "Nothing of other sites is loaded.\n"
    );
    site.run_successfully(&["build"]);
    let html = site.built("index.html");
    assert!(
        html.contains("<p>😄 <span class=\"twemoji\"><svg"),
        "{html}"
    );
    let html = site.built("diagram/index.html");
    assert!(html.contains("assets/theme/js/mermaid."), "{html}");
    assert!(
        html.contains("<pre class=\"mermaid\"><code>graph LR"),
        "{html}"
    );
    assert!(!html.contains("unpkg.com"), "{html}");
}

#[test]
fn under_mkdocs_diagrams_are_drawn_as_by_material() {
    let files = [("docs/index.md", "# Home\n"), ("docs/diagram.md", DIAGRAM)];
    let site = of_mkdocs(FENCES, &files);
    let assets = said(&site, &["check", "--assets"]);
    assert_eq!(
        assets
            .matches("https://unpkg.com/mermaid@11/dist/mermaid.min.js")
            .count(),
        1,
        "{assets}"
    );
    site.run_successfully(&["build"]);
    assert!(!site.built("index.html").contains("mermaid"));
    // The script that the site names is the one.
    let own = of_mkdocs(
        &format!("{FENCES}extra_javascript: [js/mermaid.js]\n"),
        &files,
    );
    own.write("docs/js/mermaid.js", "");
    own.run_successfully(&["build", "--strict"]);
    let html = own.built("diagram/index.html");
    assert!(
        !html.contains("unpkg.com") && html.contains("src=\"../js/mermaid.js\""),
        "{html}"
    );
}

#[test]
fn facts_of_a_repository_are_asked_for_under_mkdocs_only() {
    let files = [("docs/index.md", "# Home\n")];
    for (repository, address) in [
        (
            "https://github.com/owner/name",
            Some("https://api.github.com/repos/owner/name"),
        ),
        (
            "https://github.com/owner/",
            Some("https://api.github.com/users/owner"),
        ),
        (
            "https://gitlab.example.org/a/b/c.git",
            Some("https://gitlab.example.org/api/v4/projects/a%2Fb%2Fc"),
        ),
        ("https://example.org/owner/name", None),
        ("https://github.com.example.org/owner/name", None),
        ("https://github.com/owner/na'me", None),
    ] {
        let site = of_mkdocs(&format!("repo_url: \"{repository}\"\n"), &files);
        site.run_successfully(&["build", "--strict"]);
        let html = site.built("index.html");
        let facts = address.map(|address| format!("data-md-facts=\"{address}\""));
        let is_there = facts.is_some_and(|facts| html.contains(&facts));
        assert_eq!(is_there, address.is_some(), "{repository}: {html}");
        assert_eq!(html.contains("js/extras."), is_there, "{repository}");
        let assets = said(&site, &["check", "--assets"]);
        let count = address.map_or(0, |address| assets.matches(address).count());
        assert_eq!(count, usize::from(is_there), "{assets}");
    }
    let own = Site::new(&[
        (
            "proofroom.toml",
            "repo_url = \"https://github.com/owner/name\"\n",
        ),
        ("docs/index.md", "# Home\n"),
    ]);
    own.run_successfully(&["build"]);
    assert!(!own.built("index.html").contains("api.github.com"));
}

#[test]
fn browsers_need_not_guess_where_an_icon_is() {
    let site = Site::new(&[("docs/index.md", "# Home\n"), ("docs/a/b.md", "# B\n")]);
    site.run_successfully(&["build"]);
    assert!(
        site.built("index.html")
            .contains("<link rel=\"icon\" href=\"data:,\">")
    );
    site.write("static/favicon.svg", "<svg/>");
    site.write("static/logo.svg", "<svg/>");
    site.run_successfully(&["build", "--strict"]);
    let html = site.built("a/b/index.html");
    for part in [
        "<link rel=\"icon\" href=\"../../favicon.svg\">",
        "<img src=\"../../logo.svg\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let site = of_mkdocs(
        "",
        &[("docs/index.md", "# Home\n"), ("docs/favicon.ico", "x")],
    );
    site.run_successfully(&["build"]);
    assert!(site.built("index.html").contains("href=\"favicon.ico\""));
}

#[test]
fn icons_of_admonitions_tags_and_annotations_are_those_of_the_site() {
    let site = of_mkdocs(
        "  icon:
    annotation: material/plus
    admonition: {note: octicons/tag-16, mine: material/star}
    tag: {default: material/label, html: fontawesome/brands/html5}
extra: {tags: {HTML: html}}
plugins: [tags]
",
        &[("docs/index.md", "---\ntags: [HTML]\n---\n\n# Home\n")],
    );
    site.run_successfully(&["check", "--strict"]);
    site.run_successfully(&["build", "--strict"]);
    let html = site.built("index.html");
    for part in [
        ":root{--md-admonition-icon--note:url(\"data:image/svg+xml,%3Csvg",
        ".md-typeset .mine>",
        ".md-tag{--md-tag-icon:url(",
        ".md-tag--html{--md-tag-icon:url(",
        "class=\"md-tag md-tag-icon md-tag--html\"",
        "--md-annotation-icon:url(",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn fonts_are_those_of_the_site() {
    let site = Site::new(&[
        (
            "docs/proofroom.toml",
            "site_name = \"S\"\n[theme.font]\ntext = \"Inter\"\ncode = \"Other\"\n",
        ),
        ("docs/a/index.md", "# A\n"),
        ("static/fonts/Inter-Bold.woff2", "x"),
        ("docs/assets/fonts/Inter-Regular.woff2", "x"),
    ]);
    let output = site.run_successfully(&["check"]);
    let said = stderr(&output);
    assert!(
        said.contains("`Other`") && !said.contains("`Inter`"),
        "{said}"
    );
    site.run_successfully(&["build"]);
    let html = site.built("a/index.html");
    for part in [
        "@font-face{font-family:\"Inter\";src:url(\"../assets/fonts/Inter-Regular.woff2\");font-weight:400;font-style:normal",
        "src:url(\"../fonts/Inter-Bold.woff2\");font-weight:700",
        "--md-text-font:\"Inter\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn who_counts_visits_waits_for_consent() {
    let analytics = "extra:\n  analytics: {provider: google, property: G-1}\n";
    let files = [("docs/index.md", "# Home\n"), ("docs/a.md", "# A\n")];
    let site = of_mkdocs(analytics, &files);
    site.run_successfully(&["build", "--strict"]);
    let script = "<script async src=\"https://www.googletagmanager.com/gtag/js?id=G-1\">";
    assert!(
        site.built("index.html").contains(script),
        "{}",
        site.built("index.html")
    );
    let consent =
        "  consent:\n    title: Cookies\n    description: May we?\n    actions: [accept, reject]\n";
    let site = of_mkdocs(&format!("{analytics}{consent}"), &files);
    site.run_successfully(&["build", "--strict"]);
    let html = site.built("index.html");
    assert!(!html.contains(script), "{html}");
    for part in [
        "<script type=\"text/plain\" data-md-consent=\"analytics\" async src=",
        "<h2 id=\"__consent_title\">Cookies</h2>",
        "name=\"analytics\" checked",
        "type=\"reset\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    // A service that nobody knows is named.
    let site = of_mkdocs("extra:\n  analytics: {provider: other}\n", &files);
    let said = stderr(&site.run_successfully(&["check"]));
    assert!(
        said.contains("partials/integrations/analytics/other.html"),
        "{said}"
    );
}

#[test]
fn pages_say_what_they_are_to_whoever_links_to_them() {
    let site = Site::new(&[
        (
            "docs/proofroom.toml",
            "site_name = \"S & T\"\nsite_url = \"https://x.example/\"\n",
        ),
        ("docs/index.md", "# Home\n"),
        (
            "docs/a.md",
            "---\ndescription: About \"A\"\nimage: img.png\n---\n\n# The *A*\n",
        ),
    ]);
    site.run_successfully(&["build", "--strict"]);
    let html = site.built("a/index.html");
    for part in [
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"og:site_name\" content=\"S &amp; T\">",
        "<meta property=\"og:title\" content=\"The A\">",
        "<meta property=\"og:description\" content=\"About &#34;A&#34;\">",
        "<meta property=\"og:url\" content=\"https://x.example/a/\">",
        "<meta property=\"og:image\" content=\"https://x.example/img.png\">",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(site.built("index.html").contains("content=\"website\""));
    // A template of the site that does so itself is enough.
    site.write(
        "docs/proofroom.toml",
        "site_name = \"S\"\n[theme]\ncustom_dir = \"own\"\n",
    );
    site.write("own/main.html", "{% extends \"base.html\" %}{% block extrahead %}<meta property=\"og:title\" content=\"x\">{% endblock %}");
    site.run_successfully(&["build", "--strict"]);
    assert_eq!(site.built("a/index.html").matches("og:").count(), 1);
}

#[test]
fn the_markdown_of_pages_is_published_if_the_site_asks_for_it() {
    let site = Site::new(&[
        ("docs/proofroom.toml", "site_name = \"S\"\n"),
        (
            "docs/index.md",
            "---\ntitle: A *title*\n---\n\nText &amp; more.\n",
        ),
        ("docs/a/b c.md", "# B\n\n[home](../index.md)\n"),
    ]);
    site.run_successfully(&["build"]);
    assert!(!site.path("site/index.md").exists());
    assert!(!site.built("index.html").contains("markdown"));
    site.write(
        "docs/proofroom.toml",
        "site_name = \"S\"\n[pages]\nmarkdown = true\n",
    );
    site.run_successfully(&["build", "--strict"]);
    assert_eq!(site.built("index.md"), "# A *title*\n\nText &amp; more.\n");
    assert_eq!(site.built("a/b c/index.md"), "# B\n\n[home](../index.md)\n");
    let html = site.built("a/b c/index.html");
    for part in [
        "<link rel=\"alternate\" type=\"text/markdown\" href=\"index.md\">",
        "data-md-copy=\"index.md\"",
        "<a href=\"index.md\" title=\"Open as Markdown\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    site.run_successfully(&["build", "--no-directory-urls"]);
    assert_eq!(site.built("a/b c.md"), "# B\n\n[home](../index.md)\n");
    assert!(
        site.built("a/b c.html")
            .contains("data-md-copy=\"b%20c.md\"")
    );
    let server = site.serve();
    let answer = server.get("/a/b%20c/index.md");
    assert!(answer.head.contains("text/markdown"), "{}", answer.head);
}

#[test]
fn varieties_of_a_language_have_its_words() {
    for (language, skip) in [
        ("de-AT", "Zum Hauptinhalt springen"),
        ("pt-BR", "Pular para o conteúdo"),
        ("cy", "Skip to content"),
    ] {
        let config = format!("site_name = \"S\"\ntheme.language = \"{language}\"\n");
        let site = Site::new(&[
            ("docs/proofroom.toml", &config),
            ("docs/index.md", "# Home\n"),
        ]);
        site.run_successfully(&["build"]);
        let html = site.built("index.html");
        assert!(
            html.contains(&format!("class=\"md-skip\">{skip}</a>")),
            "{html}"
        );
        assert!(
            html.contains(&format!("<html lang=\"{language}\"")),
            "{html}"
        );
    }
}
