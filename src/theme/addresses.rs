//! Addresses as templates write them, and what a page sees them as.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};

use crate::url;

/// The way from a page to what lies outside of its site; the filter `url`
/// leaves it as it is.
#[derive(Debug)]
pub(super) struct Way(pub(super) String);

impl Object for Way {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address as a template writes it, seen from the page at `page`, or from
/// `base` where no page is being rendered.
///
/// Addresses with a scheme, a host or a leading slash stay as they are.
/// Source: MkDocs' `normalize_url`.
pub(super) fn normalise(written: &str, page: Option<&str>, base: &str) -> String {
    let written = written.replace('\\', "/");
    let target = if written.is_empty() { "." } else { &written };
    if url::is_absolute(target) || target.starts_with('#') {
        return written;
    }
    let Some(page) = page else {
        let slash = if base.is_empty() || base.ends_with('/') {
            ""
        } else {
            "/"
        };
        return format!("{base}{slash}{target}");
    };
    let above = "../".repeat(steps_up(target));
    format!("{above}{}", url::relative_as_written(target, page))
}

/// How many folders above its own a path begins.
fn steps_up(path: &str) -> usize {
    let (mut depth, mut above) = (0_usize, 0);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => above += 1,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    above
}
