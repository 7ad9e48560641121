mod jinja;
mod limits;
mod manifest;
mod reuse;
mod words;

use std::sync::Arc;

use serde_json::json;

use super::{
    BuildTime, Listed, PageContext, SettingsExtent, SiteContext, TemplateSource, Templates, Theme,
    is_asset,
};
use crate::config::Config;
use crate::files::SourcePath;
use crate::markdown::{Body, TocItem};
use crate::nav::{Group, Label, Nav, PageEntry, ShownNav, Target};
use crate::work::Interrupt;

/// A theme of these templates.
fn theme(templates: &[(&str, &str)]) -> Theme {
    let templates: Templates = templates
        .iter()
        .map(|(name, text)| {
            let path = SourcePath::new(format!("overrides/{name}"));
            (
                (*name).to_owned(),
                TemplateSource {
                    path,
                    text: (*text).into(),
                },
            )
        })
        .collect();
    let mut config = Config::bare("Example");
    config.site_url = Some("https://example.org/en/".to_owned());
    config.base = "/en/".to_owned();
    config.extra = json!({"a": {"b": 1}});
    // The last second of 2025.
    let time = BuildTime {
        moment: 1_767_225_599,
        is_given: true,
    };
    Theme::new(
        &config,
        SettingsExtent::Whole,
        Arc::new(templates),
        None,
        time,
        Interrupt::default(),
    )
}

/// The page `a/` between the home page and a link, in a section.
fn page() -> (PageContext, SiteContext) {
    let mut nav = Nav::default();
    let entry = |path: &str, url: &str| {
        let source = SourcePath::new(format!("docs/{path}"));
        Target::Page(Arc::new(PageEntry {
            source,
            path: path.to_owned(),
            url: url.to_owned(),
        }))
    };
    let home = nav.add(Some("Home".to_owned()), entry("index.md", ""), None);
    let section = nav.add(Some("Part".to_owned()), Target::Section, None);
    nav.add(Some("A & B".to_owned()), entry("a.md", "a/"), Some(section));
    nav.add(
        Some("Forum".to_owned()),
        Target::Link("https://forum.example/".to_owned()),
        None,
    );
    let toc = vec![TocItem {
        level: 2,
        typeset: None,
        id: "x".to_owned(),
        title: "X".to_owned(),
        children: Vec::new(),
    }];
    let page = PageContext {
        source: SourcePath::new("docs/a.md"),
        title: "A & B".to_owned(),
        typeset: None,
        body: Arc::new(Body {
            html: "<p>Text</p>".to_owned(),
            toc,
            ..Body::default()
        }),
        meta: Arc::default(),
        url: "a/".to_owned(),
        path: "a.md".to_owned(),
        alternates: Vec::new(),
        blog: None,
        variables: serde_json::Map::new(),
    };
    let listed = |path: &str, url: &str, title: &str| Listed {
        source: SourcePath::new(format!("docs/{path}")),
        path: path.to_owned(),
        url: url.to_owned(),
        title: title.to_owned(),
        typeset: None,
        meta: Arc::default(),
    };
    let pages = vec![
        listed("index.md", "", "Home"),
        listed("a.md", "a/", "A & B"),
        listed("b/c.md", "b/c/", "Beside the nav"),
    ];
    let label = |place: usize| {
        let item = &nav.items[place];
        Arc::new(Label {
            typeset: None,
            title: item.title.clone().expect("every item has one here"),
            target: item.target.clone(),
            meta: Arc::default(),
            group: (!item.children.is_empty()).then(Group::default),
        })
    };
    let shown = ShownNav::whole(&nav, &label, Some(home));
    let site = SiteContext::new(
        Arc::new(shown),
        None,
        None,
        Some(Arc::new(pages)),
        Arc::default(),
    );
    (page, site)
}

/// Renders `page()` with a theme.
fn render(theme: &Theme) -> Result<String, Box<crate::diagnostic::Diagnostic>> {
    let (page, site) = page();
    theme.page(&page, &site)
}

fn rendered(main: &str) -> String {
    let theme = theme(&[("main.html", main)]);
    render(&theme).unwrap_or_else(|error| panic!("{main}: {error:?}"))
}

#[test]
fn templates_see_what_mkdocs_shows_them() {
    for (template, html) in [
        ("{{ page.title }}|{{ page.content }}", "A & B|<p>Text</p>"),
        ("{{ page.title | e }}", "A &amp; B"),
        (
            "{{ base_url }} {{ page.canonical_url }}",
            ".. https://example.org/en/a/",
        ),
        (
            "{% for item in nav %}{{ item.title }},{% endfor %}",
            "Home,Part,Forum,",
        ),
        (
            "{% for item in nav.items %}{{ item.title }},{% endfor %}{{ nav.homepage.title }}",
            "Home,Part,Forum,Home",
        ),
        (
            "{% for item in nav %}{% if item.active %}{{ item.title }}{% endif %}{% endfor %}",
            "Part",
        ),
        (
            "{% for item in nav %}{% for below in item.children or [] %}{{ below.url | url }}{% endfor %}{% endfor %}",
            "./",
        ),
        (
            "{{ page.previous_page.url | url }}|{{ page.next_page }}",
            "..|None",
        ),
        (
            "{{ page.ancestors[0].title }} {{ page.parent.title }}",
            "Part Part",
        ),
        ("{{ page.toc[0].url }} {{ page.toc | length }}", "#x 1"),
        (
            "{{ page.nothing.at.all }}{{ config.extra.a.b }}{{ config.extra.get('c', 2) }}",
            "12",
        ),
        (
            "{% import 'm.html' as m %}{{ m.no }}{% include 'gone.html' ignore missing %}",
            "",
        ),
    ] {
        let theme = theme(&[("main.html", template), ("m.html", "")]);
        let found = render(&theme).unwrap_or_else(|error| panic!("{template}: {error:?}"));
        assert_eq!(found, html, "{template}");
    }
}

