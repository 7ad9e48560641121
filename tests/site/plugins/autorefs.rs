//! Cross references of autorefs, with what the plugin made of the same pages.

use std::io::Write as _;

use super::Site;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use proofroom::diagnostic::{Diagnostic, Severity};

const CONFIG: &str = "plugins: [autorefs]\nmarkdown_extensions: [attr_list, admonition, footnotes, {toc: {permalink: true}}]\n";

const GUIDE: &str = "# Getting started\n\n[](){#an-alias}\n[](){#second-alias}\n## Tom & Jerry\n\n\
    Text <a id=\"raw-anchor\"></a> and [](){#text-anchor} more.\n\n## Custom { #custom-id }\n\n\
    [](){#before-text}\n\nText between\n\n## Code `heading`\n\n> ### Deep heading\n\n### The Foo\n\n\
    ### Foo and Bar {#foo-and-bar}\n\n## Dup\n\n## Getting started now\n\n\
    Back [home][home-page] and [sib][tom-jerry].\n";

const OTHER: &str =
    "# Other [x][getting-started]\n\n## Dup\n\n## Dup\n\n[d][dup_1] [bt][before-text]\n";

/// The site with one more page, which consists of a heading and `text`.
fn site(config: &str, text: &str) -> Site {
    let page = format!("# Home page\n\n{text}\n");
    Site::with(
        config,
        &[
            ("docs/index.md", &page),
            ("docs/sub/guide.md", GUIDE),
            ("docs/sub/other.md", OTHER),
        ],
    )
}

/// The HTML of a page behind its first heading.
fn behind_heading(site: &Site, page: &str) -> String {
    let html = site.body(page);
    let (_, rest) = html.split_once("</h1>").expect("a heading");
    rest.trim().replace("&#8617;", "").to_owned()
}

fn link(title: &str, href: &str, text: &str) -> String {
    let title = match title {
        "" => String::new(),
        title => format!(" title=\"{title}\""),
    };
    format!("<a class=\"autorefs autorefs-internal\"{title} href=\"{href}\">{text}</a>")
}

