//! Navs that are too large to be whole in every page.

use super::Watched;
use crate::site::queries;

const CONFIG: &str = "site_name = \"Example\"\n[theme]\nfeatures = [\"navigation.prune\", \
    \"navigation.indexes\", \"navigation.path\", \"navigation.footer\"]\n";

/// A site of two sections with two folders each, and some of `more`.
fn site(more: &[(&str, &str)]) -> Watched {
    let mut files = vec![
        ("docs/proofroom.toml".to_owned(), CONFIG.to_owned()),
        ("docs/index.md".to_owned(), "# Home\n".to_owned()),
    ];
    for section in ["one", "two"] {
        for folder in ["a", "b"] {
            for page in ["index", "x", "y"] {
                let path = format!("docs/{section}/{folder}/{page}.md");
                files.push((path, format!("# {section} {folder} {page}\n")));
            }
        }
    }
    let more = more
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    files.extend(more);
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    Watched::new(&files)
}

/// The nav of a page as HTML.
fn nav(html: &str) -> &str {
    let start = html
        .find("<nav class=\"md-nav md-nav--primary")
        .expect("a nav");
    let end = html
        .find("<div class=\"md-sidebar md-sidebar--secondary\"")
        .expect("a table of contents");
    &html[start..end]
}

#[test]
fn a_page_shows_the_sections_around_it() {
    let site = site(&[]);
    let html = site.html("docs/one/a/x.md");
    let nav = nav(&html);
    for shown in ["one a x", "one a y", ">One<", ">Two<", ">B<", "../../b/"] {
        assert!(nav.contains(shown), "{shown}: {nav}");
    }
    for left_out in ["one b x", "two a x", "two/a/x/"] {
        assert!(!nav.contains(left_out), "{left_out}: {nav}");
    }
    // Readers without scripts get to the first page of a section.
    assert!(
        nav.contains("<a href=\"../../../two/a/\" data-md-first>"),
        "{nav}"
    );
}

#[test]
fn a_title_renders_the_pages_that_show_it() {
    let mut site = site(&[]);
    assert_eq!(site.render(), (13, 13));
    site.write("docs/one/a/y.md", "# Renamed\n");
    // The three pages of its folder, and the one after it.
    assert_eq!(site.render(), (1, 4));
    assert!(site.html("docs/one/a/x.md").contains("Renamed"));
}

#[test]
fn a_new_page_renders_the_pages_that_show_it() {
    let mut site = site(&[]);
    site.render();
    site.write("docs/one/a/z.md", "# New\n");
    assert_eq!(site.render(), (1, 5));
    assert!(site.html("docs/one/a/x.md").contains("New"));
}

/// A template that asks for what a page does not show is rendered with the whole nav,
/// and the rest of the page is the same.
#[test]
fn templates_that_ask_for_more_get_it() {
    let plain = site(&[]);
    let asking = [
        "{{ nav.pages | length }}",
        "{% for item in nav %}{% for below in item.children or [] %}{% for last in below.children or [] %}{{ last.title }};{% endfor %}{% endfor %}{% endfor %}",
        "{% for file in pages %}{{ file.page.title }};{% endfor %}",
        "{{ page.next_page.next_page.title }}",
        "{{ page.next_page.parent.title }}",
        "{{ page.previous_page.ancestors | length }}",
        "{{ nav.homepage.is_homepage }}{{ page.next_page.is_homepage }}",
    ];
    for template in asking {
        let main = format!(
            "{{% extends \"base.html\" %}}{{% block footer %}}<i>{template}</i>{{% endblock %}}"
        );
        let config = CONFIG.replace("[theme]", "[theme]\ncustom_dir = \"own\"");
        let mut site = site(&[("own/main.html", &main)]);
        site.write("docs/proofroom.toml", &config);
        let whole = {
            let mut site = self::site(&[("own/main.html", &main)]);
            site.write(
                "docs/proofroom.toml",
                &config.replace("\"navigation.prune\", ", ""),
            );
            site
        };
        for page in [
            "docs/index.md",
            "docs/one/a/x.md",
            "docs/one/b/y.md",
            "docs/two/a/index.md",
        ] {
            let html = site.html(page);
            let said = |html: &str| {
                let (_, rest) = html.split_once("<i>").expect("it is there");
                rest.split_once("</i>").expect("it is there").0.to_owned()
            };
            assert_eq!(said(&html), said(&whole.html(page)), "{template}: {page}");
            assert_eq!(nav(&html), nav(&plain.html(page)), "{template}: {page}");
        }
    }
}

#[test]
fn parts_have_what_pages_leave_out() {
    let site = site(&[]);
    let db = &site.database;
    let outputs = queries::outputs(db);
    let parts = outputs.keys().filter(|path| queries::is_nav_part(path));
    let texts = parts.map(|path| {
        let text = queries::produce(db, &outputs[path]).as_text();
        text.expect("scripts are text").to_string()
    });
    let text: String = texts.collect();
    for page in ["one/b/x/", "two/a/y/"] {
        assert!(
            text.contains(&format!("href=\\\"./{page}\\\"")),
            "{page}: {text}"
        );
    }
}

#[test]
fn own_templates_of_the_nav_see_all_of_it() {
    let config = CONFIG.replace("[theme]", "[theme]\ncustom_dir = \"own\"");
    let own = "{% for item in nav recursive %}{{ item.title }};{{ loop(item.children or []) }}{% endfor %}";
    let mut site = site(&[("own/partials/nav.html", own)]);
    site.write("docs/proofroom.toml", &config);
    assert!(site.html("docs/index.md").contains("two b y;"));
    let outputs = queries::outputs(&site.database);
    assert!(!outputs.keys().any(|path| queries::is_nav_part(path)));
}
