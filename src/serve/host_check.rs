//! Decides whose requests are answered, and who is on this machine. `Host` and
//! `Origin` are checked on every request, so that a page of another site cannot
//! read drafts through the browser of its visitor.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;

use super::forwarded::{self, Forwarded};
use super::frames::FrameAncestor;
use super::host_pattern::HostPattern;
use super::{Announce, Notice, Server};

/// The maximum length of a request that does something, in bytes.
const LONGEST: usize = 8 * 1024;

/// Whose requests are answered.
pub(super) struct AccessControl {
    pub(super) names: Names,
    /// The secret that is required to read a shared site.
    pub(super) token: Option<String>,
    /// Reports what is refused.
    pub(super) refusals: RefusalReporter,
    /// Which other sites may show this one in a frame.
    pub(super) frame_ancestors: Vec<FrameAncestor>,
}

/// The host names that the server answers to: loopback names, the address it is
/// bound to, and those allowed on the command line.
#[derive(Debug)]
pub(super) struct Names {
    /// The address that the server is bound to.
    pub(super) bound: SocketAddr,
    allowed: Vec<HostPattern>,
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
        let is_proxied = forwarded::is_proxied(headers);
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

/// The most refusals that are reported on the terminal.
const MOST_REPORTED: usize = 20;

/// A request that is not answered.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    status: StatusCode,
    /// Why, as said to whoever sent it.
    why: String,
    /// Whether the person who started the server may want it to be answered.
    is_reported: bool,
}

/// Reports each kind of refusal once to the person who started the server.
pub(super) struct RefusalReporter {
    announce: Announce,
    reported: Mutex<BTreeSet<String>>,
}

impl RefusalReporter {
    pub(super) fn new(announce: Announce) -> Self {
        Self {
            announce,
            reported: Mutex::default(),
        }
    }

    /// Reports a refusal, unless the same one has been reported.
    pub(super) fn report(&self, why: &str) {
        let is_new = {
            let mut reported = self.reported.lock();
            reported.len() < MOST_REPORTED && reported.insert(why.to_owned())
        };
        if is_new {
            (self.announce)(Notice::Refused(why.to_owned()));
        }
    }
}

/// Passes a request on, or answers with 400 or 403.
pub(super) async fn gate(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let peer = forwarded::peer(request.extensions());
    let forwarded = Forwarded::of(peer, request.headers());
    match server.entrance.names.check(&request, &forwarded) {
        Ok(()) => next.run(request).await,
        Err(Refusal {
            status,
            why,
            is_reported,
        }) => {
            if is_reported {
                server.entrance.refusals.report(&why);
            }
            (status, why).into_response()
        }
    }
}

impl Names {
    pub(super) fn new(bound: SocketAddr, allowed: Vec<HostPattern>) -> Self {
        Self { bound, allowed }
    }

    fn check(&self, request: &Request, forwarded: &Forwarded) -> Result<(), Refusal> {
        let unreadable = || Refusal {
            status: StatusCode::BAD_REQUEST,
            why: "the Host header is missing or malformed".to_owned(),
            is_reported: false,
        };
        let mut sent = request.headers().get_all(header::HOST).iter();
        // A request may name its host twice (`GET http://host/`); check both.
        let authority = request.uri().authority().map(Authority::as_str);
        let header = match sent.next() {
            Some(host) => Some(host.to_str().map_err(|_| unreadable())?),
            None => None,
        };
        if sent.next().is_some() || (header.is_none() && authority.is_none()) {
            return Err(unreadable());
        }
        let mut hosts = Vec::new();
        for host in header.into_iter().chain(authority) {
            let host = parse_host(host).ok_or_else(unreadable)?;
            if !self.is_own(&host.0) {
                return Err(not_served(&host.0));
            }
            hosts.push(host);
        }
        let origins = request.headers().get_all(header::ORIGIN);
        // A proxy may ask for the server's own name in place of the browser's.
        let asked = forwarded.host.as_deref().and_then(parse_host);
        for origin in origins {
            if origin == "null" {
                let why = "requests from other sites are refused; a frame with `sandbox` counts \
                           as one, unless it has `allow-same-origin`";
                return Err(foreign(why.to_owned()));
            }
            let Some(origin) = parse_origin(origin) else {
                return Err(foreign("requests from other sites are refused".to_owned()));
            };
            if hosts.iter().any(|host| self.is_same(&origin, host)) {
                continue;
            }
            match &asked {
                Some(asked) if self.is_same(&origin, asked) => {
                    if !self.is_own(&asked.0) {
                        return Err(not_served(&asked.0));
                    }
                }
                _ => return Err(foreign(not_same(&origin, asked.as_ref().or(hosts.first())))),
            }
        }
        Ok(())
    }

