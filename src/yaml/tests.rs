use serde_json::json;

use super::{Parsed, Value, parse, parse_at};
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;

fn read(text: &str) -> Result<Parsed, Box<Diagnostic>> {
    parse(&SourcePath::new("mkdocs.yml"), text)
}

fn json(text: &str) -> serde_json::Value {
    match read(text) {
        Ok(parsed) => parsed.node.to_json(),
        Err(error) => panic!("{text}: {error:?}"),
    }
}

fn fault(text: &str) -> Diagnostic {
    match read(text) {
        Ok(_) => panic!("{} was read", text.get(..200).unwrap_or(text)),
        Err(error) => *error,
    }
}

#[test]
fn scalars_are_those_of_pyyaml() {
    for (text, value) in [
        ("yes", json!(true)),
        ("Off", json!(false)),
        ("'yes'", json!("yes")),
        ("y", json!("y")),
        ("~", json!(null)),
        ("", json!(null)),
        ("1_000", json!(1000)),
        ("010", json!(8)),
        ("0o17", json!("0o17")),
        ("0x1F", json!(31)),
        ("1:30", json!(90)),
        ("127.0.0.1:8000", json!("127.0.0.1:8000")),
        ("1.5", json!(1.5)),
        ("1e3", json!("1e3")),
        ("1.0e+3", json!(1000.0)),
        ("2024-01-02", json!("2024-01-02")),
        ("99999999999999999999", json!("99999999999999999999")),
        ("!!str 12", json!("12")),
        ("!!float 1", json!(1.0)),
        ("a\n  b", json!("a b")),
        ("\"a\\n*b\"", json!("a\n*b")),
        ("|\n  a *b*\n  c\n", json!("a *b*\nc\n")),
        (">-\n  a\n  b\n", json!("a b")),
    ] {
        assert_eq!(
            json(&format!("key: {text}")),
            json!({"key": value}),
            "{text}"
        );
    }
}

#[test]
fn anchors_and_merge_keys() {
    let text = "base: &base {a: 1, b: 2}\nover:\n  b: 3\n  <<: *base\nlist: [*base, &x y, *x]\n";
    let expected = json!({
        "base": {"a": 1, "b": 2},
        "over": {"a": 1, "b": 3},
        "list": [{"a": 1, "b": 2}, "y", "y"],
    });
    assert_eq!(json(text), expected);
    let text = "a: &a {k: 1}\nb: &b {k: 2, l: 3}\nc: {<<: [*a, *b]}\n";
    assert_eq!(json(text)["c"], json!({"k": 1, "l": 3}));
    assert_eq!(
        json("a: &k key\n*k : value\n"),
        json!({"a": "key", "key": "value"})
    );
}

#[test]
fn tags_are_kept() {
    let text = "a: !ENV [X, \"y\"]\nb: !!python/name:mod.fn\nc:\n  - !ENV [A, B]: !relative\nd: !ENV Z\ne: !!python/object/apply:mod.fn {kwds: {}}\n";
    let node = read(text).expect("valid").node;
    let tag = |name: &str| node.get(name).and_then(|node| node.tag.clone());
    assert_eq!(tag("a").as_deref(), Some("!ENV"));
    assert_eq!(tag("b").as_deref(), Some("!!python/name:mod.fn"));
    assert_eq!(tag("d").as_deref(), Some("!ENV"));
    assert_eq!(tag("e").as_deref(), Some("!!python/object/apply:mod.fn"));
    let item = &node.get("c").and_then(|c| c.items()).expect("a list")[0];
    assert_eq!(item.tag, None);
    let (key, value) = &item.entries().expect("a mapping")[0];
    assert_eq!(key.tag.as_deref(), Some("!ENV"));
    assert_eq!(key.items().map(<[_]>::len), Some(2));
    assert_eq!(value.tag.as_deref(), Some("!relative"));
}

