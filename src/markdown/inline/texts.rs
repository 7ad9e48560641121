//! The texts of a page, scanned one after the other.

use std::ops::Range;

use super::placeholders::BREAK;
use super::plain_links::PlainLink;
use super::scan::Scanner;
use crate::markdown::source::lines::{STASH_CLOSE, TextArena, join_into, marks};
use crate::markdown::tree::{Id, Kind, Tree};

/// A line break, as it is written: two blanks at the end of a line.
const LINE_BREAK: &str = "  \u{c}";

/// The texts of a page, scanned.
#[derive(Default)]
pub struct Scanned {
    /// Those that Comrak has to parse, a paragraph each.
    pub document: String,
    /// The others, one after the other.
    pub alone: String,
    /// The texts in their order; `None` for those in `document`.
    pub texts: Vec<Option<Alone>>,
    /// The links of all texts in `alone`.
    pub links: Vec<PlainLink>,
}

/// A text that Comrak need not parse.
pub struct Alone {
    /// Where it is in [`Scanned::alone`].
    pub range: Range<usize>,
    /// Its links in [`Scanned::links`].
    pub links: Range<usize>,
}

/// A text without blanks at its end, as Comrak leaves it. The end of a line is kept, but
/// not behind what was taken out of the text, which may be all of a paragraph, unless it
/// breaks the line (an indented element follows).
fn without_blanks_at_end(text: &str) -> &str {
    let is_blank = |it: char| matches!(it, ' ' | '\t');
    let trimmed = text.trim_end_matches(|it| is_blank(it) || it == BREAK);
    if !trimmed.ends_with(STASH_CLOSE) {
        return text.trim_end_matches(is_blank);
    }
    let blanks = &text[trimmed.len()..];
    let kept = blanks
        .rfind(LINE_BREAK)
        .map_or(0, |at| at + LINE_BREAK.len());
    &text[..trimmed.len() + kept]
}

/// Scans all texts below the nodes in `order`.
pub fn scan_texts<'a>(
    tree: &Tree<'a>,
    order: &[Id],
    scanner: &mut Scanner<'a, '_>,
    texts: &'a TextArena,
) -> Scanned {
    let mut scanned = Scanned::default();
    let mut joined = String::new();
    for leaf in order.iter().flat_map(|parent| tree.children(*parent)) {
        let Kind::Leaf(lines) = &tree.nodes[*leaf].kind else {
            continue;
        };
        let text = match &lines[..] {
            [line] => line.text,
            lines => {
                join_into(lines, &mut joined);
                texts.alloc(&joined)
            }
        };
        scanner.line = tree.nodes[*leaf].line;
        scanner.lines.clear();
        scanner.lines.extend_from_slice(lines);
        let Scanned {
            document,
            alone,
            texts: all,
            links,
        } = &mut scanned;
        let start = document.len();
        document.push(marks::GUARD);
        if scanner.scan(text, document) {
            document.push_str("\n\n");
            all.push(None);
            continue;
        }
        let from = alone.len();
        let start_of_text = start + marks::GUARD.len_utf8();
        alone.push_str(without_blanks_at_end(&document[start_of_text..]));
        document.truncate(start);
        let first = links.len();
        links.extend(scanner.links.iter().map(|link| link.earlier(start_of_text)));
        all.push(Some(Alone {
            range: from..alone.len(),
            links: first..links.len(),
        }));
    }
    scanned
}
