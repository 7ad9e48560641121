//! What a page can see of the site round it.

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
    /// Looks like a file of the site, but there is none: it stays as written.
    /// With the closest existing name, if one is close.
    Missing(Option<Near>),
    /// Not a matter of this site (`https:`, `mailto:`, `#fragment`, absolute).
    Outside,
}

/// What a page can see of the site round it.
pub trait Surroundings {
    /// The text of the snippet file `name`, searched in the base paths.
    fn snippet(&self, name: &str) -> Option<Snippet>;
    /// The files in the folder that the snippet `name`, which is none, would lie
    /// in, as a page would write them; none where nothing can be listed.
    fn snippets_beside(&self, name: &str) -> Vec<String> {
        let _ = name;
        Vec::new()
    }
    /// Where `destination`, as written in the page, leads.
    fn destination(&self, destination: &str) -> Destination;
    /// The SVG of an icon such as `material-account` (the shortcode without
    /// its colons), custom icons first.
    fn icon(&self, shortcode: &str) -> Option<Arc<str>>;
}
