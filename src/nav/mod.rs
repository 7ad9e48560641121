//! The navigation: a tree of sections, pages and links, and the neighbours of
//! each page. Pure; knows titles and addresses, never bodies.

mod automatic;
mod configured;
mod indexes;
mod label;
mod lists;
mod mkdocs_order;
mod parts;
mod repeats;
mod shown;
mod translated;

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::config::SettingDiagnostic;
use crate::files::SourcePath;
use crate::url::is_index;

pub use automatic::{automatic, section_title, side_by_side};
pub use configured::{EXCLUDED_HELP, NavFile, configured};
pub use indexes::with_indexes;
pub use label::{Group, Label};
pub use lists::{
    Cut, LabelledList, List, Lists, OpenSections, PageNav, lists_around, lists_of_part,
};
pub use mkdocs_order::mkdocs_sort_key;
pub use parts::Parts;
use repeats::Repeats;
pub use shown::{ListsBySection, ShownItem, ShownList, ShownNav};
pub use translated::{in_language, without};

/// How deeply sections can be nested. Templates render each level by a recursive
/// call, and their recursion is bounded. The items of deeper sections become part
/// of the deepest allowed one.
pub const DEEPEST: usize = 110;

/// What the nav knows of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageEntry {
    /// The source.
    pub source: SourcePath,
    /// Its path below the docs folder.
    pub path: String,
    /// Its address.
    pub url: String,
}

impl PageEntry {
    /// Whether it represents its folder.
    pub fn is_index(&self) -> bool {
        let name = self.path.rsplit_once('/').map_or(&*self.path, |it| it.1);
        is_index(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
    }
}

/// The whole nav, with its items in an arena in reading order. It does not have the
/// titles that pages give themselves, so that it stays equal when one changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nav {
    /// All items; a section comes before the items in it.
    pub items: Vec<Item>,
    /// The items of the top level.
    pub roots: Vec<usize>,
    /// The indices of pages in reading order, with each source only once.
    pub pages: Vec<usize>,
    /// The index in `pages` of each source.
    order: FxHashMap<SourcePath, usize>,
    /// The reading order with pages that occur several times.
    repeats: Repeats,
    /// How many sections each item is nested in.
    levels: Vec<usize>,
    /// The first section that took over the items of deeper ones.
    flattened: Option<usize>,
}

/// One item of the nav.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The title that the nav gives it; `None` for pages that give themselves one.
    pub title: Option<String>,
    /// What it is.
    pub target: Target,
    /// The index of the section that it is in.
    pub parent: Option<usize>,
    /// The indices of the items in it, for sections and for pages that represent
    /// one.
    pub children: Vec<usize>,
}

/// What an [`Item`] is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A page of the site.
    Page(Arc<PageEntry>),
    /// A group of items.
    Section,
    /// An address, as written.
    Link(String),
}

/// A nav with the problems of its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedNav {
    /// The nav.
    pub nav: Arc<Nav>,
    /// The problems, such as missing files.
    pub remarks: Vec<SettingDiagnostic>,
}

impl Nav {
    /// A nav to which about so many items will be added.
    fn with_capacity(items: usize) -> Self {
        Self {
            items: Vec::with_capacity(items),
            pages: Vec::with_capacity(items),
            order: FxHashMap::with_capacity_and_hasher(items, FxBuildHasher),
            levels: Vec::with_capacity(items),
            ..Self::default()
        }
    }

