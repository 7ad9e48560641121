//! The filters that MkDocs adds to Jinja2, and those of Jinja2 that MiniJinja
//! lacks or implements differently.

use std::borrow::Cow;

use minijinja::value::{Kwargs, Rest, Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State};

use super::addresses::{RelativeAddress, normalise};
use super::builtin_theme;
use super::limits::{charge_items, charge_text};
use super::view::View;
use crate::html::{self, Escape};
use crate::url;

/// `url`: an address of the site, relative to the page being rendered.
pub(super) fn url(state: &State, value: Value) -> String {
    if let Some(RelativeAddress(address)) = value.downcast_object_ref() {
        return address.clone();
    }
    // A template may give `page` and `base_url` values of its own.
    let page = state
        .lookup("page")
        .filter(|page| !page.is_undefined() && !page.is_none());
    let link = |page: &Value| match value.as_str() {
        Some(address) => View::link_from(page, address),
        None => View::link_from(page, &text(&value)),
    };
    if let Some(link) = page.as_ref().and_then(link) {
        return link;
    }
    let page_url = page.and_then(|page| page.get_attr("url").ok());
    let base = state.lookup("base_url").map(|base| base.to_string());
    normalise(
        &text(&value),
        page_url.as_ref().map(|url| url.as_str().unwrap_or("")),
        base.as_deref().unwrap_or(""),
    )
}

/// A value as text; empty if it is none or undefined.
fn text(value: &Value) -> Cow<'_, str> {
    match value.as_str() {
        Some(text) => text.into(),
        None if value.is_undefined() || value.is_none() => "".into(),
        None => value.to_string().into(),
    }
}

/// `script_tag`: an entry of `extra_javascript` as an element.
pub(super) fn script_tag(state: &State, script: Value) -> Value {
    let attribute = |name: &str| script.get_attr(name).ok().filter(Value::is_true);
    let path = attribute("path").unwrap_or_else(|| script.clone());
    let mut tag = format!("<script src=\"{}\"", escape(&url(state, path)));
    if let Some(kind) = attribute("type") {
        tag.push_str(&format!(" type=\"{}\"", escape(&kind.to_string())));
    }
    for flag in ["defer", "async"] {
        if attribute(flag).is_some() {
            tag.push(' ');
            tag.push_str(flag);
        }
    }
    tag.push_str("></script>");
    Value::from_safe_string(tag)
}

/// MarkupSafe's `escape`.
fn escape(text: &str) -> String {
    Escape::MARKUPSAFE.apply(text)
}

/// `escape` and `e`: HTML's special characters as references. Values that are
/// marked as safe are left alone.
pub(super) fn escaped(state: &State, value: Value) -> Result<Value, Error> {
    if value.is_safe() {
        return Ok(value);
    }
    force_escaped(state, value)
}

/// `forceescape`: the same, even for values that are marked as safe.
pub(super) fn force_escaped(state: &State, value: Value) -> Result<Value, Error> {
    let text = text(&value);
    // The longest reference is five bytes longer than its character.
    charge_text(state, text.len())?;
    Ok(Value::from_safe_string(escape(&text)))
}

/// `asset`, for files of the built-in theme: the address with the hash of the file in its
/// name.
pub(super) fn asset(value: Value) -> String {
    let address = text(&value);
    builtin_theme::hashed_address(&address).unwrap_or_else(|| address.into_owned())
}

/// `inline_html`, for titles and names in the built-in theme: text in which
/// nothing but emphasis is HTML.
pub(super) fn inline_html(state: &State, value: Value) -> Result<Value, Error> {
    let text = text(&value);
    charge_text(state, text.len())?;
    Ok(Value::from_safe_string(html::inline_html(&text)))
}

/// `without_links`, for HTML that the built-in theme shows in links.
pub(super) fn without_links(state: &State, value: Value) -> Result<Value, Error> {
    let text = text(&value);
    charge_text(state, text.len())?;
    Ok(Value::from_safe_string(html::without_links(&text)))
}

/// `striptags`: text without tags and comments, with white space folded.
pub(super) fn striptags(value: Value) -> String {
    html::striptags(&text(&value))
}

/// `urlencode`: percent-encoded text, or a query if the value is a mapping or a
/// list of pairs.
pub(super) fn urlencode(state: &State, value: Value) -> Result<String, Error> {
    if let Some(text) = value.as_str() {
        charge_text(state, 3 * text.len())?;
        return Ok(url::quote(text));
    }
    let for_query = |value: &Value| url::quote_plus(&text(value));
    let pairs: Vec<(Value, Value)> = match value.kind() {
        ValueKind::Map => {
            let keys = value.try_iter()?;
            keys.map(|key| Ok((key.clone(), value.get_item(&key)?)))
                .collect::<Result<_, Error>>()?
        }
        ValueKind::Seq | ValueKind::Iterable => value
            .try_iter()?
            .map(|pair| Ok((pair.get_item_by_index(0)?, pair.get_item_by_index(1)?)))
            .collect::<Result<_, Error>>()?,
        _ => return Ok(url::quote(&text(&value))),
    };
    let pairs = pairs.iter();
    let pairs = pairs.map(|(key, value)| format!("{}={}", for_query(key), for_query(value)));
    Ok(pairs.collect::<Vec<_>>().join("&"))
}

