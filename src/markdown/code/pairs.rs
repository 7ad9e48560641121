//! Options of fences: `key="value"` and bare words.

/// Parses the options of a fence; the value of a bare word is its name. `None` if anything
/// else is there. Names and values come from the front as far as a quote, but whether all
/// are options is decided by a pattern in which a value may have its quote in it, as in
/// superfences: `hl_lines="1""` is read, and means `1`.
pub fn parse(text: &str) -> Option<Vec<(String, String)>> {
    is_all_options(text).then(|| found(text).collect())
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The length of the name at the start of a text; 0 if there is none.
fn name_length(text: &[u8]) -> usize {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return 0;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    text.iter().take_while(is_name).count()
}

/// Whether a text is nothing but options with blanks between them.
fn is_all_options(text: &str) -> bool {
    let text = text.as_bytes();
    let end = text.len();
    // From the back: whether nothing but options follows, where one begins and where one
    // has ended, and whether a quote at or behind a place can be the last of a value.
    let mut starts = vec![false; end + 1];
    let mut ends = vec![false; end + 1];
    let mut closes = [false; 2];
    let mut closes_from = vec![[false; 2]; end + 2];
    let mut next = end;
    starts[end] = true;
    ends[end] = true;
    for at in (0..end).rev() {
        ends[at] = is_blank(text[at]) && starts[next];
        if !is_blank(text[at]) {
            next = at;
        }
        let length = name_length(&text[at..]);
        let behind = at + length;
        let has_value = || {
            let quote = quote_of(*text.get(behind + 1)?)?;
            Some(text[behind] == b'=' && closes_from[behind + 2][quote])
        };
        starts[at] = length > 0 && (ends[behind] || has_value() == Some(true));
        if let Some(quote) = quote_of(text[at]) {
            closes[quote] |= ends[at + 1];
        }
        closes_from[at] = closes;
    }
    starts[next]
}

fn quote_of(byte: u8) -> Option<usize> {
    match byte {
        b'"' => Some(0),
        b'\'' => Some(1),
        _ => None,
    }
}

/// The options that are found in a text, one after the other.
fn found(text: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[rest.find(|first: char| first.is_ascii_alphabetic())?..];
        let (name, behind) = rest.split_at(name_length(rest.as_bytes()));
        rest = behind;
        let quoted = behind.strip_prefix('=').and_then(|quoted| {
            let quote = quoted
                .chars()
                .next()
                .filter(|it| matches!(it, '"' | '\''))?;
            quoted[1..].split_once(quote)
        });
        let value = match quoted {
            Some((value, behind)) => {
                rest = behind;
                value
            }
            None => name,
        };
        Some((name.to_owned(), value.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_value_may_have_its_quote_in_it() {
        let cases = [
            ("", Some(vec![])),
            ("a b", Some(vec![("a", "a"), ("b", "b")])),
            ("a=\"x\"  b='y'", Some(vec![("a", "x"), ("b", "y")])),
            ("a=\"x\"\"", Some(vec![("a", "x")])),
            ("a=\"1\"b=\"2\"", Some(vec![("a", "1"), ("b", "2")])),
            ("a=\"x\" y\"", Some(vec![("a", "x"), ("y", "y")])),
            ("a=\"x\"b", None),
            ("a=x", None),
            ("a=\"x", None),
            ("1a", None),
            ("a-b", None),
            ("a=\"x\" =", None),
        ];
        for (text, expected) in cases {
            let parsed = parse(text);
            let parsed = parsed.as_ref().map(|pairs| {
                let pairs = pairs.iter();
                pairs
                    .map(|(a, b)| (a.as_str(), b.as_str()))
                    .collect::<Vec<_>>()
            });
            assert_eq!(parsed, expected, "{text}");
        }
    }
}
