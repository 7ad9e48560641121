//! Links to other sites.

use std::collections::{BTreeMap, BTreeSet};

use super::{body, files, page_faults};
use crate::diagnostic::{Diagnostic, sort_and_dedup};
use crate::html::{self, Token};
use crate::markdown::{Body, Destination, Link};
use crate::site::Db;

/// An address of another site as a server is asked for it: without its fragment. `None` for
/// everything else.
fn asked(written: &str) -> Option<&str> {
    let scheme = written.split("://").next().unwrap_or_default();
    let is_web = ["http", "https"]
        .iter()
        .any(|it| scheme.eq_ignore_ascii_case(it));
    let is_whole = written.len() > scheme.len() + "://".len();
    if !is_web || !is_whole {
        return None;
    }
    written.split('#').next()
}

fn address(link: &Link) -> Option<&str> {
    if link.destination != Destination::Outside {
        return None;
    }
    asked(&link.written)
}

/// The addresses in elements of HTML that are written as such.
fn in_html(body: &Body) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (token, _) in html::tokens(&body.html) {
        let Token::Start {
            name, attributes, ..
        } = token
        else {
            continue;
        };
        let key = match name.to_ascii_lowercase().as_str() {
            "a" => "href",
            "img" => "src",
            _ => continue,
        };
        if let Some(value) = html::attribute(attributes, key)
            && let Some(address) = asked(&value)
        {
            found.insert(address.to_owned());
        }
    }
    for link in &body.links {
        if let Some(address) = address(link) {
            found.remove(address);
        }
    }
    found
}

/// The addresses of other sites that links and images on pages name.
pub fn external_addresses(db: &dyn Db) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for page in &files(db).pages {
        let body = body(db, page.entry);
        addresses.extend(body.links.iter().filter_map(address).map(str::to_owned));
        addresses.extend(in_html(&body));
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
        let other = in_html(&body).into_iter();
        let other = other.filter_map(|address| Some((told.get(&address)?.clone(), address)));
        let other: Vec<_> = other.collect();
        all.extend(page_faults::of_texts(db, page.entry, other));
    }
    sort_and_dedup(all)
}
