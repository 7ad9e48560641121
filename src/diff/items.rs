//! The text of a block as items: words, and what stands between them.

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Block;
use super::derived::{self, has_class};
use super::elements::{Element, Node};
use super::words::{Piece, pieces};
use crate::html;
use crate::text::is_unspaced;

/// The numbers of texts that are compared, the same in both sides.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: FxHashMap<String, u32>,
}

impl Names {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// A word or number.
    Word,
    /// Punctuation, a symbol or an entity.
    Sign,
    /// White space.
    Space,
    /// The end of a line of code.
    Newline,
    /// What is not text, and compared as one.
    Atom(Atom),
    /// Tags, and what readers do not see.
    Hidden,
}

/// What is compared as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    Image,
    Icon,
    Formula,
    Footnote,
    /// Any other element without text.
    Other,
}

/// A piece of a line of text.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) range: Range<usize>,
    /// What is compared first. The same in both sides where readers see the same.
    pub(super) key: u32,
    /// The inline elements around it.
    pub(super) context: u32,
    /// What else is compared of an atom.
    pub(super) markup: u32,
    /// How much it counts for whether two texts are alike.
    pub(super) weight: u32,
    /// What a picture shows, where known.
    pub(super) content: Option<u64>,
}

/// Reads the items of one side.
pub(super) struct ItemReader<'a, 't> {
    pub(super) html: &'a str,
    pub(super) tree: &'t [Element<'a>],
    pub(super) items: Vec<Item>,
    pub(super) names: &'t mut Names,
    pub(super) meaning: &'t dyn Fn(&str) -> Option<String>,
    pub(super) content: &'t dyn Fn(&str) -> Option<u64>,
    pub(super) footnotes: &'t HashMap<String, u32>,
}

/// Elements that are compared as one, whatever they contain.
const ATOMS: [&str; 13] = [
    "audio", "button", "canvas", "embed", "iframe", "math", "object", "picture", "script",
    "select", "style", "textarea", "video",
];