#[test]
fn names_of_headings_and_anchors_become_links() {
    let started = |text: &str| {
        let title = if text == "Getting started" {
            ""
        } else {
            "Getting started"
        };
        link(title, "sub/guide/#getting-started", text)
    };
    let to = |title: &str, id: &str, text: &str| link(title, &format!("sub/guide/#{id}"), text);
    for (text, expected) in [
        ("[the guide][getting-started]", started("the guide")),
        ("[Getting started][]", started("Getting started")),
        (
            "[`getting-started`][]",
            started("<code>getting-started</code>"),
        ),
        (
            "[Getting `started` *now*][]",
            to(
                "Getting started now",
                "getting-started-now",
                "Getting <code>started</code> <em>now</em>",
            ),
        ),
        (
            "[The *Foo*][]",
            to("The Foo", "the-foo", "The <em>Foo</em>"),
        ),
        (
            "[`Foo` and `Bar`][]",
            to(
                "Foo and Bar",
                "foo-and-bar",
                "<code>Foo</code> and <code>Bar</code>",
            ),
        ),
        (
            "[alias][an-alias]",
            to("Tom &amp; Jerry", "tom-jerry", "alias"),
        ),
        (
            "[second][second-alias]",
            to("Tom &amp; Jerry", "tom-jerry", "second"),
        ),
        (
            "[in text][text-anchor]",
            to("Tom &amp; Jerry", "text-anchor", "in text"),
        ),
        ("[custom][custom-id]", to("Custom", "custom-id", "custom")),
        (
            "[deep][deep-heading]",
            to("Deep heading", "deep-heading", "deep"),
        ),
        (
            "[before][before-text]",
            to("Code ", "code-heading", "before"),
        ),
        ("[self][home-page]", link("Home page", "#home-page", "self")),
        ("[spaced] [getting-started]", started("spaced")),
        ("[new\nline][getting-started]", started("new\nline")),
        ("[nl]\n[getting-started]", started("nl")),
        ("[a[b]c][getting-started]", started("a[b]c")),
        (
            "[[getting-started]][getting-started]",
            started("[getting-started]"),
        ),
        ("[a][getting-started][b]", format!("{}[b]", started("a"))),
        (
            "[a *b* `c`][getting-started]",
            started("a <em>b</em> <code>c</code>"),
        ),
        (
            "*[em][getting-started]*",
            format!("<em>{}</em>", started("em")),
        ),
        (
            "[link [in][getting-started] link](https://e.example)",
            format!(
                "<a href=\"https://e.example\">link {} link</a>",
                started("in")
            ),
        ),
        (
            "[classes][getting-started]{ .one #two }",
            "<a class=\"autorefs autorefs-internal one\" title=\"Getting started\" \
             href=\"sub/guide/#getting-started\" id=\"two\">classes</a>"
                .to_owned(),
        ),
        (
            "<autoref identifier=\"getting-started\">raw</autoref>",
            started("raw"),
        ),
        (
            "<autoref optional identifier=\"getting-started\">o</autoref>",
            to("Getting started (getting-started)", "getting-started", "o"),
        ),
        (
            "<autoref optional identifier=\"no\">o</autoref>",
            "<span title=\"no\">o</span>".to_owned(),
        ),
        (
            "<span data-autorefs-identifier=\"getting-started\">old</span>",
            to("", "getting-started", "old"),
        ),
        (
            "<span data-autorefs-optional=\"no\">old</span>",
            "old".to_owned(),
        ),
        (
            "<span data-autorefs-optional-hover=\"no\">old</span>",
            "<span title=\"no\">old</span>".to_owned(),
        ),
        // No references.
        (
            "![image][getting-started]",
            "![image][getting-started]".to_owned(),
        ),
        (
            "\\[not][getting-started]",
            "[not][getting-started]".to_owned(),
        ),
        (
            "[not\\][getting-started]",
            "[not][getting-started]".to_owned(),
        ),
        (
            "[Getting started] alone",
            "[Getting started] alone".to_owned(),
        ),
        ("[x][getting\nstarted]", "[x][getting\nstarted]".to_owned()),
        (
            "`[x][getting-started]`",
            "<code>[x][getting-started]</code>".to_owned(),
        ),
        (
            "[x][getting-started]\n\n[getting-started]: https://e.example",
            "<a href=\"https://e.example\">x</a>".to_owned(),
        ),
    ] {
        let site = site(CONFIG, text);
        assert_eq!(
            behind_heading(&site, "index.md"),
            format!("<p>{expected}</p>"),
            "{text}"
        );
        assert_eq!(site.said(), [""; 0], "{text}");
    }
    let site = site(CONFIG, "");
    assert!(behind_heading(&site, "sub/guide.md").ends_with(&format!(
        "<p>Back {} and {}.</p>",
        link("Home page", "../../#home-page", "home"),
        link("Tom &amp; Jerry", "#tom-jerry", "sib"),
    )));
    assert!(behind_heading(&site, "sub/other.md").ends_with(&format!(
        "<p>{} {}</p>",
        link("Dup", "#dup_1", "d"),
        link("Code ", "../guide/#code-heading", "bt"),
    )));
    // The name of the page has no link.
    assert!(
        site.output("sub/other/index.html")
            .contains("<title>Other x - Example</title>")
    );
}

#[test]
fn unknown_names_stay_as_written() {
    for (text, expected, name) in [
        ("[gone][nowhere]", "[gone][nowhere]", "nowhere"),
        ("[Nowhere][]", "[Nowhere][]", "Nowhere"),
        ("[`nowhere`][]", "[<code>nowhere</code>][]", "nowhere"),
        (
            "[No **where** `x`][]",
            "[No <strong>where</strong> <code>x</code>][No **where** `x`]",
            "No **where** `x`",
        ),
        (
            "[a & b][no & where]",
            "[a &amp; b][no &amp; where]",
            "no & where",
        ),
        (
            "[upper][Getting-Started]",
            "[upper][Getting-Started]",
            "Getting-Started",
        ),
        (
            "**[strong][nowhere]**",
            "<strong>[strong][nowhere]</strong>",
            "nowhere",
        ),
        (
            "[ ] [task][getting-started]",
            "[ ][task][getting-started]",
            "task",
        ),
        ("[raw][raw-anchor]", "[raw][raw-anchor]", "raw-anchor"),
        (
            "[a `<b>` c][]",
            "[a <code>&lt;b&gt;</code> c][a `&lt;b&gt;` c]",
            "a `<b>` c",
        ),
    ] {
        let site = site(CONFIG, text);
        assert_eq!(
            behind_heading(&site, "index.md"),
            format!("<p>{expected}</p>"),
            "{text}"
        );
        let found = site.diagnostics();
        let [fault] = &found[..] else {
            panic!("{text}: {found:#?}");
        };
        let message = format!("nothing is named `{name}`: the reference stays as written");
        assert_eq!(
            (&fault.message, fault.severity),
            (&message, Severity::Warning)
        );
        assert_eq!(fault.span.as_ref().map(|span| span.line), Some(3), "{text}");
    }
}

