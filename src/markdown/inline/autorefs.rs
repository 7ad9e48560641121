//! Cross references as the plugin autorefs reads them: `[text][name]` and
//! `[name][]` where the page does not define such a link.

use std::borrow::Cow;

use comrak::nodes::AstNode;

use super::Builder;
use super::ends::find;
use super::hidden::{Hidden, HiddenKind};
use super::link::ESCAPABLE;
use super::placeholders;
use super::scan::{Bracket, Scanner, reference_label};
use crate::markdown::options::Slugify;
use crate::markdown::tree::Id;

/// The longest name that is looked up, in bytes.
const LONGEST: usize = 1000;

/// A cross reference of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossReference {
    /// The name that it looks for.
    pub identifier: String,
    /// That name as written.
    pub written: String,
    /// The line of the page's file where the text around it begins.
    pub line: u32,
}

impl<'a> Scanner<'a, '_> {
    /// The bracket at the start of `text`, which is about to be written to `to`.
    pub(super) fn bracket(&self, text: &str, to: &str) -> Bracket {
        let at = self.ends.text.len() - text.len();
        let is_image = to.ends_with('!') && !to.ends_with("\\!");
        Bracket {
            prepared: to.len(),
            start: at + 1,
            is_image,
            may_refer: !is_image && self.label_at != Some(at),
        }
    }

    /// Reads a cross reference that ends with the `]` at the start of `text` and the
    /// label behind it. It becomes an image for Comrak, because links cannot hold
    /// other links there.
    pub(super) fn cross_reference(
        &mut self,
        bracket: &Bracket,
        text: &'a str,
        to: &mut String,
    ) -> Option<usize> {
        if !self.options.autorefs || !bracket.may_refer {
            return None;
        }
        let all = self.ends.text;
        let at = all.len() - text.len();
        let behind = &text[1..];
        let first = behind.chars().next()?;
        let blank = if first.is_whitespace() {
            first.len_utf8()
        } else {
            0
        };
        if !behind[blank..].starts_with('[') {
            return None;
        }
        let start = at + 1 + blank + 1;
        let reference = &mut self.ends.reference;
        let end = reference.at(start, |from| find(all, from, "]"))?;
        let (title, label) = (&all[bracket.start..at], &all[start..end]);
        let name = if label.is_empty() { title } else { label };
        if name.len() > LONGEST {
            return None;
        }
        if self.references.contains_key(&reference_label(name)) {
            self.label_at = Some(start - 1);
            return None;
        }
        let (identifier, slug) = if label.is_empty() {
            self.name_of(title)
        } else if is_plain(label) && !self.is_footnote(label) {
            (Cow::Borrowed(label), None)
        } else {
            return None;
        };
        // As in the reference, what is inside of it was no reference.
        while self
            .images
            .last()
            .is_some_and(|inner| *inner > bracket.prepared)
        {
            self.images.pop();
        }
        self.images.push(bracket.prepared);
        to.push_str("](");
        let written = &all[start - 1..=end];
        let kind = HiddenKind::CrossReference {
            identifier,
            slug,
            name,
        };
        self.aside(written, kind, to);
        to.push(')');
        Some(end + 1 - at)
    }

    /// What `[title][]` looks for: the name itself, and the id of a heading with that
    /// text.
    fn name_of(&self, title: &'a str) -> (Cow<'a, str>, Option<String>) {
        if let Some(code) = code_alone(title) {
            let code = match code.strip_prefix("#!") {
                Some(rest) if self.options.inlinehilite.is_some() => {
                    rest.split_once(' ').map_or(code, |(_, code)| code)
                }
                _ => code,
            };
            return (Cow::Borrowed(code), None);
        }
        let name = unescaped(title);
        let slug = Slugify::Default.apply(&name, "-");
        (name, Some(slug))
    }

    /// Turns brackets that begin cross references into those of images, in the text
    /// that has been written to `to`.
    pub(super) fn mark_images(&mut self, to: &mut String) {
        let Some(first) = self.images.first().copied() else {
            return;
        };
        let rest = to.split_off(first);
        let mut from = 0;
        for at in self.images.drain(..) {
            to.push_str(&rest[from..at - first]);
            to.push('!');
            from = at - first;
        }
        to.push_str(&rest[from..]);
    }
}

