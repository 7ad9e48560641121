//! How the constructs of plugins that are not part of proofroom are recognized.

use super::known_plugins::canonical;
use crate::markdown::Mark;

const WIKI_LINKS: Mark = Mark::Text(&["[["]);

/// Those that pages show as written, or without what the plugin would make of them.
const MARKS: &[(&str, Mark)] = &[
    ("alias", WIKI_LINKS),
    ("bibtex", Mark::Text(&["[@"])),
    ("charts", Mark::Fence(&["vegalite"])),
    ("codeinclude", Mark::Line(&["<!--codeinclude-->"])),
    ("drawio", Mark::Text(&[".drawio)", ".drawio\"", ".drawio#"])),
    ("ezlinks", WIKI_LINKS),
    ("git-revision-date", Mark::Text(&["git_revision_date"])),
    ("img2figv2", Mark::Text(&["!["])),
    ("kroki", Mark::Text(&["```kroki", "~~~kroki"])),
    ("markdown-exec", Mark::Text(&["exec=\"", "exec='"])),
    ("markdownextradata", Mark::Text(&["{{", "{%"])),
    ("mermaid2", Mark::Fence(&["mermaid"])),
    ("obsidian-bridge", WIKI_LINKS),
    ("pub-obsidian", WIKI_LINKS),
    ("roamlinks", WIKI_LINKS),
    ("swagger-ui-tag", Mark::Text(&["<swagger-ui"])),
    ("table-reader", Mark::Text(&["{{ read_", "{{read_"])),
    ("termynal", Mark::Text(&["<!-- termynal", "<termynal"])),
    ("zettelkasten", WIKI_LINKS),
];

/// How the constructs of the plugin `name` are recognized, if pages are not as they
/// should be without it.
pub fn mark_of_plugin(name: &str) -> Option<Mark> {
    let wanted = canonical(name);
    let mut marks = MARKS.iter();
    let (_, mark) = marks.find(|(plugin, _)| canonical(plugin) == wanted)?;
    Some(*mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::known_plugins::{PluginSupport, support};

    #[test]
    fn only_what_is_missing_is_recognized() {
        for (name, _) in MARKS {
            let is_missing = matches!(
                support(name, &[]),
                Some(PluginSupport::Missed(_) | PluginSupport::Extra(_))
            );
            assert!(is_missing, "{name}");
        }
    }
}
