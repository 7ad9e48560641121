//! No template crashes the process: hostile ones run into limits, and the deepest
//! that are allowed fit on the smallest stack on which anything is rendered.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use serde_json::Map;

use super::{render, theme};
use crate::config::Config;
use crate::theme::source::guard::DEEPEST;
use crate::theme::{MacroContext, MacroError, MacroSyntax, STACK, SettingsExtent, Undefined};
use crate::work::Interrupt;

/// Renders a page, which can include itself as `self.md`.
fn run(page: &str) -> Result<String, MacroError> {
    run_until(page, &Interrupt::default())
}

/// The same, but it can be interrupted.
fn run_until(page: &str, interrupt: &Interrupt) -> Result<String, MacroError> {
    let syntax = MacroSyntax {
        undefined: Undefined::Keep,
        delimiters: Default::default(),
        line_statement_prefix: None,
        line_comment_prefix: None,
        trim_blocks: false,
        lstrip_blocks: false,
        keep_trailing_newline: false,
        autoescape: false,
    };
    let read = |name: &str| -> Option<Arc<str>> {
        match name {
            "self.md" => Some("{% include 'self.md' %}{% include 'self.md' %}".into()),
            "own.md" => Some(format!("{{{{ 1{} }}}}", "+1".repeat(DEEPEST + 1)).into()),
            _ => None,
        }
    };
    let context = MacroContext::new(
        &Config::bare("Example"),
        SettingsExtent::Whole,
        interrupt.clone(),
    );
    let rendered = context.render(page, "a/", &Map::new(), &syntax, &read);
    rendered.map(|rendered| rendered.text)
}

/// Runs something on a thread with a given stack size.
fn on_stack<T: Send>(bytes: usize, work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(bytes);
        let thread = thread.spawn_scoped(scope, work).expect("a thread");
        thread.join().expect("it does not panic")
    })
}

fn times(count: usize, text: &str) -> String {
    text.repeat(count)
}

/// A value that is nested 33,750 levels deep.
fn deeper(begin: &str, step: &str) -> String {
    format!(
        "{{% set ns = namespace({begin}) %}}{{% for i in range(33750) %}}{{% set ns.x = {step} %}}{{% endfor %}}{{{{ ns.x }}}}"
    )
}

/// A text or list that is doubled sixty times.
fn doubled(step: &str) -> String {
    format!(
        "{{% set ns = namespace(x='x', l=[1]) %}}{{% for i in range(60) %}}{{% set ns.x = {step} %}}{{% endfor %}}"
    )
}

/// A pair of pairs, sixty levels deep, and something that is done with it.
fn shared(pair: &str, end: &str) -> String {
    format!(
        "{{% set x = [1] %}}{}{end}",
        times(60, &format!("{{% set x = {pair} %}}"))
    )
}

/// A chain of 5,500 steps in one tag.
fn chain(begin: &str, step: &str, end: &str) -> String {
    format!("{begin}{}{end}", times(5500, step))
}

const WORK: &str = "more work";
const TEXT: &str = " MB";
const DEEP: &str = "levels deep";
const NESTED: &str = "nested too deep";
const CALLS: &str = "too deeply";

#[test]
fn what_never_ends_is_ended() {
    let twice = "{% for i in range(99999) %}{% for j in range(99999) %}";
    let ends = "{% endfor %}{% endfor %}";
    let cases = [
        (format!("{twice}{ends}"), WORK),
        (format!("{twice}{{% set x = i %}}{ends}"), WORK),
        (format!("{twice}{}{{{{ j }}}}{ends}", times(60, "x")), TEXT),
        ("{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}".to_owned(), CALLS),
        ("{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}".to_owned(), WORK),
        ("{% for x in [[1,2],[3,4]] recursive %}{{ loop([[1,2],[3]]) }}{% endfor %}".to_owned(), CALLS),
        ("{% include 'self.md' %}".to_owned(), CALLS),
        (format!("{twice}{{% include 'no' ~ i ~ j ignore missing %}}{ends}"), "1000 files"),
        (format!("{{% set a = [range(99999)|list] %}}{{% set b = [range(99999)|list] %}}{twice}{{% if a == b %}}{{% endif %}}{ends}"), WORK),
        (format!("{{% set a = [range(99999)|list] %}}{{% set b = range(99999)|list %}}{twice}{{% if b in a %}}{{% endif %}}{ends}"), WORK),
        (format!("{{% set a = [range(99999)|list, range(99999)|list] %}}{twice}{{% set x = a|sort %}}{ends}"), WORK),
        (format!("{{% set a = {{'a': 1}} %}}{{% set b = range(99999)|list %}}{twice}{{% set x = a[b] %}}{ends}"), WORK),
    ];
    refused(&cases);
}

