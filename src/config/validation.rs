use super::settings::Reader;
use super::{Level, Validation};
use crate::diagnostic::Severity;
use crate::yaml::Node;

impl Default for Validation {
    fn default() -> Self {
        Self {
            nav_omitted_files: Level::Info,
            nav_not_found: Level::Warn,
            nav_absolute_links: Level::Info,
            links_not_found: Level::Warn,
            links_anchors: Level::Info,
            links_absolute_links: Level::Info,
            links_unrecognized_links: Level::Info,
            nav_relative_to_docs: false,
            links_relative_to_docs: false,
        }
    }
}

const NAV: [&str; 3] = ["omitted_files", "not_found", "absolute_links"];
const LINKS: [&str; 4] = [
    "not_found",
    "anchors",
    "absolute_links",
    "unrecognized_links",
];
const ALL: [&str; 7] = [
    "nav",
    "links",
    "omitted_files",
    "not_found",
    "absolute_links",
    "anchors",
    "unrecognized_links",
];

impl Level {
    /// How it speaks; `None` where it does not.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Warn => Some(Severity::Warning),
            Self::Info => Some(Severity::Note),
            Self::Ignore => None,
        }
    }
}

/// `validation`: by group, or flat for all groups that know the name
/// (MkDocs' `PropagatingSubConfig`), where the group's own word counts more.
pub(super) fn read(reader: &mut Reader<'_>) -> Validation {
    let mut levels = Validation::default();
    let Some(node) = reader.get("validation") else {
        return levels;
    };
    if node.entries().is_none() {
        reader.wrong("validation", node, "a mapping");
        return levels;
    }
    reader.know(node, &ALL, " of `validation`");
    for group in ["nav", "links"] {
        let known: &[&str] = if group == "nav" { &NAV } else { &LINKS };
        let own = node.get(group).filter(|own| !own.is_null());
        if let Some(own) = own {
            if own.entries().is_none() {
                reader.wrong(&format!("validation.{group}"), own, "a mapping");
            }
            reader.know(own, known, &format!(" of `validation.{group}`"));
        }
        for name in known {
            let value = own.and_then(|own| own.get(name)).or_else(|| node.get(name));
            let Some(value) = value.filter(|value| !value.is_null()) else {
                continue;
            };
            if let Some(level) = level(reader, name, value) {
                *slot(&mut levels, group, name) = level;
                let looked_up = value.as_str() == Some("relative_to_docs");
                match (group, *name) {
                    ("nav", "absolute_links") => levels.nav_relative_to_docs = looked_up,
                    ("links", "absolute_links") => levels.links_relative_to_docs = looked_up,
                    _ => {}
                }
            }
        }
    }
    // The flat form is looked at by both groups; say it once.
    let mut said = Vec::new();
    reader.diagnostics.retain(|diagnostic| {
        let own = diagnostic.message.starts_with("`validation");
        let again = own && said.contains(diagnostic);
        if own {
            said.push(diagnostic.clone());
        }
        !again
    });
    levels
}

fn slot<'a>(levels: &'a mut Validation, group: &str, name: &str) -> &'a mut Level {
    match (group, name) {
        ("nav", "omitted_files") => &mut levels.nav_omitted_files,
        ("nav", "not_found") => &mut levels.nav_not_found,
        ("nav", _) => &mut levels.nav_absolute_links,
        (_, "not_found") => &mut levels.links_not_found,
        (_, "anchors") => &mut levels.links_anchors,
        (_, "absolute_links") => &mut levels.links_absolute_links,
        _ => &mut levels.links_unrecognized_links,
    }
}

fn level(reader: &mut Reader<'_>, name: &str, node: &Node) -> Option<Level> {
    match node.as_str() {
        Some("warn") => Some(Level::Warn),
        Some("info") => Some(Level::Info),
        Some("ignore") => Some(Level::Ignore),
        // Such links are looked up; what is not there is not found.
        Some("relative_to_docs") if name == "absolute_links" => Some(Level::Ignore),
        _ => {
            let shown = node.to_json();
            let message = format!(
                "`validation.{name}` takes `warn`, `info` or `ignore`, and this is {shown}"
            );
            reader.refuse(node, message, "write one of the three");
            None
        }
    }
}
