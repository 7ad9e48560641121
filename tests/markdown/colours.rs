//! The classes of code: how many tokens of `colours/<language>.txt` have another one than
//! Pygments gives them.
//!
//! `expected.json` holds Pygments' tokens, and `table.toml` how many differ, which may only
//! become fewer. `UPDATE=1` writes both anew; `LANGUAGE=python` shows which they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use proofroom::files::SourcePath;
use proofroom::markdown::{Extension, MarkdownOptions, render};
use serde::Deserialize;
use serde_json::Map;

use crate::Cases;
use crate::harness::expected::{rewrite, rewrite_from_reference, updates};
use crate::harness::in_repository;

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    tokens: usize,
    different: usize,
}

/// The characters of highlighted code but blanks, each with its class.
fn characters(html: &str) -> Vec<(char, String)> {
    let (_, code) = html.split_once("<pre>").expect("a block of code");
    let mut classes = vec![String::new()];
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(['<', '&']) {
        let class = classes.last().cloned().unwrap_or_default();
        push(&rest[..start], &class, &mut found);
        let end = rest[start..].find(['>', ';']).expect("an end") + start;
        match &rest[start..=end] {
            "</span>" => drop(classes.pop()),
            "</pre>" => break,
            "&lt;" => push("<", &class, &mut found),
            "&gt;" => push(">", &class, &mut found),
            "&amp;" => push("&", &class, &mut found),
            "&quot;" => push("\"", &class, &mut found),
            tag if tag.starts_with("<span") => {
                classes.push(tag.split('"').nth(1).unwrap_or_default().to_owned());
            }
            _ => {}
        }
        rest = &rest[end + 1..];
    }
    found
}

fn push(text: &str, class: &str, found: &mut Vec<(char, String)>) {
    let signs = text.chars().filter(|it| !it.is_whitespace());
    found.extend(signs.map(|it| (it, class.to_owned())));
}

/// How many tokens differ, and which.
fn count(language: &str, expected: &[(String, String)]) -> (Count, String) {
    let root = in_repository("tests/markdown");
    let path = root.join(format!("colours/{language}.txt"));
    let code = fs::read_to_string(path).expect("the code");
    let fence = "`".repeat(9);
    let page = format!("{fence}{language}\n{code}{fence}\n");
    let names = ["pymdownx.superfences", "pymdownx.highlight"];
    let extensions = names.map(|name| Extension {
        name: name.to_owned(),
        options: Map::new(),
    });
    let (options, _) = MarkdownOptions::new(&extensions);
    let site = Cases {
        included: root.join(crate::INCLUDED),
    };
    let page = render(&SourcePath::new("case.md"), &page, 1, &options, &site);
    let found = characters(&page.html);
    let mut at = 0;
    let mut different = 0;
    let mut shown = String::new();
    for (class, text) in expected {
        let piece = &found[at..at + text.chars().count()];
        at += piece.len();
        assert!(
            text.chars().eq(piece.iter().map(|it| it.0)),
            "{language}: {text}"
        );
        if piece.iter().any(|it| it.1 != *class) {
            different += 1;
            let _ = writeln!(
                shown,
                "{language}: {text} is {class}, found {:?}",
                piece[0].1
            );
        }
    }
    let tokens = expected.len();
    (Count { tokens, different }, shown)
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "which language to show is for whoever runs the test"
)]
fn code_has_the_classes_of_pygments() {
    if updates() {
        rewrite_from_reference("write_colours.py", &[]);
    }
    let folder = in_repository("tests/markdown/colours");
    let read = |name| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let expected: BTreeMap<String, Vec<(String, String)>> =
        serde_json::from_str(&read("expected.json")).expect("tokens by language");
    let listed: BTreeMap<String, Count> =
        toml::from_str(&read("table.toml")).expect("counts by language");
    let wanted = std::env::var("LANGUAGE").ok();
    let mut table =
        String::from("# How many tokens have another class than Pygments gives them.\n");
    let mut faults = String::new();
    for (language, tokens) in &expected {
        let (count, shown) = count(language, tokens);
        let Count { tokens, different } = count;
        let _ = writeln!(
            table,
            "{language} = {{ tokens = {tokens}, different = {different} }}"
        );
        if wanted.as_ref() == Some(language) {
            println!("{shown}");
        }
        if !updates() && listed.get(language) != Some(&count) {
            let _ = writeln!(
                faults,
                "{count:?}, listed {:?}\n{shown}",
                listed.get(language)
            );
        }
    }
    if updates() {
        rewrite(&folder.join("table.toml"), &table);
    }
    assert!(
        faults.is_empty(),
        "other counts than table.toml has:\n{faults}"
    );
}
