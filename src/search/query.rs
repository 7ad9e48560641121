//! Finds pages for what a reader types.
//!
//! `search` in `themes/default/js/search.js` does the same with the index that a build
//! writes: whatever changes here must change there. All scores are whole numbers, so
//! that both give the same order.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use super::corpus::{Corpus, Group, page_of};
use super::fold::{compatible, fold};
use super::page_words::{IMPACTS, PageWords};
use super::words::{Unit, clusters, is_contraction, joined, units, without_prefix};

/// The most terms of a query. What is longer is no question of a reader.
const MOST_TERMS: usize = 16;
/// The most characters of a query.
const LONGEST: usize = 200;
/// The most sections that are named of a page.
const MOST_SECTIONS: usize = 24;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The pages, the best first.
    pub hits: Vec<Hit>,
    /// The words that were found, as they are folded.
    pub words: Vec<String>,
    /// How the last word may go on, folded.
    pub completion: Option<String>,
}

/// A page that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The number of the page.
    pub page: usize,
    /// The numbers of its sections, the best first.
    pub sections: Vec<usize>,
}

/// Where a part of the query was found.
#[derive(Debug, Clone, Default)]
struct Term {
    /// Sections, counted through all pages, and how much it counts in each.
    places: Vec<(u32, u32)>,
    /// On how many pages it is, if that is more than those of `places`.
    pages: u32,
    /// Whether it is in more places.
    is_cut: bool,
    /// What was found, folded.
    words: BTreeSet<String>,
    /// How it may go on.
    completion: Option<String>,
}

/// Answers a query.
pub fn ask<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, text: &str) -> Answer {
    let text: String = compatible(text).chars().take(LONGEST).collect();
    let terms = terms(corpus, &text);
    let mut answer = Answer {
        hits: rank(corpus, &terms),
        ..Answer::default()
    };
    let words: BTreeSet<String> = terms.iter().flat_map(|term| term.words.clone()).collect();
    answer.words = words.into_iter().collect();
    let completion = terms.last().and_then(|term| term.completion.clone());
    answer.completion = completion;
    answer
}

/// The parts of a query.
fn terms<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, text: &str) -> Vec<Term> {
    let mut chunks: Vec<&str> = text.split_whitespace().collect();
    chunks.truncate(MOST_TERMS);
    let last = chunks.len().saturating_sub(1);
    let is_open = !text.ends_with(char::is_whitespace);
    let mut terms: Vec<Term> = Vec::new();
    // The last chunk that is one word, and its term.
    let mut before: Option<(String, usize)> = None;
    for (nth, chunk) in chunks.iter().enumerate() {
        if chunks[..nth].contains(chunk) {
            continue;
        }
        let found = chunk_terms(corpus, chunk, is_open && nth == last);
        let word = single_word(chunk);
        if let (Some(word), Some((earlier, of))) = (&word, &before)
            && found.len() == 1
        {
            // `real time` also finds `realtime`.
            let together = together(corpus.exact(&format!("{earlier}{word}")));
            let mut found = found;
            let of = *of;
            if !together.places.is_empty() {
                terms[of].add(together.clone(), 1, 1);
                found[0].add(together, 1, 1);
            }
            before = Some((word.clone(), terms.len()));
            terms.append(&mut found);
            continue;
        }
        before = word
            .filter(|_| found.len() == 1)
            .map(|word| (word, terms.len()));
        terms.extend(found);
    }
    terms.truncate(MOST_TERMS);
    terms
}

/// A chunk that is a single word without parts, folded.
fn single_word(chunk: &str) -> Option<String> {
    let mut words = Vec::new();
    let mut others = 0;
    units(chunk, |unit| match unit {
        Unit::Word(parts) if parts.len() == 1 => words.push(fold(&joined(&parts))),
        Unit::Signs(_) => {}
        _ => others += 1,
    });
    if others == 0 && words.len() == 1 {
        words.pop()
    } else {
        None
    }
}

