use super::super::lines::Line;
use super::{Block, Parser, Queue, put_back};

/// An abbreviation found in a block.
struct Found<'a> {
    abbreviation: String,
    meaning: &'a str,
    /// Lines before it, and the first line behind it.
    lines: (usize, usize),
}

/// The first `*[ABBR]: meaning` of a block. The name may go over several
/// lines, which is how a mistyped definition swallows the next.
fn first_in<'a>(block: &[Line<'a>]) -> Option<Found<'a>> {
    for (start, line) in block.iter().enumerate() {
        let Some(mut rest) = line.text.strip_prefix("*[") else {
            continue;
        };
        let mut name = String::new();
        let mut at = start;
        let behind = loop {
            let stop = rest.find('\\').unwrap_or(rest.len());
            let close = rest[..stop].match_indices(']').find_map(|(close, _)| {
                let behind = &rest[close + 1..];
                Some((close, behind.strip_prefix(' ').unwrap_or(behind).strip_prefix(':')?))
            });
            if let Some((close, behind)) = close {
                name.push_str(&rest[..close]);
                break Some(behind);
            }
            if stop < rest.len() || at + 1 >= block.len() {
                break None;
            }
            name.push_str(rest);
            name.push('\n');
            at += 1;
            rest = block[at].text;
        };
        let Some(behind) = behind else {
            continue;
        };
        let mut meaning = behind.trim_matches(' ');
        if meaning.is_empty()
            && let Some(next) = block.get(at + 1)
        {
            at += 1;
            meaning = next.text;
        }
        return Some(Found { abbreviation: name.trim().to_owned(), meaning: meaning.trim(), lines: (start, at + 1) });
    }
    None
}

impl<'a> Parser<'a, '_> {
    pub(super) fn abbreviation(&mut self, queue: &mut Queue<'a>) -> bool {
        if !self.options.abbr {
            return false;
        }
        let Some(block) = queue.front() else {
            return false;
        };
        let mut from = 0;
        let mut before: Block = Vec::new();
        // Definitions mostly stand in long runs: read them in one go.
        while let Some(found) = first_in(&block[from..]) {
            if found.abbreviation.is_empty() || found.meaning.is_empty() || (from > 0 && found.lines.0 > 0) {
                break;
            }
            before.extend_from_slice(&block[from..from + found.lines.0]);
            match found.meaning {
                "''" | "\"\"" => {
                    self.definitions.abbreviations.remove(&found.abbreviation);
                }
                meaning => {
                    self.definitions.abbreviations.insert(found.abbreviation, meaning.to_owned());
                }
            }
            from += found.lines.1;
        }
        if from == 0 {
            return false;
        }
        let block = queue.pop_front().unwrap_or_default();
        let rest = &block[from..];
        let start = rest.iter().position(|line| !line.text.is_empty()).unwrap_or(rest.len());
        if !super::is_blank(rest) {
            put_back(queue, rest[start..].to_vec());
        }
        if !super::is_blank(&before) {
            put_back(queue, before);
        }
        true
    }
}
