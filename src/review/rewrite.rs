//! Changes the addresses in HTML and CSS. Pure functions.

use std::borrow::Cow;

use crate::html::{self, Escape, Token};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The browser fetches it to show the page.
    Load,
    /// Readers may follow it.
    Link,
    /// It says how pages belong together; nothing follows it.
    Relation,
}

/// What becomes of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays as it is.
    Kept,
    /// It is replaced.
    Replaced(String),
    /// It is taken away.
    Dropped,
}

/// Decides about an address.
pub(super) type Decide<'d> = dyn FnMut(&str, Use) -> Fate + 'd;

/// Relations of `link` that browsers fetch.
const LOADED: [&str; 8] = [
    "stylesheet",
    "icon",
    "apple-touch-icon",
    "mask-icon",
    "manifest",
    "preload",
    "modulepreload",
    "prefetch",
];

/// Relations of `link` that open a connection and do nothing else.
const CONNECTING: [&str; 3] = ["preconnect", "dns-prefetch", "prerender"];

/// What is inserted into a page.
pub(super) struct Inserted<'i> {
    /// At the start of the head.
    pub(super) head: &'i str,
    /// At the end of the body.
    pub(super) body: &'i str,
}

/// A page with other addresses, and without the places in its sources.
pub(super) fn page(html: &str, inserted: &Inserted<'_>, decide: &mut Decide<'_>) -> String {
    let mut to = String::with_capacity(html.len() + inserted.head.len() + inserted.body.len());
    let body_end = html.rfind("</body>");
    let mut has_head = false;
    let mut is_style = false;
    for (token, range) in html::tokens(html) {
        if body_end == Some(range.start) {
            to.push_str(inserted.body);
        }
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                is_style = name.eq_ignore_ascii_case("style") && !closed;
                match tag(name, attributes, closed, decide) {
                    Tag::Kept => to.push_str(&html[range]),
                    Tag::Changed(tag) => to.push_str(&tag),
                    Tag::Dropped => {}
                }
                if !has_head && name.eq_ignore_ascii_case("head") {
                    has_head = true;
                    to.push_str(inserted.head);
                }
            }
            Token::Text(text) if is_style => to.push_str(&css(text, decide)),
            Token::End { .. } => {
                is_style = false;
                to.push_str(&html[range]);
            }
            Token::Text(_) | Token::Comment(_) | Token::Other(_) => to.push_str(&html[range]),
        }
    }
    if body_end.is_none() {
        to.push_str(inserted.body);
    }
    if !has_head {
        to.insert_str(0, inserted.head);
    }
    to
}

enum Tag {
    Kept,
    Changed(String),
    Dropped,
}

fn tag(name: &str, attributes: &str, closed: bool, decide: &mut Decide<'_>) -> Tag {
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
    let relation = is("link").then(|| {
        let relations = html::attribute(attributes, "rel").unwrap_or_default();
        let relations = relations.to_ascii_lowercase();
        let has = |known: &[&str]| relations.split_whitespace().any(|it| known.contains(&it));
        if has(&CONNECTING) {
            None
        } else if has(&LOADED) {
            Some(Use::Load)
        } else {
            Some(Use::Relation)
        }
    });
    if relation == Some(None) {
        return Tag::Dropped;
    }
    let mut changed = String::new();
    let mut is_changed = false;
    for (key, value) in html::attributes(attributes) {
        let lower = key.to_ascii_lowercase();
        let Some(value) = value else {
            changed.extend([" ", key]);
            continue;
        };
        if is_place_in_source(&lower, value) {
            is_changed = true;
            continue;
        }
        let what = match lower.as_str() {
            "href" | "xlink:href" => match relation {
                Some(relation) => relation,
                None if is("a") || is("area") => Some(Use::Link),
                None if is("use") || is("image") || is("feimage") => Some(Use::Load),
                None => None,
            },
            "src" | "poster" | "background" | "data-src" => Some(Use::Load),
            "data" if is("object") => Some(Use::Load),
            _ => None,
        };
        let value = html::unescape(value);
        let fate = match lower.as_str() {
            "srcset" | "imagesrcset" => srcset(&value, decide),
            "style" => {
                let style = css(&value, decide);
                if style == value {
                    Fate::Kept
                } else {
                    Fate::Replaced(style.into_owned())
                }
            }
            _ => what.map_or(Fate::Kept, |what| decide(&value, what)),
        };
        match fate {
            Fate::Kept => write(key, &value, &mut changed),
            Fate::Replaced(value) => {
                is_changed = true;
                write(key, &value, &mut changed);
            }
            Fate::Dropped if is("link") => return Tag::Dropped,
            Fate::Dropped => {
                is_changed = true;
                write(
                    &format!("data-proofroom-without-{lower}"),
                    &value,
                    &mut changed,
                );
            }
        }
    }
    if !is_changed {
        return Tag::Kept;
    }
    Tag::Changed(format!(
        "<{name}{changed}{}>",
        if closed { "/" } else { "" }
    ))
}

