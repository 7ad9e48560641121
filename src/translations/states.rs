use std::cell::Cell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bases::{Base, Known};
use super::memo::Memo;
use super::since::SourceHistory;
use super::{PageTexts, TextHistory, VersionCommit};
use crate::align::{
    Aligned, Alignment, Degree, Kind, Pair, Passage, align_with, compare, compare_passages,
    follows, passages, prose,
};
use crate::text::collapsed;

/// How many words of prose must be the same for a passage to count as left in the
/// source's language. Fewer may be names.
const ENOUGH: usize = 3;

/// What a passage of a translation is beside its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was written after the last change of its source.
    Current,
    /// Its source has changed since it was written.
    Stale,
    /// The same, but only by typos or marks: see [`compare`].
    Typo,
    /// It is still in the source's language.
    Untranslated,
    /// The translation lacks it.
    Missing,
    /// The source does not have it.
    Extra,
    /// There is no history to tell.
    Unknown,
}

impl State {
    /// All states, the best first.
    pub const ALL: [Self; 7] = [
        Self::Current,
        Self::Typo,
        Self::Stale,
        Self::Untranslated,
        Self::Missing,
        Self::Extra,
        Self::Unknown,
    ];

    /// Whether somebody has to translate something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Stale | Self::Untranslated | Self::Missing)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Stale => "stale",
            Self::Typo => "typo",
            Self::Untranslated => "untranslated",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Unknown => "unknown",
        }
    }
}

/// A change of a source that a translation missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The commit.
    pub commit: String,
    /// When it was committed, in seconds since 1970.
    pub date: i64,
}

impl Since {
    fn new(commit: &VersionCommit) -> Self {
        Self {
            commit: commit.id.clone(),
            date: commit.committed,
        }
    }
}

/// The state of a passage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockState {
    /// The first and the last line of the passage in the translation; `None` where it
    /// is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<(u32, u32)>,
    /// The same in the source; `None` where it is extra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_lines: Option<(u32, u32)>,
    /// The state.
    pub state: State,
    /// The first change of the source that it missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// The commit of the source that it was translated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Since>,
    /// How sure it is that both passages belong together, from 0 to 1.
    pub confidence: f32,
    /// What the source said then, where it says something else now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How many words the source has there; for what is extra, the translation.
    pub words: usize,
}

/// The states of the passages of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageState {
    /// The passages in the order of the translation; what is missing comes where it
    /// would be.
    pub blocks: Vec<BlockState>,
    /// Why nothing is known of the history.
    pub unknown: Option<String>,
}

impl PageState {
    /// How many passages have each state.
    pub fn counts(&self) -> BTreeMap<State, usize> {
        let mut counts = BTreeMap::new();
        for block in &self.blocks {
            *counts.entry(block.state).or_default() += 1;
        }
        counts
    }
}

/// The states of the passages of a translation. `memo` is that of the source.
pub fn page_state(page: &PageTexts<'_>, history: &dyn TextHistory, memo: &Memo) -> PageState {
    let aligned = Aligned::of(page.source_text, page.text);
    let (source, translation) = (&aligned.source, &aligned.translation);
    let known = Known::new(page, history, memo, source, translation);
    let mut unknown = known.as_ref().err().map(|why| why.0.clone());
    let hints = known.as_ref().map_or_else(|_| Vec::new(), Known::hints);
    let with_hints = (!hints.is_empty()).then(|| align_with(source, translation, &hints));
    let desk = Desk {
        page,
        source,
        translation,
        alignment: with_hints.as_ref().unwrap_or_else(|| aligned.alignment()),
        known: known.ok(),
        is_cut: Cell::new(false),
    };
    let blocks = desk.blocks();
    if desk.is_cut.get() {
        let why = "the clone has only a part of the history; `git fetch --unshallow` gets the rest";
        unknown = Some(why.to_owned());
    }
    PageState { blocks, unknown }
}

struct Desk<'t> {
    page: &'t PageTexts<'t>,
    source: &'t [Passage],
    translation: &'t [Passage],
    alignment: &'t Alignment,
    known: Option<Known<'t>>,
    /// Whether something is not known because the clone has not all of the history.
    is_cut: Cell<bool>,
}

