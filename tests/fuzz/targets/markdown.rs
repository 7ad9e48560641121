//! Any text makes a page: no panic, no time-out, and the same text makes the
//! same page.
#![no_main]

#[path = "sets.rs"]
mod sets;

use libfuzzer_sys::fuzz_target;
use proofroom::files::SourcePath;
use proofroom::markdown::render;
use sets::{SETS, Site};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let path = SourcePath::new("page.md");
    for options in &*SETS {
        let body = render(&path, &text, 1, options, &Site);
        assert!(body.html.chars().all(|it| !('\u{FDD0}'..='\u{FDEF}').contains(&it)));
    }
});
