//! Definitions for use elsewhere on the page: footnotes, abbreviations and link
//! references.

use std::cell::Cell;

use super::block_lines::{BlockLines, Rule};
use super::{Block, Parser, Queue, Reference, put_back, unindented};
use crate::markdown::source::lines::{Line, TAB, loose_detab, trim_newlines};
use crate::work::step;

/// The definition of an abbreviation.
struct Abbreviation<'a> {
    name: String,
    meaning: &'a str,
    /// The index of the first line after it.
    end: usize,
}

/// The first `*[ABBR]: meaning` of a block and the index of its line. The name
/// may extend over several lines, so a mistyped definition swallows the next.
fn find_abbreviation<'a>(block: &mut BlockLines<'a>) -> Option<(usize, Abbreviation<'a>)> {
    // Up to here, no name that begins has an end.
    let unended = Cell::new(0);
    block.find(Rule::Abbreviation, |block, start| {
        let mut rest = block[start].text.strip_prefix("*[")?;
        if start < unended.get() {
            return None;
        }
        let mut name = String::new();
        let mut at = start;
        let mut meaning = loop {
            step(1);
            let stop = rest.find('\\').unwrap_or(rest.len());
            if let Some((part, meaning)) = split_at_name_end(rest, stop) {
                name.push_str(part);
                break meaning.trim_matches(' ');
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
        if meaning.is_empty()
            && let Some(next) = block.get(at + 1)
        {
            at += 1;
            meaning = next.text;
        }
        Some(Abbreviation {
            name: name.trim().to_owned(),
            meaning: meaning.trim(),
            end: at + 1,
        })
    })
}

/// Splits a line at the `]:` or `] :` that ends a name before byte `stop`.
fn split_at_name_end(line: &str, stop: usize) -> Option<(&str, &str)> {
    line[..stop].match_indices(']').find_map(|(at, _)| {
        let after = &line[at + 1..];
        let after = after.strip_prefix(' ').unwrap_or(after);
        Some((&line[..at], after.strip_prefix(':')?))
    })
}

/// The label and the text of `[^label]: text`.
fn footnote_definition(line: &str) -> Option<(&str, &str)> {
    let inner = unindented(line)?.strip_prefix("[^")?;
    let (label, text) = inner.split_once(']')?;
    Some((label, text.strip_prefix(':')?.trim_start_matches(' ')))
}

/// The index of the first line of a block that defines a footnote.
fn find_footnote<'a>(block: &mut BlockLines<'a>) -> Option<usize> {
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
        let mut before: Option<BlockLines> = None;
        // Definitions mostly come in long runs, which are read in one go.
        while let Some((start, found)) = find_abbreviation(&mut rest) {
            let is_filled = !(found.name.is_empty() || found.meaning.is_empty());
            if !is_filled && before.is_none() {
                rest.refuse(Rule::Abbreviation);
            }
            if !is_filled || (before.is_some() && start > 0) {
                break;
            }
            before.get_or_insert(rest.before(start));
            match found.meaning {
                "''" | "\"\"" => {
                    self.definitions.abbreviations.remove(&found.name);
                }
                meaning => {
                    self.definitions
                        .abbreviations
                        .insert(found.name, meaning.to_owned());
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
        if self.options.footnotes.is_none() {
            return false;
        }
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let Some(first) = find_footnote(block) else {
            return false;
        };
        let block = *block;
        let Some((mut label, mut text)) = footnote_definition(block[first].text) else {
            return false;
        };
        queue.pop_front();
        let mut at = first;
        // Definitions that directly follow each other.
        loop {
            let next = (at + 1..block.len()).find(|next| !block[*next].text.is_empty());
            let Some((next, definition)) =
                next.and_then(|next| Some((next, footnote_definition(block[next].text)?)))
            else {
                break;
            };
            self.definitions
                .set_footnote(label, vec![block[at].with(text.trim_end())]);
            (label, text) = definition;
            at = next;
        }
        let mut note = vec![block[at].with(text)];
        let mut rest = trim_start_newlines(block.from(at + 1));
        match find_footnote(&mut rest) {
            Some(next) => {
                note.extend(loose(&rest[..next]));
                put_back(queue, rest.from(next));
            }
            None => {
                note.extend(loose(&rest));
                note = trim_newlines(&note);
                take_footnote_blocks(queue, &mut note);
            }
        }
        while note.last().is_some_and(Line::is_blank) {
            note.pop();
        }
        if let Some(last) = note.last_mut() {
            last.text = last.text.trim_end();
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
            // One over several lines ends the run, unless it is the first.
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

/// Moves the indented blocks that follow a footnote's first one to `note`.
fn take_footnote_blocks<'a>(queue: &mut Queue<'a>, note: &mut Block<'a>) {
    while let Some(mut block) = queue.pop_front_if(|block| block[0].is_indented(TAB)) {
        let next = find_footnote(&mut block);
        note.push(Line {
            text: "",
            source: match next {
                Some(0) => 0,
                _ => block[0].source,
            },
        });
        note.extend(loose(&block[..next.unwrap_or(block.len())]));
        if let Some(next) = next {
            put_back(queue, block.from(next));
            break;
        }
    }
}

/// Puts the rest of a block back, without empty lines at its start and unless it
/// is blank.
fn put_back_filled<'a>(queue: &mut Queue<'a>, block: BlockLines<'a>) {
    let block = trim_start_newlines(block);
    let filled = block.iter().any(|line| !line.is_blank());
    if filled {
        put_back(queue, block);
    }
}

fn trim_start_newlines(block: BlockLines<'_>) -> BlockLines<'_> {
    let start = block
        .iter()
        .position(|line| !line.text.is_empty())
        .unwrap_or(block.len());
    block.from(start)
}

fn loose<'a>(block: &[Line<'a>]) -> Block<'a> {
    loose_detab(block, TAB)
}

/// The link reference definition at line `at`: its label, its target and how
/// many lines it takes.
fn reference_at(block: &[Line], at: usize) -> Option<(String, Reference, usize)> {
    let inner = unindented(block.get(at)?.text)?.strip_prefix('[')?;
    // A label has no brackets.
    let end = memchr::memchr2(b'[', b']', inner.as_bytes())?;
    let (label, rest) = (&inner[..end], inner[end..].strip_prefix("]:")?);
    let mut used = 1;
    let mut line = block[at].source;
    let mut rest = rest.trim_matches(' ');
    if rest.is_empty() {
        rest = block.get(at + 1)?.text.trim_matches(' ');
        line = block[at + 1].source;
        used = 2;
    }
    let (url, title) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    if url.is_empty() {
        return None;
    }
    let reference = |title: Option<&str>| Reference {
        url: url.trim_start_matches('<').trim_end_matches('>').to_owned(),
        title: title.map(str::to_owned),
        line,
    };
    let label = label.trim().to_lowercase();
    let title = title.trim_matches(' ');
    if !title.is_empty() {
        return Some((label, reference(Some(reference_title(title)?)), used));
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
            line: 1,
        };
        assert_eq!(
            reference_at(&block, 0),
            Some(("a b".to_owned(), reference, 2))
        );
        assert_eq!(reference_at(&block, 2), None);
    }
}
