//! Sharing with a reviewer on the network: who has the token may read.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};

use super::{Server, overlay};

/// The name of the token in an address.
const PARAMETER: &str = "proofroom";

/// A secret that nobody guesses.
///
/// # Errors
/// When the system has no randomness to give.
pub fn token() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The address of this machine that others on its network reach it by, as far
/// as the system tells. Nothing is sent.
pub(super) fn outside() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address that is kept for documentation: only the way to it counts.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let own = socket.local_addr().ok()?.ip();
    (!own.is_loopback() && !own.is_unspecified()).then_some(own)
}

/// An address with the token in it.
pub(super) fn invitation(address: &str, token: &str) -> String {
    format!("{address}?{PARAMETER}={token}")
}

/// Lets a request pass that has the token, in its cookie or its address. Who
/// comes by the address gets the cookie, and an address without the token, so
/// that it is not passed on with links or screenshots.
pub(super) async fn share(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(token) = &server.entrance.token else {
        return next.run(request).await;
    };
    // Cookies do not tell ports apart.
    let name = format!("proofroom-{}", server.entrance.names.bound.port());
    match given(request.uri()) {
        // Taken out of the address even of those who have the cookie.
        Some((sent, rest)) if equal(&sent, token) => welcome(&name, token, &rest),
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
            "this preview is shared by its full address only: ask for it again",
        )
            .into_response(),
    }
}

/// A page that leads to `address`. A redirection would not do: the cookie is
/// not sent along where the way began at another site, such as a mail.
fn welcome(name: &str, token: &str, address: &str) -> Response {
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict");
    let address = overlay::escape(address);
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
            .is_some_and(|(own, value)| own == name && equal(value, token))
    })
}

/// The token in an address, and the address without it. It begins with a
/// single slash, so that it leads nowhere else; to browsers, a backslash is one
/// too.
fn given(uri: &Uri) -> Option<(String, String)> {
    let query = uri.query()?;
    let mark = format!("{PARAMETER}=");
    let (own, others): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|part| part.starts_with(&mark));
    let token = own.first()?.strip_prefix(&mark)?.to_owned();
    let path = uri.path().trim_start_matches(['/', '\\']);
    let others = others.join("&");
    let query = if others.is_empty() { "" } else { "?" };
    Some((token, format!("/{path}{query}{others}")))
}

/// Compares without telling by the time taken how much is right.
fn equal(sent: &str, token: &str) -> bool {
    let pairs = sent.bytes().zip(token.bytes());
    sent.len() == token.len() && pairs.fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::{equal, given, token};

    #[test]
    fn tokens_differ_and_are_compared_whole() {
        let (one, other) = (token().expect("randomness"), token().expect("randomness"));
        assert_eq!(one.len(), 32);
        assert!(equal(&one, &one) && !equal(&one, &other));
        assert!(!equal("", &one) && !equal(&one[..31], &one));
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
            assert_eq!(given(&uri), Some(("x".to_owned(), rest.to_owned())));
        }
        assert_eq!(given(&"/a/?proof=x".parse().expect("an address")), None);
    }
}
