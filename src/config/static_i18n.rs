//! What the MkDocs plugin static-i18n makes of a site's settings in each of
//! its languages (`reconfigure.py` of its version 1.3.1).

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Config, NavEntry, NavTarget, Remark, Subject};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::languages::{Layout, Link, StaticI18n, static_i18n};

/// What the plugin lets a language say.
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

/// Names what a language of the plugin says and nobody reads.
pub(super) fn unread(config: &Config) -> Vec<Remark> {
    let Some(plugin) = config.plugins.iter().find(|plugin| plugin.name == "i18n") else {
        return Vec::new();
    };
    let options = StaticI18n::read(&plugin.options);
    let settings = options.languages.iter().filter_map(Json::as_object);
    let named = settings.flat_map(|settings| {
        let code = settings.get("locale").and_then(Json::as_str);
        settings
            .keys()
            .map(move |key| (code.unwrap_or_default(), key))
    });
    let suggestions = Suggestions::default();
    let unread = named.filter(|(_, key)| !SETTINGS.contains(&key.as_str()));
    let say = |(code, key): (&str, &String)| {
        let message = format!("`{key}` of the language `{code}` is not read");
        let warning = Diagnostic::warning(Rule::UnsupportedOption, message);
        plugin.remark(match suggestions.suggest(key, SETTINGS) {
            Some(near) => warning.help(format!("did you mean `{}`?", near.name)),
            None => warning.help("it is the same in all languages; set it for the whole site"),
        })
    };
    unread.map(say).collect()
}

/// Makes a configuration with the plugin that of the wanted language.
pub(super) fn apply(config: &mut Config, wanted: Option<&str>) -> Result<(), Box<Remark>> {
    let Some(plugin) = config.plugins.iter().find(|plugin| plugin.name == "i18n") else {
        return Ok(());
    };
    let (directories, plugin) = (config.use_directory_urls, plugin.clone());
    let (docs, options) = (&config.docs_dir, StaticI18n::read(&plugin.options));
    let languages = static_i18n(&options, docs, &config.base, directories);
    let mut languages = languages.map_err(|error| Box::new(plugin.remark(*error)))?;
    languages.choose(wanted);
    config.docs = languages.docs[languages.current].clone();
    let material = config.theme.name.as_deref() == Some("material");
    let code = languages.current().code.clone();
    if material && options.reconfigure_material {
        config.theme.language.clone_from(&code);
    }
    let current = languages.current;
    let Layout::OneSite(site) = &mut languages.layout else {
        return Ok(());
    };
    if let Some(settings) = site.settings.get(current) {
        translate(config, settings);
    }
    if !(material && options.reconfigure_material && site.links.len() > 1) {
        site.links.clear();
    } else if let Some(links) = own_links(config) {
        site.links = links;
    }
    config.languages = Some(Arc::new(languages));
    Ok(())
}

/// A language switcher that the site itself configures.
fn own_links(config: &Config) -> Option<Vec<Link>> {
    let text = |of: &Json, name: &str| Some(of.get(name)?.as_str()?.to_owned());
    let own = config.extra.get("alternate")?.as_array()?;
    let link = |it: &Json| {
        Some(Link {
            code: text(it, "lang")?,
            name: text(it, "name")?,
            link: text(it, "link")?,
        })
    };
    Some(own.iter().filter_map(link).collect())
}

/// Lays what a language says of the site on top of what is said of all.
fn translate(config: &mut Config, settings: &Map<String, Json>) {
    let text = |name: &str| Some(settings.get(name)?.as_str()?.to_owned());
    if let Some(name) = text("site_name") {
        config.site_name = name;
    }
    for (name, to) in [
        ("site_description", &mut config.site_description),
        ("site_author", &mut config.site_author),
        ("copyright", &mut config.copyright),
    ] {
        *to = text(name).or_else(|| to.take());
    }
    if let Some(site) = text("site_url").filter(|site| !site.is_empty()) {
        let slash = if site.ends_with('/') { "" } else { "/" };
        config.site_url = Some(format!("{site}{slash}"));
    }
    if let Some(nav) = settings.get("nav").and_then(Json::as_array) {
        config.nav = Some(nav_entries(nav));
    }
    if let Some(words) = settings.get("nav_translations").and_then(Json::as_object) {
        rename(config.nav.as_deref_mut().unwrap_or_default(), words);
    }
    if let (Some(Json::Object(more)), Json::Object(extra)) =
        (settings.get("extra"), &mut config.extra)
    {
        extra.extend(more.clone());
    }
    if let Some(Json::Object(theme)) = settings.get("theme") {
        for (key, value) in theme {
            match (key.as_str(), value.as_str()) {
                ("language" | "locale", Some(language)) => {
                    language.clone_into(&mut config.theme.language);
                }
                _ => lay(
                    config.theme.settings.entry(key).or_insert(Json::Null),
                    value,
                ),
            }
        }
    }
}

/// Lays one value on another: mappings key by key, lists entry by entry.
fn lay(to: &mut Json, over: &Json) {
    match (to, over) {
        (Json::Object(to), Json::Object(over)) => {
            for (key, value) in over {
                lay(to.entry(key).or_insert(Json::Null), value);
            }
        }
        (Json::Array(to), Json::Array(over)) => {
            for (at, value) in over.iter().enumerate() {
                match to.get_mut(at) {
                    Some(to) => lay(to, value),
                    None => to.push(value.clone()),
                }
            }
        }
        (to, over) => *to = over.clone(),
    }
}

/// A nav that is written among a plugin's options.
fn nav_entries(items: &[Json]) -> Vec<NavEntry> {
    let entry = |title: Option<&String>, value: &Json| {
        let target = match value {
            Json::String(path) => NavTarget::Path(path.clone()),
            Json::Array(below) => NavTarget::Section(nav_entries(below)),
            _ => return None,
        };
        Some(NavEntry {
            title: title.cloned(),
            target,
            subject: Subject::Plugin("i18n".to_owned()),
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

/// Gives entries of a nav their titles in another language.
fn rename(entries: &mut [NavEntry], words: &Map<String, Json>) {
    for entry in entries {
        let word = entry
            .title
            .as_ref()
            .and_then(|title| words.get(title)?.as_str());
        if let Some(word) = word {
            entry.title = Some(word.to_owned());
        }
        if let NavTarget::Section(below) = &mut entry.target {
            rename(below, words);
        }
    }
}
