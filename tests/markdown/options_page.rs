//! The options in `docs/reference/markdown.md`: the page lists what the program reads.
//! `UPDATE=1` writes that table anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proofroom::markdown::{OptionStatus, option_statuses};

use crate::harness::expected::{rewrite, updates};
use crate::harness::in_repository;

const HEAD: &str = "| extension | options that are read | no effect, with a note | nothing to do |\n\
                    | --- | --- | --- | --- |\n";

/// The rows for the extensions that have options, sorted by name.
fn rows() -> String {
    let mut names = BTreeSet::new();
    let mut cells: BTreeMap<(&str, OptionStatus), Vec<String>> = BTreeMap::new();
    for (extension, option, status) in option_statuses() {
        names.insert(extension);
        let cell = cells.entry((extension, status)).or_default();
        cell.push(format!("`{option}`"));
    }
    let mut rows = String::new();
    for name in names {
        rows.push_str(&format!("| `{name}` |"));
        for status in [
            OptionStatus::Read,
            OptionStatus::Named,
            OptionStatus::Needless,
        ] {
            let mut options = cells.remove(&(name, status)).unwrap_or_default();
            options.sort();
            let space = if options.is_empty() { "" } else { " " };
            rows.push_str(&format!("{space}{} |", options.join(", ")));
        }
        rows.push('\n');
    }
    rows
}

#[test]
fn the_reference_lists_what_is_read() {
    let path = in_repository("docs/reference/markdown.md");
    let page = fs::read_to_string(&path).expect("the page of the reference");
    let (before, rest) = page.split_once(HEAD).expect("the table of options");
    let is_row = |line: &&str| line.starts_with('|');
    let table = rest.split_inclusive('\n').take_while(is_row);
    let (listed, behind) = rest.split_at(table.map(str::len).sum());
    let rows = rows();
    if updates() {
        rewrite(&path, &format!("{before}{HEAD}{rows}{behind}"));
    } else {
        assert_eq!(listed, rows, "run with UPDATE=1 to write the table anew");
    }
}