/// The terms of what stands between two blanks: one, if all of it is in one section
/// somewhere.
fn chunk_terms<W: Borrow<PageWords>>(
    corpus: &Corpus<'_, W>,
    chunk: &str,
    is_open: bool,
) -> Vec<Term> {
    let mut all = Vec::new();
    let mut letters = 0;
    units(chunk, |unit| {
        letters += match &unit {
            Unit::Word(parts) => parts.iter().map(|part| part.chars().count()).sum(),
            Unit::Run(run) => 2 * run.chars().count(),
            Unit::Signs(_) => 0,
        };
        all.push(unit);
    });
    // Signs tell `C++` and `C#` apart, and are all there is in `->`.
    let counts_signs = letters <= 2;
    let ends_in_unit = match all.last() {
        Some(Unit::Word(parts)) => parts.last().is_some_and(|part| chunk.ends_with(part)),
        _ => false,
    };
    all.retain(|unit| counts_signs || !matches!(unit, Unit::Signs(_)));
    let last = all.len().saturating_sub(1);
    let mut terms = Vec::new();
    for (nth, unit) in all.iter().enumerate() {
        match unit {
            Unit::Word(parts) => {
                terms.extend(word_terms(
                    corpus,
                    parts,
                    is_open && ends_in_unit && nth == last,
                ));
            }
            Unit::Run(run) => terms.extend(run_terms(corpus, run)),
            Unit::Signs(signs) => terms.push(together(corpus.exact(signs))),
        }
    }
    if terms.len() < 2 {
        return terms;
    }
    let mut all = terms[0].clone();
    for term in &terms[1..] {
        all = all.and(term);
    }
    if all.places.is_empty() {
        terms
    } else {
        vec![all]
    }
}

/// A word and its forms, its completions if it is being typed, or else what was
/// probably meant. A word of which only parts are anywhere has a term for each.
fn word_terms<W: Borrow<PageWords>>(
    corpus: &Corpus<'_, W>,
    parts: &[&str],
    is_open: bool,
) -> Vec<Term> {
    let whole = fold(&joined(parts));
    let mut term = simple_term(corpus, &whole, is_open);
    let mut of_parts = Vec::new();
    if parts.len() > 1 {
        let is_contraction = is_contraction(parts);
        let last = parts.len() - 1;
        for (nth, part) in parts.iter().enumerate() {
            let part = fold(&joined(&[part]));
            if !(is_contraction && part.chars().count() < 3) {
                of_parts.push(simple_term(corpus, &part, is_open && nth == last));
            }
        }
        let all = of_parts.iter().cloned().reduce(|all, part| all.and(&part));
        if let Some(all) = all {
            // Written as one word it is more likely to be meant.
            let (part, whole) = if term.places.is_empty() {
                (1, 1)
            } else {
                (1, 2)
            };
            term.add(all, part, whole);
        }
    }
    if !term.places.is_empty() {
        return vec![term];
    }
    term = meant(corpus, &whole);
    let count = of_parts.len();
    of_parts.retain(|part| !part.places.is_empty());
    if term.places.is_empty() && count > 1 && 2 * of_parts.len() >= count {
        return of_parts;
    }
    vec![term]
}

/// A word and its forms, and its completions if it is being typed.
fn simple_term<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, form: &str, is_open: bool) -> Term {
    let exact = corpus.exact(form);
    let mut term = together(exact.clone());
    let is_complete = !term.places.is_empty();
    if is_open && (form.chars().count() > 1 || !is_complete) {
        let others = corpus.completions(form).into_iter();
        let others = others.filter(|(_, group)| !exact.contains(group));
        let others: Vec<_> = others.collect();
        let mut best: Option<(u32, String)> = None;
        for (form, group) in &others {
            if best.as_ref().is_none_or(|(pages, _)| group.pages > *pages) {
                best = Some((group.pages, form.clone()));
            }
        }
        let groups = others.into_iter().map(|(_, group)| group);
        term.add(together(groups.collect()), 3, 4);
        term.completion = best.map(|(_, form)| form);
    }
    term
}

/// What a word that is nowhere probably means: one with a slip of the keyboard, without
/// a prefix, or with another ending.
fn meant<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, form: &str) -> Term {
    let characters: Vec<char> = form.chars().collect();
    let mut term = Term::default();
    if characters.len() < 4 {
        return term;
    }
    let groups = corpus.corrections(form).into_iter();
    let groups: Vec<Group> = groups.map(|(_, group)| group).collect();
    if !groups.is_empty() {
        term.add(together(groups), 1, 2);
        return term;
    }
    if let Some(bare) = without_prefix(form) {
        let groups = corpus.exact(&bare);
        if !groups.is_empty() {
            term.add(together(groups), 3, 4);
            return term;
        }
    }
    for length in (characters.len() - 3..characters.len()).rev() {
        if length < 4 {
            break;
        }
        let start: String = characters[..length].iter().collect();
        let groups = corpus.completions(&start).into_iter();
        let groups = groups.filter(|(form, _)| form.chars().count() <= length + 4);
        let groups: Vec<Group> = groups.map(|(_, group)| group).collect();
        if !groups.is_empty() {
            term.add(together(groups), 1, 2);
            return term;
        }
    }
    term
}

