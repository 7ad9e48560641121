//! Where the Markdown of pages is, if the site publishes it.

use super::settings::has_markdown_files;
use crate::site::Db;
use crate::url;

/// The path of the Markdown of a page, from that of the page.
pub(super) fn path_of(output: &str) -> Option<String> {
    Some(format!("{}.md", output.strip_suffix(".html")?))
}

/// How a page names its Markdown, which is beside it; `None` if the site does not have it.
pub(super) fn beside(db: &dyn Db, output: &str) -> Option<String> {
    if !has_markdown_files(db) {
        return None;
    }
    let path = path_of(output)?;
    let name = path.rsplit('/').next().unwrap_or(&path);
    Some(url::quote(name))
}
