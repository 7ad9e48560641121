//! The law over options: every option of every extension of the reference is either
//! read, which a case of `options/cases.toml` proves, or named where it is configured,
//! or would change nothing.
//!
//! `CASE=toc cargo test --test markdown options -- --nocapture` shows the cases whose
//! names begin so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proofroom::diagnostic::{Diagnostic, Rule, Severity};
use proofroom::markdown::{OptionStatus, option_statuses};
use serde::Deserialize;
use serde_json::Value;

use crate::harness::expected::{rewrite_from_reference, updates};
use crate::harness::in_repository;
use crate::harness::memory::MemorySite;
use crate::{difference, html};

/// Extensions that are read as the plugin of that name, with its options.
const AS_PLUGINS: [&str; 1] = ["zensical.extensions.macros"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// The files of every site.
    files: BTreeMap<String, String>,
    case: Vec<Case>,
}

/// An option with a value other than its default, and a page that shows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    extension: String,
    option: String,
    /// As YAML.
    value: String,
    /// Other options of the extension, as YAML.
    #[serde(default)]
    options: String,
    /// Other extensions, as YAML.
    #[serde(default)]
    with: Vec<String>,
    text: String,
    /// Further files of its site.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

impl Case {
    fn name(&self) -> String {
        format!("{} {} {}", self.extension, self.option, self.value)
    }

    /// The configuration; the option is not given if there is no `value`.
    fn configuration(&self, value: Option<&str>) -> String {
        let mut lines = String::from("site_name: Example\nplugins: []\nmarkdown_extensions:\n");
        for entry in &self.with {
            lines.push_str(&format!("- {entry}\n"));
        }
        let mut options = self.options.clone();
        if let Some(value) = value {
            let comma = if options.is_empty() { "" } else { ", " };
            options.push_str(&format!("{comma}{}: {value}", self.option));
        }
        lines.push_str(&format!("- {}: {{{options}}}\n", self.extension));
        lines
    }

    /// The page, and what is said about it or the option.
    fn page(&self, value: Option<&str>, files: &BTreeMap<String, String>) -> Outcome {
        let configuration = self.configuration(value);
        let mut all: BTreeMap<&str, &str> = BTreeMap::new();
        for (path, text) in files.iter().chain(&self.files) {
            all.insert(path, text);
        }
        all.insert("mkdocs.yml", &configuration);
        all.insert("docs/case.md", &self.text);
        let files: Vec<(&str, &str)> = all.into_iter().collect();
        let site = MemorySite::new(&files);
        let diagnostics = site.diagnostics();
        Outcome {
            html: site.body("case.md"),
            is_named: diagnostics.iter().any(|it| self.is_about(it)),
            fails: diagnostics.iter().any(|it| it.severity == Severity::Error),
        }
    }

    /// Whether a diagnostic says that the option has no effect.
    fn is_about(&self, diagnostic: &Diagnostic) -> bool {
        let subject = format!("`{}` of `{}`", self.option, self.extension);
        diagnostic.rule == Rule::UnsupportedOption && diagnostic.message.contains(&subject)
    }
}

#[derive(Debug, PartialEq)]
struct Outcome {
    html: String,
    is_named: bool,
    fails: bool,
}

/// What the reference makes of a case.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Page(String),
    Error { error: String },
}

