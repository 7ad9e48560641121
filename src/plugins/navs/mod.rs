//! Navs that plugins make out of files that lie among the pages.

pub mod awesome;
mod entry;
pub mod pages;

use std::collections::BTreeMap;

use super::Sources;
use crate::config::{NavEntry, NavTarget};
use crate::config::{Plugin, Subject};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::nav::section_title;
use crate::url::is_index;
use crate::yaml;

/// One item of a nav that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A page by its path below the docs folder, and a title where one is given.
    Page(String, Option<String>),
    /// A section.
    Section(Section),
    /// A title and an address.
    Link(String, String),
}

/// A section of a nav that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Its folder below the docs folder, where it has one.
    pub folder: Option<String>,
    /// Whether it was named in a configuration, and stays as it is.
    pub explicit: bool,
    /// What it holds.
    pub children: Vec<Item>,
}

/// What a plugin made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The nav.
    pub items: Vec<Item>,
    /// What is wrong with the files it was made of.
    pub diagnostics: Vec<Diagnostic>,
}

/// The pages and files that a nav is made of.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// Paths of all pages below the docs folder.
    pub pages: &'a [String],
    /// The docs folder.
    pub docs: &'a SourcePath,
    /// The project's files.
    pub sources: &'a dyn Sources,
    /// The title that a page's front matter gives.
    pub front_title: &'a dyn Fn(&str) -> Option<String>,
    /// The title of a page.
    pub title: &'a dyn Fn(&str) -> String,
}

impl Site<'_> {
    /// A configuration file of a folder: its values, and what places in it
    /// are found by. Nothing where there is none, or where it cannot be read.
    fn settings(&self, folder: &str, name: &str, said: &mut Vec<Diagnostic>) -> Option<File> {
        let path = self.docs.join(folder).join(name);
        let text = self.sources.read(&path)?;
        match yaml::parse(&path, &text) {
            Ok(parsed) => {
                said.extend(parsed.diagnostics);
                Some(File {
                    values: parsed.node.to_map(),
                    path,
                    text: text.to_string(),
                })
            }
            Err(error) => {
                said.push(*error);
                None
            }
        }
    }
}

/// A configuration file that lies among the pages.
struct File {
    values: serde_json::Map<String, serde_json::Value>,
    path: SourcePath,
    text: String,
}

impl File {
    /// The first place where something is written.
    fn span(&self, written: &str) -> Span {
        let at = self.text.find(written);
        let at = at.filter(|_| !written.is_empty());
        match at {
            Some(at) => Span::bytes(&self.path, &self.text, at, written.len()),
            None => Span::line(&self.path, &self.text, 1),
        }
    }

    /// Whether something is written there once, so that its place is certain.
    fn has_once(&self, written: &str) -> bool {
        self.text.matches(written).take(2).count() == 1
    }

    /// Says that a value is not what its key takes.
    fn wrong(&self, key: &str, expected: &str) -> Diagnostic {
        let message = format!("`{key}` takes {expected}");
        Diagnostic::new(Rule::BadValue, message)
            .at(self.span(key))
            .help("the key is passed over")
    }
}

/// The nav that follows the folders, as MkDocs walks them.
fn folders(pages: impl Iterator<Item = String>) -> Vec<Item> {
    #[derive(Default)]
    struct Folder {
        pages: Vec<String>,
        folders: BTreeMap<String, Folder>,
    }
    fn items(folder: Folder, path: &str) -> Vec<Item> {
        let mut pages = folder.pages;
        pages.sort_by_key(|page| {
            let name = page.rsplit('/').next().unwrap_or_default().to_owned();
            let stem = name
                .rsplit_once('.')
                .map_or(name.as_str(), |(stem, _)| stem);
            (!is_index(stem), name)
        });
        let pages = pages.into_iter().map(|page| Item::Page(page, None));
        let folders = folder.folders.into_iter().map(|(name, below)| {
            let slash = if path.is_empty() { "" } else { "/" };
            let path = format!("{path}{slash}{name}");
            Item::Section(Section {
                title: section_title(&name),
                children: items(below, &path),
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

/// The nav as if it had been configured by a plugin.
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
            subject: Subject::Plugin(plugin.name.clone()),
        }
    };
    items.into_iter().map(entry).collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
