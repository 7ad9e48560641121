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
fn remembered_words_cost_what_finding_them_does() {
    let (mut page, site) = page();
    let many = "{% for n in range(1000) %}{% for m in range(1000) %}{{ lang.t('nav') }}\
                {% endfor %}{% endfor %}";
    let many = format!("{MAIN}{many}");
    let theme = theme(&[("main.html", MAIN), ("many.html", &many)]);
    assert!(theme.page(&page, &site).is_ok());
    let template = ("template".to_owned(), "many.html".into());
    page.meta = Arc::new(serde_json::Map::from_iter([template]));
    let error = theme.page(&page, &site).expect_err("it is too much");
    assert_eq!(error.rule, crate::theme::errors::LIMIT, "{error:?}");
}
