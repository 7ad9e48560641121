//! What `theme.toml` says of the built-in theme is what its files do.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::ThemeManifest;
use crate::theme::{builtin_asset, builtin_theme};

/// The text of all templates, scripts or style sheets.
fn texts(folder: &str) -> String {
    if folder == "templates" {
        let text = |name: &String| builtin_theme::template(name).expect("it is listed");
        return builtin_theme::templates().iter().map(text).collect();
    }
    let prefix = format!("assets/theme/{folder}/");
    let addresses = builtin_theme::assets().into_iter();
    let addresses = addresses.filter(|address| address.starts_with(&prefix));
    let text = |address: String| {
        let bytes = builtin_asset(&address).expect("it is listed");
        String::from_utf8(bytes.into_owned()).expect("UTF-8")
    };
    addresses.map(text).collect()
}

/// The names in a text that follow `start` and end before one of `ends`.
fn names(text: &str, start: &str, ends: &[char]) -> BTreeSet<String> {
    let rest = text.split(start).skip(1);
    let name = |rest: &str| rest.split(ends).next().unwrap_or_default().to_owned();
    rest.map(name).filter(|name| !name.is_empty()).collect()
}

/// Words that follow `start`.
fn words(text: &str, start: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = |rest: &str| rest.chars().take_while(|c| is_part(*c)).collect();
    text.split(start).skip(1).map(word).collect()
}

fn set(list: &[String]) -> BTreeSet<String> {
    list.iter().cloned().collect()
}

#[test]
fn the_settings_that_templates_read_are_listed() {
    let manifest = ThemeManifest::built_in();
    let templates = texts("templates");
    assert_eq!(set(&manifest.settings), words(&templates, "config.theme."));
    // A partial has the name of that table too.
    let without_partial = templates.replace("/icons.html", "");
    assert_eq!(set(&manifest.icons), words(&without_partial, "icons."));
    let extra = words(&templates, "extra.").into_iter();
    // These only show an empty place, for scripts of the site.
    let is_partly = |key: &String| manifest.missing_extra.contains_key(key);
    let extra: BTreeSet<String> = extra.filter(|key| !is_partly(key)).collect();
    assert_eq!(set(&manifest.extra), extra);
}

#[test]
fn the_features_that_templates_and_scripts_read_are_listed() {
    let manifest = ThemeManifest::built_in();
    let templates = texts("templates");
    let mut read: BTreeSet<String> = templates
        .split(['"', '\'', '{', '}'])
        .zip(templates.split(['"', '\'', '{', '}']).skip(1))
        .filter(|(_, after)| {
            let after = after.trim_start();
            after.starts_with("in features") || after.starts_with("not in features")
        })
        .map(|(name, _)| name.to_owned())
        .collect();
    for start in ["features?.includes(\"", "feature(\""] {
        read.extend(names(&texts("js"), start, &['"']));
    }
    // This decides what templates see of the nav.
    read.insert("navigation.prune".to_owned());
    let listed: BTreeSet<String> = manifest.features.keys().cloned().collect();
    assert_eq!(listed, read);
    for name in manifest.needless_features.keys() {
        assert!(!read.contains(name) && !manifest.missing_features.contains_key(name));
    }
}

#[test]
fn the_languages_and_colours_are_listed() {
    let manifest = ThemeManifest::built_in();
    let templates = builtin_theme::templates();
    let languages = templates.iter().filter_map(|name| {
        let file = name.strip_prefix("partials/languages/")?;
        Some(file.strip_suffix(".html")?.to_owned())
    });
    let custom = ["custom".to_owned()];
    let languages: BTreeSet<String> = languages.chain(custom).collect();
    assert_eq!(set(&manifest.languages), languages);
    let chooser = builtin_theme::template("partials/language.html").expect("it is built in");
    let chosen = chooser.split("known = [").nth(1).expect("a list");
    let chosen = chosen.split(']').next().expect("its end");
    let chosen = chosen.split('"').skip(1).step_by(2).map(str::to_owned);
    assert_eq!(chosen.collect::<BTreeSet<_>>(), languages);

    let css = texts("css");
    for (listed, attribute) in [
        (&manifest.schemes, "scheme"),
        (&manifest.primary, "primary"),
        (&manifest.accent, "accent"),
    ] {
        let start = format!("[data-md-color-{attribute}=\"");
        assert_eq!(set(listed), names(&css, &start, &['"']), "{attribute}");
    }
}

