use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Nav, Target};

/// What navs show of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The title that readers see.
    pub title: String,
    /// What a plugin shows in place of the title, as HTML.
    pub typeset: Option<String>,
    /// What the item is.
    pub target: Target,
    /// For pages, the part of the front matter that a nav shows (`icon`, `status`, ..).
    pub meta: Arc<Map<String, Value>>,
    /// What is known of the items in it, if there are any.
    pub group: Option<Group>,
}

/// What is shown of a section whose items are not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Group {
    /// The address of the first item in it that has one.
    pub first: Option<String>,
    /// The page that represents it, if that is one of its items.
    pub index: Option<Arc<Label>>,
    /// The name of the file that has its items.
    pub part: Arc<str>,
}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.title, &self.typeset, &self.target, &self.group).hash(state);
        for (key, value) in &*self.meta {
            (key, value.to_string()).hash(state);
        }
    }
}

impl Nav {
    /// The address of the first item in a section that has one.
    pub fn first_address(&self, section: usize) -> Option<&str> {
        let mut place = *self.items[section].children.first()?;
        loop {
            match &self.items[place].target {
                Target::Page(page) => return Some(&page.url),
                Target::Link(url) => return Some(url),
                Target::Section => place = *self.items[place].children.first()?,
            }
        }
    }

    /// The page that represents a section: the one of its items that is the index page
    /// of a folder.
    pub fn index_of(&self, section: usize) -> Option<usize> {
        let mut children = self.items[section].children.iter();
        children
            .find(|child| self.page(**child).is_some_and(|page| page.is_index()))
            .copied()
    }

    /// The index of the home page: the page at `address`, or the index page of the site
    /// on the top level.
    pub fn home(&self, address: Option<&str>) -> Option<usize> {
        let is_home = |place: &usize| {
            let page = self.page(*place);
            page.is_some_and(|page| match address {
                Some(address) => page.url.trim_end_matches("index.html") == address,
                None => {
                    let is_root = matches!(&*page.url, "" | "index.html");
                    is_root && page.is_index() && self.items[*place].parent.is_none()
                }
            })
        };
        self.pages.iter().copied().find(is_home)
    }
}
