use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use crate::markdown::TocItem;

/// The table of contents of a page: iterable, and false if it is empty.
pub(super) fn value(items: &[TocItem]) -> Value {
    let items = items.iter();
    let values = items.map(|item| Value::from_object(Anchor(item.clone())));
    Value::from(values.collect::<Vec<_>>())
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
            "id" => Value::from(item.id.as_str()),
            "url" => Value::from(format!("#{}", item.id)),
            "level" => Value::from(item.level),
            "children" => value(&item.children),
            _ => return None,
        })
    }
}
