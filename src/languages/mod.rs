//! One site per language over shared sources: the table `[languages]` of
//! `proofroom.toml`, which may lie on top of an unmodified `mkdocs.yml`.
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
//! Every other key is a language; what it does not say itself, `each` says,
//! with `{lang}` for its code. Pure: knows paths, never files.

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

pub use addresses::{Addresses, Edition, Spot, is_for_root};
pub use docs::{Beside, Docs, Layer, Names};
pub use notice::not_translated;
pub use read::read;
pub use site_map::{Mapped, site_map};
pub use static_i18n::{StaticI18n, static_i18n};
pub use switcher::{Alternate, Switcher, Version};

/// All languages of a site, and the one that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages {
    /// In the order of the file; never empty.
    pub all: Vec<Language>,
    /// Where in that order the default one stands.
    pub default: usize,
    /// Where the one stands whose site this is.
    pub current: usize,
    /// How they lie beside each other.
    pub layout: Layout,
    /// The docs of each, in the same order.
    pub docs: Vec<Docs>,
}

/// How the languages of a site lie beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// Each has a site of its own, below its prefix: `[languages]`.
    SiteEach,
    /// All share one site, in which the prefix of each is a folder: the plugin
    /// static-i18n.
    OneSite(OneSite),
}

/// What the plugin static-i18n says of the site that all languages share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneSite {
    /// What a language switcher shows on pages that say nothing better.
    pub links: Vec<Link>,
    /// Settings of the site that are others in a language, by their names; in
    /// the order of the languages.
    pub settings: Vec<Map<String, Value>>,
}

/// An entry of a language switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The language's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it leads: the language's home page.
    pub link: String,
}

/// One language of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Its code as BCP 47 spells it, such as `zh-Hant`.
    pub code: String,
    /// Its own name for itself; the code where none is given.
    pub name: String,
    /// The folder of its pages; `None` for the configuration's `docs_dir`.
    pub docs: Option<SourcePath>,
    /// Where its pages begin below the site: `zh-Hant/`, or nothing.
    pub prefix: String,
    /// A file of variables for `!ENV`.
    pub env_file: Option<SourcePath>,
    /// More variables; they go before those of the file.
    pub env: BTreeMap<String, String>,
    /// Whether pages that it lacks are shown in the default language.
    pub falls_back: bool,
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

    /// Makes the language of a code the current one; the default one where
    /// there is none of that code.
    pub fn choose(&mut self, code: Option<&str>) {
        let position = |code| self.all.iter().position(|language| language.code == code);
        self.current = code.and_then(position).unwrap_or(self.default);
    }

    /// The site that all of them share, if they share one.
    pub fn one_site(&self) -> Option<&OneSite> {
        match &self.layout {
            Layout::OneSite(site) => Some(site),
            Layout::SiteEach => None,
        }
    }

    /// Words that the plugin lets the current language say for those of the
    /// site: `nav_translations` and `admonition_translations`.
    pub fn words(&self, setting: &str) -> Option<&Map<String, Value>> {
        let settings = self.one_site()?.settings.get(self.current)?;
        settings.get(setting)?.as_object()
    }

    /// What a language switcher shows where nothing better is known.
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

    /// Works out the docs of each, where each has a folder of its own.
    /// `docs_dir` stands for folders that are not told.
    pub fn with_folders(mut self, docs_dir: &SourcePath) -> Self {
        let all = 0..self.all.len();
        self.docs = all.map(|at| self.docs_of(at, docs_dir)).collect();
        self
    }

    fn docs_of(&self, of: usize, docs_dir: &SourcePath) -> Docs {
        let folder = |at: usize| self.all[at].docs.as_ref().unwrap_or(docs_dir).clone();
        let mut layers = vec![Layer::of(folder(of))];
        if folder(of) != folder(self.default) {
            // Images of the default language are everybody's, its pages only
            // where that is wanted.
            layers.push(Layer {
                names: if self.all[of].falls_back {
                    Names::All
                } else {
                    Names::Assets
                },
                original: Some(self.default().code.clone()),
                ..Layer::of(folder(self.default))
            });
        }
        for layer in &mut layers {
            // `docs/fr` is no part of the English `docs`.
            let all = (0..self.all.len()).map(folder);
            let below = all.filter(|other| *other != layer.folder);
            layer.except = below
                .filter(|other| other.below(&layer.folder).is_some())
                .collect();
        }
        Docs {
            layers,
            beside: None,
        }
    }
}

#[cfg(test)]
mod tests;