/// Whether a name has nothing that the reference would have read before.
fn is_plain(label: &str) -> bool {
    let has_code = label.matches('`').count() > 1;
    let is_escape = |(at, _)| label[at + 1..].starts_with(|next| ESCAPABLE.contains(next));
    let has_escape = label.match_indices('\\').any(is_escape);
    !has_code && !has_escape && !label.contains(|it: char| it < ' ')
}

/// The code that a text is, and nothing else.
fn code_alone(text: &str) -> Option<&str> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let (mark, rest) = text.split_at(ticks);
    let inner = rest.strip_suffix(mark)?;
    let is_code = !mark.is_empty()
        && !inner.is_empty()
        && !inner.ends_with('`')
        && !inner.split(|it| it != '`').any(|run| run.len() == ticks);
    is_code.then_some(inner.trim())
}

/// A text without the backslashes of escapes.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut to = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_escape = character == '\\';
        let escaped = characters.next_if(|next| is_escape && ESCAPABLE.contains(*next));
        to.push(escaped.unwrap_or(character));
    }
    Cow::Owned(to)
}

impl<'a> Builder<'a, '_> {
    /// The element of a cross reference, if that is what an image with this address
    /// is.
    pub(super) fn cross_reference<'n>(
        &mut self,
        node: &'n AstNode<'n>,
        url: &str,
        depth: usize,
    ) -> Option<Id> {
        let asides = self.asides;
        let hidden = asides.get(placeholders::only(url)?)?;
        let HiddenKind::CrossReference {
            identifier,
            slug,
            name,
        } = &hidden.kind
        else {
            return None;
        };
        let id = self.element("autoref");
        self.tree.set(id, "identifier", identifier.clone());
        if let Some(slug) = slug.clone().filter(|slug| !slug.is_empty()) {
            self.tree.set(id, "slug", slug);
        }
        self.found.cross_references.push(CrossReference {
            identifier: identifier.clone().into_owned(),
            written: (*name).to_owned(),
            line: self.page.line(self.line),
        });
        let mut inner = self.buffer();
        if depth < 50 {
            self.flat(node, depth + 1, &mut inner);
        }
        self.fill(id, &inner);
        self.buffers.push(inner);
        Some(id)
    }

    /// Writes a link with this address as text, if it looks like a cross reference but
    /// is inside of another. Returns whether it is.
    pub(super) fn reference_inside<'n>(
        &mut self,
        node: &'n AstNode<'n>,
        url: &str,
        depth: usize,
        flat: &mut String,
    ) -> bool {
        let asides = self.asides;
        let hidden = placeholders::only(url).and_then(|number| asides.get(number));
        let Some(Hidden {
            written,
            kind: HiddenKind::CrossReference { .. },
        }) = hidden
        else {
            return false;
        };
        flat.push('[');
        self.flat(node, depth + 1, flat);
        flat.push(']');
        flat.push_str(written);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_counts_if_it_is_alone() {
        for (text, code) in [
            ("`a`", Some("a")),
            ("`` a`b ``", Some("a`b")),
            ("`a` b", None),
            ("`a` `b`", None),
            ("``", None),
            ("", None),
        ] {
            assert_eq!(code_alone(text), code, "{text}");
        }
    }

    #[test]
    fn names_are_plain() {
        for (label, plain) in [
            ("a b", true),
            ("a\\d", true),
            ("a`", true),
            ("`a`", false),
            ("a\\_b", false),
            ("a\nb", false),
        ] {
            assert_eq!(is_plain(label), plain, "{label}");
        }
    }
}
