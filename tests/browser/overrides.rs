//! Templates of Material for MkDocs as overrides of the built-in theme, as sites have them that
//! copied one to change it. They are taken from the installed package.

use std::fs;
use std::path::Path;

use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use crate::harness::browser::{Driver, all_true, holds, press, run, value};
use crate::harness::skip::material;
use crate::harness::{Server, Site};

const CONFIG: &str = "site_name: Example
repo_url: https://github.com/example/example
repo_name: example/example
copyright: Someone
theme:
  name: material
  custom_dir: overrides
  features: [navigation.tabs, navigation.indexes, navigation.footer, search.suggest, search.share]
  palette:
    - scheme: default
      primary: indigo
      toggle: {icon: material/weather-night, name: Dark}
    - scheme: slate
      primary: indigo
      toggle: {icon: material/weather-sunny, name: Light}
extra:
  alternate:
    - {name: English, link: /, lang: en}
    - {name: Deutsch, link: /de/, lang: de}
";

/// Copies of these partials are what sites usually change.
const USUAL: [&str; 8] = [
    "alternate",
    "footer",
    "header",
    "nav",
    "palette",
    "search",
    "tabs",
    "toc",
];

/// A site with copies of partials of the package in this folder, and its main template.
fn site(material: &str, partials: &[&str]) -> Site {
    let templates = Path::new(material).join("templates");
    let words = "Words, words.\n\n".repeat(40);
    let page = format!("# One\n\n{words}## First\n\n{words}## Second\n\n{words}");
    let site = Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n\nWords.\n"),
        ("docs/part/index.md", "# Part\n\nWords.\n"),
        ("docs/part/one.md", &page),
        ("docs/part/deep/two.md", "# Two\n\nWords.\n"),
    ]);
    let copy = |name: &str| {
        let text = fs::read_to_string(templates.join(name)).expect("a template of the package");
        site.write(&format!("overrides/{name}"), text);
    };
    copy("main.html");
    for name in partials {
        copy(&format!("partials/{name}.html"));
    }
    site
}

/// All partials of the package but those that load scripts and words.
fn all_partials(material: &str) -> Vec<String> {
    let folder = Path::new(material).join("templates/partials");
    let entries = fs::read_dir(folder).expect("its partials");
    let names = entries.filter_map(|entry| {
        let name = entry.expect("an entry").file_name();
        Some(name.to_str()?.strip_suffix(".html")?.to_owned())
    });
    let mut names: Vec<_> = names.filter(|name| name != "language").collect();
    names.sort();
    names
}

async fn open(site: &Site, width: u32) -> (Server, Driver, Client) {
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    client.set_window_size(width, 800).await.expect("set");
    let address = format!("{}part/one/", server.home);
    client.goto(&address).await.expect("it loads");
    (server, driver, client)
}

/// What helps to look at a page.
const LOOK: &str = "const shown = (css) => [...document.querySelectorAll(css)].filter((it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  const text = shown('.md-header, .md-tabs, .md-sidebar, .md-footer').map((it) => it.innerText).join(' ');
  const box = (css) => shown(css)[0].getBoundingClientRect();";

