//! Turns a page's text into its body. The only importer of comrak.
//!
//! Pure: a page sees the rest of its site through [`SiteAccess`] alone.
//!
//! The dialect is Python-Markdown's with the extensions that Material for
//! MkDocs documents. The modules are listed in the order in which text flows
//! through them, and each uses only those above it:
//!
//! 1. `options`: what the site has turned on;
//! 2. `source`: the text as lines that know where they come from, with
//!    snippets included;
//! 3. `tree`: the tree that the later stages build and change;
//! 4. `code`: listings and formulas as HTML, for several of the later stages;
//! 5. `preprocess`: moves critic marks, fences and raw HTML into a stash;
//! 6. `blocks`: builds the tree by the reference's block rules;
//! 7. `inline`: runs all texts of the page through Comrak at once;
//! 8. `passes`: footnotes, attribute lists, abbreviations, typography,
//!    headings, figures, links;
//! 9. `render`: writes the tree as HTML;
//! 10. `postprocess`: changes that HTML;
//! 11. `title`: finds out what a page is called without rendering all of it;
//! 12. `lints`: what is likely not meant as it is written;
//! 13. `outline`: the part of a page that other sites see.

mod options;
mod source;
mod tree;

mod code;

mod preprocess;

mod blocks;

mod inline;

mod passes;

mod render;

mod postprocess;

mod title;

mod lints;

mod outline;

use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use blocks::Parser;
use passes::headings::HeadingTargets;
use preprocess::stash::Stash;
use preprocess::{critic, fences, math_fences, raw_html};
use render::Renderer;
use source::lines::{self, Line, TextArena};
use source::written::Written;
use source::{includes, metadata, missing_constructs, snippets};
use tree::{Id, Tree};

pub use inline::CrossReference;
pub use lints::{INSECURE, Lint, insecure_link, insecure_links, lints};
pub use options::{
    Extension, ExtensionProblem, Mark, MarkdownOptions, MissingConstruct, OptionStatus, Slugify,
    option_statuses,
};
pub use outline::{Heading, Outline, OutlineBlock, headings};
pub use passes::anchors::Anchor;
pub use passes::headings::TocItem;
pub use passes::links::{Link, LinkPlace};
pub use source::data_src::without_source_lines;
pub use source::front_matter;
pub use source::page::Page;
pub use source::site_access::{Destination, PageAddress, SiteAccess, Snippet};
pub use source::written::begins_target;
pub use title::{FirstHeading, first_heading};

/// A page without its theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The article's HTML.
    pub html: String,
    /// Its headings.
    pub toc: Vec<TocItem>,
    /// Its links, in document order.
    pub links: Vec<Link>,
    /// The names by which cross references find places on it, if the site has such
    /// references.
    pub anchors: Vec<Anchor>,
    /// Its own cross references, which are elements `autoref` in its HTML.
    pub cross_references: Vec<CrossReference>,
    /// The title that the page gives itself: its first block, if that is a
    /// heading of level 1; as HTML without tags.
    pub title: Option<String>,
    /// The other files that its lines come from.
    pub included: Vec<SourcePath>,
    /// The problems found on the page.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders a page's text, which begins on line `first_line` of its file.
pub fn render(
    path: &SourcePath,
    text: &str,
    first_line: u32,
    options: &MarkdownOptions,
    site: &dyn SiteAccess,
) -> Body {
    render_generated(path, text, first_line, None, options, site)
}

/// A text as Python-Markdown renders it without any extension.
pub fn plain_html(text: &str) -> String {
    let options = MarkdownOptions {
        names_headings: false,
        ..MarkdownOptions::none()
    };
    let body = render(&SourcePath::root(), text, 1, &options, &title::Nowhere);
    body.html.trim_end_matches('\n').to_owned()
}