/// The pieces of a run of characters: as long as possible, but so that each is
/// somewhere.
fn run_terms<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, run: &str) -> Vec<Term> {
    let clusters: Vec<String> = clusters(run).iter().map(|it| fold(it)).collect();
    if let [only] = clusters.as_slice() {
        let mut term = together(corpus.exact(only));
        let groups = corpus.completions(only).into_iter();
        let groups = groups.map(|(_, group)| group).collect();
        term.add(together(groups), 3, 4);
        term.words = BTreeSet::from([only.clone()]);
        return vec![term];
    }
    let pairs: Vec<Term> = clusters
        .windows(2)
        .take(LONGEST)
        .map(|pair| together(corpus.exact(&pair.concat())))
        .collect();
    let mut terms = Vec::new();
    let mut start = 0;
    while start < pairs.len() && terms.len() < MOST_TERMS {
        let mut piece = pairs[start].clone();
        if piece.places.is_empty() {
            start += 1;
            continue;
        }
        let mut end = start + 1;
        while let Some(next) = pairs.get(end) {
            let longer = piece.and(next);
            if longer.places.is_empty() {
                break;
            }
            piece = longer;
            end += 1;
        }
        piece.words = BTreeSet::from([clusters[start..=end].concat()]);
        terms.push(piece);
        start = end + 1;
    }
    terms
}

/// All groups as one term.
fn together(groups: Vec<Group>) -> Term {
    let mut term = Term::default();
    for group in groups {
        let places = group.places.iter();
        let places = places.map(|(at, rank)| (*at, IMPACTS[usize::from(*rank)]));
        let of_group = Term {
            places: places.collect(),
            pages: if group.is_cut { group.pages } else { 0 },
            is_cut: group.is_cut,
            words: group.forms.into_iter().collect(),
            completion: None,
        };
        term.add(of_group, 1, 1);
    }
    term
}

impl Term {
    /// Adds places where it counts `part` of `whole` as much.
    fn add(&mut self, other: Term, part: u32, whole: u32) {
        let mut places = Vec::with_capacity(self.places.len() + other.places.len());
        let mut own = self.places.iter().copied().peekable();
        let theirs = other.places.into_iter();
        for (at, impact) in theirs.map(|(at, impact)| (at, impact * part / whole)) {
            while let Some(before) = own.next_if(|(it, _)| *it < at) {
                places.push(before);
            }
            let same = own.next_if(|(it, _)| *it == at);
            places.push((at, same.map_or(impact, |(_, it)| it.max(impact))));
        }
        places.extend(own);
        self.places = places;
        self.pages = self.pages.max(other.pages);
        self.is_cut |= other.is_cut;
        self.words.extend(other.words);
        self.completion = self.completion.take().or(other.completion);
    }

    /// Where both are in one section. Where a term is cut, the other one decides.
    fn and(&self, other: &Term) -> Term {
        let mut places = Vec::new();
        let mut theirs = other.places.iter().copied().peekable();
        for (at, impact) in self.places.iter().copied() {
            while let Some(before) = theirs.next_if(|(it, _)| *it < at) {
                if self.is_cut && !other.is_cut {
                    places.push(before);
                }
            }
            if let Some((_, other)) = theirs.next_if(|(it, _)| *it == at) {
                places.push((at, impact.min(other)));
            } else if other.is_cut && !self.is_cut {
                places.push((at, impact));
            }
        }
        if self.is_cut && !other.is_cut {
            places.extend(theirs);
        }
        Term {
            places,
            pages: 0,
            is_cut: self.is_cut && other.is_cut,
            words: self.words.union(&other.words).cloned().collect(),
            completion: other.completion.clone(),
        }
    }
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
fn rank<W: Borrow<PageWords>>(corpus: &Corpus<'_, W>, terms: &[Term]) -> Vec<Hit> {
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
