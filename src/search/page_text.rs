//! What the search shows of a page.

use super::Entry;
use crate::html::{Token, tokens, unescape};

/// What the search shows of a page: its title, and the text of its sections.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageText {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its weight in sixteenths.
    pub boost: u32,
    /// Its sections; none if it is excluded from the search.
    pub sections: Vec<SectionText>,
}

/// A section of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SectionText {
    /// The anchor of its heading; empty for the top of the page.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The text below it.
    pub text: String,
}

/// The weight of a page that sets none.
pub const PLAIN_BOOST: u32 = 16;

impl PageText {
    /// The text of the page at `url` by its entries, with HTML resolved.
    pub fn new(url: &str, title: &str, entries: &[Entry]) -> Self {
        let first = entries.first();
        let boost = first.and_then(|entry| entry.boost.as_ref()?.as_f64());
        let tags = first.and_then(|entry| entry.tags.clone());
        Self {
            url: url.to_owned(),
            title: plain(title),
            tags: tags.unwrap_or_default(),
            boost: boost.map_or(PLAIN_BOOST, sixteenths),
            sections: entries.iter().map(SectionText::new).collect(),
        }
    }

    /// The page as browsers get it: its address, its title, and its sections, each with
    /// its anchor, heading and text. To be written as JSON.
    pub fn shown(&self) -> (&str, &str, Vec<[&str; 3]>) {
        let sections = self.sections.iter();
        let sections = sections.map(|it| [&*it.id, &*it.title, &*it.text]);
        (&self.url, &self.title, sections.collect())
    }
}

/// A weight in sixteenths, between a sixteenth and a thousand times the usual one.
fn sixteenths(boost: f64) -> u32 {
    let sixteenths = (boost * f64::from(PLAIN_BOOST)).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is within bounds, and what is not a number becomes the least"
    )]
    let sixteenths = sixteenths.clamp(1.0, 16_000.0) as u32;
    sixteenths.max(1)
}

impl SectionText {
    fn new(entry: &Entry) -> Self {
        let id = entry.location.split_once('#').map_or("", |(_, id)| id);
        Self {
            id: id.to_owned(),
            title: plain(&entry.title),
            text: plain(&entry.text),
        }
    }
}

/// The text of HTML, with its blocks apart.
fn plain(html: &str) -> String {
    if !html.contains(['<', '&', '\n', '\t']) && !html.contains("  ") {
        return html.trim().to_owned();
    }
    let mut text = String::with_capacity(html.len());
    for (token, _) in tokens(html) {
        match token {
            Token::Text(piece) => {
                for character in unescape(piece).chars() {
                    if !character.is_whitespace() {
                        text.push(character);
                    } else if !text.ends_with(' ') {
                        text.push(' ');
                    }
                }
            }
            Token::Start { name, .. } | Token::End { name } => {
                let is_block = ["p", "li", "pre", "ol", "ul"]
                    .iter()
                    .any(|block| name.eq_ignore_ascii_case(block));
                if is_block && !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            Token::Comment(_) | Token::Other(_) => {}
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{plain, sixteenths};

    #[test]
    fn blocks_stay_apart_and_white_space_is_one_blank() {
        let html =
            "<ul> <li>a&lt;b</li><li>c  d</li> </ul><pre><code>x\n  y</code></pre>z<sub>2</sub>";
        assert_eq!(plain(html), "a<b c d x y z2");
        assert_eq!(plain(" plain "), "plain");
    }

    #[test]
    fn weights_are_bounded() {
        let found = [2.0, 0.5, 0.0, -3.0, 1e9, f64::NAN].map(sixteenths);
        assert_eq!(found, [32, 8, 1, 1, 16_000, 1]);
    }
}