/// Renders the text that plugins `generated` of a page's own before Markdown is
/// read, given with the line of the file that each of its lines comes from.
pub fn render_generated(
    path: &SourcePath,
    text: &str,
    first_line: u32,
    generated: Option<(&str, &[u32])>,
    options: &MarkdownOptions,
    site: &dyn SiteAccess,
) -> Body {
    let markdown = generated.map_or(text, |(text, _)| text);
    // As in the reference, nothing is appended to an empty page.
    if markdown.trim().is_empty() {
        return Body::default();
    }
    let texts = TextArena::default();
    let page = Page::new(path, text, first_line);
    page.widen(markdown.len().saturating_sub(text.len()));
    let mut stash = Stash::default();
    let mut lines = lines::split(markdown, first_line, &texts);
    for (line, source) in lines
        .iter_mut()
        .zip(generated.iter().flat_map(|generated| generated.1))
    {
        line.source = *source;
    }
    let mut diagnostics = Vec::new();
    if let Some(includes) = &options.includes {
        let included = includes::include(&page, lines, includes, site, &texts);
        lines = included.0;
        diagnostics.extend(included.1);
    }
    if let Some(snippets) = &options.snippets {
        let included = snippets::include(&page, lines, snippets, site, &texts);
        lines = included.0;
        diagnostics.extend(included.1);
    }
    if options.meta {
        metadata::strip(&mut lines, first_line > 1);
    }
    diagnostics.extend(missing_constructs::find(&page, &lines, &options.missing));
    let lines = preprocess(&page, lines, options, &mut stash, &texts, &mut diagnostics);
    let mut parser = Parser::new(&page, options, &mut stash, &texts, text.len() / 16);
    parser.parse(Tree::ROOT, &lines);
    let footnote_list = blocks::list_footnotes(&mut parser, options);
    let Parser {
        mut tree,
        definitions,
        diagnostics: of_blocks,
        ..
    } = parser;
    diagnostics.extend(of_blocks);
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
    let inline = inline::read(&page, &mut tree, &definitions, options, site, &texts);
    diagnostics.extend(inline.diagnostics);
    if let Some(strips_period) = options.callouts {
        blocks::set_callout_titles(&mut tree, strips_period);
    }
    if let (Some(list), Some(options)) = (footnote_list, &options.footnotes) {
        let labels: Vec<&str> = definitions.footnotes.iter().map(|note| note.0).collect();
        passes::footnotes::number(&mut tree, list, &labels, inline.footnotes, options);
    }
    if let Some(magiclink) = &options.magiclink {
        inline::shorten(&mut tree, magiclink);
    }
    if options.legacy_attributes {
        passes::legacy_attributes::assign(&mut tree);
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
    let places = inline.places;
    let body = finish(&page, tree, &stash, options, site, &places);
    diagnostics.extend(body.diagnostics);
    Body {
        diagnostics,
        cross_references: inline.cross_references,
        ..body
    }
}

/// Moves everything that is not for the block rules from `lines` to `stash`.
fn preprocess<'a>(
    page: &Page<'a>,
    mut lines: Vec<Line<'a>>,
    options: &MarkdownOptions,
    stash: &mut Stash<'a>,
    texts: &'a TextArena,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Line<'a>> {
    if let Some(mode) = options.critic {
        lines = critic::replace(lines, mode, stash, texts);
    }
    let superfences = options.superfences.as_ref();
    let with_tabs = superfences
        .filter(|superfences| superfences.preserve_tabs)
        .map(|_| lines.clone());
    lines::expand_tabs(&mut lines, texts);
    let end = Line {
        text: "",
        source: lines.last().map_or(page.first_line(), |line| line.source),
    };
    lines.extend([end, end]);
    if let Some(math) = options.script_math
        && math.gitlab
    {
        lines = math_fences::extract(lines, math, stash, texts);
    }
    let lines = fences::extract(
        page,
        lines,
        with_tabs.as_deref(),
        options,
        stash,
        texts,
        diagnostics,
    );
    raw_html::extract(page, lines, options, stash, texts)
}

/// Numbers headings and figures, resolves links and writes the body. `written` says
/// where the addresses of links stand.
fn finish<'a>(
    page: &Page,
    mut tree: Tree<'a>,
    stash: &Stash,
    options: &'a MarkdownOptions,
    site: &dyn SiteAccess,
    written: &[(Id, Written<'_>)],
) -> Body {
    let html_of = |tree: &Tree, id: Id| {
        let renderer = Renderer {
            tree,
            stash,
            options,
        };
        renderer.inner(id)
    };
    let places = HeadingTargets::of(&tree, &options.toc);
    let previews = passes::previews::of_page(&options.previews, site);
    let shows_own = passes::previews::shows_page(&previews, site);
    let toc = if options.names_headings {
        passes::headings::number(page, &mut tree, &places, &html_of, options, shows_own)
    } else {
        Vec::new()
    };
    let title = passes::headings::page_title(&mut tree, &html_of);
    passes::headings::name_tabs(&mut tree, &html_of, options);
    passes::figures::number(&mut tree, options);
    let anchors = if options.autorefs {
        passes::anchors::collect(&tree, options.attr_list)
    } else {
        Vec::new()
    };
    passes::previews::mark(&mut tree, &previews, site);
    let links = passes::links::resolve(page, &mut tree, &places.links, written, site);
    if options.is_excerpt {
        passes::links::move_anchors(&mut tree, site);
    }
    let renderer = Renderer {
        tree: &tree,
        stash,
        options,
    };
    let mut html = renderer.inner_of_size(Tree::ROOT, 2 * page.length());
    let mut diagnostics = page.bound_diagnostics();
    if let Some(options) = &options.postprocess {
        let changed = postprocess::apply(page, html, options, site);
        html = changed.0;
        diagnostics.extend(changed.1);
    }
    if options.sources {
        html = page.name_included_files(html);
    }
    Body {
        html,
        toc,
        title,
        links,
        anchors,
        cross_references: Vec::new(),
        included: page.files(),
        diagnostics,
    }
}

#[cfg(test)]
pub(crate) mod tests;
