//! Bounded versions of the engine's own filters, tests and functions whose work
//! its fuel does not cover: they compare values that may be deep, or put values
//! into others.

use std::fmt::{self, Write as _};

use minijinja::value::{Kwargs, Rest, Value, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, filters, functions, tests};

use super::limits::{
    charge, charge_for, charge_items, charge_text, limit, limit_for_namespace, limit_text,
    printed_length,
};
use super::source::guard::{HELD, KEPT, NAMED, TURN, WEIGHED};
use crate::work::Interrupt;

/// The longest list of numbers, as in the engine.
const LONGEST_RANGE: i128 = 100_000;
/// The cost of looking up a template, in units of fuel.
const LOOKUP: u64 = 100;
/// How much `debug` and `pprint` may print, in bytes.
const LONGEST_DUMP: usize = 4 << 20;

/// Adds them to an environment.
pub(super) fn add(environment: &mut Environment<'static>, interrupt: &Interrupt) {
    add_guards(environment, interrupt);
    add_splitting_filters(environment);
    add_charged_filters(environment);
    add_text_filters(environment);
    add_comparisons(environment);
    add_functions(environment);
}

/// The filters that `source/guard` inserts into templates.
fn add_guards(env: &mut Environment<'static>, interrupt: &Interrupt) {
    type Guard = fn(&State<'_, '_>, Value) -> Result<Value, Error>;
    let guards: [(&'static str, Guard); 5] = [
        (TURN, |_, value| limit_text(value)),
        (KEPT, limit),
        (HELD, limit_for_namespace),
        (WEIGHED, charge_for),
        (NAMED, charge_for_lookup),
    ];
    for (name, guard) in guards {
        let interrupt = interrupt.clone();
        env.add_filter(name, move |state: &State<'_, '_>, value: Value| {
            if interrupt.is_raised() {
                return Err(Error::new(ErrorKind::InvalidOperation, "cancelled"));
            }
            guard(state, value)
        });
    }
}

/// Filters that split a text into many parts.
fn add_splitting_filters(env: &mut Environment<'static>) {
    env.add_filter("__lines", filters::lines);
    env.add_filter("__split", filters::split);
    for (name, engine_name) in [("lines", "__lines"), ("split", "__split")] {
        env.add_filter(
            name,
            move |state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>| {
                let arguments = arguments.into_values();
                let separator = arguments.get(1).and_then(Value::as_str);
                if let Some(text) = arguments.first().and_then(Value::as_str) {
                    charge_items(state, max_parts(text, separator))?;
                }
                state.apply_filter(engine_name, &arguments)
            },
        );
    }
}

/// Filters that are charged for going through their arguments.
fn add_charged_filters(env: &mut Environment<'static>) {
    // The engine's versions, under names that no template uses.
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
    // Each with how many times it looks at a value.
    for (name, engine_name, times) in [
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
            name,
            move |state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>| {
                let arguments = arguments.into_values();
                for argument in &arguments {
                    charge(state, argument, times)?;
                }
                let result = state.apply_filter(engine_name, &arguments)?;
                limit(state, result)
            },
        );
    }
}

/// Filters whose text may be much longer than their arguments.
fn add_text_filters(env: &mut Environment<'static>) {
    env.add_filter("__indent", filters::indent);
    env.add_filter("indent", indent);
    env.add_filter("__join", filters::join);
    env.add_filter("join", join);
    env.add_filter("__replace", filters::replace);
    env.add_filter("replace", replace);
    env.add_filter("pprint", |value: Value| dump(format_args!("{value:#?}")));
    env.add_filter("__format", filters::format);
    env.add_filter("format", format);
}

/// Tests that compare values.
fn add_comparisons(env: &mut Environment<'static>) {
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
}

fn add_functions(env: &mut Environment<'static>) {
    env.add_function("range", range);
    // Not closures: functions are told apart by the names of their types.
    env.add_function("dict", dict);
    env.add_function("namespace", namespace);
    env.add_function("debug", debug);
}

fn dict(state: &State<'_, '_>, value: Option<Value>, more: Kwargs) -> Result<Value, Error> {
    let dict = functions::dict(value, more)?;
    limit(state, dict)
}

fn namespace(state: &State<'_, '_>, values: Option<ValueOrKwargs>) -> Result<Value, Error> {
    if let Some(values) = &values {
        limit_for_namespace(state, values.clone().into_value())?;
    }
    functions::namespace(values)
}

/// Charges for looking up the templates with these names.
fn charge_for_lookup(state: &State<'_, '_>, names: Value) -> Result<Value, Error> {
    let count = names.as_object().and_then(|names| names.enumerator_len());
    state.consume_fuel(LOOKUP.saturating_mul(count.unwrap_or(1) as u64))?;
    Ok(names)
}

