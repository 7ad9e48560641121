//! What views show of a post.
//!
//! An excerpt is rendered once, and each view that shows it gets its links: they are
//! written with marks around the address that they lead to, below the site.

use std::collections::BTreeMap;

use crate::markdown::TocItem;
use crate::url;

/// What begins an address below the site, and what ends it. Both are for private use in
/// the last plane of Unicode, where no text has them.
const BEGIN: char = '\u{10fffc}';
const END: char = '\u{10fffd}';

/// What views show of a post, with marks in place of its links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The HTML before the separator.
    pub html: String,
    /// Whether there is anything after the separator; `None` if there is no separator.
    pub has_more: Option<bool>,
    /// Its title, for the table of contents.
    pub toc: Vec<TocItem>,
    /// How many things with numbered ids the whole post has.
    pub counts: Counts,
}

/// How many things with numbered ids a post has. Material renders the excerpts of a post
/// by one Markdown parser, which goes on counting from one view to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sets of tabs and listings, by what their ids begin with.
    numbered: Vec<(&'static str, usize)>,
    /// References to each footnote.
    references: BTreeMap<String, usize>,
}

/// What the ids of sets of tabs and of the lines of listings begin with.
const NUMBERED: [(&str, usize); 4] = [
    ("__tabbed_", 1),
    ("data-tabs=\"", 1),
    ("__codelineno-", 0),
    ("__span-", 0),
];

/// What the id of a reference to a footnote begins with.
const REFERENCE: &str = "id=\"fnref";

impl Counts {
    /// Counts what the HTML of a post has.
    pub fn of(html: &str) -> Self {
        let mut counts = Self::default();
        for (prefix, first) in NUMBERED {
            let numbers = html.match_indices(prefix).filter_map(|(at, _)| {
                let (number, _) = number_at(&html[at + prefix.len()..])?;
                Some(number + 1 - first)
            });
            if let Some(count) = numbers.max() {
                counts.numbered.push((prefix, count));
            }
        }
        for (at, _) in html.match_indices(REFERENCE) {
            if let Some((_, label)) = reference_at(&html[at + REFERENCE.len()..]) {
                *counts.references.entry(label.to_owned()).or_default() += 1;
            }
        }
        counts
    }

    /// The HTML of an excerpt as it is after `times` other views have shown it.
    pub fn renumbered(&self, html: &str, times: usize) -> String {
        let mut html = html.to_owned();
        if times == 0 {
            return html;
        }
        for (prefix, count) in &self.numbered {
            html = replaced(&html, prefix, |rest| {
                let (number, length) = number_at(rest)?;
                Some((format!("{}", number + times * count), length))
            });
        }
        if !self.references.is_empty() {
            html = replaced(&html, REFERENCE, |rest| {
                let (number, label) = reference_at(rest)?;
                let before = times * self.references.get(label)?;
                let length = rest.find(':')?;
                Some((format!("{}", number + before), length))
            });
        }
        html
    }
}

/// The number that a text begins with, and its length.
fn number_at(text: &str) -> Option<(usize, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((
        text[..length].parse().ok().filter(|it| *it < 1_000_000)?,
        length,
    ))
}

/// The number of a reference to a footnote, and the name of that, in the rest of its id.
fn reference_at(rest: &str) -> Option<(usize, &str)> {
    let (number, label) = rest.split_once(':')?;
    let label = label.split('"').next()?;
    match number {
        "" => Some((1, label)),
        number => Some((number_at(number)?.0, label)),
    }
}

/// HTML with what `replace` makes of what follows each `prefix`, and of its length.
fn replaced(html: &str, prefix: &str, replace: impl Fn(&str) -> Option<(String, usize)>) -> String {
    let mut changed = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(prefix) {
        let (before, after) = rest.split_at(at + prefix.len());
        changed.push_str(before);
        rest = after;
        if let Some((text, length)) = replace(rest) {
            changed.push_str(&text);
            rest = &rest[length..];
        }
    }
    changed.push_str(rest);
    changed
}

/// The text of an excerpt: that of the post with its title, if its text has none.
pub fn begin_excerpt(title: &str, text: &str) -> String {
    format!("# {title}\n\n{text}")
}

/// The HTML of a post before its separator, and after it.
pub fn divide(html: &str, separator: &str) -> (String, Option<String>) {
    match html.split_once(separator) {
        Some((before, after)) if !separator.is_empty() => {
            (before.to_owned(), Some(after.to_owned()))
        }
        _ => (html.to_owned(), None),
    }
}

/// A link to an address below the site, for any page. `rest` is its query and fragment.
pub fn place_link(address: &str, rest: &str) -> String {
    format!("{BEGIN}{address}{END}{rest}")
}

/// HTML with such links as they are on the page at an address.
pub fn links_from(html: &str, page: &str) -> String {
    let mut linked = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, marked)) = rest.split_once(BEGIN) {
        linked.push_str(before);
        rest = match marked.split_once(END) {
            Some((address, after)) => {
                let address = if address.is_empty() { "./" } else { address };
                linked.push_str(&url::relative(address, page));
                after
            }
            None => marked,
        };
    }
    linked.push_str(rest);
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_any_page() {
        let html = format!("<a href=\"{}\">a</a>", place_link("b/c/", "#d"));
        for (page, expected) in [("", "b/c/#d"), ("b/", "c/#d"), ("x/y/", "../../b/c/#d")] {
            let linked = links_from(&html, page);
            assert_eq!(linked, format!("<a href=\"{expected}\">a</a>"));
        }
        let home = place_link("", "");
        assert_eq!(links_from(&home, "a/"), "../");
        assert_eq!(links_from("a \u{10fffc} b", ""), "a  b");
    }

    #[test]
    fn ids_go_on_from_view_to_view() {
        let html = "<div data-tabs=\"2:1\" id=\"__tabbed_2_1\"></div><a id=\"__codelineno-1-3\"></a>\
                    <sup id=\"fnref:x\"></sup><sup id=\"fnref2:x\"></sup><sup id=\"fnref:y\"></sup>";
        let counts = Counts::of(html);
        assert_eq!(counts.renumbered(html, 0), html);
        assert_eq!(
            counts.renumbered(html, 2),
            "<div data-tabs=\"6:1\" id=\"__tabbed_6_1\"></div><a id=\"__codelineno-5-3\"></a>\
             <sup id=\"fnref5:x\"></sup><sup id=\"fnref6:x\"></sup><sup id=\"fnref3:y\"></sup>"
        );
        for odd in [
            "__tabbed_",
            "__tabbed_99999999999999999999",
            "id=\"fnref",
            "id=\"fnrefx:y",
        ] {
            assert_eq!(Counts::of(odd).renumbered(odd, 3), odd);
        }
    }
}
