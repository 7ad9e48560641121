use super::reader::Reader;
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
    /// The severity of its diagnostics; `None` if there are none.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Warn => Some(Severity::Warning),
            Self::Info => Some(Severity::Note),
            Self::Ignore => None,
        }
    }
}

/// `validation`: levels by group, or directly below it for all groups that have
/// the name (MkDocs' `PropagatingSubConfig`). Those of a group take precedence.
pub(super) fn read(reader: &mut Reader<'_>) -> Validation {
    let mut levels = Validation::default();
    let Some(node) = reader.get("validation") else {
        return levels;
    };
    if node.entries().is_none() {
        reader.wrong("validation", node, "a mapping");
        return levels;
    }
    reader.check_keys(node, &ALL, " of `validation`");
    for group in ["nav", "links"] {
        let names: &[&str] = if group == "nav" { &NAV } else { &LINKS };
        let settings = node.get(group).filter(|settings| !settings.is_null());
        if let Some(settings) = settings {
            if settings.entries().is_none() {
                reader.wrong(&format!("validation.{group}"), settings, "a mapping");
            }
            reader.check_keys(settings, names, &format!(" of `validation.{group}`"));
        }
        for name in names {
            let value = settings
                .and_then(|settings| settings.get(name))
                .or_else(|| node.get(name));
            let Some(value) = value.filter(|value| !value.is_null()) else {
                continue;
            };
            if let Some(level) = read_level(reader, name, value) {
                *slot(&mut levels, group, name) = level;
                let is_relative = value.as_str() == Some("relative_to_docs");
                match (group, *name) {
                    ("nav", "absolute_links") => levels.nav_relative_to_docs = is_relative,
                    ("links", "absolute_links") => levels.links_relative_to_docs = is_relative,
                    _ => {}
                }
            }
        }
    }
    // Both groups read the levels directly below `validation`; report them once.
    let mut reported = Vec::new();
    reader.diagnostics.retain(|diagnostic| {
        if !diagnostic.message.starts_with("`validation") {
            return true;
        }
        let is_first = !reported.contains(diagnostic);
        if is_first {
            reported.push(diagnostic.clone());
        }
        is_first
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

fn read_level(reader: &mut Reader<'_>, name: &str, node: &Node) -> Option<Level> {
    match node.as_str() {
        Some("warn") => Some(Level::Warn),
        Some("info") => Some(Level::Info),
        Some("ignore") => Some(Level::Ignore),
        // Such links are resolved, and reported as not found if they fail.
        Some("relative_to_docs") if name == "absolute_links" => Some(Level::Ignore),
        _ => {
            let value = node.to_json();
            let message =
                format!("`validation.{name}` takes `warn`, `info` or `ignore`, not {value}");
            reader.refuse(node, message, "use one of the three");
            None
        }
    }
}
