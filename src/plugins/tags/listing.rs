use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Reference, Settings, Tag, TaggedPage, order};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::html::{Escape, Token, attribute, heading_level, inline_html, tokens};
use crate::markdown::{Body, TocItem};
use crate::options::Values;
use crate::plugins::mapped_text::Text;
use crate::{url, yaml};

/// A request for a listing on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    scope: bool,
    shadow: bool,
    toc: bool,
    include: BTreeSet<String>,
    exclude: BTreeSet<String>,
}

/// A listing and the page that it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The index of its directive on the page.
    pub nth: usize,
    /// Its directive.
    pub directive: Directive,
    /// The page's path below the docs folder.
    pub path: String,
    /// The page's address.
    pub url: String,
}

impl Directive {
    fn new(settings: &Settings, options: &Map<String, Value>) -> Self {
        let options = Values(options);
        let set = |name: &str| options.texts(name).into_iter().collect();
        Self {
            scope: options.flag("scope", false),
            shadow: options.flag("shadow", settings.shadow),
            toc: options.flag("toc", settings.toc),
            include: set("include"),
            exclude: set("exclude"),
        }
    }
}

impl Listing {
    /// The tags of a page that belong in the listing.
    fn select<'a>(&self, page: &'a TaggedPage) -> Vec<&'a Tag> {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let in_scope = folder.is_empty()
            || page
                .path
                .strip_prefix(folder)
                .is_some_and(|below| below.starts_with('/'));
        if page.path == self.path || (self.directive.scope && !in_scope) {
            return Vec::new();
        }
        let among = |tag: &Tag, names: &BTreeSet<String>| {
            tag.chain.iter().any(|(name, _)| names.contains(name))
        };
        let directive = &self.directive;
        if page.tags.iter().any(|tag| among(tag, &directive.exclude)) {
            return Vec::new();
        }
        let wanted = |tag: &&Tag| directive.include.is_empty() || among(tag, &directive.include);
        page.tags.iter().filter(wanted).collect()
    }
}

/// The name of the heading that marks the place of a listing.
fn marker(nth: usize) -> String {
    format!("proofroom-tags-{nth}")
}

/// Replaces the directives in a page's text by headings of level `depth`, which
/// mark the places of the listings. `path` is the page's path below the docs
/// folder.
pub fn directives(
    text: &mut Text,
    settings: &Settings,
    file: &SourcePath,
    path: &str,
    depth: usize,
) -> (Vec<Directive>, Vec<Diagnostic>) {
    add_legacy_directives(text, settings, path);
    let mut directives = Vec::new();
    let mut diagnostics = Vec::new();
    let mut edits = Vec::new();
    let mut from = 0;
    let mut lines = text.lines_from_start();
    while let Some(at) = text.as_str()[from..].find("<!--") {
        let start = from + at;
        let comment = &text.as_str()[start + 4..];
        let Some(length) = comment.find("-->") else {
            break;
        };
        from = start + 4 + length + 3;
        let content = comment[..length].trim_start();
        let name = content.get(..settings.directive.len());
        if !name.is_some_and(|name| name.eq_ignore_ascii_case(&settings.directive)) {
            continue;
        }
        let arguments = content[settings.directive.len()..].trim();
        match parse_options(arguments, settings, file) {
            Ok(options) => {
                let heading = if settings.listings {
                    let marker = marker(directives.len());
                    let hashes = "#".repeat(depth);
                    format!("{hashes} {marker}/name {{ #{marker}/slug }}")
                } else {
                    String::new()
                };
                edits.push((start..from, heading));
                directives.push(Directive::new(settings, &options));
            }
            Err(message) => {
                let source = &text.as_str()[start..from];
                let first_line = &source[..source.find('\n').unwrap_or(source.len())];
                let span = Span {
                    path: file.clone(),
                    line: lines.source_of(start),
                    column: 1,
                    end: None,
                    excerpt: first_line.to_owned(),
                };
                diagnostics.push(Diagnostic::new(Rule::BadValue, message).at(span));
            }
        }
    }
    text.replace(edits);
    (directives, diagnostics)
}

/// The options of a directive: a mapping, or the name of one in `listings_map`.
fn parse_options(
    arguments: &str,
    settings: &Settings,
    file: &SourcePath,
) -> Result<Map<String, Value>, String> {
    let parsed = yaml::parse(file, arguments).map_err(|error| error.message)?;
    let yaml::Value::String(name) = &parsed.node.value else {
        return Ok(parsed.node.to_map());
    };
    let options = settings.named.get(name).and_then(Value::as_object);
    let options = options.ok_or_else(|| format!("`listings_map` has no listing `{name}`"))?;
    Ok(options.clone())
}

