//! Turns addresses in templates into addresses relative to a page.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};

use crate::url;

/// An address relative to a page that leads outside its site. The filter `url`
/// leaves it as it is.
#[derive(Debug)]
pub(super) struct RelativeAddress(pub(super) String);

impl Object for RelativeAddress {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address in a template, relative to the page at `page`, or to `base` if no
/// page is being rendered.
///
/// Addresses with a scheme, a host or a leading slash are returned unchanged.
/// Source: MkDocs' `normalize_url`.
pub(super) fn normalise(address: &str, page: Option<&str>, base: &str) -> String {
    let address = address.replace('\\', "/");
    let target = if address.is_empty() { "." } else { &address };
    if url::is_absolute(target) || target.starts_with('#') {
        return address;
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

/// How many folders up a path leads before it leads down.
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