/// PyYAML does not look at indentation inside of brackets and quotes, and is less
/// strict about comments, tabs and marks.
#[test]
fn what_pyyaml_reads_is_read() {
    for (text, value) in [
        ("k: [a,\nb]\nz: 1\n", json!({"k": ["a", "b"], "z": 1})),
        ("k: [\n]\nz: 1\n", json!({"k": [], "z": 1})),
        (
            "k:\n  - {\na: 1,\nb: [x,\ny]\n}\n  - c\n",
            json!({"k": [{"a": 1, "b": ["x", "y"]}, "c"]}),
        ),
        ("k: [\n# c\n\"a\nb\", 'c'\n]\n", json!({"k": ["a b", "c"]})),
        ("k: \"a\nb\"\nz: 1\n", json!({"k": "a b", "z": 1})),
        (
            "k:\n  s: 'it''s\n\n  b'\nz: 1\n",
            json!({"k": {"s": "it's\nb"}, "z": 1}),
        ),
        ("k: [a]#c\n", json!({"k": ["a"]})),
        ("k: 'a'#c\n", json!({"k": "a"})),
        (
            "k:\n- a:\tb\n- c:\td\n",
            json!({"k": [{"a": "b"}, {"c": "d"}]}),
        ),
        (
            "k: [-, -]\nl: {x: -}\n",
            json!({"k": ["-", "-"], "l": {"x": "-"}}),
        ),
        ("k: \u{feff}a\n", json!({"k": "\u{feff}a"})),
        ("k: !<tag:yaml.org,2002:str> 5\n", json!({"k": "5"})),
        ("k: !!null ''\n", json!({"k": null})),
        ("k: |\n", json!({"k": ""})),
    ] {
        assert_eq!(json(text), value, "{text}");
        assert_eq!(read(text).expect("valid").refused, None, "{text}");
    }
    let places = read("a: 1\nk: [b,\nc: !ENV x]\n").expect("valid").node;
    let inner = &places.get("k").and_then(|k| k.items()).expect("a list")[1];
    assert_eq!((inner.span().line, inner.span().column), (3, 1));
    assert_eq!(fault("k: [a,\n---\nb]\n").rule.name(), "bad-yaml");
    assert_eq!(fault("k: [a,\nb\nc: 1\n").rule.name(), "bad-yaml");
}

#[test]
fn many_brackets_at_the_start_of_lines_end() {
    let text = "- [a,\nb]\n".repeat(2_000);
    let items = read(&text).map(|parsed| parsed.node.items().map_or(0, <[_]>::len));
    assert!(matches!(items, Ok(2_000) | Err(_)));
}

#[test]
fn what_pyyaml_refuses_is_remembered() {
    for (text, line) in [
        ("a: 1\nd: 2023-13-45\n", 2),
        ("d: [2020-02-30]\n", 1),
        ("d: 2020-01-01 25:00:00\n", 1),
        ("a: =\n", 1),
        ("a: !!int x\n", 1),
        ("a: [| x]\n", 1),
        ("a: 1\nb: \"\u{7}\"\n", 2),
    ] {
        let refused = read(text).expect("readable").refused;
        let line_of = refused.and_then(|it| Some(it.span?.line));
        assert_eq!(line_of, Some(line), "{text}");
    }
    for text in [
        "d: '2023-13-45'\n",
        "d: 2023-1-45\n",
        "d: 2024-02-29\n",
        "d: 2001-12-14t21:59:43.10-05:00\n",
        "d: 2001-12-14 21:59:43 Z\n",
        "a: \"=\"\nb: !!int 3\nc: |\n  =\n",
    ] {
        assert_eq!(read(text).expect("readable").refused, None, "{text}");
    }
}

#[test]
fn nothing_is_null() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "\u{feff}"] {
        assert_eq!(json(text), json!(null), "{text:?}");
    }
    assert_eq!(json("a:\n!ENV b: 1\n"), json!({"a": null, "b": 1}));
    assert_eq!(json("one: 1\n---\ntwo: 2\n"), json!({"one": 1}));
}

#[test]
fn the_last_of_two_keys_wins() {
    let parsed = read("a: 1\nb: 2\n\"a\": 3\na: 4\n").expect("valid");
    assert_eq!(parsed.node.to_json(), json!({"a": 4, "b": 2}));
    let lines: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|it| (it.rule.name(), it.span.as_ref().map(|span| span.line)))
        .collect();
    assert_eq!(
        lines,
        [("duplicate-key", Some(3)), ("duplicate-key", Some(4))]
    );
}