#[test]
fn what_grows_without_end_is_ended() {
    let cases = [
        (format!("{{% set s = 'x' %}}{}", times(60, "{% set s = s ~ s %}")), TEXT),
        (format!("{{% set s = 'x' %}}{}", times(60, "{% set s = s + s %}")), TEXT),
        (format!("{{% set s = 'x' %}}{}", times(60, "{% set s = s * 2 %}")), "too large"),
        (doubled("ns.x ~ ns.x"), TEXT),
        (doubled("ns.x|replace('x', 'xx')"), WORK),
        (doubled("ns.x.replace('x', 'xx')"), WORK),
        (doubled("[ns.x, ns.x]|join"), TEXT),
        (doubled("'%s%s'|format(ns.x, ns.x)"), TEXT),
        (doubled("'{}{}'.format(ns.x, ns.x)"), TEXT),
        (format!("{{% set l = [1] %}}{}{{{{ l }}}}", times(60, "{% set l = l + l %}")), "values"),
        ("{% set n = namespace(s='x') %}{% for i in range(60) %}{% set n.s %}{{ n.s }}{{ n.s }}{% endset %}{% endfor %}".to_owned(), TEXT),
        ("{% set s = 'x' * 1000000 %}{{ s.replace('x', s) }}".to_owned(), TEXT),
        ("{% set s = 'x' * 1000000 %}{{ s.join(range(99999)|list) }}".to_owned(), TEXT),
        ("{{ range(99999)|join('x' * 1000000) }}".to_owned(), TEXT),
        ("{{ ('%(a)s' * 100000)|format(a='x' * 10000000) }}".to_owned(), TEXT),
        ("{{ '%1000000000d'|format(1) }}".to_owned(), TEXT),
        ("{{ ('{0}' * 100000).format('x' * 10000000) }}".to_owned(), TEXT),
        ("{{ '{:>1000000000}'.format(1) }}".to_owned(), TEXT),
        ("{{ ('x\\n' * 100000)|indent(100000) }}".to_owned(), TEXT),
        ("{{ ('x ' * 1000000)|wordwrap(1, true, 'y' * 1000000) }}".to_owned(), TEXT),
        ("{{ [1]|batch(10**9, 'x')|list|length }}".to_owned(), WORK),
        ("{{ [1]|slice(10**9)|list|length }}".to_owned(), WORK),
        ("{{ range(10**9)|list }}".to_owned(), "too many"),
        ("{{ [[1] * 1000000] * 1000000 }}".to_owned(), "values"),
        ("{% set l = ['x' * 1000000] %}{{ (l * 100000) ~ '' }}".to_owned(), TEXT),
        (shared("[x, x]", "{{ x }}"), "values"),
        (shared("[x, x]", "{{ x|tojson }}"), "values"),
        (shared("[x, x]", "{{ x == x }}"), "values"),
        (shared("{'a': x, 'b': x}", "{{ x|string|length }}"), "values"),
        ("{{ range(9223372036854775807, -9223372036854775807, -1) }}".to_owned(), "too many"),
    ];
    refused(&cases);
}

