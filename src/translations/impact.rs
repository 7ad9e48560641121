//! What edits of a source do to its translations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{PageState, State};
use crate::align::{Degree, compare, passages, versions};
use crate::files::SourcePath;

/// What the edits of a page since a commit do to its translation into a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Impact {
    /// How many passages are out of date by them.
    pub stale: usize,
    /// How many passages differ from their source only by typos or marks since.
    pub typos: usize,
}

/// What edits do to the translations of each source, by languages.
pub type Impacts = BTreeMap<SourcePath, BTreeMap<String, Impact>>;

/// The languages whose translation of a page `count` finds something of, as `de (2), fr (1)`.
pub fn impact_list(
    languages: &BTreeMap<String, Impact>,
    count: impl Fn(&Impact) -> usize,
) -> String {
    let counted = languages.iter().map(|(code, it)| (code, count(it)));
    let named = counted.filter(|(_, count)| *count > 0);
    let named = named.map(|(code, count)| format!("{code} ({count})"));
    named.collect::<Vec<_>>().join(", ")
}

/// What an edit does to the translations of a source, by languages, as data.
pub fn impacts_json(languages: &BTreeMap<String, Impact>) -> Value {
    let of = |(language, impact): (&String, &Impact)| json!({"language": language, "stale": impact.stale, "typos": impact.typos});
    languages.iter().map(of).collect()
}

/// What edits do to translations, a sentence for each source, which `name` writes.
pub fn impact_sentences(impacts: &Impacts, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let sentence = |(source, languages): (&SourcePath, &BTreeMap<String, Impact>)| {
        let stale = impact_list(languages, |it| it.stale);
        let typos = impact_list(languages, |it| it.typos);
        let typos = match typos.as_str() {
            "" => String::new(),
            typos => format!("only typos for {typos}"),
        };
        let parts = [stale, typos].into_iter().filter(|it| !it.is_empty());
        let parts: Vec<String> = parts.collect();
        format!("{}: {}", name(source.as_str()), parts.join("; "))
    };
    impacts.iter().map(sentence).collect()
}

/// What edits of a source do to a translation whose states are `state`: those from its text
/// at a `base` to its text now. What was out of date before does not count.
pub fn impact(state: &PageState, source: &str, base: &str) -> Impact {
    let mut impact = Impact::default();
    let (then, now) = (passages(base), passages(source));
    let matches = versions(&then, &now);
    for block in &state.blocks {
        let (Some(before), Some(lines)) = (&block.before, block.source_lines) else {
            continue;
        };
        let here = now.iter().position(|it| it.first == lines.0);
        let was = here.and_then(|here| matches[here]);
        let Some(was) = was else {
            continue;
        };
        // Whether the translation was made from what the source said at the base.
        let was_current = compare(before, &then[was.old].text) < Degree::Changed;
        match (block.state, was.degree) {
            (State::Stale, Degree::Changed) if was_current => impact.stale += 1,
            (State::Typo, Degree::Markup | Degree::Typo) => impact.typos += 1,
            _ => {}
        }
    }
    impact
}
