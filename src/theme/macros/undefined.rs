//! Names that nothing defines, as Jinja2's `DebugUndefined` treats them: they
//! print themselves, but are false and empty.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Rest, Value};
use minijinja::{Environment, Error, ErrorKind, State, filters};

/// The value of a name that nothing defines.
#[derive(Debug)]
struct Unknown(String);

impl Object for Unknown {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        let message = format!("{} is unknown", self.0);
        Err(Error::new(ErrorKind::UnknownFunction, message))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{ {} }}}}", self.0)
    }
}

/// The variables of a page, and an [`Unknown`] for every other name.
#[derive(Debug)]
pub(super) struct Names {
    known: Value,
    /// The names of the engine's own functions.
    functions: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(known: Value, environment: &Environment<'_>) -> Self {
        Self {
            known,
            functions: functions(environment),
        }
    }
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let known = self.known.get_attr(key).ok();
        let known = known.filter(|value| !value.is_undefined());
        known.or_else(|| {
            let is_unknown = !self.functions.contains(key);
            is_unknown.then(|| Value::from_object(Unknown(key.to_owned())))
        })
    }
}

/// The names of the engine's own functions.
pub(super) fn functions(environment: &Environment<'_>) -> BTreeSet<String> {
    let globals = environment.globals();
    globals.map(|(name, _)| name.to_owned()).collect()
}

/// Whether nothing defines a value.
fn is_unknown(value: &Value) -> bool {
    value.is_undefined() || value.downcast_object_ref::<Unknown>().is_some()
}

/// Makes filters and tests for undefined values recognise unknown names.
pub(super) fn add_filters(environment: &mut Environment<'static>) {
    let default = |state: &State<'_, '_>, value: &Value, arguments: Rest<Value>| {
        if is_unknown(value) {
            filters::default(state, &Value::UNDEFINED, arguments)
        } else {
            filters::default(state, value, arguments)
        }
    };
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_test("defined", |value: &Value| !is_unknown(value));
    environment.add_test("undefined", is_unknown);
}
