use super::settings::Reader;
use super::{NavEntry, NavTarget};
use crate::diagnostic::{Diagnostic, Rule};
use crate::yaml::{Node, Value};

/// The configured nav; `None` where it follows the folders, which is also
/// what an empty list means to MkDocs.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Vec<NavEntry>> {
    let node = reader.get("nav")?;
    let Value::Sequence(items) = &node.value else {
        reader.wrong("nav", node, "a list");
        return None;
    };
    let entries = list(reader, items);
    (!items.is_empty()).then_some(entries)
}

fn list(reader: &mut Reader<'_>, items: &[Node]) -> Vec<NavEntry> {
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
                    let message = format!("a nav entry has one title, and this one has {count}");
                    reader.refuse(
                        item,
                        message,
                        "write each title as a list entry of its own, with `- ` before it",
                    );
                }
                titled(reader, pairs, &mut entries);
            }
            _ => reader.wrong("nav", item, "paths, and titles with a path or a list"),
        }
    }
    entries
}

fn titled(reader: &mut Reader<'_>, pairs: &[(Node, Node)], entries: &mut Vec<NavEntry>) {
    for (key, value) in pairs {
        let title = (!key.is_null()).then(|| key.key_text());
        let name = title.as_deref().unwrap_or("nav");
        let target = match &value.value {
            Value::String(path) => NavTarget::Path(path.clone()),
            Value::Sequence(items) => NavTarget::Section(list(reader, items)),
            Value::Mapping(pairs) => {
                let message = format!("the entries of `{name}` are a mapping");
                let diagnostic = Diagnostic::warning(Rule::BadValue, message).at(key.span());
                let help = "make it a list: put `- ` before each entry";
                reader.diagnostics.push(diagnostic.help(help));
                let mut below = Vec::new();
                titled(reader, pairs, &mut below);
                NavTarget::Section(below)
            }
            _ => {
                let message = format!("the nav entry `{name}` leads to {}", value.kind());
                reader.refuse(key, message, "give it a path or a list of entries");
                continue;
            }
        };
        // A path is what later diagnostics are about; a section has its title.
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
