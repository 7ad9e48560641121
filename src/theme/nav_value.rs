use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};

use crate::nav::{Nav, Target};

/// The nav as the templates of one page see it: items know whether they are
/// on the way to that page. Built lazily, for most pages print a part of it.
#[derive(Debug)]
pub(super) struct NavValue {
    nav: Arc<Nav>,
    /// The page being rendered and the sections round it.
    active: Arc<Vec<usize>>,
}

/// One item of the nav.
#[derive(Debug)]
struct ItemValue {
    nav: Arc<Nav>,
    active: Arc<Vec<usize>>,
    place: usize,
}

impl NavValue {
    /// The nav as seen from the page at `current`.
    pub(super) fn new(nav: &Arc<Nav>, current: Option<usize>) -> Self {
        let mut active = Vec::new();
        if let Some(current) = current {
            active.push(current);
            active.extend(nav.ancestors(current));
        }
        Self {
            nav: nav.clone(),
            active: Arc::new(active),
        }
    }

    /// The item at a place.
    pub(super) fn item(&self, place: usize) -> Value {
        item(&self.nav, &self.active, place)
    }

    fn items(&self, places: &[usize]) -> Vec<Value> {
        places.iter().map(|place| self.item(*place)).collect()
    }
}

fn item(nav: &Arc<Nav>, active: &Arc<Vec<usize>>, place: usize) -> Value {
    Value::from_object(ItemValue {
        nav: nav.clone(),
        active: active.clone(),
        place,
    })
}

impl Object for NavValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Iter(Box::new(self.items(&self.nav.roots).into_iter()))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "items" => Some(Value::from(self.items(&self.nav.roots))),
            "pages" => Some(Value::from(self.items(&self.nav.pages))),
            "homepage" => {
                let mut pages = self.nav.pages.iter();
                let home = pages.find(|place| {
                    self.nav
                        .page(**place)
                        .is_some_and(|page| page.url.is_empty())
                });
                Some(home.map_or(Value::from(()), |place| self.item(*place)))
            }
            _ => None,
        }
    }
}

impl Object for ItemValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let it = self.nav.items.get(self.place)?;
        let value = match key.as_str()? {
            "title" => Value::from(it.title.as_str()),
            "url" => match &it.target {
                Target::Page(page) => Value::from(page.url.as_str()),
                Target::Link(url) => Value::from(url.as_str()),
                Target::Section => Value::from(()),
            },
            "meta" => match &it.target {
                Target::Page(page) => Value::from(Serde(&page.meta)),
                Target::Link(_) | Target::Section => return None,
            },
            "is_page" => Value::from(matches!(it.target, Target::Page(_))),
            "is_section" => Value::from(it.target == Target::Section),
            "is_link" => Value::from(matches!(it.target, Target::Link(_))),
            "is_homepage" => Value::from(
                self.nav
                    .page(self.place)
                    .is_some_and(|page| page.url.is_empty()),
            ),
            "is_top_level" => Value::from(it.parent.is_none()),
            "active" => Value::from(self.active.contains(&self.place)),
            "children" if it.target == Target::Section => {
                let children = it.children.iter();
                Value::from_iter(children.map(|place| item(&self.nav, &self.active, *place)))
            }
            "children" => Value::from(()),
            "parent" => it.parent.map_or(Value::from(()), |place| {
                item(&self.nav, &self.active, place)
            }),
            "ancestors" => {
                let above = self.nav.ancestors(self.place).into_iter();
                Value::from_iter(above.map(|place| item(&self.nav, &self.active, place)))
            }
            _ => return None,
        };
        Some(value)
    }
}