/// `center`: text centred in a line.
pub(super) fn center(value: Value, width: Option<usize>) -> String {
    let text = text(&value);
    let missing = width
        .unwrap_or(80)
        .min(100_000)
        .saturating_sub(text.chars().count());
    // If the blanks cannot be shared evenly, Python puts one more on the left
    // for odd widths, and on the right for even ones.
    let left = missing / 2 + (missing & width.unwrap_or(80) & 1);
    format!("{}{text}{}", " ".repeat(left), " ".repeat(missing - left))
}

/// `truncate`: the beginning of a text, cut between words, by Jinja2's rules.
pub(super) fn truncate(value: Value, arguments: Rest<Value>) -> Result<String, Error> {
    type Arguments = (
        Option<usize>,
        Option<bool>,
        Option<String>,
        Option<usize>,
        Kwargs,
    );
    let (length, cut_words, end, leeway, options): Arguments = from_args(&arguments)?;
    let text = text(&value);
    let length = options.get::<Option<usize>>("length")?.or(length);
    let length = length.unwrap_or(255);
    let cut_words = options.get::<Option<bool>>("killwords")?.or(cut_words);
    let end: Option<String> = options.get::<Option<String>>("end")?.or(end);
    let end = end.unwrap_or_else(|| "...".to_owned());
    let leeway = options.get::<Option<usize>>("leeway")?.or(leeway);
    options.assert_all_used()?;
    let end_length = end.chars().count();
    if length < end_length {
        let message = format!("truncate: length {length} is shorter than its end {end:?}");
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    if text.chars().count() <= length.saturating_add(leeway.unwrap_or(5)) {
        return Ok(text.into_owned());
    }
    let cut: String = text.chars().take(length - end_length).collect();
    let cut = match cut.rfind(' ') {
        Some(blank) if !cut_words.unwrap_or(false) => &cut[..blank],
        _ => &cut,
    };
    Ok(format!("{cut}{end}"))
}

/// `wordwrap`: lines of at most `width` characters, broken between words.
pub(super) fn wordwrap(
    state: &State,
    value: Value,
    width: Option<usize>,
    break_long_words: Option<bool>,
    line_break: Option<String>,
) -> Result<String, Error> {
    let width = width.unwrap_or(79).max(1);
    let line_break = line_break.unwrap_or_else(|| "\n".to_owned());
    let text = text(&value);
    // Each line is full, or followed by a word that does not fit.
    let max_lines = text.len() / width * 2 + text.lines().count();
    charge_items(state, max_lines)?;
    charge_text(state, max_lines.saturating_mul(line_break.len()))?;
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split(' ') {
            let mut word = word;
            let length = |text: &str| text.chars().count();
            if !current.is_empty() && length(&current) + 1 + length(word) > width {
                lines.push(std::mem::take(&mut current));
            }
            while break_long_words.unwrap_or(true) && length(word) > width {
                let cut = word
                    .char_indices()
                    .nth(width)
                    .map_or(word.len(), |(at, _)| at);
                lines.push(word[..cut].to_owned());
                word = &word[cut..];
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    Ok(lines.join(&line_break))
}

/// `urlize`: addresses in a text as links.
pub(super) fn urlize(state: &State, value: Value) -> Result<Value, Error> {
    let link = |word: &str| {
        let address = word.trim_end_matches(['.', ',', ')', '>', '\n']);
        let scheme = if address.starts_with("http://") || address.starts_with("https://") {
            ""
        } else if address.starts_with("www.") {
            "https://"
        } else {
            return escape(word);
        };
        let (address, punctuation) = (escape(address), escape(&word[address.len()..]));
        format!("<a href=\"{scheme}{address}\" rel=\"noopener\">{address}</a>{punctuation}")
    };
    let text = text(&value);
    charge_text(state, 12 * text.len())?;
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let trimmed = word.trim_end();
        link(trimmed) + &word[trimmed.len()..]
    });
    Ok(Value::from_safe_string(words.collect()))
}

/// `wordcount`: the number of words in a text.
pub(super) fn wordcount(value: Value) -> usize {
    let text = text(&value);
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.filter(|word| !word.is_empty()).count()
}

/// `xmlattr`: a mapping as the attributes of an element.
pub(super) fn xmlattr(value: Value, spaced: Option<bool>) -> Result<Value, Error> {
    let mut out = String::new();
    for key in value.try_iter()? {
        let attribute = value.get_item(&key)?;
        if attribute.is_none() || attribute.is_undefined() {
            continue;
        }
        let name = key.to_string();
        if name.contains(|c: char| c.is_whitespace() || "/>=".contains(c)) {
            let message = format!("xmlattr: `{name}` is not a valid attribute name");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
        if spaced.unwrap_or(true) || !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&format!(
            "{}=\"{}\"",
            escape(&name),
            escape(&text(&attribute))
        ));
    }
    Ok(Value::from_safe_string(out))
}

/// `filesizeformat`: a number of bytes in a readable form.
pub(super) fn filesizeformat(bytes: f64, binary: Option<bool>) -> String {
    let binary = binary.unwrap_or(false);
    let (base, units) = if binary {
        (
            1024.0,
            ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"],
        )
    } else {
        (1000.0, ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"])
    };
    if bytes == 1.0 {
        return "1 Byte".to_owned();
    }
    if bytes < base {
        return format!("{} Bytes", bytes.trunc());
    }
    let [smaller @ .., largest] = units;
    let mut scaled = bytes / base;
    for unit in smaller {
        if scaled < base {
            return format!("{scaled:.1} {unit}");
        }
        scaled /= base;
    }
    format!("{scaled:.1} {largest}")
}
