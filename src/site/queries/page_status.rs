//! The status that the front matter of a page names.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::fronts::line_of_key;
use super::settings::config;
use super::{front_matter, text};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::site::{Db, Entry};

/// Those that Material for MkDocs has itself.
const OF_THEME: [&str; 2] = ["deprecated", "new"];

/// The diagnostic for a status that is likely misspelled: nothing tells what it means.
pub(super) fn fault(db: &dyn Db, page: Entry) -> Option<Diagnostic> {
    let front = front_matter(db, page);
    let status = front.meta.get("status")?.as_str()?;
    let own = own_statuses(db);
    if OF_THEME.contains(&status) || own.contains(status) {
        return None;
    }
    let known = OF_THEME.into_iter().chain(own.iter().map(String::as_str));
    let near = Suggestions::default().suggest(status, known)?;
    let text = text(db, page).readable().unwrap_or_default();
    let span = Span::line(&page.path(db), &text, line_of_key(&text, Some("status")));
    let message =
        format!("the status `{status}` is neither one of the theme nor in `extra.status`");
    let note = Diagnostic::note(Rule::UnknownType, message).at(span);
    Some(note.did_you_mean(status, &near).without_fix())
}

/// The statuses that the site describes in `extra.status`.
#[salsa::tracked(returns(clone))]
fn own_statuses(db: &dyn Db) -> Arc<BTreeSet<String>> {
    let config = config(db);
    let described = config
        .as_ref()
        .and_then(|it| it.extra.get("status")?.as_object());
    let names = described.into_iter().flat_map(|it| it.keys().cloned());
    Arc::new(names.collect())
}
