//! Which other sites may show this one in a frame, such as the preview pane of an
//! editor. Without `--frame-ancestors` none may, so that no other site can have its
//! visitors click on what they do not see.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};

use super::{Server, error_page};

/// Who may show the site in a frame: a source of the policy `frame-ancestors`, such as
/// `https://ide.example`, `http://localhost:*` or `vscode-webview:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameAncestor(String);

impl FromStr for FrameAncestor {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let written = written.trim();
        // The rest of a policy begins after these.
        let is_odd = |char: char| !char.is_ascii_graphic() || matches!(char, ';' | ',');
        if written.is_empty() || written.contains(is_odd) {
            return Err("write one origin, such as `https://ide.example`".to_owned());
        }
        match written {
            "*" | "'self'" => return Ok(Self(written.to_owned())),
            _ if written.contains('\'') => {
                return Err("only origins, schemes, `*` and `'self'` can be allowed".to_owned());
            }
            _ => {}
        }
        let (scheme, rest) = match written.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None if written.ends_with(':') => (written.strip_suffix(':'), "x"),
            None => (None, written),
        };
        let is_scheme = |scheme: &str| {
            let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(is_valid)
        };
        let host = rest.trim_end_matches('/');
        if scheme.is_some_and(|scheme| !is_scheme(scheme)) || host.is_empty() || host.contains('/')
        {
            return Err(
                "write an origin, such as `https://ide.example`, without a path".to_owned(),
            );
        }
        Ok(Self(written.trim_end_matches('/').to_owned()))
    }
}

impl Display for FrameAncestor {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Has browsers show an answer in frames of the allowed sites only. Requests that come
/// from a frame of another site are answered with the reason, because a browser would
/// show an empty frame.
pub(super) async fn frames(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let allowed = &server.entrance.frame_ancestors;
    if allowed.is_empty() && is_for_foreign_frame(request.headers()) {
        let (said, page) = refusal(request.headers());
        server.entrance.refusals.report(&said);
        return (StatusCode::FORBIDDEN, Html(page)).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if allowed.is_empty() {
        let same = HeaderValue::from_static("SAMEORIGIN");
        headers.insert(header::X_FRAME_OPTIONS, same);
        return response;
    }
    let sources: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let policy = format!("frame-ancestors 'self' {}", sources.join(" "));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        // Beside what an image may not do.
        headers.append(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Whether the answer would be shown in a frame of another site, as far as the browser
/// says so.
fn is_for_foreign_frame(headers: &HeaderMap) -> bool {
    let is = |name: &str, values: &[&str]| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| values.contains(&value))
    };
    is("sec-fetch-dest", &["iframe", "frame", "embed", "object"])
        && is("sec-fetch-site", &["cross-site", "same-site"])
}

/// What is said on the terminal, and the page that says it in the frame.
fn refusal(headers: &HeaderMap) -> (String, String) {
    let origin = headers.get(header::REFERER).and_then(|referrer| {
        let (scheme, rest) = referrer.to_str().ok()?.split_once("://")?;
        let authority: Authority = rest.split('/').next()?.parse().ok()?;
        matches!(scheme, "http" | "https").then(|| format!("{scheme}://{authority}"))
    });
    let flag = origin.as_deref().unwrap_or("ORIGIN");
    let who = match &origin {
        Some(origin) => format!("`{origin}`"),
        None => "another site".to_owned(),
    };
    let said = format!(
        "{who} may not show this site in a frame; to allow it, start the server with \
         `--frame-ancestors {flag}`"
    );
    let text = error_page::escape(&said);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Not shown in a frame</title>\
         </head><body><p>{text}</p></body></html>"
    );
    (said, page)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{FrameAncestor, is_for_foreign_frame, refusal};

    #[test]
    fn sources_are_origins_and_nothing_that_changes_a_policy() {
        for (written, read) in [
            ("https://ide.example", Some("https://ide.example")),
            ("https://ide.example/", Some("https://ide.example")),
            ("https://*.ide.example:*", Some("https://*.ide.example:*")),
            ("http://[::1]:3000", Some("http://[::1]:3000")),
            ("ide.example", Some("ide.example")),
            ("vscode-webview:", Some("vscode-webview:")),
            ("vscode-webview://x", Some("vscode-webview://x")),
            ("*", Some("*")),
            ("'self'", Some("'self'")),
            ("'none'", None),
            ("", None),
            ("a b", None),
            ("a; script-src *", None),
            ("a,b", None),
            ("https://", None),
            ("https://ide.example/path", None),
            ("ö.example", None),
        ] {
            let found = written.parse::<FrameAncestor>().ok();
            assert_eq!(found.map(|it| it.0).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_frame_of_another_site_is_told_the_flag() {
        for (dest, site, foreign) in [
            ("iframe", "cross-site", true),
            ("embed", "same-site", true),
            ("iframe", "same-origin", false),
            ("document", "cross-site", false),
            ("image", "cross-site", false),
        ] {
            let headers = [("sec-fetch-dest", dest), ("sec-fetch-site", site)];
            let headers = headers.map(|(name, value)| {
                let value = HeaderValue::from_static(value);
                (HeaderName::from_static(name), value)
            });
            let headers: HeaderMap = headers.into_iter().collect();
            assert_eq!(is_for_foreign_frame(&headers), foreign, "{dest} {site}");
        }
        let referrer = HeaderValue::from_static("https://ide.example:3000/<x>");
        let headers: HeaderMap = [(axum::http::header::REFERER, referrer)]
            .into_iter()
            .collect();
        for (headers, flag) in [
            (headers, "--frame-ancestors https://ide.example:3000"),
            (HeaderMap::new(), "--frame-ancestors ORIGIN"),
        ] {
            let (said, page) = refusal(&headers);
            assert!(said.contains(flag) && page.contains(flag), "{said}");
        }
    }
}
