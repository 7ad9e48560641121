//! The options of a block: indented YAML below its first line.

use serde_json::{Map, Value};

use super::super::fancy;
use super::selector::{self, Selector, is_identifier};
use crate::files::SourcePath;
use crate::markdown::options::{GenericBlockKind, MarkdownOptions};
use crate::markdown::source::lines::{Line, TAB, indent};
use crate::yaml;

/// The options of a block, all of them valid.
#[derive(Debug, Default)]
pub struct BlockSettings {
    /// `type`: a class.
    pub class: Option<String>,
    /// Flags that are set: `open`, `new` or `select`.
    pub flags: Vec<&'static str>,
    /// `markdown` of an element: how its content is read.
    pub mode: Option<&'static str>,
    /// `attrs`.
    pub attributes: Vec<(String, String)>,
    /// The element that the argument names, and its attributes.
    pub selector: Selector,
    /// The position of a caption, its depth and number.
    pub caption: CaptionPosition,
}

/// The position and number that the argument of a caption gives.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CaptionPosition {
    /// Whether it is above (`<`) or below (`>`), if that is given.
    pub prepend: Option<bool>,
    /// `^2`: the depth at which its figure counts.
    pub level: Option<String>,
    /// `1.2`: the number of its figure.
    pub number: Option<String>,
}

/// Parses the options at the start of `lines`. Also returns how many lines they
/// take. `None` if they are malformed, since the block is text then.
pub fn parse(lines: &[Line]) -> Option<(Map<String, Value>, usize)> {
    let is_option = |line: &Line| indent(line.text) >= TAB && !line.is_blank();
    let used = lines.iter().take_while(|line| is_option(line)).count();
    let Some(width) = lines[..used].iter().map(|line| indent(line.text)).min() else {
        return Some((Map::new(), 0));
    };
    let text: Vec<&str> = lines[..used]
        .iter()
        .map(|line| &line.text[width..])
        .collect();
    let parsed = yaml::parse(&SourcePath::root(), &text.join("\n")).ok()?;
    if parsed.node.is_null() {
        return Some((Map::new(), used));
    }
    parsed.node.entries()?;
    Some((parsed.node.to_map(), used))
}

/// Checks the argument and the options of a block. `None` if they are not
/// valid, since the block is text then.
pub fn check(
    kind: &GenericBlockKind,
    argument: Option<&str>,
    written: &Map<String, Value>,
    options: &MarkdownOptions,
) -> Option<BlockSettings> {
    const MODES: [&str; 5] = ["auto", "inline", "block", "raw", "html"];
    let mut settings = BlockSettings::default();
    let argument = argument.unwrap_or("");
    let allowed: &[&'static str] = match kind {
        GenericBlockKind::Admonition(None) => &["type"],
        GenericBlockKind::Details(None) => &["type", "open"],
        GenericBlockKind::Details(Some(_)) => &["open"],
        GenericBlockKind::Tab => &["new", "select"],
        GenericBlockKind::Html => &["markdown"],
        _ => &[],
    };
    match kind {
        GenericBlockKind::Tab | GenericBlockKind::FancyList if argument.is_empty() => return None,
        GenericBlockKind::Definition if !argument.is_empty() => return None,
        GenericBlockKind::Html => settings.selector = selector::parse(argument, true)?,
        GenericBlockKind::FancyList => {
            fancy::parse_argument(argument, options.fancy_lists.as_ref()?)?;
        }
        GenericBlockKind::Caption { .. } => {
            let (place, rest) = split_place(argument);
            settings.caption = place;
            if !rest.is_empty() {
                settings.selector = selector::parse(rest, false)?;
            }
        }
        _ => {}
    }
    for (name, value) in written {
        if name == "attrs" {
            settings.attributes = parse_attributes(value)?;
            continue;
        }
        let name = *allowed.iter().find(|allowed| *allowed == name)?;
        match name {
            "type" => {
                settings.class = Some(identifier(value.as_str()?)?.to_owned());
            }
            "markdown" => {
                let mode = value.as_str()?.to_lowercase();
                settings.mode = Some(MODES.iter().find(|other| **other == mode)?);
            }
            flag => {
                if value.as_bool()? {
                    settings.flags.push(flag);
                }
            }
        }
    }
    Some(settings)
}

fn identifier(text: &str) -> Option<&str> {
    is_identifier(text).then_some(text)
}

/// Parses the option `attrs`.
fn parse_attributes(value: &Value) -> Option<Vec<(String, String)>> {
    let mut attributes = Vec::new();
    for (name, value) in value.as_object()? {
        let (name, value) = (identifier(name)?, value.as_str()?);
        let attribute = match name.to_lowercase().as_str() {
            "class" => {
                let classes: Option<Vec<&str>> = value.split_whitespace().map(identifier).collect();
                ("class".to_owned(), classes?.join(" "))
            }
            "id" => ("id".to_owned(), identifier(value)?.to_owned()),
            _ => (name.to_owned(), value.to_owned()),
        };
        attributes.push(attribute);
    }
    Some(attributes)
}

/// Splits off the position and number at the start of a caption's argument.
fn split_place(argument: &str) -> (CaptionPosition, &str) {
    let mut place = CaptionPosition::default();
    let mut rest = argument;
    for (mark, prepend) in [('>', false), ('<', true)] {
        if let Some(after) = argument.strip_prefix(mark) {
            place.prepend = Some(prepend);
            rest = after.trim_start();
        }
    }
    let is_level = rest.starts_with('^');
    let bare = rest.strip_prefix('^').unwrap_or(rest);
    let end = bare.find(' ').unwrap_or(bare.len());
    let number = &bare[..end];
    let is_part = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() && !part.starts_with('0')
    };
    if number.split('.').all(is_part) {
        if is_level {
            place.level = Some(number.to_owned())
        } else {
            place.number = Some(number.to_owned())
        }
        rest = bare[end..].trim_start();
    }
    (place, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_captions() {
        let (place, rest) = split_place("< ^2 .a");
        assert_eq!(
            (place.prepend, place.level, rest),
            (Some(true), Some("2".to_owned()), ".a")
        );
        let (place, rest) = split_place("1.2");
        assert_eq!((place.number, rest), (Some("1.2".to_owned()), ""));
        assert_eq!(split_place("1.2.x").1, "1.2.x");
    }
}
