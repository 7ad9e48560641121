//! Pages that are not being rendered, as templates of blogs list them.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use super::structure::FileValue;
use super::{Attributes, Facts, Node, View};
use crate::theme::listed::Listed;

/// A page with attributes of its own, which come before those that all pages have.
struct OtherPage {
    view: Arc<View>,
    page: Listed,
    own: Attributes,
}

/// A page that a template lists.
pub(in crate::theme) fn other_page(view: &Arc<View>, page: &Listed, own: Attributes) -> Value {
    Value::from_object(OtherPage {
        view: view.clone(),
        page: page.clone(),
        own,
    })
}

impl fmt::Debug for OtherPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OtherPage").field(&self.page.url).finish()
    }
}

impl Object for OtherPage {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let view = &self.view;
        // Pages that share outputs of macros list other posts.
        view.recorder.note_own();
        if let Some(value) = (self.own)(view, key) {
            return Some(value);
        }
        let facts = Facts {
            place: view.nav.place(&self.page.source),
            ..Facts::of_listed(&self.page)
        };
        if key == "file" {
            return view.node_of(&self.page).map(|node| {
                Value::from_object(FileValue {
                    view: view.clone(),
                    node,
                })
            });
        }
        view.page_attribute(Node::Current, &facts, key)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (title, url) = (&self.page.title, self.view.links.absolute(&self.page.url));
        let url = url.as_deref().unwrap_or(&self.page.url);
        write!(f, "Page(title='{title}', url='{url}')")
    }
}

impl View {
    /// The node of a page, to find its file.
    fn node_of(&self, page: &Listed) -> Option<Node> {
        if let Some(place) = self.nav.place(&page.source) {
            return Some(Node::Item(place));
        }
        let Some(pages) = &self.pages else {
            self.unknown();
            return None;
        };
        let found = pages.iter().position(|it| it.source == page.source)?;
        Some(Node::Listed(found))
    }
}
