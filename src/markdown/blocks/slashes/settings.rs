//! The options of a block: indented YAML below its first line.

use serde_json::{Map, Value};

use super::super::fancy;
use super::selector::{Selector, is_identifier, selector};
use crate::files::SourcePath;
use crate::markdown::options::{Options, SlashKind};
use crate::markdown::source::lines::{Line, TAB, indent};
use crate::yaml;

/// What a block's options say, all of them checked.
#[derive(Debug, Default)]
pub struct Settings {
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
    /// Where a caption stands, its depth and number.
    pub caption: Place,
}

/// What the argument of a caption says of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Above or below, where it says so.
    pub prepend: Option<bool>,
    /// `^2`: how deep it counts.
    pub level: Option<String>,
    /// `1.2`: its number.
    pub number: Option<String>,
}

/// The options as written, and how many lines they take; `None` where they
/// cannot be read.
pub fn settings(lines: &[Line]) -> Option<(Map<String, Value>, usize)> {
    let is_setting = |line: &Line| indent(line.text) >= TAB && !line.is_blank();
    let used = lines.iter().take_while(|line| is_setting(line)).count();
    if used == 0 {
        return Some((Map::new(), 0));
    }
    let width = lines[..used].iter().map(|line| indent(line.text)).min();
    let width = width.unwrap_or_default();
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

/// Checks argument and options, for a block that is not as it should be is
/// text.
pub fn check(
    kind: &SlashKind,
    argument: Option<&str>,
    written: &Map<String, Value>,
    options: &Options,
) -> Option<Settings> {
    const MODES: [&str; 5] = ["auto", "inline", "block", "raw", "html"];
    let mut settings = Settings::default();
    let has_argument = argument.is_some_and(|argument| !argument.is_empty());
    let allowed: &[&'static str] = match kind {
        SlashKind::Admonition(None) => &["type"],
        SlashKind::Details(None) => &["type", "open"],
        SlashKind::Details(Some(_)) => &["open"],
        SlashKind::Tab => &["new", "select"],
        SlashKind::Html => &["markdown"],
        _ => &[],
    };
    match kind {
        SlashKind::Tab if !has_argument => return None,
        SlashKind::Definition if has_argument => return None,
        SlashKind::Html => settings.selector = selector(argument?, true)?,
        SlashKind::FancyList => {
            fancy::wish(
                argument.filter(|_| has_argument)?,
                options.fancy_lists.as_ref()?,
            )?;
        }
        SlashKind::Caption { .. } => {
            let (place, rest) = place(argument.unwrap_or_default());
            settings.caption = place;
            if !rest.is_empty() {
                settings.selector = selector(rest, false)?;
            }
        }
        _ => {}
    }
    for (name, value) in written {
        if name == "attrs" {
            settings.attributes = attributes(value)?;
            continue;
        }
        let name = *allowed.iter().find(|allowed| *allowed == name)?;
        match name {
            "type" => {
                settings.class = Some(value.as_str().filter(|it| is_identifier(it))?.to_owned())
            }
            "markdown" => {
                let mode = value.as_str()?.to_lowercase();
                settings.mode = Some(MODES.iter().find(|known| **known == mode)?);
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

fn attributes(value: &Value) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (name, value) in value.as_object()? {
        let value = value.as_str().filter(|_| is_identifier(name))?;
        match name.to_lowercase().as_str() {
            "class" => {
                let classes: Vec<&str> = value.split_whitespace().collect();
                if !classes.iter().all(|class| is_identifier(class)) {
                    return None;
                }
                found.push(("class".to_owned(), classes.join(" ")));
            }
            "id" => found.push((
                "id".to_owned(),
                Some(value).filter(|id| is_identifier(id))?.to_owned(),
            )),
            _ => found.push((name.clone(), value.to_owned())),
        }
    }
    Some(found)
}

/// The place that a caption's argument begins with, and what follows.
fn place(argument: &str) -> (Place, &str) {
    let mut place = Place::default();
    let mut rest = argument;
    for (mark, prepend) in [('>', false), ('<', true)] {
        if let Some(behind) = argument.strip_prefix(mark) {
            place.prepend = Some(prepend);
            rest = behind.trim_start();
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
        let (found, rest) = place("< ^2 .a");
        assert_eq!(
            (found.prepend, found.level, rest),
            (Some(true), Some("2".to_owned()), ".a")
        );
        let (found, rest) = place("1.2");
        assert_eq!((found.number, rest), (Some("1.2".to_owned()), ""));
        assert_eq!(place("1.2.x").1, "1.2.x");
    }
}
