//! What is known of translations, as JSON. It is written from what is there, without a
//! tree of values: a large site has hundreds of thousands of passages.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::{BlockState, Counts, LanguageState, Since, State, TranslatedPage};
use crate::ages::iso;

/// Writes the translations as JSON, with a line break at its end: a list of objects with
/// `language` and `pages`.
///
/// # Errors
/// If it cannot be written.
pub fn write_json(languages: &[LanguageState], to: &mut dyn Write) -> io::Result<()> {
    // One language at a time: all of them together are too much to hold.
    let mut serializer = serde_json::Serializer::pretty(&mut *to);
    serializer.collect_seq(languages.iter().map(Language::of))?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Language<'s> {
    language: &'s str,
    repositories: Option<Repositories<'s>>,
    counts: AllCounts,
    pages: Vec<Page<'s>>,
}

#[derive(Serialize)]
struct Repositories<'s> {
    source: &'s str,
    translations: &'s str,
}

/// Counts with all states, so that none is ever lacking.
struct AllCounts(Counts);

#[derive(Serialize)]
struct Page<'s> {
    source: Option<&'s str>,
    of: &'s str,
    address: Option<&'s str>,
    title: &'s str,
    counts: AllCounts,
    work: usize,
    unknown: Option<&'s str>,
    blocks: Vec<Block<'s>>,
}

#[derive(Serialize)]
struct Block<'s> {
    line: Option<u32>,
    last_line: Option<u32>,
    source_line: Option<u32>,
    source_last_line: Option<u32>,
    state: &'static str,
    since: Option<Commit<'s>>,
    base: Option<Commit<'s>>,
    before: Option<&'s str>,
    confidence: f64,
}

#[derive(Serialize)]
struct Commit<'s> {
    commit: &'s str,
    date: String,
}

impl Serialize for AllCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let count = |state: &State| self.0.get(state).copied().unwrap_or(0);
        serializer.collect_map(State::ALL.iter().map(|it| (it.name(), count(it))))
    }
}

impl<'s> Language<'s> {
    fn of(language: &'s LanguageState) -> Self {
        let repositories = language.repositories.as_ref();
        Self {
            language: &language.language,
            repositories: repositories.map(|(source, translations)| Repositories {
                source,
                translations,
            }),
            counts: AllCounts(language.counts()),
            pages: language.pages.iter().map(Page::of).collect(),
        }
    }
}

impl<'s> Page<'s> {
    fn of(page: &'s TranslatedPage) -> Self {
        Self {
            source: page.source.as_ref().map(|it| it.as_str()),
            of: page.of.as_str(),
            address: page.address.as_deref(),
            title: &page.title,
            counts: AllCounts(page.state.counts()),
            work: page.work(),
            unknown: page.state.unknown.as_deref(),
            blocks: page.state.blocks.iter().map(Block::of).collect(),
        }
    }
}

impl<'s> Block<'s> {
    fn of(block: &'s BlockState) -> Self {
        Self {
            line: block.lines.map(|it| it.0),
            last_line: block.lines.map(|it| it.1),
            source_line: block.source_lines.map(|it| it.0),
            source_last_line: block.source_lines.map(|it| it.1),
            state: block.state.name(),
            since: block.since.as_ref().map(Commit::of),
            base: block.base.as_ref().map(Commit::of),
            before: block.before.as_deref(),
            confidence: (f64::from(block.confidence) * 100.0).round() / 100.0,
        }
    }
}

impl<'s> Commit<'s> {
    fn of(since: &'s Since) -> Self {
        Self {
            commit: &since.commit,
            date: iso(since.date),
        }
    }
}
