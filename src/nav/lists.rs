use std::ops::Range;
use std::sync::Arc;

use super::{Label, Nav, Parts};

/// A list with more items than this is shown as a window of it.
const LONGEST: usize = 200;

/// How many items before and after the current one such a window shows at least.
const AROUND: usize = 40;

/// Windows begin at multiples of this, so that some pages share one.
const STEP: usize = 20;

/// The settings that decide which sections are always open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenSections {
    /// Sections of the top level are tabs.
    pub tabs: bool,
    /// Sections of the first level below are always open.
    pub sections: bool,
}

impl OpenSections {
    /// Whether a section is always open. `level` is 1 for items of the top level.
    fn contain(self, level: usize, is_active: bool, is_parent_active: bool) -> bool {
        match (level, self.tabs) {
            (1, true) => is_active,
            (1, false) => self.sections,
            (2, true) => self.sections && is_parent_active,
            _ => false,
        }
    }
}

/// One of the lists that a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The section whose items it has; `None` for the top level.
    pub section: Option<usize>,
    /// Where that section is shown: the index of a list before this one, and of an item
    /// in it.
    pub of: Option<(usize, usize)>,
    /// Which of the items it shows.
    pub items: Range<usize>,
}

/// The lists of a nav that a page shows, a list before those of sections in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// The lists.
    pub lists: Vec<List>,
    /// Where the current page is shown.
    pub current: Option<(usize, usize)>,
}

/// What a page shows of the nav: the top level, the sections around the page, and those
/// that are always open. `place` is the index of the page; `None` if the nav does not have
/// it.
pub fn lists_around(nav: &Nav, place: Option<usize>, open: OpenSections) -> Lists {
    let mut active = place.map_or_else(Vec::new, |place| nav.ancestors(place));
    active.extend(place);
    let mut walk = Walk {
        nav,
        active,
        open,
        place,
        found: Lists::default(),
    };
    walk.add(None, None, 1, false);
    walk.found
}

struct Walk<'a> {
    nav: &'a Nav,
    active: Vec<usize>,
    open: OpenSections,
    place: Option<usize>,
    found: Lists,
}

impl Walk<'_> {
    fn add(
        &mut self,
        section: Option<usize>,
        of: Option<(usize, usize)>,
        level: usize,
        is_active: bool,
    ) {
        let nav = self.nav;
        let children = nav.children(section);
        let here = children
            .iter()
            .position(|child| self.active.contains(child));
        let items = window(children.len(), here);
        let at = self.found.lists.len();
        self.found.lists.push(List {
            section,
            of,
            items: items.clone(),
        });
        for (number, child) in children[items].iter().enumerate() {
            if self.place == Some(*child) {
                self.found.current = Some((at, number));
            }
            if nav.items[*child].children.is_empty() {
                continue;
            }
            let is_child_active = self.active.contains(child);
            if is_child_active || self.open.contain(level, is_child_active, is_active) {
                self.add(Some(*child), Some((at, number)), level + 1, is_child_active);
            }
        }
    }
}

/// Which items of a list are shown around the one at `here`.
fn window(count: usize, here: Option<usize>) -> Range<usize> {
    if count <= LONGEST {
        return 0..count;
    }
    let here = here.unwrap_or(0);
    let start = here.saturating_sub(AROUND) / STEP * STEP;
    start..(start + AROUND + STEP + AROUND).min(count)
}

/// The lists of a part, beginning with a list of nothing but the section that it begins
/// with, or with the top level.
pub fn lists_of_part(nav: &Nav, parts: &Parts, owner: Option<usize>) -> Lists {
    let mut found = Lists::default();
    let mut add = |section: Option<usize>, of, items: Range<usize>| {
        found.lists.push(List { section, of, items });
        found.lists.len() - 1
    };
    let mut waiting = Vec::new();
    match owner {
        Some(owner) => {
            let parent = nav.items[owner].parent;
            let number = nav.number(owner);
            let first = add(parent, None, number..number + 1);
            waiting.push((owner, (first, 0)));
        }
        None => {
            let first = add(None, None, 0..nav.roots.len());
            let roots = nav.roots.iter().enumerate();
            waiting.extend(roots.map(|(number, root)| (*root, (first, number))));
        }
    }
    while let Some((section, of)) = waiting.pop() {
        let children = &nav.items[section].children;
        if children.is_empty() || parts.owner(Some(section)) != owner {
            continue;
        }
        let at = add(Some(section), Some(of), 0..children.len());
        let below = children.iter().enumerate();
        waiting.extend(below.map(|(number, child)| (*child, (at, number))));
    }
    found
}

/// What a page shows of a nav, with the labels of its items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageNav {
    /// The lists, a list before those of sections in it.
    pub lists: Arc<[LabelledList]>,
    /// Where the current page is: the index of a list, and of an item in it.
    pub current: Option<(usize, usize)>,
    /// The page before the current one, in reading order.
    pub previous: Option<Arc<Label>>,
    /// The page after it.
    pub next: Option<Arc<Label>>,
    /// The home page.
    pub home: Option<Arc<Label>>,
}

/// A list with the labels of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledList {
    /// Where the section is shown whose items these are: the index of a list before this
    /// one, and of an item in it.
    pub of: Option<(usize, usize)>,
    /// The labels of the items that are shown.
    pub labels: Arc<[Arc<Label>]>,
    /// The number of the first of them among their siblings, from 0.
    pub start: usize,
    /// What is left out, if not all are shown.
    pub cut: Option<Cut>,
}

/// What a list leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The address of the last item before those that are shown.
    pub before: Option<String>,
    /// The address of the first item after them.
    pub after: Option<String>,
    /// The name of the file that has the whole list.
    pub part: Arc<str>,
}

impl Nav {
    /// What a list leaves out.
    pub fn cut(&self, parts: &Parts, list: &List) -> Option<Cut> {
        let children = self.children(list.section);
        if list.items.len() == children.len() {
            return None;
        }
        let address = |number: Option<usize>| {
            let place = *children.get(number?)?;
            self.address(place).map(str::to_owned)
        };
        Some(Cut {
            before: address(list.items.start.checked_sub(1)),
            after: address(Some(list.items.end)),
            part: parts.name(list.section),
        })
    }
}
