//! The list of changed pages, as a page and as data.

use std::collections::BTreeMap;
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
use crate::diff::{Level, keys};
use crate::session::review::{PageReview, Reason, Status, reason_path, reason_word, status_word};
use crate::url;

/// Answers with the list as data.
pub(in crate::serve) async fn json(State(server): State<Arc<Server>>) -> Response {
    let Some(desk) = server.desk.current() else {
        return (StatusCode::NOT_FOUND, "no review is open").into_response();
    };
    let known = desk.progress.known();
    Json(json!({
        "base": base(&desk),
        "done": known.done,
        "total": known.total,
        "complete": known.is_complete,
        "pages": known.list.pages,
        "causes": known.list.causes,
    }))
    .into_response()
}

/// The list as a page of the server itself.
pub(super) fn page(desk: &Desk) -> String {
    let known = desk.progress.known();
    let mut body = format!("<h1>Changes since {}</h1>", code(&desk.open.title));
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
        let _ = write!(body, "<p class=\"note\">{}</p>", code(note));
    }
    // By language and folder.
    let mut groups: BTreeMap<(&Option<String>, &str), Vec<&PageReview>> = BTreeMap::new();
    for page in &known.list.pages {
        let folder = page
            .source
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        groups
            .entry((&page.language, folder))
            .or_default()
            .push(page);
    }
    for ((language, folder), pages) in groups {
        let language = language
            .as_ref()
            .map(|it| format!("<b>{}</b> ", escape(it)));
        let _ = write!(
            body,
            "<section><h2>{}<code>{}/</code> <small>{}</small></h2><ul>",
            language.unwrap_or_default(),
            escape(folder),
            pages.len()
        );
        for page in pages {
            body.push_str(&item(page));
        }
        body.push_str("</ul></section>");
    }
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
                why(&cause.reasons),
                cause.pages,
                if cause.pages == 1 { "page" } else { "pages" },
                escape(&blocks.join(", "))
            );
        }
        body.push_str("</ul></section>");
    }
    format!(
        "<!doctype html><html lang=\"en\" data-proofroom-view><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Changes</title>\
         <style>{}</style></head><body><main>{body}</main></body></html>",
        include_str!("list.css"),
    )
}

fn item(page: &PageReview) -> String {
    let word = status_word(page.status);
    let sign = match page.status {
        Status::Added => "+",
        Status::Removed => "−",
        Status::Renamed => "→",
        Status::Changed => "~",
    };
    let counts = [
        (Level::Text, "in the text"),
        (Level::Markup, "of markup"),
        (Level::Outside, "outside"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(level, name)| (page.count(level), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let from = page
        .from
        .as_ref()
        .map(|from| format!(" from <code>{}</code>", escape(from)));
    // What is outside of the article is not gone through one by one.
    let keys = keys(&page.changes);
    let keys = keys.iter().zip(&page.changes);
    let keys: Vec<&str> = keys
        .filter(|(_, change)| change.level != Level::Outside)
        .map(|(key, _)| key.as_str())
        .collect();
    format!(
        "<li data-proofroom-status=\"{word}\" data-proofroom-keys=\"{}\"><p><span class=\"sign\" title=\"{word}\" aria-label=\"{word}\">{sign}</span> \
         <a href=\"{}\" dir=\"auto\">{}</a>{} <span class=\"counts\">{}</span></p><p class=\"why\"><code>{}</code> {}</p></li>",
        keys.join(" "),
        escape(&format!(
            "{}{}",
            Mode::Difference.prefix(),
            url::quote(&page.address)
        )),
        escape(if page.title.is_empty() {
            &page.source
        } else {
            &page.title
        }),
        from.unwrap_or_default(),
        escape(&counts.join(", ")),
        escape(&page.source),
        why(&page.reasons),
    )
}

/// Reasons as HTML.
fn why(reasons: &[Reason]) -> String {
    let words = reasons.iter().map(|reason| match reason_path(reason) {
        Some(path) => format!("{} <code>{}</code>", reason_word(reason), escape(path)),
        None => reason_word(reason).to_owned(),
    });
    let words: Vec<String> = words.collect();
    words.join(", ")
}

/// Text with code between backticks, as HTML.
fn code(text: &str) -> String {
    let mut html = String::new();
    for (nth, part) in escape(text).split('`').enumerate() {
        match (nth, nth % 2) {
            (0, _) => {}
            (_, 1) => html.push_str("<code>"),
            _ => html.push_str("</code>"),
        }
        html.push_str(part);
    }
    html
}
