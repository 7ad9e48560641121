//! What is missing on pages because a plugin or hook is not run, and so is no
//! mistake of their authors.

use super::known_plugins::canonical;
use crate::diagnostic::Rule;

/// Problems that are found only because a plugin is not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The rules of these problems.
    pub rules: &'static [Rule],
    /// What begins a line of the pages that the plugin works on; empty if it
    /// works on any.
    pub mark: &'static str,
}

/// The problems of links to pages that are missing.
const PAGES: &[Rule] = &[
    Rule::BadRedirect,
    Rule::MissingAnchor,
    Rule::MissingNavPage,
    Rule::MissingPage,
    Rule::MissingReference,
    Rule::UnrecognizedLink,
];

/// The problems of links that would have been rewritten.
const LINKS: &[Rule] = &[
    Rule::MissingAnchor,
    Rule::MissingPage,
    Rule::MissingReference,
    Rule::UnrecognizedLink,
];

/// The problems of links into pages that are not complete.
const ANCHORS: &[Rule] = &[Rule::MissingAnchor, Rule::MissingReference];

/// The problems of navs that would have been written.
const NAV: &[Rule] = &[Rule::MissingNavPage];

const fn any(rules: &'static [Rule]) -> Gap {
    Gap { rules, mark: "" }
}

/// What each plugin leaves behind when it is not run.
const GAPS: &[(&str, Gap)] = &[
    ("alias", any(LINKS)),
    ("api-autonav", any(PAGES)),
    ("bibtex", any(ANCHORS)),
    ("codeinclude", any(ANCHORS)),
    ("conditional_include", any(PAGES)),
    ("coverage", any(PAGES)),
    ("drawio", any(LINKS)),
    ("ezlinks", any(LINKS)),
    ("file-filter", any(PAGES)),
    ("gen-files", any(PAGES)),
    ("git-latest-changes", any(ANCHORS)),
    ("git-snippet", any(ANCHORS)),
    ("include_exclude_files", any(PAGES)),
    ("jupyter", any(PAGES)),
    ("literate-nav", any(NAV)),
    ("markdown-exec", any(LINKS)),
    ("mkdocs-simple-hooks", any(PAGES)),
    (
        "mkdocstrings",
        Gap {
            rules: ANCHORS,
            mark: ":::",
        },
    ),
    ("monorepo", any(PAGES)),
    ("multirepo", any(PAGES)),
    ("obsidian-bridge", any(LINKS)),
    ("projects", any(PAGES)),
    ("pub-blog", any(PAGES)),
    ("pub-meta", any(PAGES)),
    ("pub-obsidian", any(LINKS)),
    ("roamlinks", any(LINKS)),
    ("simple", any(PAGES)),
    ("swagger-ui-tag", any(ANCHORS)),
    ("table-reader", any(ANCHORS)),
    ("zettelkasten", any(LINKS)),
];

/// The events of MkDocs in which Python code can add pages, or change anything
/// else.
const PAGE_EVENTS: [&str; 6] = [
    "on_config",
    "on_files",
    "on_nav",
    "on_pre_build",
    "on_startup",
    "on_env",
];

/// The events in which it can change the text of pages.
const TEXT_EVENTS: [&str; 3] = ["on_page_markdown", "on_page_read_source", "on_pre_page"];

/// What the plugin `name` leaves behind. `is_known` is whether it is one of the
/// plugins that proofroom knows; of others, anything may come.
pub(super) fn of_plugin(name: &str, is_known: bool) -> Option<Gap> {
    let wanted = canonical(name);
    let mut gaps = GAPS.iter();
    match gaps.find(|(plugin, _)| canonical(plugin) == wanted) {
        Some((_, gap)) => Some(*gap),
        None => (!is_known).then_some(any(PAGES)),
    }
}

/// What a hook leaves behind, judged by the names in its Python code; `None` if
/// that cannot be read.
pub fn of_hook(code: Option<&str>) -> Gap {
    let Some(code) = code else {
        return any(PAGES);
    };
    let has = |events: &[&str]| events.iter().any(|event| code.contains(event));
    if has(&PAGE_EVENTS) {
        any(PAGES)
    } else if has(&TEXT_EVENTS) {
        any(LINKS)
    } else {
        any(ANCHORS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_leaves_behind_what_its_events_could_have_made() {
        for (code, rules) in [
            (Some("def on_files(files, config):\n  ..."), PAGES),
            (Some("def on_page_markdown(markdown, **_):\n  ..."), LINKS),
            (Some("def on_post_page(output, **_):\n  ..."), ANCHORS),
            (None, PAGES),
        ] {
            assert_eq!(of_hook(code).rules, rules, "{code:?}");
        }
    }

    #[test]
    fn plugins_are_found_under_all_their_spellings() {
        for name in ["gen-files", "gen_files", "mkdocs-gen-files"] {
            assert_eq!(of_plugin(name, true).map(|gap| gap.rules), Some(PAGES));
        }
        assert_eq!(of_plugin("glightbox", true), None);
        assert_eq!(of_plugin("wombat", false).map(|gap| gap.rules), Some(PAGES));
    }
}
