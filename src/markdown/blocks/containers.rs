//! Admonitions, details, quotes and definition lists.

use super::block_lines::{BlockLines, Rule};
use super::{Parser, Queue, State, put_back, unindented};
use crate::markdown::source::lines::{Block, Line, TAB, detab, indent, is_indented};
use crate::markdown::tree::Id;
use crate::text::{capitalized, is_word};

/// Splits off the classes at the start of `text`, which are words that may
/// contain `-`. They are returned in lower case with single spaces between them.
fn split_classes(text: &str) -> (String, &str) {
    let mut classes = String::new();
    let mut rest = text;
    loop {
        let bare = if classes.is_empty() {
            rest
        } else {
            rest.trim_start_matches(' ')
        };
        let end = bare
            .find(|character| !(is_word(character) || character == '-'))
            .unwrap_or(bare.len());
        if end == 0 {
            return (classes, rest);
        }
        if !classes.is_empty() {
            classes.push(' ');
        }
        classes.push_str(&bare[..end].to_lowercase());
        rest = &bare[end..];
    }
}

/// The title that a container has by default: its first class, capitalized.
fn default_title(classes: &str) -> String {
    let end = classes.find(' ').unwrap_or(classes.len());
    capitalized(&classes[..end])
}

/// Parses ` "title"`, followed by nothing but spaces.
pub(super) fn parse_title(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(' ');
    if bare.len() == text.len() {
        return None;
    }
    bare.strip_prefix('"')?
        .trim_end_matches(' ')
        .strip_suffix('"')
}

/// A container's first line.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    classes: String,
    title: Option<String>,
    is_open: bool,
}

fn admonition_header(line: &str) -> Option<Header> {
    let rest = line.strip_prefix("!!!")?;
    let (classes, rest) = split_classes(rest.strip_prefix(' ').unwrap_or(rest));
    if classes.is_empty() {
        return None;
    }
    let title = if rest.trim_matches(' ').is_empty() {
        Some(default_title(&classes))
    } else {
        Some(parse_title(rest)?.to_owned()).filter(|title| !title.is_empty())
    };
    Some(Header {
        classes,
        title,
        is_open: true,
    })
}

fn details_header(line: &str) -> Option<Header> {
    let rest = line.strip_prefix("???")?;
    let is_open = rest.starts_with('+');
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let (classes, after_classes) = split_classes(rest.strip_prefix(' ').unwrap_or(rest));
    let has_title = !after_classes.trim_matches(' ').is_empty();
    let title = if classes.is_empty() {
        parse_title(rest)?.to_owned()
    } else if has_title {
        parse_title(after_classes)?.to_owned()
    } else {
        default_title(&classes)
    };
    Some(Header {
        classes,
        title: Some(title),
        is_open,
    })
}

/// The text after the mark of a quote.
pub(super) fn quoted(line: &str) -> Option<&str> {
    let inner = unindented(line)?.strip_prefix('>')?;
    Some(inner.strip_prefix(' ').unwrap_or(inner))
}

/// A line of a quote without its mark.
pub(super) fn unquoted<'a>(line: &Line<'a>) -> Line<'a> {
    match line.text.trim() {
        ">" => line.with(""),
        _ => line.with(quoted(line.text).unwrap_or(line.text)),
    }
}