async fn looks_and_works_on_a_desktop(site: &Site) {
    let (_server, _driver, client) = open(site, 1400).await;
    holds(
        &client,
        "document.querySelector('[data-md-component=search-result]').hidden",
    )
    .await;
    let script = format!(
        "{LOOK} return {{
           'no keys of words': !/\\b(search|footer|nav|source|select)\\.[a-z]+/.test(text + [...document.querySelectorAll('.md-header [placeholder], .md-header [aria-label]')].map((it) => it.placeholder + it.ariaLabel).join()),
           'what a paint waits for': [...document.querySelectorAll('link[rel=expect]')].every((it) => document.getElementById(it.hash?.slice(1) ?? it.getAttribute('href').slice(1))),
           'the menu is closed': shown('.md-select__inner').length === 0,
           'the results are closed': shown('.md-search__output').length === 0,
           'one name': shown('.md-header__topic').length === 1 && shown('.md-header__topic')[0].innerText.trim() === 'Example',
           'no button for the contents': shown('.md-header label[for=__drawer]').length === 0,
           'one icon of the search': shown('.md-header label[for=__search] svg').length === 1,
           'in the header': ['.md-header__topic', '.md-search__input', '.md-select'].every((css) => box(css).bottom <= box('.md-header').bottom + 1),
           'a field of one line': box('.md-search__form').height < 40,
           'the tabs': shown('.md-tabs__link').length === 2 && shown('.md-tabs__item--active').length === 1,
           'the contents once': shown('.md-nav--secondary').length === 1 && shown('.md-nav--secondary a').length === 2,
           'the section': shown('.md-sidebar--primary a').some((it) => it.innerText.trim() === 'One'),
           'closed sections': shown('.md-sidebar--primary a').every((it) => it.innerText.trim() !== 'Two'),
           'the foot': shown('.md-footer__link').length === 2,
         }};"
    );
    all_true(&client, &script).await;
    // The menu opens for who points to it or comes to it.
    run(
        &client,
        "document.querySelector('.md-select button, .md-select summary').focus()",
    )
    .await;
    holds(&client, "document.querySelector('.md-select__link').checkVisibility({ visibilityProperty: true, opacityProperty: true })").await;
    // Searching.
    run(
        &client,
        "document.querySelector('[data-md-component=search-query]').focus()",
    )
    .await;
    let field = client
        .find(fantoccini::Locator::Css("[data-md-component=search-query]"))
        .await
        .expect("a field");
    field.send_keys("words").await.expect("typed");
    holds(
        &client,
        "document.querySelector('.md-search-result__link').checkVisibility()",
    )
    .await;
    holds(&client, &format!("(() => {{ {LOOK} return box('.md-search__output').right <= innerWidth && box('.md-search__output').left >= 0 && box('.md-search__input').width > 150; }})()")).await;
    run(
        &client,
        "document.querySelector('.md-search__form [type=reset]').click()",
    )
    .await;
    holds(
        &client,
        "!document.querySelector('.md-search__output').checkVisibility()",
    )
    .await;
    press(&client, &[Key::Escape.into()]).await;
    holds(&client, "!document.querySelector('#__search').checked").await;
    // Below its heading, the header has the title of the page.
    run(&client, "scrollTo({ top: 800, behavior: 'instant' })").await;
    holds(&client, &format!("(() => {{ {LOOK} const names = shown('.md-header__topic'); return names.length === 1 && names[0].innerText.trim() === 'One'; }})()")).await;
    client.close().await.expect("it closes");
}

async fn looks_and_works_on_a_phone(site: &Site) {
    let (_server, _driver, client) = open(site, 500).await;
    let script = format!(
        "{LOOK} return {{
           'no tabs': shown('.md-tabs').length === 0,
           'the buttons': shown('.md-header label[for=__drawer]').length === 1 && shown('.md-header label[for=__search]').length === 1,
           'the search is closed': shown('.md-search__input').length === 0,
           'the contents are closed': shown('.md-nav--secondary a').length === 0,
           'the text': box('.md-content__inner').width > innerWidth * 0.8,
           'nothing sideways': document.documentElement.scrollWidth <= innerWidth,
         }};"
    );
    holds(
        &client,
        "document.querySelector('[data-md-component=search-result]').hidden",
    )
    .await;
    all_true(&client, &script).await;
    run(
        &client,
        "document.querySelector('label.md-nav__title[for=__toc]').click()",
    )
    .await;
    holds(&client, &format!("(() => {{ {LOOK} return shown('.md-sidebar--secondary .md-nav--secondary a').length === 2; }})()")).await;
    run(
        &client,
        "document.querySelector('.md-header label[for=__drawer]').click()",
    )
    .await;
    holds(&client, &format!("(() => {{ {LOOK} return shown('.md-sidebar--primary a').some((it) => it.innerText.trim() === 'Home'); }})()")).await;
    press(&client, &[Key::Escape.into()]).await;
    run(
        &client,
        "document.querySelector('.md-header label[for=__search]').click()",
    )
    .await;
    holds(
        &client,
        "document.activeElement.matches('[data-md-component=search-query]')",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn copies_of_the_usual_partials_look_and_work() {
    let Some(material) = material() else {
        return;
    };
    let site = site(&material, &USUAL);
    looks_and_works_on_a_desktop(&site).await;
    looks_and_works_on_a_phone(&site).await;
}

#[tokio::test]
async fn copies_of_all_partials_look_and_work() {
    let Some(material) = material() else {
        return;
    };
    let partials = all_partials(&material);
    let partials: Vec<&str> = partials.iter().map(String::as_str).collect();
    let site = site(&material, &partials);
    looks_and_works_on_a_desktop(&site).await;
    looks_and_works_on_a_phone(&site).await;
    // Sections fold by their labels, with the keyboard too.
    let (_server, _driver, client) = open(&site, 1400).await;
    let two = format!(
        "(() => {{ {LOOK} return shown('.md-sidebar--primary a').some((it) => it.innerText.trim() === 'Two'); }})()"
    );
    run(&client, "document.querySelector('.md-sidebar--primary .md-nav__item--nested .md-nav__item--nested label[tabindex]').focus()").await;
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, &two).await;
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, &format!("!{two}")).await;
    client.close().await.expect("it closes");
}

