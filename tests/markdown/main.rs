//! The Markdown dialect, case by case: every `tests/markdown/<construct>/<name>.md`
//! must render as the `.html` beside it, which is what the reference printed.
//!
//! `CASE=lists/loose cargo test --test markdown` shows one case in full (or all
//! whose name begins so), whether it is equal or not.

mod difference;
mod html;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proofroom::files::SourcePath;
use proofroom::markdown::{Destination, Extension, Options, Snippet, Surroundings, render};
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

impl Surroundings for Cases {
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
fn options(folder: &Path) -> Options {
    let own = folder.join("extensions.json");
    let path = if own.exists() {
        own
    } else {
        folder.with_file_name("extensions.json")
    };
    let text = fs::read_to_string(&path).expect("extensions.json");
    let listed: Vec<(String, Map<String, Value>)> =
        serde_json::from_str(&text).expect("pairs of name and options");
    let extensions = listed
        .into_iter()
        .map(|(name, options)| Extension { name, options });
    Options::new(&extensions.collect::<Vec<_>>()).0
}

/// A source as MkDocs reads it.
fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a case");
    text.strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned)
}

/// Why a case is not as the reference has it, if it is not.
fn fault(source: &str, expected: &str, options: &Options, site: &Cases) -> Option<String> {
    let path = SourcePath::new("case.md");
    let page = catch_unwind(AssertUnwindSafe(|| render(&path, source, 1, options, site)));
    let Ok(page) = page else {
        return Some("    it panicked\n".to_owned());
    };
    let (expected, found) = (html::normalise(expected), html::normalise(&page.html));
    (expected != found).then(|| difference::difference(&expected, &found, SHOWN))
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "which case to show is for whoever runs the test"
)]
fn renders_as_the_reference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markdown");
    let site = Cases {
        included: root.join(INCLUDED),
    };
    let listed = fs::read_to_string(root.join("differences.toml")).expect("differences.toml");
    let listed: Differences = toml::from_str(&listed).expect("a list of differences");
    let listed: BTreeMap<&str, &str> = listed
        .difference
        .iter()
        .map(|it| (it.case.as_str(), it.reason.as_str()))
        .collect();
    let cases = cases(&root);
    let wanted = std::env::var("CASE").ok();
    let mut by_folder: BTreeMap<&Path, Options> = BTreeMap::new();
    let (mut failed, mut equal) = (String::new(), BTreeSet::new());
    let mut count = 0;
    for (name, path) in &cases {
        if wanted
            .as_ref()
            .is_some_and(|wanted| !name.starts_with(wanted.as_str()))
        {
            continue;
        }
        let folder = path.parent().expect("a folder");
        let options = by_folder.entry(folder).or_insert_with(|| options(folder));
        let source = read(path);
        let expected = fs::read_to_string(path.with_extension("html"))
            .unwrap_or_else(|_| panic!("{name}.html is missing"));
        let fault = fault(&source, &expected, options, &site);
        if wanted.is_some() {
            let html = catch_unwind(AssertUnwindSafe(|| {
                render(&SourcePath::new("case.md"), &source, 1, options, &site).html
            }));
            println!(
                "=== {name}\n{source}\n--- reference\n{expected}\n--- proofroom\n{}\n",
                html.unwrap_or_default()
            );
        }
        match fault {
            None => {
                equal.insert(name.as_str());
            }
            Some(fault) if wanted.is_some() || !listed.contains_key(name.as_str()) => {
                count += 1;
                failed.push_str(&format!("{name}\n{fault}"));
            }
            Some(_) => {}
        }
    }
    assert!(
        count == 0,
        "{count} cases differ from the reference (-) in what is found (+):\n{failed}"
    );
    if wanted.is_none() {
        let solved: Vec<_> = listed.keys().filter(|name| equal.contains(*name)).collect();
        assert!(
            solved.is_empty(),
            "equal after all, take them out of differences.toml: {solved:#?}"
        );
        let unknown: Vec<_> = listed
            .keys()
            .filter(|name| !cases.contains_key(**name))
            .collect();
        assert!(
            unknown.is_empty(),
            "differences.toml names cases that do not exist: {unknown:#?}"
        );
        assert!(
            listed
                .values()
                .all(|reason| reason.len() > "not yet: ".len()),
            "every difference has a reason"
        );
    }
}