impl Desk<'_> {
    fn blocks(&self) -> Vec<BlockState> {
        let mut blocks = Vec::new();
        let mut is_paired = vec![false; self.source.len()];
        for pair in &self.alignment.pairs {
            is_paired[pair.source] = true;
        }
        let mut next_missing = 0;
        for (nth, passage) in self.translation.iter().enumerate() {
            let pairs: Vec<&Pair> = self.alignment.sources(nth).collect();
            if let Some(first) = pairs.first() {
                self.missing(next_missing..first.source, &is_paired, &mut blocks);
                next_missing = next_missing.max(first.source);
            }
            if is_counted(passage) {
                blocks.push(self.block(nth, passage, &pairs));
            }
        }
        self.missing(next_missing..self.source.len(), &is_paired, &mut blocks);
        blocks
    }

    fn missing(
        &self,
        range: std::ops::Range<usize>,
        is_paired: &[bool],
        blocks: &mut Vec<BlockState>,
    ) {
        for at in range {
            let passage = &self.source[at];
            if !is_paired[at] && is_counted(passage) {
                blocks.push(missing_block(passage));
            }
        }
    }

    fn block(&self, nth: usize, passage: &Passage, pairs: &[&Pair]) -> BlockState {
        let lines = Some((passage.first, passage.last));
        let words = |passage: &Passage| crate::align::read(&passage.text).words.len();
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
            return BlockState {
                lines,
                source_lines: None,
                state: State::Extra,
                since: None,
                base: None,
                confidence: 0.0,
                before: None,
                words: words(passage),
            };
        };
        let source_lines = (
            self.source[first.source].first,
            self.source[last.source].last,
        );
        let mut block = BlockState {
            lines,
            source_lines: Some(source_lines),
            state: State::Unknown,
            since: None,
            base: None,
            confidence: first.confidence,
            before: None,
            words: pairs.iter().map(|it| words(&self.source[it.source])).sum(),
        };
        let is_left = |text: &str| {
            !self.page.is_variant && (is_left(passage, text) || is_partly_left(passage, text))
        };
        if pairs.iter().any(|it| is_left(&self.source[it.source].text)) {
            block.state = State::Untranslated;
            return block;
        }
        // What is the same in both languages, such as names, is as new as its source.
        let is_same = |it: &&Pair| same_words(&passage.text, &self.source[it.source].text);
        if pairs.iter().all(is_same) {
            block.state = State::Current;
            return block;
        }
        let Some(known) = &self.known else {
            return block;
        };
        let (base, is_cut) = match known.base(nth, pairs) {
            Base::Now => {
                block.state = State::Current;
                return block;
            }
            Base::Unknown => return block,
            Base::At(base, is_cut) => (base, is_cut),
        };
        block.base = Some(Since::new(&base.commit));
        block.state = State::Current;
        let source = SourceHistory {
            edits: &known.source_edits,
            ..known.source
        };
        for pair in pairs {
            let now = &self.source[pair.source];
            let blob = base.text.as_ref();
            let said = match blob.map(|blob| source.text_at(blob, pair.source)) {
                // The clone lacks that text.
                Some(None) => {
                    block.state = State::Unknown;
                    return block;
                }
                Some(Some(said)) => said,
                None => None,
            };
            let state = match &said {
                Some(said) if is_left(&said.text) => State::Untranslated,
                Some(said) => match compare_passages(said, now) {
                    change if change.degree == Degree::Same => State::Current,
                    change if change.degree < Degree::Changed => State::Typo,
                    change if change.rewords => State::Stale,
                    _ if follows(&passage.text, &said.text, &now.text) => State::Current,
                    _ => State::Stale,
                },
                // It is newer than what was translated.
                None => State::Stale,
            };
            if rank(state) <= rank(block.state) {
                continue;
            }
            block.state = state;
            block.before = said.map(|it| it.text);
            let least = match state {
                State::Typo => Degree::Markup,
                _ => Degree::Changed,
            };
            let first = source.first_change(base, pair.source, least);
            block.since = first.map(|it| Since::new(&it));
        }
        if is_cut && matches!(block.state, State::Current | State::Typo) {
            self.is_cut.set(true);
            block.state = State::Unknown;
            (block.base, block.since) = (None, None);
        }
        block
    }
}

/// How much a state asks for work.
fn rank(state: State) -> usize {
    State::ALL
        .iter()
        .position(|it| *it == state)
        .unwrap_or_default()
}

/// Whether a passage is reported: whether there is something in it to translate.
fn is_counted(passage: &Passage) -> bool {
    passage.is_text()
}

/// Whether a passage of a translation is still the text of its source.
pub(super) fn is_left(passage: &Passage, source: &str) -> bool {
    compare(&passage.text, source) < Degree::Typo && has_prose(passage)
}

/// Whether a passage has so much prose that it counts as left in the source's language if
/// the source has the same.
pub(super) fn has_prose(passage: &Passage) -> bool {
    passage.kind != Kind::Code && prose(&passage.text) >= ENOUGH
}

/// How many words of prose a sentence must have that is the same in both languages.
const ENOUGH_OF_SENTENCE: usize = 5;

/// Whether a passage of a translation still has whole sentences of its source.
pub(super) fn is_partly_left(passage: &Passage, source: &str) -> bool {
    let (text, source) = (collapsed(&passage.text), collapsed(source));
    let ends = |it: &str| it.ends_with(['.', '!', '?', ':']);
    let mut sentence = String::new();
    for word in source.split(' ') {
        sentence.push_str(word);
        if ends(word) || ends(word.trim_end_matches([')', '"', '”', '*', '_'])) {
            if text.contains(&sentence) && prose(&sentence) >= ENOUGH_OF_SENTENCE {
                return passage.kind != Kind::Code;
            }
            sentence.clear();
        } else {
            sentence.push(' ');
        }
    }
    false
}

/// Whether two texts are the same but for white space.
fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

fn missing_block(passage: &Passage) -> BlockState {
    BlockState {
        lines: None,
        source_lines: Some((passage.first, passage.last)),
        state: State::Missing,
        since: None,
        base: None,
        confidence: 0.0,
        before: None,
        words: crate::align::read(&passage.text).words.len(),
    }
}

impl PageState {
    /// The state of a page that is not translated at all.
    pub fn of_missing(source_text: &str) -> Self {
        let passages = passages(source_text);
        let blocks = passages
            .iter()
            .filter(|it| is_counted(it))
            .map(missing_block);
        Self {
            blocks: blocks.collect(),
            unknown: None,
        }
    }
}
