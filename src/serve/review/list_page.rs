//! The list of changed pages, as a page and as data.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::super::Server;
use super::super::error_page::escape;
use super::page_data::base;
use super::{Desk, Mode};
use crate::files::SourcePath;
use crate::session::review::{PageReview, code_html, list_html, reasons_html};
use crate::translations::{impact_sentences, impacts_json};
use crate::url;

/// Answers with the list as data.
pub(in crate::serve) async fn json(State(server): State<Arc<Server>>) -> Response {
    let Some(desk) = server.desk.current() else {
        return (StatusCode::NOT_FOUND, "no review is open").into_response();
    };
    let known = desk.progress.known();
    let pages = known.list.pages.iter().map(|page| {
        let mut entry = json!(page);
        if let Some(languages) = known.impacts.get(&SourcePath::new(&*page.source)) {
            entry["translations"] = impacts_json(languages);
        }
        entry
    });
    Json(json!({
        "base": base(&desk),
        "done": known.done,
        "total": known.total,
        "complete": known.is_complete,
        "pages": pages.collect::<Vec<_>>(),
        "causes": known.list.causes,
    }))
    .into_response()
}

/// The list as a page of the server itself.
pub(super) fn page(desk: &Desk) -> String {
    let known = desk.progress.known();
    let mut body = format!("<h1>Changes since {}</h1>", code_html(&desk.open.title));
    if known.list.compared == 0 {
        let _ = write!(
            body,
            "<p role=\"status\"><progress value=\"{0}\" max=\"{1}\"></progress> {0} of {1} pages are compared.</p>",
            known.done, known.total
        );
    } else {
        let _ = write!(
            body,
            "<p role=\"status\">{} of {} pages differ.</p>",
            known.list.pages.len(),
            known.total
        );
    }
    for note in &desk.notes() {
        let _ = write!(body, "<p class=\"note\">{}</p>", code_html(note));
    }
    let root = desk.base.addresses().root.clone();
    let root = url::quote(root.trim_end_matches('/'));
    let prefix = Mode::Difference.prefix();
    let address = |page: &PageReview| format!("{root}{prefix}{}", url::quote(&page.address));
    let pages = known.list.pages.iter().map(AsRef::as_ref);
    body.push_str(&list_html(pages, &address));
    if !known.list.causes.is_empty() {
        body.push_str("<section><h2>Around the articles</h2><ul>");
        for cause in &known.list.causes {
            let blocks: Vec<String> = cause
                .changes
                .iter()
                .map(|change| format!("{:?}", change.block).to_lowercase())
                .collect();
            let _ = write!(
                body,
                "<li><p>{} on {} {}: {}</p></li>",
                reasons_html(&cause.reasons),
                cause.pages,
                if cause.pages == 1 { "page" } else { "pages" },
                escape(&blocks.join(", "))
            );
        }
        body.push_str("</ul></section>");
    }
    let named = |source: &str| format!("<code>{}</code>", escape(source));
    let outdated = impact_sentences(&known.impacts, &named);
    if !outdated.is_empty() {
        let entries = outdated.iter().map(|it| format!("<li><p>{it}</p></li>"));
        let _ = write!(
            body,
            "<section><h2>Translations that get out of date</h2><ul>{}</ul></section>",
            entries.collect::<String>()
        );
    }
    format!(
        "<!doctype html><html lang=\"en\" data-proofroom-view><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Changes</title>\
         <link rel=\"stylesheet\" href=\"list.css\"></head><body><main>{body}</main></body></html>"
    )
}
