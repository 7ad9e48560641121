//! Icons that do not exist are named wherever one can stand, and something else is
//! shown.

use super::Watched;
use crate::diagnostic::{Diagnostic, Severity};
use crate::site::queries;

fn site(settings: &str) -> Watched {
    let config = format!("site_name: Example\n{settings}\n");
    Watched::new(&[
        ("mkdocs.yml", &config),
        ("docs/index.md", "# Home\n"),
        ("overrides/.icons/own/mark.svg", "<svg id=\"own\"></svg>"),
    ])
}

fn about_icons(found: &[Diagnostic]) -> Vec<&Diagnostic> {
    let is_about = |it: &&Diagnostic| it.rule.name() == "missing-icon";
    found.iter().filter(is_about).collect()
}

/// With the severity that Material for MkDocs gives it: it fails on an icon that
/// it shows.
#[test]
fn unknown_icons_of_the_configuration_are_named() {
    use Severity::{Note, Warning};
    const OWN: &str = "the theme shows its own in its place";
    for (settings, line, severity, message, help) in [
        (
            "theme: {name: material, icon: {menu: material/menuu}}",
            2,
            Warning,
            OWN,
            "did you mean `material/menu`?",
        ),
        (
            "theme:\n  name: material\n  icon:\n    logo: fontawesome/brands/githb",
            5,
            Warning,
            "the header shows no logo",
            "did you mean `fontawesome/brands/github`?",
        ),
        (
            "theme: {name: material, logo: a.png, icon: {logo: material/nope-nope}}",
            2,
            Note,
            "no logo",
            "neither in an icon pack",
        ),
        (
            "theme: {name: material, icon: {view: material/nope-nope}}",
            2,
            Note,
            OWN,
            "neither in an icon pack",
        ),
        (
            "theme: {name: mkdocs, icon: {menu: material/nope-nope}}",
            2,
            Note,
            OWN,
            "neither in an icon pack",
        ),
        (
            "theme:\n  name: material\n  icon:\n    admonition:\n      note: octicons/tagg-16",
            6,
            Warning,
            "have the icons of the theme",
            "did you mean `octicons/tag-16`?",
        ),
        (
            "theme:\n  name: material\n  icon:\n    tag:\n      html: 7.25",
            6,
            Warning,
            "have the icon of the theme",
            "neither in an icon pack",
        ),
        (
            "theme: {name: material, custom_dir: overrides, icon: {annotation: own/marc}}",
            2,
            Warning,
            "have the marker of the theme",
            "did you mean `own/mark`?",
        ),
        (
            "theme:\n  name: material\n  palette:\n    - scheme: slate\n      toggle:\n        icon: material/brightnes-7\n        name: Light",
            7,
            Warning,
            "the button that switches the colours shows a default one",
            "did you mean `material/brightness-7`?",
        ),
        (
            "theme:\n  name: material\n  palette:\n    - scheme: slate\n      toggle:\n        name: Light",
            6,
            Warning,
            "an icon is missing here",
            "add `icon`",
        ),
        (
            "theme: material\nextra:\n  social:\n    - icon: fontawesome/brands/mastodn\n      link: https://example.org",
            5,
            Warning,
            "the link in the footer shows a default one",
            "did you mean `fontawesome/brands/mastodon`?",
        ),
        (
            "theme: material\nextra:\n  social:\n    - link: https://example.org",
            5,
            Warning,
            "an icon is missing here",
            "add `icon`",
        ),
        (
            "theme: material\nextra:\n  analytics:\n    feedback:\n      ratings:\n        - icon: material/emoticon-hapy-outline\n          name: Good",
            7,
            Warning,
            "the button shows its name",
            "did you mean `material/emoticon-happy-outline`?",
        ),
        (
            "theme: {name: material, icon: {tag: {html: octicons/tag-16}}}\nextra:\n  tags:\n    HTML: htlm",
            5,
            Note,
            "`theme.icon.tag` has no icon `htlm` for the tag `HTML`",
            "did you mean `html`?",
        ),
    ] {
        let site = site(settings);
        let found = queries::site_diagnostics(&site.database);
        let [found] = &about_icons(&found)[..] else {
            panic!("{settings}: {found:#?}");
        };
        assert_eq!(found.severity, severity, "{settings}");
        assert!(found.message.contains(message), "{}", found.message);
        let advice = found.help.as_deref().unwrap_or_default();
        assert!(advice.contains(help), "{settings}: {advice}");
        let span = found.span.as_ref().expect("a place");
        assert_eq!(span.line, line, "{settings}");
    }
}

