use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Reference, Settings, Tag, Tagged, order};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::html::{Escape, Token, attribute, heading_level, tokens};
use crate::markdown::{Body, TocItem};
use crate::options::Values;
use crate::plugins::text::Text;
use crate::{url, yaml};

/// What a page asks to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    scope: bool,
    shadow: bool,
    toc: bool,
    include: BTreeSet<String>,
    exclude: BTreeSet<String>,
}

/// A listing and the page it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which of the page's directives it is.
    pub nth: usize,
    /// What it lists.
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
    /// The tags of a page that belong into the listing.
    fn select<'a>(&self, page: &'a Tagged) -> Vec<&'a Tag> {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let in_scope = folder.is_empty()
            || page
                .path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'));
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

/// The heading that marks where a listing comes.
fn marker(nth: usize) -> String {
    format!("proofroom-tags-{nth}")
}

/// Takes the directives out of a page's text and marks their places with
/// headings of level `depth`. `path` is the page's below the docs folder.
pub fn directives(
    text: &mut Text,
    settings: &Settings,
    file: &SourcePath,
    path: &str,
    depth: usize,
) -> (Vec<Directive>, Vec<Diagnostic>) {
    legacy(text, settings, path);
    let mut found = Vec::new();
    let mut diagnostics = Vec::new();
    let mut edits = Vec::new();
    let mut from = 0;
    let mut lines = text.lines_from_start();
    while let Some(at) = text.as_str()[from..].find("<!--") {
        let start = from + at;
        let rest = &text.as_str()[start + 4..];
        let Some(length) = rest.find("-->") else {
            break;
        };
        from = start + 4 + length + 3;
        let inner = rest[..length].trim_start();
        let name = inner.get(..settings.directive.len());
        if !name.is_some_and(|name| name.eq_ignore_ascii_case(&settings.directive)) {
            continue;
        }
        let arguments = inner[settings.directive.len()..].trim();
        let read = match yaml::parse(file, arguments) {
            Ok(parsed) => match &parsed.node.value {
                yaml::Value::String(name) => settings
                    .named
                    .get(name)
                    .and_then(Value::as_object)
                    .cloned()
                    .ok_or_else(|| format!("`listings_map` has no listing `{name}`")),
                _ => Ok(parsed.node.to_map()),
            },
            Err(error) => Err(error.message),
        };
        match read {
            Ok(options) => {
                if settings.listings {
                    let marker = marker(found.len());
                    let hashes = "#".repeat(depth);
                    let heading = format!("{hashes} {marker}/name {{ #{marker}/slug }}");
                    edits.push((start..from, heading));
                } else {
                    edits.push((start..from, String::new()));
                }
                found.push(Directive::new(settings, &options));
            }
            Err(message) => {
                let line = lines.source_of(start);
                let excerpt = text.as_str()[start..from]
                    .lines()
                    .next()
                    .unwrap_or_default();
                let span = Span {
                    path: file.clone(),
                    line,
                    column: 1,
                    end: None,
                    excerpt: excerpt.to_owned(),
                };
                diagnostics.push(Diagnostic::new(Rule::BadValue, message).at(span));
            }
        }
    }
    text.replace(edits);
    (found, diagnostics)
}

/// Listings by the settings `tags_file` and `tags_extra_files`.
fn legacy(text: &mut Text, settings: &Settings, path: &str) {
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
    let marks = text.as_str().match_indices("[TAGS]");
    let edits: Vec<_> = marks
        .map(|(at, mark)| (at..at + mark.len(), comment.clone()))
        .collect();
    text.replace(edits);
    if !text
        .as_str()
        .contains(&format!("<!-- {}", settings.directive))
    {
        text.append(&format!("\n{comment}"));
    }
}

