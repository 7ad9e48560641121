use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::{Nav, Target};

/// A section with more items than this, at any depth, is in a part of its own.
const SMALL: usize = 50;

/// As many items of small sections are in the same part as the list that names them.
const JOINED: usize = 500;

/// How a large nav is divided into parts, each of which becomes a file that is loaded
/// when a reader opens a section in it.
///
/// A part has the list of one section, and the lists of small sections in it. Its name
/// follows from the titles of the sections that lead to it, so it stays the same when
/// others change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// For each item, the part that the list of items in it belongs to.
    owners: Vec<Owner>,
    /// The names of the parts, by the section whose list they begin with.
    names: BTreeMap<Owner, Arc<str>>,
    by_name: BTreeMap<Arc<str>, Owner>,
}

/// The section whose list a part begins with; `None` is the top level.
type Owner = Option<usize>;

impl Parts {
    /// Divides a nav.
    pub fn new(nav: &Nav) -> Self {
        let sizes = sizes(nav);
        let mut parts = Self {
            owners: vec![None; nav.items.len()],
            ..Self::default()
        };
        // Parents come before their children.
        let mut joins: FxHashMap<Owner, bool> = HashMap::default();
        for (place, item) in nav.items.iter().enumerate() {
            if item.children.is_empty() {
                continue;
            }
            let siblings = nav.children(item.parent);
            let is_joined = sizes[place] <= SMALL
                && *joins.entry(item.parent).or_insert_with(|| {
                    let sizes = siblings.iter().map(|sibling| sizes[*sibling]);
                    sizes.filter(|size| *size <= SMALL).sum::<usize>() <= JOINED
                });
            parts.owners[place] = match (is_joined, item.parent) {
                (true, Some(parent)) => parts.owners[parent],
                (true, None) => None,
                (false, _) => Some(place),
            };
        }
        let mut keys: FxHashMap<usize, String> = HashMap::default();
        parts.add(None, "");
        for (place, item) in nav.items.iter().enumerate() {
            if item.children.is_empty() {
                continue;
            }
            let above = item.parent.and_then(|parent| keys.get(&parent));
            let name = match (&item.target, &item.title) {
                (Target::Page(page), _) => &page.path,
                (Target::Section | Target::Link(_), title) => title.as_deref().unwrap_or_default(),
            };
            let key = format!("{}\0{name}", above.map_or("", String::as_str));
            if parts.owners[place] == Some(place) {
                parts.add(Some(place), &key);
            }
            keys.insert(place, key);
        }
        parts
    }

    /// Names a part. Sections of the same title are told apart by their order.
    fn add(&mut self, owner: Owner, key: &str) {
        let name = (0..)
            .map(|times| {
                let hash = Sha256::digest(format!("{key}\0{times}"));
                let digits = hash.iter().take(6).map(|byte| format!("{byte:02x}"));
                digits.collect::<String>()
            })
            .find(|name| !self.by_name.contains_key(name.as_str()));
        let name: Arc<str> = name.unwrap_or_default().into();
        self.names.insert(owner, name.clone());
        self.by_name.insert(name, owner);
    }

    /// The names of all parts.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.names.values()
    }

    /// The name of the part that has the list of a section, or of the top level.
    pub fn name(&self, section: Option<usize>) -> Arc<str> {
        let name = self.names.get(&self.owner(section));
        name.cloned().unwrap_or_default()
    }

    /// The section whose list a part begins with; `Some(None)` for the top level, and
    /// `None` if there is no such part.
    pub fn named(&self, name: &str) -> Option<Option<usize>> {
        self.by_name.get(name).copied()
    }

    /// The section whose list begins the part that has the list of another.
    pub(super) fn owner(&self, section: Option<usize>) -> Option<usize> {
        section.and_then(|section| self.owners.get(section).copied().flatten())
    }
}

/// How many items are in each item, at any depth.
fn sizes(nav: &Nav) -> Vec<usize> {
    let mut sizes = vec![0; nav.items.len()];
    // Children come after their parents.
    for (place, item) in nav.items.iter().enumerate().rev() {
        if let Some(parent) = item.parent {
            sizes[parent] += sizes[place] + 1;
        }
    }
    sizes
}
