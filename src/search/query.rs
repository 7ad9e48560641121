//! Finds pages for what a reader types.
//!
//! `search` in `themes/default/js/search.js` does the same with the index that a build
//! writes: whatever changes here must change there.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use super::corpus::{Corpus, Group};
use super::fold::{compatible, fold};
use super::page_words::PageWords;
use super::rank::{Hit, rank};
use super::term::{Term, together};
use super::words::{Unit, clusters, is_contraction, joined, parts, units, without_prefix};

/// The most terms of a query. What is longer is no question of a reader.
const MOST_TERMS: usize = 16;
/// The most characters of a query.
const LONGEST: usize = 200;

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
        before = match word {
            Some(word) if found.len() == 1 => Some((word, terms.len())),
            _ => None,
        };
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
        Unit::Word(word) => match &*parts(word) {
            [one] => words.push(fold(&joined(&[*one]))),
            _ => others += 1,
        },
        Unit::Signs(_) => {}
        Unit::Run(_) => others += 1,
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
        letters += match unit {
            Unit::Word(word) => parts(word).iter().map(|part| part.chars().count()).sum(),
            Unit::Run(run) => 2 * run.chars().count(),
            Unit::Signs(_) => 0,
        };
        all.push(unit);
    });
    // Signs tell `C++` and `C#` apart, and are all there is in `->`.
    let counts_signs = letters <= 2;
    let ends_in_unit = match all.last() {
        Some(Unit::Word(word)) => chunk.ends_with(word),
        _ => false,
    };
    all.retain(|unit| counts_signs || !matches!(unit, Unit::Signs(_)));
    let last = all.len().saturating_sub(1);
    let mut terms = Vec::new();
    for (nth, unit) in all.iter().enumerate() {
        match unit {
            Unit::Word(word) => {
                terms.extend(word_terms(
                    corpus,
                    &parts(word),
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
