//! The ids of headings, the table of contents, and its list in the page.

use std::collections::BTreeMap;

use super::ids::UniqueIds;
use crate::expect::ExpectOrDefault as _;
use crate::html::{Escape, heading_level, strip_tags, unescape};
use crate::markdown::options::{MarkdownOptions, Toc};
use crate::markdown::source::Limit;
use crate::markdown::source::page::Page;
use crate::markdown::tree::{Children, Id, Kind, Tree};
use crate::work::step;

/// An entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TocItem {
    /// The heading's level, 1 to 6.
    pub level: u8,
    /// The heading's id.
    pub id: String,
    /// The heading as HTML without links and ids.
    pub title: String,
    /// What a plugin shows in place of the title, as HTML.
    pub typeset: Option<String>,
    /// The headings below it.
    pub children: Vec<TocItem>,
}

/// Writes the content of an element as HTML.
pub type HtmlOf<'f> = &'f dyn Fn(&Tree, Id) -> String;

const TAGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// The elements that the last passes work on, each in document order.
#[derive(Debug, Default)]
pub struct HeadingTargets {
    /// Elements that have an id or will get one.
    named: Vec<Id>,
    /// Links and images.
    pub links: Vec<Id>,
    /// Paragraphs that the table of contents replaces.
    markers: Vec<Id>,
}

impl HeadingTargets {
    /// The elements of a whole page.
    pub fn of(tree: &Tree, toc: &Toc) -> Self {
        let mut places = Self::default();
        let is_marker = |id: Id| match tree.children(id) {
            [only] => match &tree.nodes[*only].kind {
                Kind::Text(text) => !toc.marker.is_empty() && text.trim() == toc.marker,
                _ => false,
            },
            _ => false,
        };
        for id in tree.walk(Tree::ROOT) {
            let Kind::Element { tag, attributes } = &tree.nodes[id].kind else {
                continue;
            };
            let is_named = matches!(*tag, "input" | "label") || heading_level(tag).is_some();
            if is_named || attributes.iter().any(|(name, _)| name == "id") {
                places.named.push(id);
            }
            match *tag {
                "a" | "img" => places.links.push(id),
                "pre" => {}
                _ if tree.nodes[id].is_block && heading_level(tag).is_none() && is_marker(id) => {
                    places.markers.push(id);
                }
                _ => {}
            }
        }
        places
    }
}

/// Gives every heading its id and permalink. Returns the table of contents.
/// `shows_previews` is whether its links in the page show previews.
pub fn number<'a>(
    page: &Page,
    tree: &mut Tree<'a>,
    places: &HeadingTargets,
    html_of: HtmlOf,
    options: &'a MarkdownOptions,
    shows_previews: bool,
) -> Vec<TocItem> {
    let toc = &options.toc;
    let mut ids = UniqueIds::default();
    for id in &places.named {
        if let Some(taken) = tree.attribute(*id, "id") {
            ids.take(taken);
        }
    }
    let mut flat = Vec::new();
    for &id in &places.named {
        let Some(written) = heading_level(tree.tag(id)) else {
            continue;
        };
        let level = (written + toc.base_level - 1).min(6);
        if level != written
            && let Kind::Element { tag, .. } = &mut tree.nodes[id].kind
        {
            *tag = TAGS[usize::from(level) - 1];
        }
        let mut name = match plain_text(tree, id) {
            Some(name) => name,
            None => strip_tags(&without_footnotes(tree, id, html_of)),
        };
        if tree.attribute(id, "id").is_none() {
            let text = unescape(&name);
            let slug = toc.slugify.apply(&text, &toc.separator);
            tree.set(id, "id", ids.unique(slug));
        }
        if let Some(label) = tree.unset(id, "data-toc-label") {
            name.clear();
            Escape::TEXT.append(&strip_tags(&label), &mut name);
        }
        let anchor = tree.attribute(id, "id");
        let anchor = anchor
            .map(str::to_owned)
            .expect_or_default("every heading has an id by now");
        if (toc.levels.0..=toc.levels.1).contains(&level) {
            flat.push(TocItem {
                level,
                id: anchor.clone(),
                title: name,
                typeset: None,
                children: Vec::new(),
            });
        }
        add_links(tree, id, &anchor, toc);
    }
    let items = nest(flat);
    let attribute = if shows_previews {
        " data-preview=\"\""
    } else {
        ""
    };
    let mut list = String::new();
    if !places.markers.is_empty() {
        write_list(&items, attribute, &mut list);
    }
    replace_markers(page, tree, &places.markers, &list, toc);
    items
}

