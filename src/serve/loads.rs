//! What tabs have loaded from the site.
//!
//! A tab reports every address that its page asked for, by whatever means: the browser
//! keeps a record of them. So nothing has to be known about how pages, style sheets and
//! scripts name what they load.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Deserialize;

/// The most addresses that are known of a tab; a map of tiles may load thousands.
const MOST: usize = 4000;
/// The longest address, in bytes.
const LONGEST: usize = 2000;
/// How many requests of scripts are remembered.
const REMEMBERED: usize = 10_000;

/// Changes when an answer does; `None` where there is nothing.
pub(super) type Stamp = Option<(u64, u128)>;

/// The paths of this server that a tab has loaded.
pub(super) type Loads = BTreeSet<String>;

/// An address that a tab has loaded.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Load {
    /// Its path, decoded.
    pub(super) path: String,
    /// How long ago it was requested, in milliseconds.
    pub(super) age: u64,
}

/// Adds what a tab reports. `None` if all of it was known.
pub(super) fn with(loads: &Arc<Loads>, report: &[Load]) -> Option<Arc<Loads>> {
    let is_new = |load: &&Load| load.path.len() <= LONGEST && !loads.contains(&load.path);
    let new = report.iter().filter(is_new);
    let new: Vec<String> = new.map(|load| load.path.clone()).collect();
    let room = MOST.saturating_sub(loads.len());
    if new.is_empty() || room == 0 {
        return None;
    }
    let mut loads = Loads::clone(loads);
    loads.extend(new.into_iter().take(room));
    Some(Arc::new(loads))
}

/// What scripts have requested by themselves. The record of a page lacks what its
/// workers load.
#[derive(Debug, Default)]
pub(super) struct ScriptRequests {
    of: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

impl ScriptRequests {
    /// Remembers a request. True if it is new.
    pub(super) fn note(&self, script: String, path: &str) -> bool {
        let mut of = self.of.lock();
        let known = of.values().map(BTreeSet::len).sum::<usize>();
        let requests = of.entry(script).or_default();
        known < REMEMBERED && requests.insert(path.to_owned())
    }

    /// What a tab that shows an address has loaded, with what the scripts among it have.
    pub(super) fn reach(&self, address: &str, loads: &Arc<Loads>) -> Arc<Loads> {
        let of = self.of.lock();
        let mut reach: Option<Loads> = None;
        // A worker may start another one.
        loop {
            let now = reach.as_ref().unwrap_or(loads);
            let is_run = |script: &String| script == address || now.contains(script);
            let scripts = of.iter().filter(|(script, _)| is_run(script));
            let more = scripts.flat_map(|(_, requests)| requests);
            let more: Vec<String> = more.filter(|it| !now.contains(*it)).cloned().collect();
            if more.is_empty() {
                return reach.map_or_else(|| loads.clone(), Arc::new);
            }
            reach
                .get_or_insert_with(|| Loads::clone(loads))
                .extend(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{LONGEST, Load, Loads, MOST, ScriptRequests, with};

    fn load(path: &str) -> Load {
        Load {
            path: path.to_owned(),
            age: 0,
        }
    }

    fn loads(paths: &[&str]) -> Arc<Loads> {
        Arc::new(paths.iter().map(|path| (*path).to_owned()).collect())
    }

    #[test]
    fn a_tab_reports_no_more_than_can_be_kept() {
        let none = Arc::new(Loads::new());
        let some = with(&none, &[load("/a.css"), load("/b.png")]).expect("new");
        assert_eq!(some, loads(&["/a.css", "/b.png"]));
        assert_eq!(with(&some, &[load("/a.css")]), None);
        assert_eq!(with(&some, &[load(&"x".repeat(LONGEST + 1))]), None);
        let many: Vec<Load> = (0..2 * MOST).map(|it| load(&it.to_string())).collect();
        let full = with(&some, &many).expect("new");
        assert_eq!(full.len(), MOST);
        assert_eq!(with(&full, &[load("/c.css")]), None);
    }

    #[test]
    fn what_workers_request_belongs_to_the_tab() {
        let requests = ScriptRequests::default();
        assert!(requests.note("/w.js".to_owned(), "/v.js"));
        assert!(requests.note("/v.js".to_owned(), "/data.json"));
        assert!(!requests.note("/v.js".to_owned(), "/data.json"));
        assert!(requests.note("/other.js".to_owned(), "/other.json"));
        let reach = requests.reach("/a/", &loads(&["/w.js"]));
        assert_eq!(reach, loads(&["/data.json", "/v.js", "/w.js"]));
        // Not every browser records workers themselves.
        assert!(requests.note("/b/".to_owned(), "/w.js"));
        let reach = requests.reach("/b/", &loads(&[]));
        assert_eq!(reach, loads(&["/data.json", "/v.js", "/w.js"]));
        let alone = loads(&["/a.css"]);
        assert!(Arc::ptr_eq(&requests.reach("/a/", &alone), &alone));
    }
}
