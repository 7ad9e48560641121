//! The live client in the documents that are sent.

use super::{Server, error_page, own_addresses, review};
use crate::files::SourcePath;
use crate::html;
use crate::session::Revision;

/// Adds the live client to a document, along with the path, revision and source of the
/// page that it is to keep up to date. The document itself is at `document`.
pub(super) fn with_client(
    server: &Server,
    html: &str,
    document: &str,
    path: &str,
    fingerprint: &str,
    source: Option<&SourcePath>,
    revision: Revision,
) -> String {
    if !server.live {
        return html.to_owned();
    }
    let (shown, below) = review::split(path);
    let mode = match server.desk.current() {
        Some(_) => format!(" data-proofroom-mode=\"{}\"", shown.name()),
        None => String::new(),
    };
    // Only where there is something to ask.
    let languages = match server.places.sites.languages() {
        Some(_) => " data-proofroom-languages",
        None => "",
    };
    let root = server.places.addresses().root.clone();
    let own = own_addresses::relative(html, document, &root);
    let own = error_page::escape(&own);
    let script = format!(
        "<script src=\"{own}client.js\" data-proofroom-root=\"{}\" \
         data-proofroom-address=\"{}\" data-proofroom-fingerprint=\"{fingerprint}\" data-proofroom-revision=\"{revision}\" \
         data-proofroom-sent=\"{}\" \
         data-proofroom-source=\"{}\"{mode}{languages} data-proofroom-page=\"{}\" defer></script>",
        error_page::escape(&root),
        error_page::escape(path),
        server.audience.sent.count(),
        error_page::escape(source.map_or("", SourcePath::as_str)),
        error_page::escape(below)
    );
    let mut sent = match html.rfind("</body>") {
        Some(end) => format!("{}{script}{}", &html[..end], &html[end..]),
        None => format!("{html}{script}"),
    };
    if shown == review::Mode::Difference
        && let Some(start) = head_of(html)
    {
        // The keys of a review come before those of a theme, whose scripts run before
        // the client.
        let keys = format!("<script src=\"{own}review-keys.js\"></script>");
        sent.insert_str(start, &keys);
    }
    sent
}

/// Where the inside of a document's head begins.
fn head_of(html: &str) -> Option<usize> {
    let head = html::tokens(html).find(|(token, _)| {
        matches!(token, html::Token::Start { name, .. } if name.eq_ignore_ascii_case("head"))
    });
    head.map(|(_, range)| range.end)
}

/// Says that a document is shown without the server's controls: it is no page, and they
/// would be about nothing in it.
pub(super) fn without_controls(html: &str) -> String {
    const CLIENT: &str = " data-proofroom-root=";
    match html.rsplit_once(CLIENT) {
        Some((before, after)) => format!("{before} data-proofroom-raw{CLIENT}{after}"),
        None => html.to_owned(),
    }
}

/// Whether the theme replaces pages by what its scripts load.
pub(super) fn has_instant_navigation(html: &str) -> bool {
    html.contains("\"navigation.instant")
}
