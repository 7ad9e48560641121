use super::reader::Reader;
use crate::yaml::{Node, Value};

/// One entry of a list whose entries have a name and optional options, such as
/// `markdown_extensions` and `plugins`.
pub(super) struct Named<'a> {
    pub(super) name: String,
    pub(super) options: Option<&'a Node>,
    pub(super) node: &'a Node,
}

impl<'a> Named<'a> {
    /// The options with their names; empty if there are none.
    pub(super) fn option_entries(&self) -> &'a [(Node, Node)] {
        self.options.and_then(Node::entries).unwrap_or(&[])
    }
}

/// The entries of a list of names and one-key mappings, or of one mapping.
pub(super) fn named_entries<'a>(
    reader: &mut Reader<'_>,
    key: &str,
    list: &'a Node,
) -> Vec<Named<'a>> {
    let mut named = Vec::new();
    match &list.value {
        Value::Sequence(items) => {
            for item in items {
                match &item.value {
                    Value::String(name) => named.push(Named {
                        name: name.clone(),
                        options: None,
                        node: item,
                    }),
                    Value::Mapping(entries) => {
                        if entries.len() != 1 {
                            reader.wrong(key, item, "one name per entry");
                        }
                        collect_pairs(reader, key, entries, &mut named);
                    }
                    _ => reader.wrong(key, item, "names, or names with their options"),
                }
            }
        }
        Value::Mapping(entries) => collect_pairs(reader, key, entries, &mut named),
        _ => reader.wrong(key, list, "a list of names"),
    }
    named
}

fn collect_pairs<'a>(
    reader: &mut Reader<'_>,
    key: &str,
    entries: &'a [(Node, Node)],
    named: &mut Vec<Named<'a>>,
) {
    for (name, options) in entries {
        let options = match &options.value {
            Value::Mapping(_) => Some(options),
            Value::Null => None,
            _ => {
                let key = format!("{key}.{}", name.key_text());
                reader.wrong(&key, options, "a mapping of options");
                None
            }
        };
        named.push(Named {
            name: name.key_text(),
            options,
            node: name,
        });
    }
}
