//! What the built-in theme needs to know of a site apart from its settings.

use minijinja::value::Value;

use super::{FontFile, Templates};
use crate::config::Config;

/// Where Material for MkDocs loads Mermaid from.
const MERMAID: &str = "https://unpkg.com/mermaid@11/dist/mermaid.min.js";

/// The variable `face` of templates.
pub(super) fn value(config: &Config, templates: &Templates, fonts: &[FontFile]) -> Value {
    let fonts = fonts.iter().map(|font| {
        minijinja::context! {
            family => font.family.clone(),
            path => font.path.clone(),
            weight => font.weight.clone(),
            style => if font.is_italic { "italic" } else { "normal" },
        }
    });
    minijinja::context! {
        mermaid => mermaid(config),
        open_graph => !has_open_graph(config, templates),
        fonts => fonts.collect::<Vec<_>>(),
    }
}

/// The address that diagrams are drawn with; empty if the site names a script of its own,
/// or if it is none of MkDocs, whose authors expect that nobody else is asked.
fn mermaid(config: &Config) -> &'static str {
    let mut scripts = config.extra_javascript.iter();
    let is_named = scripts.any(|script| script.path.contains("mermaid"));
    if is_named || !config.levels.is_mkdocs {
        return "";
    }
    MERMAID
}

/// Whether something else describes pages for those who link to them.
fn has_open_graph(config: &Config, templates: &Templates) -> bool {
    let mut plugins = config.plugins.iter();
    plugins.any(|plugin| plugin.name == "social")
        || templates
            .values()
            .any(|template| template.text.contains("og:title"))
}
