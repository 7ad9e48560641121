//! Where everything is in the folder of the static site.

use super::Report;
use crate::session::review::{PageReview, Status};
use crate::url;

/// The list of pages.
pub(super) const LIST: &str = "review.html";

/// The page of the list that says why a link goes nowhere.
pub(super) const UNCHANGED: &str = "unchanged";

/// Files of the site whose names are used otherwise are moved below this folder.
const MOVED: &str = "proofroom-review/site/";

/// The file in the folder for a place of the site.
pub(super) fn file_of(place: &str) -> String {
    let is_taken = place == LIST
        || ["base/", "proofroom-review/"]
            .iter()
            .any(|folder| place.starts_with(folder));
    if is_taken {
        format!("{MOVED}{place}")
    } else {
        place.to_owned()
    }
}

/// The file in the folder for a place of the base.
pub(super) fn base_file_of(place: &str) -> String {
    format!("base/{place}")
}

/// The place of a page in its site.
pub(super) fn place_of(page: &PageReview, report: &Report) -> String {
    let root = match page.status {
        Status::Removed => &report.roots.1,
        _ => &report.roots.0,
    };
    let below = page.address.strip_prefix(root.as_str());
    url::index_of(below.unwrap_or_else(|| page.address.trim_start_matches('/')))
}

/// The file in the folder with a changed page.
pub(super) fn destination(page: &PageReview, report: &Report) -> String {
    file_of(&place_of(page, report))
}

/// A relative address from one file of the folder to another.
pub(super) fn way(to: &str, from: &str) -> String {
    url::relative(&url::quote(to), &url::quote(from))
}