#[test]
fn what_is_put_into_itself_again_and_again_is_ended() {
    let mut cases: Vec<(String, &str)> = [
        ("", "[ns.x]"),
        ("", "{'a': ns.x}"),
        ("", "(ns.x,)"),
        ("", "dict(a=ns.x)"),
        ("", "cycler(ns.x)"),
        ("x=[1, 2]", "ns.x|zip"),
        ("x=[1, 2]", "ns.x|batch(1)"),
        ("x=[{'a': 1}]", "ns.x|groupby('a')"),
        ("x={'a': 1}", "dict(a=ns.x.items())"),
    ]
    .iter()
    .map(|(begin, step)| (deeper(begin, step), DEEP))
    .collect();
    cases.extend([
        (deeper("", "namespace(x=ns.x)"), "another namespace"),
        ("{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns }}".to_owned(), "another namespace"),
        ("{% set ns = namespace() %}{% set ns.x | batch(2, ns) %}a{% endset %}{{ ns }}".to_owned(), "another namespace"),
        ("{% set ns = namespace() %}{% for i in range(33750) %}{% for j in [1] %}{% if loop.changed(ns.x) %}{% endif %}{% set ns.x = loop %}{% endfor %}{% endfor %}".to_owned(), "another namespace"),
        (format!("{{% set x = [1] %}}{}", times(33750, "{% set x = [x] %}")), DEEP),
        ("{% macro m(x, n) %}{% if n %}{{ m([[[[[x]]]]], n - 1) }}{% endif %}{% endmacro %}{{ m(1, 400) }}".to_owned(), DEEP),
        ("{% for x in [1] recursive %}{{ loop([[[[[[[x]]]]]]]) }}{% endfor %}".to_owned(), DEEP),
    ]);
    refused(&cases);
    // A view of another value is no deeper than that value.
    for (begin, step) in [
        ("x=[1, 2]", "ns.x[0:]"),
        ("x=[1, 2]", "ns.x|reverse"),
        ("x=[1, 2]", "ns.x * 1"),
        ("x=[1, 2]", "ns.x|chain([])"),
        ("x={'a': 1}", "ns.x|chain({})"),
    ] {
        let found = on_stack(STACK, || run(&deeper(begin, step)));
        assert!(found.is_ok(), "{step}: {found:?}");
    }
}

#[test]
fn long_chains_are_never_compiled() {
    let cases = [
        ("{{ 1", "+1", " }}"),
        ("{{ 1", "~1", " }}"),
        ("{{ 1", "**1", " }}"),
        ("{{ 1", "<1", " }}"),
        ("{{ 1", " and 1", " }}"),
        ("{{ 1", " or 1", " }}"),
        ("{{ 1", " in 1", " }}"),
        ("{{ 1", " not in 1", " }}"),
        ("{{ 1", " if 1 else 1", " }}"),
        ("{{ 1", " is odd", " }}"),
        ("{{ 1", " is not odd", " }}"),
        ("{{ 1", "|abs", " }}"),
        ("{{ a", ".b", " }}"),
        ("{{ a", "[0]", " }}"),
        ("{{ a", "()", " }}"),
        ("{{ ", "not ", "1 }}"),
        ("{{ ", "- ", "1 }}"),
        ("{{ 'a'", " 'a'", " }}"),
        ("{{ f(1", "+1", ") }}"),
        ("{{ [1, {2: 1", "+1", "}] }}"),
        ("{{ a[1", "+1", "] }}"),
        ("{{ a[1:1", "+1", "] }}"),
        ("{{ x|default(1", "+1", ") }}"),
        ("{% if 0 %}", "{% elif 0 %}", "{% endif %}"),
        ("{% if 1", "+1", " %}{% endif %}"),
        ("{% for x in 1", "+1", " %}{% endfor %}"),
        ("{% set x = 1", "+1", " %}"),
        ("{% set a", ".b", " = 1 %}"),
        ("{% set x", "|upper", " %}{% endset %}"),
        ("{% with x = 1", "+1", " %}{% endwith %}"),
        ("{% filter upper", "|upper", " %}{% endfilter %}"),
        ("{% include 'a'", "~'a'", " %}"),
        ("{% macro m(x=1", "+1", ") %}{% endmacro %}"),
        ("{% call m(1", "+1", ") %}{% endcall %}"),
        ("{% do x(1", "+1", ") %}"),
        ("{{ ", "(", ""),
        ("{{ ", "[", ""),
        ("{{ ", "{1:", ""),
        ("{% set ", "(", ""),
    ];
    let cases: Vec<_> = cases
        .iter()
        .map(|(begin, step, end)| (chain(begin, step, end), NESTED))
        .collect();
    refused(&cases);
    let nested = [
        (
            format!("{{{{ {}1{} }}}}", times(5500, "("), times(5500, ")")),
            NESTED,
        ),
        (
            format!("{{{{ {}1{} }}}}", times(5500, "["), times(5500, "]")),
            NESTED,
        ),
        (
            format!(
                "{}{}",
                times(5500, "{% if 1 %}"),
                times(5500, "{% endif %}")
            ),
            "recursion",
        ),
        (
            format!(
                "{}{}",
                times(5500, "{% for a in b %}"),
                times(5500, "{% endfor %}")
            ),
            "recursion",
        ),
    ];
    refused(&nested);
    // In an included file too, which the error names.
    let found = on_stack(STACK, || run("{% include 'own.md' %}")).expect_err("it is refused");
    assert_eq!(found.file.as_deref(), Some("own.md"));
    assert!(found.message.contains(NESTED), "{found:?}");
    // In a template of a theme too, on a later line.
    let main = format!("<p>\n</p>\n{{{{ 1{} }}}}", times(5500, "+1"));
    let found = on_stack(STACK, || render(&theme(&[("main.html", &main)])));
    let found = found.expect_err("it is refused");
    assert_eq!(found.rule.name(), "template-too-deep");
    assert_eq!(found.span.as_ref().map(|span| span.line), Some(3));
    // Text that only looks like a tag is left alone.
    let raw = format!("{{% raw %}}{{{{ 1{} }}}}{{% endraw %}}", times(5500, "+1"));
    assert!(run(&raw).is_ok_and(|text| text.len() > 11_000));
    let comment = format!("{{# {{{{ 1{} }}}} #}}a", times(5500, "+1"));
    assert_eq!(run(&comment).as_deref(), Ok("a"));
    let text = format!("{{{{ '1{}'|length }}}}", times(5500, "+1"));
    assert_eq!(run(&text).as_deref(), Ok("11001"));
    let list = format!("{{{{ [{}]|length }}}}", times(20_000, "1+1, "));
    assert_eq!(run(&list).as_deref(), Ok("20000"));
}