#[test]
fn places_are_exact() {
    let text = "# ü\r\nnäme: ü *x*  # no\r\nlist:\r\n  - !ENV [A]\r\n";
    let node = read(text).expect("valid").node;
    let (key, value) = node.entry("näme").expect("there");
    let (key, value) = (key.span(), value.span());
    assert_eq!((key.line, key.column, key.length()), (2, 1, 4));
    assert_eq!((value.line, value.column, value.length()), (2, 7, 5));
    let item = node
        .get("list")
        .and_then(|list| list.items())
        .expect("a list")[0]
        .span();
    assert_eq!((item.line, item.column, item.length()), (4, 5, 8));
}

#[test]
fn a_part_of_a_file() {
    let path = SourcePath::new("a.md");
    let text = "---\ntitle: x\ntags: [\n---\n";
    let parsed = parse_at(&path, text, 4..13).expect("valid");
    let span = parsed.node.get("title").expect("there").span();
    assert_eq!(
        (span.line, span.column, span.excerpt.as_str()),
        (2, 8, "title: x")
    );
    let error = parse_at(&path, text, 4..21).expect_err("not closed");
    let span = error.span.expect("a place");
    assert_eq!((span.line, span.excerpt.as_str()), (3, "tags: ["));
    assert!(parse_at(&path, text, 900..1000).is_ok());
}

#[test]
fn mistakes_are_explained() {
    for (text, line, column, message, help) in [
        ("a:\n\tb: 1\n", 2, 1, "tab", "spaces"),
        (
            "site_name:Example\nnav: x\n",
            1,
            10,
            "space is missing",
            "site_name: Example",
        ),
        ("a: 1\nnav: [a.md\n", 2, 6, "never closed", "]"),
        ("nav: {a: b\nc: d\n", 1, 6, "never closed", "}"),
        ("a: \"b\nc: d\n", 1, 4, "never closed", "quote"),
        (
            "a: b\ntitle: Part 1: x\n",
            2,
            14,
            "second colon",
            "\"Part 1: x\"",
        ),
        ("a: @b\n", 1, 4, "cannot start with `@`", "quotes"),
        ("a: `b`\n", 1, 4, "cannot start with ``", "quotes"),
        ("a: *.md\n", 1, 4, "cannot start with `*`", "quotes"),
        ("a: *b\n", 1, 4, "`*b` refers to an anchor", "&b"),
        ("a: 1\n  b: 2\n", 2, 3, "does not fit", "indent"),
    ] {
        let found = fault(text);
        assert_eq!(found.rule.name(), "bad-yaml");
        let span = found.span.expect("a place");
        assert_eq!(
            (span.line, span.column),
            (line, column),
            "{text}: {}",
            found.message
        );
        assert!(found.message.contains(message), "{text}: {}", found.message);
        let said = found.help.unwrap_or_default();
        assert!(said.contains(help), "{text}: {said}");
    }
}

#[test]
fn bombs_are_refused() {
    let nested = |open: &str, count: usize| open.repeat(count);
    let staircase: String = (0..200)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    for text in [
        nested("[", 100_000),
        nested("{a: ", 100_000),
        nested("- ", 100_000),
        nested("? ", 100_000),
        format!("{}{}", nested("[", 200), nested("]", 200)),
        format!("{}{}", "- ".repeat(120), nested("[[a: ", 200)),
        staircase,
    ] {
        let found = fault(&text);
        assert_eq!(found.rule.name(), "bad-yaml");
    }
    let mut laughs = String::from("l0: &l0 [x, x]\n");
    for level in 1..40 {
        laughs += &format!("l{level}: &l{level} [*l{0}, *l{0}]\n", level - 1);
    }
    assert!(fault(&laughs).message.contains("aliases"));
    assert!(fault("a: {{ name }}\n").message.contains("cannot be a key"));
    let keys = format!("{}x{}", "{? !t ".repeat(60), ": x}".repeat(60));
    assert!(json(&keys).to_string().len() < 1000);
}

