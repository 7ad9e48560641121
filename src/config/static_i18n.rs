//! How the MkDocs plugin static-i18n changes a site's settings for each of its
//! languages (`reconfigure.py` of version 1.3.1).

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Config, NavEntry, NavTarget, SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::languages::{Layout, Link, StaticI18n, static_i18n};

/// The settings that a language may have.
const SETTINGS: [&str; 16] = [
    "admonition_translations",
    "build",
    "copyright",
    "default",
    "extra",
    "fixed_link",
    "link",
    "locale",
    "name",
    "nav",
    "nav_translations",
    "site_author",
    "site_description",
    "site_name",
    "site_url",
    "theme",
];

/// Warns about settings of the plugin's languages that are not read.
pub(super) fn check_settings(config: &Config) -> Vec<SettingDiagnostic> {
    let Some(plugin) = config.plugins.iter().find(|plugin| plugin.name == "i18n") else {
        return Vec::new();
    };
    let options = StaticI18n::read(&plugin.options);
    let suggestions = Suggestions::default();
    let mut remarks = Vec::new();
    for settings in options.languages.iter().filter_map(Json::as_object) {
        let code = settings
            .get("locale")
            .and_then(Json::as_str)
            .unwrap_or_default();
        for key in settings.keys() {
            if SETTINGS.contains(&key.as_str()) {
                continue;
            }
            let message = format!("`{key}` of the language `{code}` is not read");
            let warning = Diagnostic::warning(Rule::UnsupportedOption, message);
            remarks.push(plugin.remark(match suggestions.suggest(key, SETTINGS) {
                Some(near) => warning.help(format!("did you mean `{}`?", near.name)),
                None => warning.help("it is the same in all languages; set it for the whole site"),
            }));
        }
    }
    remarks
}

/// Turns a configuration with the plugin into that of the wanted language.
pub(super) fn apply(
    config: &mut Config,
    wanted: Option<&str>,
) -> Result<(), Box<SettingDiagnostic>> {
    let Some(plugin) = config.plugins.iter().find(|plugin| plugin.name == "i18n") else {
        return Ok(());
    };
    let (directories, plugin) = (config.use_directory_urls, plugin.clone());
    let (docs, options) = (&config.docs_dir, StaticI18n::read(&plugin.options));
    let languages = static_i18n(&options, docs, &config.base, directories);
    let mut languages = languages.map_err(|error| Box::new(plugin.remark(*error)))?;
    languages.choose(wanted);
    config.docs = languages.docs[languages.current].clone();
    let is_material = config.theme.name.as_deref() == Some("material");
    let reconfigures_theme = is_material && options.reconfigure_material;
    if reconfigures_theme {
        let code = &languages.current().code;
        config.theme.language.clone_from(code);
    }
    let current = languages.current;
    let Layout::OneSite(site) = &mut languages.layout else {
        return Ok(());
    };
    if let Some(settings) = site.settings.get(current) {
        apply_settings(config, settings);
    }
    if !reconfigures_theme || site.links.len() <= 1 {
        site.links.clear();
    } else if let Some(links) = configured_links(config) {
        site.links = links;
    }
    config.languages = Some(Arc::new(languages));
    Ok(())
}

/// The language switcher that the site configures itself, if it does.
fn configured_links(config: &Config) -> Option<Vec<Link>> {
    let text = |entry: &Json, name: &str| Some(entry.get(name)?.as_str()?.to_owned());
    let entries = config.extra.get("alternate")?.as_array()?;
    let link = |entry: &Json| {
        Some(Link {
            code: text(entry, "lang")?,
            name: text(entry, "name")?,
            link: text(entry, "link")?,
        })
    };
    Some(entries.iter().filter_map(link).collect())
}

/// Overrides the site's settings by those of a language.
fn apply_settings(config: &mut Config, settings: &Map<String, Json>) {
    let text = |name: &str| Some(settings.get(name)?.as_str()?.to_owned());
    if let Some(name) = text("site_name") {
        config.site_name = name;
    }
    for (name, to) in [
        ("site_description", &mut config.site_description),
        ("site_author", &mut config.site_author),
        ("copyright", &mut config.copyright),
    ] {
        if let Some(text) = text(name) {
            *to = Some(text);
        }
    }
    if let Some(site) = text("site_url").filter(|site| !site.is_empty()) {
        let slash = if site.ends_with('/') { "" } else { "/" };
        config.site_url = Some(format!("{site}{slash}"));
    }
    if let Some(nav) = settings.get("nav").and_then(Json::as_array) {
        config.nav = Some(nav_entries(nav));
    }
    if let Some(titles) = settings.get("nav_translations").and_then(Json::as_object)
        && let Some(nav) = &mut config.nav
    {
        translate_titles(nav, titles);
    }
    if let (Some(Json::Object(overrides)), Json::Object(extra)) =
        (settings.get("extra"), &mut config.extra)
    {
        extra.extend(overrides.clone());
    }
    if let Some(Json::Object(theme)) = settings.get("theme") {
        for (key, value) in theme {
            match (key.as_str(), value.as_str()) {
                ("language" | "locale", Some(language)) => {
                    language.clone_into(&mut config.theme.language);
                }
                _ => merge_json(
                    config.theme.settings.entry(key).or_insert(Json::Null),
                    value,
                ),
            }
        }
    }
}

/// Merges one value onto another: mappings key by key, lists item by item.
fn merge_json(base: &mut Json, over: &Json) {
    match (base, over) {
        (Json::Object(base), Json::Object(over)) => {
            for (key, value) in over {
                merge_json(base.entry(key).or_insert(Json::Null), value);
            }
        }
        (Json::Array(base), Json::Array(over)) => {
            for (at, value) in over.iter().enumerate() {
                match base.get_mut(at) {
                    Some(item) => merge_json(item, value),
                    None => base.push(value.clone()),
                }
            }
        }
        (base, over) => *base = over.clone(),
    }
}

/// The entries of a nav in a plugin's options.
fn nav_entries(items: &[Json]) -> Vec<NavEntry> {
    let entry = |title: Option<&String>, value: &Json| {
        let target = match value {
            Json::String(path) => NavTarget::Path(path.clone()),
            Json::Array(items) => NavTarget::Section(nav_entries(items)),
            _ => return None,
        };
        Some(NavEntry {
            title: title.cloned(),
            target,
            subject: SettingRef::Plugin("i18n".to_owned()),
        })
    };
    let entries = |item: &Json| match item {
        Json::Object(pairs) => {
            let pairs = pairs
                .iter()
                .filter_map(|(title, value)| entry(Some(title), value));
            pairs.collect::<Vec<_>>()
        }
        other => entry(None, other).into_iter().collect(),
    };
    items.iter().flat_map(entries).collect()
}

/// Replaces the titles of nav entries by their translations.
fn translate_titles(entries: &mut [NavEntry], titles: &Map<String, Json>) {
    for entry in entries {
        if let Some(title) = &mut entry.title
            && let Some(translation) = titles.get(title).and_then(Json::as_str)
        {
            translation.clone_into(title);
        }
        if let NavTarget::Section(entries) = &mut entry.target {
            translate_titles(entries, titles);
        }
    }
}
