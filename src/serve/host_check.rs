//! Decides whose requests are answered, and who is on this machine. `Host` and
//! `Origin` are checked on every request, so that a page of another site cannot
//! read drafts through the browser of its visitor.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;

use super::Server;

/// The maximum length of a request that does something, in bytes.
const LONGEST: usize = 8 * 1024;

/// Whose requests are answered.
pub(super) struct AccessControl {
    pub(super) names: Names,
    /// The secret that is required to read a shared site.
    pub(super) token: Option<String>,
}

/// The host names that the server answers to: loopback names, the address it is
/// bound to, and those allowed on the command line.
#[derive(Debug)]
pub(super) struct Names {
    /// The address that the server is bound to.
    pub(super) bound: SocketAddr,
    allowed: Vec<String>,
}

impl AccessControl {
    /// Whether the request comes from this machine, because nobody else may
    /// start programs on it. Always false for a shared site: visitors may come
    /// through a tunnel, and then they all look local.
    pub(super) fn is_at_home(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let host = host.and_then(parse_host);
        // A local proxy passes on requests of clients elsewhere.
        let mut names = headers.keys().map(header::HeaderName::as_str);
        let is_proxied = names.any(|name| {
            matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
        });
        self.token.is_none()
            && !is_proxied
            && host.is_some_and(|(name, _)| is_loopback(peer.ip(), &name))
    }
}

fn is_loopback(peer: IpAddr, host: &str) -> bool {
    let is_loopback = |ip: IpAddr| ip.to_canonical().is_loopback();
    let is_local_name = host == "localhost" || host.ends_with(".localhost");
    is_loopback(peer) && (is_local_name || host.parse().is_ok_and(is_loopback))
}

type Refusal = (StatusCode, &'static str);

/// Passes a request on, or answers with 400 or 403.
pub(super) async fn gate(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    match server.entrance.names.check(&request) {
        Ok(()) => next.run(request).await,
        Err((status, why)) => (status, why).into_response(),
    }
}

impl Names {
    pub(super) fn new(bound: SocketAddr, allowed: &[String]) -> Self {
        let allowed = allowed.iter().map(|name| name.to_ascii_lowercase());
        Self {
            bound,
            allowed: allowed.collect(),
        }
    }

    fn check(&self, request: &Request) -> Result<(), Refusal> {
        let unreadable = (
            StatusCode::BAD_REQUEST,
            "the Host header is missing or malformed",
        );
        let mut sent = request.headers().get_all(header::HOST).iter();
        // A request may name its host twice (`GET http://host/`); check both.
        let authority = request.uri().authority().map(Authority::as_str);
        let header = match sent.next() {
            Some(host) => Some(host.to_str().map_err(|_| unreadable)?),
            None => None,
        };
        if sent.next().is_some() || (header.is_none() && authority.is_none()) {
            return Err(unreadable);
        }
        for host in header.into_iter().chain(authority) {
            let (name, _) = parse_host(host).ok_or(unreadable)?;
            if !self.is_own(&name) {
                return Err((StatusCode::FORBIDDEN, "this host name is not served here"));
            }
        }
        let origins = request.headers().get_all(header::ORIGIN);
        if origins.iter().all(|origin| self.is_own_origin(origin)) {
            Ok(())
        } else {
            Err((
                StatusCode::FORBIDDEN,
                "requests from other sites are refused",
            ))
        }
    }

    /// Whether a page of this server sent the request. Behind a proxy, the port
    /// is the proxy's.
    fn is_own_origin(&self, origin: &HeaderValue) -> bool {
        let authority = origin.to_str().ok().and_then(|origin| {
            let (scheme, authority) = origin.split_once("://")?;
            matches!(scheme, "http" | "https").then_some(authority)
        });
        authority.and_then(parse_host).is_some_and(|(name, port)| {
            self.is_allowed(&name)
                || (self.is_own(&name) && port.unwrap_or(80) == self.bound.port())
        })
    }

    fn is_allowed(&self, name: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == name)
    }

    fn is_own(&self, name: &str) -> bool {
        if name == "localhost" || name.ends_with(".localhost") || self.is_allowed(name) {
            return true;
        }
        // Unlike a name, an IP address cannot be rebound to another machine.
        let bound = self.bound.ip();
        name.parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback() || ip == bound || bound.is_unspecified())
    }
}

