//! Terms that a site wants to be translated in a certain way.

use super::damage::pairs;
use crate::align::{Aligned, read};
use crate::text::is_unspaced;

/// A term with its translations, of which any will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlossaryTerm {
    /// What the source says.
    pub term: String,
    /// What a translation says.
    pub translations: Vec<String>,
}

/// A passage that translates a term in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The index of the term.
    pub term: usize,
    /// The line of the translation.
    pub line: u32,
    /// The line of the source.
    pub source_line: u32,
}

/// Where a translation departs from a glossary. Words may have other endings, for grammar has
/// them; passages that are not translated are left out.
pub fn departures(source: &str, own: &str, glossary: &[GlossaryTerm]) -> Vec<Departure> {
    let terms: Vec<Vec<String>> = glossary.iter().map(|it| words(&it.term)).collect();
    let aligned = Aligned::of(source, own);
    let mut found = Vec::new();
    for pair in pairs(&aligned, own) {
        let (mine, theirs) = (words(&pair.source.text), words(&pair.translation.text));
        if mine == theirs {
            continue;
        }
        for (nth, term) in terms.iter().enumerate() {
            let is_there = has_term(&mine, term);
            let translations = &glossary[nth].translations;
            if is_there && !translations.iter().any(|it| says(&theirs, it)) {
                found.push(Departure {
                    term: nth,
                    line: pair.translation.first,
                    source_line: pair.source.first,
                });
            }
        }
    }
    found
}

fn words(text: &str) -> Vec<String> {
    let words = read(text).words;
    words.iter().map(|it| it.to_lowercase()).collect()
}

/// Whether these words have a term, perhaps in the plural.
fn has_term(words: &[String], term: &[String]) -> bool {
    let Some((last, before)) = term.split_last() else {
        return false;
    };
    words.windows(term.len()).any(|some| {
        let end = some[before.len()].strip_prefix(last.as_str());
        some[..before.len()] == *before && matches!(end, Some("" | "s" | "es"))
    })
}

/// Whether a translation has the words of a term, in any order and with any ending.
fn says(own: &[String], translation: &str) -> bool {
    if translation.contains(is_unspaced) {
        // Characters are words of their own there.
        return own.concat().contains(&words(translation).concat());
    }
    words(translation).iter().all(|word| {
        let count = word.chars().count();
        let stem = count - (count / 4).min(3);
        let end = word.char_indices().nth(stem).map_or(word.len(), |it| it.0);
        own.iter().any(|it| it.starts_with(&word[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::{GlossaryTerm, departures};

    #[test]
    fn terms_are_compared_with_any_ending() {
        let term = |term: &str, translation: &str| GlossaryTerm {
            term: term.to_owned(),
            translations: vec![translation.to_owned()],
        };
        let glossary = [
            term("threat model", "Bedrohungsmodell"),
            term("key", "密钥"),
        ];
        let source = |words: &str| format!("# T\n\n{words} of [it](a.md).\n");
        let own = |words: &str| format!("# U\n\n{words} von [ihm](a.md).\n");
        for (mine, theirs, count) in [
            ("All threat models", "Alle Bedrohungsmodelle", 0),
            ("All threat models", "Alle Gefahrenmodelle", 1),
            ("All threats", "Alle Gefahren", 0),
            ("One Key", "一个密钥", 0),
            ("One Key", "一个钥匙", 1),
            ("One keyboard", "Eine Tastatur", 0),
        ] {
            let found = departures(&source(mine), &own(theirs), &glossary);
            assert_eq!(found.len(), count, "{theirs}");
        }
    }
}