fn read(name: &str) -> String {
    let path = in_repository("tests/markdown/options").join(name);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// HTML without what does not count, but with scripts: formulas are some.
fn normalise(html: &str) -> Vec<String> {
    html::normalise(
        &html
            .replace("<script", "<x-script")
            .replace("</script", "</x-script"),
    )
}

/// Why a case of an option that is read does not prove it, if it does not.
fn fault(case: &Case, expected: &Expected, files: &BTreeMap<String, String>) -> Option<String> {
    let found = case.page(Some(&case.value), files);
    if found.is_named {
        return Some("    it is reported as having no effect\n".to_owned());
    }
    if case.page(None, files) == found {
        return Some("    it changes nothing\n".to_owned());
    }
    match expected {
        Expected::Error { error } if !found.fails => {
            Some(format!("    the reference stops with {error}\n"))
        }
        Expected::Error { .. } => None,
        Expected::Page(html) => {
            let (expected, found) = (normalise(html), normalise(&found.html));
            (expected != found).then(|| difference::difference(&expected, &found, 14))
        }
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "which case to show is for whoever runs the test"
)]
fn options_are_read_or_named() {
    if updates() {
        rewrite_from_reference("write_options.py", &[]);
    }
    let wanted = std::env::var("CASE").ok();
    let Cases { files, case } = toml::from_str(&read("cases.toml")).expect("cases");
    let expected: BTreeMap<String, Expected> =
        serde_json::from_str(&read("expected.json")).expect("pages by case");
    let known: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_str(&read("known.json")).expect("options by extension");
    let statuses: BTreeMap<(String, String), OptionStatus> = option_statuses()
        .into_iter()
        .map(|(extension, option, status)| ((extension.to_owned(), option), status))
        .collect();

    let mut faults = String::new();
    let mut proven = BTreeSet::new();
    for case in &case {
        let name = case.name();
        let key = (case.extension.clone(), case.option.clone());
        let Some(expected) = expected.get(&name) else {
            panic!("{name} is missing in expected.json: run with UPDATE=1");
        };
        let fault = match statuses.get(&key) {
            Some(OptionStatus::Read) => fault(case, expected, &files),
            Some(OptionStatus::Named) => {
                let is_named = case.page(Some(&case.value), &files).is_named;
                (!is_named).then(|| "    it is not named\n".to_owned())
            }
            _ => Some("    nothing is to be proven\n".to_owned()),
        };
        if wanted
            .as_ref()
            .is_some_and(|wanted| name.starts_with(wanted))
        {
            let html = case.page(Some(&case.value), &files).html;
            println!("=== {name}\n{}\n{html}\n", case.text);
        }
        match fault {
            Some(fault) => faults.push_str(&format!("{name}\n{fault}")),
            None => drop(proven.insert(key)),
        }
    }
    faults.push_str(&unproven(&statuses, &proven));
    faults.push_str(&compare_with_reference(&statuses, &known, &files));
    let count = |wanted: OptionStatus| statuses.values().filter(|it| **it == wanted).count();
    println!(
        "{} options: {} read, {} named, {} needless",
        statuses.len(),
        count(OptionStatus::Read),
        count(OptionStatus::Named),
        count(OptionStatus::Needless),
    );
    assert!(faults.is_empty(), "{faults}");
}

/// The options without a case.
fn unproven(
    statuses: &BTreeMap<(String, String), OptionStatus>,
    proven: &BTreeSet<(String, String)>,
) -> String {
    let needs_case = |status: &OptionStatus| *status != OptionStatus::Needless;
    let mut open = statuses.iter().filter(|(_, status)| needs_case(status));
    let open = open
        .by_ref()
        .filter(|(key, _)| !proven.contains(*key))
        .map(|((extension, option), _)| format!("{extension} {option}\n    has no case\n"));
    open.collect()
}

/// The options that only one of the two has, and those that are named although they
/// have their defaults.
fn compare_with_reference(
    statuses: &BTreeMap<(String, String), OptionStatus>,
    known: &BTreeMap<String, BTreeMap<String, Value>>,
    files: &BTreeMap<String, String>,
) -> String {
    let mut faults = String::new();
    for (extension, options) in known {
        let site = MemorySite::with(
            &format!("markdown_extensions: [{extension}]\n"),
            &[("docs/index.md", "# A\n")],
        );
        let has = |rule: Rule| site.diagnostics().iter().any(|it| it.rule == rule);
        if has(Rule::UnknownExtension) {
            faults.push_str(&format!("{extension}\n    is not known\n"));
        }
        // What is lost without it is said of the whole extension.
        if has(Rule::UnsupportedExtension) || AS_PLUGINS.contains(&extension.as_str()) {
            continue;
        }
        for (option, default) in options {
            let key = (extension.clone(), option.clone());
            if !statuses.contains_key(&key) {
                faults.push_str(&format!("{extension} {option}\n    is not known\n"));
                continue;
            }
            let case = Case {
                extension: extension.clone(),
                option: option.clone(),
                value: default.to_string(),
                options: String::new(),
                with: Vec::new(),
                text: "# A\n".to_owned(),
                files: BTreeMap::new(),
            };
            if case.page(Some(&case.value), files).is_named {
                faults.push_str(&format!("{extension} {option}\n    its default is named\n"));
            }
        }
    }
    for (extension, option) in statuses.keys() {
        let options = known.get(extension);
        if !options.is_some_and(|options| options.contains_key(option)) {
            faults.push_str(&format!(
                "{extension} {option}\n    the reference has no such option\n"
            ));
        }
    }
    faults
}
