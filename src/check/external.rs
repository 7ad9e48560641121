//! Links to other sites: what is told of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Rule, sort_and_dedup};
use crate::fetch::external::LinkState;
use crate::session::Sites;
use crate::site::queries;

/// The addresses of other sites that pages name, in all languages.
pub fn external_addresses(sites: &Sites) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for edition in &sites.addresses().editions {
        let session = sites.session(edition);
        all.extend(session.ask(|db| queries::external_addresses(db)).1);
    }
    all
}

/// The problems of links to these addresses.
pub fn external_problems(sites: &Sites, states: &BTreeMap<String, LinkState>) -> Vec<Diagnostic> {
    let told = states.iter();
    let told: BTreeMap<String, Diagnostic> = told
        .filter_map(|(address, state)| Some((address.clone(), diagnostic(address, state)?)))
        .collect();
    let mut all = Vec::new();
    for edition in &sites.addresses().editions {
        let session = sites.session(edition);
        all.extend(session.ask(|db| queries::external_faults(db, &told)).1);
    }
    sort_and_dedup(all)
}

fn diagnostic(address: &str, state: &LinkState) -> Option<Diagnostic> {
    let (rule, message, help) = match state {
        LinkState::Alive => return None,
        LinkState::Moved(to) => (
            Rule::MovedLink,
            format!("`{address}` has moved for good"),
            format!("it is at `{to}` now"),
        ),
        LinkState::Dead(why) => (
            Rule::DeadLink,
            format!("`{address}` does not exist: {why}"),
            "correct it, or link to a copy in an archive".to_owned(),
        ),
        LinkState::Unknown(why) => (
            Rule::UncheckedLink,
            format!("`{address}` could not be checked: {why}"),
            "open it in a browser".to_owned(),
        ),
    };
    Some(Diagnostic::new(rule, message).help(help))
}
