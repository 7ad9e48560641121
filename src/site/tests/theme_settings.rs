//! Settings of the built-in theme: those that it reads change something, and the
//! others are named.

use super::Watched;
use crate::config::ThemeManifest;
use crate::diagnostic::Severity;
use crate::site::queries;

/// A site in which every feature has something to change.
fn site(settings: &str) -> Watched {
    let config = format!(
        "site_name: Example\nsite_url: https://example.org/\nrepo_url: https://example.org/repo\n\
         edit_uri: edit/\n{settings}\nmarkdown_extensions: [footnotes, pymdownx.superfences]\n\
         nav: [index.md, {{Guide: [guide/index.md, guide/a.md, {{Deep: [guide/b.md]}}]}}, {{Other: [c.md]}}]\n"
    );
    Watched::new(&[
        ("mkdocs.yml", &config),
        ("docs/index.md", "# Home\n\n## One\n"),
        ("docs/guide/index.md", "# Guide\n"),
        (
            "docs/guide/a.md",
            "# A\n\n```\ncode\n```\n\n1. Item\n\nText[^1].\n\n[^1]: Note\n",
        ),
        ("docs/guide/b.md", "# B\n"),
        ("docs/c.md", "# C\n"),
        (
            "docs/style.css",
            "[data-md-color-scheme=\"sepia\"] { color: brown }\n",
        ),
        (
            "overrides/main.html",
            "{% extends \"base.html\" %}{% block announce %}News{% endblock %}",
        ),
    ])
}

/// All pages, without the list of features that they give to scripts.
fn pages(features: &str) -> String {
    let site = site(&format!(
        "theme: {{name: material, custom_dir: overrides, features: [{features}]}}"
    ));
    let pages = [
        "index.md",
        "guide/index.md",
        "guide/a.md",
        "guide/b.md",
        "c.md",
    ];
    let without = |page: &str| {
        let html = site.html(&format!("docs/{page}"));
        let (before, rest) = html.split_once("\"features\":").expect("a list");
        let (_, after) = rest.split_once(']').expect("its end");
        format!("{before}{after}")
    };
    pages.map(without).concat()
}

#[test]
fn every_feature_that_the_theme_reads_changes_something() {
    let script = concat!(
        include_str!("../../../themes/default/js/theme.js"),
        include_str!("../../../themes/default/js/instant.js"),
        include_str!("../../../themes/default/js/search-box.js"),
    );
    for feature in ThemeManifest::built_in().features.keys() {
        // One that says how another is shown needs that one.
        let base = match feature.as_str() {
            "navigation.tabs.sticky" => "navigation.tabs, ",
            _ => "",
        };
        let is_for_scripts = ["includes", "feature"]
            .iter()
            .any(|it| script.contains(&format!("{it}(\"{feature}\")")));
        assert!(
            is_for_scripts || pages(base) != pages(&format!("{base}{feature}")),
            "{feature} changes nothing"
        );
    }
}

#[test]
fn what_is_missing_or_needless_changes_nothing() {
    let manifest = ThemeManifest::built_in();
    let plain = pages("");
    let missing = manifest.missing_features.keys();
    for feature in missing.chain(manifest.needless_features.keys()) {
        assert_eq!(plain, pages(feature), "{feature}");
    }
}

/// The notes about a configuration: line, message and help.
fn notes(settings: &str) -> Vec<(u32, String, String)> {
    let site = site(settings);
    let found = queries::site_diagnostics(&site.database);
    let note = |it: &crate::diagnostic::Diagnostic| {
        assert_eq!(it.severity, Severity::Note, "{it:?}");
        let line = it.span.as_ref().map_or(0, |span| span.line);
        (
            line,
            it.message.clone(),
            it.help.clone().unwrap_or_default(),
        )
    };
    found.iter().map(note).collect()
}

#[test]
fn what_the_theme_does_not_read_is_named() {
    for (settings, message, help) in [
        (
            "theme: nosuch",
            "there is no theme `nosuch` here",
            "give its folder or wheel",
        ),
        (
            "theme: readthedocs",
            "there is no theme `readthedocs` here",
            "give its folder",
        ),
        (
            "theme: {name: materail}",
            "there is no theme `materail`",
            "did you mean `material`?",
        ),
        (
            "theme: {name: material, features: [navigation.tab]}",
            "`navigation.tab` is not a feature",
            "did you mean `navigation.tabs`?",
        ),
        (
            "theme: {name: material, features: [wombats.dance]}",
            "`wombats.dance` is not a feature",
            "no template or script",
        ),
        (
            "theme: {name: material, language: cy}",
            "no words in the language `cy`",
            "custom",
        ),
        (
            "theme: {name: material, locale: cy_GB}",
            "no words in the language `cy-GB`",
            "custom",
        ),
        (
            "theme: {name: material, palette: {scheme: wombat}}",
            "no colour scheme `wombat`",
            "define it",
        ),
        (
            "theme: {name: material, palette: {primary: indgo}}",
            "no primary colour `indgo`",
            "did you mean `indigo`?",
        ),
        (
            "theme: {name: material, palette: [{scheme: slate}, {accent: mauve}]}",
            "no accent colour `mauve`",
            "define it",
        ),
        (
            "theme: {name: material, icon: {wombat: octicons/tag-16}}",
            "`wombat` is not an icon",
            "no template",
        ),
        (
            "theme: {name: material, font: {text: Roboto}}",
            "the font `Roboto` is not loaded",
            "installed",
        ),
        (
            "theme: {name: material, wombat: 1}",
            "does not read `theme.wombat`",
            "template of your own",
        ),
        (
            "theme: {name: material, logo: gone.svg}",
            "the logo `gone.svg` is not in the site",
            "a broken image",
        ),
        (
            "theme: {name: material, favicon: gone.png}",
            "the favicon `gone.png` is not",
            "browsers show none",
        ),
        (
            "theme: material\nextra_css: [style.css, gone.css]",
            "the style sheet `gone.css` is not",
            "without it",
        ),
        (
            "theme: material\nextra_javascript: [{path: gone.js}]",
            "the script `gone.js` is not",
            "without it",
        ),
        (
            "theme: material\nextra: {analytics: {provider: wombat}}",
            "does not know the service `wombat`",
            "partials/integrations/analytics/wombat.html",
        ),
        (
            "theme: material\nextra: {wombat: 1}",
            "nothing reads `extra.wombat`",
            "`macros`",
        ),
    ] {
        let notes = notes(settings);
        let [(line, said, advice)] = &notes[..] else {
            panic!("{settings}: {notes:?}");
        };
        assert!(said.contains(message), "{settings}: {said}");
        assert!(advice.contains(help), "{settings}: {advice}");
        assert!((5..=6).contains(line), "{settings}: line {line}");
    }
}

