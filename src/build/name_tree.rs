use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Names of files as a tree of folders. Walking through a folder asks for one component
/// at a time, and so compares no paths.
#[derive(Debug, Clone, Default)]
pub(super) struct NameTree {
    /// Whether this is the name of a file.
    pub(super) is_file: bool,
    below: HashMap<OsString, NameTree>,
}

impl NameTree {
    /// The tree of these names.
    pub(super) fn of<'a>(names: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut tree = Self::default();
        for name in names {
            tree.insert(name);
        }
        tree
    }

    /// Adds a name.
    pub(super) fn insert(&mut self, name: &Path) {
        let mut at = self;
        for part in name {
            // `entry` would copy every component.
            if !at.below.contains_key(part) {
                at.below.insert(part.to_owned(), Self::default());
            }
            let Some(next) = at.below.get_mut(part) else {
                return;
            };
            at = next;
        }
        at.is_file = true;
    }

    /// What is below a component.
    pub(super) fn get(&self, part: &OsStr) -> Option<&Self> {
        self.below.get(part)
    }

    /// Whether any name is below this one.
    pub(super) fn has_any_below(&self) -> bool {
        !self.below.is_empty()
    }
}
