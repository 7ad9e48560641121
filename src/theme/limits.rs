//! The size of values, which fuel does not cover.
//!
//! Fuel charges an instruction for what it creates, but not for what the values
//! that it refers to contain. `[x, x]` has two items, but twenty of these nested
//! in each other print a million, and a thousand nested lists overflow the stack
//! when they are compared or dropped. So the values that a template builds are
//! weighed before they get a name: see `source/guard`.

use minijinja::value::{ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::cycler::Cycler;
use super::view::NavValue;

/// How deeply values may be nested.
pub(super) const DEEPEST: usize = 100;
/// How many values one value may contain, including nested ones.
const MOST: usize = 250_000;
/// How long the texts in one value may be in total, in bytes.
const LONGEST: usize = 16 << 20;
/// How long one text may be, in bytes.
const LONGEST_TEXT: usize = 64 << 20;
/// How many bytes of text cost one unit of fuel. A value costs one unit itself.
const BYTES: usize = 1024;
/// By what factor building a value is cheaper than looking through it.
const DISCOUNT: u64 = 4;

/// Types of the engine that can only be recognised by name.
const NAMESPACE: &str = "namespace_object::Namespace";
const LOOP: &str = "loop_object::Loop";
const MACRO: &str = "macro_object::Macro";
const MERGED: &str = "merge_object::MergeDict";

/// The size of a value.
#[derive(Debug, Default)]
struct Weight {
    values: usize,
    bytes: usize,
    deepest: usize,
    /// Whether it contains something that could come to contain itself.
    is_open: bool,
}

impl Weight {
    fn of(value: &Value) -> Self {
        let mut weight = Self::default();
        weight.add(value, 1);
        weight
    }

    fn is_excessive(&self) -> bool {
        self.values > MOST || self.bytes > LONGEST || self.deepest > DEEPEST
    }

    fn add(&mut self, value: &Value, depth: usize) {
        self.values += 1;
        if let Some(text) = value.as_str() {
            self.bytes += text.len();
            return;
        }
        let Some(object) = value.as_object() else {
            return;
        };
        self.deepest = self.deepest.max(depth);
        if self.is_excessive() {
            return;
        }
        if let Some(cycler) = value.downcast_object_ref::<Cycler>() {
            for item in cycler.values() {
                self.add(item, depth + 1);
            }
            return;
        }
        let name = object.type_name();
        if name.ends_with(LOOP) {
            self.is_open = true;
            return;
        }
        self.is_open |= name.ends_with(NAMESPACE);
        if is_opaque(value) || name.ends_with(MACRO) {
            return;
        }
        match object.repr() {
            ObjectRepr::Map => {
                for (key, item) in object.try_iter_pairs().into_iter().flatten() {
                    self.add(&key, depth + 1);
                    self.add(&item, depth + 1);
                    if self.is_excessive() {
                        return;
                    }
                }
            }
            _ => {
                for item in object.try_iter().into_iter().flatten() {
                    self.add(&item, depth + 1);
                    if self.is_excessive() {
                        return;
                    }
                }
            }
        }
    }

    fn fuel(&self) -> u64 {
        (self.values + self.bytes / BYTES) as u64
    }
}

/// Whether a value counts as one, whatever attributes it has: a page, the nav.
fn is_opaque(value: &Value) -> bool {
    let repr = value.as_object().map(|object| object.repr());
    matches!(repr, None | Some(ObjectRepr::Plain))
        || value.downcast_object_ref::<NavValue>().is_some()
}

fn limit_error(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// Charges for a value that a template has built, and returns it. Values that
/// the engine evaluates lazily (slices, sums of lists) become lists: nested in
/// each other they are as deep as lists, but do not show it.
///
/// # Errors
/// If a value is too deep or too large, or if fuel runs out.
pub(super) fn limit(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = evaluate(limit_text(value)?)?;
    if value.as_object().is_none() {
        return Ok(value);
    }
    let weight = Weight::of(&value);
    state.consume_fuel(weight.fuel() / DISCOUNT)?;
    if weight.deepest > DEEPEST {
        let message = format!("values are nested more than {DEEPEST} levels deep");
        return Err(limit_error(message));
    }
    if weight.is_excessive() {
        let message = format!(
            "more than {MOST} values, or {} MB of text, in one list or mapping",
            LONGEST >> 20
        );
        return Err(limit_error(message));
    }
    Ok(value)
}

/// Returns a value unless it is a text that is too long.
///
/// # Errors
/// If it is too long.
pub(super) fn limit_text(value: Value) -> Result<Value, Error> {
    match value.as_str() {
        Some(text) if text.len() > LONGEST_TEXT => Err(text_too_long()),
        _ => Ok(value),
    }
}

fn text_too_long() -> Error {
    limit_error(format!("a text longer than {} MB", LONGEST_TEXT >> 20))
}

/// Evaluates a value that the engine evaluates lazily, but no further than the
/// point where it is too large.
fn evaluate(value: Value) -> Result<Value, Error> {
    let Some(object) = value.as_object() else {
        return Ok(value);
    };
    if object.type_name().ends_with(MERGED) {
        let pairs = object.try_iter_pairs().into_iter().flatten();
        let pairs: Vec<_> = pairs.take(MOST + 1).collect();
        return Ok(Value::from_pairs(pairs));
    }
    let is_lazy = match object.repr() {
        ObjectRepr::Iterable => true,
        ObjectRepr::Seq => object.downcast_ref::<Vec<Value>>().is_none() && !value.is_tuple(),
        _ => false,
    };
    if !is_lazy || is_opaque(&value) {
        return Ok(value);
    }
    let items = value.try_iter()?.checked().take(MOST + 1);
    Ok(Value::from(items.collect::<Result<Vec<_>, Error>>()?))
}

/// Like [`limit`], for a value that is assigned to a namespace. A namespace in a
/// namespace could come to contain itself, and so could a loop, which remembers
/// the last arguments of `changed`.
///
/// # Errors
/// If the value contains one of these, is too deep or too large, or if fuel runs
/// out.
pub(super) fn limit_for_namespace(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = limit(state, value)?;
    if value.as_object().is_some() && Weight::of(&value).is_open {
        let message = "a namespace cannot hold another namespace, or a `loop`";
        return Err(limit_error(message));
    }
    Ok(value)
}

/// Charges for looking through a value, and returns it.
///
/// # Errors
/// If fuel runs out.
pub(super) fn charge_for(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    charge(state, &value, 1)?;
    Ok(value)
}

/// Charges for looking through a value `times` times.
///
/// # Errors
/// If fuel runs out.
pub(super) fn charge(state: &State<'_, '_>, value: &Value, times: usize) -> Result<(), Error> {
    if value.as_object().is_none() {
        return Ok(());
    }
    // Weighing it looks through it once more.
    let fuel = 2 * Weight::of(value).fuel();
    state.consume_fuel(fuel.saturating_mul(times as u64))
}

/// Charges for a text of at most `bytes` bytes before it is created.
///
/// # Errors
/// If it is too long, or if fuel runs out.
pub(super) fn charge_text(state: &State<'_, '_>, bytes: usize) -> Result<(), Error> {
    // `bytes` is an upper bound, so the text itself may be within the limit.
    if bytes > 2 * LONGEST_TEXT {
        return Err(text_too_long());
    }
    // The rate that the engine charges for a text once it exists.
    match bytes / 64 {
        0 => Ok(()),
        fuel => state.consume_fuel(fuel as u64),
    }
}

/// Charges for a list of `items` values before it is created.
///
/// # Errors
/// If fuel runs out.
pub(super) fn charge_items(state: &State<'_, '_>, items: usize) -> Result<(), Error> {
    state.consume_fuel(items as u64 / 2)
}

/// The approximate length of a value when it is printed, in bytes.
pub(super) fn printed_length(value: &Value) -> usize {
    let weight = Weight::of(value);
    weight.bytes + 8 * weight.values
}

/// The maximum length of a value when it is printed with each level indented by
/// `indent`, in bytes.
pub(super) fn indented_length(value: &Value, indent: usize) -> usize {
    let weight = Weight::of(value);
    weight.bytes
        + weight
            .values
            .saturating_mul(8 + indent * (weight.deepest + 1))
}
