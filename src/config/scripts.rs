use super::Script;
use super::reader::Reader;
use crate::yaml::{Node, Value};

/// `extra_javascript`: paths, or mappings of the attributes of `<script>`.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Script> {
    let Some(node) = reader.get("extra_javascript") else {
        return Vec::new();
    };
    let Value::Sequence(items) = &node.value else {
        reader.wrong("extra_javascript", node, "a list");
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| read_script(reader, item))
        .collect()
}

fn read_script(reader: &mut Reader<'_>, item: &Node) -> Option<Script> {
    match &item.value {
        Value::String(path) => Some(Script {
            path: path.clone(),
            kind: path.ends_with(".mjs").then(|| "module".to_owned()),
            is_async: false,
            defer: false,
        }),
        Value::Mapping(_) => {
            reader.check_keys(item, &["path", "type", "async", "defer"], " of a script");
            let Some(path) = item.get("path") else {
                reader.refuse(
                    item,
                    "this script has no `path`",
                    "add `path:` with the address of the script",
                );
                return None;
            };
            let path = reader.text_of("extra_javascript.path", path)?;
            let kind = item.get("type").filter(|kind| !kind.is_null());
            let kind = kind.and_then(|kind| reader.text_of("extra_javascript.type", kind));
            let mut flag = |name: &str| {
                let node = item.get(name).filter(|flag| !flag.is_null());
                let key = format!("extra_javascript.{name}");
                node.is_some_and(|flag| reader.flag_of(&key, flag, false))
            };
            Some(Script {
                path,
                kind: kind.filter(|kind| !kind.is_empty()),
                is_async: flag("async"),
                defer: flag("defer"),
            })
        }
        _ => {
            reader.wrong("extra_javascript", item, "paths, or mappings with a `path`");
            None
        }
    }
}