/// Checks that each page is refused for the given reason.
fn refused(cases: &[(String, &str)]) {
    for (page, reason) in cases {
        let shown: String = page.chars().take(120).collect();
        let found = on_stack(STACK, || run(page));
        let fault = found.map(|text| text.len()).expect_err(&shown);
        assert!(
            fault.message.contains(reason),
            "{shown}: {} is not about `{reason}`",
            fault.message
        );
    }
}

/// Pages whose tags are as deep as allowed.
fn deepest() -> Vec<String> {
    let most = DEEPEST - 4;
    let mut pages = Vec::new();
    for (begin, step, end) in [
        ("1", "+1", ""),
        ("a", "~a", ""),
        ("1", "**1", ""),
        ("1", "<1", ""),
        ("1", " and 1", ""),
        ("0", " or 0", ""),
        ("1", "|abs", ""),
        ("a", ".b", ""),
        ("1", " is odd", ""),
        ("", "not ", "1"),
        ("", "-", "1"),
    ] {
        let expression = format!("{begin}{}{end}", times(most, step));
        pages.push(format!("{{{{ {expression} }}}}"));
        // As deep as the engine's parser allows for blocks and brackets.
        pages.push(format!(
            "{}{{{{ {expression} }}}}{}",
            times(70, "{% if 1 %}{% for a in [1] %}"),
            times(70, "{% endfor %}{% endif %}")
        ));
        let part = format!("{begin}{}{end}", times(most - 65, step));
        pages.push(format!(
            "{{{{ {}{part}{} }}}}",
            times(60, "("),
            times(60, ")")
        ));
    }
    pages.push(format!("{{{{ 1{} }}}}", times(most / 2, " if 1 else 1")));
    pages.push(format!(
        "{{% if 0 %}}{}{{% endif %}}",
        times(DEEPEST, "{% elif 0 %}")
    ));
    pages.push(format!("{{{{ {}x{} }}}}", times(60, "["), times(60, "]")));
    // Values as deep as allowed, and everything that looks through them.
    let grown = "{% set ns = namespace(x=[1]) %}{% for i in range(97) %}{% set ns.x = [ns.x] %}{% endfor %}";
    for end in [
        "{{ ns.x }}",
        "{{ ns.x|tojson }}",
        "{{ ns.x|tojson(2) }}",
        "{{ ns.x|pprint }}",
        "{{ ns.x == ns.x }}",
        "{{ ns.x in [ns.x] }}",
        "{{ {'a': 1}[ns.x] }}",
        "{{ [ns.x, ns.x]|sort|length }}",
        "{{ [ns.x, ns.x]|unique|list|length }}",
        "{{ ns.x|string|length }}{{ ns.x ~ '' }}{{ debug()|length }}",
    ] {
        pages.push(format!("{grown}{end}"));
    }
    pages
}