    /// Adds an item below `parent` and returns its index. A section that would
    /// be nested in more than [`DEEPEST`] others is not added; the index of its
    /// parent is returned instead, so that its items are added to the parent.
    pub(crate) fn add(
        &mut self,
        title: Option<String>,
        target: Target,
        parent: Option<usize>,
    ) -> usize {
        let place = self.items.len();
        let level = parent.map_or(0, |parent| self.levels[parent] + 1);
        if let (Some(parent), Target::Section) = (parent, &target)
            && level >= DEEPEST
        {
            self.flattened.get_or_insert(parent);
            return parent;
        }
        self.levels.push(level);
        if let Target::Page(page) = &target {
            let is_known = self.order.contains_key(&page.source);
            if is_known && self.repeats.is_empty() {
                self.repeats = Repeats::of(self.sources_of(&self.pages));
            }
            if is_known || !self.repeats.is_empty() {
                self.repeats.push(page.source.clone(), place);
            }
            if !is_known {
                self.order.insert(page.source.clone(), self.pages.len());
                self.pages.push(place);
            }
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

    /// Adds a section with pages after the items of `parent`, or of the top level. In
    /// reading order the pages come after the last page among those items.
    pub fn attach(&mut self, title: String, parent: Option<usize>, pages: Vec<Arc<PageEntry>>) {
        let before = self.children(parent).iter().rev();
        let mut before = before.filter_map(|place| Some(self.page(*place)?.source.clone()));
        let tail = before.next();
        let section = self.add(Some(title), Target::Section, parent);
        let first = self.items.len();
        for page in pages {
            self.add(None, Target::Page(page), Some(section));
        }
        let added: Vec<usize> = (first..self.items.len()).collect();
        let in_order = if self.repeats.is_empty() {
            &self.pages
        } else {
            self.repeats.places()
        };
        let mut reading: Vec<usize> = in_order.to_vec();
        reading.retain(|place| *place < first);
        let is_tail = |place: &usize| self.page(*place).map(|page| &page.source) == tail.as_ref();
        let at = reading.iter().rposition(is_tail);
        let at = at.map_or(reading.len(), |at| at + 1);
        reading.splice(at..at, added);
        if !self.repeats.is_empty() {
            self.repeats = Repeats::of(self.sources_of(&reading));
        }
        self.order.clear();
        self.pages.clear();
        for place in reading {
            let source = self.page(place).map(|page| page.source.clone());
            if let Some(source) = source
                && !self.order.contains_key(&source)
            {
                self.order.insert(source, self.pages.len());
                self.pages.push(place);
            }
        }
    }

    /// The pages at these indices with their sources.
    fn sources_of(&self, places: &[usize]) -> Vec<(SourcePath, usize)> {
        let source = |place: &usize| Some((self.page(*place)?.source.clone(), *place));
        places.iter().filter_map(source).collect()
    }

    /// The index of a page; the first one if it occurs several times.
    pub fn place(&self, source: &SourcePath) -> Option<usize> {
        Some(self.pages[*self.order.get(source)?])
    }

    /// The page at an index.
    pub fn page(&self, place: usize) -> Option<&PageEntry> {
        match &self.items.get(place)?.target {
            Target::Page(page) => Some(page),
            Target::Section | Target::Link(_) => None,
        }
    }

    /// The first section that took over the items of sections in it, because
    /// they would be nested in more than [`DEEPEST`] others.
    pub fn flattened(&self) -> Option<&Item> {
        self.items.get(self.flattened?)
    }

    /// The indices of the items in a section, or of those on the top level.
    pub fn children(&self, section: Option<usize>) -> &[usize] {
        match section {
            Some(section) => &self.items[section].children,
            None => &self.roots,
        }
    }

    /// The number of an item among its siblings, from 0.
    pub fn number(&self, place: usize) -> usize {
        let siblings = self.children(self.items[place].parent);
        let mut siblings = siblings.iter();
        siblings.position(|sibling| *sibling == place).unwrap_or(0)
    }

    /// The address that an item leads to: its own, or that of the first item in it that
    /// has one.
    pub fn address(&self, place: usize) -> Option<&str> {
        match &self.items[place].target {
            Target::Page(page) => Some(&page.url),
            Target::Link(url) => Some(url),
            Target::Section => self.first_address(place),
        }
    }

    /// The indices of the pages before and after a page, in reading order.
    pub fn neighbours(&self, source: &SourcePath) -> (Option<usize>, Option<usize>) {
        if !self.repeats.is_empty() {
            return self.repeats.neighbours(source);
        }
        let Some(&at) = self.order.get(source) else {
            return (None, None);
        };
        let previous = at.checked_sub(1).map(|at| self.pages[at]);
        (previous, self.pages.get(at + 1).copied())
    }

    /// The indices of the sections that an item is in, innermost first.
    pub fn ancestors(&self, place: usize) -> Vec<usize> {
        let first = self.items.get(place).and_then(|item| item.parent);
        std::iter::successors(first, |section| self.items[*section].parent).collect()
    }
}

#[cfg(test)]
mod tests;