/// The name in a `Host` header, without brackets, and its port.
fn parse_host(host: &str) -> Option<(String, Option<u16>)> {
    let authority: Authority = host.parse().ok()?;
    if host.contains('@') {
        return None;
    }
    let name = authority.host();
    let port = &authority.as_str()[name.len()..];
    let port = match port.strip_prefix(':') {
        Some(port) => Some(port.parse().ok()?),
        None if port.is_empty() => None,
        None => return None,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    (!name.is_empty()).then(|| (name.to_ascii_lowercase(), port))
}

/// Reads a request that does something, which only a page on this machine may send.
/// `refused` and `malformed` are the answers to others.
///
/// # Errors
/// The status and the answer, if it is not read.
pub(super) async fn own_request<T: DeserializeOwned>(
    entrance: &AccessControl,
    peer: SocketAddr,
    request: Request,
    refused: &'static str,
    malformed: &'static str,
) -> Result<T, (StatusCode, &'static str)> {
    // The gate has rejected foreign origins; a page always sends its own.
    let from_page = request.headers().contains_key(header::ORIGIN);
    if !from_page || !entrance.is_at_home(peer, request.headers()) {
        return Err((StatusCode::FORBIDDEN, refused));
    }
    let body = to_bytes(request.into_body(), LONGEST).await.ok();
    let read = body.and_then(|body| serde_json::from_slice(&body).ok());
    read.ok_or((StatusCode::BAD_REQUEST, malformed))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;

    use super::{Names, is_loopback};

    #[test]
    fn only_own_names_and_origins_pass() {
        let bound = "127.0.0.1:8000".parse().expect("an address");
        let names = Names::new(bound, &["Docs.Example".to_owned()]);
        for (host, origin, status) in [
            ("127.0.0.1:8000", "", 200),
            ("localhost:8000", "http://localhost:8000", 200),
            ("[::1]:8000", "", 200),
            ("docs.example", "https://docs.example", 200),
            ("DOCS.example:443", "https://docs.example:8443", 200),
            ("docs.example.evil.example", "", 403),
            ("localhost:8000", "https://not-docs.example", 403),
            ("evil.example", "", 403),
            ("127.0.0.1.evil.example:8000", "", 403),
            ("10.0.0.1:8000", "", 403),
            ("0.0.0.0:8000", "", 403),
            ("user@localhost:8000", "", 400),
            ("localhost:port", "", 400),
            ("localhost:99999", "", 400),
            (":8000", "", 400),
            ("", "", 400),
            ("a b", "", 400),
            ("localhost/x", "", 400),
            ("localhost:8000", "http://evil.example", 403),
            ("localhost:8000", "http://localhost:9000", 403),
            ("localhost:8000", "http://localhost", 403),
            ("localhost:8000", "file://localhost:8000", 403),
            ("localhost:8000", "null", 403),
        ] {
            let mut request = Request::builder().uri("/").header("host", host);
            if !origin.is_empty() {
                request = request.header("origin", origin);
            }
            let request = request.body(Body::empty()).expect("a request");
            let answer = names
                .check(&request)
                .map_or_else(|(status, _)| status.as_u16(), |()| 200);
            assert_eq!(answer, status, "{host} {origin}");
        }
    }

    #[test]
    fn every_name_of_a_request_counts() {
        let names = Names::new("127.0.0.1:8000".parse().expect("an address"), &[]);
        for (uri, hosts, status) in [
            ("http://localhost/", &["localhost"][..], 200),
            ("http://localhost/", &[], 200),
            ("http://evil.example/", &["localhost"], 403),
            ("http://localhost/", &["evil.example"], 403),
            ("/", &["localhost", "localhost"], 400),
            ("/", &[], 400),
        ] {
            let mut request = Request::builder().uri(uri);
            for host in hosts {
                request = request.header("host", *host);
            }
            let request = request.body(Body::empty()).expect("a request");
            let answer = names
                .check(&request)
                .map_or_else(|(status, _)| status.as_u16(), |()| 200);
            assert_eq!(answer, status, "{uri} {hosts:?}");
        }
    }

    #[test]
    fn only_this_machine_is_home() {
        for (peer, host, home) in [
            ("127.0.0.1", "localhost", true),
            ("::ffff:127.0.0.1", "127.0.0.1", true),
            ("::1", "::1", true),
            ("192.168.1.7", "localhost", false),
            ("127.0.0.1", "192.168.1.7", false),
            ("127.0.0.1", "evil.example", false),
            ("127.0.0.1", "", false),
        ] {
            let peer = peer.parse().expect("an address");
            assert_eq!(is_loopback(peer, host), home, "{peer} {host}");
        }
    }
}
