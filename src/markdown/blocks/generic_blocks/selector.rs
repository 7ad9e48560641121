//! Selectors, by which blocks name elements: `tag.class#id[name="value"]`.

/// A tag and attributes. Classes are one attribute, sorted.
pub type Selector = (String, Vec<(String, String)>);

fn is_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || character >= '\u{80}'
}

/// The length of the identifier at the start of `text`; 0 if there is none.
fn identifier_length(text: &str) -> usize {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let is_identifier = text.starts_with("--") || bare.starts_with(is_start);
    let is_part = |it: char| is_start(it) || it.is_ascii_digit() || it == '-';
    if is_identifier {
        text.len() - text.trim_start_matches(is_part).len()
    } else {
        0
    }
}

/// Whether `text` is valid as an attribute's name, a class or an id.
pub fn is_identifier(text: &str) -> bool {
    let is_control = |it: char| ('\u{80}'..='\u{9f}').contains(&it);
    !text.is_empty() && identifier_length(text) == text.len() && !text.contains(is_control)
}

/// Parses a selector, which begins with a tag or must not have one.
pub fn parse(text: &str, needs_tag: bool) -> Option<Selector> {
    let mut rest = text;
    let mut tag = String::new();
    if needs_tag {
        let length = identifier_length(text);
        tag = rest[..length].to_lowercase();
        rest = &rest[length..];
        if length == 0 {
            return None;
        }
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut classes: Vec<String> = Vec::new();
    let mut has_id = false;
    while let Some(mark) = rest.chars().next() {
        rest = &rest[mark.len_utf8()..];
        if mark == '[' {
            let (pairs, after) = parse_pairs(rest)?;
            for (name, value) in pairs {
                match name.as_str() {
                    "class" => classes.extend(value.split_whitespace().map(str::to_owned)),
                    _ => set(&mut attributes, name, value),
                }
            }
            rest = after;
            continue;
        }
        let length = identifier_length(rest);
        let name = rest[..length].to_owned();
        rest = &rest[length..];
        match mark {
            _ if name.is_empty() => return None,
            '.' => classes.push(name),
            '#' if !has_id => {
                has_id = true;
                set(&mut attributes, "id".to_owned(), name);
            }
            _ => return None,
        }
    }
    if !classes.is_empty() {
        classes.sort();
        set(&mut attributes, "class".to_owned(), classes.join(" "));
    }
    Some((tag, attributes))
}

fn set(attributes: &mut Vec<(String, String)>, name: String, value: String) {
    match attributes.iter_mut().find(|(other, _)| *other == name) {
        Some((_, existing)) => *existing = value,
        None => attributes.push((name, value)),
    }
}

/// Names and values.
type Pairs = Vec<(String, String)>;

/// Parses names and values up to `]`. Also returns the text after that.
fn parse_pairs(text: &str) -> Option<(Pairs, &str)> {
    const BLANK: [char; 2] = [' ', '\t'];
    let mut pairs = Pairs::new();
    let mut rest = text.trim_start_matches(BLANK);
    loop {
        let length = identifier_length(rest);
        if length == 0 {
            return Some((pairs, rest.trim_start_matches(BLANK).strip_prefix(']')?));
        }
        let name = rest[..length].to_lowercase();
        rest = &rest[length..];
        let mut value = match name.as_str() {
            "class" => String::new(),
            name => name.to_owned(),
        };
        if let Some(after_equals) = rest.trim_start_matches(BLANK).strip_prefix('=') {
            let written = after_equals.trim_start_matches(BLANK);
            let (text, after) = match written.chars().next() {
                Some(quote @ ('"' | '\'')) => written[1..].split_once(quote)?,
                _ => match identifier_length(written) {
                    0 => return None,
                    length => written.split_at(length),
                },
            };
            value = text.to_owned();
            rest = after;
        }
        pairs.push((name, value));
        rest = rest.trim_start_matches(BLANK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            parse("Div.b.a#c[d=\"e f\" g]", true),
            Some((
                "div".to_owned(),
                vec![
                    pair("id", "c"),
                    pair("d", "e f"),
                    pair("g", "g"),
                    pair("class", "a b")
                ]
            ))
        );
        for wrong in ["1x", "", "div.", "div#a#b", "div[a", "div a"] {
            assert_eq!(parse(wrong, true), None, "{wrong}");
        }
        assert!(is_identifier("-a_1") && !is_identifier("1a") && !is_identifier("a b"));
    }
}
