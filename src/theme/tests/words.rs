//! Words of the interface, which are found once for all pages.

use std::sync::Arc;

use super::{page, theme};

const MAIN: &str = "{% import 'partials/language.html' as lang with context %}{{ lang.t('nav') }}";

#[test]
fn words_are_found_once_but_words_of_the_site_for_each_page() {
    let (first, site) = page();
    let mut second = first.clone();
    second.meta = Arc::new(serde_json::Map::from_iter([("n".to_owned(), 2.into())]));
    let found = |templates: &[(&str, &str)]| {
        let theme = theme(templates);
        [&first, &second].map(|page| theme.page(page, &site).expect("it renders"))
    };
    assert_eq!(found(&[("main.html", MAIN)]), ["Contents"; 2]);
    // A file of the site may read the page.
    let own = "{% macro t(key) %}{{ key }} {{ page.meta.n }}{% endmacro %}";
    let own = ("partials/languages/en.html", own);
    assert_eq!(found(&[("main.html", MAIN), own]), ["nav ", "nav 2"]);
}

#[test]
fn a_copy_of_the_theme_s_file_may_read_the_page_too() {
    let (first, site) = page();
    let mut second = first.clone();
    second.meta = Arc::new(serde_json::Map::from_iter([("n".to_owned(), 2.into())]));
    let own = "{% macro find(key) %}{{ key }} {{ page.meta.n }}{% endmacro %}\
               {% set t = find | remembered('en', 'partials/languages/en.html') %}";
    let theme = theme(&[("main.html", MAIN), ("partials/language.html", own)]);
    let found = [&first, &second].map(|page| theme.page(page, &site).expect("it renders"));
    assert_eq!(found, ["nav ", "nav 2"]);
}

#[test]
fn more_keys_than_are_kept_are_found_all_the_same() {
    let (page, site) = page();
    let many = "{% for n in range(1200) %}{{ lang.t('nav') ~ lang.t('no' ~ n) }},{% endfor %}";
    let theme = theme(&[("main.html", &format!("{MAIN}{many}"))]);
    let found = theme.page(&page, &site).expect("it renders");
    assert_eq!(theme.page(&page, &site).expect("it renders"), found);
    assert!(found.ends_with("Contentsno1199,"), "{found}");
}