/// Adds the directives that the settings `tags_file` and `tags_extra_files` ask
/// for.
fn add_legacy_directives(text: &mut Text, settings: &Settings, path: &str) {
    let mut directive = settings.directive.clone();
    if settings.file.as_deref() != Some(path) {
        let Some(tags) = settings.extra_files.get(path) else {
            return;
        };
        let names = tags.as_array().into_iter().flatten();
        let names: Vec<String> = names.filter_map(crate::python::plain).collect();
        if !names.is_empty() {
            directive = format!("{directive} {{ include: [{}] }}", names.join(", "));
        }
    }
    let comment = format!("<!-- {directive} -->");
    let placeholders = text.as_str().match_indices("[TAGS]");
    let edits: Vec<_> = placeholders
        .map(|(at, placeholder)| (at..at + placeholder.len(), comment.clone()))
        .collect();
    text.replace(edits);
    let directive = format!("<!-- {}", settings.directive);
    if !text.as_str().contains(&directive) {
        text.append(&format!("\n{comment}"));
    }
}

/// The tags of a page, each with the address of the closest listing.
pub fn references(settings: &Settings, page: &TaggedPage, listings: &[Listing]) -> Vec<Reference> {
    let mut closest: Vec<&Listing> = listings
        .iter()
        .filter(|listing| !listing.select(page).is_empty())
        .collect();
    let shared = |listing: &&Listing| {
        let parts = |url: &str| -> Vec<String> {
            let parts = url.split('/').filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        let (a, b) = (parts(&page.url), parts(&listing.url));
        let shared = a.iter().zip(&b).take_while(|(a, b)| a == b);
        let length: usize = shared.map(|(part, _)| part.len() + 1).sum();
        std::cmp::Reverse(length)
    };
    closest.sort_by_key(shared);
    let reference = |tag: &Tag| {
        let mut listings = closest.iter();
        let listing = listings.find(|listing| listing.select(page).contains(&tag));
        Reference {
            name: tag.name().to_owned(),
            hidden: tag.is_hidden(),
            url: listing.map(|listing| {
                let page = if listing.url.is_empty() {
                    "."
                } else {
                    &listing.url
                };
                format!("{page}#{}", settings.slug(tag.name()))
            }),
        }
    };
    page.tags.iter().map(reference).collect()
}

/// One tag of a listing, with the tags below it.
#[derive(Default)]
struct Branch<'a> {
    name: String,
    hidden: bool,
    pages: Vec<&'a TaggedPage>,
    below: BTreeMap<String, Branch<'a>>,
}

impl Branch<'_> {
    fn sorted(&self, settings: &Settings) -> Vec<&Self> {
        let mut branches: Vec<_> = self.below.values().collect();
        let (fold, reverse) = (
            settings.listing_tags_fold_case,
            settings.listing_tags_reverse,
        );
        branches.sort_by(|a, b| order(&a.name, &b.name, fold, reverse));
        branches
    }
}

/// Replaces the marker of a listing by the listing, in the page's HTML and in its
/// table of contents. `classes` are `extra.tags`.
pub fn put_in(
    body: &mut Body,
    listing: &Listing,
    settings: &Settings,
    pages: &[TaggedPage],
    classes: Option<&Map<String, Value>>,
) {
    let root = collect_branches(listing, pages);
    let slug = format!("{}/slug", marker(listing.nth));
    let mut items = Vec::new();
    let level = toc_level(&body.toc, &slug, None).unwrap_or(1) + 1;
    for branch in root.sorted(settings) {
        items.push(toc_item(branch, settings, level));
    }
    if !listing.directive.toc {
        items.clear();
    }
    replace_in_toc(&mut body.toc, &slug, &items);
    let Some(heading) = find_heading(&body.html, &slug) else {
        return;
    };
    let written = body.html[heading.clone()].to_owned();
    let shape = Shape {
        settings,
        classes,
        from: &listing.url,
        headline: headline(&written, listing.nth, level),
    };
    let mut html = String::new();
    for (nth, branch) in root.sorted(settings).into_iter().enumerate() {
        if nth > 0 {
            html.push('\n');
        }
        shape.write_branch(branch, &mut html);
    }
    body.html.replace_range(heading, &html);
}

/// The tree of the tags in a listing.
fn collect_branches<'a>(listing: &Listing, pages: &'a [TaggedPage]) -> Branch<'a> {
    let mut root = Branch::default();
    for page in pages {
        for tag in listing.select(page) {
            if tag.is_hidden() && !listing.directive.shadow {
                continue;
            }
            let mut branch = &mut root;
            for (name, hidden) in &tag.chain {
                branch = branch.below.entry(name.clone()).or_default();
                (branch.name, branch.hidden) = (name.clone(), *hidden);
            }
            branch.pages.push(page);
        }
    }
    root
}

