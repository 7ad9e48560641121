//! The changes as data for tools.

use serde_json::{Value, json as value};

use super::Report;
use crate::diff;
use crate::files::SourcePath;
use crate::session::review::{Cause, PageReview, change_data};
use crate::translations::impacts_json;

/// The pages that differ as a list of objects, then what differs around the articles
/// of others, which have no `address`.
pub fn json(report: &Report) -> Value {
    let pages = report.list.pages.iter().map(|page| of_page(report, page));
    let causes = report.list.causes.iter().map(of_cause);
    pages.chain(causes).collect()
}

fn of_page(report: &Report, page: &PageReview) -> Value {
    let mut entry = value!({
        "source": page.source,
        "address": page.address,
        "language": page.language,
        "title": page.title,
        "status": page.status,
        "reasons": page.reasons,
        "changes": changes(report, page),
    });
    let outdated = report.translations.get(&SourcePath::new(&*page.source));
    if let Some(languages) = outdated {
        entry["translations"] = impacts_json(languages);
    }
    if let Some(from) = &page.from {
        entry["from"] = value!(from);
    }
    entry
}

/// The changes of a page.
pub(super) fn changes(report: &Report, page: &PageReview) -> Vec<Value> {
    let keys = diff::keys(&page.changes);
    let changes = page.changes.iter().zip(&keys);
    let link = |at_base: bool, source: &SourcePath, line| report.line(at_base, source, line);
    changes
        .map(|(change, key)| change_data(page, change, key, &link))
        .collect()
}

fn of_cause(cause: &Cause) -> Value {
    let source = cause.reasons.first().map_or("", |reason| &reason.path);
    let keys = diff::keys(&cause.changes);
    let changes = cause.changes.iter().zip(&keys).map(|(change, key)| {
        let mut data = value!(change);
        data["key"] = value!(key);
        data["forge"] = Value::Null;
        data
    });
    value!({
        "source": source,
        "address": "",
        "language": null,
        "status": "changed",
        "reasons": cause.reasons,
        "changes": changes.collect::<Vec<_>>(),
        "pages": cause.pages,
    })
}
