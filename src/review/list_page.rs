//! The list of changed pages as a page of the static site.

use std::fmt::Write as _;

use super::files::{LIST, UNCHANGED, destination, way};
use super::{Report, summary};
use crate::html::Escape;
use crate::session::review::{PageReview, code_html, list_html, number, reasons_html};

fn escape(text: &str) -> String {
    Escape::ANYWHERE.apply(text)
}

/// The list. `notes` say what the pages do not show.
pub(super) fn page(report: &Report, notes: &[String]) -> String {
    let list = &report.list;
    let mut body = format!("<h1>Changes since {}</h1>", code_html(&report.title));
    let compared = number(list.compared, "page was compared", "pages were compared");
    let said = match (list.pages.is_empty(), list.causes.is_empty()) {
        (true, true) => format!("Nothing changed for your readers; {compared}."),
        (true, false) => format!("Only what is around the articles changed; {compared}."),
        (false, _) => format!("{}; {compared}.", report.counts()),
    };
    let _ = write!(body, "<p role=\"status\">{}</p>", escape(&said));
    for note in report.notes.iter().chain(notes) {
        let _ = write!(body, "<p class=\"note\">{}</p>", code_html(note));
    }
    let address = |page: &PageReview| way(&destination(page, report), LIST);
    body.push_str(&list_html(report.pages(), &address));
    let causes = list.causes.iter().map(|cause| {
        let pages = number(cause.pages, "page", "pages");
        format!("{} on {pages}", reasons_html(&cause.reasons))
    });
    section("Around the articles", causes.collect(), &mut body);
    if let Some(losses) = &report.losses {
        let pages = losses.pages.iter().map(|page| {
            let (address, source) = (escape(&page.address), escape(&page.source));
            format!("<code>{address}</code> (<code>{source}</code>)")
        });
        section("Gone without a redirect", pages.collect(), &mut body);
        let anchors = losses.anchors.iter().map(|page| {
            let name = |anchor: &str| format!("<code>#{}</code>", escape(anchor));
            let anchors = summary::anchors(&page.anchors, &name);
            format!("<code>{}</code>: {anchors}", escape(&page.address))
        });
        section("Anchors that are gone", anchors.collect(), &mut body);
    }
    if let Some(problems) = &report.problems {
        let problems = problems.iter().map(|problem| {
            let place = problem.span.as_ref();
            let place = place
                .map(|span| format!("<code>{}:{}</code> ", escape(span.path.as_str()), span.line));
            let (message, rule) = (code_html(&problem.message), problem.rule);
            format!(
                "{}{message} <small>{rule}</small>",
                place.unwrap_or_default()
            )
        });
        section("Problems that are new", problems.collect(), &mut body);
    }
    let outdated = report.outdated(&|source| format!("<code>{}</code>", escape(source)));
    section("Translations that get out of date", outdated, &mut body);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Changes</title>\
         <style>{}</style></head><body><main>\
         <section id=\"{UNCHANGED}\"><p>The page <code></code> did not change, so it is not part of \
         this review.</p></section>{body}</main><script>{}</script></body></html>",
        include_str!("../serve/review/list.css"),
        concat!(
            include_str!("../serve/browser/review-list.js"),
            include_str!("list.js")
        ),
    )
}

fn section(heading: &str, entries: Vec<String>, body: &mut String) {
    if entries.is_empty() {
        return;
    }
    let _ = write!(
        body,
        "<section><h2>{heading} <small>{}</small></h2><ul>",
        entries.len()
    );
    for entry in entries {
        let _ = write!(body, "<li><p>{entry}</p></li>");
    }
    body.push_str("</ul></section>");
}