/// The range of a marker's heading in the HTML.
fn find_heading(html: &str, slug: &str) -> Option<std::ops::Range<usize>> {
    let mut tokens = tokens(html);
    let (level, start) = tokens.find_map(|(token, range)| match token {
        Token::Start {
            name, attributes, ..
        } if attribute(attributes, "id").is_some_and(|id| id == slug) => {
            Some((heading_level(name)?, range.start))
        }
        _ => None,
    })?;
    let is_end = |token| matches!(token, Token::End { name } if heading_level(name) == Some(level));
    let (_, end) = tokens.find(|(token, _)| is_end(*token))?;
    Some(start..end.end)
}

/// A template for the heading of a tag, with placeholders `{slug}` and `{name}`:
/// the heading of the marker with another level.
fn headline(heading: &str, nth: usize, level: u8) -> String {
    let level = level.min(6);
    let marker = marker(nth);
    // Without the `<h1` at the start and the `h1>` at the end.
    let inner = &heading[3..heading.len() - 3];
    let inner = inner
        .replace(&format!("{marker}/slug"), "{slug}")
        .replace(&format!("{marker}/name"), "{name}");
    format!("<h{level}{inner}h{level}>")
}

/// The level of the heading above a marker; 1 if there is none.
fn toc_level(toc: &[TocItem], slug: &str, parent: Option<u8>) -> Option<u8> {
    toc.iter().find_map(|item| {
        if item.id == slug {
            Some(parent.unwrap_or(1))
        } else {
            toc_level(&item.children, slug, Some(item.level))
        }
    })
}

/// Replaces the entry of a marker by those of a listing.
fn replace_in_toc(toc: &mut Vec<TocItem>, slug: &str, items: &[TocItem]) {
    if let Some(at) = toc.iter().position(|item| item.id == slug) {
        toc.splice(at..=at, items.iter().cloned());
        return;
    }
    for item in toc {
        replace_in_toc(&mut item.children, slug, items);
    }
}

fn toc_item(branch: &Branch<'_>, settings: &Settings, level: u8) -> TocItem {
    TocItem {
        typeset: None,
        level,
        id: settings.slug(&branch.name),
        title: Escape::TEXT.apply(&branch.name),
        children: branch
            .sorted(settings)
            .into_iter()
            .map(|below| toc_item(below, settings, level.saturating_add(1)))
            .collect(),
    }
}

/// Writes a listing as HTML.
struct Shape<'a> {
    settings: &'a Settings,
    classes: Option<&'a Map<String, Value>>,
    /// The address of the page with the listing.
    from: &'a str,
    /// The template for headings.
    headline: String,
}

impl Shape<'_> {
    fn write_branch(&self, branch: &Branch<'_>, html: &mut String) {
        let headline = self
            .headline
            .replace("{slug}", &self.settings.slug(&branch.name))
            .replace("{name}", &self.tag(branch));
        html.push_str(&headline);
        html.push_str("\n<ul>\n");
        let mut pages = branch.pages.clone();
        pages.sort_by(|a, b| {
            let key = |page: &TaggedPage| {
                if self.settings.listings_by_url {
                    page.url.clone()
                } else {
                    page.title.clone()
                }
            };
            order(&key(a), &key(b), false, self.settings.listings_reverse)
        });
        for page in pages {
            let to = if page.url.is_empty() { "./" } else { &page.url };
            let href = url::relative(to, self.from);
            let title = inline_html(&page.title);
            html.push_str(&format!("<li><a href=\"{href}\">\n{title}\n</a></li>\n"));
        }
        for below in branch.sorted(self.settings) {
            html.push_str("<li style=\"list-style-type:none\">");
            self.write_branch(below, html);
            html.push_str("</li>\n");
        }
        html.push_str("</ul>");
    }

    fn tag(&self, branch: &Branch<'_>) -> String {
        let mut class = "md-tag".to_owned();
        if branch.hidden {
            class.push_str(" md-tag-shadow");
        }
        if let Some(classes) = self.classes.filter(|classes| !classes.is_empty()) {
            class.push_str(" md-tag-icon");
            if let Some(Value::String(name)) = classes.get(&branch.name) {
                class.push_str(" md-tag--");
                Escape::QUOTED_WITH_ENTITIES.append(name, &mut class);
            }
        }
        format!(
            "<span class=\"{class}\">{}</span>",
            inline_html(&branch.name)
        )
    }
}
