//! Sites in several languages: the table `[languages]` of `proofroom.toml`, which
//! may build on an unmodified `mkdocs.yml`, or the plugin static-i18n.
//!
//! ```toml
//! base = "mkdocs.yml"
//!
//! [languages]
//! default = "en"
//! each = { docs = "i18n/{lang}", env_file = "includes/strings.{lang}.env" }
//! en = { docs = "docs" }
//! zh-Hant = { name = "中文 (繁體)" }
//! ```
//!
//! Every other key is a language. It inherits the settings of `each`, in which
//! `{lang}` stands for its code. This module is pure: it knows paths, but never
//! reads files.

mod addresses;
mod docs;
mod notice;
mod read;
mod site_map;
mod static_i18n;
mod switcher;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::files::SourcePath;

pub use addresses::{Addresses, LanguageSite, Spot, is_for_root};
pub use docs::{Docs, FileFilter, Layer, SideBySide};
pub use notice::{direction, not_translated};
pub use read::read;
pub use site_map::{SiteMapPage, site_map};
pub use static_i18n::{StaticI18n, static_i18n};
pub use switcher::{Alternate, Switcher, Version};

/// All languages of a site, seen from one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages {
    /// In the order of the file; never empty.
    pub all: Vec<Language>,
    /// The index of the default language.
    pub default: usize,
    /// The index of the language whose site this is.
    pub current: usize,
    /// Whether each has its own site.
    pub layout: Layout,
    /// The docs of each language, in the same order.
    pub docs: Vec<Docs>,
}

/// How the languages of a site are laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// Each has a site of its own below its prefix, as with `[languages]`.
    SiteEach,
    /// All share one site, in which the prefix of each is a folder, as with the
    /// plugin static-i18n.
    OneSite(OneSite),
}

/// The settings of the plugin static-i18n for the site that all languages share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneSite {
    /// The links that a language switcher shows by default.
    pub links: Vec<Link>,
    /// The settings that each language overrides, by name; in the order of the
    /// languages.
    pub settings: Vec<Map<String, Value>>,
}

/// An entry of a language switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The language's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The address of its home page.
    pub link: String,
}

/// One language of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Its code as BCP 47 spells it, such as `zh-Hant`.
    pub code: String,
    /// Its name in the language itself; the code if none is given.
    pub name: String,
    /// The folder of its pages; `None` for the configuration's `docs_dir`.
    pub docs: Option<SourcePath>,
    /// The path of its pages below the site, `zh-Hant/` or empty.
    pub prefix: String,
    /// A file of variables for `!ENV`.
    pub env_file: Option<SourcePath>,
    /// More variables; they take precedence over those of the file.
    pub env: BTreeMap<String, String>,
    /// A file of terms with their translations.
    pub glossary: Option<SourcePath>,
    /// Whether untranslated pages are shown in the default language.
    pub falls_back: bool,
    /// Whether its pages get the anchors of the pages that they are translated from, and
    /// say of their passages which are still in that language.
    pub marks: SourceMarks,
}

/// What pages get from those that they are translated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceMarks {
    /// The ids of headings there, as further anchors of the same headings.
    pub anchors: bool,
    /// The attribute `lang` at passages that are not translated.
    pub lang: bool,
}

impl Languages {
    /// The language whose site this is.
    pub fn current(&self) -> &Language {
        &self.all[self.current]
    }

    /// The language that others fall back to.
    pub fn default(&self) -> &Language {
        &self.all[self.default]
    }

    /// Makes the language with this code the current one; the default one if
    /// there is none.
    pub fn choose(&mut self, code: Option<&str>) {
        let position = |code| self.all.iter().position(|language| language.code == code);
        self.current = code.and_then(position).unwrap_or(self.default);
    }

    /// The site that all languages share, if they do.
    pub fn one_site(&self) -> Option<&OneSite> {
        match &self.layout {
            Layout::OneSite(site) => Some(site),
            Layout::SiteEach => None,
        }
    }

    /// The folder of the current language, if all languages share one site; else empty.
    pub fn shared_folder(&self) -> &str {
        let current = self.one_site().and_then(|_| self.all.get(self.current));
        current.map_or("", |language| &language.prefix)
    }

    /// The translations of words into the current language from a setting of
    /// the plugin, `nav_translations` or `admonition_translations`.
    pub fn words(&self, setting: &str) -> Option<&Map<String, Value>> {
        let settings = self.one_site()?.settings.get(self.current)?;
        settings.get(setting)?.as_object()
    }

    /// What the pages of the current language get from those that they are translated
    /// from.
    pub fn marks(&self) -> SourceMarks {
        self.current().marks
    }

    /// Whether the current language and the default one are variants of one language,
    /// such as `pt` and `pt-BR`, so that the same words may be right in both.
    pub fn is_variant(&self) -> bool {
        is_variant(&self.current().code, &self.default().code)
    }

    /// The links that a language switcher shows by default.
    pub fn links(&self, root: &str) -> Vec<Link> {
        let home = |language: &Language| Link {
            code: language.code.clone(),
            name: language.name.clone(),
            link: format!("{root}{}", language.prefix),
        };
        match &self.layout {
            Layout::OneSite(site) => site.links.clone(),
            Layout::SiteEach => self.all.iter().map(home).collect(),
        }
    }

    /// Computes the docs of each language from its folder, which is `docs_dir`
    /// if none is given.
    pub fn with_folders(mut self, docs_dir: &SourcePath) -> Self {
        let indices = 0..self.all.len();
        self.docs = indices.map(|at| self.docs_of(at, docs_dir)).collect();
        self
    }

    fn docs_of(&self, of: usize, docs_dir: &SourcePath) -> Docs {
        let folder = |at: usize| self.all[at].docs.as_ref().unwrap_or(docs_dir).clone();
        let mut layers = vec![Layer::of(folder(of))];
        if folder(of) != folder(self.default) {
            // Every language uses the images of the default one, but its pages
            // only if it falls back to them.
            layers.push(Layer {
                names: if self.all[of].falls_back {
                    FileFilter::All
                } else {
                    FileFilter::Assets
                },
                original: Some(self.default().code.clone()),
                ..Layer::of(folder(self.default))
            });
        }
        for layer in &mut layers {
            // `docs/fr` is not part of the English `docs`.
            let folders = (0..self.all.len()).map(folder);
            let others = folders.filter(|other| *other != layer.folder);
            layer.except = others
                .filter(|other| other.below(&layer.folder).is_some())
                .collect();
        }
        Docs {
            layers,
            beside: None,
        }
    }
}

/// Whether two codes are of variants of one language, such as `pt` and `pt-BR`.
pub fn is_variant(one: &str, other: &str) -> bool {
    let primary = |code: &str| {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        primary.to_lowercase()
    };
    primary(one) == primary(other)
}

#[cfg(test)]
mod tests;
