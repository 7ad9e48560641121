//! What plugins do to a site, on sites in memory. What is expected was taken
//! from the plugins themselves.

mod autorefs;
mod delivery;
mod exclude;
mod glightbox;
mod history;
mod include;
mod macro_variables;
mod macros;
mod missing;
mod nav_faults;
mod navs;
mod redirects;
mod rss;
mod search;
mod social;
mod social_rest;
mod tags;
mod typeset;
mod withheld;

use std::path::Path;

use crate::harness::memory::MemorySite as Site;

/// The files below a folder of a fixture, with their paths below `root`.
fn files_below(folder: &Path, root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of the fixture") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(root).expect("it is below the root");
            let below = below.to_str().expect("UTF-8").replace('\\', "/");
            let bytes = std::fs::read(&path).expect("a file of the fixture");
            files.push((below, bytes));
        }
    }
    files
}