impl<'a> ItemReader<'a, '_> {
    /// Adds the items of elements that are text together. `context` contains the
    /// tags around them; in code, marks of the highlighting are left out of it.
    pub(super) fn inline(&mut self, elements: &[usize], context: &str, is_code: bool) {
        for at in elements {
            let element = &self.tree[*at];
            match element.node {
                Node::Text(text) => self.text(text, element.open.start, context, is_code),
                Node::Unseen => self.hidden(element.open.clone()),
                Node::Tag { name, attributes } => {
                    self.element(*at, name, attributes, context, is_code);
                }
            }
        }
    }

    /// Adds a whole element as one item.
    pub(super) fn whole(&mut self, at: usize, block: Block) {
        let element = &self.tree[at];
        let Node::Tag { name, attributes } = element.node else {
            return;
        };
        let range = element.open.start..element.close.end;
        if derived::is_derived(name, attributes) {
            return self.hidden(range);
        }
        match block {
            Block::Formula | Block::Diagram => {
                let source = html::strip_tags(&self.html[range.clone()]);
                let key = format!("\0{block:?} {}", source.trim());
                self.atom(Atom::Formula, range, &key, "", "");
            }
            _ => {
                let markup = self.normal(at);
                self.atom(Atom::Other, range, &format!("\0{block:?}"), &markup, "");
            }
        }
    }

    fn push(&mut self, what: What, range: Range<usize>, key: u32, weight: u32) {
        self.items.push(Item {
            what,
            range,
            key,
            context: 0,
            markup: 0,
            weight,
            content: None,
        });
    }

    fn hidden(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.push(What::Hidden, range, 0, 0);
        }
    }

    fn atom(&mut self, atom: Atom, range: Range<usize>, key: &str, markup: &str, context: &str) {
        let key = self.names.number(key);
        self.push(What::Atom(atom), range, key, 4);
        let markup = self.names.number(markup);
        let context = self.names.number(context);
        let item = self.items.last_mut().expect("it was just added");
        (item.markup, item.context) = (markup, context);
    }

    fn text(&mut self, text: &str, from: usize, context: &str, is_code: bool) {
        let context = self.names.number(context);
        let items = &mut self.items;
        let names = &mut *self.names;
        pieces(text, |piece, range| {
            let written = &text[range.clone()];
            let (what, key, weight) = match piece {
                Piece::Word => {
                    let length = written.chars().count();
                    let each = if written.starts_with(is_unspaced) {
                        2
                    } else {
                        1
                    };
                    let weight = u32::try_from(length.min(12)).unwrap_or(12) * each;
                    (What::Word, names.number(written), weight)
                }
                Piece::Sign => (What::Sign, names.number(&html::unescape(written)), 1),
                Piece::Newline if is_code => (What::Newline, names.number("\n"), 0),
                Piece::Space if is_code => (What::Space, names.number(&html::unescape(written)), 0),
                Piece::Newline | Piece::Space => (What::Space, names.number(" "), 0),
            };
            let range = from + range.start..from + range.end;
            // In text, any number of blanks is one.
            if what == What::Space
                && !is_code
                && let Some(last) = items.last_mut()
                && last.what == What::Space
                && last.range.end == range.start
            {
                last.range.end = range.end;
                return;
            }
            items.push(Item {
                what,
                range,
                key,
                context,
                markup: 0,
                weight,
                content: None,
            });
        });
    }

    fn element(
        &mut self,
        at: usize,
        name: &'a str,
        attributes: &'a str,
        context: &str,
        is_code: bool,
    ) {
        let element = &self.tree[at];
        let range = element.open.start..element.close.end;
        let name = name.to_ascii_lowercase();
        if derived::is_derived(&name, attributes) {
            return self.hidden(range);
        }
        if name == "img" {
            return self.image(range, attributes, context);
        }
        if let Some(label) = self.footnote_reference(at, &name, attributes) {
            let known = self.footnotes.get(&label).copied();
            let key = known.map_or_else(
                || format!("\0footnote {label}"),
                |it| format!("\0footnote #{it}"),
            );
            return self.atom(Atom::Footnote, range, &key, "", context);
        }
        if has_class(attributes, &["arithmatex"]) {
            let source = html::strip_tags(&self.html[range.clone()]);
            return self.atom(
                Atom::Formula,
                range,
                &format!("\0formula {source}"),
                "",
                context,
            );
        }
        if name == "svg" {
            let markup = self.normal(at);
            return self.atom(Atom::Icon, range, "\0icon", &markup, context);
        }
        let tag = derived::comparable_tag(&name, attributes, self.meaning);
        if name == "br" || name == "wbr" || name == "input" {
            return self.atom(Atom::Other, range, &format!("\0{name}"), &tag, context);
        }
        if ATOMS.contains(&name.as_str()) {
            let markup = self.normal(at);
            return self.atom(Atom::Other, range, &format!("\0{name}"), &markup, context);
        }
        // Code in a text may be highlighted as well.
        let is_highlighted = is_code || context.contains("<code");
        if element.children.is_empty() {
            let is_nothing = tag == "<span>" || (is_highlighted && name == "span");
            if is_nothing {
                return self.hidden(range);
            }
            return self.atom(Atom::Other, range, &format!("\0{name}"), &tag, context);
        }
        self.hidden(element.open.clone());
        let is_colour = name == "span" && !has_class(attributes, &["hll"]);
        let is_highlighting = (is_code && name == "code") || (is_highlighted && is_colour);
        if is_highlighting {
            self.inline(&element.children, context, is_code);
        } else {
            let inner = format!("{context}{tag}");
            self.inline(&element.children, &inner, is_code);
        }
        self.hidden(element.close.clone());
    }

    fn image(&mut self, range: Range<usize>, attributes: &str, context: &str) {
        let source = html::attribute(attributes, "src").unwrap_or_default();
        let tag = derived::comparable_tag("img", attributes, self.meaning);
        if has_class(attributes, &["emojione", "twemoji", "gemoji", "emoji"]) {
            return self.atom(Atom::Icon, range, "\0icon", &tag, context);
        }
        let address = (self.meaning)(&source).unwrap_or_else(|| source.to_string());
        self.atom(
            Atom::Image,
            range,
            &format!("\0image {address}"),
            &tag,
            context,
        );
        let content = (self.content)(&source);
        let item = self.items.last_mut().expect("it was just added");
        (item.content, item.weight) = (content, 12);
    }

    /// The label of the footnote that an element refers to.
    fn footnote_reference(&self, at: usize, name: &str, attributes: &str) -> Option<String> {
        let link = match name {
            "sup" => {
                let id = html::attribute(attributes, "id")?;
                if !id.starts_with("fnref") {
                    return None;
                }
                let children = self.tree[at].children.iter();
                children
                    .map(|child| self.tree[*child].node)
                    .find_map(|node| match node {
                        Node::Tag { attributes, .. } => Some(attributes),
                        Node::Text(_) | Node::Unseen => None,
                    })?
            }
            "a" if has_class(attributes, &["footnote-ref"]) => attributes,
            _ => return None,
        };
        let href = html::attribute(link, "href")?;
        derived::footnote_label(&href).map(str::to_owned)
    }

    /// An element as it is compared as a whole: its tags in a normal form, its
    /// texts with any number of blanks as one.
    fn normal(&self, at: usize) -> String {
        let mut written = String::new();
        self.write_normal(at, &mut written);
        written
    }

    fn write_normal(&self, at: usize, to: &mut String) {
        let element = &self.tree[at];
        match element.node {
            Node::Text(text) => {
                let text = html::unescape(text);
                for (nth, word) in text.split_whitespace().enumerate() {
                    if nth > 0 {
                        to.push(' ');
                    }
                    to.push_str(word);
                }
            }
            Node::Unseen => {}
            Node::Tag { name, attributes } => {
                to.push_str(&derived::comparable_tag(name, attributes, self.meaning));
                for child in &element.children {
                    self.write_normal(*child, to);
                }
                to.push_str("</>");
            }
        }
    }
}

