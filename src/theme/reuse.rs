//! Uses outputs of macros again on other pages.
//!
//! Themes for MkDocs write the whole nav into each page, by macros that call each other.
//! Almost all of it is the same for all pages of a folder. So calls of such macros pass
//! through here (`source/reuse.rs` rewrites them), and the output of a call is kept with
//! what the call has read of its page ([`reads`](super::reads)). It is used for a page
//! that would read the same. That is sound, because all that a macro can read is one of
//! these:
//!
//! 1. Its arguments. They are the key of the call. Only plain values and items of the nav
//!    can be; other calls are always made.
//! 2. Variables of its template, which nothing changes once the template has been
//!    imported: its own macros, and those that the macros have captured. The latter are
//!    compared by value (the key of the scope). Macros and modules cannot be: those become
//!    [`Watched`] values inside macros, and what uses one is never kept. With anything else
//!    that is not plain, nothing is kept.
//! 3. The variables of the page ([`Root`](super::root::Root)) and what they lead to, which
//!    note what is read.
//! 4. What is the same for all pages of a theme: templates, filters, settings.
//!
//! Macros write nothing but their output: namespaces, cyclers and the like are plain
//! neither as arguments nor as variables. A call that is not made costs the fuel that it
//! would have. If a page fails, or exceeds a limit, it is rendered again without any of
//! this, so that this decides. (Only the engine's limit for templates that call each other
//! too deeply is not reached by calls that are not made.)

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Rest, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

use super::root::{PageConfig, VIEW, ViewValue};
use super::settings::ConfigValue;
use super::source::reuse::{SCOPE, WATCH};
use super::store::{CallOutput, NewOutput, ScopeOutputs};
use super::view::{NavValue, View};
use super::watched::Watched;
use super::words::Words;
use crate::work::Interrupt;

/// How deep, and how long, variables may be that are compared.
const DEEPEST: usize = 8;
const LONGEST: usize = 64 << 10;

/// How many items a nav has at most whose sections are kept as a whole and in parts.
const MOST_KEPT_TWICE: usize = 500;

/// Types of the engine that can only be recognised by name.
const MACRO: &str = "macro_object::Macro";
const MODULE: &str = "module_object::Module";
const FUNCTION: &str = "functions::BoxedFunction";
const LIST: &str = "Vec<minijinja::value::Value>";
const MAP: &str = "IndexMap<minijinja::value::Value, minijinja::value::Value>";

/// Adds the filters that `source/reuse.rs` inserts into templates.
pub(super) fn add(environment: &mut Environment<'static>, interrupt: &Interrupt) {
    let interrupt = interrupt.clone();
    environment.add_filter(
        SCOPE,
        move |state: &State<'_, '_>, names: &str, watched: &str, values: Rest<Value>| {
            Value::from_object(scope(state, names, watched, &values, interrupt.clone()))
        },
    );
    environment.add_filter(WATCH, watch);
}

/// The macros of a template, with the variables that they have captured. It is called with
/// the name of a macro and its arguments.
#[derive(Debug)]
struct Scope {
    macros: Vec<(Box<str>, Value)>,
    /// `None` if nothing can be kept.
    kept: Option<Kept>,
    interrupt: Interrupt,
}

#[derive(Debug)]
struct Kept {
    view: Arc<View>,
    outputs: Arc<ScopeOutputs>,
}

impl Object for Scope {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        if self.interrupt.is_raised() {
            return Err(Error::new(ErrorKind::InvalidOperation, "cancelled"));
        }
        let (name, arguments) = match arguments {
            [name, arguments @ ..] => (name.as_str().unwrap_or_default(), arguments),
            [] => ("", arguments),
        };
        let mut macros = self.macros.iter().enumerate();
        let Some((at, (_, called))) = macros.find(|(_, (it, _))| **it == *name) else {
            let message = format!("{name} is unknown");
            return Err(Error::new(ErrorKind::UnknownFunction, message));
        };
        match &self.kept {
            Some(kept) if *state.auto_escape() == AutoEscape::None => {
                let mut key = Vec::with_capacity(96);
                key.extend(at.to_le_bytes());
                let is_plain = arguments.iter().all(|it| add_plain(&mut key, it).is_some());
                if is_plain {
                    kept.call(state, called, key, arguments)
                } else {
                    called.call(state, arguments)
                }
            }
            _ => called.call(state, arguments),
        }
    }
}

/// The scope of a template: `"a b|m n"|scope("a", x, y, m, n)` for the variables `a` and
/// `b`, of which `a` is watched, and the macros `m` and `n`.
fn scope(
    state: &State<'_, '_>,
    names: &str,
    watched: &str,
    values: &[Value],
    interrupt: Interrupt,
) -> Scope {
    let (variables, macros) = names.split_once('|').unwrap_or_default();
    let mut values = values.iter();
    let variables: Vec<_> = variables.split_whitespace().zip(&mut values).collect();
    let macros = macros.split_whitespace().zip(values);
    let kept = || {
        let view = view(state)?;
        let reuse = view.reuse.as_ref()?;
        let mut key = scope_key(state, &view)?;
        for (name, value) in variables {
            key.extend(name.as_bytes());
            key.push(b'=');
            let is_watched = || watched.split_whitespace().any(|it| it == name);
            if is_macro_or_module(value) && is_watched() {
                key.push(b'm');
            } else {
                add_variable(&mut key, value, 0)?;
            }
        }
        let outputs = reuse.cache.scope(key);
        Some(Kept { view, outputs })
    };
    Scope {
        kept: kept(),
        macros: macros
            .map(|(name, value)| (name.into(), value.clone()))
            .collect(),
        interrupt,
    }
}

