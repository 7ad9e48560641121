//! Pages of the server itself.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error_page::escape;

/// A page of the server itself, with the style sheet and the code that are called `name`.
/// `own` is the address of the server's own folder, relative to the page.
pub(super) fn document(name: &str, title: &str, body: &str, own: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\" data-proofroom-view><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"{own}{name}.css\">\
         <script src=\"{own}{name}.js\" defer></script></head><body>{body}</body></html>",
        escape(title),
    )
}

/// Percent-encodes text for use in any part of an address.
pub(super) fn quoted(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
