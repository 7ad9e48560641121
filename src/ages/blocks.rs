//! The blocks of a page, found by the source lines in its HTML.

use crate::html::{self, Token};
use crate::url::unquote;

/// Lines of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRange {
    /// The file, where it is not the page's own.
    pub file: Option<String>,
    /// The first line, from 1.
    pub first: usize,
    /// The last line.
    pub last: usize,
}

/// The value of a `data-src` attribute: lines of the page and, for a block from an
/// included file, the lines of that file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRanges {
    /// Lines of the page's own file.
    pub own: LineRange,
    /// Lines of an included file.
    pub included: Option<LineRange>,
}

impl SourceRanges {
    /// Parses `12`, `12-14` or `12 includes/part.md:3-4`, where the file is
    /// percent-encoded.
    pub fn read(written: &str) -> Option<Self> {
        let (own, included) = match written.split_once(' ') {
            Some((own, included)) => (own, Some(included)),
            None => (written, None),
        };
        let lines = |text: &str| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            Some((first.parse().ok()?, last.parse().ok()?))
        };
        let place = |file: Option<&str>, text: &str| {
            let (first, last) = lines(text)?;
            let file = match file {
                Some(file) => Some(unquote(file)?.into_owned()),
                None => None,
            };
            Some(LineRange { file, first, last })
        };
        let included = match included {
            Some(included) => {
                let (file, lines) = included.rsplit_once(':')?;
                Some(place(Some(file), lines)?)
            }
            None => None,
        };
        Some(Self {
            own: place(None, own)?,
            included,
        })
    }

    /// The lines that contain the text itself.
    pub fn text(&self) -> &LineRange {
        self.included.as_ref().unwrap_or(&self.own)
    }
}

/// A block of a page that contains no other block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The name of its element.
    pub tag: String,
    /// The lines that it comes from.
    pub place: LineRange,
    /// Its line in the page's own file.
    pub line: usize,
}

/// The innermost blocks of a page's HTML, in order.
pub fn blocks(html: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (token, _) in html::tokens(html) {
        let Token::Start {
            name, attributes, ..
        } = token
        else {
            continue;
        };
        let Some(written) = html::attribute(attributes, "data-src") else {
            continue;
        };
        let Some(places) = SourceRanges::read(&written) else {
            continue;
        };
        let place = places.text().clone();
        // A block that contains this one starts before it.
        let contains_it = |outer: &Block| {
            outer.place.file == place.file
                && outer.place.first <= place.first
                && place.last <= outer.place.last
        };
        if blocks.last().is_some_and(contains_it) {
            blocks.pop();
        }
        blocks.push(Block {
            tag: name.to_owned(),
            place,
            line: places.own.first,
        });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{SourceRanges, blocks};

    #[test]
    fn reads_where_a_block_comes_from() {
        let read = |text: &str| {
            let places = SourceRanges::read(text)?;
            let text = places.text();
            Some((places.own.first, text.file.clone(), text.first, text.last))
        };
        assert_eq!(read("12"), Some((12, None, 12, 12)));
        assert_eq!(read("12-14"), Some((12, None, 12, 14)));
        let part = Some("in c:l.md".to_owned());
        assert_eq!(read("12 in%20c:l.md:3-4"), Some((12, part, 3, 4)));
        for wrong in ["", "x", "1-x", "1 ", "1 a", "1 a:b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn finds_the_innermost_blocks() {
        let html = "<h1 id=\"a\" data-src=\"1\">A</h1>\n<div class=\"x\" data-src=\"3-9\">\n<p data-src=\"4\">b</p>\n<ul data-src=\"6-7\">\n<li data-src=\"6\">c</li><li data-src=\"7\">d > data-src=\"8\"</li></ul></div>\n<p data-src=\"11 a%26b.md:2\">e</p>";
        let found: Vec<_> = blocks(html)
            .into_iter()
            .map(|block| (block.tag, block.place.file, block.place.first))
            .collect();
        let own = |tag: &str, line| (tag.to_owned(), None, line);
        let included = ("p".to_owned(), Some("a&b.md".to_owned()), 2);
        assert_eq!(
            found,
            [
                own("h1", 1),
                own("p", 4),
                own("li", 6),
                own("li", 7),
                included
            ]
        );
    }
}
