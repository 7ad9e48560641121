//! Navs that plugins build from files among the pages.

pub mod awesome_nav;
pub mod awesome_pages;
mod entry;
mod natural_path;

use std::collections::BTreeMap;

use super::Sources;
use crate::config::{NavEntry, NavTarget};
use crate::config::{Plugin, SettingRef};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::nav::section_title;
use crate::url::is_index;
use crate::yaml;

/// One item of a nav that is being built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A page: its path below the docs folder, and its title if one is given.
    Page(String, Option<String>),
    /// A section.
    Section(Section),
    /// A link: its title and address.
    Link(String, String),
}

/// A section of a nav that is being built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Its path below the docs folder, if it is a folder.
    pub folder: Option<String>,
    /// Whether a configuration names it, so that it stays as it is.
    pub explicit: bool,
    /// Its items.
    pub children: Vec<Item>,
}

/// A nav that a plugin built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuiltNav {
    /// The nav.
    pub items: Vec<Item>,
    /// The problems of the files that it was built from.
    pub diagnostics: Vec<Diagnostic>,
}

/// The pages and files that a nav is built from.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// Paths of all pages below the docs folder.
    pub pages: &'a [String],
    /// The docs folder.
    pub docs: &'a SourcePath,
    /// The project's files.
    pub sources: &'a dyn Sources,
    /// The title in a page's front matter.
    pub front_title: &'a dyn Fn(&str) -> Option<String>,
    /// The title of a page.
    pub title: &'a dyn Fn(&str) -> String,
}

impl Site<'_> {
    /// The configuration file of a folder; `None` if there is none, or if it is
    /// not valid.
    fn settings(
        &self,
        folder: &str,
        name: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<File> {
        let path = self.docs.join(folder).join(name);
        let text = self.sources.read(&path)?;
        match yaml::parse(&path, &text) {
            Ok(parsed) => {
                diagnostics.extend(parsed.diagnostics);
                Some(File {
                    values: parsed.node.to_map(),
                    path,
                    text: text.to_string(),
                })
            }
            Err(error) => {
                diagnostics.push(*error);
                None
            }
        }
    }
}

/// A configuration file among the pages.
struct File {
    values: serde_json::Map<String, serde_json::Value>,
    path: SourcePath,
    text: String,
}

impl File {
    /// The first place of a text; the first line if it is empty or not there.
    fn span(&self, text: &str) -> Span {
        match self.text.find(text) {
            Some(at) if !text.is_empty() => Span::bytes(&self.path, &self.text, at, text.len()),
            _ => Span::line(&self.path, &self.text, 1),
        }
    }

    /// Whether a text is there exactly once, so that its place is certain.
    fn has_once(&self, text: &str) -> bool {
        self.text.matches(text).take(2).count() == 1
    }

    /// The diagnostic for a value that should have been `expected`.
    fn wrong(&self, key: &str, expected: &str) -> Diagnostic {
        let message = format!("`{key}` takes {expected}");
        Diagnostic::new(Rule::BadValue, message)
            .at(self.span(key))
            .help("the key is ignored")
    }
}

/// The nav that follows the folders, in MkDocs' order.
fn nav_of_folders(pages: impl Iterator<Item = String>) -> Vec<Item> {
    #[derive(Default)]
    struct Folder {
        pages: Vec<String>,
        folders: BTreeMap<String, Folder>,
    }
    fn items(folder: Folder, path: &str) -> Vec<Item> {
        let mut pages = folder.pages;
        pages.sort_by_cached_key(|page| {
            let name = name_of(page);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            (!is_index(stem), name.to_owned())
        });
        let pages = pages.into_iter().map(|page| Item::Page(page, None));
        let folders = folder.folders.into_iter().map(|(name, folder)| {
            let slash = if path.is_empty() { "" } else { "/" };
            let path = format!("{path}{slash}{name}");
            Item::Section(Section {
                title: section_title(&name),
                children: items(folder, &path),
                folder: Some(path),
                explicit: false,
            })
        });
        pages.chain(folders).collect()
    }
    let mut root = Folder::default();
    for page in pages {
        let mut folder = &mut root;
        if let Some((folders, _)) = page.rsplit_once('/') {
            for part in folders.split('/') {
                folder = folder.folders.entry(part.to_owned()).or_default();
            }
        }
        folder.pages.push(page);
    }
    items(root, "")
}

/// A plugin's nav as entries of a configured nav.
pub fn entries(items: Vec<Item>, plugin: &Plugin) -> Vec<NavEntry> {
    let entry = |item| {
        let (title, target) = match item {
            Item::Page(path, title) => (title, NavTarget::Path(path)),
            Item::Link(title, address) => (Some(title), NavTarget::Path(address)),
            Item::Section(section) => (
                Some(section.title),
                NavTarget::Section(entries(section.children, plugin)),
            ),
        };
        NavEntry {
            title,
            target,
            subject: SettingRef::Plugin(plugin.name.clone()),
        }
    };
    items.into_iter().map(entry).collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