fn write(key: &str, value: &str, to: &mut String) {
    to.extend([" ", key, "=\""]);
    Escape::QUOTED.append(value, to);
    to.push('"');
}

/// Whether an attribute says which lines of the source an element comes from.
fn is_place_in_source(key: &str, value: &str) -> bool {
    ["data-src", "data-proofroom-base-src"].contains(&key)
        && !value.is_empty()
        && value
            .chars()
            .all(|it| it.is_ascii_digit() || "-:,".contains(it))
}

/// Decides about each address of a list such as `a.png 1x, b.png 2x`.
fn srcset(value: &str, decide: &mut Decide<'_>) -> Fate {
    let mut kept: Vec<String> = Vec::new();
    let mut is_changed = false;
    for candidate in value.split(", ").flat_map(|it| it.split(",\n")) {
        let candidate = candidate.trim().trim_end_matches(',');
        let (address, size) = match candidate.split_once(char::is_whitespace) {
            Some((address, size)) => (address, format!(" {}", size.trim())),
            None => (candidate, String::new()),
        };
        match decide(address, Use::Load) {
            Fate::Kept => kept.push(candidate.to_owned()),
            Fate::Replaced(address) => {
                is_changed = true;
                kept.push(address + &size);
            }
            Fate::Dropped => is_changed = true,
        }
    }
    match (is_changed, kept.is_empty()) {
        (false, _) => Fate::Kept,
        (true, true) => Fate::Dropped,
        (true, false) => Fate::Replaced(kept.join(", ")),
    }
}

/// What stands for an address that was taken away from a style sheet.
const NOTHING: &str = "data:,";

