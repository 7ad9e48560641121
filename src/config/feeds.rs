//! `[feeds]`: feeds of what is new, without a plugin.

use super::SettingRef;
use super::reader::Reader;
use crate::feeds::{Format, Table};
use crate::yaml::{Node, Value};

const SETTING: &str = "feeds";

const KEYS: [&str; 10] = [
    "atom",
    "rss",
    "json",
    "pages",
    "content",
    "length",
    "use_git",
    "title",
    "description",
    "logo",
];

/// Reads the table; `None` if there is none.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Table> {
    let node = reader.get(SETTING)?;
    if node.entries().is_none() {
        reader.wrong(SETTING, node, "a table");
        return None;
    }
    reader.check_keys(node, &KEYS, " of `feeds`");
    reader
        .places
        .insert(SettingRef::Setting(SETTING.to_owned()), node.span());
    let text = |reader: &mut Reader<'_>, key: &str| {
        let value = node.get(key)?;
        reader.text_of(&format!("{SETTING}.{key}"), value)
    };
    let mut files = Vec::new();
    for (key, format) in [
        ("atom", Format::Atom),
        ("rss", Format::Rss),
        ("json", Format::Json),
    ] {
        let path = path(reader, key, node.get(key), format);
        files.extend(path.map(|path| (format, path)));
    }
    Some(Table {
        files,
        pages: pages(reader, node.get("pages")),
        is_whole: match text(reader, "content").as_deref() {
            None | Some("summary") => false,
            Some("whole") => true,
            Some(other) => {
                if let Some(value) = node.get("content") {
                    let message = format!("`feeds.content` is `{other}`");
                    reader.refuse(value, message, "write `summary` or `whole`");
                }
                false
            }
        },
        length: length(reader, node.get("length")),
        uses_git: match node.get("use_git") {
            Some(value) => reader.flag_of("feeds.use_git", value, false),
            None => false,
        },
        title: text(reader, "title"),
        description: text(reader, "description"),
        logo: text(reader, "logo"),
    })
}

/// The path of a feed: `true` for the usual one. Atom is written unless it is turned off.
fn path(reader: &mut Reader<'_>, key: &str, node: Option<&Node>, format: Format) -> Option<String> {
    let usual = || Some(Table::usual_path(format).to_owned());
    let Some(node) = node else {
        return if format == Format::Atom {
            usual()
        } else {
            None
        };
    };
    let name = format!("{SETTING}.{key}");
    match &node.value {
        Value::Bool(true) => usual(),
        Value::Bool(false) => None,
        Value::String(path) => {
            let path = reader.path_of(&name, path, node)?;
            let is_file = !path.leads_out() && !path.as_str().is_empty();
            if !is_file {
                let message = format!("`{name}` is not a file below the site");
                reader.refuse(node, message, "write a path such as `blog/atom.xml`");
            }
            is_file.then(|| path.as_str().to_owned())
        }
        _ => {
            reader.wrong(&name, node, "`true`, `false` or a path");
            None
        }
    }
}

fn pages(reader: &mut Reader<'_>, node: Option<&Node>) -> Vec<String> {
    const NAME: &str = "feeds.pages";
    let Some(node) = node else {
        return Vec::new();
    };
    let Some(items) = node.items() else {
        return reader.text_of(NAME, node).into_iter().collect();
    };
    let items = items.iter();
    items
        .filter_map(|item| reader.text_of(NAME, item))
        .collect()
}

fn length(reader: &mut Reader<'_>, node: Option<&Node>) -> i64 {
    const USUAL: i64 = 20;
    match node.map(|node| (&node.value, node)) {
        None => USUAL,
        Some((Value::Integer(length), _)) if *length > 0 => *length,
        Some((_, node)) => {
            reader.wrong("feeds.length", node, "a number above 0");
            USUAL
        }
    }
}