    /// Whether an origin is the host that the request is for, so that a page of this
    /// server sent it. A pattern says nothing of this: it may allow many sites.
    fn is_same(&self, origin: &Origin, (name, port): &Host) -> bool {
        let default = if origin.is_https { 443 } else { 80 };
        origin.name == *name
            && (origin.port.unwrap_or(default) == port.unwrap_or(default)
                // Proxies may not pass on the port that they listen on.
                || self.is_allowed(name))
    }

    fn is_allowed(&self, name: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.allows(name))
    }

    fn is_own(&self, name: &str) -> bool {
        if name == "localhost" || name.ends_with(".localhost") || self.is_allowed(name) {
            return true;
        }
        // Unlike a name, an IP address cannot be rebound to another machine.
        let bound = self.bound.ip().to_canonical();
        name.parse::<IpAddr>().is_ok_and(|ip| {
            let ip = ip.to_canonical();
            ip.is_loopback() || ip == bound || bound.is_unspecified()
        })
    }

    /// Whether a request names the port that the server listens on.
    pub(super) fn is_own_port(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST);
        let host = host.and_then(|host| parse_host(host.to_str().ok()?));
        host.is_none_or(|(_, port)| port.unwrap_or(80) == self.bound.port())
    }
}

fn not_served(name: &str) -> Refusal {
    Refusal {
        status: StatusCode::FORBIDDEN,
        why: format!(
            "the host name `{name}` is not served here; if it is one of yours, start the server \
             with `--allow-host {name}`"
        ),
        is_reported: true,
    }
}

fn foreign(why: String) -> Refusal {
    Refusal {
        status: StatusCode::FORBIDDEN,
        is_reported: true,
        why,
    }
}

fn not_same(origin: &Origin, host: Option<&Host>) -> String {
    let shown = |name: &str, port: Option<u16>| match port {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    };
    let from = shown(&origin.name, origin.port);
    let to = host.map_or_else(String::new, |(name, port)| shown(name, *port));
    format!(
        "requests from other sites are refused: a page at `{from}` sent one for `{to}`; if a proxy \
         is in between, have it pass on the header `Host`, or send `X-Forwarded-Host`"
    )
}

/// A host name in lower case, without brackets, and its port.
type Host = (String, Option<u16>);

/// Where the page is that sent a request.
struct Origin {
    is_https: bool,
    name: String,
    port: Option<u16>,
}