/// Whichever one a site copied, the others are the theme's own.
#[tokio::test]
async fn a_copy_of_each_partial_alone_is_rendered() {
    let Some(material) = material() else {
        return;
    };
    for partial in all_partials(&material) {
        let site = site(&material, &[&partial]);
        let built = site.run(&["build", "--quiet"]);
        assert!(built.status.success(), "{partial}: {built:?}");
        if partial == "nav-item" {
            let page = site.built("part/one/index.html");
            let entries: Vec<_> = page.matches("id=\"__nav_").collect();
            assert!(!entries.is_empty(), "{page}");
            let ids = |id: &str| page.matches(&format!("id=\"{id}\"")).count();
            assert_eq!((ids("__nav_2"), ids("__nav_2_label")), (1, 1), "{page}");
        }
    }
}

/// Scripts that Material has in partials, in place of ours.
#[tokio::test]
async fn copies_of_early_scripts_keep_the_search_and_the_colours() {
    let Some(material) = material() else {
        return;
    };
    let partials = ["javascripts/base", "javascripts/palette", "palette"];
    let site = site(&material, &partials);
    let (_server, _driver, client) = open(&site, 1400).await;
    let shown = |css: &str| {
        format!("document.querySelector('{css}').checkVisibility({{ visibilityProperty: true }})")
    };
    holds(&client, &shown(".md-search__input")).await;
    holds(
        &client,
        &shown("[data-md-component=palette] label:not([hidden])"),
    )
    .await;
    let chosen = "document.body.dataset.mdColorScheme";
    assert_eq!(value(&client, chosen).await, json!("default"));
    let click = "document.querySelector('[data-md-component=palette] label:not([hidden])').click()";
    run(&client, click).await;
    holds(&client, &format!("{chosen} === 'slate'")).await;
    client.refresh().await.expect("it loads");
    holds(&client, &format!("{chosen} === 'slate'")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn copies_of_rarer_parts_are_aligned_and_closed() {
    let Some(material) = material() else {
        return;
    };
    let partials = ["consent", "post", "nav", "nav-item", "toc"];
    let site = site(&material, &partials);
    let config = CONFIG.replace("navigation.footer", "navigation.footer, toc.integrate");
    let config = format!(
        "{config}  consent: {{title: Cookies, description: May we?, actions: [accept, manage]}}\n  analytics: {{provider: mine}}\nplugins: [blog]\n"
    );
    site.write("mkdocs.yml", config);
    let post =
        "---\ndate: 2024-01-01\nstatus: new\n---\n\n# Post\n\nWords.\n\n<!-- more -->\n\n## More\n";
    site.write("docs/blog/index.md", "# Blog\n");
    site.write("docs/blog/posts/post.md", post);
    site.write("docs/part/new.md", "---\nstatus: new\n---\n# New\n");
    let (server, _driver, client) = open(&site, 500).await;
    let settings = format!("(() => {{ {LOOK} return shown('.md-consent__settings').length; }})()");
    holds(
        &client,
        &format!("document.querySelector('.md-consent').checkVisibility() && {settings} === 0"),
    )
    .await;
    run(
        &client,
        "document.querySelector('[for=__settings]').click()",
    )
    .await;
    holds(&client, &format!("{settings} === 1")).await;
    let address = format!("{}blog/", server.home);
    client.goto(&address).await.expect("it loads");
    all_true(
        &client,
        "const left = (css) => document.querySelector(css).getBoundingClientRect().left;
         return {
           'a post': Math.abs(left('.md-post h2') - left('h1')) < 2,
           'what is said of it': getComputedStyle(document.querySelector('.md-meta__item')).listStyleType === 'none' || left('.md-meta__item') >= left('h1') - 2,
           'consent': left('.md-consent h4') > 10,
         };",
    )
    .await;
    // The headings of the page are below its entry, which is there once.
    client.set_window_size(1400, 800).await.expect("set");
    let address = format!("{}part/one/", server.home);
    client.goto(&address).await.expect("it loads");
    let script = format!(
        "{LOOK} const names = shown('.md-sidebar--primary .md-nav__link').map((it) => it.innerText.trim());
         const sign = document.querySelector('.md-status--new');
         return {{
           once: names.filter((name) => name === 'One').length === 1,
           headings: names.includes('First') && names.includes('Second'),
           'a sign': sign.getBoundingClientRect().width > 8 && getComputedStyle(sign, '::after').maskImage.includes('svg'),
         }};"
    );
    all_true(&client, &script).await;
    client.close().await.expect("it closes");
}

/// A banner and a front page as sites write them, in their own words.
const HOME: &str = "{% extends \"main.html\" %}
{% block tabs %}{{ super() }}
<section class=\"mdx-container\"><div class=\"md-grid md-typeset\"><div class=\"hero\"><h1>Big words</h1></div></div></section>
{% endblock %}
{% block content %}<div class=\"md-grid wide\">Wide</div>{% endblock %}
";

#[tokio::test]
async fn banners_and_front_pages_are_read_and_aligned() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nextra_css: [own.css]\ntheme:\n  name: material\n  custom_dir: overrides\n  features: [navigation.tabs]\n",
        ),
        (
            "docs/own.css",
            ".hero { margin: 0 .8rem } .md-banner a { color: white } .md-main__inner, .md-content__inner { margin: 0; max-width: none }\n",
        ),
        (
            "docs/index.md",
            "---\ntemplate: home.html\nhide: [navigation, toc]\n---\n# Home\n",
        ),
        ("docs/one.md", "# One\n"),
        ("overrides/home.html", HOME),
        (
            "overrides/main.html",
            "{% extends \"base.html\" %}\n{% block announce %}Look at <a href=\".\">this</a>{% endblock %}\n",
        ),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.set_window_size(1400, 800).await.expect("set");
    client.goto(&server.home).await.expect("it loads");
    all_true(
        &client,
        "const left = (css) => document.querySelector(css).getBoundingClientRect().left;
         const colours = (css) => { let at = document.querySelector(css); const text = getComputedStyle(at).color; while (/, 0\\)$|transparent/.test(getComputedStyle(at).backgroundColor)) at = at.parentElement; return [text, getComputedStyle(at).backgroundColor].map((it) => it.match(/\\d+/g).slice(0, 3).reduce((sum, one) => sum + +one, 0)); };
         const apart = ([one, other]) => Math.abs(one - other) > 380;
         const wide = document.querySelector('.md-content__inner').getBoundingClientRect();
         return {
           'the banner is read': apart(colours('.md-banner__inner')),
           'and its white link': apart(colours('.md-banner a')),
           'and the header': apart(colours('.md-header__topic')),
           'and the foot': apart(colours('.md-copyright')),
           'the hero stands below the tabs': Math.abs(left('.hero') - left('.md-tabs__link')) < 2,
           'the page goes from edge to edge': wide.width > 1200,
         };",
    )
    .await;
    assert_eq!(
        value(
            &client,
            "document.querySelectorAll('link[href*=\"css/material.\"]').length"
        )
        .await,
        json!(1)
    );
    client.close().await.expect("it closes");
}