/// Numbers for the footnotes of both sides, by their labels: the same number for
/// those with the same text, and of the others for those with the same label. Labels
/// are often numbers, which change when a footnote is added before.
pub(super) fn number_footnotes(
    base: &str,
    now: &str,
) -> (HashMap<String, u32>, HashMap<String, u32>) {
    let (base, now) = (footnotes(base), footnotes(now));
    let mut numbers = (HashMap::new(), HashMap::new());
    let mut next = 0;
    let mut give = |old: Option<&str>, new: Option<&str>| {
        numbers.0.extend(old.map(|label| (label.to_owned(), next)));
        numbers.1.extend(new.map(|label| (label.to_owned(), next)));
        next += 1;
    };
    let mut rest: Vec<&(String, String)> = now.iter().collect();
    let mut unmatched = Vec::new();
    for (label, text) in &base {
        match rest.iter().position(|(_, other)| other == text) {
            Some(at) => give(Some(label), Some(&rest.remove(at).0)),
            None => unmatched.push(label),
        }
    }
    for label in unmatched {
        match rest.iter().position(|(other, _)| other == label) {
            Some(at) => give(Some(label), Some(&rest.remove(at).0)),
            None => give(Some(label), None),
        }
    }
    for (label, _) in rest {
        give(None, Some(label));
    }
    numbers
}

/// The texts of footnotes, with their labels.
fn footnotes(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize, usize)> = None;
    for (token, range) in html::tokens(html) {
        match token {
            html::Token::Start {
                name, attributes, ..
            } if name.eq_ignore_ascii_case("li") => {
                if let Some((_, _, depth)) = &mut open {
                    *depth += 1;
                    continue;
                }
                let id = html::attribute(attributes, "id");
                let label = id.as_deref().and_then(derived::footnote_label);
                open = label.map(|label| (label.to_owned(), range.end, 0));
            }
            html::Token::End { name } if name.eq_ignore_ascii_case("li") => match open.take() {
                Some((label, from, depth)) if depth > 0 => open = Some((label, from, depth - 1)),
                Some((label, from, _)) => {
                    let text = html::strip_tags(&html[from..range.start]);
                    let words: Vec<&str> = text.split_whitespace().collect();
                    found.push((label, words.join(" ")));
                }
                None => {}
            },
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Side, difference};

    #[test]
    fn colours_of_code_in_a_text_are_no_difference() {
        let page = |class: &str, code: &str| {
            format!(
                "<p>Call <code class=\"highlight\"><span class=\"{class}\">{code}</span></code>.</p>"
            )
        };
        let is_same = |base: &str, now: &str| {
            let found = difference(&Side::of(base), &Side::of(now));
            found.changes.is_empty()
        };
        let base = page("k", "one");
        assert!(is_same(&base, &page("n", "one")));
        assert!(!is_same(&base, &page("k", "two")));
    }
}
