use super::settings::Reader;
use crate::yaml::{Node, Value};

/// One entry of a list whose entries have a name and perhaps options, as
/// `markdown_extensions` and `plugins` are.
pub(super) struct Named<'a> {
    pub(super) name: String,
    pub(super) options: Option<&'a Node>,
    pub(super) node: &'a Node,
}

/// The entries of a list of names and one-key mappings, or of one mapping.
pub(super) fn named<'a>(reader: &mut Reader<'_>, key: &str, list: &'a Node) -> Vec<Named<'a>> {
    let mut found = Vec::new();
    match &list.value {
        Value::Sequence(items) => {
            for item in items {
                match &item.value {
                    Value::String(name) => found.push(Named {
                        name: name.clone(),
                        options: None,
                        node: item,
                    }),
                    Value::Mapping(entries) => {
                        if entries.len() != 1 {
                            reader.wrong(key, item, "entries of one name each");
                        }
                        pairs(reader, key, entries, &mut found);
                    }
                    _ => reader.wrong(key, item, "names, or names with their options"),
                }
            }
        }
        Value::Mapping(entries) => pairs(reader, key, entries, &mut found),
        _ => reader.wrong(key, list, "a list of names"),
    }
    found
}

fn pairs<'a>(
    reader: &mut Reader<'_>,
    key: &str,
    entries: &'a [(Node, Node)],
    found: &mut Vec<Named<'a>>,
) {
    for (name, options) in entries {
        let options = match &options.value {
            Value::Mapping(_) => Some(options),
            Value::Null => None,
            _ => {
                let what = format!("{key}.{}", name.key_text());
                reader.wrong(&what, options, "a mapping of options");
                None
            }
        };
        found.push(Named {
            name: name.key_text(),
            options,
            node: name,
        });
    }
}
