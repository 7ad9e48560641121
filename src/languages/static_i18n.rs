//! The languages of the MkDocs plugin static-i18n: one site, in which each
//! language but the default one has a folder, and pages whose language is
//! told by their folder or by the end of their name. Read off its version
//! 1.3.1.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Beside, Docs, Language, Languages, Layer, Layout, Link, Names, OneSite};
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

/// The languages that the plugin's options name, the default one current,
/// and what is wrong in them. `base` is the path of the site on its server.
pub fn static_i18n(
    options: &StaticI18n,
    docs_dir: &SourcePath,
    base: &str,
    directory_urls: bool,
) -> Result<Languages, Box<Diagnostic>> {
    let wrong = |message: String, help: &str| {
        let error = Diagnostic::new(Rule::BadLanguage, message);
        Err(Box::new(error.help(help)))
    };
    let flag = |of: &Map<String, Value>, name: &str, default: bool| {
        of.get(name).and_then(Value::as_bool).unwrap_or(default)
    };
    let text = |of: &Map<String, Value>, name: &str| {
        let text = of.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let suffix = match options.docs_structure.as_deref() {
        None | Some("suffix") => true,
        Some("folder") => false,
        Some(other) => {
            let near = Suggestions::default().suggest(other, ["folder", "suffix"]);
            let help = match near {
                Some(near) => format!("did you mean `{}`?", near.name),
                None => "it is `folder` or `suffix`".to_owned(),
            };
            return wrong(format!("`docs_structure` cannot be `{other}`"), &help);
        }
    };
    let named: Vec<&Map<String, Value>> = options
        .languages
        .iter()
        .filter_map(Value::as_object)
        .collect();
    let only = options.build_only_locale.clone();
    let all_codes = named.iter().filter_map(|it| it.get("locale")?.as_str());
    let all_codes: Vec<String> = all_codes.map(str::to_owned).collect();
    let fallback = options.fallback_to_default;
    let (mut all, mut site, mut default) = (Vec::new(), OneSite::default(), None);
    for settings in named {
        let Some(code) = text(settings, "locale") else {
            let help = "write `locale: fr` and `name: Français` for each";
            return wrong("a language of `i18n` has no `locale`".to_owned(), help);
        };
        let name = text(settings, "name").unwrap_or_else(|| code.clone());
        let (is_default, built) = match &only {
            Some(only) => (*only == code, *only == code),
            None => (
                flag(settings, "default", false),
                flag(settings, "build", true) && code != "null",
            ),
        };
        if built || code == "null" {
            let own = text(settings, "link").unwrap_or_else(|| {
                if is_default {
                    "/".to_owned()
                } else {
                    format!("/{code}/")
                }
            });
            let file = if directory_urls { "" } else { "index.html" };
            let link = format!("{}{own}{file}", base.trim_end_matches('/'));
            site.links.push(Link {
                code: code.clone(),
                name: name.clone(),
                link: text(settings, "fixed_link").unwrap_or(link),
            });
        }
        if !built {
            continue;
        }
        if is_default {
            default.get_or_insert(all.len());
        }
        site.settings.push(settings.clone());
        all.push(Language {
            name,
            docs: None,
            prefix: if is_default {
                String::new()
            } else {
                format!("{code}/")
            },
            env_file: None,
            env: BTreeMap::new(),
            falls_back: fallback && !is_default,
            code,
        });
    }
    if let Some(only) = only.filter(|_| default.is_none()) {
        let known = all_codes.iter().map(String::as_str);
        let help = match Suggestions::default().suggest(&only, known) {
            Some(near) => format!("did you mean `{}`?", near.name),
            None => "name one of `languages`".to_owned(),
        };
        return wrong(
            format!("`build_only_locale` names `{only}`, which is none of the languages"),
            &help,
        );
    }
    let Some(default) = default else {
        let help = "write `default: true` for the language that the site begins in";
        return wrong(
            "none of the languages of `i18n` is the default one".to_owned(),
            help,
        );
    };
    let codes: Vec<String> = all.iter().map(|language| language.code.clone()).collect();
    let docs = (0..all.len()).map(|at| {
        if suffix {
            by_name(&all, at, default, &codes, docs_dir)
        } else {
            by_folder(&all, at, default, &codes, docs_dir)
        }
    });
    Ok(Languages {
        docs: docs.collect(),
        all,
        default,
        current: default,
        layout: Layout::OneSite(site),
    })
}

fn by_name(
    all: &[Language],
    at: usize,
    default: usize,
    codes: &[String],
    docs_dir: &SourcePath,
) -> Docs {
    let of = |code: &str| (docs_dir.clone(), Names::Of(code.to_owned()));
    let rest = Names::OfNone(codes.to_vec());
    Docs {
        layers: layers(all, at, default, of, (docs_dir.clone(), rest)),
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
    let of = |code: &str| (docs_dir.join(code), Names::All);
    let rest = Names::Beside(codes.to_vec());
    let own = [&all[at].code, &all[default].code];
    Docs {
        layers: layers(all, at, default, of, (docs_dir.clone(), rest)),
        beside: Some(Beside {
            root: docs_dir.clone(),
            folders: own.map(|code| docs_dir.join(code)).to_vec(),
        }),
    }
}

/// A language's own files, the default one's where it falls back to them, and
/// the rest, which are the default one's too. What is no page of these lies
/// where the default language has it.
fn layers(
    all: &[Language],
    at: usize,
    default: usize,
    of: impl Fn(&str) -> (SourcePath, Names),
    rest: (SourcePath, Names),
) -> Vec<Layer> {
    let language = &all[at];
    let layer = |(folder, names): (SourcePath, Names), assets: &str| Layer {
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
        layers.push(layer(rest, ""));
    }
    layers
}