/// The title that the page gives itself, as HTML without tags: the text of its
/// first block, if that is a heading of the first level. Read once headings
/// have their links, as MkDocs does (`get_heading_text`), which knows the link
/// by its class and place.
pub fn page_title(tree: &mut Tree, html_of: HtmlOf) -> Option<String> {
    let first = *tree.children(Tree::ROOT).first()?;
    if tree.tag(first) != "h1" {
        return None;
    }
    let is_permalink =
        |id: &Id| tree.tag(*id) == "a" && tree.attribute(*id, "class") == Some("headerlink");
    let permalink = tree.children(first).last().copied().filter(is_permalink);
    if permalink.is_some() {
        tree.nodes[first].children.pop();
    }
    let mut images = Vec::new();
    for id in tree.walk(first) {
        if tree.tag(id) != "img" {
            continue;
        }
        if let Some(alt) = tree.attribute(id, "alt").filter(|alt| !alt.is_empty()) {
            let alt = Kind::Text(alt.to_owned().into());
            images.push((id, std::mem::replace(&mut tree.nodes[id].kind, alt)));
        }
    }
    let title = strip_tags(&without_footnotes(tree, first, html_of));
    for (id, image) in images {
        tree.nodes[id].kind = image;
    }
    tree.nodes[first].children.extend(permalink);
    (!title.is_empty()).then_some(title)
}

/// Gives tabs ids made from their titles, if the site has turned that on.
pub fn name_tabs(tree: &mut Tree, html_of: HtmlOf, options: &MarkdownOptions) {
    let Some(tabbed) = options.tab_ids() else {
        return;
    };
    let Some(slugify) = tabbed.slugify else {
        return;
    };
    let nodes = tree.walk(Tree::ROOT);
    let headings = if tabbed.combine_header_slug {
        headings_above(tree, &nodes)
    } else {
        BTreeMap::new()
    };
    let mut ids = UniqueIds::default();
    for id in nodes.iter().filter_map(|id| tree.attribute(*id, "id")) {
        ids.take(id);
    }
    for set in nodes {
        if !tree.has_class(set, "tabbed-set") {
            continue;
        }
        let heading = headings.get(&set).and_then(|id| tree.attribute(*id, "id"));
        let heading = heading.map(str::to_owned);
        for (input, label) in tabs_of(tree, set) {
            let title = strip_tags(&without_footnotes(tree, label, html_of));
            let title = unescape(&title);
            let mut slug = slugify.apply(&title, &tabbed.separator);
            if let Some(heading) = &heading {
                slug = format!("{heading}{}{slug}", tabbed.separator);
            }
            let slug = ids.unique(slug);
            tree.set(input, "id", slug.clone());
            tree.set(label, "for", slug);
        }
    }
}

/// The inputs and labels of a set of tabs.
fn tabs_of(tree: &Tree, set: Id) -> Vec<(Id, Id)> {
    let inputs = tree
        .elements(set)
        .filter(|child| tree.tag(*child) == "input");
    let labels = tree.elements(set).flat_map(|child| {
        if tree.has_class(child, "tabbed-labels") {
            tree.elements(child).collect()
        } else {
            vec![child]
        }
    });
    let labels = labels.filter(|child| tree.tag(*child) == "label");
    inputs.zip(labels).collect()
}

/// The heading above each set of tabs: the last one before it in the same
/// parent or, if there is none, in the parent of that. `nodes` are in document
/// order.
fn headings_above(tree: &Tree, nodes: &[Id]) -> BTreeMap<Id, Id> {
    let mut headings = BTreeMap::new();
    let mut parents: BTreeMap<Id, Id> = BTreeMap::new();
    let mut last_headings: BTreeMap<Id, Id> = BTreeMap::new();
    for &id in nodes {
        parents.extend(tree.children(id).iter().map(|child| (*child, id)));
        let Some(&parent) = parents.get(&id) else {
            continue;
        };
        if tree.has_class(id, "tabbed-set") {
            let mut ancestor = Some(parent);
            while let Some(node) = ancestor {
                step(1);
                if let Some(heading) = last_headings.get(&node) {
                    headings.insert(id, *heading);
                    break;
                }
                ancestor = parents.get(&node).copied();
            }
        }
        if heading_level(tree.tag(id)).is_some() {
            last_headings.insert(parent, id);
        }
    }
    headings
}

