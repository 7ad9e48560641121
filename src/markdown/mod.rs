//! From a page's text to its body: the only importer of comrak.
//!
//! Pure: what a page sees of its site comes through [`Surroundings`].

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Span};
use crate::files::SourcePath;

/// One entry of `markdown_extensions`, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The name as MkDocs spells it, such as `pymdownx.superfences`.
    pub name: String,
    /// Its options; empty where there are none.
    pub options: Map<String, Value>,
    /// Where it was configured; `None` for those that are on by default.
    pub span: Option<Span>,
}

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
    Missing(Option<String>),
    /// Not a matter of this site (`https:`, `mailto:`, `#fragment`, absolute).
    Outside,
}

/// What a page can see of the site round it.
pub trait Surroundings {
    /// The text of the snippet file `name`, searched in the base paths.
    fn snippet(&self, name: &str) -> Option<Snippet>;
    /// Where `destination`, as written in the page, leads.
    fn destination(&self, destination: &str) -> Destination;
    /// The SVG of an icon such as `material-account` (the shortcode without
    /// its colons), custom icons first.
    fn icon(&self, shortcode: &str) -> Option<Arc<str>>;
}

/// An entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TocItem {
    /// The heading's level, 1 to 6.
    pub level: u8,
    /// The heading's id.
    pub id: String,
    /// The heading as HTML without links and ids.
    pub title: String,
    /// Deeper headings.
    pub children: Vec<TocItem>,
}

/// A link, image or other reference of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As written.
    pub written: String,
    /// Where it leads.
    pub destination: Destination,
    /// Its place in the page's source.
    pub span: Span,
}

/// A page without its theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The article's HTML.
    pub html: String,
    /// Its headings.
    pub toc: Vec<TocItem>,
    /// Its links, in document order.
    pub links: Vec<Link>,
    /// All ids that can be linked to, in document order.
    pub anchors: Vec<String>,
    /// What is wrong with the page.
    pub diagnostics: Vec<Diagnostic>,
}
pub mod front_matter;
#[derive(Debug,Clone,PartialEq,Eq)]
pub struct Options;
impl Options { pub fn new(_: &[Extension]) -> (Options, Vec<Diagnostic>) { (Options, vec![]) } }
pub fn render(_path:&SourcePath, text:&str, _first: u32, _o:&Options, _s:&dyn Surroundings) -> Body { Body{ html: comrak::markdown_to_html(text, &comrak::Options::default()), ..Body::default() } }
pub fn first_heading(text:&str, _:&Options) -> Option<String> { text.lines().next()?.strip_prefix("# ").map(str::to_owned) }