#[test]
fn nothing_panics() {
    let seed = "a: &x [1, {b: \"c\"}, 'd']\n? e\n: |\n  f *g*\n<<: {h: !ENV [I, j]}\nk: *x\nk: !!python/name:l # m\n- n\n";
    let chars: Vec<char> = seed.chars().collect();
    for at in 0..chars.len() {
        for stranger in [
            '[',
            '}',
            '"',
            '\'',
            ':',
            '\n',
            '\t',
            '&',
            '*',
            '!',
            '-',
            '\u{feff}',
            '\u{f0000}',
            'é',
            '\r',
            '%',
            '#',
            '\0',
        ] {
            let mut text = chars.clone();
            text[at] = stranger;
            let _ = read(&text.iter().collect::<String>());
            text.insert(at, stranger);
            text.truncate(at + 2);
            let _ = read(&text.iter().collect::<String>());
        }
    }
}

#[test]
fn looks_up_entries() {
    let node = read("a: {b: [1]}\n").expect("valid").node;
    let b = node.get("a").and_then(|a| a.get("b")).expect("there");
    assert_eq!(
        b.items().map(|items| &items[0].value),
        Some(&Value::Integer(1))
    );
    assert!(node.get("c").is_none());
}

#[test]
fn the_text_of_a_block_is_text() {
    for (written, text) in [
        ("a: |\n  !tag x\n  *b\n", "!tag x\n*b\n"),
        ("a: >-  # why\n\n  &x y\n", "\n&x y"),
        ("- |2-\n    *x\n", "  *x"),
    ] {
        let parsed = super::parse(&crate::files::SourcePath::new("x.yml"), written);
        let parsed = parsed.expect("it is YAML");
        let first = match &parsed.node.value {
            super::Value::Mapping(entries) => &entries[0].1,
            _ => &parsed.node.items().expect("a list")[0],
        };
        assert_eq!(first.as_str(), Some(text), "{written}");
        assert_eq!((first.tag.as_deref(), parsed.diagnostics.len()), (None, 0));
    }
}

#[test]
fn what_is_too_much_is_refused_before_it_is_read() {
    for text in [
        format!("a: \"{}\"", "x".repeat(super::LARGEST)),
        "- a\n".repeat(super::MOST_VALUES + 1),
        format!("[{}]", "a,".repeat(super::MOST_VALUES + 1)),
        "[".repeat(10_000),
        "{a: ".repeat(10_000),
        "- ".repeat(10_000),
        (0..10_000)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect(),
        "a: &a [*a, *a]\n".to_owned(),
    ] {
        assert_eq!(fault(&text).rule.name(), "bad-yaml");
    }
    // Each line doubles the one before it.
    let bomb: String = (1..64)
        .map(|nth| format!("a{nth}: &a{nth} [*a{0}, *a{0}]\n", nth - 1))
        .collect();
    assert_eq!(fault(&format!("a0: &a0 x\n{bomb}")).rule.name(), "bad-yaml");
}

/// Runs on a quarter of the default stack size.
#[test]
fn nothing_that_is_read_overflows_the_stack() {
    let work = || {
        let depth = 120;
        let staircase = (0..depth).map(|at| format!("{}a:\n", " ".repeat(at)));
        for text in [
            format!("{}x{}", "[".repeat(depth), "]".repeat(depth)),
            format!("{}x{}", "{a: ".repeat(depth), "}".repeat(depth)),
            format!("{}x{}", "[{a: ".repeat(60), "}]".repeat(60)),
            format!("&a {}x{}", "!t [".repeat(depth), "]".repeat(depth)),
            "- ".repeat(depth) + "x",
            staircase.collect(),
        ] {
            let node = read(&text).expect("it is not too deep").node;
            assert!(node.clone() == node);
            let json = node.to_json();
            assert!(json.clone() == json);
            assert!(json.to_string().len() > depth);
        }
    };
    let thread = std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(work);
    thread.expect("a thread").join().expect("no panic");
}