/// The heading's text as HTML, if it is nothing but one text that needs no
/// tidying.
fn plain_text(tree: &Tree, id: Id) -> Option<String> {
    let [only] = tree.children(id) else {
        return None;
    };
    let Kind::Text(text) = &tree.nodes[*only].kind else {
        return None;
    };
    let is_plain = |byte: u8| (byte.is_ascii_graphic() && byte != b'<') || byte == b' ';
    let is_tidy = text.bytes().all(is_plain) && !text.contains("  ") && text.trim() == text;
    is_tidy.then(|| {
        let mut name = String::with_capacity(text.len());
        Escape::TEXT.append(text, &mut name);
        name
    })
}

/// The heading's HTML without references to footnotes.
fn without_footnotes(tree: &mut Tree, id: Id, html_of: HtmlOf) -> String {
    let is_reference = |tree: &Tree, id: Id| {
        tree.tag(id) == "sup"
            && tree
                .attribute(id, "id")
                .is_some_and(|name| name.starts_with("fnref"))
    };
    let mut original = Vec::new();
    for id in tree.walk(id) {
        let children = tree.children(id);
        if children.iter().any(|child| is_reference(tree, *child)) {
            let others = children.iter().copied();
            let others = others.filter(|child| !is_reference(tree, *child)).collect();
            let children = std::mem::replace(&mut tree.nodes[id].children, others);
            original.push((id, children));
        }
    }
    let html = html_of(tree, id);
    for (id, children) in original {
        tree.nodes[id].children = children;
    }
    html
}

/// Makes a heading link to itself, in the ways that are turned on.
fn add_links<'a>(tree: &mut Tree<'a>, id: Id, anchor: &str, toc: &'a Toc) {
    let line = tree.nodes[id].line;
    if toc.anchorlink {
        let link = tree.element("a", line);
        tree.set(link, "class", toc.anchorlink_class.as_str());
        tree.set(link, "href", format!("#{anchor}"));
        let children =
            std::mem::replace(&mut tree.nodes[id].children, Children::from_slice(&[link]));
        tree.nodes[link].children = children;
    }
    if let Some(text) = &toc.permalink {
        let link = tree.element("a", line);
        tree.set(link, "class", toc.permalink_class.as_str());
        tree.set(link, "href", format!("#{anchor}"));
        if !toc.permalink_title.is_empty() {
            tree.set(link, "title", toc.permalink_title.as_str());
        }
        tree.append_text(link, text.as_str());
        let children = &mut tree.nodes[id].children;
        let at = if toc.permalink_leading {
            0
        } else {
            children.len()
        };
        children.insert(at, link);
    }
}

/// Nests headings by their levels; skipped levels do not count.
fn nest(flat: Vec<TocItem>) -> Vec<TocItem> {
    let mut items: Vec<TocItem> = Vec::new();
    let mut open: Vec<TocItem> = Vec::new();
    let close = |open: &mut Vec<TocItem>, items: &mut Vec<TocItem>| {
        if let Some(item) = open.pop() {
            match open.last_mut() {
                Some(parent) => parent.children.push(item),
                None => items.push(item),
            }
        }
    };
    for item in flat {
        while open.last().is_some_and(|last| last.level >= item.level) {
            close(&mut open, &mut items);
        }
        open.push(item);
    }
    while !open.is_empty() {
        close(&mut open, &mut items);
    }
    items
}

/// Replaces markers by the table of contents.
fn replace_markers(page: &Page, tree: &mut Tree, markers: &[Id], contents: &str, toc: &Toc) {
    for &id in markers {
        let line = tree.nodes[id].line;
        if !page.may_add(contents.len(), Limit::Contents, line) {
            tree.replace_by_raw(id, "");
            continue;
        }
        let mut html = format!("<div class=\"{}\">", toc.class);
        if !toc.title.is_empty() {
            match toc.title_class.as_str() {
                "" => html.push_str("<span>"),
                class => html.push_str(&format!("<span class=\"{class}\">")),
            }
            Escape::TEXT.append(&toc.title, &mut html);
            html.push_str("</span>");
        }
        html.push_str(contents);
        html.push_str("</div>");
        tree.replace_by_raw(id, html);
    }
}

/// Writes a list of links, each with `attribute`.
fn write_list(items: &[TocItem], attribute: &str, html: &mut String) {
    html.push_str("<ul>");
    for item in items {
        html.push_str(&format!(
            "<li><a href=\"#{}\"{attribute}>{}</a>",
            item.id, item.title
        ));
        if !item.children.is_empty() {
            write_list(&item.children, attribute, html);
        }
        html.push_str("</li>");
    }
    html.push_str("</ul>");
}
