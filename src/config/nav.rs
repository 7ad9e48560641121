use super::reader::Reader;
use super::{NavEntry, NavTarget};
use crate::diagnostic::{Diagnostic, Rule};
use crate::yaml::{Node, Value};

/// The configured nav; `None` if it follows the folders, which is also what an
/// empty list means in MkDocs.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Vec<NavEntry>> {
    let node = reader.get("nav")?;
    let Value::Sequence(items) = &node.value else {
        reader.wrong("nav", node, "a list");
        return None;
    };
    if items.is_empty() {
        return None;
    }
    Some(read_entries(reader, items))
}

fn read_entries(reader: &mut Reader<'_>, items: &[Node]) -> Vec<NavEntry> {
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        match &item.value {
            Value::String(path) => entries.push(NavEntry {
                title: None,
                target: NavTarget::Path(path.clone()),
                subject: reader.places.nav_entry(item.span()),
            }),
            Value::Mapping(pairs) => {
                if pairs.len() != 1 {
                    let count = pairs.len();
                    let message = format!("a nav entry has one title, but this one has {count}");
                    reader.refuse(
                        item,
                        message,
                        "make each title a separate list entry, with `- ` before it",
                    );
                }
                read_titled_entries(reader, pairs, &mut entries);
            }
            _ => reader.wrong("nav", item, "paths, or titles with a path or a list"),
        }
    }
    entries
}

fn read_titled_entries(
    reader: &mut Reader<'_>,
    pairs: &[(Node, Node)],
    entries: &mut Vec<NavEntry>,
) {
    for (key, value) in pairs {
        let title = (!key.is_null()).then(|| key.key_text());
        let name = title.as_deref().unwrap_or("nav");
        let target = match &value.value {
            Value::String(path) => NavTarget::Path(path.clone()),
            Value::Sequence(items) => NavTarget::Section(read_entries(reader, items)),
            Value::Mapping(pairs) => {
                let message = format!("the entries of `{name}` are a mapping");
                let diagnostic = Diagnostic::warning(Rule::BadValue, message).at(key.span());
                let help = "make it a list: put `- ` before each entry";
                reader.diagnostics.push(diagnostic.help(help));
                let mut children = Vec::new();
                read_titled_entries(reader, pairs, &mut children);
                NavTarget::Section(children)
            }
            _ => {
                let message = format!("the nav entry `{name}` cannot lead to {}", value.kind());
                reader.refuse(key, message, "give it a path or a list of entries");
                continue;
            }
        };
        // Later diagnostics are about the path, or the title of a section.
        let span = match target {
            NavTarget::Path(_) => value.span(),
            NavTarget::Section(_) => key.span(),
        };
        entries.push(NavEntry {
            title,
            target,
            subject: reader.places.nav_entry(span),
        });
    }
}
