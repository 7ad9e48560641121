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
        facts => facts(config),
        // Under an `mkdocs.yml`, these classes may be the site's own.
        lists => !config.levels.is_mkdocs,
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

/// Where what GitHub or GitLab say of the repository is read: its version, stars and forks, as
/// Material for MkDocs shows them. Empty for other repositories, and for a site that is none of
/// MkDocs.
fn facts(config: &Config) -> String {
    let address = || {
        if !config.levels.is_mkdocs {
            return None;
        }
        let url = config.repo_url.as_deref()?;
        let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
        let path = path.split(['?', '#']).next()?.trim_end_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
        let parts: Vec<&str> = path.split('/').collect();
        if !parts
            .iter()
            .all(|it| !it.is_empty() && it.chars().all(is_plain))
        {
            return None;
        }
        match (host, &*parts) {
            ("github.com", [owner]) => Some(format!("https://api.github.com/users/{owner}")),
            ("github.com", [owner, name, ..]) => {
                Some(format!("https://api.github.com/repos/{owner}/{name}"))
            }
            (host, [_, _, ..]) if host.starts_with("gitlab.") => {
                let project = parts.join("%2F");
                Some(format!("https://{host}/api/v4/projects/{project}"))
            }
            _ => None,
        }
    };
    address().unwrap_or_default()
}

/// Whether something else describes pages for those who link to them.
fn has_open_graph(config: &Config, templates: &Templates) -> bool {
    let mut plugins = config.plugins.iter();
    plugins.any(|plugin| plugin.name == "social")
        || templates
            .values()
            .any(|template| template.text.contains("og:title"))
}
