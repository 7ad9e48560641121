//! Templates render like in Jinja2. The expected outputs in `jinja.json` are from
//! Jinja2 3.1 in MkDocs' environment. Differences are listed there with our output
//! and the reason; `null` is an error.

use serde_json::Value;

use super::{render, theme};

/// The output of a template that can include the files of `jinja.json`.
fn given(all: &Value, template: &str) -> Result<String, String> {
    let files = all["files"].as_object().expect("files").iter();
    let mut files: Vec<(&str, &str)> = files
        .map(|(name, text)| (name.as_str(), text.as_str().expect("text")))
        .collect();
    files.push(("main.html", template));
    render(&theme(&files)).map_err(|error| error.message.clone())
}

fn all() -> Value {
    serde_json::from_str(include_str!("jinja.json")).expect("JSON")
}

#[test]
fn templates_mean_what_they_mean_in_jinja() {
    let all = all();
    let mut wrong = Vec::new();
    for case in all["cases"].as_array().expect("cases") {
        let template = case[0].as_str().expect("a template");
        let expected = case[1].as_str().expect("text");
        let found = given(&all, template);
        if found.as_deref() != Ok(expected) {
            wrong.push(format!(
                "{template}\n  {expected:?} expected, {found:?} found"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn differences_are_those_that_are_listed() {
    let all = all();
    for case in all["differences"].as_array().expect("differences") {
        let template = case[0].as_str().expect("a template");
        let found = given(&all, template).ok();
        assert_eq!(found.as_deref(), case[2].as_str(), "{template}");
        assert_ne!(case[1], case[2], "no difference any more: {template}");
    }
}
