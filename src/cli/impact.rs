//! What edits since a base do to translations, for whoever reviews them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use serde_json::{Value, json};

use crate::diagnostic::terminal::harmless;
use crate::files::{Disk, SourcePath};
use crate::git::Texts;
use crate::session::{Sites, Translations, source_texts};
use crate::translations::{Impact, Impacts, KnownStates, LanguageState, impact, impact_list};

use super::blame;
use super::project::Project;

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

/// Finds what the edits of some pages of the source since a commit do to their
/// translations. Where nothing is known of a page, it has none.
pub(super) fn of_pages(
    project: (&Disk, &Sites),
    pages: impl Iterator<Item = SourcePath>,
    commit: &str,
) -> Impacts {
    let (disk, sites) = project;
    let history = Texts::new(disk.clone(), blame::cache().as_deref());
    let asked = Translations {
        sites,
        history: &history,
        known: &KnownStates::default(),
        stay: false,
    };
    let of_page = |page: SourcePath| {
        let base = history.at_base(&page, commit).ok()??;
        let found = asked.impact(&page, &base);
        (!found.is_empty()).then_some((page, found))
    };
    pages.filter_map(of_page).collect()
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
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            harmless(source.as_str()).replace('|', "\\|"),
            impact_list(languages, |impact| impact.stale),
            impact_list(languages, |impact| impact.typos)
        );
    }
    text
}