#[test]
fn what_is_read_somewhere_is_not_named() {
    for settings in [
        "theme: material",
        "theme: {name: material, features: [toc.follow, navigation.tabs]}",
        "theme: {name: material, palette: {scheme: slate, primary: deep purple, accent: custom}}",
        "theme: {name: material, palette: {scheme: sepia}}",
        "theme: {name: material, icon: {admonition: {note: octicons/tag-16}}}\nextra: {version: {provider: mike}, consent: {title: C}, analytics: {provider: google}}",
        "theme: {name: material, language: zh_Hant}",
        "theme: material\nextra: {scope: /}",
        "theme: {name: material, language: de_AT}",
        "theme: material\nextra: {social: [{icon: octicons/tag-16, link: 'https://example.org'}], wombat: 1}\nplugins: [macros]",
        "theme: {name: material, logo: style.css, favicon: 'https://example.org/a.png'}",
        "theme: material\nextra_css: [style.css, ./style.css, 'style.css?v=2', 'https://example.org/a.css', /a.css, //example.org/a.css]",
        "theme: material\nextra_javascript: ['data:text/javascript,1']",
    ] {
        assert_eq!(notes(settings), [], "{settings}");
    }
}

#[test]
fn a_template_of_the_site_may_read_anything() {
    let settings = "theme: {name: material, custom_dir: overrides, wombat: 1, features: [your.feature, my.feature], icon: {wombat: octicons/tag-16}}\n\
                    extra: {scope: 1, own: 2}";
    let mut site = site(settings);
    let count = |site: &Watched| queries::site_diagnostics(&site.database).len();
    assert_eq!(count(&site), 5);
    site.write(
        "overrides/main.html",
        "{% if 'your.feature' in features and 'my.feature' in features %}{{ config.theme.wombat }}{{ config.theme.icon.wombat }}\
         {{ config.extra.scope }}{{ config.extra.own }}{% endif %}",
    );
    assert_eq!(count(&site), 0);
}

#[test]
fn a_template_that_loads_the_script_of_material_is_named() {
    let settings = "theme: {name: material, custom_dir: overrides}";
    let mut site = site(settings);
    let said = |site: &Watched| {
        let found = queries::site_diagnostics(&site.database);
        let found = found.iter().filter(|it| it.message.contains("script of"));
        let place = |it: &crate::diagnostic::Diagnostic| {
            let span = it.span.as_ref().expect("a place");
            (
                it.severity,
                span.path.as_str().to_owned(),
                span.line,
                it.help.clone(),
            )
        };
        found.map(place).collect::<Vec<_>>()
    };
    assert_eq!(said(&site), []);
    site.write(
        "overrides/main.html",
        "{% extends \"base.html\" %}\n{% block scripts %}\n<script src=\"{{ 'assets/javascripts/bundle.0af37618.min.js' | url }}\"></script>\n{% endblock %}",
    );
    let found = said(&site);
    let [(Severity::Note, path, 3, Some(help))] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(path, "overrides/main.html");
    assert!(help.contains("--theme-path"), "{help}");
}

#[test]
fn the_style_sheet_for_markup_of_material_is_loaded_where_a_site_writes_some() {
    for (name, text, is_loaded) in [
        (
            "main.html",
            "{% extends \"base.html\" %}{% block extrahead %}<meta name=\"x\">{% endblock %}",
            false,
        ),
        ("partials/own.html", "<p>Own</p>", false),
        ("partials/languages/custom.html", "", false),
        ("partials/header.html", "<header></header>", true),
        (
            "main.html",
            "{% extends \"base.html\" %}{% block announce %}News{% endblock %}",
            true,
        ),
        (
            "home.html",
            "{% extends \"main.html\" %}{% block hero %}<p class=\"md-grid\">{% endblock %}",
            true,
        ),
    ] {
        let mut site = Watched::new(&[
            (
                "mkdocs.yml",
                "site_name: S\ntheme: {name: material, custom_dir: overrides}\n",
            ),
            ("docs/index.md", "# Home\n"),
        ]);
        let is = |site: &Watched| {
            let html = site.html("docs/index.md");
            let sheets = html.contains("assets/theme/css/material.");
            assert_eq!(sheets, html.contains("assets/theme/js/material."));
            sheets
        };
        assert!(!is(&site));
        site.write(&format!("overrides/{name}"), text);
        assert_eq!(is(&site), is_loaded, "{name}");
    }
}
