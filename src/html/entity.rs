//! Entities and the text they stand for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::work::step;

/// The length of the entity at the start of `text`, which begins with `&`. The
/// `;` is included. The entity need not exist.
pub fn entity_length(text: &str) -> Option<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let length = text.bytes().skip(1).take_while(is_part).count();
    step(length);
    let (name, after) = text[1..].split_at(length);
    if !after.starts_with(';') {
        return None;
    }
    let is_all = |text: &str, fits: fn(&u8) -> bool| {
        !text.is_empty() && text.bytes().all(|byte| fits(&byte))
    };
    let is_well_formed = if let Some(number) = name.strip_prefix('#') {
        match number.strip_prefix(['x', 'X']) {
            Some(hex) => is_all(hex, u8::is_ascii_hexdigit),
            None => is_all(number, u8::is_ascii_digit),
        }
    } else {
        is_all(name, u8::is_ascii_alphanumeric)
    };
    is_well_formed.then_some(length + 2)
}

/// The plain text that HTML text stands for.
pub fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut to = String::with_capacity(text.len());
    to.push_str(&text[..first]);
    let mut rest = &text[first..];
    loop {
        let mut length = 1;
        if let Some(entity_length) = entity_length(rest)
            && let Some(shown) = resolve(&rest[..entity_length])
        {
            to.push_str(&shown);
            length = entity_length;
        } else {
            to.push('&');
        }
        rest = &rest[length..];
        let next = memchr::memchr(b'&', rest.as_bytes());
        to.push_str(&rest[..next.unwrap_or(rest.len())]);
        match next {
            Some(at) => rest = &rest[at..],
            None => return Cow::Owned(to),
        }
    }
}

/// The text that an entity, `&` and `;` included, stands for.
fn resolve(entity: &str) -> Option<Cow<'static, str>> {
    static NAMED: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let entities = entities::ENTITIES.iter();
        entities.map(|it| (it.entity, it.characters)).collect()
    });
    let name = &entity[1..entity.len() - 1];
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.get(entity).map(|characters| (*characters).into());
    };
    // Numbers that are too large stand for nothing.
    let point = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(point).map(|it| it.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::{entity_length, unescape};
    use crate::work::steps_of;

    #[test]
    fn entities_end_with_a_semicolon() {
        for (html, text) in [
            ("a", "a"),
            ("&lt;&#x41;&#66;&nope;&", "<AB&nope;&"),
            ("&&amp;amp; &amp", "&&amp; &amp"),
            ("&#+65;&#x;&#;&;&#x110000;", "&#+65;&#x;&#;&;&#x110000;"),
            ("&#0000000000000000000000000000000000000000000065;", "A"),
            ("\u{e4}&auml;\u{e4}", "\u{e4}\u{e4}\u{e4}"),
        ] {
            assert_eq!(unescape(html), text, "{html}");
        }
        assert!(entity_length("&amp; x") == Some(5) && entity_length("&amp").is_none());
    }

    #[test]
    fn names_are_read_once() {
        for part in ["&", "&a", "&#", "&amp", "a;"] {
            let steps = |count: usize| steps_of(|| unescape(&part.repeat(count)).into_owned());
            let (once, twice) = (steps(2_000), steps(4_000));
            assert!(twice <= once * 2 + 100, "{part}: {once} {twice}");
        }
    }
}
