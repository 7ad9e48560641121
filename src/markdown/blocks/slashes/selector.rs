//! `tag.class#id[name="value"]`, in which blocks name elements.

/// A tag and attributes; classes are sorted, in one attribute.
pub type Selector = (String, Vec<(String, String)>);

fn is_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || character >= '\u{80}'
}

/// How long the identifier is that `text` begins with; 0 for none.
fn identifier(text: &str) -> usize {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let starts = text.starts_with("--") || bare.starts_with(is_start);
    let is_part = |it: char| is_start(it) || it.is_ascii_digit() || it == '-';
    if starts {
        text.len() - text.trim_start_matches(is_part).len()
    } else {
        0
    }
}

/// Whether `text` is an attribute's name, a class or an id.
pub fn is_identifier(text: &str) -> bool {
    let is_control = |it: char| ('\u{80}'..='\u{9f}').contains(&it);
    !text.is_empty() && identifier(text) == text.len() && !text.contains(is_control)
}

/// Reads a selector; `None` where it is none.
pub fn selector(text: &str, needs_tag: bool) -> Option<Selector> {
    let mut rest = text;
    let mut tag = String::new();
    if needs_tag {
        let length = identifier(text);
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
            let (found, behind) = pairs(rest)?;
            for (name, value) in found {
                match name.as_str() {
                    "class" => classes.extend(value.split_whitespace().map(str::to_owned)),
                    _ => set(&mut attributes, name, value),
                }
            }
            rest = behind;
            continue;
        }
        let length = identifier(rest);
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
    match attributes.iter_mut().find(|(known, _)| *known == name) {
        Some(known) => known.1 = value,
        None => attributes.push((name, value)),
    }
}

/// Names and values.
type Pairs = Vec<(String, String)>;

/// Names and values up to `]`, and what follows it.
fn pairs(text: &str) -> Option<(Pairs, &str)> {
    const BLANK: [char; 2] = [' ', '\t'];
    let mut found = Pairs::new();
    let mut rest = text.trim_start_matches(BLANK);
    loop {
        let length = identifier(rest);
        if length == 0 {
            return Some((found, rest.trim_start_matches(BLANK).strip_prefix(']')?));
        }
        let name = rest[..length].to_lowercase();
        rest = &rest[length..];
        let mut value = match name.as_str() {
            "class" => String::new(),
            name => name.to_owned(),
        };
        if let Some(behind) = rest.trim_start_matches(BLANK).strip_prefix('=') {
            let behind = behind.trim_start_matches(BLANK);
            let quote = behind
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''));
            match quote {
                Some(quote) => {
                    let (inner, after) = behind[1..].split_once(quote)?;
                    value = inner.to_owned();
                    rest = after;
                }
                None => {
                    let length = identifier(behind);
                    if length == 0 {
                        return None;
                    }
                    value = behind[..length].to_owned();
                    rest = &behind[length..];
                }
            }
        }
        found.push((name, value));
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
            selector("Div.b.a#c[d=\"e f\" g]", true),
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
            assert_eq!(selector(wrong, true), None, "{wrong}");
        }
        assert!(is_identifier("-a_1") && !is_identifier("1a") && !is_identifier("a b"));
    }
}
