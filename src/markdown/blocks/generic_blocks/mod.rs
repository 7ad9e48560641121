//! Generic blocks (`/// name | argument`) of pymdownx.blocks.

mod figure;
mod open;
mod selector;
mod settings;
mod shapes;

use super::block_lines::{BlockLines, Rule};
use super::{Parser, Queue, State, put_back, unindented};
use crate::markdown::source::lines::{Block, Line, loose_detab};
use crate::markdown::tree::{Id, Tree};
use crate::work::step;

use open::Open;

pub use figure::{FIXED, KIND, LEVEL, NUMBER};

/// A block's first line.
struct Header<'a> {
    /// How many slashes it begins with.
    generic_blocks: usize,
    name: String,
    /// The text after `|`, which may be empty.
    argument: Option<&'a str>,
}

/// The content of a block.
#[derive(Clone, Copy)]
struct Content<'a, 'b> {
    lines: &'b [Line<'a>],
    /// Whether the block has an end, without which some kinds are left
    /// unfinished.
    is_ended: bool,
}

/// Splits off the slashes at the start of `line`, if there are enough.
fn split_slashes(line: &str) -> Option<(usize, &str)> {
    let bare = unindented(line)?;
    let rest = bare.trim_start_matches('/');
    let count = bare.len() - rest.len();
    (count >= 3).then(|| (count, rest.trim_matches(' ')))
}

fn parse_header(line: &str) -> Option<Header<'_>> {
    let (generic_blocks, rest) = split_slashes(line)?;
    let (name, argument) = match rest.split_once('|') {
        Some((name, argument)) => (name.trim_matches(' '), Some(argument.trim_matches(' '))),
        None => (rest, None),
    };
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    is_name.then(|| Header {
        generic_blocks,
        name: name.to_lowercase(),
        argument,
    })
}

impl<'a> Parser<'a, '_> {
    /// Updates the blocks that are open by one line.
    fn count_slashes(&self, line: &Line, open: &mut Open) {
        step(1);
        let Some((count, rest)) = split_slashes(line.text) else {
            return;
        };
        if rest.is_empty() {
            open.close(count);
        } else if let Some(header) = parse_header(line.text)
            && self.options.generic_blocks.contains_key(&header.name)
        {
            open.push(header.generic_blocks);
        }
    }

    /// Extends `block` by the following blocks of its container as long as a
    /// generic block is open at its end.
    pub(super) fn with_open_slashes(
        &self,
        mut block: Block<'a>,
        width: usize,
        queue: &mut Queue<'a>,
    ) -> Block<'a> {
        if self.options.generic_blocks.is_empty() {
            return block;
        }
        let mut open = Open::default();
        let mut counted = 0;
        loop {
            for line in &block[counted..] {
                self.count_slashes(line, &mut open);
            }
            counted = block.len();
            let fits =
                |next: &mut BlockLines| next[0].text.is_empty() || next[0].is_indented(width);
            if open.is_empty() {
                return block;
            }
            let Some(next) = queue.pop_front_if(fits) else {
                return block;
            };
            block.push(Line {
                text: "",
                ..next[0]
            });
            block.extend(loose_detab(&next, width));
        }
    }

    pub(super) fn generic_blocks(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if self.options.generic_blocks.is_empty() {
            return false;
        }
        let options = self.options;
        let Some(front) = queue.front_mut() else {
            return false;
        };
        let read = |lines: &'a [Line<'a>], at: usize| parse_header(lines[at].text);
        let Some((at, header)) = front.find(Rule::Slashes, read) else {
            return false;
        };
        let parsed = options.generic_blocks.get(&header.name).and_then(|kind| {
            let (written, used) = settings::parse(&front[at + 1..])?;
            let settings = settings::check(kind, header.argument, &written, options)?;
            Some((kind, settings, used))
        });
        let Some((kind, settings, used)) = parsed else {
            front.refuse(Rule::Slashes);
            return false;
        };
        let front = *front;
        queue.pop_front();
        if at > 0 {
            self.parse_block(parent, front.before(at));
        }
        put_back(queue, front.from(at + 1 + used));
        let (inner, is_ended) = self.take_until_end(header.generic_blocks, queue);
        if matches!(self.tree.tag(parent), "li" | "dd") {
            self.tree.wrap_leading_leaf_last(parent);
        }
        let content = Content {
            lines: &inner,
            is_ended,
        };
        self.within(State::Slashes, |parser| {
            parser.slash_block(parent, front[at], kind, &header, &settings, content);
        });
        true
    }

    /// Takes the lines up to the end of a block of that many slashes or, if it
    /// has no end, all that are left. Also returns whether it has one.
    fn take_until_end(&self, generic_blocks: usize, queue: &mut Queue<'a>) -> (Block<'a>, bool) {
        let mut inner: Block<'a> = Vec::new();
        let mut open = Open::default();
        open.push(generic_blocks);
        while let Some(block) = queue.pop_front() {
            if !inner.is_empty() {
                inner.push(Line {
                    text: "",
                    ..block[0]
                });
            }
            for (at, line) in block.iter().enumerate() {
                self.count_slashes(line, &mut open);
                if open.is_empty() {
                    put_back(queue, block.from(at + 1));
                    return (inner, true);
                }
                inner.push(*line);
            }
        }
        (inner, false)
    }
}

/// `text` in the form of Python's `title()`, with spaces between words.
fn titled(text: &str) -> String {
    let words = text.replace(['-', '_'], " ");
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    super::quotes::titled(&words.join(" "))
}

/// Adds a class, unless it is empty.
fn add_class(tree: &mut Tree, id: Id, class: &str) {
    if !class.is_empty() {
        tree.add_class(id, class.to_owned());
    }
}
