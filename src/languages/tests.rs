use super::*;
use crate::yaml;

pub(super) fn languages(text: &str) -> (Option<Languages>, Vec<String>) {
    let parsed = yaml::parse(&SourcePath::new("x.yml"), text).expect("valid YAML");
    let (languages, diagnostics) = read(&parsed.node, &SourcePath::root());
    let messages = diagnostics.into_iter().map(|it| it.message).collect();
    (languages, messages)
}

#[test]
fn languages_inherit_from_each() {
    let (found, messages) = languages(
        "default: en\n\
         each: {docs: 'i18n/{lang}', env: {BUILD: '{lang}', SAME: 1}, prefix: '/{lang}/'}\n\
         en: {docs: docs, fallback: false}\n\
         zh-Hant: {name: 中文, env: {BUILD: hant}}\n",
    );
    assert_eq!(messages, [""; 0]);
    let found = found.expect("languages");
    assert_eq!(found.default().code, "en");
    let of = |code: &str| {
        let mut found = found.clone();
        found.choose(Some(code));
        found.current().clone()
    };
    let hant = of("zh-Hant");
    assert_eq!(hant.docs, Some(SourcePath::new("i18n/zh-Hant")));
    assert_eq!((&*hant.prefix, &*hant.name), ("zh-Hant/", "中文"));
    assert_eq!(hant.env["BUILD"], "hant");
    assert_eq!(hant.env["SAME"], "1");
    assert!(hant.falls_back && !found.default().falls_back);
    assert_eq!(found.default().prefix, "en/");
    assert_eq!(of("xx").code, "en");
}

#[test]
fn the_default_language_is_at_the_root_by_default() {
    let (found, _) = languages("de: {}\nfr: {}\n");
    let found = found.expect("languages");
    let prefixes: Vec<&str> = found.all.iter().map(|it| it.prefix.as_str()).collect();
    assert_eq!(prefixes, ["", "fr/"]);
}

#[test]
fn problems_are_reported() {
    let (_, messages) =
        languages("default: eng\nen: {dokcs: a, fallback: maybe}\nfr: {prefix: ''}\n");
    assert_eq!(
        messages,
        [
            "`eng` is not one of the languages",
            "`dokcs` is not a setting of a language",
            "`fallback` takes `true` or `false`, not text",
            "`en` and `fr` would have the same addresses",
        ]
    );
    assert_eq!(languages("default: en\n").0, None);
    assert_eq!(languages("- a\n").1.len(), 1);
}

#[test]
fn the_notice_is_in_the_readers_language() {
    let shown = |code| not_translated(code, "en", "<h1>A</h1><p>b</p>");
    assert!(shown("zh-TW").contains("本頁尚未翻譯"));
    assert!(shown("pt-BR").contains("Esta página ainda"));
    assert!(shown("eo").contains("This page is not"));
    let hebrew = shown("he");
    assert!(hebrew.starts_with("<div lang=\"en\" dir=\"ltr\">\n<h1>A</h1>\n<div class="));
    assert!(hebrew.contains("lang=\"he\" dir=\"rtl\""));
    assert!(hebrew.ends_with("</div><p>b</p>\n</div>"));
}

#[test]
fn a_language_is_a_folder_on_top_of_another() {
    let (found, _) = languages(
        "default: en\nen: {docs: docs}\nfr: {docs: docs/fr}\nde: {docs: i18n/de, fallback: false}\n",
    );
    let found = found.expect("languages");
    let docs = found.with_folders(&SourcePath::new("docs")).docs;
    let [english, french, german] = &docs[..] else {
        panic!("three languages");
    };
    let path = |docs: &Docs, source: &str| {
        let source = SourcePath::new(source);
        docs.path(&source).map(|path| path.into_owned())
    };
    assert_eq!(path(english, "docs/a/b.md").as_deref(), Some("a/b.md"));
    assert_eq!(path(english, "docs/fr/b.md"), None);
    assert_eq!(path(french, "docs/fr/b.md").as_deref(), Some("b.md"));
    assert_eq!(path(french, "docs/b.md").as_deref(), Some("b.md"));
    assert_eq!(path(german, "docs/b.md"), None);
    assert_eq!(path(german, "docs/i.png").as_deref(), Some("i.png"));
    let sources = |docs: &Docs, path: &str| -> Vec<String> {
        docs.sources(path).map(|it| it.to_string()).collect()
    };
    assert_eq!(sources(french, "b.md"), ["docs/fr/b.md", "docs/b.md"]);
    assert_eq!(sources(german, "b.md"), ["i18n/de/b.md"]);
    assert_eq!(sources(german, "../x.md"), [""; 0]);
    let layer = french.layer(&SourcePath::new("docs/b.md"));
    assert_eq!(layer.and_then(|it| it.original.as_deref()), Some("en"));
}

