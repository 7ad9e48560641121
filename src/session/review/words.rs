//! What is said of pages and reasons, wherever they are listed.

use super::{Reason, ReasonKind, Status};

/// The word for what happened to a page.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Added => "added",
        Status::Removed => "removed",
        Status::Renamed => "renamed",
        Status::Changed => "changed",
    }
}

/// What a change comes from, in words; the path follows.
pub fn reason_word(reason: &Reason) -> &'static str {
    match reason.kind {
        ReasonKind::Text => "its own text",
        ReasonKind::Snippet => "included",
        ReasonKind::Template => "template",
        ReasonKind::Nav => "the nav",
        ReasonKind::Config => "configuration",
        ReasonKind::Plugin => "a plugin",
        ReasonKind::Image => "picture",
    }
}

/// The path to name with a reason, where that says more than the page does.
pub fn reason_path(reason: &Reason) -> Option<&str> {
    let is_named = !matches!(reason.kind, ReasonKind::Text | ReasonKind::Nav);
    (is_named && !reason.path.is_empty()).then_some(reason.path.as_str())
}
