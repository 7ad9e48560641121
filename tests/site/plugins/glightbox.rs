use super::Site;

const PAGE: &str = "# A\n\n![One](a.png) ![Two](b.png){ .off-glb } :smile:\n";

const EXTENSIONS: &str = "markdown_extensions: [attr_list]\n";

#[test]
fn images_open_with_the_box_that_comes_with_proofroom() {
    let config = format!("{EXTENSIONS}plugins: [glightbox]\n");
    let site = Site::with(
        &config,
        &[
            ("docs/index.md", PAGE),
            (
                "docs/b/c.md",
                "---\nglightbox: false\n---\n# C\n\n![One](../a.png)\n",
            ),
            ("docs/b/d.md", "# D\n\n![One](../a.png)\n"),
            ("docs/a.png", ""),
            ("docs/b.png", ""),
        ],
    );
    let page = site.output("index.html");
    let link = "<a class=\"glightbox\" data-type=\"image\" data-width=\"auto\" data-height=\"auto\" \
                href=\"a.png\" data-desc-position=\"bottom\"><img";
    assert_eq!(page.matches("<a class=\"glightbox\"").count(), 1, "{page}");
    assert!(page.contains(link), "{page}");
    assert!(page.contains("<script src=\"assets/javascripts/glightbox.min.js\"></script>"));
    assert!(!page.contains("document$.subscribe"), "{page}");
    let without = site.output("b/c/index.html");
    assert!(!without.contains("glightbox"), "{without}");
    let below = site.output("b/d/index.html");
    assert!(below.contains("href=\"../../a.png\" data-desc"), "{below}");
    assert!(below.contains("<link href=\"../../assets/stylesheets/glightbox.min.css\""));
    assert!(
        site.output("assets/javascripts/glightbox.min.js")
            .contains("window.GLightbox")
    );
    assert!(
        site.output("assets/stylesheets/glightbox.min.css")
            .contains(".lightbox")
    );
    assert!(!site.output("404.html").contains("glightbox"));
    assert_eq!(site.said(), [""; 0]);
}

#[test]
fn the_library_is_copied_from_beside_the_theme() {
    let site = Site::new(&[
        (
            "proofroom.toml",
            "site_name = \"S\"\nplugins = [\"glightbox\"]\n[theme]\npath = \"lib/ours\"\nname = \"material\"\n",
        ),
        ("lib/ours/mkdocs_theme.yml", ""),
        (
            "lib/ours/main.html",
            "<html><head></head><body>{{ page.content }}</body></html>",
        ),
        ("lib/mkdocs_glightbox/glightbox/glightbox.min.js", "theirs"),
        ("lib/mkdocs_glightbox/glightbox/glightbox.min.css", ""),
        ("docs/index.md", "![One](a.png)\n"),
        ("docs/a.png", ""),
    ]);
    let outputs = proofroom::site::queries::outputs(&site.db);
    let script = &outputs["assets/javascripts/glightbox.min.js"];
    let source = script.asset().map(ToString::to_string);
    assert_eq!(
        source.as_deref(),
        Some("lib/mkdocs_glightbox/glightbox/glightbox.min.js")
    );
    assert!(site.output("index.html").contains("<a class=\"glightbox\""));
}

#[test]
fn a_choice_that_is_none_is_named() {
    let site = Site::with(
        "plugins:\n  - glightbox: {effect: spin, loops: true}\n",
        &[("docs/index.md", "# Home\n")],
    );
    assert_eq!(
        site.said(),
        ["bad-value mkdocs.yml:3", "unsupported-option mkdocs.yml:3"]
    );
}

#[test]
fn with_the_plugin_privacy_the_browser_says_where_images_are() {
    let page = ("docs/index.md", "# Home\n\n![One](a.png)\n");
    let config = |plugins: &str| {
        format!(
            "site_name = \"S\"\nplugins = [{plugins}]\n[theme]\npath = \"lib/ours\"\nname = \"material\"\n"
        )
    };
    let site = |plugins: &str| {
        Site::new(&[
            ("proofroom.toml", &config(plugins)),
            ("lib/ours/mkdocs_theme.yml", ""),
            (
                "lib/ours/main.html",
                "<html><head></head><body>{{ page.content }}</body></html>",
            ),
            page,
            ("docs/a.png", ""),
        ])
    };
    let with = site("\"glightbox\", \"privacy\"").output("index.html");
    assert!(
        with.contains("data-height=\"auto\" data-desc-position"),
        "{with}"
    );
    assert!(
        with.contains("link.setAttribute(\"href\", address)"),
        "{with}"
    );
    let without = site("\"glightbox\"").output("index.html");
    assert!(without.contains("href=\"a.png\""), "{without}");
    assert!(!without.contains("setAttribute"), "{without}");
}