pub(super) fn plugin(text: &str) -> Languages {
    let parsed = yaml::parse(&SourcePath::new("x.yml"), text).expect("valid YAML");
    let docs = SourcePath::new("docs");
    let read = static_i18n(&StaticI18n::read(&parsed.node.to_map()), &docs, "/x/", true);
    read.unwrap_or_else(|error| panic!("{error:?}"))
}

/// The plain path of a source, and its path below the site.
fn paths(docs: &Docs, source: &str) -> Option<(String, String)> {
    let source = SourcePath::new(source);
    Some((
        docs.plain(&source)?.into_owned(),
        docs.path(&source)?.into_owned(),
    ))
}

fn pair(plain: &str, path: &str) -> Option<(String, String)> {
    Some((plain.to_owned(), path.to_owned()))
}

const TWO: &str =
    "languages: [{locale: en, name: English, default: true}, {locale: fr, name: F}]\n";

#[test]
fn names_may_end_in_the_language() {
    let languages = plugin(TWO);
    let [english, french] = &languages.docs[..] else {
        panic!("two languages");
    };
    assert_eq!(paths(french, "docs/x/a.fr.md"), pair("x/a.md", "fr/x/a.md"));
    assert_eq!(paths(french, "docs/x/a.en.md"), pair("x/a.md", "fr/x/a.md"));
    assert_eq!(paths(french, "docs/x/a.md"), pair("x/a.md", "fr/x/a.md"));
    assert_eq!(paths(french, "docs/i.fr.png"), pair("i.png", "fr/i.png"));
    assert_eq!(paths(french, "docs/i.png"), pair("i.png", "i.png"));
    assert_eq!(paths(french, "docs/a.de.md"), None);
    assert_eq!(paths(english, "docs/x/a.fr.md"), None);
    assert_eq!(paths(english, "docs/x/a.en.md"), pair("x/a.md", "x/a.md"));
    let sources: Vec<String> = french.sources("x/a.md").map(|it| it.to_string()).collect();
    assert_eq!(sources, ["docs/x/a.fr.md", "docs/x/a.en.md", "docs/x/a.md"]);
    let links = &languages.one_site().expect("one site").links;
    let links: Vec<&str> = links.iter().map(|it| &*it.link).collect();
    assert_eq!(links, ["/x/", "/x/fr/"]);
}

#[test]
fn folders_of_languages_may_be_side_by_side() {
    let languages = plugin(&format!("docs_structure: folder\n{TWO}"));
    let [english, french] = &languages.docs[..] else {
        panic!("two languages");
    };
    assert_eq!(paths(english, "docs/en/a.md"), pair("a.md", "a.md"));
    assert_eq!(paths(english, "docs/fr/a.md"), None);
    assert_eq!(paths(french, "docs/fr/a.md"), pair("a.md", "fr/a.md"));
    assert_eq!(paths(french, "docs/en/a.md"), pair("a.md", "fr/a.md"));
    assert_eq!(paths(french, "docs/en/i.png"), pair("i.png", "i.png"));
    assert_eq!(
        paths(french, "docs/img/i.png"),
        pair("img/i.png", "img/i.png")
    );
    assert_eq!(paths(french, "docs/de/a.md"), None);
    let join = |relative| {
        let page = SourcePath::new("docs/fr/x/a.md");
        french.join(&page, relative).map(|it| it.to_string())
    };
    assert_eq!(join("b.md").as_deref(), Some("x/b.md"));
    assert_eq!(join("../../img/i.png").as_deref(), Some("img/i.png"));
    assert_eq!(join("../../en/b.md").as_deref(), Some("b.md"));
    assert_eq!(join("../../de/b.md").as_deref(), Some("de/b.md"));
    assert_eq!(join("../../../b.md"), None);
}

#[test]
fn there_must_be_a_default_language() {
    let parsed = yaml::parse(&SourcePath::new("x.yml"), "languages: [{locale: fr}]\n");
    let node = parsed.expect("valid YAML").node;
    let error = static_i18n(
        &StaticI18n::read(&node.to_map()),
        &SourcePath::root(),
        "/",
        true,
    );
    assert_eq!(error.expect_err("no default").rule.name(), "bad-language");
}