fn parse_origin(origin: &HeaderValue) -> Option<Origin> {
    let (scheme, authority) = origin.to_str().ok()?.split_once("://")?;
    let is_https = match scheme {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let (name, port) = parse_host(authority)?;
    Some(Origin {
        is_https,
        name,
        port,
    })
}

/// The name in a `Host` header, without brackets, and its port.
fn parse_host(host: &str) -> Option<Host> {
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

    use super::{Forwarded, Names, Refusal, is_loopback};

    /// The status that answers a request: 200 if it is passed on.
    fn status(names: &Names, request: &Request, forwarded: &Forwarded) -> u16 {
        let refused = |refusal: Refusal| refusal.status.as_u16();
        let checked = names.check(request, forwarded);
        checked.map_or_else(refused, |()| 200)
    }

    fn names(bound: &str, allowed: &[&str]) -> Names {
        let allowed = allowed.iter().map(|it| it.parse().expect("a pattern"));
        Names::new(bound.parse().expect("an address"), allowed.collect())
    }

    #[test]
    fn only_own_names_and_origins_pass() {
        let names = names("127.0.0.1:8000", &["Docs.Example"]);
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
            let answer = super::tests::status(&names, &request, &Forwarded::default());
            assert_eq!(answer, status, "{host} {origin}");
        }
    }

    #[test]
    fn every_name_of_a_request_counts() {
        let names = names("127.0.0.1:8000", &[]);
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
            let answer = super::tests::status(&names, &request, &Forwarded::default());
            assert_eq!(answer, status, "{uri} {hosts:?}");
        }
    }

    #[test]
    fn an_origin_is_the_host_of_the_request_and_not_a_match_of_a_pattern() {
        let patterns = ["*.app.github.dev", ".gitpod.io", "fd00::7"];
        let names = names("[::1]:8000", &patterns);
        for (host, origin, forwarded, status) in [
            ("a.app.github.dev", "https://a.app.github.dev", "", 200),
            ("a.app.github.dev", "https://b.app.github.dev", "", 403),
            ("a.app.github.dev", "https://app.github.dev", "", 403),
            ("app.github.dev", "", "", 403),
            ("gitpod.io", "https://gitpod.io", "", 200),
            ("8000-x.ws.gitpod.io", "https://gitpod.io", "", 403),
            ("[::1]:8000", "http://[::1]:8000", "", 200),
            ("[::1]:8000", "http://127.0.0.1:8000", "", 403),
            ("[::ffff:127.0.0.1]:8000", "", "", 200),
            ("[fd00::7]:8000", "http://[fd00::7]:8000", "", 200),
            ("[fd00::8]:8000", "", "", 403),
            // A port that is forwarded is another one.
            ("localhost:9000", "http://localhost:9000", "", 200),
            ("localhost:9000", "http://localhost:8000", "", 403),
            ("localhost", "http://localhost", "", 200),
            ("localhost", "https://localhost", "", 200),
            ("localhost:443", "https://localhost", "", 200),
            // A proxy asks for its own name of the server.
            ("[::1]:8000", "https://a.gitpod.io", "a.gitpod.io", 200),
            ("[::1]:8000", "https://b.gitpod.io", "a.gitpod.io", 403),
            ("[::1]:8000", "https://evil.example", "evil.example", 403),
            (
                "localhost:8000",
                "http://localhost:8000",
                "a.gitpod.io",
                200,
            ),
        ] {
            let mut request = Request::builder().uri("/").header("host", host);
            if !origin.is_empty() {
                request = request.header("origin", origin);
            }
            let request = request.body(Body::empty()).expect("a request");
            let forwarded = Forwarded {
                host: (!forwarded.is_empty()).then(|| forwarded.to_owned()),
                is_https: true,
            };
            let answer = super::tests::status(&names, &request, &forwarded);
            assert_eq!(answer, status, "{host} {origin} {forwarded:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_flag() {
        let names = names("127.0.0.1:8000", &[]);
        let refused = |host: &str, origin: &str| {
            let request = Request::builder().header("host", host);
            let request = request.header("origin", origin).body(Body::empty());
            let request = request.expect("a request");
            let refused = names.check(&request, &Forwarded::default());
            refused.expect_err("it is refused").why
        };
        let why = refused("docs.example:9000", "https://docs.example");
        assert!(why.contains("`--allow-host docs.example`"), "{why}");
        let why = refused("localhost:8000", "https://docs.example");
        assert!(
            why.contains("`docs.example`") && why.contains("`localhost:8000`"),
            "{why}"
        );
        // Browsers do not say whose frame it is.
        let why = refused("localhost:8000", "null");
        assert!(why.contains("`allow-same-origin`"), "{why}");
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
