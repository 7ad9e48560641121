//! The order of the pages that a query finds. All scores are whole numbers, so that
//! browsers, which compute the same, give the same order.

use std::borrow::Borrow;

use super::corpus::{Corpus, page_of};
use super::page_words::PageWords;
use super::term::Term;

/// The most sections that are named of a page.
const MOST_SECTIONS: usize = 24;

/// A page that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The number of the page.
    pub page: usize,
    /// The numbers of its sections, the best first.
    pub sections: Vec<usize>,
}

/// How much a term tells pages apart that is on `pages` of `all`, in sixteenths.
fn rarity(pages: u32, all: u32) -> u64 {
    let ratio = 64 * (u64::from(all) + u64::from(pages)) / u64::from(pages.max(1));
    // The logarithm to base 2, linear between its powers.
    let whole = u64::from(ratio.max(1).ilog2());
    let part = (ratio >> whole.saturating_sub(4)) & 15;
    (16 * whole + part).saturating_sub(6 * 16)
}

/// What a page is found by.
#[derive(Default)]
struct Score {
    /// Of each term, how much it counts in the best section, and in the others.
    terms: Vec<(u64, u64)>,
    /// The scores of sections.
    sections: Vec<(u32, u64)>,
}

/// The pages with the terms, the best first: those with all of them, and then others.
pub(super) fn rank<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, terms: &[Term]) -> Vec<Hit> {
    let all = u32::try_from(corpus.pages.len()).unwrap_or(u32::MAX);
    let starts = &corpus.starts;
    let found: Vec<&Term> = terms
        .iter()
        .filter(|term| !term.places.is_empty())
        .collect();
    let mut entries: Vec<(u32, usize, u32)> = Vec::new();
    let mut rarities = Vec::new();
    let mut is_common = Vec::new();
    for (nth, term) in found.iter().enumerate() {
        let mut pages = 0;
        let mut end = 0;
        for (at, impact) in &term.places {
            if *at >= end {
                pages += 1;
                end = starts[page_of(starts, *at) + 1];
            }
            entries.push((*at, nth, *impact));
        }
        let pages = term.pages.max(pages);
        rarities.push(rarity(pages, all));
        is_common.push(term.is_cut || 2 * u64::from(pages) > u64::from(all));
    }
    if is_common.iter().all(|is| *is) {
        is_common.fill(false);
    }
    entries.sort_unstable();
    let whole: u64 = rarities.iter().sum();
    let mut scored = Vec::new();
    let mut next = 0;
    while next < entries.len() {
        let page = page_of(starts, entries[next].0);
        let end = starts[page + 1];
        let length = entries[next..].partition_point(|(at, ..)| *at < end);
        let score = Score::of(&entries[next..next + length], &rarities);
        next += length;
        let known: u64 = (0..found.len())
            .filter(|nth| score.terms[*nth].0 > 0)
            .map(|nth| rarities[nth])
            .sum();
        let lacks = (0..found.len()).any(|nth| score.terms[nth].0 == 0 && !is_common[nth]);
        if 3 * known < whole {
            continue;
        }
        let boost = u64::from(corpus.pages[page].borrow().boost);
        let total = score.total(&rarities) * boost / 16 * known / whole * known / whole;
        scored.push((lacks, total, page, score));
    }
    scored.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    let hits = scored.into_iter().map(|(_, _, page, score)| Hit {
        page,
        sections: score.best_sections(starts[page]),
    });
    hits.collect()
}

impl Score {
    /// That of a page, by its sections, the terms in each and how much they count there.
    fn of(entries: &[(u32, usize, u32)], rarities: &[u64]) -> Self {
        let mut score = Self {
            terms: vec![(0, 0); rarities.len()],
            sections: Vec::new(),
        };
        for (at, nth, impact) in entries {
            let impact = u64::from(*impact);
            let (best, rest) = &mut score.terms[*nth];
            if impact > *best {
                *rest += *best;
                *best = impact;
            } else {
                *rest += impact;
            }
            let gain = impact * rarities[*nth];
            match score.sections.last_mut() {
                Some((last, sum)) if last == at => *sum += gain,
                _ => score.sections.push((*at, gain)),
            }
        }
        score
    }

    fn total(&self, rarities: &[u64]) -> u64 {
        let terms = self.terms.iter().zip(rarities);
        let terms: u64 = terms
            .map(|((best, rest), rarity)| rarity * (best + rest.min(best) / 4))
            .sum();
        let best = self.sections.iter().map(|(_, score)| *score).max();
        terms + best.unwrap_or(0)
    }

    /// The numbers of the sections within the page that begins with section `start`,
    /// without those that are much worse than the best.
    fn best_sections(mut self, start: u32) -> Vec<usize> {
        self.sections
            .sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = self.sections.first().map_or(0, |(_, score)| *score);
        let good = self.sections.iter().filter(|(_, score)| 3 * score >= best);
        let good = good.take(MOST_SECTIONS);
        good.map(|(at, _)| (at - start) as usize).collect()
    }
}
