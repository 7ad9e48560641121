//! Who may ask: `Host` and `Origin` are checked on every request, for a page
//! of another site must not read drafts through its visitor's browser.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Server;

/// Lets a request pass, or answers 400 or 403.
pub(super) async fn gate(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    match check(&request, server.bound) {
        Ok(()) => next.run(request).await,
        Err((status, why)) => (status, why).into_response(),
    }
}

fn check(request: &Request, bound: SocketAddr) -> Result<(), (StatusCode, &'static str)> {
    let headers = request.headers();
    let host = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok(),
        None => request
            .uri()
            .authority()
            .map(|authority| authority.as_str()),
    };
    let Some(host) = host.and_then(hostname) else {
        return Err((StatusCode::BAD_REQUEST, "the Host header cannot be read"));
    };
    if !is_own(&host, bound) {
        return Err((StatusCode::FORBIDDEN, "this host name is not served here"));
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.parse::<Uri>().ok());
        let same = origin.as_ref().and_then(|origin| origin.authority());
        let own = same.and_then(|same| hostname(same.as_str()));
        let port = same.and_then(|same| same.port_u16()).unwrap_or(80);
        if !(own.is_some_and(|own| is_own(&own, bound)) && port == bound.port()) {
            return Err((StatusCode::FORBIDDEN, "requests of other sites are refused"));
        }
    }
    Ok(())
}

/// The name in a `Host` header, without port and brackets.
pub(super) fn hostname(host: &str) -> Option<String> {
    let uri: Uri = format!("http://{host}/").parse().ok()?;
    let authority = uri.authority()?;
    if authority.as_str() != host || host.contains('@') {
        return None;
    }
    let name = authority.host();
    Some(
        name.trim_start_matches('[')
            .trim_end_matches(']')
            .to_ascii_lowercase(),
    )
}

/// Whether a name is this server: the loopback names and the bound address.
fn is_own(host: &str, bound: SocketAddr) -> bool {
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    match host.parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || ip == bound.ip() || bound.ip().is_unspecified(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;

    use super::check;

    #[test]
    fn only_own_names_and_origins_pass() {
        let bound = "127.0.0.1:8000".parse().expect("an address");
        for (host, origin, status) in [
            ("127.0.0.1:8000", "", 200),
            ("localhost:8000", "http://localhost:8000", 200),
            ("[::1]:8000", "", 200),
            ("evil.example", "", 403),
            ("127.0.0.1.evil.example:8000", "", 403),
            ("10.0.0.1:8000", "", 403),
            ("user@localhost:8000", "", 400),
            ("a b", "", 400),
            ("localhost:8000", "http://evil.example", 403),
            ("localhost:8000", "http://localhost:9000", 403),
            ("localhost:8000", "null", 403),
        ] {
            let mut request = Request::builder().uri("/").header("host", host);
            if !origin.is_empty() {
                request = request.header("origin", origin);
            }
            let request = request.body(Body::empty()).expect("a request");
            let answer =
                check(&request, bound).map_or_else(|(status, _)| status.as_u16(), |()| 200);
            assert_eq!(answer, status, "{host} {origin}");
        }
    }
}