/// The tags of a page, with the listing that is closest to it.
pub fn references(settings: &Settings, page: &Tagged, listings: &[Listing]) -> Vec<Reference> {
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
        let same = a.iter().zip(&b).take_while(|(a, b)| a == b);
        let length: usize = same.map(|(part, _)| part.len() + 1).sum();
        std::cmp::Reverse(length)
    };
    closest.sort_by_key(shared);
    let reference = |tag: &Tag| {
        let mut lists = closest.iter();
        let list = lists.find(|listing| listing.select(page).contains(&tag));
        Reference {
            name: tag.name().to_owned(),
            hidden: tag.is_hidden(),
            url: list.map(|list| {
                let page = if list.url.is_empty() { "." } else { &list.url };
                format!("{page}#{}", settings.slug(tag.name()))
            }),
        }
    };
    page.tags.iter().map(reference).collect()
}

/// One tag of a listing.
#[derive(Default)]
struct Branch<'a> {
    name: String,
    hidden: bool,
    pages: Vec<&'a Tagged>,
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

/// Puts a listing in the place of its marker, in the page's HTML and in its
/// table of contents. `classes` are `extra.tags`.
pub fn put_in(
    body: &mut Body,
    listing: &Listing,
    settings: &Settings,
    pages: &[Tagged],
    classes: Option<&Map<String, Value>>,
) {
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
    let slug = format!("{}/slug", marker(listing.nth));
    let mut items = Vec::new();
    let level = toc_level(&body.toc, &slug, None).unwrap_or(1) + 1;
    for branch in root.sorted(settings) {
        items.push(toc_item(branch, settings, level));
    }
    if !listing.directive.toc {
        items.clear();
    }
    exchange(&mut body.toc, &slug, &items);
    let Some(heading) = heading(&body.html, &slug) else {
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
        shape.branch(branch, &mut html);
    }
    body.html.replace_range(heading, &html);
}

/// Where a marker's heading stands in the HTML.
fn heading(html: &str, slug: &str) -> Option<std::ops::Range<usize>> {
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

/// The heading of a marker with its level exchanged, and `{slug}` and
/// `{name}` where those of a tag come.
fn headline(written: &str, nth: usize, level: u8) -> String {
    let level = level.min(6);
    let marker = marker(nth);
    let (open, close) = (&written[..3], &written[written.len() - 3..]);
    let inner = &written[open.len()..written.len() - close.len()];
    let inner = inner
        .replace(&format!("{marker}/slug"), "{slug}")
        .replace(&format!("{marker}/name"), "{name}");
    format!("<h{level}{}h{level}>", inner)
}

fn toc_level(toc: &[TocItem], slug: &str, above: Option<u8>) -> Option<u8> {
    toc.iter().find_map(|item| {
        if item.id == slug {
            Some(above.unwrap_or(1))
        } else {
            toc_level(&item.children, slug, Some(item.level))
        }
    })
}

/// Exchanges the entry of a marker for those of a listing.
fn exchange(toc: &mut Vec<TocItem>, slug: &str, items: &[TocItem]) {
    if let Some(at) = toc.iter().position(|item| item.id == slug) {
        toc.splice(at..=at, items.iter().cloned());
        return;
    }
    for item in toc {
        exchange(&mut item.children, slug, items);
    }
}

fn toc_item(branch: &Branch<'_>, settings: &Settings, level: u8) -> TocItem {
    TocItem {
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

/// How a listing is written.
struct Shape<'a> {
    settings: &'a Settings,
    classes: Option<&'a Map<String, Value>>,
    from: &'a str,
    headline: String,
}

impl Shape<'_> {
    fn branch(&self, branch: &Branch<'_>, html: &mut String) {
        let headline = self
            .headline
            .replace("{slug}", &self.settings.slug(&branch.name))
            .replace("{name}", &self.tag(branch));
        html.push_str(&headline);
        html.push_str("\n<ul>\n");
        let mut pages = branch.pages.clone();
        pages.sort_by(|a, b| {
            let key = |page: &Tagged| {
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
            let way = url::relative(to, self.from);
            html.push_str(&format!("<li><a href=\"{way}\">{}</a></li>\n", page.title));
        }
        for below in branch.sorted(self.settings) {
            html.push_str("<li style=\"list-style-type:none\">");
            self.branch(below, html);
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
                class.push_str(name);
            }
        }
        format!("<span class=\"{class}\">{}</span>", branch.name)
    }
}