/// Templates that call and include each other as deeply as allowed.
fn recursive() -> Vec<String> {
    let chain = times(200, "+1");
    vec![
        format!("{{% macro m(n) %}}{{% if n %}}{{{{ m(n - 1){chain} }}}}{{% endif %}}{{% endmacro %}}{{{{ m(9999) }}}}"),
        "{% macro m(n) %}{{ caller() }}{% call m(n - 1) %}{{ n }}{% endcall %}{% endmacro %}{% call m(9999) %}{% endcall %}".to_owned(),
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}".to_owned(),
        "{% include 'self.md' %}".to_owned(),
        "{% macro m(f, n) %}{% for a in [1] %}{% filter upper %}{% set s %}{{ [n]|map('string')|join }}{{ m(f, n) }}{% endset %}{{ s }}{% endfilter %}{% endfor %}{% endmacro %}{{ m(1, 2) }}".to_owned(),
    ]
}

#[test]
fn what_is_just_allowed_fits_on_the_stack() {
    // The rest of the stack is for the callers.
    let small = STACK / 16;
    for page in deepest() {
        let shown: String = page.chars().take(150).collect();
        let found = on_stack(small, || run(&page));
        if let Err(fault) = found {
            // It was compiled.
            assert!(fault.message.contains("undefined"), "{shown}: {fault:?}");
        }
        let found = on_stack(small, || render(&theme(&[("main.html", &page)])));
        assert!(found.is_ok(), "{shown}: {found:?}");
    }
    for page in recursive() {
        let shown: String = page.chars().take(150).collect();
        let fault = on_stack(small, || run(&page)).expect_err(&shown);
        assert!(fault.message.contains(CALLS), "{shown}: {fault:?}");
        let files = [("main.html", page.as_str()), ("self.md", page.as_str())];
        let fault = on_stack(small, || render(&theme(&files))).expect_err(&shown);
        assert!(fault.message.contains(CALLS), "{shown}: {fault:?}");
    }
}

#[test]
fn what_nobody_waits_for_ends_early() {
    let interrupt = Interrupt::default();
    let twice = "{% for i in range(9999) %}{% for j in [1] %}{% endfor %}{% endfor %}";
    let page = format!("{{% for i in range(9999) %}}{twice}{{% endfor %}}");
    let run = |page: &str| run_until(page, &interrupt);
    let message = |found: Result<String, MacroError>| found.expect_err("a fault").message;
    assert!(message(run(&page)).contains(WORK));
    let raised = interrupt.raise();
    assert!(message(run(&page)).contains("cancelled"));
    assert!(run("text").is_err(), "no text is written");
    drop(raised);
    assert_eq!(run("text").as_deref(), Ok("text"));

    // After an interruption it is rendered again.
    let ended = Cell::new(0);
    let raised = RefCell::new(Some(interrupt.raise()));
    let made = interrupt.until_uninterrupted(
        || run("text"),
        || {
            ended.set(ended.get() + 1);
            raised.replace(None);
        },
    );
    assert_eq!((made.as_deref(), ended.get()), (Ok("text"), 1));
    let begun = Cell::new(0);
    let made = interrupt.until_uninterrupted(
        || {
            begun.set(begun.get() + 1);
            // Only the first is interrupted, and only briefly.
            let moment = (begun.get() == 1).then(|| interrupt.raise());
            let made = run("text");
            drop(moment);
            made
        },
        || {},
    );
    assert_eq!((made.as_deref(), begun.get()), (Ok("text"), 2));
}
