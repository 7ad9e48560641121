//! What a page defines for use elsewhere in it: footnotes, abbreviations and
//! link references.

use crate::markdown::source::lines::loose_detab;
use std::cell::Cell;

use super::stretch::{Rule, Stretch};
use super::{Block, Parser, Queue, Reference, put_back};
use crate::markdown::source::lines::{Line, TAB, trim_newlines};
use crate::work::step;

/// An abbreviation found in a block.
struct Found<'a> {
    abbreviation: String,
    meaning: &'a str,
    /// The first line behind it.
    end: usize,
}

/// The first `*[ABBR]: meaning` of a block and where it begins. The name may
/// go over several lines, which is how a mistyped definition swallows the next.
fn first_in<'a>(block: &mut Stretch<'a>) -> Option<(usize, Found<'a>)> {
    // Where the name has no end that another begins with cannot end either.
    let unended = Cell::new(0);
    block.find(Rule::Abbreviation, |block, start| {
        let mut rest = block[start].text.strip_prefix("*[")?;
        if start < unended.get() {
            return None;
        }
        let mut name = String::new();
        let mut at = start;
        let behind = loop {
            step(1);
            let stop = rest.find('\\').unwrap_or(rest.len());
            let close = rest[..stop].match_indices(']').find_map(|(close, _)| {
                let behind = &rest[close + 1..];
                Some((
                    close,
                    behind
                        .strip_prefix(' ')
                        .unwrap_or(behind)
                        .strip_prefix(':')?,
                ))
            });
            if let Some((close, behind)) = close {
                name.push_str(&rest[..close]);
                break behind;
            }
            if stop < rest.len() || at + 1 >= block.len() {
                unended.set(at + 1);
                return None;
            }
            name.push_str(rest);
            name.push('\n');
            at += 1;
            rest = block[at].text;
        };
        let mut meaning = behind.trim_matches(' ');
        if meaning.is_empty()
            && let Some(next) = block.get(at + 1)
        {
            at += 1;
            meaning = next.text;
        }
        Some(Found {
            abbreviation: name.trim().to_owned(),
            meaning: meaning.trim(),
            end: at + 1,
        })
    })
}

/// `[^label]: text`.
fn footnote_definition(line: &str) -> Option<(&str, &str)> {
    let bare = line.trim_start_matches(' ');
    let inner = bare
        .strip_prefix("[^")
        .filter(|_| line.len() - bare.len() < TAB)?;
    let (label, text) = inner.split_once(']')?;
    Some((label, text.strip_prefix(':')?.trim_start_matches(' ')))
}

fn footnote_in<'a>(block: &mut Stretch<'a>) -> Option<usize> {
    let read = |lines: &'a [Line<'a>], at: usize| footnote_definition(lines[at].text);
    block.find(Rule::Footnote, read).map(|(at, _)| at)
}