#[test]
fn known_icons_and_defaults_are_not_named() {
    for settings in [
        "theme: {name: material, custom_dir: overrides, icon: {logo: own/mark, menu: material/menu, view: ''}}",
        "theme: {name: material, icon: {admonition: {note: octicons/tag-16}, repo: null}}",
        "theme: {name: material, palette: [{scheme: slate, toggle: {icon: material/brightness-7, name: x}}, {scheme: default}]}",
        "theme: {name: material, palette: {toggle: {icon: material/nope}}}",
        "theme: {name: material, icon: {tag: {html: octicons/tag-16}}}\nextra: {tags: {HTML: html, Other: my-class}}",
        "theme: material\nextra: {social: [{icon: simple/github, link: 'https://example.org'}]}",
    ] {
        let site = site(settings);
        let found = queries::site_diagnostics(&site.database);
        assert!(about_icons(&found).is_empty(), "{settings}: {found:#?}");
    }
}

#[test]
fn buttons_with_unknown_icons_are_visible() {
    let site = site(
        "theme:\n  name: material\n  icon: {menu: no/a, search: no/b, close: no/c}\n  palette:\n    - {scheme: slate, toggle: {icon: no/d, name: Light}}\n    - {scheme: default, toggle: {name: Dark}}\n\
         extra:\n  social: [{icon: no/e, link: 'https://example.org'}, {link: 'https://example.com'}]\n  \
         analytics: {feedback: {title: Good?, ratings: [{icon: no/f, name: 'So & so', data: 1}]}}",
    );
    let html = site.html("docs/index.md");
    let marks = ["md-icon\"", "md-icon ", "md-feedback__icon"];
    let is_button = |it: &&str| marks.iter().any(|mark| it.contains(mark));
    let buttons: Vec<&str> = html.split('<').filter(is_button).collect();
    assert!(buttons.len() > 7, "{html}");
    for class in [
        "md-social__link md-icon",
        "md-header__button md-icon",
        "md-nav__button md-icon",
    ] {
        for after in html.split(class).skip(1) {
            let (_, content) = after.split_once('>').expect("the end of the tag");
            assert!(
                content.trim_start().starts_with("<svg"),
                "{class}: {content:.80}"
            );
        }
    }
    assert!(
        html.contains("data-md-value=\"1\">So &amp; so</button>"),
        "{html}"
    );
}

#[test]
fn unknown_icons_of_pages_are_named() {
    let files = [
        (
            "mkdocs.yml",
            "site_name: Example\ntheme: material\nplugins: [meta]\nnav: [index.md, part/a.md]\n",
        ),
        (
            "docs/index.md",
            "---\ntitle: Home\nicon: material/acount\n---\n# Home\n",
        ),
        (
            "docs/outside.md",
            "---\nicon: material/acount\n---\n# Outside\n",
        ),
        (
            "docs/known.md",
            "---\nicon: material/account\n---\n# Known\n",
        ),
        ("docs/part/.meta.yml", "hide: [toc]\nicon: own/acount\n"),
        ("docs/part/a.md", "# A\n"),
    ];
    let mut site = Watched::new(&files);
    let about = |site: &Watched, page: &str| {
        let page = crate::site::Db::entry(&site.database, &page.into());
        let found = queries::page_diagnostics(&site.database, page);
        let describe = |it: &&Diagnostic| {
            let span = it.span.as_ref().expect("a place");
            (it.severity, span.path.to_string(), span.line)
        };
        about_icons(&found).iter().map(describe).collect::<Vec<_>>()
    };
    for (page, expected) in [
        (
            "docs/index.md",
            Some((Severity::Warning, "docs/index.md", 3)),
        ),
        (
            "docs/outside.md",
            Some((Severity::Note, "docs/outside.md", 2)),
        ),
        ("docs/known.md", None),
        (
            "docs/part/a.md",
            Some((Severity::Warning, "docs/part/.meta.yml", 2)),
        ),
    ] {
        let expected = expected.map(|(level, path, line)| (level, path.to_owned(), line));
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(about(&site, page), expected, "{page}");
    }
    site.write(
        "mkdocs.yml",
        "site_name: Example\ntheme: {name: material, custom_dir: over}\nplugins: [meta]\nnav: [index.md, part/a.md]\n",
    );
    site.write("over/.icons/own/acount.svg", "<svg></svg>");
    assert_eq!(about(&site, "docs/part/a.md"), []);
}
