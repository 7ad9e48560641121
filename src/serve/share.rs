//! Sharing with reviewers on the network: whoever has the token may read.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};

use super::forwarded::{self, Forwarded};
use super::{Server, error_page};

/// The name of the token in an address.
const PARAMETER: &str = "proofroom";

/// Generates a secret that cannot be guessed.
///
/// # Errors
/// If the system cannot provide random bytes.
pub fn token() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The address of this machine in its network, as far as the system knows it.
/// Nothing is sent.
pub(super) fn outside() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address reserved for documentation: only the route to it matters.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

/// An address with the token in it.
pub(super) fn invitation(address: &str, token: &str) -> String {
    format!("{address}?{PARAMETER}={token}")
}

/// Passes on requests that have the token in a cookie or in the address. A
/// visitor with the token in the address gets a cookie and an address without
/// it, so that the token does not leak through links or screenshots.
pub(super) async fn share(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(token) = &server.entrance.token else {
        return next.run(request).await;
    };
    // Cookies are shared by all ports of a host.
    let name = format!("proofroom-{}", server.entrance.names.bound.port());
    match extract_token(request.uri()) {
        // Also for visitors who have the cookie, to clean up the address.
        Some((sent, rest)) if equal(&sent, token) => {
            let cookie = format!("{name}={token}; {}", attributes(&server, &request));
            let is_elsewhere = forwarded::may_be_shortened(
                forwarded::peer(request.extensions()),
                request.headers(),
                request.version(),
                server.entrance.names.is_own_port(request.headers()),
            );
            if is_elsewhere {
                welcome(cookie, &from_its_folder(&rest))
            } else {
                welcome(cookie, &rest)
            }
        }
        _ if has_cookie(request.headers(), &name, token) => {
            let mut response = next.run(request).await;
            let policy = HeaderValue::from_static("same-origin");
            response
                .headers_mut()
                .insert(header::REFERRER_POLICY, policy);
            response
        }
        _ => (
            StatusCode::FORBIDDEN,
            "this preview needs its full address: ask the person who shared it with you",
        )
            .into_response(),
    }
}

/// Where and how long browsers keep the cookie with the token.
fn attributes(server: &Server, request: &Request) -> &'static str {
    let peer = forwarded::peer(request.extensions());
    let is_https = Forwarded::of(peer, request.headers()).is_https;
    match (is_https, server.entrance.frame_ancestors.is_empty()) {
        (false, _) => "Path=/; HttpOnly; SameSite=Strict",
        (true, true) => "Path=/; HttpOnly; SameSite=Strict; Secure",
        // A frame in another site gets no other cookies, and its own for each such site.
        (true, false) => "Path=/; HttpOnly; SameSite=None; Secure; Partitioned",
    }
}

/// An address relative to the folder that it is in, for browsers that know the folder
/// by another path.
fn from_its_folder(address: &str) -> String {
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (address, String::new()),
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    format!("./{name}{query}")
}

/// A page that leads to `address`. A redirect would not do: browsers do not send
/// the cookie along if the link was followed from another site, such as webmail.
fn welcome(cookie: String, address: &str) -> Response {
    let address = error_page::escape(address);
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Preview</title>\
         <meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\"><a href=\"{address}\">Preview</a>"
    );
    let headers = [
        (header::SET_COOKIE, cookie),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (headers, Html(page)).into_response()
}

fn has_cookie(headers: &HeaderMap, name: &str, token: &str) -> bool {
    let sent = headers.get_all(header::COOKIE).into_iter();
    let cookies = sent.filter_map(|value| value.to_str().ok());
    cookies.flat_map(|all| all.split(';')).any(|cookie| {
        cookie
            .trim()
            .split_once('=')
            .is_some_and(|(sent_name, value)| sent_name == name && equal(value, token))
    })
}

/// The token in an address, and the address without it. The latter begins with
/// exactly one slash or backslash, which browsers treat alike, so that it cannot
/// lead to another host.
fn extract_token(uri: &Uri) -> Option<(String, String)> {
    let query = uri.query()?;
    let mark = format!("{PARAMETER}=");
    let (tokens, others): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|part| part.starts_with(&mark));
    let token = tokens.first()?.strip_prefix(&mark)?.to_owned();
    let path = uri.path().trim_start_matches(['/', '\\']);
    let others = others.join("&");
    let query = if others.is_empty() { "" } else { "?" };
    Some((token, format!("/{path}{query}{others}")))
}

/// Compares in constant time, so that the time taken does not give the token
/// away.
fn equal(sent: &str, token: &str) -> bool {
    let pairs = sent.bytes().zip(token.bytes());
    sent.len() == token.len() && pairs.fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::{equal, extract_token, from_its_folder, token};

    #[test]
    fn tokens_differ_and_are_compared_whole() {
        let (one, other) = (token().expect("randomness"), token().expect("randomness"));
        assert_eq!(one.len(), 32);
        assert!(equal(&one, &one) && !equal(&one, &other));
        assert!(!equal("", &one) && !equal(&one[..31], &one));
    }

    #[test]
    fn an_address_is_given_from_its_folder() {
        for (address, relative) in [
            ("/a/b/", "./"),
            ("/a/b/?x=/y", "./?x=/y"),
            ("/a/b", "./b"),
            ("/", "./"),
            ("/x:y?z", "./x:y?z"),
        ] {
            assert_eq!(from_its_folder(address), relative);
        }
    }

    #[test]
    fn an_address_is_given_without_its_token() {
        for (address, rest) in [
            ("/a/?proofroom=x", "/a/"),
            ("/a/?q=1&proofroom=x&r=2", "/a/?q=1&r=2"),
            ("//evil.example/?proofroom=x", "/evil.example/"),
            ("/\\evil.example/?proofroom=x", "/evil.example/"),
            ("/\\/evil.example/?proofroom=x", "/evil.example/"),
            ("/%5Cevil.example/?proofroom=x", "/%5Cevil.example/"),
        ] {
            let uri = address.parse().expect("an address");
            assert_eq!(extract_token(&uri), Some(("x".to_owned(), rest.to_owned())));
        }
        let other = "/a/?proof=x".parse().expect("an address");
        assert_eq!(extract_token(&other), None);
    }
}
