//! What a page is called, without rendering all of it: the nav of a large site
//! asks this of every page.

use std::sync::Arc;

use super::source::lines::{self, Block, Line, TextArena};
use super::source::{includes, metadata, snippets};
use super::{Destination, MarkdownOptions, SiteAccess, Snippet, blocks, render};
use crate::files::SourcePath;

/// What the top of a page says of its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstHeading {
    /// The page begins with this heading, as HTML without tags.
    Is(String),
    /// The page does not begin with a heading of the first level.
    None,
    /// It takes the whole page to know: see [`Body::title`](super::Body::title).
    InBody,
}

/// The heading that a page's text begins with: what [`render`] says of the
/// whole text, wherever its first block alone can tell.
pub fn first_heading(text: &str, options: &MarkdownOptions) -> FirstHeading {
    let texts = TextArena::default();
    let mut lines = lines::split(text, 1, &texts);
    if options.meta {
        metadata::strip(&mut lines, true);
    }
    let Some(start) = lines.iter().position(|line| !line.is_blank()) else {
        return FirstHeading::None;
    };
    let length = lines[start..].iter().position(Line::is_blank);
    let length = length.unwrap_or(lines.len() - start);
    let block: &mut Block = &mut lines[start..start + length].to_vec();
    lines::expand_tabs(block, &texts);
    let first = block[0].text;
    if is_replaced(first, options) {
        return FirstHeading::InBody;
    }
    let underline = block.get(1).map(|line| line.text.trim_end());
    let is_underlined =
        underline.is_some_and(|line| !line.is_empty() && line.bytes().all(|byte| byte == b'='));
    let is_hash = blocks::hash_level(first) == Some(1);
    if !(is_hash || is_underlined) {
        return FirstHeading::None;
    }
    if depends_on_more(first, options) {
        return FirstHeading::InBody;
    }
    let heading = lines::join(&block[..if is_hash { 1 } else { 2 }]);
    let options = MarkdownOptions {
        snippets: None,
        ..options.clone()
    };
    let body = render(&SourcePath::root(), &heading, 1, &options, &Nowhere);
    body.title.map_or(FirstHeading::None, FirstHeading::Is)
}

/// Whether a line that a page begins with may give way to another first block:
/// one of a snippet, or the one behind a definition.
fn is_replaced(line: &str, options: &MarkdownOptions) -> bool {
    let is_definition = line.starts_with(['[', '*']) && line.contains("]:");
    let is_snippet = options.snippets.is_some() && snippets::is_mark(line);
    let includes = options.includes.as_ref();
    let is_include = includes.is_some_and(|options| includes::is_mark(line, options));
    let is_critic = options.critic.is_some() && line.trim_start().starts_with('{');
    is_definition || is_snippet || is_include || is_critic
}

/// Whether the text of a heading may hold what other lines define, or what only
/// the site knows: references in brackets, icons.
fn depends_on_more(heading: &str, options: &MarkdownOptions) -> bool {
    let mut brackets = heading.match_indices(']');
    let is_reference = |at: usize| !heading[at + 1..].starts_with('(');
    brackets.any(|(at, _)| is_reference(at))
        || options.emoji.is_some() && heading.matches(':').nth(1).is_some()
        || options.critic.is_some() && heading.contains('{')
}

/// A site with nothing in it.
pub(super) struct Nowhere;

impl SiteAccess for Nowhere {
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
