//! From a page's text to its body: the only importer of comrak.
//!
//! Pure: what a page sees of its site comes through [`Surroundings`].
//!
//! The dialect is Python-Markdown's with the extensions that Material for
//! MkDocs documents. A page goes through these stages:
//!
//! 1. `lines`: the text as lines that know where they came from; `snippets`
//!    are put in, `fences` and raw `html` taken out into a `stash`;
//! 2. `blocks`: the reference's block rules make a `tree`;
//! 3. `inline`: all texts of the page go through Comrak at once;
//! 4. `passes`, `headings`: attribute lists, abbreviations, ids, links;
//! 5. `render`: the tree as HTML.

mod accidents;
mod attributes;
mod blocks;
mod bounds;
mod code;
mod critic;
mod fences;
pub mod front_matter;
mod headings;
mod highlight;
mod html;
mod inline;
mod lines;
mod listing;
mod math;
mod notes;
mod options;
mod page;
mod passes;
mod progress;
mod render;
mod slug;
mod snippets;
mod stash;
mod tree;
mod typography;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Span};
use crate::files::SourcePath;
use blocks::Parser;
use headings::Places;
use lines::{Block, Line, Texts};
use render::Renderer;
use stash::Stash;
use tree::{Id, Tree};

pub use options::Options;
pub use page::Page;
pub use render::unescape;
pub use slug::{Case, Slugify};

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
    /// The line of the page's file where the text that holds it begins:
    /// [`Page::span`] finds the place itself.
    pub line: u32,
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
    /// Files besides the page's own that its lines come from.
    pub included: Vec<SourcePath>,
    /// What is wrong with the page.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders a page's text, which begins on line `first_line` of its file.
pub fn render(
    path: &SourcePath,
    text: &str,
    first_line: u32,
    options: &Options,
    site: &dyn Surroundings,
) -> Body {
    render_made(path, text, first_line, None, options, site)
}

/// Renders what was `made` of a page's text before Markdown is read: the new
/// text, and for each of its lines the line of the file it comes from.
pub fn render_made(
    path: &SourcePath,
    text: &str,
    first_line: u32,
    made: Option<(&str, &[u32])>,
    options: &Options,
    site: &dyn Surroundings,
) -> Body {
    let read = made.map_or(text, |(text, _)| text);
    // As in the reference, nothing is appended to an empty page.
    if read.trim().is_empty() {
        return Body::default();
    }
    let texts = Texts::default();
    let page = Page::new(path, text, first_line);
    page.bounds.widen(read.len().saturating_sub(text.len()));
    let mut stash = Stash::default();
    let mut diagnostics = Vec::new();
    let mut lines = lines::split(read, first_line, &texts);
    for (line, source) in lines.iter_mut().zip(made.iter().flat_map(|made| made.1)) {
        line.source = *source;
    }
    diagnostics.extend(accidents::find(&page, read, &lines));
    if let Some(snippets) = &options.snippets {
        let included = snippets::include(&page, lines, snippets, site, &texts);
        lines = included.0;
        diagnostics.extend(included.1);
    }
    if let Some(mode) = options.critic {
        lines = critic::replace(lines, mode, &mut stash, &texts);
    }
    lines::expand_tabs(&mut lines, &texts);
    let end = Line {
        text: "",
        source: lines.last().map_or(first_line, |line| line.source),
    };
    lines.extend([end, end]);
    let lines = fences::extract(&page, lines, options, &mut stash, &texts, &mut diagnostics);
    let lines = html::extract(&page, lines, options, &mut stash, &texts);
    let mut parser = Parser::new(&page, options, &mut stash, &texts, text.len() / 16);
    parser.parse(Tree::ROOT, &lines);
    let notes = notes::list(&mut parser, options);
    let Parser {
        mut tree,
        definitions,
        ..
    } = parser;
    blocks::settle(&mut tree, options);
    if let Some(tasks) = options.tasklist {
        passes::tasks(&mut tree, tasks);
    }
    if let Some(bar) = &options.progressbar {
        progress::bars(&mut tree, bar, options.attr_list, &texts);
    }
    if options.sources {
        tree.measure();
    }
    let found = inline::read(&page, &mut tree, &definitions, options, site, &texts);
    diagnostics.extend(found.diagnostics);
    if let Some((list, options)) = notes.zip(options.footnotes.as_ref()) {
        let labels: Vec<&str> = definitions.footnotes.iter().map(|note| note.0).collect();
        notes::number(&mut tree, list, &labels, found.footnotes, options);
    }
    if let Some(magiclink) = &options.magiclink {
        inline::shorten(&mut tree, magiclink);
    }
    if options.attr_list {
        passes::attributes(&mut tree, &texts);
    }
    passes::abbreviations(&page, &mut tree, &definitions.abbreviations);
    typography::apply(
        &mut tree,
        options.smartsymbols.as_ref(),
        options.smarty.as_ref(),
    );
    let places = Places::of(&tree, &options.toc);
    let toc = headings::number(&page, &mut tree, &places, &stash, options);
    headings::name_tabs(&mut tree, &stash, options);
    blocks::number_figures(&mut tree, options);
    let links = links(&page, &mut tree, &places.links, site);
    let named = places.named.iter();
    let ids = named.filter_map(|id| tree.attribute(*id, "id"));
    let anchors = ids.map(str::to_owned).collect();
    let html = Renderer {
        tree: &tree,
        stash: &stash,
        options,
    }
    .inner_of_size(Tree::ROOT, 2 * text.len());
    let html = match options.sources {
        true => page.placed(html),
        false => html,
    };
    Body {
        html,
        toc,
        links,
        anchors,
        included: page.files(),
        diagnostics: {
            diagnostics.extend(page.bound_diagnostics());
            diagnostics
        },
    }
}

