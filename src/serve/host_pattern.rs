//! The host names that `--allow-host` allows.

use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;
use std::str::FromStr;

/// Host names that the server answers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPattern {
    /// This name or address.
    Name(String),
    /// Every name below this one: `*.example.org`.
    Below(String),
    /// This name and every name below it: `.example.org`.
    AtAndBelow(String),
}

impl HostPattern {
    /// Whether it allows a name in lower case, without brackets and port.
    pub(super) fn allows(&self, name: &str) -> bool {
        let is_below = |own: &str| {
            let below = name.strip_suffix(own);
            below.is_some_and(|below| below.len() > 1 && below.ends_with('.'))
        };
        match self {
            Self::Name(own) => same_host(own, name),
            Self::Below(own) => is_below(own),
            Self::AtAndBelow(own) => name == own || is_below(own),
        }
    }
}

/// Whether two hosts are the same name, or the same IP address in different forms.
fn same_host(one: &str, other: &str) -> bool {
    let address = |host: &str| host.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
    one == other || address(one).is_some_and(|ip| address(other) == Some(ip))
}

impl FromStr for HostPattern {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let lower = written.trim().to_ascii_lowercase();
        let bare = lower.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if let Ok(ip) = bare.unwrap_or(&lower).parse::<IpAddr>() {
            return Ok(Self::Name(ip.to_string()));
        }
        if lower.contains("://") || lower.contains('/') {
            return Err("write the host name alone, without scheme and path".to_owned());
        }
        if lower.contains(':') {
            return Err("write the host name without its port, which does not matter".to_owned());
        }
        let (make, name): (fn(String) -> Self, &str) = if let Some(name) = lower.strip_prefix("*.")
        {
            (Self::Below, name)
        } else if let Some(name) = lower.strip_prefix('.') {
            (Self::AtAndBelow, name)
        } else {
            (Self::Name, lower.as_str())
        };
        if name.contains('*') || lower == "*" {
            return Err(
                "`*` stands for everything before a name only, as in `*.example.org`; a pattern \
                 that allows every name would let other sites read yours"
                    .to_owned(),
            );
        }
        let is_label = |label: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            !label.is_empty() && label.bytes().all(is_plain)
        };
        if !name.is_ascii() {
            return Err("write the name as browsers send it, with `xn--`".to_owned());
        }
        let name = name.strip_suffix('.').unwrap_or(name);
        if !name.split('.').all(is_label) {
            return Err("that is not a host name".to_owned());
        }
        Ok(make(name.to_owned()))
    }
}

impl Display for HostPattern {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => out.write_str(name),
            Self::Below(name) => write!(out, "*.{name}"),
            Self::AtAndBelow(name) => write!(out, ".{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HostPattern;

    #[test]
    fn patterns_allow_whole_labels_only() {
        for (pattern, name, allowed) in [
            ("Docs.Example", "docs.example", true),
            ("docs.example", "a.docs.example", false),
            ("docs.example", "xdocs.example", false),
            ("docs.example.", "docs.example", true),
            ("*.app.github.dev", "me-8000.app.github.dev", true),
            ("*.app.github.dev", "a.b.app.github.dev", true),
            ("*.app.github.dev", "app.github.dev", false),
            ("*.app.github.dev", ".app.github.dev", false),
            ("*.app.github.dev", "evilapp.github.dev", false),
            ("*.app.github.dev", "app.github.dev.evil.example", false),
            (".gitpod.io", "gitpod.io", true),
            (".gitpod.io", "8000-me.ws.gitpod.io", true),
            (".gitpod.io", "evilgitpod.io", false),
            ("my_host", "my_host", true),
            ("[FD00::1]", "fd00::1", true),
            ("fd00:0::1", "fd00::1", true),
            ("192.168.1.7", "192.168.1.7", true),
            ("192.168.1.7", "::ffff:192.168.1.7", true),
            ("192.168.1.7", "192.168.1.70", false),
        ] {
            let pattern: HostPattern = pattern.parse().expect("a pattern");
            assert_eq!(pattern.allows(name), allowed, "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_the_reason() {
        for (pattern, why) in [
            ("*", "every name"),
            ("*.*.example", "before a name"),
            ("a*.example", "before a name"),
            ("https://docs.example", "without scheme"),
            ("docs.example:8000", "without its port"),
            ("münchen.example", "xn--"),
            ("", "not a host name"),
            (".", "not a host name"),
            ("*.", "not a host name"),
            ("a..b", "not a host name"),
            ("a b", "not a host name"),
        ] {
            let refused = pattern.parse::<HostPattern>().expect_err(pattern);
            assert!(refused.contains(why), "{pattern}: {refused}");
        }
    }
}
