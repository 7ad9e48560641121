//! Entities, and the text that they stand for.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::work::step;

/// Whether an entity begins at the `&` that `text` begins with.
pub fn is_entity(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let length = text.bytes().skip(1).take_while(is_part).count();
    step(length);
    let (name, behind) = text[1..].split_at(length);
    if !behind.starts_with(';') {
        return false;
    }
    let is_all = |text: &str, fits: fn(&u8) -> bool| {
        !text.is_empty() && text.bytes().all(|byte| fits(&byte))
    };
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => is_all(hex, u8::is_ascii_hexdigit),
            None => is_all(number, u8::is_ascii_digit),
        },
        None => is_all(name, u8::is_ascii_alphanumeric),
    }
}

/// The text that an HTML text shows.
pub fn unescape(text: &str) -> String {
    let mut to = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        to.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = is_entity(rest).then(|| rest.find(';')).flatten();
        let shown = end.and_then(|end| entity(&rest[..=end]));
        match end.zip(shown) {
            Some((end, shown)) => {
                to.push_str(&shown);
                rest = &rest[end + 1..];
            }
            None => {
                to.push('&');
                rest = &rest[1..];
            }
        }
    }
    to.push_str(rest);
    to
}

/// What an entity, `&` and `;` included, stands for.
fn entity(entity: &str) -> Option<String> {
    static NAMED: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        // Of equal names the first, as they are listed.
        let known = entities::ENTITIES.iter().rev();
        known.map(|it| (it.entity, it.characters)).collect()
    });
    let name = &entity[1..entity.len() - 1];
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.get(entity).map(|known| (*known).to_owned());
    };
    let point = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(point).map(String::from)
}
