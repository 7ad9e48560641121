use super::super::lines::{Block, Line, TAB, indent, loose_detab, trim_newlines};
use super::super::tree::Id;
use super::{Parser, Queue, State, put_back};

/// The elements of headings by level, less one.
pub const TAGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// A line like `## Title ##`: its level and text.
pub fn hash_heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count().min(6);
    if level == 0 || line.ends_with('\\') {
        return None;
    }
    let text = &line[level..];
    let bare = text.trim_end_matches('#');
    // An escaped `#` is part of the text.
    let escapes = bare.bytes().rev().take_while(|byte| *byte == b'\\').count();
    let text = match escapes % 2 == 1 && bare.len() < text.len() {
        true => &text[..bare.len() + 1],
        false => bare,
    };
    Some((level, text.trim()))
}

/// Whether `line` is `---`, `* * *` or the like.
fn is_rule(line: &str) -> bool {
    let text = line.trim_end_matches(' ');
    let spaces = indent(text);
    let text = &text[spaces..];
    let Some(mark) = text
        .bytes()
        .next()
        .filter(|mark| matches!(mark, b'-' | b'_' | b'*'))
    else {
        return false;
    };
    if spaces > 3 || text.bytes().filter(|byte| *byte == mark).count() < 3 {
        return false;
    }
    text.split(mark as char)
        .all(|gap| gap.len() <= 2 && gap.bytes().all(|byte| byte == b' '))
}

impl<'a> Parser<'a, '_> {
    pub(super) fn hash_heading(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(block) = queue.front() else {
            return false;
        };
        let is_sane = self.options.sane_headers;
        let heading = |line: &'a str| {
            let is_apart = || line.trim_start_matches('#').starts_with(' ');
            hash_heading(line).filter(|_| !is_sane || is_apart())
        };
        let found = block
            .iter()
            .enumerate()
            .find_map(|(at, line)| Some((at, heading(line.text)?)));
        let Some((at, (level, text))) = found else {
            return false;
        };
        let block = queue.pop_front().unwrap_or_default();
        if at > 0 {
            self.parse_block(parent, block[..at].to_vec());
        }
        self.heading(parent, level, block[at].with(text));
        let mut next = at + 1;
        // Headings in a row are read at once: for each of them the rules that
        // come first would look through all that is left.
        let marks = ['!', '?', '=', '/', '\u{2}'];
        if !self.is(State::LooseList) && !block.iter().any(|line| line.text.starts_with(marks)) {
            while let Some(line) = block.get(next).filter(|line| !line.text.contains('|'))
                && let Some((level, text)) = heading(line.text)
            {
                self.heading(parent, level, line.with(text));
                next += 1;
            }
        }
        let after = &block[next..];
        let after = match self.is(State::LooseList) {
            true => loose_detab(after, TAB),
            false => after.to_vec(),
        };
        put_back(queue, after);
        true
    }

    fn heading(&mut self, parent: Id, level: usize, text: Line<'a>) {
        let heading = self.tree.append(parent, TAGS[level - 1], text.source);
        self.tree.append_leaf(heading, vec![text]);
    }

    pub(super) fn underlined_heading(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let is_line = |text: &str, mark: char| {
            !text.is_empty()
                && text.starts_with(mark)
                && text
                    .trim_end_matches(' ')
                    .trim_start_matches(mark)
                    .is_empty()
        };
        let level = queue
            .front()
            .and_then(|block| block.get(1))
            .and_then(|line| match line.text {
                text if is_line(text, '=') => Some(0),
                text if is_line(text, '-') => Some(1),
                _ => None,
            });
        let Some(level) = level else {
            return false;
        };
        let block = queue.pop_front().unwrap_or_default();
        let heading = self.tree.append(parent, TAGS[level], block[0].source);
        self.tree
            .append_leaf(heading, vec![block[0].with(block[0].text.trim())]);
        put_back(queue, block[2..].to_vec());
        true
    }

    pub(super) fn rule(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(at) = queue
            .front()
            .and_then(|block| block.iter().position(|line| is_rule(line.text)))
        else {
            return false;
        };
        let block = queue.pop_front().unwrap_or_default();
        let before: Block = trim_newlines(&block[..at]);
        if !before.is_empty() {
            self.parse_block(parent, block[..at].to_vec());
        }
        self.tree.append(parent, "hr", block[at].source);
        let after = &block[at + 1..];
        let start = after
            .iter()
            .position(|line| !line.text.is_empty())
            .unwrap_or(after.len());
        put_back(queue, after[start..].to_vec());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_headings_and_rules() {
        assert_eq!(hash_heading("#Title"), Some((1, "Title")));
        assert_eq!(hash_heading("## C# ##"), Some((2, "C#")));
        assert_eq!(hash_heading("## C\\#"), Some((2, "C\\#")));
        assert_eq!(hash_heading("####### x"), Some((6, "# x")));
        assert_eq!(hash_heading(" # x"), None);
        for line in ["---", "* * *", "  ___", "-  -  -   ", "----------"] {
            assert!(is_rule(line), "{line}");
        }
        for line in ["--", "-   -   -", "    ---", "--*", "- - x"] {
            assert!(!is_rule(line), "{line}");
        }
    }
}