impl<'a> Parser<'a, '_> {
    pub(super) fn admonition(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if !self.options.admonition {
            return false;
        }
        let read = |lines: &[Line], at: usize| admonition_header(lines[at].text);
        let found = queue
            .front_mut()
            .and_then(|block| block.find(Rule::Admonition, read));
        let Some((at, header)) = found else {
            return self.continues(parent, queue, |parser, last| {
                parser.tree.tag(last) == "div"
                    && parser
                        .tree
                        .attribute(last, "class")
                        .is_some_and(|class| class.contains("admonition"))
            });
        };
        let Some((block, inner, rest)) = self.take_container(parent, queue, at) else {
            return false;
        };
        let div = self.tree.append(parent, "div", block.source);
        self.tree
            .set(div, "class", format!("admonition {}", header.classes));
        if let Some(title) = header.title {
            let paragraph = self.container_title(div, "p", block, title);
            self.tree.set(paragraph, "class", "admonition-title");
        }
        self.parse(div, &inner);
        put_back(queue, rest);
        true
    }

    pub(super) fn details(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if !self.options.details {
            return false;
        }
        let read = |lines: &[Line], at: usize| details_header(lines[at].text);
        let found = queue
            .front_mut()
            .and_then(|block| block.find(Rule::Details, read));
        let Some((at, header)) = found else {
            return self.continues(parent, queue, |parser, last| {
                parser.tree.tag(last) == "details"
            });
        };
        let Some((block, inner, rest)) = self.take_container(parent, queue, at) else {
            return false;
        };
        let details = self.tree.append(parent, "details", block.source);
        if header.is_open {
            self.tree.set(details, "open", "open");
        }
        if !header.classes.is_empty() {
            self.tree.set(details, "class", header.classes);
        }
        if let Some(title) = header.title {
            self.container_title(details, "summary", block, title);
        }
        self.parse(details, &inner);
        put_back(queue, rest);
        true
    }

    /// Adds the title given on `line` to a container.
    pub(super) fn container_title(
        &mut self,
        container: Id,
        tag: &'a str,
        line: Line<'a>,
        title: String,
    ) -> Id {
        let id = self.tree.append(container, tag, line.source);
        let title = line.with(self.texts.alloc(title));
        self.tree.append_leaf(id, vec![title]);
        id
    }

    /// Takes the block whose line `at` opens a container, and parses the lines
    /// before that. Returns the line, the container's content and the rest.
    pub(super) fn take_container(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        at: usize,
    ) -> Option<(Line<'a>, Block<'a>, BlockLines<'a>)> {
        let block = queue.pop_front()?;
        if at > 0 {
            self.parse_block(parent, block.before(at));
        }
        let after = block.from(at + 1);
        let (inner, rest) = detab(&after, TAB);
        let rest = after.from(rest);
        let inner = if rest.is_empty() {
            self.with_open_slashes(inner, TAB, queue)
        } else {
            inner
        };
        Some((block[at], inner, rest))
    }

    /// Parses a block that is indented below a container into that, or into the
    /// list at its end.
    fn continues(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        is_container: impl Fn(&Self, Id) -> bool,
    ) -> bool {
        match self.tree.last_element(parent) {
            Some(last) if is_container(self, last) => self.continue_container(last, queue),
            _ => false,
        }
    }

    /// Parses a block into `container` or the list at its end, if it is
    /// indented.
    pub(super) fn continue_container(&mut self, container: Id, queue: &mut Queue<'a>) -> bool {
        let Some(first) = queue.front().map(|block| block[0].text) else {
            return false;
        };
        if !is_indented(first, TAB) {
            return false;
        }
        let Some((sibling, width)) = self.innermost(container, first) else {
            return false;
        };
        self.parse_into(sibling, width + TAB, queue);
        true
    }

    /// The item that text as far indented as `first` belongs to, in the lists
    /// at the end of `container`, and how far that list is indented.
    fn innermost(&self, container: Id, first: &str) -> Option<(Id, usize)> {
        let mut sibling = container;
        let mut width = 0;
        let mut child = self.tree.last_element(container);
        while let Some(list) = child {
            let is_list = matches!(self.tree.tag(list), "ul" | "ol" | "dl");
            if !is_list || !is_indented(first, width + 2 * TAB) {
                break;
            }
            sibling = self.tree.last_element(list)?;
            child = self.tree.last_element(sibling);
            width += TAB;
        }
        Some((sibling, width))
    }

    /// Parses the first block, without `width` columns, into `sibling`.
    fn parse_into(&mut self, sibling: Id, width: usize, queue: &mut Queue<'a>) {
        let Some(block) = queue.pop_front() else {
            return;
        };
        let (inner, rest) = detab(&block, width);
        let rest = block.from(rest);
        let inner = if rest.is_empty() {
            self.with_open_slashes(inner, width, queue)
        } else {
            inner
        };
        if matches!(self.tree.tag(sibling), "li" | "dd") {
            // As in the reference, text before a nested list moves after it.
            self.tree.wrap_leading_leaf_last(sibling);
        }
        self.parse(sibling, &inner);
        put_back(queue, rest);
    }

    /// Takes the block with a quote, from the quote's first line on, and parses
    /// the lines before that.
    pub(super) fn take_quote(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
    ) -> Option<BlockLines<'a>> {
        let read = |lines: &'a [Line<'a>], at: usize| quoted(lines[at].text);
        let (at, _) = queue.front_mut()?.find(Rule::Quote, read)?;
        let block = queue.pop_front()?;
        if at > 0 {
            self.parse_block(parent, block.before(at));
        }
        Some(block.from(at))
    }

    pub(super) fn quote(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if let Some(quotes) = self.options.quotes {
            return self.separate_quote(parent, queue, quotes.callouts);
        }
        let Some(block) = self.take_quote(parent, queue) else {
            return false;
        };
        let inner: Block = block.iter().map(unquoted).collect();
        let last = self
            .tree
            .last_element(parent)
            .filter(|last| self.tree.tag(*last) == "blockquote");
        let quote = last.unwrap_or_else(|| self.tree.append(parent, "blockquote", block[0].source));
        self.within(State::Quote, |parser| parser.parse(quote, &inner));
        true
    }

    pub(super) fn definition_list(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if !self.options.def_list {
            return false;
        }
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let read = |lines: &'a [Line<'a>], at: usize| definition(lines[at].text);
        let Some((at, text)) = block.find(Rule::Definition, read) else {
            return false;
        };
        let block = *block;
        let mut terms: Block = block[..at]
            .iter()
            .filter(|line| !line.is_blank())
            .map(|line| line.with(line.text.trim()))
            .collect();
        let mut sibling = self.tree.last_element(parent);
        if terms.is_empty() && sibling.is_none() {
            return false;
        }
        queue.pop_front();
        let after = block.from(at + 1);
        let tab = self.definition_tab();
        let (mut inner, rest) = if is_lazy(&after, tab) {
            (after.to_block(), after.len())
        } else {
            detab(&after, tab)
        };
        inner.insert(0, block[at].with(text));
        let mut state = State::List;
        if terms.is_empty()
            && let Some(paragraph) = sibling
            && self.tree.tag(paragraph) == "p"
        {
            state = State::LooseList;
            // If it begins with an element, it is not a term.
            if let Some(leaf) = self.tree.leading_leaf(paragraph) {
                terms = self.tree.lines(leaf).to_vec();
            }
            self.tree.remove_last(parent, paragraph);
            sibling = self.tree.last_element(parent);
        }
        let list = match sibling.filter(|last| self.tree.tag(*last) == "dl") {
            Some(list) => {
                let last = self.tree.last_element(list);
                let is_loose = |last: Id| {
                    self.tree.tag(last) == "dd" && self.tree.last_element(last).is_some()
                };
                if terms.is_empty() && last.is_some_and(is_loose) {
                    state = State::LooseList;
                }
                list
            }
            None => self.tree.append(parent, "dl", block[0].source),
        };
        for term in terms {
            let id = self.tree.append(list, "dt", term.source);
            self.tree.append_leaf(id, vec![term]);
        }
        let id = self.tree.append(list, "dd", block[at].source);
        let inner = self.stretch(&inner);
        self.within(state, |parser| parser.parse_block(id, inner));
        put_back(queue, after.from(rest));
        true
    }
}

