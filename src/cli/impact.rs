//! What edits since a base do to translations, for whoever reviews them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use serde_json::{Value, json};

use crate::diagnostic::terminal::harmless;
use crate::files::SourcePath;
use crate::git::Texts;
use crate::session::source_texts;
use crate::translations::{Impact, LanguageState, impact};

use super::project::Project;

/// The impact on each language, by source pages.
type Impacts = BTreeMap<SourcePath, BTreeMap<String, Impact>>;

/// Finds what the edits since a revision do to the translations that were found.
///
/// # Errors
/// Where the revision means nothing in the repository of a source.
pub(super) fn find(
    project: &Project,
    history: &Texts,
    found: &[LanguageState],
    revision: &str,
) -> Result<Impacts> {
    let texts = source_texts(&project.sites);
    let mut impacts = Impacts::new();
    for (source, text) in &texts {
        let base = history.at_base(source, revision);
        let base = base.map_err(|why| anyhow!("`{revision}` is not a base: {}", why.0))?;
        let Some(base) = base.filter(|base| **base != **text) else {
            continue;
        };
        for language in found {
            let page = language.pages.iter().find(|page| page.of == *source);
            let Some(page) = page else {
                continue;
            };
            let impact = impact(&page.state, text, &base);
            if impact != Impact::default() {
                let of_source = impacts.entry(source.clone()).or_default();
                of_source.insert(language.language.clone(), impact);
            }
        }
    }
    Ok(impacts)
}

/// As a list of objects with `of`, `language`, `stale` and `typos`.
pub(super) fn as_json(impacts: &Impacts) -> Value {
    let of = |(source, languages): (&SourcePath, &BTreeMap<String, Impact>)| {
        let of = source.as_str().to_owned();
        let entries = languages.iter().map(move |(language, impact)| {
            json!({
                "of": of,
                "language": language,
                "stale": impact.stale,
                "typos": impact.typos,
            })
        });
        entries.collect::<Vec<_>>()
    };
    impacts.iter().flat_map(of).collect()
}

/// As Markdown, for a comment.
pub(super) fn as_markdown(impacts: &Impacts) -> String {
    if impacts.is_empty() {
        return "No translation gets out of date.\n".to_owned();
    }
    let mut text = String::from("| page | out of date | only typos |\n| --- | --- | --- |\n");
    for (source, languages) in impacts {
        let list = |count: &dyn Fn(&Impact) -> usize| {
            let counted = languages.iter().filter(|(_, impact)| count(impact) > 0);
            let named = counted.map(|(code, impact)| format!("{code} ({})", count(impact)));
            let named: BTreeSet<String> = named.collect();
            named.into_iter().collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            harmless(source.as_str()).replace('|', "\\|"),
            list(&|impact| impact.stale),
            list(&|impact| impact.typos)
        );
    }
    text
}
