//! The Markdown dialect, case by case: every `tests/markdown/<construct>/<name>.md`
//! must render as the `.html` beside it, which is what the reference printed.
//!
//! `CASE=lists/loose cargo test --test markdown -- --nocapture` shows one case in
//! full (or all whose names begin so), whether it is equal or not. With `UPDATE=1`
//! the reference prints the `.html` files anew.

#[path = "../harness/mod.rs"]
mod harness;

mod colours;
mod difference;
mod html;
mod options;
mod options_page;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use harness::expected::{rewrite, rewrite_from_reference, updates};
use harness::in_repository;
use proofroom::files::SourcePath;
use proofroom::markdown::{Destination, Extension, MarkdownOptions, SiteAccess, Snippet, render};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The folder that snippets are read from; it holds no cases.
const INCLUDED: &str = "included";

/// How many lines of a case's differences are shown.
const SHOWN: usize = 14;

/// A site in which every link leads outside.
struct Cases {
    included: PathBuf,
}

impl SiteAccess for Cases {
    fn snippet(&self, name: &str) -> Option<Snippet> {
        let name = name.trim_start_matches('/');
        let path = SourcePath::new(name);
        if path.leads_out() {
            return None;
        }
        let text = fs::read_to_string(self.included.join(name)).ok()?;
        Some(Snippet {
            path,
            text: text.into(),
        })
    }

    fn file(&self, path: &str) -> Option<Snippet> {
        self.snippet(path)
    }

    fn image(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.included.join(path)).ok()
    }

    fn destination(&self, _: &str) -> Destination {
        Destination::Outside
    }

    fn icon(&self, shortcode: &str) -> Option<Arc<str>> {
        proofroom::icons::shortcode(shortcode)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    #[serde(default)]
    difference: Vec<Difference>,
}

/// A case that is known to differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    case: String,
    /// Why; begins with `not yet: ` unless it is on purpose.
    reason: String,
}

/// The Markdown files below `root`, by name: `lists/loose`.
fn cases(root: &Path) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for folder in fs::read_dir(root).expect("tests/markdown").flatten() {
        let construct = folder.file_name().into_string().expect("UTF-8");
        if !folder.path().is_dir() || construct == INCLUDED {
            continue;
        }
        for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
            let path = file.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let stem = path
                    .file_stem()
                    .and_then(|stem| stem.to_str())
                    .expect("UTF-8");
                found.insert(format!("{construct}/{stem}"), path);
            }
        }
    }
    found
}

/// The extensions of a folder: its own, or those of all.
fn options(folder: &Path) -> MarkdownOptions {
    let own = folder.join("extensions.json");
    let path = if own.exists() {
        own
    } else {
        folder.with_file_name("extensions.json")
    };
    let text = fs::read_to_string(&path).expect("extensions.json");
    let listed: Vec<(String, Map<String, Value>)> =
        serde_json::from_str(&text).expect("pairs of name and options");
    let extensions = listed.into_iter().map(|(name, mut options)| {
        options.values_mut().for_each(name_function);
        Extension { name, options }
    });
    MarkdownOptions::new(&extensions.collect::<Vec<_>>()).0
}

/// Makes of the tag of a Python function what the configuration makes of it: its name.
fn name_function(option: &mut Value) {
    if let Value::String(text) = option
        && let Some(name) = text.strip_prefix("!!python/name:")
    {
        *text = name.to_owned();
    }
}

/// A source as MkDocs reads it.
fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a case");
    text.strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned)
}

/// Why a case is not as the reference has it, if it is not.
fn fault(source: &str, expected: &str, options: &MarkdownOptions, site: &Cases) -> Option<String> {
    let path = SourcePath::new("case.md");
    let page = catch_unwind(AssertUnwindSafe(|| render(&path, source, 1, options, site)));
    let Ok(page) = page else {
        return Some("    it panicked\n".to_owned());
    };
    let (expected, found) = (html::normalise(expected), html::normalise(&page.html));
    (expected != found).then(|| difference::difference(&expected, &found, SHOWN))
}

/// What became of the cases.
#[derive(Default)]
struct Outcome {
    /// Those that are as the reference has them.
    equal: BTreeSet<String>,
    /// What differs in the others.
    faults: BTreeMap<String, String>,
}

/// Prints a case in full.
fn show(name: &str, source: &str, expected: &str, options: &MarkdownOptions, site: &Cases) {
    let html = catch_unwind(AssertUnwindSafe(|| {
        render(&SourcePath::new("case.md"), source, 1, options, site).html
    }));
    let html = html.unwrap_or_else(|_| "it panicked".to_owned());
    println!("=== {name}\n{source}\n--- reference\n{expected}\n--- proofroom\n{html}\n");
}

