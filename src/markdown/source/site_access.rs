//! The part of the site that a page can see.

use std::sync::Arc;

use crate::diagnostic::Near;
use crate::files::SourcePath;

/// A snippet's text and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: Arc<str>,
}

/// Where a link of a page leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A file of the site: the address to write, relative to the page
    /// (query and fragment included).
    Inside(String),
    /// A file of the docs folder that is excluded from the site: the address that
    /// it would have, relative to the page.
    Excluded(String),
    /// Looks like a file of the site but does not exist: the link stays as
    /// written. With the most similar name that exists, if there is one.
    Missing(Option<Near>),
    /// Not a file of this site (`https:`, `mailto:`, `#fragment`, absolute).
    Outside,
}

/// Where a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageAddress<'a> {
    /// Its path in the docs folder.
    pub path: &'a str,
    /// Its address.
    pub url: &'a str,
    /// Whether addresses of pages are folders (`use_directory_urls`).
    pub is_folder: bool,
}

/// The part of the site that a page can see.
pub trait SiteAccess {
    /// The text of the snippet file `name`, searched for in the base paths.
    fn snippet(&self, name: &str) -> Option<Snippet>;
    /// The files in the folder in which the missing snippet `name` would be, as
    /// a page would write them; empty if files cannot be listed.
    fn snippets_beside(&self, _name: &str) -> Vec<String> {
        Vec::new()
    }
    /// The text of the file at `path`, relative to the folder that the site is
    /// built in.
    fn file(&self, _path: &str) -> Option<Snippet> {
        None
    }
    /// Whether there is a file at `path`, relative to the folder that the site is
    /// built in, that pages must not show.
    fn is_kept_back(&self, _path: &str) -> bool {
        false
    }
    /// The files in the folder in which the missing file at `path` would be, as
    /// paths of the same kind; empty if files cannot be listed.
    fn files_beside(&self, _path: &str) -> Vec<String> {
        Vec::new()
    }
    /// The bytes of the image at `path`, relative to the folder that the site is
    /// built in.
    fn image(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
    /// The page itself.
    fn page(&self) -> PageAddress<'_> {
        PageAddress::default()
    }
    /// Whether the docs folder has a file at `path` that is not excluded.
    fn has_file(&self, _path: &str) -> bool {
        false
    }
    /// Where `destination`, as written in the page, leads.
    fn destination(&self, destination: &str) -> Destination;
    /// The address to write for a link to an anchor of the page, such as `#a`; `None` if
    /// it stays as it is. `is_first` says whether it is the first one.
    fn anchor(&self, _fragment: &str, _is_first: bool) -> Option<String> {
        None
    }
    /// The SVG of an icon such as `material-account` (the shortcode without
    /// its colons), custom icons first.
    fn icon(&self, shortcode: &str) -> Option<Arc<str>>;
}
