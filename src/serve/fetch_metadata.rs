//! What a request says about who asks, and for what.

use axum::http::{HeaderMap, Uri, header};

use crate::url;

/// The header by which the live client asks for a page as a tab gets it.
const CLIENT: &str = "proofroom-client";

/// The header by which browsers ask for a document over TLS, if there is one.
const UPGRADE: &str = "upgrade-insecure-requests";

/// What an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A whole document, in a tab or in a frame; or the live client, which keeps one
    /// up to date.
    Document,
    /// Something that a page loads, or a download.
    Part,
    /// The request does not say.
    Unknown,
}

/// What the answer to a request is for, by `Sec-Fetch-Dest`. Browsers send it to this
/// machine and over TLS only; elsewhere, what they accept of a document tells it from
/// everything else, but only where it is one.
pub(super) fn purpose(headers: &HeaderMap) -> Purpose {
    if headers.contains_key(CLIENT) {
        return Purpose::Document;
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let accepted = text(header::ACCEPT.as_str());
    let accepts_documents = accepted.is_some_and(|it| it.contains("application/xhtml+xml"));
    match text("sec-fetch-dest") {
        Some("document" | "iframe" | "frame" | "object" | "embed" | "fencedframe") => {
            Purpose::Document
        }
        // A service worker passes on what a tab asks it for, and browsers no longer say what
        // it is for: only of documents do they ask for an encrypted one.
        Some("empty") if accepts_documents && headers.contains_key(UPGRADE) => Purpose::Document,
        Some(_) => Purpose::Part,
        None if accepts_documents => Purpose::Document,
        None => Purpose::Unknown,
    }
}

/// The path of the script that sent a request, a worker or a module; of the page, if it
/// starts a worker or a worklet. What a page itself loads is known to its live client, but
/// not what these do.
pub(super) fn asking_script(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?;
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    if referer.authority()?.as_str().as_bytes() != host.as_bytes() {
        return None;
    }
    let destination = headers.get("sec-fetch-dest");
    let ends = |kind: &[u8]| destination.is_some_and(|it| it.as_bytes().ends_with(kind));
    let is_worker = ends(b"worker") || ends(b"worklet");
    let path = url::unquote(referer.path())?;
    let is_script = path.ends_with(".js") || path.ends_with(".mjs");
    (is_worker || is_script).then(|| path.into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Purpose, asking_script, purpose};

    fn headers(sent: &[(&str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&str, &str)| {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            (name, HeaderValue::from_str(value).expect("a value"))
        };
        sent.iter().map(header).collect()
    }

    #[test]
    fn documents_are_told_from_what_pages_load() {
        let navigation = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (sent, expected) in [
            (&[][..], Purpose::Unknown),
            (&[("accept", "*/*")], Purpose::Unknown),
            (&[("accept", "text/html, */*; q=0.01")], Purpose::Unknown),
            (&[("accept", navigation)], Purpose::Document),
            (&[("sec-fetch-dest", "document")], Purpose::Document),
            (&[("sec-fetch-dest", "iframe")], Purpose::Document),
            (&[("sec-fetch-dest", "embed")], Purpose::Document),
            (
                &[("sec-fetch-dest", "empty"), ("accept", navigation)],
                Purpose::Part,
            ),
            (
                &[
                    ("sec-fetch-dest", "empty"),
                    ("accept", navigation),
                    ("upgrade-insecure-requests", "1"),
                ],
                Purpose::Document,
            ),
            (&[("sec-fetch-dest", "image")], Purpose::Part),
            (
                &[("sec-fetch-dest", "empty"), ("proofroom-client", "1")],
                Purpose::Document,
            ),
        ] {
            assert_eq!(purpose(&headers(sent)), expected, "{sent:?}");
        }
    }

    #[test]
    fn scripts_that_ask_are_known() {
        for (referer, expected) in [
            ("http://h:1/a/worker.js", Some("/a/worker.js")),
            ("http://h:1/a%20b.mjs?v=1", Some("/a b.mjs")),
            ("http://h:2/a/worker.js", None),
            ("http://h:1/a/", None),
            ("worker.js", None),
        ] {
            let sent = headers(&[("host", "h:1"), ("referer", referer)]);
            assert_eq!(asking_script(&sent).as_deref(), expected, "{referer}");
        }
        for destination in ["worker", "sharedworker", "audioworklet"] {
            let sent = [
                ("host", "h:1"),
                ("referer", "http://h:1/a/"),
                ("sec-fetch-dest", destination),
            ];
            assert_eq!(asking_script(&headers(&sent)).as_deref(), Some("/a/"));
        }
    }
}