#[test]
fn the_url_filter_writes_the_way_from_the_page() {
    for (written, way) in [
        ("b/", "../b/"),
        ("", ".."),
        (".", ".."),
        ("img/x.png", "../img/x.png"),
        ("https://x.example/", "https://x.example/"),
        ("/top/", "/top/"),
        ("#here", "#here"),
    ] {
        assert_eq!(
            rendered(&format!("{{{{ '{written}' | url }}}}")),
            way,
            "{written}"
        );
    }
}

#[test]
fn other_filters_of_mkdocs() {
    let script = "{{ {'path': 'x.js', 'type': 'module', 'defer': true} | script_tag }}";
    assert_eq!(
        rendered(script),
        "<script src=\"../x.js\" type=\"module\" defer></script>"
    );
    assert_eq!(
        rendered("{{ '<b>a</b>  &amp; <!-- c -->b' | striptags }}"),
        "a & b"
    );
}

#[test]
fn says_where_a_template_is_wrong() {
    for (template, rule, line, column) in [
        ("one\n{% if x %}", "template-syntax", 2, 1),
        ("{% include 'gone.html' %}", "missing-template", 1, 1),
        (
            "one\ntwo {{ page.title | nofilter }}",
            "template-error",
            2,
            5,
        ),
    ] {
        let error = render(&theme(&[("main.html", template)])).expect_err("it is wrong");
        let span = error.span.clone().expect("a place");
        assert_eq!((error.rule.name(), span.line), (rule, line), "{template}");
        assert!(span.column >= column, "{template}: {span:?}");
        assert_eq!(span.path.as_str(), "overrides/main.html");
    }
}

#[test]
fn suggests_the_template_that_was_meant() {
    let theme = theme(&[
        ("main.html", "{% include 'partials/foter.html' %}"),
        ("partials/footer.html", ""),
    ]);
    let error = render(&theme).expect_err("it is wrong");
    assert_eq!(
        error.help.as_deref(),
        Some("did you mean `partials/footer.html`?")
    );
}

#[test]
fn a_template_that_no_page_uses_is_checked_too() {
    let theme = theme(&[("unused.html", "{% endfor %}")]);
    let rules: Vec<_> = theme
        .check()
        .iter()
        .map(|wrong| wrong.rule.name())
        .collect();
    assert_eq!(rules, ["template-syntax"]);
}

#[test]
fn a_template_on_its_own_lists_pages() {
    let text = "{% for file in pages %}{{ file.page.canonical_url }} {{ file.src_uri }} \
                {{ file.page.title }} {{ file.page.update_date }}\n{% endfor %}\
                {{ base_url }} {{ 'x.css' | url }} {{ nav.homepage.url | url }}|{{ page }}";
    let theme = theme(&[("sitemap.xml", text), ("404.html", "{{ 'x' | url }}")]);
    let (_, site) = page();
    let map = theme.alone("sitemap.xml", &site).expect("it renders");
    let expected = "https://example.org/en/ index.md Home 2025-12-31\n\
                    https://example.org/en/a/ a.md A & B 2025-12-31\n\
                    https://example.org/en/b/c/ b/c.md Beside the nav 2025-12-31\n\
                    . ./x.css ./.|None";
    assert_eq!(map, expected);
    let missing = theme.alone("404.html", &site).expect("it renders");
    assert_eq!(missing, "/en/x");
}

#[test]
fn tells_assets_from_the_rest() {
    let pages = ["404.html", "sitemap.xml", "humans.txt"].map(str::to_owned);
    for (path, asset) in [
        ("main.html", false),
        ("partials/x.html", false),
        (".icons/a/b.svg", false),
        ("assets/.hidden/x.css", false),
        ("locales/de/x.mo", false),
        ("mkdocs_theme.yml", false),
        ("README", false),
        ("x/notes.md", false),
        ("__init__.py", false),
        ("sitemap.xml", false),
        ("humans.txt", false),
        ("assets/a.css", true),
        ("assets/logo.svg", true),
        ("feed.xml", true),
    ] {
        assert_eq!(is_asset(path, &pages), asset, "{path}");
    }
}

/// MkDocs' templates escape by themselves, and so do ours: each expression says
/// what its value is, so that no text becomes markup by accident.
#[test]
fn every_expression_of_the_built_in_theme_says_how_it_is_escaped() {
    // Words of the interface, other macros, counters, and what the nav calls its parts.
    let is_own = |expression: &str| {
        ["lang.t(", "words.t(", "render", "item.render", "loop."]
            .iter()
            .any(|start| expression.starts_with(start))
            || ["class", "label", "level", "path"].contains(&expression)
    };
    let is_escaped = |expression: &str| {
        [
            "e",
            "inline_html",
            "safe",
            "script_tag",
            "tojson",
            "without_links",
        ]
        .iter()
        .any(|filter| expression.ends_with(&format!("| {filter}")))
    };
    for name in crate::theme::builtin_theme::templates() {
        let text = crate::theme::builtin_theme::template(&name).expect("it is listed");
        let expressions = text
            .split("{{")
            .skip(1)
            .filter_map(|it| it.split_once("}}"));
        for (expression, _) in expressions {
            let expression = expression.trim_matches(['-', ' ', '\n']);
            let is_word = name.starts_with("partials/languages/");
            assert!(
                is_word || is_own(expression) || is_escaped(expression),
                "{name}: {{{{ {expression} }}}}"
            );
        }
    }
}