impl<'a> Parser<'a, '_> {
    pub(super) fn abbreviation(&mut self, queue: &mut Queue<'a>) -> bool {
        if !self.options.abbr {
            return false;
        }
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let mut rest = *block;
        let mut before: Option<Stretch> = None;
        // Definitions mostly stand in long runs: read them in one go.
        while let Some((start, found)) = first_in(&mut rest) {
            let is_filled = !(found.abbreviation.is_empty() || found.meaning.is_empty());
            if !is_filled && before.is_none() {
                rest.refuse(Rule::Abbreviation);
            }
            if !is_filled || (before.is_some() && start > 0) {
                break;
            }
            before.get_or_insert(rest.before(start));
            match found.meaning {
                "''" | "\"\"" => {
                    self.definitions.abbreviations.remove(&found.abbreviation);
                }
                meaning => {
                    self.definitions
                        .abbreviations
                        .insert(found.abbreviation, meaning.to_owned());
                }
            }
            rest = rest.from(found.end);
        }
        let Some(before) = before else {
            *block = rest;
            return false;
        };
        queue.pop_front();
        put_back_filled(queue, rest);
        put_back_filled(queue, before);
        true
    }

    pub(super) fn footnote(&mut self, queue: &mut Queue<'a>) -> bool {
        let found = queue
            .front_mut()
            .filter(|_| self.options.footnotes.is_some())
            .and_then(|block| Some((footnote_in(block)?, *block)));
        let Some((first, block)) = found else {
            return false;
        };
        queue.pop_front();
        let mut at = first;
        // Definitions that directly follow each other.
        loop {
            let next = (at + 1..block.len()).find(|next| !block[*next].text.is_empty());
            let Some(next) = next.filter(|next| footnote_definition(block[*next].text).is_some())
            else {
                break;
            };
            if let Some((label, text)) = footnote_definition(block[at].text) {
                self.definitions
                    .set_footnote(label, vec![block[at].with(text.trim_end())]);
            }
            at = next;
        }
        let Some((label, text)) = footnote_definition(block[at].text) else {
            return false;
        };
        let mut note = vec![block[at].with(text)];
        let mut rest = trim_start_newlines(block.from(at + 1));
        match footnote_in(&mut rest) {
            Some(next) => {
                note.extend(loose(&rest[..next]));
                put_back(queue, rest.from(next));
            }
            None => {
                note.extend(loose(&rest));
                let mut note_blocks = Vec::new();
                while let Some(mut block) = queue.pop_front_if(|block| block[0].is_indented(TAB)) {
                    if let Some(next) = footnote_in(&mut block) {
                        note_blocks.push(loose(&block[..next]));
                        put_back(queue, block.from(next));
                        break;
                    }
                    note_blocks.push(loose(&block));
                }
                note = trim_newlines(&note);
                for block in note_blocks {
                    note.push(Line {
                        text: "",
                        source: block.first().map_or(0, |line| line.source),
                    });
                    note.extend(block);
                }
            }
        }
        while note.last().is_some_and(Line::is_blank) {
            note.pop();
        }
        self.definitions.set_footnote(label, note);
        put_back_filled(queue, block.before(first));
        true
    }

    pub(super) fn reference(&mut self, queue: &mut Queue<'a>) -> bool {
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let Some((first, _)) = block.find(Rule::Reference, |lines, at| reference_at(lines, at))
        else {
            return false;
        };
        let block = *block;
        queue.pop_front();
        let mut at = first;
        while let Some((label, reference, used)) = reference_at(&block, at) {
            // Behind the first, one that goes over several lines ends the run.
            if at > first && used > 1 {
                break;
            }
            self.definitions.references.insert(label, reference);
            at += used;
        }
        put_back_filled(queue, block.from(at));
        let before = block.before(first);
        if !super::is_blank(&before) {
            put_back(queue, before);
        }
        true
    }
}

/// Puts a rest back without empty lines at its start, unless all of it is blank.
fn put_back_filled<'a>(queue: &mut Queue<'a>, block: Stretch<'a>) {
    let block = trim_start_newlines(block);
    let filled = block.iter().any(|line| !line.is_blank());
    if filled {
        put_back(queue, block);
    }
}

fn trim_start_newlines(block: Stretch<'_>) -> Stretch<'_> {
    let start = block
        .iter()
        .position(|line| !line.text.is_empty())
        .unwrap_or(block.len());
    block.from(start)
}

fn loose<'a>(block: &[Line<'a>]) -> Block<'a> {
    loose_detab(block, TAB)
}

/// The link reference definition at line `at`: its label, what it defines and
/// how many lines it takes.
fn reference_at(block: &[Line], at: usize) -> Option<(String, Reference, usize)> {
    let line = block.get(at)?.text;
    let bare = line.trim_start_matches(' ');
    let inner = bare
        .strip_prefix('[')
        .filter(|_| line.len() - bare.len() < TAB)?;
    let (label, rest) = inner.split_once("]:")?;
    if label.contains(['[', ']']) {
        return None;
    }
    let mut used = 1;
    let mut rest = rest.trim_matches(' ');
    if rest.is_empty() {
        rest = block.get(at + 1)?.text.trim_matches(' ');
        used = 2;
    }
    let (url, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    if url.is_empty() {
        return None;
    }
    let reference = |title: Option<&str>| Reference {
        url: url.trim_start_matches('<').trim_end_matches('>').to_owned(),
        title: title.map(str::to_owned),
    };
    let label = label.trim().to_lowercase();
    let behind = behind.trim_matches(' ');
    if !behind.is_empty() {
        return Some((label, reference(Some(reference_title(behind)?)), used));
    }
    let next = block
        .get(at + used)
        .and_then(|line| reference_title(line.text.trim_matches(' ')));
    match next {
        Some(title) => Some((label, reference(Some(title)), used + 1)),
        None => Some((label, reference(None), used)),
    }
}

fn reference_title(text: &str) -> Option<&str> {
    let close = match text.chars().next()? {
        quote @ ('"' | '\'') => quote,
        '(' => ')',
        _ => return None,
    };
    text[1..].strip_suffix(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        let line = |text| Line { text, source: 1 };
        let block = [
            line("[A b]: <https://x.example>"),
            line("  'T'"),
            line("[c]: d (e) f"),
        ];
        let reference = Reference {
            url: "https://x.example".to_owned(),
            title: Some("T".to_owned()),
        };
        assert_eq!(
            reference_at(&block, 0),
            Some(("a b".to_owned(), reference, 2))
        );
        assert_eq!(reference_at(&block, 2), None);
    }
}
