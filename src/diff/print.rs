//! Fingerprints of HTML, by which it is found out quickly that two versions are the
//! same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use memchr::memmem::Finder;

use crate::html::{self, Token};

/// A fingerprint of HTML, whatever lines of the source it comes from.
pub fn print(parts: &[&str]) -> u64 {
    const SOURCE: &str = " data-src=\"";
    let finder = Finder::new(SOURCE);
    let mut hasher = DefaultHasher::new();
    for part in parts {
        let mut rest = *part;
        while let Some(at) = finder.find(rest.as_bytes()) {
            rest[..at].hash(&mut hasher);
            let value = &rest[at + SOURCE.len()..];
            rest = value.split_once('"').map_or("", |(_, rest)| rest);
        }
        rest.hash(&mut hasher);
    }
    hasher.finish()
}

/// A fingerprint of HTML as it is.
pub fn print_with_sources(html: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    hasher.finish()
}

/// The addresses of the pictures and other files that an article shows, as they are
/// written.
pub fn shown(article: &str) -> Vec<String> {
    let mut shown = Vec::new();
    for (token, _) in html::tokens(article) {
        if let Token::Start { attributes, .. } = token
            && attributes.contains("src")
            && let Some(address) = html::attribute(attributes, "src")
        {
            shown.push(address.into_owned());
        }
    }
    shown.sort_unstable();
    shown.dedup();
    shown
}
