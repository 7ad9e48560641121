//! The site and the option sets that all targets render with.

use std::sync::{Arc, LazyLock};

use proofroom::files::SourcePath;
use proofroom::markdown::{Destination, Extension, MarkdownOptions, Snippet, SiteAccess};
use serde_json::{Map, Value, json};

/// A site in which every snippet is the same and some links lead somewhere.
pub struct Site;

impl SiteAccess for Site {
    fn snippet(&self, name: &str) -> Option<Snippet> {
        name.ends_with(".md").then(|| Snippet {
            path: SourcePath::new("snippet.md"),
            text: Arc::from("*a*\n--8<-- \"b.md\"\n<div markdown>\n\n# c\n"),
        })
    }

    fn destination(&self, destination: &str) -> Destination {
        match destination.len() % 3 {
            0 => Destination::Inside("../x/".to_owned()),
            1 => Destination::Missing(None),
            _ => Destination::Outside,
        }
    }

    fn icon(&self, shortcode: &str) -> Option<Arc<str>> {
        proofroom::icons::shortcode(shortcode)
    }
}

/// Everything that can be on at once; the second set is what differs.
pub static SETS: LazyLock<[MarkdownOptions; 2]> = LazyLock::new(|| {
    let common = [
        "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
        "smarty", "wikilinks", "pymdownx.arithmatex", "pymdownx.blocks.admonition",
        "pymdownx.blocks.caption", "pymdownx.blocks.definition", "pymdownx.blocks.details",
        "pymdownx.blocks.html", "pymdownx.blocks.tab", "pymdownx.caret", "pymdownx.critic",
        "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite",
        "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark", "pymdownx.smartsymbols",
        "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist",
        "pymdownx.tilde", "pymdownx.progressbar",
    ];
    let second = ["pymdownx.betterem", "sane_lists", "nl2br", "fenced_code", "pymdownx.fancylists"];
    let read = |names: Vec<&str>, settings: Value| {
        let settings: Map<String, Value> = settings.as_object().cloned().unwrap_or_default();
        let extension = |name: &&str| Extension {
            name: (*name).to_owned(),
            options: settings.clone(),
        };
        let mut options = MarkdownOptions::new(&names.iter().map(extension).collect::<Vec<_>>()).0;
        options.sources = true;
        options
    };
    let first = json!({"generic": true, "alternate_style": true, "repo_url_shorthand": true});
    [
        read(common.to_vec(), first),
        read([&common[..], &second[..]].concat(), json!({})),
    ]
});
