//! What a proxy in front of the server says of a request. It is believed only if it
//! runs on this machine: from elsewhere, anybody may say anything.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName, Version};

/// Headers by which proxies show themselves, apart from `X-Forwarded-*`.
const SIGNS: [&str; 4] = ["forwarded", "via", "x-real-ip", "x-script-name"];

/// What a proxy on this machine says of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Forwarded {
    /// The host that the browser asked for, with its port if it has one.
    pub(super) host: Option<String>,
    /// Whether the browser's connection is encrypted.
    pub(super) is_https: bool,
}

impl Forwarded {
    /// Reads the headers of a request that came from `peer`; nothing if that is not
    /// this machine.
    pub(super) fn of(peer: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        if !peer.is_some_and(is_local) {
            return Self::default();
        }
        let first = |name: &str| {
            let sent = headers.get(name)?.to_str().ok()?;
            let first = sent.split(',').next().unwrap_or_default().trim();
            (!first.is_empty()).then(|| first.to_owned())
        };
        let standard = |wanted: &str| {
            let sent = headers.get("forwarded")?.to_str().ok()?;
            let pairs = sent.split(',').next()?.split(';');
            let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
            Some(value.trim().trim_matches('"').to_owned())
        };
        let scheme = standard("proto").or_else(|| first("x-forwarded-proto"));
        let scheme = scheme.or_else(|| first("x-forwarded-scheme"));
        Self {
            host: standard("host").or_else(|| first("x-forwarded-host")),
            is_https: scheme.is_some_and(|it| it.eq_ignore_ascii_case("https")),
        }
    }
}

/// Whether a request passed through a proxy, as far as its headers tell.
pub(super) fn is_proxied(headers: &HeaderMap) -> bool {
    let mut names = headers.keys().map(HeaderName::as_str);
    names.any(|name| SIGNS.contains(&name) || name.starts_with("x-forwarded-"))
}

/// Whether the path of a request may be one that a proxy shortened: it shows itself by
/// its headers, by an old version of HTTP, or by a port that is not the server's.
pub(super) fn may_be_shortened(
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    version: Version,
    is_own_port: bool,
) -> bool {
    peer.is_some_and(is_local)
        && (is_proxied(headers) || version == Version::HTTP_10 || !is_own_port)
}

fn is_local(peer: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

/// Who sent a request.
pub(super) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    let connection = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(connection.0)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Forwarded, is_proxied};

    fn headers(sent: &[(&'static str, &'static str)]) -> HeaderMap {
        let sent = sent.iter().map(|(name, value)| {
            let value = HeaderValue::from_static(value);
            (HeaderName::from_static(name), value)
        });
        sent.collect()
    }

    #[test]
    fn a_proxy_on_this_machine_is_believed() {
        for (sent, host, is_https) in [
            (&[][..], None, false),
            (
                &[("x-forwarded-host", "h.example, inner")],
                Some("h.example"),
                false,
            ),
            (
                &[
                    ("x-forwarded-host", "h.example:8443"),
                    ("x-forwarded-proto", "https, http"),
                ],
                Some("h.example:8443"),
                true,
            ),
            (
                &[(
                    "forwarded",
                    "for=192.0.2.7; Host=\"[fd00::1]:8443\";proto=HTTPS, host=x",
                )],
                Some("[fd00::1]:8443"),
                true,
            ),
            (&[("x-forwarded-host", " ")], None, false),
        ] {
            let sent = headers(sent);
            for peer in ["127.0.0.1:9", "[::1]:9", "[::ffff:127.0.0.1]:9"] {
                let said = Forwarded::of(peer.parse().ok(), &sent);
                let expected = Forwarded {
                    host: host.map(str::to_owned),
                    is_https,
                };
                assert_eq!(said, expected, "{sent:?} {peer}");
            }
            let elsewhere = Forwarded::of("192.0.2.7:9".parse().ok(), &sent);
            assert_eq!(elsewhere, Forwarded::default(), "{sent:?}");
        }
    }

    #[test]
    fn proxies_show_themselves() {
        assert!(!is_proxied(&headers(&[("accept", "*/*")])));
        for name in ["forwarded", "via", "x-real-ip", "x-forwarded-prefix"] {
            assert!(is_proxied(&headers(&[(name, "x")])), "{name}");
        }
    }
}
