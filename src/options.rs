//! Options in configurations. They are read leniently: a value of the wrong
//! kind counts as not given. Each option is declared once, beside the code that
//! reads it.

use serde_json::{Map, Value};

use crate::python::plain;

/// Values by name, as in a file of settings.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a>(pub &'a Map<String, Value>);

impl<'a> Values<'a> {
    /// A text.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    /// A text with a default.
    pub fn text_or(self, name: &str, default: &'a str) -> &'a str {
        self.text(name).unwrap_or(default)
    }

    /// True or false; numbers are true or false as in Python.
    pub fn flag(self, name: &str, default: bool) -> bool {
        self.0.get(name).and_then(bool::of).unwrap_or(default)
    }

    /// A list of texts; a single text is a list of one. Empty if not given.
    pub fn texts(self, name: &str) -> Vec<String> {
        self.0.get(name).and_then(Vec::of).unwrap_or_default()
    }

    /// A mapping.
    pub fn map(self, name: &str) -> Option<&'a Map<String, Value>> {
        self.0.get(name)?.as_object()
    }
}

/// A type that an option may have.
pub trait OptionValue: Sized {
    /// Reads a value; `None` if it is of another kind.
    fn of(value: &Value) -> Option<Self>;
}

impl OptionValue for bool {
    /// Numbers are true or false as in Python.
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_f64() != Some(0.0)),
            _ => None,
        }
    }
}

impl OptionValue for i64 {
    fn of(value: &Value) -> Option<Self> {
        value.as_i64()
    }
}

impl OptionValue for String {
    fn of(value: &Value) -> Option<Self> {
        Some(value.as_str()?.to_owned())
    }
}

impl OptionValue for Vec<String> {
    /// A single text is a list of one.
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(one) => Some(vec![one.clone()]),
            Value::Array(many) => Some(many.iter().filter_map(plain).collect()),
            _ => None,
        }
    }
}

impl OptionValue for Vec<Value> {
    fn of(value: &Value) -> Option<Self> {
        value.as_array().cloned()
    }
}

impl OptionValue for Map<String, Value> {
    fn of(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }
}

impl OptionValue for Value {
    fn of(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    fn of(value: &Value) -> Option<Self> {
        T::of(value).map(Some)
    }
}

/// Declares the options of a plugin or an extension as a struct: their names,
/// types and defaults. An option whose name is a Rust keyword is written
/// `field as "name"`; one without `= ..` has the default of its type.
///
/// The fields are private to the crate, so the compiler warns of a field that
/// nothing reads: every option that [`check --config`](crate::check) calls used
/// is used.
macro_rules! options {
    (
        $(#[$about:meta])*
        $visibility:vis struct $name:ident {
            $($option:ident $(as $written:literal)?: $kind:ty $(= $default:expr)?,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        $visibility struct $name {
            $(pub(crate) $option: $kind,)*
        }

        impl $name {
            /// The names of all options.
            pub const NAMES: &'static [&'static str] =
                &[$($crate::options::options!(@name $option $($written)?)),*];

            /// Reads the options; a value of the wrong kind counts as not given.
            pub fn read(options: &serde_json::Map<String, serde_json::Value>) -> Self {
                Self {
                    $($option: options
                        .get($crate::options::options!(@name $option $($written)?))
                        .and_then($crate::options::OptionValue::of)
                        .unwrap_or_else(|| $crate::options::options!(@default $($default)?)),)*
                }
            }
        }
    };
    (@name $option:ident) => { stringify!($option) };
    (@name $option:ident $written:literal) => { $written };
    (@default) => { Default::default() };
    (@default $default:expr) => { $default.into() };
}

pub(crate) use options;
