use serde_json::{Value, json};

use super::{Field, LANDING_FIELDS, Landing, LandingAccess, Takes, read_landing};
use crate::diagnostic::{Diagnostic, Near, Rule, Severity};
use crate::files::SourcePath;
use crate::markdown::Destination;
use crate::yaml;

/// Reads front matter on a site that has `a.md` and the icon `known`.
fn landing(text: &str) -> Landing {
    let path = SourcePath::new("docs/index.md");
    let parsed = yaml::parse(&path, text).expect("YAML");
    let access = LandingAccess {
        markdown: &|text, line| (format!("<p>{line}: {text}</p>"), Vec::new()),
        destination: &|written| match written {
            "a.md" => Destination::Inside("a/".to_owned()),
            "b.md" => Destination::Missing(Some(Near {
                name: "a.md".to_owned(),
                is_only: true,
            })),
            _ => Destination::Outside,
        },
        icon_fault: &|name| {
            (name != "known").then(|| Diagnostic::note(Rule::MissingIcon, "there is no icon"))
        },
        dead_link: Some(Severity::Warning),
    };
    read_landing(&parsed.node, &access)
}

#[test]
fn fields_are_read() {
    let read = landing(
        "title: T
hero: {title: One *two*, text: three}
actions:
  - {text: Go, link: a.md, icon: known}
  - {text: Out, link: 'https://x.example/', style: plain}
picture: a.md
code: |
  a `b`
features:
  - {title: 1, text: x}
",
    );
    assert_eq!(read.diagnostics, []);
    let expected = json!({
        "hero": {"title": "One *two*", "text": "<p>2: three</p>"},
        "actions": [
            {"text": "Go", "link": "a/", "icon": "known"},
            {"text": "Out", "link": "https://x.example/", "style": "plain"},
        ],
        "picture": {"file": "a/"},
        "code": "<p>0: ``` text\na `b`\n```\n</p>",
        "features": [{"title": "1", "text": "<p>10: x</p>"}],
    });
    assert_eq!(Value::from(read.fields), expected);
}

#[test]
fn code_is_one_fence_whatever_is_in_it() {
    let read = landing("code: {language: 'py x', title: 'a \"b\"', text: \"````\\nx\"}\n");
    let code = read.fields["code"].as_str();
    let expected = "<p>0: ````` py title=\"a 'b'\"\n````\nx\n`````\n</p>";
    assert_eq!(code, Some(expected));
}

#[test]
fn wrong_fields_are_named_with_their_places() {
    for (text, rule, line, message, help) in [
        (
            "actoins: []\n",
            Rule::UnknownKey,
            1,
            "`actoins` is not a field",
            "`actions`",
        ),
        (
            "hero:\n  titel: x\n",
            Rule::UnknownKey,
            2,
            "`titel` is not a field of `hero`",
            "`title`",
        ),
        (
            "hero:\n  xyz: x\n",
            Rule::UnknownKey,
            2,
            "of `hero`",
            "`title`, `text` and `badge`",
        ),
        (
            "hero: [a]\n",
            Rule::BadValue,
            1,
            "`hero` takes a table or a text, not a list",
            "remove",
        ),
        (
            "hero:\n  title: {a: b}\n",
            Rule::BadValue,
            2,
            "`title` takes a text",
            "remove",
        ),
        (
            "a: b\nfeatures: x\n",
            Rule::BadValue,
            2,
            "`features` takes a list",
            "remove",
        ),
        (
            "features:\n  - x\n",
            Rule::BadValue,
            2,
            "not a table",
            "`title`",
        ),
        (
            "features:\n  - text: x\n",
            Rule::BadValue,
            2,
            "has no `title`",
            "add `title: ..`",
        ),
        (
            "actions:\n  - text: x\n    style: big\n",
            Rule::BadValue,
            3,
            "`big`",
            "`primary`",
        ),
        (
            "actions:\n  - text: x\n    link: b.md\n",
            Rule::MissingPage,
            3,
            "`b.md`",
            "`a.md`",
        ),
        (
            "features:\n  - title: x\n    icon: no\n",
            Rule::MissingIcon,
            3,
            "no icon",
            "",
        ),
    ] {
        let read = landing(text);
        let [found] = read.diagnostics.as_slice() else {
            panic!("{text}: {:?}", read.diagnostics);
        };
        assert_eq!(found.rule, rule, "{text}");
        assert!(found.message.contains(message), "{text}: {}", found.message);
        let said = found.help.clone().unwrap_or_default();
        assert!(said.contains(help), "{text}: {said}");
        let span = found.span.as_ref().expect("a place");
        assert_eq!(span.line, line, "{text}");
    }
    // Other keys of front matter are no mistakes.
    assert_eq!(
        landing("hide: [toc]\ntags: [a]\nmine: {x: 1}\n").diagnostics,
        []
    );
}

/// The rows of the documentation for these fields.
fn rows(fields: &[Field], above: &str, to: &mut String) {
    for field in fields {
        let name = format!("{above}{}", field.name);
        let takes = match &field.takes {
            Takes::Text => "a text with emphasis".to_owned(),
            Takes::Markdown => "Markdown".to_owned(),
            Takes::Verbatim => "a text".to_owned(),
            Takes::Address => "the path of a file, or an address".to_owned(),
            Takes::Icon => "the name of an [icon](themes.md#icons)".to_owned(),
            Takes::Word(words) => format!("`{}`", words.join("`, `")),
            Takes::Table(fields) => format!("a table, or its `{}` alone", fields[0].name),
            Takes::List(fields) => format!("a list of tables, each with `{}`", fields[0].name),
        };
        to.push_str(&format!("| `{name}` | {takes} | {} |\n", field.meaning));
        if let Takes::Table(fields) | Takes::List(fields) = &field.takes {
            rows(fields, &format!("{name}."), to);
        }
    }
}

#[test]
fn the_guide_lists_the_fields() {
    let mut expected = String::new();
    rows(LANDING_FIELDS, "", &mut expected);
    let guide = include_str!("../../../docs/guide/front-page.md");
    let listed = guide.lines().filter(|line| line.starts_with("| `"));
    let listed: String = listed.map(|line| format!("{line}\n")).collect();
    assert_eq!(listed, expected);
}