/// Resolves links and images; returns what they are.
fn links(page: &Page<'_>, tree: &mut Tree, places: &[Id], site: &dyn Surroundings) -> Vec<Link> {
    let mut links = Vec::new();
    for &id in places {
        let key = if tree.tag(id) == "a" { "href" } else { "src" };
        let is_own = ["footnote-ref", "footnote-backref", "headerlink"];
        let is_own = is_own.iter().any(|class| tree.has_class(id, class));
        let Some(written) = tree.attribute(id, key).filter(|_| !is_own) else {
            continue;
        };
        let destination = site.destination(written);
        let link = Link {
            written: written.to_owned(),
            destination,
            line: page.line(tree.nodes[id].line),
        };
        if let Destination::Inside(address) = &link.destination {
            tree.set(id, key, address.clone());
        }
        links.push(link);
    }
    links
}

/// The title that a page gives itself: its first block, if that is a heading
/// of the first level. As plain text.
pub fn first_heading(text: &str, options: &Options) -> Option<String> {
    let texts = Texts::default();
    let lines = lines::split(text, 1, &texts);
    let start = lines.iter().position(|line| !line.is_blank())?;
    let length = lines[start..]
        .iter()
        .position(Line::is_blank)
        .unwrap_or(lines.len() - start);
    let block: &mut Block = &mut lines[start..start + length].to_vec();
    lines::expand_tabs(block, &texts);
    let underline = block.get(1).map(|line| line.text.trim_end());
    let is_underlined =
        underline.is_some_and(|line| !line.is_empty() && line.bytes().all(|byte| byte == b'='));
    let is_hash = blocks::hash_level(block[0].text) == Some(1);
    if !(is_hash || is_underlined) {
        return None;
    }
    let end = if is_hash { 1 } else { 2 };
    let heading = lines::join(&block[..end]);
    let body = render(
        &SourcePath::root(),
        &heading,
        1,
        &Options {
            snippets: None,
            ..options.clone()
        },
        &Nowhere,
    );
    let title = body.toc.first().map(|item| render::unescape(&item.title))?;
    Some(title).filter(|title| !title.is_empty())
}

/// A site with nothing in it.
struct Nowhere;

impl Surroundings for Nowhere {
    fn snippet(&self, _: &str) -> Option<Snippet> {
        None
    }

    fn destination(&self, _: &str) -> Destination {
        Destination::Outside
    }

    fn icon(&self, _: &str) -> Option<Arc<str>> {
        None
    }
}

#[cfg(test)]
pub(crate) mod tests;
