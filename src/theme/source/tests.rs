use minijinja::syntax::SyntaxConfig;

use super::{guarded, prepare};

fn find(name: &str) -> Option<String> {
    let text = match name {
        "a.html" => "{{ lang.t(x) }}{% include 'b.html' %}",
        "b.html" => "{% set own = 1 %}{{ own }}{{ features }}{% include 'a.html' %}",
        _ => return None,
    };
    Some(text.to_owned())
}

#[test]
fn a_macro_names_what_its_includes_need() {
    for (written, compiled) in [
        (
            "{% macro m(y) %}{% include 'a.html' %}\n{%- endmacro %}!",
            "{% macro m(y) %}{% include ( 'a.html')|__named %}\n{%- if false %}\
             {{features}}{{lang}}{{x}}{% endif %}{%- endmacro %}!",
        ),
        (
            "{% include 'a.html' %}",
            "{% include ( 'a.html')|__named %}",
        ),
        (
            "{% macro m() %}{% include 'a' ~ z %}{# {% include 'a.html' %} #}{% endmacro %}",
            "{% macro m() %}{% include ( 'a' ~ z)|__named %}{# {% include 'a.html' %} #}{% endmacro %}",
        ),
        (
            "{% macro m() %}{% raw %}{% include 'a.html' %}{% endraw %}{{ '%}' }}{% endmacro %}",
            "{% macro m() %}{% raw %}{% include 'a.html' %}{% endraw %}{{ '%}' }}{% endmacro %}",
        ),
    ] {
        assert_eq!(prepare(written, &find, &|_| None).text, compiled);
    }
}

#[test]
fn defaults_that_name_arguments_are_set_inside() {
    for (written, compiled) in [
        (
            "{% macro m(a, b=a.x, c=1) -%} x",
            "{% macro m(a, b=__nothing, c=1) -%}\
             {% if b is undefined %}{% set b = a.x %}{% endif -%} x",
        ),
        (
            "{% macro m(a, b='a', c=x.a) %}",
            "{% macro m(a, b='a', c=x.a) %}",
        ),
    ] {
        assert_eq!(prepare(written, &find, &|_| None).text, compiled);
    }
}

#[test]
fn places_are_those_of_the_written_text() {
    let written = "{% macro m(y, z=y) %}\n{% include 'a.html' %}{% endmacro %}\n\
                   {% trans x=1 %}T{% endtrans %}{{ here }}";
    let prepared = prepare(written, &find, &|_| None);
    for word in ["m(y", "\n{% include", "T{%", "{{ here"] {
        let place = prepared.text.find(word).expect(word);
        let expected = written.find(word).expect(word);
        assert_eq!(prepared.original_offset(place), expected, "{word}");
    }
    assert_eq!(
        prepared.text.matches('\n').count(),
        written.matches('\n').count()
    );
}

#[test]
fn odd_templates_do_no_harm() {
    for written in [
        "{%",
        "{% %}",
        "{%-%}",
        "{% macro",
        "{% macro m) ( %}",
        "{% endmacro %}",
        "{% endtrans %}",
        "{% trans %}",
        "{% trans %}{% pluralize %}{% pluralize %}{% endtrans %}",
        "{{ '",
        "{#",
        "{",
        "{% raw %}{% x",
        "{% trans trimmed %}\n\n{% endtrans %}",
        "é{% macro é(ö, ü=ö) %}",
    ] {
        let prepared = prepare(written, &find, &|_| None);
        for place in 0..=prepared.text.len() {
            assert!(
                prepared.original_offset(place) <= written.len(),
                "{written}"
            );
        }
    }
}

#[test]
fn what_fuel_does_not_see_passes_a_filter() {
    for (written, compiled) in [
        ("{{ m(x).y }}", "{{ (m(x)|__turn).y }}"),
        ("{{ x|default(y)|f }}", "{{ x|default(y)|f }}"),
        ("{{ loop(x) }}{{ super() }}", "{{ loop(x) }}{{ super() }}"),
        (
            "{% for x in y if x recursive %}{% endfor %}",
            "{% for x in ( y)|__turn if x recursive %}{% endfor %}",
        ),
        (
            "a {%- call(u) m([u]) -%} b {% endcall %}",
            "a {%- if ''|__turn %}{% endif %}{%- call(u) m(([u]|__kept)) -%} b {% endcall %}",
        ),
        (
            "{% macro m(a=1) %}{% endmacro %}{% filter f(1) %}{% endfilter %}{% do m(1) %}",
            "{% macro m(a=1) %}{% endmacro %}{% filter f(1) %}{% endfilter %}{% do m(1) %}",
        ),
        (
            "{% set n.x = [1, y] %}",
            "{% set n.x =( ([1, y]|__kept))|__held %}",
        ),
        ("{{ [1, 2] }}{{ {'a': 1} }}", "{{ [1, 2] }}{{ {'a': 1} }}"),
        ("{{ a ~ b ~ '.' }}", "{{ ((a ~ b ~ '.')|__kept) }}"),
        ("{{ a ~ '.' }}{{ a + 1 }}", "{{ a ~ '.' }}{{ a + 1 }}"),
        (
            "{{ a[1:] }}{{ a[b] }}",
            "{{ (a[1:]|__kept) }}{{ a[(b|__weighed)] }}",
        ),
        (
            "{% if a == b and a == 1 %}{% endif %}",
            "{% if a|__weighed == b and a == 1 %}{% endif %}",
        ),
    ] {
        let found = guarded(written, &SyntaxConfig::default());
        let (found, _) = found.unwrap_or_else(|_| panic!("{written} is refused"));
        assert_eq!(found, compiled);
        let compiles = minijinja::Environment::new()
            .template_from_str(compiled)
            .map(drop);
        assert!(compiles.is_ok(), "{compiled}: {compiles:?}");
    }
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .build()
        .expect("a syntax");
    let found = guarded("{{ m(x) }}<< m(x) >><%- call m() %><% endcall %>", &syntax);
    assert_eq!(
        found.map(|it| it.0).unwrap_or_default(),
        "{{ m(x) }}<< (m(x)|__turn) >><%- if ''|__turn %><% endif %><%- call m() %><% endcall %>"
    );
}

