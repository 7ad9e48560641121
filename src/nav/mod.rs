//! The order of pages: a tree of sections, pages and links, and each page's
//! neighbours. Pure; knows titles and addresses, never bodies.

mod automatic;
mod configured;
mod indexes;
mod translated;
mod walked;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::config::Remark;
use crate::files::SourcePath;

pub use automatic::{automatic, section_title, side_by_side};
pub use configured::configured;
pub use indexes::with_indexes;
pub use translated::{in_language, without};
pub use walked::walked;

/// Sections within each other, at most: templates show each in a call of its
/// own, and theirs are bounded. Deeper ones are no sections of their own.
pub const DEEPEST: usize = 110;

/// What the nav knows of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEntry {
    /// The source.
    pub source: SourcePath,
    /// Its path below the docs folder.
    pub path: String,
    /// Its address.
    pub url: String,
    /// The part of its front matter that navs show (`icon`, `status`, ..).
    pub meta: Map<String, Value>,
}

/// The whole nav: items in an arena, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nav {
    /// All items; a section stands before what it holds.
    pub items: Vec<Item>,
    /// The items of the top level.
    pub roots: Vec<usize>,
    /// The pages in reading order, each source once.
    pub pages: Vec<usize>,
    /// Where each source stands in `pages`.
    order: BTreeMap<SourcePath, usize>,
    /// In how many sections each item lies.
    levels: Vec<usize>,
    /// The first section that took in what deeper ones hold.
    flattened: Option<usize>,
}

/// One item of the nav.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What readers see.
    pub title: String,
    /// What it stands for.
    pub target: Target,
    /// The section it lies in.
    pub parent: Option<usize>,
    /// What it holds, for sections and for pages that stand for one.
    pub children: Vec<usize>,
}

/// What an [`Item`] stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A page of the site.
    Page(PageEntry),
    /// A group of items.
    Section,
    /// An address, as written.
    Link(String),
}

/// A nav and what is wrong with its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// The nav.
    pub nav: Nav,
    /// Missing files and the like.
    pub remarks: Vec<Remark>,
}

impl Nav {
    /// Adds an item below `parent` and returns its place. A section that would
    /// lie in more than [`DEEPEST`] others is not added: its place is its
    /// parent's, so that the parent takes in what it holds.
    pub(crate) fn add(&mut self, title: String, target: Target, parent: Option<usize>) -> usize {
        let place = self.items.len();
        let level = parent.map_or(0, |parent| self.levels[parent] + 1);
        if let (Some(parent), Target::Section) = (parent, &target)
            && level >= DEEPEST
        {
            self.flattened.get_or_insert(parent);
            return parent;
        }
        self.levels.push(level);
        if let Target::Page(page) = &target
            && !self.order.contains_key(&page.source)
        {
            self.order.insert(page.source.clone(), self.pages.len());
            self.pages.push(place);
        }
        self.items.push(Item {
            title,
            target,
            parent,
            children: Vec::new(),
        });
        match parent {
            Some(parent) => self.items[parent].children.push(place),
            None => self.roots.push(place),
        }
        place
    }

    /// Where a page stands; its first place if it stands in several.
    pub fn place(&self, source: &SourcePath) -> Option<usize> {
        Some(self.pages[*self.order.get(source)?])
    }

    /// The page at a place.
    pub fn page(&self, place: usize) -> Option<&PageEntry> {
        match &self.items.get(place)?.target {
            Target::Page(page) => Some(page),
            Target::Section | Target::Link(_) => None,
        }
    }

    /// The first section that took in what sections within it hold, for they
    /// would lie in more than [`DEEPEST`] others.
    pub fn flattened(&self) -> Option<&Item> {
        self.items.get(self.flattened?)
    }

    /// The pages before and after a page, in reading order.
    pub fn neighbours(&self, source: &SourcePath) -> (Option<usize>, Option<usize>) {
        let Some(&at) = self.order.get(source) else {
            return (None, None);
        };
        let previous = at.checked_sub(1).map(|at| self.pages[at]);
        (previous, self.pages.get(at + 1).copied())
    }

    /// The sections that an item lies in, innermost first.
    pub fn ancestors(&self, place: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut above = self.items.get(place).and_then(|item| item.parent);
        while let Some(section) = above {
            found.push(section);
            above = self.items[section].parent;
        }
        found
    }
}

#[cfg(test)]
mod tests;
