//! From a page's text to its body: the only importer of comrak.
//!
//! Pure: what a page sees of its site comes through [`Surroundings`].
//!
//! The dialect is Python-Markdown's with the extensions that Material for
//! MkDocs documents. The rooms below stand in the order in which text flows
//! through them, and each names only those before it:
//!
//! 1. `options`: what the site has turned on;
//! 2. `source`: the text as lines that know where they come from, snippets
//!    put in;
//! 3. `tree`: what the stages below build and change;
//! 4. `code`: listings and formulas, for the stages that meet them;
//! 5. `preprocess`: critic marks, fences and raw HTML go into a stash;
//! 6. `blocks`: the reference's block rules make the tree;
//! 7. `inline`: all texts of the page go through Comrak at once;
//! 8. `passes`: footnotes, attribute lists, abbreviations, typography,
//!    headings, figures, links;
//! 9. `render`: the tree as HTML;
//! 10. `outline`: what other sites see of a page.

mod options;
mod source;
mod tree;

mod code;

mod preprocess;

mod blocks;

mod inline;

mod passes;

mod render;

mod outline;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::html::unescape;
use blocks::Parser;
use passes::headings::Places;
use preprocess::stash::Stash;
use preprocess::{critic, fences, raw_html};
use render::Renderer;
use source::lines::{self, Block, Line, Texts};
use source::{damaged_marks, snippets};
use tree::{Id, Tree};

pub use options::{Case, Extension, OptionFault, Options, Slugify};
pub use outline::{Heading, Outline, OutlineBlock};
pub use passes::headings::TocItem;
pub use passes::links::Link;
pub use source::front_matter;
pub use source::page::Page;
pub use source::surroundings::{Destination, Snippet, Surroundings};

/// A page without its theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The article's HTML.
    pub html: String,
    /// Its headings.
    pub toc: Vec<TocItem>,
    /// Its links, in document order.
    pub links: Vec<Link>,
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
    page.widen(read.len().saturating_sub(text.len()));
    let mut stash = Stash::default();
    let mut diagnostics = Vec::new();
    let mut lines = lines::split(read, first_line, &texts);
    for (line, source) in lines.iter_mut().zip(made.iter().flat_map(|made| made.1)) {
        line.source = *source;
    }
    diagnostics.extend(damaged_marks::find(&page, read, &lines));
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
    let lines = raw_html::extract(&page, lines, options, &mut stash, &texts);
    let mut parser = Parser::new(&page, options, &mut stash, &texts, text.len() / 16);
    parser.parse(Tree::ROOT, &lines);
    let notes = blocks::list_footnotes(&mut parser, options);
    let Parser {
        mut tree,
        definitions,
        ..
    } = parser;
    blocks::settle(&mut tree, options);
    if let Some(tasks) = options.tasklist {
        inline::tasks(&mut tree, tasks);
    }
    if let Some(bar) = &options.progressbar {
        inline::bars(&mut tree, bar, options.attr_list, &texts);
    }
    if options.sources {
        tree.measure();
    }
    let found = inline::read(&page, &mut tree, &definitions, options, site, &texts);
    diagnostics.extend(found.diagnostics);
    if let Some((list, options)) = notes.zip(options.footnotes.as_ref()) {
        let labels: Vec<&str> = definitions.footnotes.iter().map(|note| note.0).collect();
        passes::footnotes::number(&mut tree, list, &labels, found.footnotes, options);
    }
    if let Some(magiclink) = &options.magiclink {
        inline::shorten(&mut tree, magiclink);
    }
    if options.attr_list {
        passes::attributes::assign_lists(&mut tree, &texts);
    }
    passes::abbreviations::mark(&page, &mut tree, &definitions.abbreviations);
    passes::typography::apply(
        &mut tree,
        options.smartsymbols.as_ref(),
        options.smarty.as_ref(),
    );
    let html_of = |tree: &Tree, id: Id| {
        let renderer = Renderer {
            tree,
            stash: &stash,
            options,
        };
        renderer.inner(id)
    };
    let places = Places::of(&tree, &options.toc);
    let toc = passes::headings::number(&page, &mut tree, &places, &html_of, options);
    passes::headings::name_tabs(&mut tree, &html_of, options);
    passes::figures::number(&mut tree, options);
    let links = passes::links::resolve(&page, &mut tree, &places.links, site);
    let html = Renderer {
        tree: &tree,
        stash: &stash,
        options,
    }
    .inner_of_size(Tree::ROOT, 2 * text.len());
    let html = if options.sources {
        page.placed(html)
    } else {
        html
    };
    Body {
        html,
        toc,
        links,
        included: page.files(),
        diagnostics: {
            diagnostics.extend(page.bound_diagnostics());
            diagnostics
        },
    }
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
    let title = body
        .toc
        .first()
        .map(|item| unescape(&item.title).into_owned())?;
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
