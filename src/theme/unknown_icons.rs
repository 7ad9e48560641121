//! Icons that a configuration names and that do not exist.

use serde_json::{Map, Value};

use super::Templates;
use crate::config::{Config, SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Near, Rule, Suggestions};
use crate::icons;
use crate::python::{is_true, plain};

/// For how many unknown icons a similar name is suggested, because that
/// compares each with ten thousand others.
const SUGGESTED: usize = 20;

/// Themes whose templates fail if an icon that they show does not exist.
const STRICT_THEMES: [&str; 3] = ["material", "materialx", "proofroom"];

/// Whether the theme of a site shows the icons that settings and front matter
/// name. Other theme packages have their own ideas of icons.
pub fn shows_icons(config: &Config) -> bool {
    config.theme.packages.is_empty() || is_strict(config)
}

/// Whether the theme that the site names fails if an icon that it shows does not
/// exist.
fn is_strict(config: &Config) -> bool {
    let name = config.theme.name.as_deref();
    name.is_some_and(|name| STRICT_THEMES.contains(&name))
}

/// The diagnostic for an icon that does not exist. `shown` tells what readers see
/// in its place in the built-in theme, and `is_shown` whether its place is on a
/// page at all.
pub fn unknown_icon(
    config: &Config,
    templates: &Templates,
    name: &str,
    shown: &str,
    is_shown: bool,
    suggests: bool,
) -> Diagnostic {
    let shown = if config.theme.packages.is_empty() {
        shown
    } else {
        "the templates of the theme fail without it"
    };
    let message = match name {
        "" => format!("an icon is missing here: {shown}"),
        name => format!("there is no icon `{name}`: {shown}"),
    };
    let diagnostic = if is_shown && is_strict(config) {
        Diagnostic::new(Rule::MissingIcon, message)
    } else {
        Diagnostic::note(Rule::MissingIcon, message)
    };
    let near = suggests.then(|| near(templates, name)).flatten();
    match near {
        Some(near) => diagnostic.did_you_mean(name, &near),
        None if name.is_empty() => diagnostic.help("add `icon` with the name of an icon"),
        None => diagnostic.help(
            "it is neither in an icon pack (`material`, `fontawesome`, `octicons`, `simple`, \
             `lucide`) nor in `.icons` of `custom_dir`",
        ),
    }
}

/// The icon that was probably meant: one of the site's own, or of the packs.
fn near(templates: &Templates, name: &str) -> Option<Near> {
    let own = templates.keys().filter_map(|template| {
        let icon = template.strip_prefix(".icons/")?;
        icon.strip_suffix(".svg")
    });
    let own = Suggestions::default().suggest(name, own);
    own.or_else(|| icons::near_path(name))
}

/// An icon that a setting names.
struct NamedIcon {
    setting: String,
    name: String,
    /// What readers see if it does not exist.
    shown: &'static str,
    /// Whether its place is on a page.
    is_shown: bool,
}

/// Diagnostics about icons that do not exist, in every place of the configuration
/// where one can stand. `exists` looks an icon up in the theme and the site.
pub fn unknown_icons(
    config: &Config,
    templates: &Templates,
    exists: &dyn Fn(&str) -> bool,
) -> Vec<SettingDiagnostic> {
    if !shows_icons(config) {
        return Vec::new();
    }
    let mut icons = of_theme(config);
    icons.extend(of_palette(config));
    icons.extend(of_extra(&config.extra));
    let unknown = icons.into_iter().filter(|icon| !exists(&icon.name));
    let mut found: Vec<SettingDiagnostic> = unknown
        .enumerate()
        .map(|(nth, icon)| {
            let suggests = nth < SUGGESTED;
            let NamedIcon {
                setting,
                name,
                shown,
                is_shown,
            } = icon;
            let diagnostic = unknown_icon(config, templates, &name, shown, is_shown, suggests);
            SettingDiagnostic::about(SettingRef::SettingValue(setting), diagnostic)
        })
        .collect();
    found.extend(of_tags(config));
    found
}

const DEFAULT: &str = "the theme shows its own in its place";

/// `theme.icon`.
fn of_theme(config: &Config) -> Vec<NamedIcon> {
    let Some(icons) = config.theme.settings.get("icon").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, value) in icons {
        let (shown, is_shown) = in_theme(config, key);
        let mut add = |setting: String, value: &Value| {
            // As in templates, an empty name stands for the default.
            if let Some(name) = plain(value).filter(|name| !name.is_empty()) {
                found.push(NamedIcon {
                    setting,
                    name,
                    shown,
                    is_shown,
                });
            }
        };
        match value {
            Value::Object(kinds) => {
                for (kind, icon) in kinds {
                    add(format!("theme.icon.{key}.{kind}"), icon);
                }
            }
            icon => add(format!("theme.icon.{key}"), icon),
        }
    }
    found
}