/// A style sheet with other addresses.
pub(super) fn css<'c>(text: &'c str, decide: &mut Decide<'_>) -> Cow<'c, str> {
    let mut to = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = next_address(text, at) {
        at = found.end;
        let address = &text[found.from..found.to];
        let fate = decide(address.trim(), Use::Load);
        let new = match fate {
            Fate::Kept => continue,
            Fate::Replaced(new) => new,
            Fate::Dropped => NOTHING.to_owned(),
        };
        to.push_str(&text[copied..found.from]);
        // Without quotes, some characters would have to be escaped.
        let quote = if found.is_quoted { "" } else { "\"" };
        to.push_str(quote);
        to.push_str(&new.replace('"', "%22").replace('\'', "%27"));
        to.push_str(quote);
        copied = found.to;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    to.push_str(&text[copied..]);
    Cow::Owned(to)
}

struct Found {
    /// The bytes of the address.
    from: usize,
    to: usize,
    is_quoted: bool,
    /// Where to look on.
    end: usize,
}

/// The next address of a style sheet: in `url()`, or of an `@import`.
fn next_address(text: &str, mut at: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let starts = |at: usize, what: &str| {
        let part = bytes.get(at..at + what.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(what.as_bytes()))
    };
    while at < bytes.len() {
        if starts(at, "/*") {
            at = text[at..]
                .find("*/")
                .map_or(bytes.len(), |end| at + end + 2);
            continue;
        }
        let skipped = if starts(at, "url(") {
            4
        } else if starts(at, "@import") {
            7
        } else {
            at += 1;
            continue;
        };
        let is_function = skipped == 4;
        let rest = &bytes[at + skipped..];
        let blanks = rest
            .iter()
            .take_while(|it| it.is_ascii_whitespace())
            .count();
        let from = at + skipped + blanks;
        match bytes.get(from) {
            Some(quote @ (b'"' | b'\'')) => {
                let mut is_escaped = false;
                let length = bytes[from + 1..].iter().position(|it| {
                    let is_end = it == quote && !is_escaped;
                    is_escaped = *it == b'\\' && !is_escaped;
                    is_end
                })?;
                return Some(Found {
                    from: from + 1,
                    to: from + 1 + length,
                    is_quoted: true,
                    end: from + 1 + length,
                });
            }
            Some(_) if is_function => {
                let length = bytes[from..].iter().position(|it| *it == b')')?;
                return Some(Found {
                    from,
                    to: from + length,
                    is_quoted: false,
                    end: from + length,
                });
            }
            _ => at = from,
        }
    }
    None
}

/// The relative addresses of modules and files that a script names.
pub(super) fn script_addresses(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for quote in ['"', '\'', '`'] {
        for start in ["./", "../"] {
            let opening = format!("{quote}{start}");
            for (at, _) in text.match_indices(&opening) {
                let from = at + 1;
                let Some(length) = text[from..].find(quote) else {
                    continue;
                };
                let address = &text[from..from + length];
                let is_plain = |it: char| it.is_ascii_alphanumeric() || "./_-~%".contains(it);
                if length < 300 && address.chars().all(is_plain) {
                    found.push(address);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Fate, Inserted, Use, css, page, script_addresses};

    fn rewritten(html: &str) -> String {
        let inserted = Inserted {
            head: "<meta>",
            body: "<script>",
        };
        page(html, &inserted, &mut |address, what| {
            if address.starts_with("https:") && what == Use::Load {
                Fate::Dropped
            } else if address.starts_with("http") || address.starts_with('#') {
                Fate::Kept
            } else {
                Fate::Replaced(format!("{what:?}/{address}"))
            }
        })
    }

    #[test]
    fn addresses_of_pages_are_changed_where_they_are() {
        let html = "<html><head><link rel=preconnect href=https://f><link rel=\"stylesheet\" href=\"a.css?x&amp;y\">\
                    <link rel=stylesheet href=https://f/a.css><link rel=canonical href=https://x/></head>\
                    <body data-src=\"1-2\"><a href=\"b/\" class='c'>B</a><a href=#d>D</a><a href=https://e>E</a>\
                    <img src=https://i/i.png alt=I><img data-src=\"3\" srcset=\"f.png 1x, https://g 2x\">\
                    <p style=\"background: url(h.png)\">text</p><style>p { background: url('j.png') }</style>\
                    <!-- <a href=k> --><script>\"<a href=l>\"</script></body></html>";
        assert_eq!(
            rewritten(html),
            "<html><head><meta><link rel=\"stylesheet\" href=\"Load/a.css?x&amp;y\">\
             <link rel=canonical href=https://x/></head>\
             <body><a href=\"Link/b/\" class=\"c\">B</a><a href=#d>D</a><a href=https://e>E</a>\
             <img data-proofroom-without-src=\"https://i/i.png\" alt=\"I\"><img srcset=\"Load/f.png 1x\">\
             <p style=\"background: url(&quot;Load/h.png&quot;)\">text</p><style>p { background: url('Load/j.png') }</style>\
             <!-- <a href=k> --><script>\"<a href=l>\"</script><script></body></html>"
        );
        assert_eq!(rewritten("<p>A"), "<meta><p>A<script>");
    }

    #[test]
    fn addresses_of_style_sheets_are_changed() {
        let changed = |text: &str| {
            css(text, &mut |address, _| match address {
                "kept" => Fate::Kept,
                address if address.starts_with("data:") => Fate::Kept,
                "gone" => Fate::Dropped,
                address => Fate::Replaced(format!("x/{address}")),
            })
            .into_owned()
        };
        for (text, expected) in [
            ("a { b: url(c.png) }", "a { b: url(\"x/c.png\") }"),
            ("a { b: URL( 'c.png' ) }", "a { b: URL( 'x/c.png' ) }"),
            ("@import \"a.css\" print;", "@import \"x/a.css\" print;"),
            ("@import url(a.css);", "@import url(\"x/a.css\");"),
            (
                "a { b: url(\"kept\") c: url(\"data:\\\"x\\\"\") }",
                "a { b: url(\"kept\") c: url(\"data:\\\"x\\\"\") }",
            ),
            ("/* url(a) */ url(kept)", "/* url(a) */ url(kept)"),
            ("url(gone) url(\"b", "url(\"data:,\") url(\"b"),
            ("url(", "url("),
            ("", ""),
        ] {
            assert_eq!(changed(text), expected, "{text}");
        }
    }

    #[test]
    fn scripts_name_their_modules() {
        let script = "import a from './a.js'; import(\"../b/c.js\"); './no t.js'; \"d.js\"";
        assert_eq!(script_addresses(script), ["../b/c.js", "./a.js"]);
    }
}
