//! Translations that were replaced by the text of the source, and that the history of the
//! translation still has.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::states::{is_left, is_partly_left};
use super::{BlockState, Memo, PageState, PageTexts, State, TextHistory, VersionCommit};
use crate::align::{Degree, Match, Passage, SplitText, align, passages, versions};

/// A translation of a passage that was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostTranslation {
    /// The lines of the passage as it is now.
    pub lines: (u32, u32),
    /// The lines of its source.
    pub source_lines: (u32, u32),
    /// The translation, as its lines were written.
    pub text: String,
    /// The newest commit that has it.
    pub commit: Arc<VersionCommit>,
    /// How much its source has changed since.
    pub degree: Degree,
    /// What its source said then.
    pub said: String,
}

/// What the history still has for passages of a page that are in the source's language, by
/// their first lines. Of several versions it is the newest. The source may have changed
/// since: that is said, not decided.
pub fn lost_translations(
    page: &PageTexts<'_>,
    state: &PageState,
    history: &dyn TextHistory,
    memo: &Memo,
) -> BTreeMap<u32, LostTranslation> {
    let mut found = BTreeMap::new();
    let is_left = |it: &&BlockState| it.state == State::Untranslated;
    let wanted: Vec<&BlockState> = state.blocks.iter().filter(is_left).collect();
    let Ok(edits) = history.edits(page.translation) else {
        return found;
    };
    let source = passages(page.source_text);
    let commits: Vec<Arc<VersionCommit>> = edits.iter().map(|it| it.commit.clone()).collect();
    let seen = history.sources(page.source, page.translation, &commits);
    for (edit, seen) in edits.iter().zip(seen) {
        if found.len() == wanted.len() {
            break;
        }
        let texts = || {
            let seen = seen?.text?;
            let text = history.text(page.translation, edit.new.as_ref()?)?;
            let then = memo.passages(history, page.source, &seen)?;
            Some((text, then))
        };
        let Some((text, then)) = texts() else {
            continue;
        };
        let version = Version {
            translation: SplitText::of(&text),
            matches: versions(&then, &source),
            then: &then,
            text: &text,
            commit: &edit.commit,
        };
        version.add(&source, &wanted, &mut found);
    }
    found
}

/// A version of the translation, with the source as it was then.
struct Version<'v> {
    translation: SplitText,
    /// What each passage of the source is there.
    matches: Vec<Option<Match>>,
    then: &'v SplitText,
    text: &'v str,
    commit: &'v Arc<VersionCommit>,
}

impl Version<'_> {
    fn add(
        &self,
        source: &[Passage],
        wanted: &[&BlockState],
        found: &mut BTreeMap<u32, LostTranslation>,
    ) {
        let alignment = align(self.then, &self.translation);
        for block in wanted {
            let (Some(lines), Some(source_lines)) = (block.lines, block.source_lines) else {
                continue;
            };
            if found.contains_key(&lines.0) {
                continue;
            }
            let here = source.iter().position(|it| it.first == source_lines.0);
            let was = here.and_then(|here| self.matches[here]);
            let Some(was) = was else {
                continue;
            };
            let mut pairs = alignment.pairs.iter().filter(|it| it.source == was.old);
            // What was divided or joined cannot be put in one place.
            let (Some(pair), None) = (pairs.next(), pairs.next()) else {
                continue;
            };
            let then = &self.translation[pair.translation];
            let said = &self.then[was.old];
            let is_other = !is_left(then, &said.text)
                && !is_partly_left(then, &said.text)
                && then.text != said.text
                && then.text != source[here.unwrap_or_default()].text;
            if !is_other || then.kind != source[here.unwrap_or_default()].kind {
                continue;
            }
            let lost = LostTranslation {
                lines,
                source_lines,
                text: lines_of(self.text, then),
                commit: self.commit.clone(),
                degree: was.degree,
                said: said.text.clone(),
            };
            found.insert(lines.0, lost);
        }
    }
}

/// The lines of a passage, as they are written.
fn lines_of(text: &str, passage: &Passage) -> String {
    let first = passage.first.max(1) as usize - 1;
    let count = passage.last as usize - first;
    let lines: Vec<&str> = text.lines().skip(first).take(count).collect();
    lines.join("\n")
}

/// A text with translations put back into their lines. Its line endings stay, and what is
/// put back is indented as the lines that it replaces.
pub fn with_recovered<'l>(
    text: &str,
    recovered: impl IntoIterator<Item = &'l LostTranslation>,
) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut recovered: Vec<&LostTranslation> = recovered.into_iter().collect();
    // From the end, so that lines before it keep their numbers.
    recovered.sort_by_key(|it| std::cmp::Reverse(it.lines));
    for lost in recovered {
        let (first, last) = (lost.lines.0.max(1) as usize - 1, lost.lines.1 as usize);
        let last = last.min(lines.len());
        let Some(replaced) = lines.get(first..last) else {
            continue;
        };
        let (Some(one), Some(end)) = (replaced.first(), replaced.last()) else {
            continue;
        };
        let ending = match end {
            end if end.ends_with("\r\n") => "\r\n",
            end if end.ends_with('\n') => "\n",
            _ => "",
        };
        let between = if one.ends_with("\r\n") { "\r\n" } else { "\n" };
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let own = one[..indent(one)].to_owned();
        let strip = lost.text.lines().next().map_or(0, indent);
        let put: Vec<String> = lost
            .text
            .lines()
            .map(|line| format!("{own}{}", &line[strip.min(indent(line))..]))
            .collect();
        let put = put.join(between) + ending;
        lines.splice(first..last, [put]);
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{LostTranslation, with_recovered};
    use crate::align::Degree;
    use crate::translations::VersionCommit;

    #[test]
    fn recovered_lines_stand_where_others_stood() {
        let lost = |lines, text: &str| LostTranslation {
            lines,
            source_lines: (1, 1),
            text: text.to_owned(),
            commit: Arc::new(VersionCommit {
                id: String::new(),
                committed: 0,
                author: String::new(),
            }),
            degree: Degree::Same,
            said: String::new(),
        };
        let text = "# A\r\n\r\n    two\r\n    lines\r\n\r\nlast";
        let recovered = [
            lost((6, 6), "letzte"),
            lost((3, 4), "- eine\n  zwei\n  drei"),
        ];
        assert_eq!(
            with_recovered(text, &recovered),
            "# A\r\n\r\n    - eine\r\n      zwei\r\n      drei\r\n\r\nletzte"
        );
    }
}