/// The view of the page for which a template is rendered.
fn view(state: &State<'_, '_>) -> Option<Arc<View>> {
    let view = state.lookup(VIEW)?;
    Some(view.downcast_object_ref::<ViewValue>()?.0.clone())
}

/// What pages have in common that share outputs, apart from variables of the template.
fn scope_key(state: &State<'_, '_>, view: &View) -> Option<Vec<u8>> {
    let mut key = Vec::new();
    let mut add = |text: &str| {
        key.extend(text.as_bytes());
        key.push(0);
    };
    add(state.name());
    match view.folder_above() {
        Some(parts) => parts.iter().for_each(|part| add(part)),
        None => add("/"),
    }
    add("");
    let variables = view.current()?.variables.keys();
    variables.for_each(|name| add(name));
    add("");
    Some(key)
}

fn is_macro_or_module(value: &Value) -> bool {
    let Some(object) = value.as_object() else {
        return false;
    };
    let name = object.type_name();
    name.ends_with(MACRO) || name.ends_with(MODULE) || object.is::<Words>()
}

/// Adds a variable to a key; `None` if it cannot be compared.
fn add_variable(key: &mut Vec<u8>, value: &Value, depth: usize) -> Option<()> {
    if key.len() > LONGEST || depth > DEEPEST {
        return None;
    }
    if add_plain(key, value).is_some() {
        return Some(());
    }
    let object = value.as_object()?;
    if View::is_page(value) {
        key.push(b'p');
    } else if object.downcast_ref::<NavValue>().is_some() {
        key.push(b'v');
    } else if object.downcast_ref::<ConfigValue>().is_some() {
        key.push(b'c');
    } else if let Some(config) = object.downcast_ref::<PageConfig>() {
        key.push(b'd');
        key.extend(config.own.unwrap_or_default().as_bytes());
        key.push(0);
    } else if object.type_name().ends_with(FUNCTION) {
        // It prints the name of its type.
        key.extend(format!("f{object}").bytes());
        key.push(0);
    } else if object.type_name().ends_with(LIST) {
        key.push(b'[');
        for item in object.try_iter()? {
            add_variable(key, &item, depth + 1)?;
        }
        key.push(b']');
    } else if object.type_name().ends_with(MAP) && !value.is_kwargs() {
        key.push(b'{');
        for (name, item) in object.try_iter_pairs()? {
            add_variable(key, &name, depth + 1)?;
            add_variable(key, &item, depth + 1)?;
        }
        key.push(b'}');
    } else {
        return None;
    }
    Some(())
}

/// Adds a plain value, or an item of the nav, to a key; `None` if it is neither.
fn add_plain(key: &mut Vec<u8>, value: &Value) -> Option<()> {
    match value.kind() {
        ValueKind::Undefined => key.push(b'u'),
        ValueKind::None => key.push(b'n'),
        ValueKind::Bool => key.push(if value.is_true() { b't' } else { b'f' }),
        ValueKind::Number if value.is_integer() => {
            key.push(b'0');
            key.extend(value.as_i64()?.to_le_bytes());
        }
        ValueKind::String if !value.is_safe() => {
            let text = value.as_str()?;
            key.push(b's');
            key.extend(text.len().to_le_bytes());
            key.extend(text.as_bytes());
        }
        ValueKind::Plain => {
            key.push(b'i');
            key.extend(View::other_item(value)?.to_le_bytes());
        }
        _ => return None,
    }
    Some(())
}

/// Hides a macro or module from what is being recorded: `x|watch(scope)`.
fn watch(value: Value, scope: &Value) -> Value {
    let kept = scope.downcast_object_ref::<Scope>();
    let Some(kept) = kept.and_then(|scope| scope.kept.as_ref()) else {
        return value;
    };
    match value.as_object() {
        Some(object) if kept.view.recorder.is_on() && is_macro_or_module(&value) => {
            Value::from_object(Watched::new(object.clone(), kept.view.clone()))
        }
        _ => value,
    }
}

impl Kept {
    fn call(
        &self,
        state: &mut State<'_, '_>,
        called: &Value,
        key: Vec<u8>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let (view, recorder) = (&*self.view, &self.view.recorder);
        let Some(reuse) = &view.reuse else {
            return called.call(state, arguments);
        };
        let kept = self.outputs.get(&key);
        if let Some(kept) = kept.filter(|kept| view.reads_alike(&kept.reads)) {
            reuse.note_reused();
            recorder.note_part(&kept.reads);
            state.consume_fuel(kept.fuel)?;
            return Ok(kept.text.clone());
        }
        let fuel = |state: &State<'_, '_>| state.fuel_levels().map_or(0, |(used, _)| used);
        let (fuel_before, added_before) = (fuel(state), reuse.added.lock().len());
        recorder.begin();
        let output = called.call(state, arguments);
        let reads = recorder.end();
        let output = output?;
        let mut added = reuse.added.lock();
        if !reads.is_own() {
            // Pages in a section use its parts again, and others all of it. Of a large nav,
            // both would be too much.
            if view.nav_length() > MOST_KEPT_TWICE {
                added.truncate(added_before);
            }
            added.push(NewOutput {
                scope: self.outputs.clone(),
                call: key.into(),
                output: Arc::new(CallOutput {
                    text: output.clone(),
                    // Both levels are rounded.
                    fuel: fuel(state) - fuel_before + 1,
                    reads,
                }),
            });
        }
        if !recorder.is_on() {
            reuse.cache.keep(std::mem::take(&mut added));
        }
        Ok(output)
    }
}