#[test]
fn similar_names_are_suggested() {
    let site = site(CONFIG, "One [x][getting-startd] two");
    let found = site.diagnostics();
    let fault = &found[0];
    assert_eq!(
        fault.help.as_deref(),
        Some("did you mean `getting-started`?")
    );
    let column = fault.span.as_ref().map(|span| span.column);
    assert_eq!((found.len(), column), (1, Some(9)));
    let fix = fault.fix.as_ref().map(|fix| fix.text.as_str());
    assert_eq!(fix, Some("getting-started"));
}

#[test]
fn the_first_of_several_places_is_linked() {
    let text = "[one][dup]";
    let first = format!("<p>{}</p>", link("Dup", "sub/guide/#dup", "one"));
    let unsure = site(CONFIG, text);
    assert_eq!(behind_heading(&unsure, "index.md"), first);
    assert_eq!(unsure.said(), ["ambiguous-reference docs/index.md:3"]);
    let closest = CONFIG.replace("[autorefs]", "[autorefs: {resolve_closest: true}]");
    let mut sure = site(&closest, text);
    assert_eq!(behind_heading(&sure, "index.md"), first);
    assert_eq!(sure.said(), [""; 0]);
    // From within a folder, the one there.
    sure.write("docs/index.md", "# Home\n\n## Dup\n");
    sure.write("docs/sub/last.md", "# L\n\n[one][dup]\n");
    let expected = format!("<p>{}</p>", link("Dup", "../guide/#dup", "one"));
    assert_eq!(behind_heading(&sure, "sub/last.md"), expected);
}

#[test]
fn titles_depend_on_options_and_theme() {
    let linked = |title: &str| format!("<p>{}</p>", link(title, "sub/guide/#getting-started", "x"));
    let optional = "<autoref optional identifier=\"getting-started\">x</autoref>";
    for (options, theme, text, title) in [
        ("link_titles: false", "", "[x][getting-started]", ""),
        ("link_titles: external", "", "[x][getting-started]", ""),
        (
            "link_titles: true",
            "theme: {name: material, features: [navigation.instant.preview]}\n",
            "[x][getting-started]",
            "Getting started",
        ),
        (
            "link_titles: auto",
            "theme: {name: material, features: [navigation.instant.preview]}\n",
            "[x][getting-started]",
            "",
        ),
        (
            "strip_title_tags: false",
            "",
            optional,
            "Getting started (&lt;code&gt;getting-started&lt;/code&gt;)",
        ),
        (
            "strip_title_tags: auto",
            "theme: {name: material, features: [content.tooltips]}\n",
            optional,
            "Getting started (&lt;code&gt;getting-started&lt;/code&gt;)",
        ),
    ] {
        let config = CONFIG.replace("[autorefs]", &format!("[autorefs: {{{options}}}]"));
        let site = site(&format!("{config}{theme}"), text);
        assert_eq!(
            behind_heading(&site, "index.md"),
            linked(title),
            "{options} {theme}"
        );
    }
}

/// Without the plugin, or with the one that mkdocstrings brings along, names of
/// headings mean nothing.
#[test]
fn headings_need_the_plugin() {
    for plugins in ["[]", "[mkdocstrings]"] {
        let config = CONFIG.replace("[autorefs]", plugins);
        let site = site(&config, "[x][getting-started]");
        assert_eq!(
            behind_heading(&site, "index.md"),
            "<p>[x][getting-started]</p>"
        );
        let warnings = site.diagnostics().into_iter();
        let mut warnings = warnings.filter(|it| it.severity > Severity::Note);
        assert_eq!(warnings.next(), None, "{plugins}");
    }
}

