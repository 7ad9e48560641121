use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use super::view::View;

/// The variables that a template sees without declaring them.
pub(super) struct Root {
    pub(super) view: Arc<View>,
    /// Those that every page has.
    pub(super) shared: [(&'static str, Value); 12],
    /// Those that plugins add to this page.
    pub(super) variables: Vec<(String, Value)>,
}

/// Those whose values differ among pages that share outputs of macros, or whose values
/// do not note what is read of them.
const OF_ONE_PAGE: [&str; 2] = ["extra_css", "extra_javascript"];

/// The name under which [`reuse`](super::reuse) finds the view of a page.
pub(super) const VIEW: &str = "__view";

/// The view of a page as a value.
#[derive(Debug)]
pub(super) struct ViewValue(pub(super) Arc<View>);

impl Object for ViewValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.recorder.note_own();
        let shared = self.shared.iter().map(|(name, value)| (*name, value));
        let variables = self.variables.iter();
        let variables = variables.map(|(name, value)| (name.as_str(), value));
        f.debug_map().entries(variables.chain(shared)).finish()
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if let Some((name, value)) = self.shared.iter().find(|(name, _)| *name == key) {
            if OF_ONE_PAGE.contains(name) {
                self.view.recorder.note_own();
            }
            return Some(value.clone());
        }
        if let Some((_, value)) = self.variables.iter().find(|(name, _)| name == key) {
            self.view.recorder.note_own();
            return Some(value.clone());
        }
        // Pages that share outputs have variables of the same names.
        (key == VIEW).then(|| Value::from_object(ViewValue(self.view.clone())))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.view.recorder.note_own();
        let shared = self.shared.iter().map(|(name, _)| *name);
        let variables = self.variables.iter().map(|(name, _)| name.as_str());
        let variables = variables.filter(|name| !self.shared.iter().any(|(it, _)| it == name));
        Enumerator::Values(variables.chain(shared).map(Value::from).collect())
    }
}

/// `config`, or a mapping in it, of which one value is only this page's.
pub(super) struct PageConfig {
    pub(super) values: Value,
    /// The key of that value; `None` if it is deeper inside.
    pub(super) own: Option<&'static str>,
    pub(super) view: Arc<View>,
}

impl fmt::Debug for PageConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.recorder.note_own();
        self.values.fmt(f)
    }
}

impl Object for PageConfig {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        if key.as_str().is_some_and(|key| Some(key) == self.own) {
            self.view.recorder.note_own();
        }
        let value = self.values.get_item(key).ok()?;
        (!value.is_undefined()).then_some(value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.view.recorder.note_own();
        let keys = self.values.try_iter().into_iter().flatten();
        Enumerator::Values(keys.collect())
    }
}
