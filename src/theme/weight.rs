//! How much a value holds: what fuel does not see.
//!
//! Fuel charges for what an instruction makes, and not for what a value holds
//! that it only names. `[x, x]` is two items, but twenty of these within each
//! other print a million, and a list within a list, a thousand times over,
//! takes the stack with it when it is compared or dropped. So what a template
//! puts together is weighed before it has a name: see `source/guard.rs`.

use minijinja::value::{ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::cycler::Cycler;
use super::view::NavValue;

/// How deep values may lie within each other.
pub(super) const DEEPEST: usize = 100;
/// How many values may be put together, those within others too.
const MOST: usize = 250_000;
/// How long their texts may be in all, in bytes.
const LONGEST: usize = 16 << 20;
/// How long one text may be, in bytes.
const LONGEST_TEXT: usize = 64 << 20;
/// How many bytes are weighed for one unit of fuel; values take one each.
const BYTES: usize = 1024;
/// How many times cheaper values are where they are put together.
const DISCOUNT: u64 = 4;

/// Types of the engine that nothing but their names tells.
const NAMESPACE: &str = "namespace_object::Namespace";
const LOOP: &str = "loop_object::Loop";
const MACRO: &str = "macro_object::Macro";
const MERGED: &str = "merge_object::MergeDict";

/// What was weighed.
#[derive(Debug, Default)]
struct Weight {
    values: usize,
    bytes: usize,
    deepest: usize,
    /// Whether there is something in it that may come to hold itself.
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
        if is_whole(value) || name.ends_with(MACRO) {
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

/// Whether a value is one thing, whatever can be asked of it: a page, the nav.
fn is_whole(value: &Value) -> bool {
    let repr = value.as_object().map(|object| object.repr());
    matches!(repr, None | Some(ObjectRepr::Plain))
        || value.downcast_object_ref::<NavValue>().is_some()
}

fn too_much(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, what.to_owned())
}

/// Lets what was put together pass, unless it is too deep or too much. What
/// the engine would put together only when it is looked at (slices, sums of
/// lists) is a list from here on: such things within each other are as deep as
/// lists are, and nothing shows it.
///
/// # Errors
/// Where a value is too deep or too much, or fuel runs out.
pub(super) fn kept(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = listed(not_too_long(value)?)?;
    if value.as_object().is_none() {
        return Ok(value);
    }
    let weight = Weight::of(&value);
    state.consume_fuel(weight.fuel() / DISCOUNT)?;
    if weight.deepest > DEEPEST {
        let message = format!("values lie more than {DEEPEST} deep within each other");
        return Err(too_much(&message));
    }
    if weight.is_excessive() {
        let message = format!(
            "more than {MOST} values, or {} MB of text, in one list or mapping",
            LONGEST >> 20
        );
        return Err(too_much(&message));
    }
    Ok(value)
}

/// Lets a value pass that is not a text, or not too long a one.
///
/// # Errors
/// Where it is too long.
pub(super) fn not_too_long(value: Value) -> Result<Value, Error> {
    if value.as_str().is_some_and(|text| text.len() > LONGEST_TEXT) {
        let message = format!("a text of more than {} MB", LONGEST_TEXT >> 20);
        return Err(too_much(&message));
    }
    Ok(value)
}

/// What the engine would put together only when it is looked at, put together;
/// no more of it than is too much.
fn listed(value: Value) -> Result<Value, Error> {
    let Some(object) = value.as_object() else {
        return Ok(value);
    };
    if object.type_name().ends_with(MERGED) {
        let pairs = object.try_iter_pairs().into_iter().flatten();
        let pairs: Vec<_> = pairs.take(MOST + 1).collect();
        return Ok(Value::from_pairs(pairs));
    }
    let is_late = match object.repr() {
        ObjectRepr::Iterable => true,
        ObjectRepr::Seq => object.downcast_ref::<Vec<Value>>().is_none() && !value.is_tuple(),
        _ => false,
    };
    if !is_late || is_whole(&value) {
        return Ok(value);
    }
    let items = value.try_iter()?.checked().take(MOST + 1);
    Ok(Value::from(items.collect::<Result<Vec<_>, Error>>()?))
}

/// Lets what a namespace is to hold pass. A namespace in a namespace could
/// come to hold itself, and a loop keeps what it was told.
///
/// # Errors
/// Where it is such a thing, too deep or too much, or fuel runs out.
pub(super) fn held(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    let value = kept(state, value)?;
    if value.as_object().is_some() && Weight::of(&value).is_open {
        let message = "a namespace cannot hold another namespace, or a `loop`";
        return Err(too_much(message));
    }
    Ok(value)
}

/// Charges for what looking through a value will cost, and lets it pass.
///
/// # Errors
/// Where fuel runs out.
pub(super) fn weighed(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    charge(state, &value, 1)?;
    Ok(value)
}

/// Charges for looking through a value so many times.
///
/// # Errors
/// Where fuel runs out.
pub(super) fn charge(state: &State<'_, '_>, value: &Value, times: usize) -> Result<(), Error> {
    if value.as_object().is_none() {
        return Ok(());
    }
    // It is gone through here, too.
    let fuel = 2 * Weight::of(value).fuel();
    state.consume_fuel(fuel.saturating_mul(times as u64))
}

/// Charges for a text of so many bytes before it is made.
///
/// # Errors
/// Where it is too long, or the fuel that is left cannot pay for it.
pub(super) fn pay(state: &State<'_, '_>, bytes: usize) -> Result<(), Error> {
    // What is paid for is an upper bound, and may be more than there will be.
    if bytes > 2 * LONGEST_TEXT {
        let message = format!("a text of more than {} MB", LONGEST_TEXT >> 20);
        return Err(too_much(&message));
    }
    // What the engine charges for a text once it is there.
    match bytes / 64 {
        0 => Ok(()),
        fuel => state.consume_fuel(fuel as u64),
    }
}

/// Charges for so many values in a list before it is made.
///
/// # Errors
/// Where the fuel that is left cannot pay for it.
pub(super) fn pay_for_items(state: &State<'_, '_>, items: usize) -> Result<(), Error> {
    state.consume_fuel(items as u64 / 2)
}

/// How long a value is about when it is printed, in bytes.
pub(super) fn printed(value: &Value) -> usize {
    let weight = Weight::of(value);
    weight.bytes + 8 * weight.values
}

/// How long a value is at most when it is printed with each line this far in.
pub(super) fn printed_indented(value: &Value, indent: usize) -> usize {
    let weight = Weight::of(value);
    weight.bytes
        + weight
            .values
            .saturating_mul(8 + indent * (weight.deepest + 1))
}