/// The maximum number of parts that a text is split into.
pub(super) fn max_parts(text: &str, separator: Option<&str>) -> usize {
    match separator {
        Some("") => text.len() + 2,
        Some(separator) => text.matches(separator).count() + 1,
        None => text.split_whitespace().count().max(text.lines().count()) + 1,
    }
}

/// `range`: numbers in order, counted in a type that cannot overflow.
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
    let error = |message: &'static str| Err(Error::new(ErrorKind::InvalidOperation, message));
    if step == 0 {
        return error("cannot create range with step of 0");
    }
    let distance = end - start;
    let length = if distance.signum() != step.signum() {
        // The step leads away from the end.
        0
    } else if distance % step == 0 {
        distance / step
    } else {
        distance / step + 1
    };
    if length > LONGEST_RANGE {
        return error("range has too many elements");
    }
    let length = usize::try_from(length).expect("it is neither negative nor too large");
    Ok(Value::make_iterable(move || {
        (0..length).map(move |nth| start + nth as i128 * step)
    }))
}

/// `indent`, charged for the blanks of all lines in advance.
fn indent(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let text = arguments.first().and_then(Value::as_str);
    // The engine refuses widths of another kind.
    let width = |value: &Value| match value.as_str() {
        Some(text) => text.len(),
        None => usize::try_from(value.clone()).unwrap_or(0),
    };
    let keyword = arguments.last().and_then(|it| it.get_attr("width").ok());
    let widths = arguments.get(1).into_iter().chain(keyword.as_ref());
    let width = widths.map(width).fold(4, usize::max);
    let lines = text.map_or(0, |text| text.lines().count());
    charge_text(state, lines.saturating_mul(width))?;
    state.apply_filter("__indent", &arguments)
}

/// `join`, charged for its result in advance.
fn join(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    if let Some(values) = arguments.first().filter(|it| it.as_object().is_some()) {
        let separator = longest_printed(&arguments[1..]);
        let count = values.try_iter().map_or(0, Iterator::count);
        charge_items(state, count)?;
        let separators = count.saturating_mul(separator);
        charge_text(state, separators.saturating_add(printed_length(values)))?;
    }
    state.apply_filter("__join", &arguments)
}

/// `replace`, charged for its result in advance.
fn replace(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let text = |at: usize| arguments.get(at).and_then(Value::as_str);
    if let (Some(whole), Some(old)) = (text(0), text(1)) {
        let new = arguments.get(2).map_or(0, printed_length);
        let count = whole.matches(old).count();
        charge_items(state, count)?;
        charge_text(state, count.saturating_mul(new))?;
    }
    state.apply_filter("__replace", &arguments)
}

/// `format`, charged for its result in advance: it may print one value many
/// times.
fn format(state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    if let [text, values @ ..] = &arguments[..]
        && let Some(text) = text.as_str()
    {
        charge_format(state, text, '%', values)?;
    }
    state.apply_filter("__format", &arguments)
}

/// Charges for formatting a text: for a value at each `mark`, and for the
/// widths in the text.
pub(super) fn charge_format(
    state: &State<'_, '_>,
    text: &str,
    mark: char,
    values: &[Value],
) -> Result<(), Error> {
    let longest = longest_printed(values);
    let marks = text.matches(mark).count();
    let digits = text.split(|c: char| !c.is_ascii_digit());
    let widths = digits.filter(|digits| !digits.is_empty());
    // Digits that do not parse are a number that is too large.
    let widths = widths.map(|digits| digits.parse::<usize>().unwrap_or(usize::MAX));
    let width = widths.fold(0_usize, usize::saturating_add);
    charge_text(state, marks.saturating_mul(longest).saturating_add(width))
}

/// The length of the longest of these values when printed, in bytes.
fn longest_printed(values: &[Value]) -> usize {
    values.iter().map(printed_length).max().unwrap_or(0)
}

/// `debug`: the values in scope, or those that are given.
fn debug(state: &State<'_, '_>, values: Rest<Value>) -> Result<String, Error> {
    match &values[..] {
        [] => dump(format_args!("{state:#?}")),
        [value] => dump(format_args!("{value:#?}")),
        values => dump(format_args!("{values:#?}")),
    }
}

fn dump(output: fmt::Arguments<'_>) -> Result<String, Error> {
    let mut bounded = Bounded(String::new());
    bounded.write_fmt(output).map_err(|fmt::Error| {
        let message = format!("more than {} MB to print", LONGEST_DUMP >> 20);
        Error::new(ErrorKind::InvalidOperation, message)
    })?;
    Ok(bounded.0)
}

/// A text that refuses to become too long.
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
