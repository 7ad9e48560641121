//! Links that are not encrypted.

use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::{Body, Link};

/// How links that are not encrypted are counted: see
/// [`Outline::lints`](crate::markdown::Outline::lints).
pub const INSECURE: &str = "insecure-link";

/// The diagnostic for a link that is not encrypted.
pub fn insecure_link(link: &Link) -> Option<Diagnostic> {
    if !is_insecure(&link.written) {
        return None;
    }
    let message = format!("`{}` is not encrypted", link.written);
    let diagnostic = Diagnostic::new(Rule::InsecureLink, message);
    Some(diagnostic.help("write `https://` if that site answers there"))
}

/// How many links of a page are not encrypted.
pub fn insecure_links(body: &Body) -> usize {
    let links = body.links.iter();
    links.filter(|link| is_insecure(&link.written)).count()
}

/// Whether an address is that of another machine that is asked without encryption. Names
/// for examples, for this machine and of networks that encrypt by themselves do not count.
fn is_insecure(written: &str) -> bool {
    const ENDS: [&str; 12] = [
        "localhost",
        ".local",
        ".lan",
        ".internal",
        ".test",
        ".invalid",
        ".example",
        "example.com",
        "example.org",
        "example.net",
        ".onion",
        ".i2p",
    ];
    const BEGINS: [&str; 5] = ["127.", "10.", "192.168.", "0.0.0.0", "[::1]"];
    let scheme = written
        .get(..7)
        .filter(|it| it.eq_ignore_ascii_case("http://"));
    let Some(rest) = scheme.and_then(|scheme| written.get(scheme.len()..)) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = if host.starts_with('[') {
        host
    } else {
        host.split(':').next().unwrap_or_default()
    };
    let name = name.to_ascii_lowercase();
    name.contains(['.', ':'])
        && !name.contains("127.0.0.1")
        && !ENDS.iter().any(|it| name.ends_with(it))
        && !BEGINS.iter().any(|it| name.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::is_insecure;

    #[test]
    fn only_what_goes_over_the_network_in_the_open_is_insecure() {
        for written in ["http://a.b/x", "HTTP://a.b", "http://1.2.3.4:80/"] {
            assert!(is_insecure(written), "{written}");
        }
        for written in [
            "https://a.b/",
            "http://localhost:8000/",
            "http://127.0.0.1/",
            "http://a.127.0.0.1.nip.io/",
            "http://[::1]:80/",
            "http://x.onion/",
            "http://example.org/",
            "http://router/",
            "a.md",
            "\u{e9}\u{e9}\u{e9}\u{e9}",
        ] {
            assert!(!is_insecure(written), "{written}");
        }
    }
}
