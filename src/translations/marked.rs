//! Writes into the HTML of a translation what its source knows: further ids of headings,
//! and which passages are not translated.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::Alias;
use super::states::has_prose;
use crate::align::{Aligned, words_key};
use crate::html::{self, Escape, Token};
use crate::text::Bytes;

/// The words of passages, by their [keys](words_key), that are still in the language of
/// the source: those whose text the source has too.
pub fn left_in_source(passages: &Aligned) -> BTreeSet<u64> {
    let of_source: FxHashSet<&u64> = passages.source.keys().iter().collect();
    let own = &passages.translation;
    let left = own.iter().zip(own.keys());
    let left = left.filter(|(passage, key)| of_source.contains(key) && has_prose(passage));
    left.map(|(passage, _)| words_key(&passage.text)).collect()
}

/// Adds ids to headings: as empty elements at their start, because an element has one id.
pub fn with_aliases(html: &str, aliases: &[Alias]) -> String {
    let mut marked = String::with_capacity(html.len() + 64 * aliases.len());
    let mut copied = 0;
    for (token, range) in html::tokens(html) {
        let Token::Start {
            name, attributes, ..
        } = token
        else {
            continue;
        };
        if html::heading_level(name).is_none() {
            continue;
        }
        let Some(id) = html::attribute(attributes, "id") else {
            continue;
        };
        marked.push_str(&html[copied..range.end]);
        copied = range.end;
        for alias in aliases.iter().filter(|alias| alias.heading == id) {
            marked.push_str(&format!(
                "<span id=\"{}\"></span>",
                Escape::QUOTED.apply(&alias.id)
            ));
        }
    }
    marked.push_str(&html[copied..]);
    marked
}

/// Elements that contain the text of a passage.
const BLOCKS: [&str; 14] = [
    "p",
    "li",
    "dt",
    "dd",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "summary",
    "figcaption",
];

/// Elements whose text is not that of the passage that they are in.
const ASIDE: [&str; 4] = ["code", "sup", "svg", "script"];

/// Adds the attribute `lang` to the elements that have the words of one of the passages
/// `left`, unless they have one.
pub fn with_lang(html: &str, left: &BTreeSet<u64>, language: &str) -> String {
    let mut found: Vec<usize> = Vec::new();
    // Where the innermost block's tag ends, whether it may be marked, and its text.
    let mut open: Option<(usize, bool, String)> = None;
    let mut aside = 0_usize;
    for (token, range) in html::tokens(html) {
        match token {
            Token::Start {
                name, attributes, ..
            } => {
                if ASIDE.contains(&name) {
                    aside += 1;
                } else if BLOCKS.contains(&name) || !is_inline(name) {
                    close(&mut open, left, &mut found);
                    if BLOCKS.contains(&name) {
                        let may = html::attribute(attributes, "lang").is_none();
                        open = Some((range.start + 1 + name.len(), may, String::new()));
                    }
                }
            }
            Token::End { name } => {
                if ASIDE.contains(&name) {
                    aside = aside.saturating_sub(1);
                } else if !is_inline(name) {
                    close(&mut open, left, &mut found);
                }
            }
            Token::Text(text) if aside == 0 => {
                if let Some((_, _, inner)) = &mut open {
                    inner.push_str(&html::unescape(text));
                }
            }
            _ => {}
        }
    }
    let mut marked = String::with_capacity(html.len() + 16 * found.len());
    let mut copied = 0;
    for at in found {
        marked.push_str(&html[copied..at]);
        marked.push_str(&format!(" lang=\"{}\"", Escape::QUOTED.apply(language)));
        copied = at;
    }
    marked.push_str(&html[copied..]);
    marked
}

fn close(open: &mut Option<(usize, bool, String)>, left: &BTreeSet<u64>, found: &mut Vec<usize>) {
    if let Some((at, true, text)) = open.take()
        && left.contains(&key_of(&text))
    {
        found.push(at);
    }
}

/// The key of the words of a text that is no longer Markdown.
fn key_of(text: &str) -> u64 {
    const MARKS: &[char] = &['`', '[', ']', '{', '}', '<', '>', ':', '&', '!'];
    const BYTES: Bytes = Bytes::of(b"`[]{}<>:&!");
    let plain = if BYTES.find(text.as_bytes()).is_some() {
        Cow::Owned(text.replace(MARKS, " "))
    } else {
        Cow::Borrowed(text)
    };
    words_key(&plain)
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "br"
            | "del"
            | "em"
            | "i"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "u"
            | "path"
            | "wbr"
            | "cite"
            | "dfn"
            | "time"
            | "var"
            | "samp"
            | "bdi"
            | "bdo"
    )
}

#[cfg(test)]
mod tests {
    use super::{left_in_source, with_aliases, with_lang};
    use crate::align::Aligned;
    use crate::translations::Alias;

    #[test]
    fn headings_get_further_ids() {
        let alias = |heading: &str, id: &str| Alias {
            heading: heading.to_owned(),
            id: id.to_owned(),
        };
        let html = "<h1 id=\"a\">A</h1><p id=\"b\">b</p><h2 class=\"x\" id='b2'>B</h2>";
        let marked = with_aliases(html, &[alias("a", "one"), alias("b2", "t\"wo")]);
        assert_eq!(
            marked,
            "<h1 id=\"a\"><span id=\"one\"></span>A</h1><p id=\"b\">b</p>\
             <h2 class=\"x\" id='b2'><span id=\"t&quot;wo\"></span>B</h2>"
        );
    }

    #[test]
    fn what_is_not_translated_says_so() {
        let english = "# Words\n\nThis is **left** as it was, with `code`[^1].\n\n- Download the [app](a.md) for your phone\n\nThis is not.\n\nSignal\n";
        let german = "# Wörter\n\nThis is **left** as it was, with `code`[^1].\n\n- Download the [app](a.md) for your phone\n\nDas schon.\n\nSignal\n";
        let left = left_in_source(&Aligned::of(english, german));
        assert_eq!(left.len(), 2, "{left:?}");
        let html = "<h1>Wörter</h1>\n<p class=\"x\">This is <strong>left</strong> as it was, with <code>code</code><sup id=\"fnref:1\"><a>1</a></sup>.</p>\n<ul>\n<li>Download the <a href=\"a/\">app</a> for your phone</li>\n</ul>\n<p>Das schon.</p>\n<p>Signal</p>";
        let expected = html
            .replace("<p class=\"x\">", "<p lang=\"en\" class=\"x\">")
            .replace("<li>", "<li lang=\"en\">");
        assert_eq!(with_lang(html, &left, "en"), expected);
    }
}
