//! The engine's own filters, tests and functions whose work its fuel does not
//! see: they compare what may be deep, or put values into others.

use std::fmt::{self, Write as _};

use minijinja::value::{Kwargs, Rest, Value, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, filters, functions, tests};

use super::source::guard::{HELD, KEPT, NAMED, TURN, WEIGHED};
use super::weight::{charge, held, kept, not_too_long, pay, pay_for_items, printed, weighed};
use crate::work::Interrupt;

/// The longest list of numbers, as in the engine.
const LONGEST_RANGE: i128 = 100_000;
/// What looking for a template costs, in units of fuel.
const LOOK: u64 = 100;
/// How much `debug` and `pprint` print, in bytes.
const LONGEST_DUMP: usize = 4 << 20;

/// Puts them in.
pub(super) fn add(environment: &mut Environment<'static>, interrupt: &Interrupt) {
    type Look = fn(&State<'_, '_>, Value) -> Result<Value, Error>;
    let looks: [(&'static str, Look); 5] = [
        (TURN, |_, value| not_too_long(value)),
        (KEPT, kept),
        (HELD, held),
        (WEIGHED, weighed),
        (NAMED, named),
    ];
    for (name, look) in looks {
        let interrupt = interrupt.clone();
        environment.add_filter(name, move |state: &State<'_, '_>, value: Value| {
            if interrupt.is_raised() {
                return Err(Error::new(ErrorKind::InvalidOperation, "given up"));
            }
            look(state, value)
        });
    }

    let env = environment;
    env.add_filter("__lines", filters::lines);
    env.add_filter("__split", filters::split);
    for (own, engine) in [("lines", "__lines"), ("split", "__split")] {
        env.add_filter(
            own,
            move |state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>| {
                let arguments = arguments.into_values();
                let mark = arguments.get(1).and_then(Value::as_str);
                if let Some(text) = arguments.first().and_then(Value::as_str) {
                    pay_for_items(state, parts(text, mark))?;
                }
                state.apply_filter(engine, &arguments)
            },
        );
    }
    // The engine's own under names that no template has.
    env.add_filter("__batch", filters::batch);
    env.add_filter("__chain", filters::chain);
    env.add_filter("__dictsort", filters::dictsort);
    env.add_filter("__groupby", filters::groupby);
    env.add_filter("__items", filters::items);
    env.add_filter("__map", filters::map);
    env.add_filter("__max", filters::max);
    env.add_filter("__min", filters::min);
    env.add_filter("__reverse", filters::reverse);
    env.add_filter("__slice", filters::slice);
    env.add_filter("__sort", filters::sort);
    env.add_filter("__sum", filters::sum);
    env.add_filter("__unique", filters::unique);
    env.add_filter("__zip", filters::zip);
    // With how often each looks at a value.
    for (own, engine, times) in [
        ("batch", "__batch", 1),
        ("chain", "__chain", 1),
        ("dictsort", "__dictsort", 16),
        ("groupby", "__groupby", 16),
        ("items", "__items", 1),
        ("map", "__map", 1),
        ("max", "__max", 1),
        ("min", "__min", 1),
        ("reverse", "__reverse", 1),
        ("slice", "__slice", 1),
        ("sort", "__sort", 16),
        ("sum", "__sum", 1),
        ("unique", "__unique", 16),
        ("zip", "__zip", 1),
    ] {
        env.add_filter(
            own,
            move |state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>| {
                let arguments = arguments.into_values();
                for argument in &arguments {
                    charge(state, argument, times)?;
                }
                let made = state.apply_filter(engine, &arguments)?;
                kept(state, made)
            },
        );
    }
    env.add_filter("__indent", filters::indent);
    env.add_filter("indent", indent);
    env.add_filter("__join", filters::join);
    env.add_filter("join", join);
    env.add_filter("__replace", filters::replace);
    env.add_filter("replace", replace);
    env.add_filter("pprint", |value: Value| dump(format_args!("{value:#?}")));
    env.add_filter("__format", filters::format);
    env.add_filter("format", format);

    type Compare = fn(&Value, &Value) -> bool;
    let compare: [(&[&'static str], Compare); 6] = [
        (&["eq", "equalto", "=="], tests::is_eq),
        (&["ne", "!="], tests::is_ne),
        (&["lt", "lessthan", "<"], tests::is_lt),
        (&["le", "<="], tests::is_le),
        (&["gt", "greaterthan", ">"], tests::is_gt),
        (&["ge", ">="], tests::is_ge),
    ];
    for (names, compare) in compare {
        for name in names {
            env.add_test(
                *name,
                move |state: &State<'_, '_>, value: &Value, other: &Value| {
                    charge(state, value, 1)?;
                    Ok::<_, Error>(compare(value, other))
                },
            );
        }
    }
    env.add_test(
        "in",
        |state: &State<'_, '_>, value: &Value, other: &Value| {
            charge(state, other, 1)?;
            tests::is_in(state, value, other)
        },
    );

    env.add_function("range", range);
    env.add_function(
        "dict",
        |state: &State<'_, '_>, value: Option<Value>, more: Kwargs| {
            let made = functions::dict(value, more)?;
            kept(state, made)
        },
    );
    env.add_function(
        "namespace",
        |state: &State<'_, '_>, values: Option<ValueOrKwargs>| {
            if let Some(values) = &values {
                held(state, values.clone().into_value())?;
            }
            functions::namespace(values)
        },
    );
    env.add_function("debug", debug);
}

/// Charges for looking for templates of these names.
fn named(state: &State<'_, '_>, names: Value) -> Result<Value, Error> {
    let count = names.as_object().and_then(|names| names.enumerator_len());
    state.consume_fuel(LOOK.saturating_mul(count.unwrap_or(1) as u64))?;
    Ok(names)
}

/// How many parts a text has between such marks, at most.
pub(super) fn parts(text: &str, mark: Option<&str>) -> usize {
    match mark {
        Some("") => text.len() + 2,
        Some(mark) => text.matches(mark).count() + 1,
        None => text.split_whitespace().count().max(text.lines().count()) + 1,
    }
}

/// `range`: numbers in order, counted so that none is too large for it.
fn range(lower: i64, upper: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    let (start, end) = match upper {
        Some(upper) => (lower, upper),
        None => (0, lower),
    };
    let (start, end, step) = (
        i128::from(start),
        i128::from(end),
        i128::from(step.unwrap_or(1)),
    );
    let fault = |what: &str| Err(Error::new(ErrorKind::InvalidOperation, what.to_owned()));
    if step == 0 {
        return fault("cannot create range with step of 0");
    }
    // None where the step leads away from the end.
    let whole = (end - start) / step;
    let length = match (end - start) % step {
        _ if (end - start).signum() != step.signum() => 0,
        0 => whole,
        _ => whole + 1,
    };
    if length > LONGEST_RANGE {
        return fault("range has too many elements");
    }
    let length = usize::try_from(length).unwrap_or(0);
    Ok(Value::make_iterable(move || {
        (0..length).map(move |nth| start + nth as i128 * step)
    }))
}

/// `indent`: the blanks of all lines are paid for beforehand.
fn indent(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let text = arguments.first().and_then(Value::as_str);
    let width = |value: &Value| match value.as_str() {
        Some(text) => text.len(),
        None => usize::try_from(value.clone()).unwrap_or(0),
    };
    let named = arguments.last().and_then(|it| it.get_attr("width").ok());
    let widths = arguments.get(1).into_iter().chain(named.as_ref());
    let width = widths.map(width).max().unwrap_or(0).max(4);
    let lines = text.map_or(0, |text| text.lines().count());
    pay(state, lines.saturating_mul(width))?;
    state.apply_filter("__indent", &arguments)
}

/// `join`: what it comes to is paid for beforehand.
fn join(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    if let Some(values) = arguments.first().filter(|it| it.as_object().is_some()) {
        let mark = arguments.iter().skip(1).map(printed).max().unwrap_or(0);
        let count = values.try_iter().map_or(0, Iterator::count);
        pay_for_items(state, count)?;
        let marks = count.saturating_mul(mark);
        pay(state, marks.saturating_add(printed(values)))?;
    }
    state.apply_filter("__join", &arguments)
}

/// `replace`: what it comes to is paid for beforehand.
fn replace(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let text = |at: usize| arguments.get(at).and_then(Value::as_str);
    if let (Some(whole), Some(old)) = (text(0), text(1)) {
        let new = arguments.get(2).map_or(0, printed);
        let found = whole.matches(old).count();
        pay_for_items(state, found)?;
        pay(state, found.saturating_mul(new))?;
    }
    state.apply_filter("__replace", &arguments)
}

/// `format`: what it prints is paid for beforehand, for one value may be
/// printed many times.
fn format(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    let rest = arguments.get(1..).unwrap_or_default();
    pay_for_format(state, text, '%', rest)?;
    state.apply_filter("__format", &arguments)
}

/// Pays for what a text prints with values put into it at each `mark`, and
/// for the widths that it names.
pub(super) fn pay_for_format(
    state: &State<'_, '_>,
    text: &str,
    mark: char,
    values: &[Value],
) -> Result<(), Error> {
    let longest = values.iter().map(printed).max().unwrap_or(0);
    let marks = text.matches(mark).count();
    let digits = text.split(|c: char| !c.is_ascii_digit());
    let widths = digits.filter(|digits| !digits.is_empty());
    let widths = widths.map(|digits| digits.parse::<usize>().unwrap_or(usize::MAX));
    let width = widths.fold(0_usize, usize::saturating_add);
    pay(state, marks.saturating_mul(longest).saturating_add(width))
}

/// `debug`: the values at hand, or those that are named.
fn debug(state: &State<'_, '_>, values: Rest<Value>) -> Result<String, Error> {
    match &values[..] {
        [] => dump(format_args!("{state:#?}")),
        [value] => dump(format_args!("{value:#?}")),
        values => dump(format_args!("{values:#?}")),
    }
}

fn dump(what: fmt::Arguments<'_>) -> Result<String, Error> {
    let mut bounded = Bounded(String::new());
    match bounded.write_fmt(what) {
        Ok(()) => Ok(bounded.0),
        Err(_) => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("more than {} MB to print", LONGEST_DUMP >> 20),
        )),
    }
}

/// A text that ends before it is too long.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST_DUMP {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}
