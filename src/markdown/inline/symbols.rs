//! Icons, emoji, keys, short links and line breaks in a text.

use std::borrow::Cow;

use super::placeholders::BREAK;
use super::{Builder, keys, magiclink, placeholders};
use crate::diagnostic::{Diagnostic, Rule};
use crate::icons::Emoji;
use crate::markdown::options::{
    EmojiPicture, EmojiStyle, EmojiText, EmojiTitle, Keys, Magiclink, Wikilinks,
};
use crate::markdown::source::lines::marks;
use crate::markdown::tree::{Id, Kind};

/// Asks for a picture rather than a sign.
const SELECTOR: char = '\u{fe0f}';

/// What to do where the index has no icons.
const WITH_ICONS: &str = "set `emoji_index: !!python/name:material.extensions.emoji.twemoji` and \
     `emoji_generator: !!python/name:material.extensions.emoji.to_svg` for `pymdownx.emoji`";

/// For how many unknown icons of a page a similar name is suggested.
const SUGGESTED: usize = 20;

impl<'a> Builder<'a, '_> {
    pub(super) fn breaks(&mut self, flat: &str) -> String {
        let mut to = String::with_capacity(flat.len());
        let mut lines = flat.split(BREAK).peekable();
        while let Some(line) = lines.next() {
            if lines.peek().is_none() {
                to.push_str(line);
                break;
            }
            let kept = line.strip_suffix("  ");
            to.push_str(kept.unwrap_or(line));
            if kept.is_some() || self.options.nl2br {
                let id = self.element("br");
                self.atom(id, &mut to);
            }
            to.push(BREAK);
        }
        to
    }

    /// Addresses and short names as links.
    pub(super) fn magic_links(&mut self, flat: &str, options: &Magiclink) -> String {
        let mut to = String::with_capacity(flat.len());
        let mut at = 0;
        while let Some(found) = magiclink::first(flat, at, options) {
            // What begins before the last link's end is part of it.
            if found.start < at {
                break;
            }
            to.push_str(&flat[at..found.start]);
            at = found.end;
            let id = self.link_to(found.url, &found.text);
            if let Some(kind) = found.kind {
                self.tree.set(id, "class", kind.class);
                self.tree.set(id, "title", kind.title);
            }
            self.atom(id, &mut to);
        }
        to.push_str(&flat[at..]);
        to
    }

    /// `[[a page]]`.
    pub(super) fn wikilinks(&mut self, flat: &str, options: &'a Wikilinks) -> String {
        let is_part =
            |it: char| it.is_alphanumeric() || matches!(it, ' ' | '-' | marks::UNDERSCORE);
        let mut to = String::with_capacity(flat.len());
        let mut rest = flat;
        while let Some(at) = rest.find("[[") {
            to.push_str(&rest[..at]);
            rest = &rest[at + 2..];
            let (name, behind) = rest.split_at(rest.find(|it| !is_part(it)).unwrap_or(rest.len()));
            match behind.strip_prefix("]]") {
                Some(behind) if !name.is_empty() => rest = behind,
                _ => {
                    to.push_str("[[");
                    continue;
                }
            }
            let label = name.replace(marks::UNDERSCORE, "_");
            let label = label.trim();
            if label.is_empty() {
                continue;
            }
            let path = wikilink_path(label);
            let id = self.element("a");
            if !options.class.is_empty() {
                self.tree.set(id, "class", options.class.as_str());
            }
            self.tree.set(
                id,
                "href",
                format!("{}{path}{}", options.base_url, options.end_url),
            );
            // Of the rules for the label, only those for emphasis come later.
            let mut nodes = self.lists.pop().unwrap_or_default();
            self.paired(name.trim(), self.passes, 0, &mut nodes);
            self.tree.nodes[id].children = nodes.drain(..).collect();
            self.lists.push(nodes);
            self.atom(id, &mut to);
        }
        to.push_str(rest);
        to
    }

    /// Icons and emoji; `None` where there are none.
    pub(super) fn emoji(&mut self, flat: &str, style: &'a EmojiStyle) -> Option<String> {
        let is_part = |it: &char| {
            it.is_alphanumeric() || matches!(it, '_' | '+' | '-') || *it == marks::UNDERSCORE
        };
        let mut to = self.buffer();
        let mut copied = 0;
        let mut from = 0;
        while let Some(colon) = memchr::memchr(b':', &flat.as_bytes()[from..]) {
            let start = from + colon;
            let parts = flat[start + 1..].chars().take_while(is_part);
            let end = start + 1 + parts.map(char::len_utf8).sum::<usize>();
            from = end;
            let written = &flat[start + 1..end];
            if written.is_empty() || !flat[end..].starts_with(':') {
                continue;
            }
            // A name that is unknown is text, its second colon included.
            from = end + 1;
            if let Some(id) = self.icon(&written.replace(marks::UNDERSCORE, "_"), style) {
                to.push_str(&flat[copied..start]);
                self.atom(id, &mut to);
                copied = from;
            }
        }
        if copied == 0 {
            self.buffers.push(to);
            return None;
        }
        to.push_str(&flat[copied..]);
        Some(to)
    }

    /// What an emoji becomes.
    fn picture(&mut self, name: &str, emoji: Emoji, style: &'a EmojiStyle) -> Id {
        let Emoji {
            mut text,
            file,
            title,
            category,
        } = emoji;
        if style.removes_selectors {
            text.retain(|it| it != SELECTOR);
        }
        let alternative = match style.alternative {
            EmojiText::Character => text,
            EmojiText::Name => format!(":{name}:"),
            EmojiText::References => {
                let reference = |it: char| format!("&#x{:04x};", u32::from(it));
                text.chars().map(reference).collect()
            }
        };
        let classes = &style.classes;
        let id = match style.picture {
            EmojiPicture::Png | EmojiPicture::Svg => {
                let ending = if style.picture == EmojiPicture::Svg {
                    "svg"
                } else {
                    "png"
                };
                let id = self.element("img");
                self.tree.set(id, "alt", alternative);
                self.tree.set(id, "class", classes.as_str());
                let source = format!("{}{file}.{ending}", style.images);
                self.tree.set(id, "src", source);
                id
            }
            EmojiPicture::PngSprite => {
                let id = self.element("span");
                let class = format!("{classes}-{}-{category} _{file}", style.size);
                self.tree.set(id, "class", class);
                self.tree.append_raw(id, alternative);
                id
            }
            EmojiPicture::SvgSprite => {
                let id = self.element("svg");
                self.tree.set(id, "class", classes.as_str());
                let description = self.tree.append(id, "description", self.line);
                self.tree.append_raw(description, alternative);
                let shown = self.tree.append(id, "use", self.line);
                let address = format!("{}#emoji-{file}", style.images);
                self.tree.set(shown, "xlink:href", address);
                return id;
            }
            EmojiPicture::Text => return self.tree.node(Kind::Raw(alternative.into()), self.line),
        };
        match style.title {
            EmojiTitle::None => {}
            EmojiTitle::Short => self.tree.set(id, "title", format!(":{name}:")),
            EmojiTitle::Long => self.tree.set(id, "title", title),
        }
        for (key, value) in &style.attributes {
            self.tree.set(id, key.as_str(), value.as_str());
        }
        id
    }

    fn icon(&mut self, name: &str, style: &'a EmojiStyle) -> Option<Id> {
        if let Some(svg) = self.icons.get(name) {
            return Some(self.span(&style.classes, *svg));
        }
        if let Some(emoji) = style.index.get(name) {
            return Some(self.picture(name, emoji, style));
        }
        if style.has_icons
            && let Some(svg) = self.site.icon(name)
        {
            let svg = self.texts.alloc(svg.trim());
            self.icons.insert(name.to_owned(), svg);
            return Some(self.span(&style.classes, svg));
        }
        let looks_like_icon = ["material-", "fontawesome-", "octicons-", "simple-"]
            .iter()
            .any(|set| name.starts_with(set));
        if looks_like_icon || style.strict {
            let written = format!(":{name}:");
            let (span, is_sure) = self.page.sure_span(self.line, &written, |_| true);
            let message = if style.has_icons {
                format!("there is no icon `{written}`")
            } else {
                format!("`{written}` is not in the index, which has no icons")
            };
            let mut diagnostic = if style.strict {
                Diagnostic::error(Rule::UnknownIcon, message).at(span)
            } else {
                Diagnostic::new(Rule::UnknownIcon, message).at(span)
            };
            // A suggestion compares the name with ten thousand others.
            self.unknown_icons += 1;
            if !style.has_icons {
                diagnostic = diagnostic.help(WITH_ICONS);
            } else if self.unknown_icons <= SUGGESTED
                && let Some(near) = crate::icons::near(name)
            {
                let shown = format!(":{}:", near.name);
                diagnostic = diagnostic.did_you_mean_as(&written, &near, &shown, &shown);
            }
            if !is_sure {
                diagnostic = diagnostic.without_fix();
            }
            self.found.diagnostics.push(diagnostic);
        }
        None
    }

    /// Keys that are pressed together.
    pub(super) fn key_group(&mut self, html: impl Into<Cow<'a, str>>, options: &'a Keys) -> Id {
        let id = self.element(if options.strict { "kbd" } else { "span" });
        self.tree.set(id, "class", options.class.as_str());
        self.tree.append_raw(id, html);
        id
    }

    pub(super) fn keys(&mut self, flat: &str, options: &'a Keys) -> String {
        let mut to = String::with_capacity(flat.len());
        let mut rest = flat;
        while let Some(at) = rest.find("++") {
            to.push_str(&rest[..at]);
            rest = &rest[at..];
            // An element cannot be part of a key's name.
            let is_text = |length: usize| placeholders::next(&rest[..length], 0).is_none();
            let may_look = self.page.may_look(0, self.line);
            let keys = if may_look {
                keys::keys(rest, options)
            } else {
                Err(0)
            };
            match keys {
                Ok((html, length)) if is_text(length) => {
                    let html = self.plain(&html.replace(marks::LESS, "&lt;"));
                    let id = self.key_group(html, options);
                    self.atom(id, &mut to);
                    rest = &rest[length..];
                }
                _ => {
                    if let Err(looked) = keys {
                        self.page.may_look(looked, self.line);
                    }
                    to.push_str("++");
                    rest = &rest[2..];
                }
            }
        }
        to.push_str(rest);
        to
    }
}

/// The path of a page with this label: blanks are one `_`, together with one beside them.
fn wikilink_path(label: &str) -> String {
    let mut path = String::with_capacity(label.len());
    let mut rest = label;
    while let Some(at) = rest.find([' ', '_']) {
        path.push_str(&rest[..at]);
        path.push('_');
        let found = &rest[at..];
        rest = match found.strip_prefix('_') {
            Some(behind) => behind.trim_start_matches(' '),
            None => {
                let behind = found.trim_start_matches(' ');
                behind.strip_prefix('_').unwrap_or(behind)
            }
        };
    }
    path + rest
}