/// Renders the cases; where some are `wanted`, those whose names begin so are also
/// shown, and no others rendered.
fn run(root: &Path, wanted: Option<&str>) -> Outcome {
    let site = Cases {
        included: root.join(INCLUDED),
    };
    let mut by_folder: BTreeMap<PathBuf, MarkdownOptions> = BTreeMap::new();
    let mut outcome = Outcome::default();
    for (name, path) in cases(root) {
        if wanted.is_some_and(|wanted| !name.starts_with(wanted)) {
            continue;
        }
        let folder = path.parent().expect("a folder").to_owned();
        let options = by_folder
            .entry(folder.clone())
            .or_insert_with(|| options(&folder));
        let source = read(&path);
        let expected = fs::read_to_string(path.with_extension("html"))
            .unwrap_or_else(|_| panic!("{name}.html is missing: run with UPDATE=1"));
        if wanted.is_some() {
            show(&name, &source, &expected, options, &site);
        }
        match fault(&source, &expected, options, &site) {
            None => drop(outcome.equal.insert(name)),
            Some(fault) => drop(outcome.faults.insert(name, fault)),
        }
    }
    outcome
}

/// The cases that are known to differ.
fn known_differences(root: &Path) -> Vec<Difference> {
    let text = fs::read_to_string(root.join("differences.toml")).expect("differences.toml");
    let listed: Differences = toml::from_str(&text).expect("a list of differences");
    listed.difference
}

/// Takes the cases that are equal by now out of the list of differences.
fn shorten_list_of_differences(root: &Path, equal: &BTreeSet<String>) {
    let path = root.join("differences.toml");
    let text = fs::read_to_string(&path).expect("differences.toml");
    let mut entries = text.split("[[difference]]");
    let mut kept = entries.next().expect("a beginning").to_owned();
    for entry in entries {
        let case = entry.split('"').nth(1).expect("a case");
        if !equal.contains(case) {
            kept.push_str("[[difference]]");
            kept.push_str(entry);
        }
    }
    rewrite(&path, &(kept.trim_end().to_owned() + "\n"));
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "which case to show is for whoever runs the test"
)]
fn pages_are_as_the_reference_prints_them() {
    let root = in_repository("tests/markdown");
    let wanted = std::env::var("CASE").ok();
    if updates() {
        let cases: Vec<&str> = wanted.iter().map(String::as_str).collect();
        rewrite_from_reference("write_markdown.py", &cases);
    }
    let outcome = run(&root, wanted.as_deref());
    if updates() {
        shorten_list_of_differences(&root, &outcome.equal);
    }
    let listed = known_differences(&root);
    let is_listed = |name: &String| listed.iter().any(|it| it.case == *name);
    let failed: String = outcome
        .faults
        .iter()
        .filter(|(name, _)| wanted.is_some() || !is_listed(name))
        .map(|(name, fault)| format!("{name}\n{fault}"))
        .collect();
    assert!(
        failed.is_empty(),
        "cases differ from the reference (-) in what is found (+):\n{failed}"
    );
    if wanted.is_none() {
        check_list_of_differences(&listed, &outcome);
    }
}

#[test]
fn every_extension_has_cases() {
    let root = in_repository("tests/markdown");
    let folders = fs::read_dir(&root).expect("tests/markdown").flatten();
    let files = folders.map(|folder| folder.path().join("extensions.json"));
    let files = files.chain([root.join("extensions.json")]);
    let enabled: String = files.filter_map(|it| fs::read_to_string(it).ok()).collect();
    let options = fs::read_to_string(root.join("options/cases.toml")).expect("cases of options");
    let page = fs::read_to_string(in_repository("docs/reference/markdown.md"))
        .expect("the list of extensions");
    let (_, table) = page
        .split_once("| extension | what it adds |")
        .expect("the table of extensions");
    let rows = table.lines().skip(1).take_while(|row| row.starts_with('|'));
    for name in rows.filter_map(|row| row.strip_prefix("| `")?.split('`').next()) {
        let written = match name.strip_suffix('*') {
            Some(start) => format!("[\"{start}"),
            None => format!("[\"{name}\""),
        };
        let has_option = options.contains(&format!("extension = \"{name}\""));
        assert!(
            has_option || enabled.contains(&written),
            "no extensions.json below tests/markdown enables `{name}`"
        );
    }
}

/// The list has no case that is equal or missing, and a reason for each.
fn check_list_of_differences(listed: &[Difference], outcome: &Outcome) {
    for Difference { case, reason } in listed {
        assert!(
            !outcome.equal.contains(case),
            "`{case}` is equal by now: take it out of differences.toml, or run with UPDATE=1"
        );
        assert!(
            outcome.faults.contains_key(case),
            "differences.toml names `{case}`, which does not exist"
        );
        assert!(reason.len() > "not yet: ".len(), "`{case}` has no reason");
    }
}
