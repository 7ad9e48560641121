//! Functions and tests of Jinja2 that MiniJinja lacks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::{Object, ObjectRepr, Rest, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::cycler::Cycler;
use super::limits::limit;

/// `callable`: whether a value can be called.
pub(super) fn is_callable(value: Value) -> bool {
    // Apart from macros, functions are taken for callable by being plain objects.
    let is_macro = value
        .get_attr("arguments")
        .is_ok_and(|it| !it.is_undefined());
    value.kind() == ValueKind::Plain || is_macro
}

/// `gettext`: there are no catalogues, so a text is its own translation.
pub(super) fn gettext(text: String) -> String {
    text
}

/// `ngettext`: the singular or the plural.
pub(super) fn ngettext(one: String, many: String, count: i64) -> String {
    if count == 1 { one } else { many }
}

/// `cycler("odd", "even")`: cycles through its values.
pub(super) fn cycler(state: &State<'_, '_>, values: Rest<Value>) -> Result<Value, Error> {
    if values.is_empty() {
        let message = "cycler: no values are given";
        return Err(Error::new(ErrorKind::MissingArgument, message));
    }
    let cycler = Value::from_object(Cycler::new(values.to_vec()));
    limit(state, cycler)
}

/// `joiner(", ")`: an empty text on the first call, then the given one.
pub(super) fn joiner(text: Option<String>) -> Value {
    Value::from_object(Joiner {
        text: text.unwrap_or_else(|| ", ".to_owned()),
        is_used: AtomicBool::new(false),
    })
}

#[derive(Debug)]
struct Joiner {
    text: String,
    is_used: AtomicBool,
}

impl Object for Joiner {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        let is_used = self.is_used.swap(true, Ordering::Relaxed);
        Ok(Value::from(if is_used { self.text.as_str() } else { "" }))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<joiner>")
    }
}
