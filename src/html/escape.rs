//! Escaping of text for HTML.

use super::entity::entity_length;
use crate::text::Bytes;

/// A way to escape the characters that mean something in HTML.
#[derive(Clone)]
pub struct Escape {
    /// The bytes that may have to be escaped.
    escaped: Bytes,
    /// The entity for a double quote.
    quote: &'static str,
    /// The entity for an apostrophe.
    apostrophe: &'static str,
    /// Whether entities in the text are left alone.
    keeps_entities: bool,
}

impl Escape {
    /// For text between tags.
    pub const TEXT: Self = Self::of(b"&<>", false);
    /// For text between tags that may contain entities.
    pub const TEXT_WITH_ENTITIES: Self = Self::of(b"&<>", true);
    /// For attribute values in double quotes.
    pub const QUOTED: Self = Self::of(b"&<>\"", false);
    /// For attribute values in double quotes that may contain entities.
    pub const QUOTED_WITH_ENTITIES: Self = Self::of(b"&<>\"", true);
    /// For text and attribute values in quotes of either kind.
    pub const ANYWHERE: Self = Self::of(b"&<>\"'", false);
    /// Like [`Escape::ANYWHERE`], with the spelling of MarkupSafe.
    pub const MARKUPSAFE: Self = Self {
        quote: "&#34;",
        ..Self::ANYWHERE
    };
    /// Like [`Escape::ANYWHERE`], with the spelling of Python's `html.escape`.
    pub const PYTHON: Self = Self {
        apostrophe: "&#x27;",
        ..Self::ANYWHERE
    };
    /// For HTML that is to be in double quotes.
    pub const QUOTES: Self = Self::of(b"\"", true);

    const fn of(escaped: &[u8], keeps_entities: bool) -> Self {
        Self {
            escaped: Bytes::of(escaped),
            quote: "&quot;",
            apostrophe: "&#39;",
            keeps_entities,
        }
    }

    /// Appends `text`, escaped.
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

    /// `text`, escaped.
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
    fn each_way_escapes_what_it_has_to() {
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
