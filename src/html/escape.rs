//! Text as HTML.

use super::entity::entity_length;
use crate::text::Bytes;

/// What is written for the characters that mean something in HTML.
#[derive(Clone)]
pub struct Escape {
    /// The bytes that something else may be written for.
    escaped: Bytes,
    quote: &'static str,
    apostrophe: &'static str,
    /// Whether an entity stays one.
    keeps_entities: bool,
}

impl Escape {
    /// What stands between tags.
    pub const TEXT: Self = Self::of(b"&<>", false);
    /// The same; entities stay.
    pub const TEXT_WITH_ENTITIES: Self = Self::of(b"&<>", true);
    /// What also may stand in an attribute's value between double quotes.
    pub const QUOTED: Self = Self::of(b"&<>\"", false);
    /// The same; entities stay.
    pub const QUOTED_WITH_ENTITIES: Self = Self::of(b"&<>\"", true);
    /// What may stand between quotes of both kinds.
    pub const ANYWHERE: Self = Self::of(b"&<>\"'", false);
    /// The same, spelled as MarkupSafe spells it.
    pub const MARKUPSAFE: Self = Self {
        quote: "&#34;",
        ..Self::ANYWHERE
    };
    /// The same, spelled as Python's `html.escape` spells it.
    pub const PYTHON: Self = Self {
        apostrophe: "&#x27;",
        ..Self::ANYWHERE
    };
    /// Double quotes alone, in what is HTML already.
    pub const QUOTES: Self = Self::of(b"\"", true);

    const fn of(escaped: &[u8], keeps_entities: bool) -> Self {
        Self {
            escaped: Bytes::of(escaped),
            quote: "&quot;",
            apostrophe: "&#39;",
            keeps_entities,
        }
    }

    /// Appends `text` as HTML.
    pub fn append(&self, text: &str, to: &mut String) {
        let mut rest = text;
        while let Some(at) = self.escaped.find(rest.as_bytes()) {
            let replacement = match rest.as_bytes()[at] {
                b'&' if !(self.keeps_entities && entity_length(&rest[at..]).is_some()) => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => self.quote,
                b'\'' => self.apostrophe,
                _ => &rest[at..=at],
            };
            to.push_str(&rest[..at]);
            to.push_str(replacement);
            rest = &rest[at + 1..];
        }
        to.push_str(rest);
    }

    /// `text` as HTML.
    pub fn apply(&self, text: &str) -> String {
        let mut to = String::with_capacity(text.len());
        self.append(text, &mut to);
        to
    }
}

#[cfg(test)]
mod tests {
    use super::Escape;

    #[test]
    fn each_place_escapes_what_means_something_there() {
        let text = "a&b &amp; <i> \"q\" 'p'";
        for (escape, expected) in [
            (Escape::TEXT, "a&amp;b &amp;amp; &lt;i&gt; \"q\" 'p'"),
            (
                Escape::TEXT_WITH_ENTITIES,
                "a&amp;b &amp; &lt;i&gt; \"q\" 'p'",
            ),
            (
                Escape::QUOTED,
                "a&amp;b &amp;amp; &lt;i&gt; &quot;q&quot; 'p'",
            ),
            (
                Escape::QUOTED_WITH_ENTITIES,
                "a&amp;b &amp; &lt;i&gt; &quot;q&quot; 'p'",
            ),
            (
                Escape::ANYWHERE,
                "a&amp;b &amp;amp; &lt;i&gt; &quot;q&quot; &#39;p&#39;",
            ),
            (
                Escape::MARKUPSAFE,
                "a&amp;b &amp;amp; &lt;i&gt; &#34;q&#34; &#39;p&#39;",
            ),
            (
                Escape::PYTHON,
                "a&amp;b &amp;amp; &lt;i&gt; &quot;q&quot; &#x27;p&#x27;",
            ),
            (Escape::QUOTES, "a&b &amp; <i> &quot;q&quot; 'p'"),
        ] {
            assert_eq!(escape.apply(text), expected);
        }
    }
}
