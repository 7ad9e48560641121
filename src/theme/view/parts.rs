//! What the built-in theme asks of items so that a page holds a part of a large nav:
//! the attribute `proofroom` of the nav and of its items.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use super::{Node, View};
use crate::nav::{Group, ShownList};

/// The value for an item, or for the top level.
pub(super) fn value(view: &Arc<View>, section: Option<usize>) -> Value {
    Value::from_object(Shown {
        view: view.clone(),
        section,
    })
}

/// How a page shows an item and those in it. Its attributes are these, each undefined if
/// it does not apply:
///
/// - `is_divided`: whether pages hold only a part of the nav
/// - `number`: the number of the item among its siblings, from 1
/// - `items`: the items in it that the page shows
/// - `part`: the name of the file that has those that it does not show
/// - `before`, `after`: the addresses of the items that a cut list would continue with
/// - `first`: the address of the first item in it that has one
/// - `index`: the page that represents it, if that is one of its items
#[derive(Debug)]
struct Shown {
    view: Arc<View>,
    section: Option<usize>,
}

impl Shown {
    /// The list of the items in it; `None` if the page does not show it.
    fn list(&self) -> Option<&ShownList> {
        self.view.lists.as_ref()?.get(&self.section)
    }

    fn group(&self) -> Option<&Group> {
        let item = self.view.nav.items.get(self.section?)?;
        item.label.group.as_ref()
    }

    /// The page that represents the section.
    fn index(&self) -> Option<Value> {
        let section = self.section?;
        let index = self.group()?.index.as_ref()?;
        let mut places = self.view.places_in(self.section).iter();
        let is_index = |place: &&usize| {
            let item = self.view.nav.items.get(**place);
            item.is_some_and(|item| Arc::ptr_eq(&item.label, index) || item.label == *index)
        };
        let node = match places.find(is_index) {
            Some(place) => Node::Item(*place),
            None => Node::IndexOf(section),
        };
        Some(self.view.value(node))
    }

    fn text(text: Option<&String>) -> Option<Value> {
        text.map(|text| Value::from(text.as_str()))
    }
}

impl Object for Shown {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let view = &self.view;
        if view.lists.is_some() && view.nav.is_whole {
            // Pages that know the whole nav show other lists of it.
            view.recorder.note_own();
        }
        let cut = || self.list().and_then(|list| list.cut.as_ref());
        match key.as_str()? {
            "number" => {
                let item = view.nav.items.get(self.section?)?;
                Some(Value::from(item.number))
            }
            "items" => {
                let places = view.places_in(self.section);
                Some(Value::from(match (self.list(), &view.lists) {
                    (Some(list), _) => view.items(places.get(list.items.clone())?),
                    (None, Some(_)) => Vec::new(),
                    (None, None) => view.items(places),
                }))
            }
            "part" => match (self.list(), &view.lists) {
                (Some(list), _) => Some(Value::from(&*list.cut.as_ref()?.part)),
                (None, Some(_)) => Some(Value::from(&*self.group()?.part)),
                (None, None) => None,
            },
            "before" => Self::text(cut()?.before.as_ref()),
            "after" => Self::text(cut()?.after.as_ref()),
            "is_divided" => Some(Value::from(view.lists.is_some())),
            "first" => Self::text(self.group()?.first.as_ref()),
            "index" => self.index(),
            _ => None,
        }
    }
}