/// What readers see instead of the unknown icon `theme.icon.key`, and whether
/// Material for MkDocs shows it on the site's pages.
fn in_theme(config: &Config, key: &str) -> (&'static str, bool) {
    let settings = &config.theme.settings;
    let has_feature = |name: &str| {
        let features = settings.get("features").and_then(Value::as_array);
        features.is_some_and(|features| features.iter().any(|it| it.as_str() == Some(name)))
    };
    let has_search = config.plugins.iter().any(|plugin| plugin.name == "search");
    let is_edited = config.edit_uri.is_some() || config.edit_uri_template.is_some();
    let is_edited = is_edited && config.repo_url.is_some();
    match key {
        "logo" => {
            let has_image = settings.get("logo").is_some_and(is_true);
            ("the header shows no logo", !has_image)
        }
        "admonition" => ("such admonitions have the icons of the theme", true),
        "annotation" => ("annotations have the marker of the theme", true),
        "tag" => ("such tags have the icon of the theme", true),
        "repo" => (DEFAULT, config.repo_url.is_some()),
        "edit" => (DEFAULT, is_edited && has_feature("content.action.edit")),
        "view" => (DEFAULT, is_edited && has_feature("content.action.view")),
        "top" => (DEFAULT, has_feature("navigation.top")),
        "share" => (DEFAULT, has_search && has_feature("search.share")),
        "menu" => (DEFAULT, true),
        "alternate" => (DEFAULT, config.extra.get("alternate").is_some_and(is_true)),
        "search" => (DEFAULT, has_search),
        "close" => (DEFAULT, has_search || has_feature("announce.dismiss")),
        "previous" => (DEFAULT, has_search || has_feature("navigation.footer")),
        "next" => (DEFAULT, has_feature("navigation.footer")),
        _ => ("nothing is shown in its place", false),
    }
}

/// `theme.palette`, whose switch is a button with an icon only.
fn of_palette(config: &Config) -> Vec<NamedIcon> {
    let palette = config.theme.settings.get("palette");
    let options = palette.and_then(Value::as_array).into_iter().flatten();
    let icon = |(at, option): (usize, &Value)| {
        let toggle = option.get("toggle")?.as_object()?;
        let shown = "the button that switches the colours shows a default one";
        named(&format!("theme.palette.{at}.toggle"), toggle, shown)
    };
    options.enumerate().filter_map(icon).collect()
}

/// `extra.social` and the ratings of "Was this page helpful?".
fn of_extra(extra: &Value) -> Vec<NamedIcon> {
    let items = |list: Option<&Value>| list.and_then(Value::as_array).cloned().unwrap_or_default();
    let social = items(extra.get("social"));
    let links = social.iter().enumerate().filter_map(|(at, link)| {
        let shown = "the link in the footer shows a default one";
        named(&format!("extra.social.{at}"), link.as_object()?, shown)
    });
    let ratings = items(extra.pointer("/analytics/feedback/ratings"));
    let buttons = ratings.iter().enumerate().filter_map(|(at, rating)| {
        let path = format!("extra.analytics.feedback.ratings.{at}");
        let shown = "the button shows its name";
        named(&path, rating.as_object()?, shown)
    });
    links.chain(buttons).collect()
}

/// The `icon` of a mapping that must have one.
fn named(path: &str, mapping: &Map<String, Value>, shown: &'static str) -> Option<NamedIcon> {
    if mapping.is_empty() {
        return None;
    }
    let icon = mapping.get("icon");
    let name = icon.and_then(plain).unwrap_or_default();
    Some(NamedIcon {
        setting: match icon {
            Some(_) => format!("{path}.icon"),
            None => path.to_owned(),
        },
        name,
        shown,
        is_shown: true,
    })
}

/// `extra.tags`, whose values are keys of `theme.icon.tag`. Others may be classes of
/// a style sheet, unless they are nearly the same.
fn of_tags(config: &Config) -> Vec<SettingDiagnostic> {
    let icons = config.theme.settings.get("icon");
    let icons = icons.and_then(|icons| icons.get("tag")?.as_object());
    let tags = config.extra.get("tags").and_then(Value::as_object);
    let Some((icons, tags)) = icons.zip(tags) else {
        return Vec::new();
    };
    let suggestions = Suggestions::default();
    let fault = |(tag, kind): (&String, &Value)| {
        let kind = kind.as_str().filter(|kind| !icons.contains_key(*kind))?;
        let near = suggestions.suggest(kind, icons.keys().map(String::as_str))?;
        let message = format!("`theme.icon.tag` has no icon `{kind}` for the tag `{tag}`");
        let diagnostic = Diagnostic::note(Rule::MissingIcon, message).did_you_mean(kind, &near);
        let setting = SettingRef::SettingValue(format!("extra.tags.{tag}"));
        Some(SettingDiagnostic::about(setting, diagnostic))
    };
    tags.iter().filter_map(fault).collect()
}
