use std::borrow::Cow;

use regex::{Captures, Match};

use super::address::written;
use super::{Address, Copier, FindCopy, Needs, Settings};
use crate::url;

/// A style sheet or script at `path` below the site that names copies of the files of other
/// sites. `None` if it names none of them. A copy itself (`is_copy`) is also written anew if
/// the ends of its lines are not those of Unix, or it begins with a byte order mark.
///
/// Scripts name scripts by their path on the server, because nobody knows where their
/// addresses are relative to; the plugin puts the site's address before it.
pub fn with_copies(
    text: &str,
    path: &str,
    is_copy: bool,
    settings: &Settings,
    find: FindCopy<'_>,
) -> (Option<String>, Needs) {
    let mut copier = Copier::new(settings, find);
    let Some(regex) = settings.expression(path) else {
        return (None, Needs::default());
    };
    if !settings.assets {
        return (None, Needs::default());
    }
    let text = plain(text);
    // Files with other endings only have downloaded what they name.
    let is_changed = path.ends_with(".css") || path.ends_with(".js");
    let mut changed: Option<String> = None;
    let mut kept = 0;
    for found in regex.captures_iter(&text) {
        let (Some(whole), Some(address)) = (found.get(0), address_in(&found)) else {
            continue;
        };
        let Some(copy) = copier.copy(&Address::parse(address.as_str())) else {
            continue;
        };
        let mut local = if copy.ends_with(".js") {
            format!("{}{}", settings.base, written(&copy))
        } else {
            url::relative_as_written(&written(&copy), path)
        };
        if let Some((_, fragment)) = address.as_str().split_once('#') {
            local.push('#');
            local.push_str(fragment);
        }
        if is_changed {
            let to = changed.get_or_insert_with(|| String::with_capacity(text.len()));
            to.push_str(&text[kept..whole.start()]);
            to.push_str(&whole.as_str().replace(address.as_str(), &local));
            kept = whole.end();
        }
    }
    if let Some(to) = &mut changed {
        to.push_str(&text[kept..]);
    }
    let anew = match text {
        Cow::Owned(text) if is_copy && is_changed => Some(text),
        _ => None,
    };
    (changed.or(anew), copier.needs)
}

/// The address in what an expression has found.
pub(super) fn address_in<'t>(found: &Captures<'t>) -> Option<Match<'t>> {
    let mut names = ["url", "double", "single"].into_iter();
    names.find_map(|name| found.name(name))
}

/// A text as Python reads files: without a byte order mark, and with the ends of lines that
/// Unix has.
fn plain(text: &str) -> Cow<'_, str> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    if memchr::memchr(b'\r', bare.as_bytes()).is_some() {
        return Cow::Owned(bare.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if bare.len() < text.len() {
        return Cow::Owned(bare.to_owned());
    }
    Cow::Borrowed(text)
}
