//! What is known of translations, and as a table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::{BlockState, PageState, State};
use crate::ages::{TableStyle, day, shortened};
use crate::diagnostic::terminal::harmless;
use crate::files::SourcePath;

/// How many passages have each state.
pub type Counts = BTreeMap<State, usize>;

/// How many pages of a language a table lists.
const PAGES: usize = 10;
/// How many passages of a page a table of one language lists.
const BLOCKS: usize = 5;

/// The translations into one language.
#[derive(Debug, Clone, PartialEq)]
pub struct LanguageState {
    /// The language's code.
    pub language: String,
    /// Its pages, also those that are not translated.
    pub pages: Vec<TranslatedPage>,
    /// The repositories of the source and of the translations, as seen from the project's
    /// folder; `None` where one of them is in none.
    pub repositories: Option<(String, String)>,
}

/// A page in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct TranslatedPage {
    /// The file of the translation; `None` where there is none.
    pub source: Option<SourcePath>,
    /// The file of its source.
    pub of: SourcePath,
    /// The address of the translation below the folder of all languages.
    pub address: Option<String>,
    /// Its title.
    pub title: String,
    /// Its place in the nav.
    pub place: Option<usize>,
    /// The states of its passages.
    pub state: Arc<PageState>,
}

impl TranslatedPage {
    /// How much there is to do: the words of passages that are not current, those of the
    /// home page three times and of other pages in the nav twice, because more readers see
    /// them.
    pub fn work(&self) -> usize {
        let open = self.state.blocks.iter().filter(|it| it.state.is_open());
        let words: usize = open.map(|it| it.words).sum();
        words
            * match self.place {
                Some(0) => 3,
                Some(_) => 2,
                None => 1,
            }
    }
}

impl LanguageState {
    /// How many passages of all pages have each state.
    pub fn counts(&self) -> Counts {
        total(self.pages.iter().map(|page| page.state.counts()))
    }

    /// The pages with something to do, most of it first.
    pub fn to_do(&self) -> Vec<&TranslatedPage> {
        let mut pages: Vec<_> = self.pages.iter().filter(|page| page.work() > 0).collect();
        pages.sort_by_key(|page| (std::cmp::Reverse(page.work()), &page.of));
        pages
    }
}

/// The sum of several counts.
pub fn total(all: impl IntoIterator<Item = Counts>) -> Counts {
    let mut total = Counts::new();
    for (state, count) in all.into_iter().flatten() {
        *total.entry(state).or_default() += count;
    }
    total
}

/// The share of passages that need no work, from 0 to 1; `None` where there are none.
#[expect(clippy::cast_precision_loss, reason = "a share")]
pub fn share(counts: &Counts) -> Option<f64> {
    let of =
        |states: &[State]| -> usize { states.iter().filter_map(|state| counts.get(state)).sum() };
    let total = of(&State::ALL) - of(&[State::Extra]);
    let done = of(&[State::Current, State::Typo]);
    (total > 0).then(|| done as f64 / total as f64)
}

/// The languages with the shares of their passages, and for each the pages with most to
/// do; of a single language the passages too.
pub fn table(languages: &[LanguageState], look: TableStyle) -> String {
    let mut text = String::new();
    let wide = languages
        .iter()
        .map(|it| it.language.len())
        .max()
        .unwrap_or(0)
        .max(8);
    let names = State::ALL.map(|state| format!("{:>13}", state.name()));
    let _ = writeln!(text, "{:wide$}  done{}", "language", names.concat());
    for language in languages {
        let counts = language.counts();
        let count = |state| format!("{:>13}", counts.get(&state).copied().unwrap_or(0));
        let counted = State::ALL.map(count).concat();
        let share = percent(&counts);
        let _ = writeln!(text, "{:wide$} {share:>5}{counted}", language.language);
    }
    let apart = languages.iter().filter_map(|it| it.repositories.as_ref());
    let apart: BTreeSet<_> = apart.filter(|(source, own)| source != own).collect();
    for (source, own) in apart {
        let _ = writeln!(
            text,
            "\nThe source is in the repository `{}`, translations are in `{}`: what a translation was \
             made from is the newest commit of the source at that time.",
            harmless(source),
            harmless(own)
        );
    }
    for language in languages {
        let to_do = language.to_do();
        if to_do.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{}: what to do first", language.language);
        for page in to_do.iter().take(PAGES) {
            let counts = page.state.counts();
            let of = |state: &State| {
                let count = counts.get(state).filter(|it| **it > 0)?;
                Some(format!("{count} {}", state.name()))
            };
            let open = State::ALL.iter().filter(|it| it.is_open());
            let open: Vec<String> = open.filter_map(of).collect();
            let path = page.source.as_ref().unwrap_or(&page.of);
            let path = harmless(path.as_str());
            let _ = writeln!(
                text,
                "  {:>4}  {path}  {}",
                percent(&counts),
                open.join(", ")
            );
            if languages.len() == 1 {
                blocks(&mut text, page, look);
            }
        }
        if to_do.len() > PAGES {
            let _ = writeln!(text, "        and {} more pages", to_do.len() - PAGES);
        }
    }
    text
}

fn blocks(text: &mut String, page: &TranslatedPage, look: TableStyle) {
    let open = page.state.blocks.iter().filter(|it| it.state.is_open());
    let open: Vec<&BlockState> = open.collect();
    for block in open.iter().take(BLOCKS) {
        let line = match (block.lines, block.source_lines) {
            (Some((line, _)), _) => format!("line {line}"),
            (None, Some((line, _))) => format!("line {line} of the source"),
            (None, None) => String::new(),
        };
        let since = block.since.as_ref().map(|it| {
            let commit: String = it.commit.chars().take(8).collect();
            format!(" since {} ({commit})", day(it.date))
        });
        let row = format!(
            "        {line}: {}{}",
            block.state.name(),
            since.unwrap_or_default()
        );
        let row = match look.width {
            Some(width) => shortened(&row, width.max(20)),
            None => row,
        };
        let _ = writeln!(text, "{row}");
    }
    if open.len() > BLOCKS {
        let _ = writeln!(text, "        and {} more passages", open.len() - BLOCKS);
    }
}

/// The share of what needs no work, for readers: `100%` only where that is all.
pub fn percent(counts: &Counts) -> String {
    share(counts).map_or_else(
        || "-".to_owned(),
        |share| format!("{:.0}%", (share * 100.0).floor()),
    )
}
