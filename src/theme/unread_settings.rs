//! Settings of `theme`, `extra` and the like that change nothing, or name what
//! does not exist.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{FontFile, Templates, builtin_theme, material_markup};
use crate::config::{Config, SettingDiagnostic, SettingRef, ThemeManifest};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::url;

/// Names of themes in whose place the built-in theme is made to be used.
const STANDS_FOR: [&str; 3] = ["material", "materialx", "proofroom"];

/// What the settings are compared with.
pub struct SettingUses<'a> {
    /// The site's own templates, which may read any setting.
    pub templates: &'a Templates,
    /// The text of the site's own style sheets, which may define any colour.
    pub style_sheets: &'a dyn Fn() -> Vec<Arc<str>>,
    /// The files of the fonts that the settings name.
    pub fonts: &'a [FontFile],
    /// Whether there is an output at an address.
    pub is_output: &'a dyn Fn(&str) -> bool,
    /// Whether the command line names the theme.
    pub is_named_by_call: bool,
}

/// Notes about settings that have no effect.
pub fn unread_settings(config: &Config, uses: &SettingUses<'_>) -> Vec<SettingDiagnostic> {
    let mut check = Check {
        config,
        uses,
        manifest: ThemeManifest::built_in(),
        suggestions: Suggestions::default(),
        found: Vec::new(),
    };
    check.name();
    check.features();
    check.palette();
    if config.theme.packages.is_empty() {
        check.theme_settings();
        check.icons();
        check.language();
        check.fonts();
        check.extra();
        check.analytics();
        let bundles = material_markup::foreign_bundles(uses.templates).into_iter();
        check.found.extend(bundles.map(SettingDiagnostic::from));
    }
    check.files();
    check.found
}

struct Check<'a> {
    config: &'a Config,
    uses: &'a SettingUses<'a>,
    manifest: &'static ThemeManifest,
    suggestions: Suggestions,
    found: Vec<SettingDiagnostic>,
}

