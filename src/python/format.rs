//! Python's format strings (`"{path!q}/{name:>20}"`), for values that are texts.

/// Formats `template` as Python's `str.format` would, with the texts that `field`
/// knows by name. Besides Python's conversions, `!q` percent-encodes all but
/// letters, digits and `_.-~`, as MkDocs defines it for `edit_uri_template`.
///
/// Attributes and indices (`{path.x}`, `{path[0]}`) are errors: MkDocs refuses
/// them too, or shows what nobody can want.
///
/// # Errors
/// What is wrong with the template, as a phrase for the user.
pub fn format(template: &str, field: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    format_nested(template, field, 2)
}

/// `depth` is how deeply fields may be nested in the specifications of others.
fn format_nested(
    template: &str,
    field: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, String> {
    if depth == 0 {
        return Err("fields are nested too deeply".to_owned());
    }
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let is_open = rest[at..].starts_with('{');
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix(if is_open { '{' } else { '}' }) {
            text.push(if is_open { '{' } else { '}' });
            rest = after;
        } else if is_open {
            let end = end_of_field(after).ok_or("a `{` is not closed by a `}`")?;
            text.push_str(&formatted_field(&after[..end], field, depth)?);
            rest = &after[end + 1..];
        } else {
            return Err("a single `}` closes nothing; write `}}` for the character".to_owned());
        }
    }
    text.push_str(rest);
    Ok(text)
}

/// The index of the `}` that closes the field that `text` begins with.
fn end_of_field(text: &str) -> Option<usize> {
    let mut open = 1_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

/// A field without its braces, such as `path!q:>20`.
fn formatted_field(
    written: &str,
    field: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, String> {
    let end = written.find(['!', ':']).unwrap_or(written.len());
    let (name, rest) = written.split_at(end);
    let value = field(name).ok_or_else(|| {
        if name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("`{{{name}}}` has no name")
        } else {
            format!("there is no value `{name}`")
        }
    })?;
    let (value, specification) = match rest.strip_prefix('!') {
        None => (value, rest),
        Some(rest) => {
            let mut characters = rest.chars();
            let conversion = characters.next().ok_or("a `!` without a conversion")?;
            (converted(&value, conversion)?, characters.as_str())
        }
    };
    let specification = match specification.strip_prefix(':') {
        Some(specification) => specification,
        None if specification.is_empty() => "",
        None => return Err(format!("a conversion is one character: `{rest}`")),
    };
    let specification = if specification.contains(['{', '}']) {
        format_nested(specification, field, depth - 1)?
    } else {
        specification.to_owned()
    };
    Specification::parse(&specification)?.apply(value)
}

fn converted(value: &str, conversion: char) -> Result<String, String> {
    match conversion {
        's' => Ok(value.to_owned()),
        'r' => Ok(repr(value, false)),
        'a' => Ok(repr(value, true)),
        'q' => Ok(quoted(value)),
        other => Err(format!("`!{other}` is not a conversion")),
    }
}

/// A text as Python's `urllib.parse.quote(text, safe="")` writes it.
fn quoted(text: &str) -> String {
    use std::fmt::Write as _;
    let mut to = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) {
            to.push(char::from(byte));
        } else {
            write!(to, "%{byte:02X}").expect("a string can be written to");
        }
    }
    to
}

/// A text as Python's `repr` writes it, or with `is_ascii` as `ascii` does.
fn repr(text: &str, is_ascii: bool) -> String {
    use std::fmt::Write as _;
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut to = String::from(quote);
    for character in text.chars() {
        let code = u32::from(character);
        let is_shown = !character.is_control()
            && (character == ' ' || !character.is_whitespace())
            && (character.is_ascii() || !is_ascii);
        match character {
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\\' => to.push_str("\\\\"),
            it if it == quote => to.extend(['\\', it]),
            it if is_shown => to.push(it),
            _ => match code {
                0..=0xff => write!(to, "\\x{code:02x}"),
                0x100..=0xffff => write!(to, "\\u{code:04x}"),
                _ => write!(to, "\\U{code:08x}"),
            }
            .expect("a string can be written to"),
        }
    }
    to.push(quote);
    to
}

/// How a text is padded and cut: `[[fill]align][0][width][.precision][s]`.
struct Specification {
    fill: char,
    align: char,
    width: usize,
    precision: Option<usize>,
}

/// The widest field, in characters.
const WIDEST: usize = 10_000;

