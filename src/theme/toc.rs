use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use crate::markdown::TocItem;

/// The table of contents of a page.
pub(super) fn value(items: &[TocItem]) -> Value {
    Value::from_object(Contents(list(items)))
}

fn list(items: &[TocItem]) -> Vec<Value> {
    let items = items.iter();
    let values = items.map(|item| Value::from_object(Anchor(item.clone())));
    values.collect()
}

/// What the plugin `typeset` adds to headings and pages; `None` where it adds nothing.
pub(super) fn typeset(title: Option<&str>) -> Option<Value> {
    let title = Value::from(title?);
    Some(Value::from_pairs([("title", title)]))
}

/// MkDocs' `TableOfContents`: iterable, and false if it is empty.
#[derive(Debug)]
struct Contents(Vec<Value>);

impl Object for Contents {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some("items") => Some(Value::from(self.0.clone())),
            Some(_) => None,
            None => self.0.get(key.as_usize()?).cloned(),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

/// MkDocs' `AnchorLink`.
#[derive(Debug)]
struct Anchor(TocItem);

impl Object for Anchor {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let item = &self.0;
        Some(match key.as_str()? {
            "title" => Value::from(item.title.as_str()),
            "typeset" => typeset(item.typeset.as_deref())?,
            "id" => Value::from(item.id.as_str()),
            "url" => Value::from(format!("#{}", item.id)),
            "level" => Value::from(item.level),
            "children" => Value::from(list(&item.children)),
            _ => return None,
        })
    }
}
