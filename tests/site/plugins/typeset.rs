use super::Site;

const CONFIG: &str =
    "plugins: [typeset]\nmarkdown_extensions: [attr_list, {toc: {permalink: true}}]\n";

#[test]
fn navs_and_tables_of_contents_show_headings_as_they_are_written() {
    let files = [
        ("docs/index.md", "# Home\n\n## *One* [link](a.md) `two`\n"),
        (
            "docs/a.md",
            "# The `vec` in *Rust* & C\n\n## Own {data-toc-label=\"Label\"}\n",
        ),
        (
            "docs/b.md",
            "---\ntitle: From *front*\n---\n# A `heading`\n",
        ),
    ];
    let mut site = Site::with(CONFIG, &files);
    let home = site.output("index.html");
    assert!(
        home.contains(">The <code>vec</code> in <em>Rust</em> &amp; C</span>"),
        "{home}"
    );
    assert!(home.contains(">From *front*</span>"), "{home}");
    // A link in a link is not HTML.
    assert!(home.contains("<span class=\"md-ellipsis\"><em>One</em> link <code>two</code></span>"));
    let other = site.output("a/index.html");
    assert!(
        other.contains("<title>The vec in Rust &amp; C - "),
        "{other}"
    );
    assert!(
        other.contains("<span class=\"md-ellipsis\">Label</span>"),
        "{other}"
    );

    site.write("docs/a.md", "Text.\n\n# Later `in` it\n");
    let home = site.output("index.html");
    assert!(home.contains(">Later <code>in</code> it</span>"), "{home}");
    assert_eq!(site.said(), [""; 0]);
}

#[test]
fn a_title_in_the_nav_stays_as_it_is() {
    let config = format!("{CONFIG}nav: [index.md, Given: a.md]\n");
    let files = [
        ("docs/index.md", "# `Home`\n"),
        ("docs/a.md", "# The `vec`\n"),
    ];
    let site = Site::with(&config, &files);
    let page = site.output("a/index.html");
    assert!(
        page.contains("<span class=\"md-ellipsis\">Given</span>"),
        "{page}"
    );
    assert!(
        page.contains("<span class=\"md-ellipsis\"><code>Home</code></span>"),
        "{page}"
    );
}
