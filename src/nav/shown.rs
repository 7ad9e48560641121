use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::repeats::Repeats;
use super::{Cut, Label, Nav, PageEntry, PageNav, Target};
use crate::files::SourcePath;

/// The nav as templates see it: all of it, or what one page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownNav {
    /// The items, each after the section that it is in.
    pub items: Vec<ShownItem>,
    /// The indices of those on the top level.
    pub roots: Vec<usize>,
    /// The index of the home page.
    pub home: Option<usize>,
    /// Whether it has all items.
    pub is_whole: bool,
    /// The index of the current page, if this is what one page shows.
    pub current: Option<usize>,
    /// The pages before and after the current one.
    neighbours: (Option<usize>, Option<usize>),
    /// The indices of pages in reading order.
    pub pages: Vec<usize>,
    /// The index in `pages` of each source.
    order: FxHashMap<SourcePath, usize>,
    /// The reading order with pages that occur several times.
    repeats: Repeats,
}

/// An item as templates see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownItem {
    /// What is shown of it.
    pub label: Arc<Label>,
    /// The index of the section that it is in. It is not known of pages that are only
    /// there because others link to them.
    pub parent: Option<usize>,
    /// The indices of the items in it that are shown.
    pub children: Vec<usize>,
    /// Its number among its siblings, from 1; 0 if it is not in a list.
    pub number: usize,
}

/// Which lists a page shows, by the indices of their sections; `None` is the top level.
pub type ListsBySection = FxHashMap<Option<usize>, ShownList>;

/// A list that a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownList {
    /// Which of the items are shown.
    pub items: Range<usize>,
    /// What is left out, if not all are.
    pub cut: Option<Cut>,
}

impl ShownNav {
    /// A whole nav. `label` gives what is shown of each item, and `home` is the index of
    /// the home page.
    pub fn whole(nav: &Nav, label: &dyn Fn(usize) -> Arc<Label>, home: Option<usize>) -> Self {
        let items = nav.items.iter().enumerate();
        let items = items.map(|(place, item)| ShownItem {
            label: label(place),
            parent: item.parent,
            children: item.children.clone(),
            number: 0,
        });
        let mut shown = Self {
            items: items.collect(),
            roots: nav.roots.clone(),
            home,
            is_whole: true,
            pages: nav.pages.clone(),
            order: nav.order.clone(),
            repeats: nav.repeats.clone(),
            ..Self::default()
        };
        let lists = nav.items.iter().map(|item| &item.children);
        for list in lists.chain([&nav.roots]) {
            for (number, place) in list.iter().enumerate() {
                shown.items[*place].number = number + 1;
            }
        }
        shown
    }

    /// What one page shows, with its lists.
    pub fn of_page(page: &PageNav) -> (Self, ListsBySection) {
        let mut nav = Self::default();
        let mut by_section = ListsBySection::default();
        let mut starts = Vec::with_capacity(page.lists.len());
        let place = |starts: &[usize], (list, item): (usize, usize)| {
            starts.get(list).map(|start: &usize| start + item)
        };
        for list in &*page.lists {
            let parent = list.of.and_then(|of| place(&starts, of));
            let first = nav.items.len();
            starts.push(first);
            let labels = list.labels.iter().enumerate();
            let items = labels.map(|(number, label)| ShownItem {
                label: label.clone(),
                parent,
                children: Vec::new(),
                number: list.start + number + 1,
            });
            nav.items.extend(items);
            let children = (first..nav.items.len()).collect();
            match parent {
                Some(parent) => nav.items[parent].children = children,
                None => nav.roots = children,
            }
            let shown = ShownList {
                items: 0..list.labels.len(),
                cut: list.cut.clone(),
            };
            by_section.insert(parent, shown);
        }
        nav.current = page.current.and_then(|current| place(&starts, current));
        nav.neighbours = (nav.place_of(&page.previous), nav.place_of(&page.next));
        nav.home = nav.place_of(&page.home);
        (nav, by_section)
    }

    /// The index of a page, which is added if no list shows it.
    fn place_of(&mut self, label: &Option<Arc<Label>>) -> Option<usize> {
        let label = label.as_ref()?;
        let mut items = self.items.iter();
        let is_same = |item: &ShownItem| match (&item.label.target, &label.target) {
            (Target::Page(a), Target::Page(b)) => a.source == b.source,
            _ => false,
        };
        items.position(is_same).or_else(|| {
            self.items.push(ShownItem {
                label: label.clone(),
                parent: None,
                children: Vec::new(),
                number: 0,
            });
            Some(self.items.len() - 1)
        })
    }

    /// The page at an index.
    pub fn page(&self, place: usize) -> Option<&PageEntry> {
        match &self.items.get(place)?.label.target {
            Target::Page(page) => Some(page),
            Target::Section | Target::Link(_) => None,
        }
    }

    /// The index of a page; the first one if it occurs several times.
    pub fn place(&self, source: &SourcePath) -> Option<usize> {
        if self.is_whole {
            return Some(self.pages[*self.order.get(source)?]);
        }
        let current = self.current?;
        (self.page(current)?.source == *source).then_some(current)
    }

    /// The indices of the pages before and after a page, in reading order; `None` if
    /// this is what one page shows, and it is not that page.
    pub fn neighbours(&self, source: &SourcePath) -> Option<(Option<usize>, Option<usize>)> {
        if !self.is_whole {
            return self.place(source).map(|_| self.neighbours);
        }
        if !self.repeats.is_empty() {
            return Some(self.repeats.neighbours(source));
        }
        let Some(&at) = self.order.get(source) else {
            return Some((None, None));
        };
        let previous = at.checked_sub(1).map(|at| self.pages[at]);
        Some((previous, self.pages.get(at + 1).copied()))
    }

    /// The indices of the sections that an item is in, innermost first.
    pub fn ancestors(&self, place: usize) -> Vec<usize> {
        let first = self.items.get(place).and_then(|item| item.parent);
        std::iter::successors(first, |section| self.items[*section].parent).collect()
    }

    /// Whether it is known which section an item is in.
    pub fn is_in_list(&self, place: usize) -> bool {
        let item = self.items.get(place);
        self.is_whole || item.is_some_and(|item| item.number > 0)
    }
}
