use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, State};

use super::view::View;

/// A macro or module whose output may depend on the page. Whatever uses it has read
/// something that only the page has.
pub(super) struct Watched {
    object: DynObject,
    view: Arc<View>,
}

impl Watched {
    pub(super) fn new(object: DynObject, view: Arc<View>) -> Self {
        Self { object, view }
    }

    fn used(&self) -> &DynObject {
        self.view.recorder.note_own();
        &self.object
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.used().fmt(f)
    }
}

impl Object for Watched {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        self.used().repr()
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.used().get_value(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.used().enumerate()
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        self.used().call(state, args)
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        self.used().call_method(state, method, args)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.used().render(f)
    }
}