impl Check<'_> {
    fn add(&mut self, setting: impl Into<String>, diagnostic: Diagnostic) {
        let setting = SettingRef::Setting(setting.into());
        self.found
            .push(SettingDiagnostic::about(setting, diagnostic));
    }

    /// Whether one of the site's own templates mentions a name.
    fn is_in_templates(&self, name: &str) -> bool {
        let mut templates = self.uses.templates.values();
        templates.any(|template| template.text.contains(name))
    }

    fn setting(&self, name: &str) -> Option<&Value> {
        self.config.theme.settings.get(name)
    }

    /// An unknown theme, which is replaced by the built-in one.
    fn name(&mut self) {
        let theme = &self.config.theme;
        let Some(name) = theme.name.as_deref() else {
            return;
        };
        if !theme.is_chosen || !theme.packages.is_empty() || STANDS_FOR.contains(&name) {
            return;
        }
        let message =
            format!("there is no theme `{name}` here: pages are shown in the built-in theme");
        let help = match self.suggestions.suggest(name, STANDS_FOR) {
            Some(near) => format!("did you mean `{}`?", near.name),
            None => "give its folder or wheel with `theme.path` or `--theme-path`, if it is \
                     installed"
                .to_owned(),
        };
        if self.uses.is_named_by_call {
            let diagnostic = Diagnostic::warning(Rule::UnsupportedValue, message).help(help);
            self.found.push(SettingDiagnostic::from(diagnostic));
        } else {
            let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message).help(help);
            self.add("theme.name", diagnostic);
        }
    }

    fn features(&mut self) {
        let Some(features) = self.setting("features").and_then(Value::as_array) else {
            return;
        };
        let is_built_in = self.config.theme.packages.is_empty();
        let manifest = self.manifest;
        let mut found = Vec::new();
        for (at, feature) in features.iter().enumerate() {
            let Some(name) = feature.as_str() else {
                continue;
            };
            let is_read = manifest.features.contains_key(name);
            let missing = manifest.missing_features.get(name);
            let is_known = missing.is_some() || manifest.needless_features.contains_key(name);
            let diagnostic = match missing {
                Some(lost) if is_built_in => {
                    let message = format!("the built-in theme does not have the feature `{name}`");
                    Diagnostic::note(Rule::UnsupportedValue, message).help(lost)
                }
                _ if is_read || is_known => continue,
                _ => {
                    let known = manifest.features.keys();
                    let known = known.chain(manifest.missing_features.keys());
                    let known = known.chain(manifest.needless_features.keys());
                    let near = self.suggestions.suggest(name, known.map(String::as_str));
                    let message = format!("`{name}` is not a feature of the theme");
                    let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
                    match near {
                        Some(near) => diagnostic.did_you_mean(name, &near),
                        // Newer versions of a package may have more features.
                        None if !is_built_in => continue,
                        None => diagnostic.help("no template or script of the theme reads it"),
                    }
                }
            };
            if !self.is_in_templates(name) {
                found.push((format!("theme.features.{at}"), diagnostic));
            }
        }
        for (setting, diagnostic) in found {
            self.add(setting, diagnostic);
        }
    }

    fn palette(&mut self) {
        let is_known_theme = self.config.theme.packages.is_empty()
            || self.config.theme.name.as_deref() == Some("material");
        if !is_known_theme {
            return;
        }
        let Some(palette) = self.setting("palette") else {
            return;
        };
        let options: Vec<(String, &Map<String, Value>)> = match palette {
            Value::Object(option) => vec![("theme.palette".to_owned(), option)],
            Value::Array(options) => options
                .iter()
                .enumerate()
                .filter_map(|(at, option)| {
                    Some((format!("theme.palette.{at}"), option.as_object()?))
                })
                .collect(),
            _ => return,
        };
        let manifest = self.manifest;
        let mut sheets = None;
        let mut found = Vec::new();
        for (path, option) in options {
            for (key, names, what) in [
                ("scheme", &manifest.schemes, "colour scheme"),
                ("primary", &manifest.primary, "primary colour"),
                ("accent", &manifest.accent, "accent colour"),
            ] {
                let Some(written) = option.get(key).and_then(Value::as_str) else {
                    continue;
                };
                // Templates write names with dashes.
                let name = written.replace(' ', "-");
                if name.is_empty() || names.contains(&name) {
                    continue;
                }
                let sheets = sheets.get_or_insert_with(self.uses.style_sheets);
                if sheets.iter().any(|sheet| sheet.contains(&name)) || self.is_in_templates(&name) {
                    continue;
                }
                let message = format!("the theme has no {what} `{written}`");
                let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
                let near = self
                    .suggestions
                    .suggest(&name, names.iter().map(String::as_str));
                let diagnostic = match near {
                    Some(near) => diagnostic.did_you_mean(written, &near),
                    None => diagnostic.help("define it in a style sheet of `extra_css`"),
                };
                found.push((format!("{path}.{key}"), diagnostic));
            }
        }
        for (setting, diagnostic) in found {
            self.add(setting, diagnostic);
        }
    }

    /// Keys of `theme` that neither the theme nor a template of the site reads.
    fn theme_settings(&mut self) {
        let names: Vec<String> = self.config.theme.settings.keys().cloned().collect();
        for name in names {
            if self.manifest.settings.contains(&name) || self.is_in_templates(&name) {
                continue;
            }
            let message = format!("the built-in theme does not read `theme.{name}`");
            let known = self.manifest.settings.iter().map(String::as_str);
            let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
            let diagnostic = match self.suggestions.suggest(&name, known) {
                Some(near) => diagnostic.did_you_mean(&name, &near),
                None if name == "variant" => diagnostic
                    .help("it has one look; of Zensical's variants, it takes the icons only"),
                None => diagnostic.help("only a template of your own could read it"),
            };
            self.add(format!("theme.{name}"), diagnostic);
        }
    }

    fn icons(&mut self) {
        let Some(icons) = self.setting("icon").and_then(Value::as_object) else {
            return;
        };
        let names: Vec<String> = icons.keys().cloned().collect();
        for name in names {
            if self.manifest.icons.contains(&name) || self.is_in_templates(&name) {
                continue;
            }
            let missing = self.manifest.missing_icons.get(&name);
            let message = match missing {
                Some(_) => format!("the built-in theme does not show `theme.icon.{name}`"),
                None => format!("`{name}` is not an icon of the theme"),
            };
            let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
            let known = self.manifest.icons.iter().map(String::as_str);
            let diagnostic = match missing {
                Some(lost) => diagnostic.help(lost),
                None => match self.suggestions.suggest(&name, known) {
                    Some(near) => diagnostic.did_you_mean(&name, &near),
                    None => diagnostic.help("no template of the theme shows it"),
                },
            };
            self.add(format!("theme.icon.{name}"), diagnostic);
        }
    }

    fn language(&mut self) {
        let language = &self.config.theme.language;
        // A variety of a language has the words of the language.
        let (base, _) = language.split_once('-').unwrap_or((language, ""));
        let languages = &self.manifest.languages;
        if languages.contains(language) || languages.iter().any(|it| it == base) {
            return;
        }
        // A site may replace how the theme finds its words.
        if self.uses.templates.contains_key("partials/language.html") {
            return;
        }
        let message = format!("the built-in theme has no words in the language `{language}`");
        let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
        let known = self.manifest.languages.iter().map(String::as_str);
        let diagnostic = match self.suggestions.suggest(language, known) {
            Some(near) if near.name.len() == language.len() && language.len() > 2 => {
                diagnostic.did_you_mean(language, &near)
            }
            _ => diagnostic.help(
                "its buttons and titles are in English: write your own in \
                 `partials/languages/custom.html`, and set `language: custom`",
            ),
        };
        self.add("theme.language", diagnostic);
    }

    /// Fonts are loaded from the site and not from Google, as Material does.
    fn fonts(&mut self) {
        let Some(font) = self.setting("font").and_then(Value::as_object) else {
            return;
        };
        let fonts: Vec<(String, String)> = font
            .iter()
            .filter_map(|(key, name)| Some((key.clone(), name.as_str()?.to_owned())))
            .collect();
        let mut sheets = None;
        for (key, name) in fonts {
            let sheets = sheets.get_or_insert_with(self.uses.style_sheets);
            let has_files = self.uses.fonts.iter().any(|font| font.family == name);
            let is_in_sheets = sheets.iter().any(|sheet| sheet.contains(&name));
            if has_files || is_in_sheets || self.is_in_templates(&name) {
                continue;
            }
            let message = format!("the font `{name}` is not loaded from the network");
            let file = name.replace(' ', "");
            let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message).help(format!(
                "only readers who have it installed see it: put its files into a folder `fonts` \
                 of the docs, as `fonts/{file}-Regular.woff2`, or name it with `@font-face` in a \
                 style sheet"
            ));
            self.add(format!("theme.font.{key}"), diagnostic);
        }
    }

    fn extra(&mut self) {
        let Some(extra) = self.config.extra.as_object() else {
            return;
        };
        // Pages with macros may read any key.
        let macros = self
            .config
            .plugins
            .iter()
            .any(|plugin| plugin.name == "macros");
        let names: Vec<String> = extra.keys().cloned().collect();
        for name in names {
            if self.manifest.extra.contains(&name) || self.is_in_templates(&name) {
                continue;
            }
            let diagnostic = match self.manifest.missing_extra.get(&name) {
                Some(lost) => {
                    let message = format!("the built-in theme does not read `extra.{name}`");
                    Diagnostic::note(Rule::UnsupportedValue, message).help(lost)
                }
                None if macros => continue,
                None => {
                    let message = format!("nothing reads `extra.{name}`");
                    let known = self.manifest.extra.iter().map(String::as_str);
                    let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
                    match self.suggestions.suggest(&name, known) {
                        // The name may be one of the site's own.
                        Some(near) => diagnostic.did_you_mean(&name, &near).without_fix(),
                        None => diagnostic.help(
                            "a template of your own could read it, or pages with the plugin \
                             `macros`",
                        ),
                    }
                }
            };
            self.add(format!("extra.{name}"), diagnostic);
        }
    }

    /// A service that counts visits and that neither the theme nor the site has a partial
    /// for.
    fn analytics(&mut self) {
        let provider = self.config.extra.pointer("/analytics/provider");
        let Some(provider) = provider.and_then(Value::as_str).map(str::to_owned) else {
            return;
        };
        let partial = format!("partials/integrations/analytics/{provider}.html");
        let is_own = self.uses.templates.contains_key(&partial);
        let whole = "partials/integrations/analytics.html";
        let is_replaced = self.uses.templates.contains_key(whole);
        if is_own || is_replaced || builtin_theme::template(&partial).is_some() {
            return;
        }
        let message = format!("the theme does not know the service `{provider}`");
        let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message);
        let help = format!("visits are not counted: add its code as `{partial}` to `custom_dir`");
        self.add("extra.analytics.provider", diagnostic.help(help));
    }

    /// Files that pages name and the site does not have.
    fn files(&mut self) {
        let config = self.config;
        let mut files: Vec<(String, &str, &str, &str)> = Vec::new();
        for (key, what, lost) in [
            ("logo", "logo", "a broken image stands in its place"),
            ("favicon", "favicon", "browsers show none"),
        ] {
            let path = config.theme.settings.get(key).and_then(Value::as_str);
            files.extend(path.map(|path| (format!("theme.{key}"), path, what, lost)));
        }
        for (at, path) in config.extra_css.iter().enumerate() {
            let setting = format!("extra_css.{at}");
            files.push((setting, path, "style sheet", "pages are shown without it"));
        }
        for (at, script) in config.extra_javascript.iter().enumerate() {
            let setting = format!("extra_javascript.{at}");
            files.push((setting, &script.path, "script", "pages do without it"));
        }
        let missing = files.into_iter().filter(|(_, path, _, _)| {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            // Other sites, and addresses of this server outside of the site.
            let is_elsewhere = path.is_empty() || url::is_absolute(path);
            let path = path.trim_start_matches("./");
            !is_elsewhere && !url::unquote(path).is_some_and(|path| (self.uses.is_output)(&path))
        });
        let missing: Vec<_> = missing.collect();
        for (setting, path, what, lost) in missing {
            let message = format!("the {what} `{path}` is not in the site");
            let diagnostic = Diagnostic::new(Rule::MissingAsset, message).help(format!(
                "{lost}; put it into the docs folder, or correct its path"
            ));
            self.add(setting, diagnostic);
        }
    }
}
