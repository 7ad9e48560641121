//! The same sources in other trees.

use std::sync::Arc;

use proofroom::files::{Memory, Overlay, SourcePath, System as _};

use crate::content::{BESIDE, OTHERS, PAGES};

/// The same texts over the same files, seen for the first time.
pub fn over(files: &Memory, overlay: &Overlay) -> Overlay {
    let copy = Overlay::new(Arc::new(files.copy()));
    for path in overlay.paths() {
        let text = String::from_utf8(overlay.read(&path).expect("it has a text"));
        let _ = copy.set(&path, text.expect("it is a text"));
    }
    copy
}

/// A tree that has the texts over another as files of its own, in the place of
/// whatever cannot be there with them.
pub fn merged(files: &Memory, overlay: &Overlay) -> Memory {
    let merged = files.copy();
    for path in overlay.paths() {
        merged.remove(&path);
        for above in std::iter::successors(path.parent(), SourcePath::parent) {
            // In memory, a file may have others below it; those stay.
            let mut files = merged.files();
            if files.remove(&above).is_some() {
                merged.remove(&above);
                for (path, bytes) in files {
                    merged.write(&path, bytes);
                }
            }
        }
        let beside = BESIDE.iter().map(|(path, _)| path);
        for locked in PAGES
            .iter()
            .chain(&OTHERS)
            .chain(beside)
            .chain(&["docs/sub"])
        {
            let locked = SourcePath::new(locked);
            if locked.below(&path).is_some() {
                merged.lock(&locked, false);
            }
        }
        merged.write(&path, overlay.read(&path).expect("it has a text"));
    }
    merged
}
