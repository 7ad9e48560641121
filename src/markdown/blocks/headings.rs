//! Headings and horizontal rules.

use super::block_lines::{BlockLines, Rule};
use super::{Parser, Queue, State, put_back};
use crate::markdown::source::lines::{Line, TAB, indent, loose_detab};
use crate::markdown::tree::Id;

/// The elements of headings by level, from 1.
pub const TAGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// The level and text of a line such as `## Title ##`.
pub fn hash_heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count().min(6);
    if level == 0 || line.ends_with('\\') {
        return None;
    }
    let text = &line[level..];
    let bare = text.trim_end_matches('#');
    // An escaped `#` is part of the text.
    let escapes = bare.bytes().rev().take_while(|byte| *byte == b'\\').count();
    let text = if escapes % 2 == 1 && bare.len() < text.len() {
        &text[..bare.len() + 1]
    } else {
        bare
    };
    Some((level, text.trim()))
}

/// Whether `line` is `---`, `* * *` or the like.
fn is_rule(line: &str) -> bool {
    let spaces = indent(line);
    let text = &line[spaces..];
    let Some(mark @ (b'-' | b'_' | b'*')) = text.bytes().next() else {
        return false;
    };
    let text = text.trim_end_matches(' ');
    let is_part = |byte| byte == mark || byte == b' ';
    if spaces > 3
        || !text.bytes().all(is_part)
        || text.bytes().filter(|byte| *byte == mark).count() < 3
    {
        return false;
    }
    text.split(mark as char)
        .all(|gap| gap.len() <= 2 && gap.bytes().all(|byte| byte == b' '))
}

impl<'a> Parser<'a, '_> {
    pub(super) fn hash_heading(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let needs_space = self.options.sane_headers;
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let Some((at, (level, text))) = block.find(Rule::Heading, |lines, at| {
            let line = lines[at].text;
            let bare = line.trim_start_matches('#');
            if needs_space && (!bare.starts_with(' ') || line.len() - bare.len() > TAGS.len()) {
                return None;
            }
            hash_heading(line)
        }) else {
            return false;
        };
        let block = *block;
        queue.pop_front();
        if at > 0 {
            self.parse_block(parent, block.before(at));
        }
        self.heading(parent, level, block[at].with(text));
        let after = block.from(at + 1);
        let after = if self.is(State::LooseList) {
            self.loose(after)
        } else {
            after
        };
        put_back(queue, after);
        true
    }

    /// Removes one level of indentation from each line that has it.
    fn loose(&mut self, mut block: BlockLines<'a>) -> BlockLines<'a> {
        let is_indented = |lines: &[Line], at: usize| lines[at].is_indented(TAB).then_some(());
        let has_indented = block.find(Rule::Indented, is_indented).is_some();
        if has_indented && self.page.may_look(8 * block.len(), block[0].source) {
            self.stretch(&loose_detab(&block, TAB))
        } else {
            block
        }
    }

    fn heading(&mut self, parent: Id, level: usize, text: Line<'a>) {
        let heading = self.tree.append(parent, TAGS[level - 1], text.source);
        self.tree.append_leaf(heading, vec![text]);
    }

    pub(super) fn underlined_heading(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let is_line_of = |text: &str, mark: char| {
            let rest = text.trim_end_matches(' ').trim_start_matches(mark);
            text.starts_with(mark) && rest.is_empty()
        };
        let is_underlined = |block: &BlockLines, mark: char| {
            block.get(1).is_some_and(|it| is_line_of(it.text, mark))
        };
        let (level, block) = if let Some(block) = queue.pop_front_if(|it| is_underlined(it, '=')) {
            (1, block)
        } else if let Some(block) = queue.pop_front_if(|it| is_underlined(it, '-')) {
            (2, block)
        } else {
            return false;
        };
        self.heading(parent, level, block[0].with(block[0].text.trim()));
        put_back(queue, block.from(2));
        true
    }

    pub(super) fn rule(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let is_rule = |lines: &[Line], at: usize| is_rule(lines[at].text).then_some(());
        let Some((at, ())) = block.find(Rule::Horizontal, is_rule) else {
            return false;
        };
        let block = *block;
        queue.pop_front();
        if block[..at].iter().any(|line| !line.text.is_empty()) {
            self.parse_block(parent, block.before(at));
        }
        self.tree.append(parent, "hr", block[at].source);
        let after = block.from(at + 1);
        let start = after
            .iter()
            .position(|line| !line.text.is_empty())
            .unwrap_or(after.len());
        put_back(queue, after.from(start));
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
