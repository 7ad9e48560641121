//! What `docs/reference/safety.md` promises: nothing is deleted that no build
//! made, no site is left half written, and what cannot be read is an error.

mod deletion;
mod endless;
#[cfg(unix)]
mod in_place;
mod interrupted;
mod links;
mod unreadable;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::harness::stderr as errors;

/// All files below a folder, links as what they say, with their bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("below").display();
            let kind = path.symlink_metadata().expect("there").file_type();
            if kind.is_dir() {
                walk(root, &path, found);
            } else if kind.is_file() {
                found.insert(name.to_string(), fs::read(&path).expect("a file"));
            } else {
                found.insert(name.to_string(), b"no file".to_vec());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}