impl Specification {
    fn parse(text: &str) -> Result<Self, String> {
        let invalid = || format!("`{text}` is not a way to format a text");
        let mut rest = text;
        let mut found = Self {
            fill: ' ',
            align: '<',
            width: 0,
            precision: None,
        };
        let mut characters = text.chars();
        let (first, second) = (characters.next(), characters.next());
        let is_align = |it: &char| "<>^=".contains(*it);
        if let Some((fill, align)) = first.zip(second.filter(is_align)) {
            (found.fill, found.align) = (fill, align);
            rest = characters.as_str();
        } else if let Some(align) = first.filter(is_align) {
            found.align = align;
            rest = &text[1..];
        } else if let Some(after) = text.strip_prefix('0') {
            found.fill = '0';
            rest = after;
        }
        found.width = take_number(&mut rest).map_or(Ok(0), |it| it.ok_or_else(invalid))?;
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            found.precision = Some(take_number(&mut rest).flatten().ok_or_else(invalid)?);
        }
        if found.align == '=' || !matches!(rest, "" | "s") || found.width > WIDEST {
            return Err(invalid());
        }
        Ok(found)
    }

    fn apply(&self, value: String) -> Result<String, String> {
        let value: String = match self.precision {
            Some(most) => value.chars().take(most).collect(),
            None => value,
        };
        let missing = self.width.saturating_sub(value.chars().count());
        let before = match self.align {
            '>' => missing,
            '^' => missing / 2,
            _ => 0,
        };
        let fill = |count: usize| std::iter::repeat_n(self.fill, count);
        Ok(fill(before)
            .chain(value.chars())
            .chain(fill(missing - before))
            .collect())
    }
}

/// Takes the digits that `text` begins with; `None` where there are none, and
/// `Some(None)` where the number is too large.
fn take_number(text: &mut &str) -> Option<Option<usize>> {
    let end = text
        .find(|it: char| !it.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    (!digits.is_empty()).then(|| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::format;

    const PATH: &str = "sub/é 'x~.md";

    fn formatted(template: &str) -> Result<String, String> {
        let field = |name: &str| match name {
            "path" => Some(PATH.to_owned()),
            "path_noext" => Some(PATH.replace(".md", "")),
            _ => None,
        };
        format(template, &field)
    }

    /// What MkDocs 1.6.1 makes of each, on Python 3.11.
    #[test]
    fn texts_are_formatted_as_by_python() {
        for (template, expected) in [
            ("{path}", PATH),
            ("{path!q}", "sub%2F%C3%A9%20%27x~.md"),
            ("{path_noext!q}", "sub%2F%C3%A9%20%27x~"),
            ("{path!r}", "\"sub/é 'x~.md\""),
            ("{path!s}", PATH),
            ("{path!a}", "\"sub/\\xe9 'x~.md\""),
            ("{path:>20}", "        sub/é 'x~.md"),
            ("{path:*^20}|", "****sub/é 'x~.md****|"),
            ("{path:.5}", "sub/é"),
            ("{path:5.3}|", "sub  |"),
            ("{path!q:>30}", "       sub%2F%C3%A9%20%27x~.md"),
            ("{{x}}", "{x}"),
            ("{path:s}", PATH),
            ("{path:}", PATH),
            ("{path:<}", PATH),
            ("{path:020}", "sub/é 'x~.md00000000"),
            ("{path!q:.4}", "sub%"),
            ("{path:é>14}", "éésub/é 'x~.md"),
            ("{path!q}{path_noext}", "sub%2F%C3%A9%20%27x~.mdsub/é 'x~"),
            ("{path!r:>20}", "      \"sub/é 'x~.md\""),
            ("{path!a:.3}", "\"su"),
            ("", ""),
        ] {
            assert_eq!(formatted(template).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn what_python_refuses_is_refused() {
        for template in [
            "{path[0]}",
            "{path.x}",
            "{path!z}",
            "{foo}",
            "{}",
            "{0}",
            "{path",
            "path}",
            "{",
            "{path:{path}}",
            "{path:d}",
            "{path:=20}",
            "{ path }",
            "{path!}",
            "{path:-9}",
            "{path:,}",
            "{path!qq}",
            "{path!q!r}",
            "{path:x:y}",
            "{path:}>12}",
            "{path:#}",
            "{path: }",
            "{path:z}",
            "{path:_}",
            "{path:.}",
            "{path:99999999999999999999999}",
        ] {
            assert!(formatted(template).is_err(), "{template}");
        }
    }
}
