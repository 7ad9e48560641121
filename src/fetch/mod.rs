//! Downloads files of other sites into the cache of the plugin `privacy`, and asks whether
//! links to other sites lead anywhere: the only room that opens connections to other
//! machines, and only for what it is told to ask for.
//!
//! What a download may cost is bounded: its time, its size, its redirects, and how many there
//! are at once, in all and to one host. Machines of private networks are not asked unless the
//! user allows it. Files are renamed into place once they are complete.

mod client;
pub mod external;
mod hosts;
mod private;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use parking_lot::Mutex;

use crate::plugins::privacy::{Downloaded, Downloads, Storage, Wanted};
use client::Client;
use hosts::Queue;
use store::Store;

/// What downloads may cost, and where they may come from.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long one download may take.
    pub time: Duration,
    /// How many bytes a file may have.
    pub bytes: u64,
    /// How many redirects are followed.
    pub redirects: u32,
    /// How many files are downloaded from one host at once.
    pub at_once_from_host: usize,
    /// Whether this machine and those of private networks may be asked.
    pub allows_private: bool,
    /// Whether the proxy in the environment is used (`HTTPS_PROXY`, `NO_PROXY`, ..).
    pub uses_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            bytes: 64 << 20,
            redirects: 10,
            at_once_from_host: 4,
            allows_private: false,
            uses_proxy: true,
        }
    }
}

/// Downloads files for one project.
#[derive(Debug)]
pub struct Fetcher {
    /// The project's folder, with all links resolved: nothing is written outside of it.
    root: PathBuf,
    limits: Limits,
    client: Client,
    /// What was in vain, with the reasons: it is not tried again.
    failed: Mutex<BTreeMap<Wanted, String>>,
}

impl Fetcher {
    /// A fetcher for the project in a folder.
    ///
    /// # Errors
    /// When the folder does not exist.
    pub fn new(root: &std::path::Path, limits: Limits) -> std::io::Result<Self> {
        Ok(Self {
            root: root.canonicalize()?,
            client: Client::new(&limits),
            limits,
            failed: Mutex::default(),
        })
    }

    /// Downloads files and stores them. Returns what failed, by files, with the reasons.
    fn fetch_all(
        &self,
        all: &[&Wanted],
        at_once: usize,
        store: &Store,
    ) -> BTreeMap<String, String> {
        let queue = Queue::new(all, self.limits.at_once_from_host);
        let failed = Mutex::new(BTreeMap::new());
        std::thread::scope(|scope| {
            for _ in 0..at_once.min(all.len()) {
                scope.spawn(|| {
                    while let Some(next) = queue.next() {
                        if let Err(why) = self.fetch(next.wanted, store) {
                            failed.lock().insert(next.wanted.file.clone(), why);
                        }
                    }
                });
            }
        });
        failed.into_inner()
    }

    /// Downloads one file and stores it.
    fn fetch(&self, wanted: &Wanted, store: &Store) -> Result<(), String> {
        let response = self.client.get(&wanted.url)?;
        store.keep(wanted, &response.bytes, &response.media_type)
    }
}

impl Downloads for Fetcher {
    fn download(&self, wanted: &BTreeSet<Wanted>, storage: &Storage) -> Downloaded {
        let mut downloaded = Downloaded::default();
        // Addresses that only differ in how they are asked for are one file; those that say
        // so come last, and count.
        let mut new: BTreeMap<&str, &Wanted> = BTreeMap::new();
        for wanted in wanted {
            match self.failed.lock().get(wanted) {
                Some(why) => drop(downloaded.failed.insert(wanted.clone(), why.clone())),
                None => drop(new.insert(&wanted.file, wanted)),
            }
        }
        if new.is_empty() {
            return downloaded;
        }
        let new: Vec<&Wanted> = new.into_values().collect();
        let failed = match Store::open(&self.root, storage) {
            Ok(store) => {
                let failed = self.fetch_all(&new, storage.at_once, &store);
                store.close(&mut downloaded);
                failed
            }
            Err(why) => {
                let all = new.iter().map(|it| (it.file.clone(), why.clone()));
                all.collect()
            }
        };
        for wanted in wanted {
            if let Some(why) = failed.get(&wanted.file) {
                downloaded.failed.insert(wanted.clone(), why.clone());
            }
        }
        self.failed.lock().extend(downloaded.failed.clone());
        downloaded
    }

    fn verify(&self, used: &BTreeSet<Wanted>, storage: &Storage) -> Vec<String> {
        let mut downloaded = Downloaded::default();
        if let Ok(store) = Store::open(&self.root, storage) {
            for wanted in used {
                store.verify(wanted);
            }
            store.close(&mut downloaded);
        }
        downloaded.notes
    }
}
