//! The languages of the MkDocs plugin static-i18n: one site in which each language
//! but the default one has a folder. The language of a source is told by its
//! folder or by the end of its name. Modelled on version 1.3.1 of the plugin.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Docs, FileFilter, Language, Languages, Layer, Layout, Link, OneSite, SideBySide, SourceMarks,
};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::SourcePath;
use crate::options::options;

options! {
    /// The plugin's options.
    pub struct StaticI18n {
        docs_structure: Option<String>,
        fallback_to_default: bool = true,
        build_only_locale: Option<String>,
        reconfigure_material: bool = true,
        reconfigure_search: bool = true,
        languages: Vec<Value>,
    }
}

/// The languages in the plugin's options, with the default one as the current
/// one. `base` is the path of the site on its server.
///
/// # Errors
/// If a language has no code, or there is no default language.
pub fn static_i18n(
    options: &StaticI18n,
    docs_dir: &SourcePath,
    base: &str,
    directory_urls: bool,
) -> Result<Languages, Box<Diagnostic>> {
    let structure = Structure::parse(options.docs_structure.as_deref())?;
    let mut reader = Reader {
        options,
        base,
        directory_urls,
        all: Vec::new(),
        site: OneSite::default(),
        default: None,
    };
    for settings in options.languages.iter().filter_map(Value::as_object) {
        reader.language(settings)?;
    }
    let default = reader.default_language()?;
    let (all, site) = (reader.all, reader.site);
    let codes: Vec<String> = all.iter().map(|language| language.code.clone()).collect();
    let docs = (0..all.len()).map(|at| match structure {
        Structure::Suffix => by_name(&all, at, default, &codes, docs_dir),
        Structure::Folder => by_folder(&all, at, default, &codes, docs_dir),
    });
    Ok(Languages {
        docs: docs.collect(),
        all,
        default,
        current: default,
        layout: Layout::OneSite(site),
    })
}

/// How the language of a file is told.
#[derive(Clone, Copy)]
enum Structure {
    /// By its name: `a.fr.md`.
    Suffix,
    /// By its folder: `fr/a.md`.
    Folder,
}

impl Structure {
    fn parse(name: Option<&str>) -> Result<Self, Box<Diagnostic>> {
        match name {
            None | Some("suffix") => Ok(Self::Suffix),
            Some("folder") => Ok(Self::Folder),
            Some(other) => {
                let help = match Suggestions::default().suggest(other, ["folder", "suffix"]) {
                    Some(near) => format!("did you mean `{}`?", near.name),
                    None => "use `folder` or `suffix`".to_owned(),
                };
                let message = format!("`docs_structure` cannot be `{other}`");
                Err(bad_language(message, help))
            }
        }
    }
}

fn bad_language(message: impl Into<String>, help: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Rule::BadLanguage, message).help(help))
}

fn flag(settings: &Map<String, Value>, name: &str, default: bool) -> bool {
    let flag = settings.get(name).and_then(Value::as_bool);
    flag.unwrap_or(default)
}

fn text(settings: &Map<String, Value>, name: &str) -> Option<String> {
    let text = settings.get(name).and_then(Value::as_str);
    text.map(str::to_owned)
}

/// Reads the languages one by one.
struct Reader<'a> {
    options: &'a StaticI18n,
    base: &'a str,
    directory_urls: bool,
    /// The languages that are built.
    all: Vec<Language>,
    site: OneSite,
    /// The index of the default language.
    default: Option<usize>,
}