fn inventory(lines: &str) -> Vec<u8> {
    let head = "# Sphinx inventory version 2\n# Project: P\n# Version: 1\n# zlib\n";
    let mut encoder = ZlibEncoder::new(head.as_bytes().to_vec(), Compression::default());
    encoder.write_all(lines.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

const OBJECTS: &str = "pathlib.Path py:class 1 library/pathlib.html#$ -\n\
    os.path py:module 0 library/os.path.html#module-$ -\n\
    label std:label -1 reference/x.html#label A label\n\
    home-page py:class 1 never.html -\n";

fn outside(title: &str, path: &str, text: &str) -> String {
    format!(
        "<a class=\"autorefs autorefs-external\"{title} href=\"https://docs.example/3/{path}\">{text}</a>"
    )
}

/// A site whose plugins are `autorefs` and `mkdocstrings` with this inventory.
fn with_inventory(inventories: &str, toml: &str, page: &str) -> Site {
    let config = format!(
        "site_name: Example\nplugins:\n  - autorefs\n  - mkdocstrings:\n      handlers:\n        python:\n          inventories: {inventories}\n"
    );
    let site = Site::new(&[
        ("mkdocs.yml", &config),
        ("proofroom.toml", &format!("base = \"mkdocs.yml\"\n{toml}")),
        ("docs/index.md", page),
    ]);
    site.files.write(&"inv/py.inv".into(), inventory(OBJECTS));
    site
}

#[test]
fn names_of_objects_lead_to_other_sites() {
    let page = "# Home page\n\n[path][pathlib.Path] [`pathlib.Path`][] [mod][os.path] [label][label] \
        [head][home-page] <autoref optional identifier=\"os.path\">O</autoref>\n";
    let path = "library/pathlib.html#pathlib.Path";
    let module = "library/os.path.html#module-os.path";
    let expected = |label: &str| {
        format!(
            "<p>{} {} {} {label} {} {}</p>",
            outside("", path, "path"),
            outside("", path, "<code>pathlib.Path</code>"),
            outside("", module, "mod"),
            link("Home page", "#home-page", "head"),
            outside(" title=\"os.path\"", module, "O"),
        )
    };
    let label = outside("", "reference/x.html#label", "label");
    for (inventories, toml, expected) in [
        (
            "[{url: inv/py.inv, base_url: 'https://docs.example/3/'}]",
            "",
            expected("[label][]"),
        ),
        (
            "[{url: inv/py.inv, base_url: 'https://docs.example/3', domains: [py, std]}]",
            "",
            expected(&label),
        ),
        (
            "['https://docs.example/3/objects.inv']",
            "[inventories]\n\"https://docs.example/3/objects.inv\" = \"inv/py.inv\"\n",
            expected("[label][]"),
        ),
        (
            "[]",
            "[inventories]\n\"https://docs.example/3/objects.inv\" = \"inv/py.inv\"\n",
            expected(&label),
        ),
    ] {
        let site = with_inventory(inventories, toml, page);
        assert_eq!(behind_heading(&site, "index.md"), expected, "{inventories}");
    }
}

#[test]
fn inventories_that_cannot_be_read_are_named() {
    for (inventories, toml, message) in [
        (
            "['https://docs.example/3/objects.inv']",
            "",
            "the inventory `https://docs.example/3/objects.inv` is not fetched",
        ),
        (
            "[{url: inv/none.inv, base_url: 'https://docs.example/3/'}]",
            "",
            "the inventory `inv/none.inv` does not exist",
        ),
        (
            "[inv/py.inv]",
            "",
            "the inventory `inv/py.inv` has no `base_url`",
        ),
        (
            "[{url: mkdocs.yml, base_url: 'https://docs.example/3/'}]",
            "",
            "`mkdocs.yml` is not an inventory of Sphinx in its version 2",
        ),
        (
            "['https://docs.example/3/objects.inv']",
            "[inventories]\n\"https://docs.example/3/objects.inv\" = \"inv/none.inv\"\n",
            "the file `inv/none.inv` of the inventory `https://docs.example/3/objects.inv` does not exist",
        ),
    ] {
        let site = with_inventory(inventories, toml, "# Home\n\n[path][pathlib.Path]\n");
        let place = |it: &Diagnostic| it.span.as_ref().map(|span| span.line);
        let found = site.diagnostics();
        let of_inventory: Vec<_> = found.iter().filter(|it| it.message == message).collect();
        assert_eq!(of_inventory.len(), 1, "{message}: {found:#?}");
        assert_eq!(place(of_inventory[0]), Some(6), "{message}");
        // What was lost is told once, and fails no strict build.
        let lost = "nothing is named `pathlib.Path`: the reference stays as written";
        let lost = found.iter().find(|it| it.message == lost);
        assert_eq!(
            lost.map(|it| it.severity),
            Some(Severity::Note),
            "{message}"
        );
    }
}
