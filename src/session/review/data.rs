//! Changes as data for programs.

use serde_json::{Value, json};

use super::PageReview;
use crate::diff::{Change, ChangeKind};
use crate::files::SourcePath;

/// Says where a line of a source is on the web: as it was at the base if the first
/// argument is true, otherwise as it is now.
pub type LineLink<'l> = dyn Fn(bool, &SourcePath, usize) -> Option<String> + Sync + 'l;

/// A change of a page with its name and its place on the web. `key` is its name as
/// [`crate::diff::keys`] gives it.
pub fn change_data(page: &PageReview, change: &Change, key: &str, link: &LineLink<'_>) -> Value {
    let is_gone = change.kind == ChangeKind::Removed;
    let source = match &page.from {
        Some(from) if is_gone => from,
        _ => &page.source,
    };
    let line = change.line.and_then(|line| usize::try_from(line).ok());
    let forge = line.and_then(|line| link(is_gone, &SourcePath::new(source), line));
    let mut data = json!(change);
    if let Some(data) = data.as_object_mut() {
        data.insert("key".to_owned(), json!(key));
        data.insert("forge".to_owned(), json!(forge));
    }
    data
}
