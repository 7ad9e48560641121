//! The fixes in the report of `check`, applied as an editor would.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Site, stderr, stdout};

/// Everything that a check reports.
fn report(site: &Site) -> Vec<Value> {
    let output = site.run(&["check", "--format", "json"]);
    let lines = str::from_utf8(&output.stdout).expect("UTF-8").lines();
    lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// A text to be written in the place of another, on one line of a file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Fix {
    path: String,
    line: usize,
    /// Columns, counted from 1.
    columns: (usize, usize),
    text: String,
}

impl Fix {
    /// The fix of a diagnostic, if it has one.
    fn of(diagnostic: &Value) -> Option<Self> {
        let fix = &diagnostic["fix"];
        let span = &fix["span"];
        let number = |of: &Value| {
            let number = of.as_u64().expect("a number");
            usize::try_from(number).expect("small")
        };
        let path = span["path"].as_str()?.to_owned();
        assert_eq!(span["line"], span["end"]["line"]);
        Some(Self {
            path,
            line: number(&span["line"]),
            columns: (number(&span["column"]), number(&span["end"]["column"])),
            text: fix["text"].as_str().expect("a text").to_owned(),
        })
    }

    /// Writes it.
    fn apply(&self, site: &Site) {
        let source = site.read(&self.path);
        let mut lines: Vec<String> = source.split('\n').map(str::to_owned).collect();
        let line = &mut lines[self.line - 1];
        let (start, end) = self.columns;
        let before: String = line.chars().take(start - 1).collect();
        let after: String = line.chars().skip(end - 1).collect();
        *line = before + &self.text + &after;
        site.write(&self.path, lines.join("\n"));
    }
}

/// Applies every fix of a report; returns the rules with the texts of the fixes.
fn apply_fixes(site: &Site) -> BTreeSet<(String, String)> {
    let report = report(site);
    let fixes = report.iter().filter_map(|it| Some((it, Fix::of(it)?)));
    let fixes: Vec<(&Value, Fix)> = fixes.collect();
    let rule = |it: &Value| it["rule"].as_str().expect("a rule").to_owned();
    let applied = fixes.iter().map(|(it, fix)| (rule(it), fix.text.clone()));
    let applied = applied.collect();
    let fixes: BTreeSet<Fix> = fixes.into_iter().map(|(_, fix)| fix).collect();
    // From the end of each file, so that columns stay as they were reported.
    for fix in fixes.iter().rev() {
        fix.apply(site);
    }
    applied
}

/// A site with a mistake of every kind that has a fix.
fn site_with_mistakes() -> Site {
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nrepo_ulr: https://example.org/r\nplugins: [serach]\n\
             markdown_extensions:\n  - 'admonitoin'\n  - pymdownx.snippets\n\
             validation:\n  links:\n    anchors: warn\nnav:\n  - Home: index.md\n  - Guide: \"guide/instal.md\"\n",
        ),
        (
            "docs/index.md",
            "# Hôme\n\n`[x](guide/instal.md)` guide/instal.md, see [ü](guide/instal.md#fisrt \"t\").\n\n\
             --8<-- \"parts/on.txt\"\n\n[first](guide/install.md#fisrt)\n",
        ),
        ("docs/guide/install.md", "# Install\n\n## First\n"),
        ("docs/other.md", "# Other\n"),
        ("parts/one.txt", "one\n"),
    ])
}

/// A fix is certain: applied where it says, it repairs what it is for and changes
/// nothing else.
#[test]
fn fixes_of_a_report_mend_the_site() {
    let site = site_with_mistakes();
    let mut fixed = apply_fixes(&site);
    // One link is mended by two fixes: its page, and then its anchor.
    fixed.extend(apply_fixes(&site));
    let expected = [
        ("missing-anchor", "#first"),
        ("missing-nav-page", "guide/install.md"),
        ("missing-page", "guide/install.md"),
        ("missing-snippet", "parts/one.txt"),
        ("unknown-extension", "admonition"),
        ("unknown-key", "repo_url"),
        ("unknown-plugin", "search"),
    ];
    let expected = expected.map(|(rule, text)| (rule.to_owned(), text.to_owned()));
    assert_eq!(fixed.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(
        site.read("docs/index.md"),
        "# Hôme\n\n`[x](guide/instal.md)` guide/instal.md, see [ü](guide/install.md#first \"t\").\n\n\
         --8<-- \"parts/one.txt\"\n\n[first](guide/install.md#first)\n"
    );
    let config = site.read("mkdocs.yml");
    for part in [
        "repo_url:",
        "[search]",
        "'admonition'",
        "\"guide/install.md\"",
    ] {
        assert!(config.contains(part), "{config}");
    }
    let left: Vec<_> = report(&site)
        .into_iter()
        .filter(|it| it["severity"] != "note")
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// The flag does what an editor would, and nothing else.
#[test]
fn the_flag_applies_all_fixes() {
    let site = site_with_mistakes();
    let other = site.read("docs/other.md");
    let dry = site.run(&["check", "--fix", "--dry-run"]);
    let (shown, said) = (stdout(&dry), stderr(&dry));
    let head = "--- docs/index.md\n+++ docs/index.md\n@@ -3 +3 @@\n";
    assert!(shown.contains(head), "{shown}");
    assert!(shown.contains("\n+--8<-- \"parts/one.txt\"\n"), "{shown}");
    assert!(said.contains("in 2 files can be fixed"), "{said}");
    let untouched = site_with_mistakes();
    for file in ["docs/index.md", "mkdocs.yml"] {
        assert_eq!(site.read(file), untouched.read(file));
    }
    let fixed = site.run(&["check", "--fix", "--strict"]);
    assert!(fixed.status.success(), "{}", stderr(&fixed));
    assert!(stdout(&fixed).contains(head), "{}", stdout(&fixed));
    assert_eq!(
        site.read("docs/index.md"),
        "# Hôme\n\n`[x](guide/instal.md)` guide/instal.md, see [ü](guide/install.md#first \"t\").\n\n\
         --8<-- \"parts/one.txt\"\n\n[first](guide/install.md#first)\n"
    );
    assert_eq!(site.read("docs/other.md"), other);
    let again = site.run(&["check", "--fix"]);
    let said = stderr(&again);
    assert!(said.contains("Nothing to fix."), "{said}");
}

/// Line endings, a byte order mark and a lack of a last line break stay.
#[test]
fn a_fix_keeps_the_rest_of_its_file() {
    let before = "\u{feff}# A\r\n\r\n[a](instal.md)\r\nend [b](instal.md)";
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/install.md", "# Install\n"),
        ("docs/index.md", before),
    ]);
    site.run_successfully(&["check", "--fix", "--strict"]);
    let after = before.replace("instal.md", "install.md");
    assert_eq!(site.read("docs/index.md"), after);
    let left = std::fs::read_dir(site.path("docs")).expect("a folder");
    assert_eq!(left.count(), 2);
}

#[test]
fn a_fix_that_makes_another_problem_is_refused_with_the_reason() {
    let page = "# A\n\n[a](instal.md#wombat)\n";
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nvalidation: {links: {anchors: warn}}\n",
        ),
        ("docs/install.md", "# Install\n"),
        ("docs/index.md", page),
    ]);
    let output = site.run(&["check", "--fix"]);
    let said = stderr(&output);
    let expected = "not fixed: docs/index.md:3:5: missing-page: it would lead to another problem";
    assert!(said.contains(expected), "{said}");
    assert_eq!(site.read("docs/index.md"), page);
}
