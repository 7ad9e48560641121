//! Links to other sites.

use std::collections::{BTreeMap, BTreeSet};

use super::{body, files, page_faults};
use crate::diagnostic::{Diagnostic, sort_and_dedup};
use crate::markdown::{Destination, Link};
use crate::site::Db;

/// The address of a link to another site, as a server is asked for it: without its fragment.
fn address(link: &Link) -> Option<&str> {
    let is_web = |it: &&str| {
        let scheme = it.split("://").next().unwrap_or_default();
        it.len() > scheme.len()
            && (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
    };
    if link.destination != Destination::Outside {
        return None;
    }
    let written = Some(link.written.as_str()).filter(is_web)?;
    written.split('#').next()
}

/// The addresses of other sites that links and images on pages name.
pub fn external_addresses(db: &dyn Db) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for page in &files(db).pages {
        let body = body(db, page.entry);
        addresses.extend(body.links.iter().filter_map(address).map(str::to_owned));
    }
    addresses
}

/// What is told of addresses of other sites, at each link to them.
pub fn external_faults(db: &dyn Db, told: &BTreeMap<String, Diagnostic>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for page in &files(db).pages {
        let body = body(db, page.entry);
        let found = body.links.iter();
        let found = found.filter_map(|link| Some((link, told.get(address(link)?)?.clone())));
        all.extend(page_faults::of_links(db, page.entry, found.collect()));
    }
    sort_and_dedup(all)
}