#[test]
fn the_guide_lists_what_the_theme_reads_lacks_and_does_not_need() {
    let manifest = ThemeManifest::built_in();
    let guide = include_str!("../../../docs/guide/themes.md");
    let (_, guide) = guide
        .split_once("## Settings of Material for MkDocs")
        .expect("a section");
    let (guide, _) = guide.split_once("\n## ").expect("its end");
    let mut rows: BTreeSet<String> = guide
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(str::to_owned)
        .collect();
    let mut expect = |row: String| assert!(rows.remove(&row), "the guide lacks {row}");
    for (setting, names) in [
        ("theme", &manifest.settings),
        ("theme.icon", &manifest.icons),
        ("theme.language", &manifest.languages),
        ("extra", &manifest.extra),
    ] {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        expect(format!("| `{setting}` | {} |", names.join(", ")));
    }
    for (prefix, table) in [
        ("", &manifest.features),
        ("", &manifest.missing_features),
        ("icon.", &manifest.missing_icons),
        ("extra.", &manifest.missing_extra),
        ("", &manifest.needless_features),
    ] {
        for (name, text) in table {
            expect(format!("| `{prefix}{name}` | {text} |"));
        }
    }
    assert!(rows.is_empty(), "the guide has more: {rows:#?}");
}

#[test]
fn each_language_has_the_same_words() {
    let keys = |name: &String| {
        let text = builtin_theme::template(name).expect("it is listed");
        let key = |line: &str| {
            Some(
                line.trim()
                    .strip_prefix('"')?
                    .split_once("\": \"")?
                    .0
                    .to_owned(),
            )
        };
        text.lines().filter_map(key).collect::<Vec<_>>()
    };
    let templates = builtin_theme::templates();
    let mut languages = templates
        .iter()
        .filter(|name| name.starts_with("partials/languages/"));
    let english = keys(&"partials/languages/en.html".to_owned());
    assert!(english.len() > 50);
    assert_eq!(english.iter().collect::<BTreeSet<_>>().len(), english.len());
    assert!(languages.clone().count() >= 40);
    assert!(languages.all(|name| {
        assert_eq!(keys(name), english, "{name}");
        true
    }));
}

/// Without scripts, dark colours are in a sheet of their own.
#[test]
fn dark_colours_are_the_same_without_scripts() {
    let sheet = |name: &str| {
        let bytes = builtin_asset(&format!("assets/theme/css/{name}")).expect("it is there");
        String::from_utf8(bytes.into_owned()).expect("UTF-8")
    };
    let block = |text: &str, start: &str| {
        let (_, rest) = text.split_once(start).expect("its start");
        let (block, _) = rest.split_once('}').expect("its end");
        let lines = block.lines().map(|line| line.trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let with = block(&sheet("theme.css"), "[data-md-color-scheme=\"slate\"] {");
    let without = block(&sheet("dark.css"), "[data-md-color-scheme=\"default\"] {");
    assert!(with.len() > 50);
    assert_eq!(with, without);
}

/// The keys of a table of the manifest.
fn keys(table: &BTreeMap<String, String>) -> BTreeSet<String> {
    table.keys().cloned().collect()
}

#[test]
fn the_parts_of_the_theme_are_listed() {
    let manifest = ThemeManifest::built_in();
    let templates = texts("templates");
    let blocks: BTreeSet<String> = ["{%- block ", "{% block "]
        .iter()
        .flat_map(|start| words(&templates, start))
        .collect();
    assert_eq!(keys(&manifest.blocks), blocks);
    let partials = builtin_theme::templates().into_iter().filter_map(|name| {
        let name = name.strip_prefix("partials/")?.strip_suffix(".html")?;
        (!name.starts_with("languages/")).then(|| name.to_owned())
    });
    assert_eq!(keys(&manifest.partials), partials.collect());
    let sheet = builtin_asset("assets/theme/css/theme.css").expect("it is there");
    let sheet = String::from_utf8(sheet.into_owned()).expect("UTF-8");
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let variables = sheet.split("--md-").skip(1);
    let variables = variables.map(|rest| {
        let name: String = rest.chars().take_while(|c| is_part(*c)).collect();
        format!("--md-{name}")
    });
    assert_eq!(keys(&manifest.variables), variables.collect());
    // Dates come from plugins, and some words of the interface have such keys.
    let read = words(&templates, "meta.").into_iter();
    let others = [
        "comments",
        "date",
        "git_creation_date_localized",
        "git_revision_date_localized",
        "html",
        "location",
        "revision_date",
        "source",
    ];
    let read = read.filter(|key| !others.contains(&key.as_str()) && !key.is_empty());
    // This decides which template there is.
    let read = read.chain(["template".to_owned()]);
    assert_eq!(keys(&manifest.front_matter), read.collect());
}

#[test]
fn the_reference_lists_the_parts_of_the_theme() {
    let manifest = ThemeManifest::built_in();
    let page = include_str!("../../../docs/reference/theme.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<String> = rows.map(str::to_owned).collect();
    let tables = [
        &manifest.front_matter,
        &manifest.blocks,
        &manifest.partials,
        &manifest.variables,
    ];
    let expected = tables.into_iter().flatten();
    let expected = expected.map(|(name, text)| format!("| `{name}` | {text} |"));
    assert_eq!(rows, expected.collect::<Vec<_>>());
}