/// Whether the lines after that of a definition belong to it although they are
/// not indented.
fn is_lazy(lines: &[Line], tab: usize) -> bool {
    let Some(first) = lines.first() else {
        return false;
    };
    let bare = first.text.trim_start_matches(' ');
    if first.text.len() - bare.len() >= tab {
        return false;
    }
    // A line of spaces is followed by its line break.
    let is_followed = !bare.is_empty() || lines.len() > 1;
    is_followed && !bare.starts_with(':') && !first.text.is_empty()
}

/// The text of a line such as `:   text`.
fn definition(line: &str) -> Option<&str> {
    let text = unindented(line)?.strip_prefix(':')?;
    let spaces = indent(text).min(3);
    (spaces > 0).then(|| &text[spaces..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let header = |classes: &str, title: Option<&str>, is_open| {
            Some(Header {
                classes: classes.to_owned(),
                title: title.map(str::to_owned),
                is_open,
            })
        };
        assert_eq!(
            admonition_header("!!! note"),
            header("note", Some("Note"), true)
        );
        assert_eq!(
            admonition_header("!!!Tip  inline end \"A \"b\"\" "),
            header("tip inline end", Some("A \"b\""), true)
        );
        assert_eq!(
            admonition_header("!!! note \"\""),
            header("note", None, true)
        );
        assert_eq!(admonition_header("!!! note, x"), None);
        assert_eq!(
            details_header("???+ note \"T\""),
            header("note", Some("T"), true)
        );
        assert_eq!(details_header("??? \"T\""), header("", Some("T"), false));
        assert_eq!(details_header("???"), None);
    }
}