#[test]
fn texts_are_replaced_by_their_translations() {
    let translate = |text: &str| match text {
        "Search" => Some("Suche"),
        "100%" => Some("100 %"),
        "Edit on %(name)s, 100%%" => Some("100%% auf %(name)s"),
        "two lines" => Some("zwei Zeilen"),
        "Built with %(a)s." => Some("Mit %(a)s gebaut."),
        "Code" => Some("{{ evil }}"),
        _ => None,
    };
    for (written, compiled) in [
        (
            "{% trans %}Search{% endtrans %}",
            "{% with __=1 %}Suche{% endwith %}",
        ),
        (
            "{% trans -%} Search {%- endtrans %}",
            "{% with __=1 -%}Suche{%- endwith %}",
        ),
        (
            "{% trans %}100%{% endtrans %}",
            "{% with __=1 %}100 %{% endwith %}",
        ),
        (
            "{% trans name=x %}Edit on {{ name }}, 100%{% endtrans %}",
            "{% with name=x %}100% auf {{ name }}{% endwith %}",
        ),
        (
            "{% trans trimmed %}\n  two\n  lines\n{% endtrans %}",
            "{% with __=1 %}zwei Zeilen{#\n\n\n#}{% endwith %}",
        ),
        (
            "{% trans a='x' %}Built with %(a)s.{% endtrans %}",
            "{% with a='x' %}Mit {{ a }} gebaut.{% endwith %}",
        ),
        (
            "{% trans a='x' %}Made with %(a)s.{% endtrans %}",
            "{% with a='x' %}Made with {{ a }}.{% endwith %}",
        ),
        (
            "{% trans %}Code{% endtrans %}",
            "{% with __=1 %}Code{% endwith %}",
        ),
        (
            "{% trans %}Other{% endtrans %}",
            "{% with __=1 %}Other{% endwith %}",
        ),
    ] {
        assert_eq!(prepare(written, &find, &translate).text, compiled);
    }
}

/// Calls of macros pass through a scope if the template consists of macros.
#[test]
fn macros_that_call_each_other_share_a_scope() {
    let item = "{% macro name(x) %}{{ lang.t(x) }}{% include 'a' %}{% endmacro %}\n\
                {%- macro item(x, n=1) -%} {{ name(x) }}{{ item(x.first, n) }}{{ name() }}\
                {% for y in features %}{{ name(y) | e }}{% endfor %} {%- endmacro -%} \n";
    let find = |name: &str| match name {
        "item.html" => Some(item.to_owned()),
        "flat.html" => Some("{% macro item(x) %}{{ x }}{% endmacro %}".to_owned()),
        _ => None,
    };
    let compiled = "{% macro name(x) %}\
                    {% set __0 = lang|__watched(proofroom_scope) %}{% set lang = __0 %}\
                    {{ (lang.t(x)|__turn) }}{% include ( 'a')|__named %}{% endmacro %}\n\
                    {%- macro item(x, n=1) -%}\
                    {% set __0 = lang|__watched(proofroom_scope) %}{% set lang = __0 -%} \
                    {{ (proofroom_scope(\"name\", x)|__turn) }}\
                    {{ (proofroom_scope(\"item\", x.first, n)|__turn) }}\
                    {{ (proofroom_scope(\"name\")|__turn) }}\
                    {% for y in ( features)|__turn %}{{ (name(y)|__turn) | e }}{% endfor %} \
                    {%- endmacro -%}\
                    {% set proofroom_scope = \"features lang|name item\"|__scope(\"lang\", \
                    features, lang, name, item) -%} \n";
    assert_eq!(prepare(item, &find, &|_| None).text, compiled);
    for (written, compiled) in [
        (
            "{% import 'item.html' as m %}{{ m.item(1) }}{{ m.none(1) }}{{ x.item(1) }}",
            "{% import ( 'item.html')|__named as m %}{{ (m.proofroom_scope(\"item\", 1)|__turn) }}\
             {{ (m.none(1)|__turn) }}{{ (x.item(1)|__turn) }}",
        ),
        // Not a template of macros that call each other.
        (
            "{% import 'flat.html' as m %}{{ m.item(1) }}",
            "{% import ( 'flat.html')|__named as m %}{{ (m.item(1)|__turn) }}",
        ),
        // The name may stand for something else.
        (
            "{% import 'item.html' as m %}{% set m = x %}{{ m.item(1) }}",
            "{% import ( 'item.html')|__named as m %}{% set m = x %}{{ (m.item(1)|__turn) }}",
        ),
        (
            "{% macro a(b) %}{{ b(1) }}{% endmacro %}{% macro b() %}{% endmacro %}",
            "{% macro a(b) %}{{ (b(1)|__turn) }}{% endmacro %}{% macro b() %}{% endmacro %}",
        ),
        // Something else may be printed.
        (
            "{% macro a() %}{{ a() }}{% endmacro %}{{ x }}",
            "{% macro a() %}{{ (a()|__turn) }}{% endmacro %}{{ x }}",
        ),
    ] {
        assert_eq!(prepare(written, &find, &|_| None).text, compiled);
    }
}