impl Reader<'_> {
    fn language(&mut self, settings: &Map<String, Value>) -> Result<(), Box<Diagnostic>> {
        let Some(code) = text(settings, "locale") else {
            let help = "write `locale: fr` and `name: Français` for each";
            return Err(bad_language("a language of `i18n` has no `locale`", help));
        };
        let name = text(settings, "name").unwrap_or_else(|| code.clone());
        let (is_default, is_built) = match &self.options.build_only_locale {
            Some(only) => (*only == code, *only == code),
            None => (
                flag(settings, "default", false),
                flag(settings, "build", true) && code != "null",
            ),
        };
        // `null` is an entry of the language switcher that is not a language.
        if is_built || code == "null" {
            self.site.links.push(Link {
                link: self.link(settings, &code, is_default),
                code: code.clone(),
                name: name.clone(),
            });
        }
        if !is_built {
            return Ok(());
        }
        if is_default {
            self.default.get_or_insert(self.all.len());
        }
        self.site.settings.push(settings.clone());
        self.all.push(Language {
            name,
            docs: None,
            prefix: if is_default {
                String::new()
            } else {
                format!("{code}/")
            },
            env_file: None,
            glossary: None,
            env: BTreeMap::new(),
            falls_back: self.options.fallback_to_default && !is_default,
            marks: SourceMarks::default(),
            code,
        });
        Ok(())
    }

    /// The link to a language in the language switcher.
    fn link(&self, settings: &Map<String, Value>, code: &str, is_default: bool) -> String {
        if let Some(link) = text(settings, "fixed_link") {
            return link;
        }
        let path = match text(settings, "link") {
            Some(path) => path,
            None if is_default => "/".to_owned(),
            None => format!("/{code}/"),
        };
        let file = if self.directory_urls {
            ""
        } else {
            "index.html"
        };
        format!("{}{path}{file}", self.base.trim_end_matches('/'))
    }

    fn default_language(&self) -> Result<usize, Box<Diagnostic>> {
        if let Some(default) = self.default {
            return Ok(default);
        }
        let Some(only) = &self.options.build_only_locale else {
            return Err(bad_language(
                "no language of `i18n` is the default one",
                "write `default: true` for the language at the root of the site",
            ));
        };
        let settings = self.options.languages.iter().filter_map(Value::as_object);
        let codes = settings.filter_map(|settings| settings.get("locale")?.as_str());
        let help = match Suggestions::default().suggest(only, codes) {
            Some(near) => format!("did you mean `{}`?", near.name),
            None => "name one of `languages`".to_owned(),
        };
        let message = format!("`build_only_locale` is `{only}`, which is not one of the languages");
        Err(bad_language(message, help))
    }
}

fn by_name(
    all: &[Language],
    at: usize,
    default: usize,
    codes: &[String],
    docs_dir: &SourcePath,
) -> Docs {
    let of = |code: &str| (docs_dir.clone(), FileFilter::Of(code.to_owned()));
    let untagged = FileFilter::OfNone(codes.to_vec());
    Docs {
        layers: layers(all, at, default, of, (docs_dir.clone(), untagged)),
        beside: None,
    }
}

fn by_folder(
    all: &[Language],
    at: usize,
    default: usize,
    codes: &[String],
    docs_dir: &SourcePath,
) -> Docs {
    let of = |code: &str| (docs_dir.join(code), FileFilter::All);
    let shared = FileFilter::SideBySide(codes.to_vec());
    let folders = [&all[at].code, &all[default].code];
    Docs {
        layers: layers(all, at, default, of, (docs_dir.clone(), shared)),
        beside: Some(SideBySide {
            root: docs_dir.clone(),
            folders: folders.map(|code| docs_dir.join(code)).to_vec(),
        }),
    }
}

/// The language's own files; those of the default language if it falls back to
/// them; and `untagged` files, which belong to the default language too. Files of
/// the last two that are not pages have the same address as in the default
/// language.
fn layers(
    all: &[Language],
    at: usize,
    default: usize,
    of: impl Fn(&str) -> (SourcePath, FileFilter),
    untagged: (SourcePath, FileFilter),
) -> Vec<Layer> {
    let language = &all[at];
    let layer = |(folder, names): (SourcePath, FileFilter), assets: &str| Layer {
        names,
        pages: language.prefix.clone(),
        assets: assets.to_owned(),
        ..Layer::of(folder)
    };
    let mut layers = vec![layer(of(&language.code), &language.prefix)];
    if language.falls_back {
        layers.push(layer(of(&all[default].code), ""));
    }
    if language.falls_back || at == default {
        layers.push(layer(untagged, ""));
    }
    layers
}
