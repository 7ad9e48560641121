use super::stretch::{Rule, Stretch};
use super::{Parser, Queue, State, put_back};
use crate::markdown::source::lines::{Block, Line, TAB, detab, indent, is_indented};
use crate::markdown::tree::Id;
use crate::text::is_word;

/// `words` as `\w-` words with single spaces between them, and what follows.
fn words(text: &str) -> (String, &str) {
    let mut found = String::new();
    let mut rest = text;
    loop {
        let bare = if found.is_empty() {
            rest
        } else {
            rest.trim_start_matches(' ')
        };
        let end = bare
            .find(|character| !(is_word(character) || character == '-'))
            .unwrap_or(bare.len());
        if end == 0 {
            return (found, rest);
        }
        if !found.is_empty() {
            found.push(' ');
        }
        found.push_str(&bare[..end].to_lowercase());
        rest = &bare[end..];
    }
}

/// `word` with its first letter in upper case.
pub(super) fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), characters.as_str())
}

/// ` "title"` and nothing but spaces behind it.
fn title(text: &str) -> Option<&str> {
    let quoted = text.trim_start_matches(' ').strip_prefix('"')?;
    let is_apart = text.starts_with(' ');
    let inner = quoted.trim_end_matches(' ').strip_suffix('"')?;
    is_apart.then_some(inner)
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
    let (classes, rest) = words(rest.strip_prefix(' ').unwrap_or(rest));
    if classes.is_empty() {
        return None;
    }
    let title = match rest.trim_matches(' ') {
        "" => Some(capitalized(classes.split(' ').next().unwrap_or_default())),
        _ => Some(title(rest)?.to_owned()).filter(|title| !title.is_empty()),
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
    let bare = rest.strip_prefix(' ').unwrap_or(rest);
    let (classes, behind) = words(bare);
    let title = match behind.trim_matches(' ') {
        "" if classes.is_empty() => return None,
        "" => capitalized(classes.split(' ').next().unwrap_or_default()),
        _ if classes.is_empty() => title(rest)?.to_owned(),
        _ => title(behind)?.to_owned(),
    };
    Some(Header {
        classes,
        title: Some(title),
        is_open,
    })
}

/// What stands behind the mark of a quote.
pub(super) fn quoted(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(' ');
    let inner = bare
        .strip_prefix('>')
        .filter(|_| line.len() - bare.len() < TAB)?;
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
        let title = header.title.unwrap_or_default();
        self.container_title(details, "summary", block, title);
        self.parse(details, &inner);
        put_back(queue, rest);
        true
    }

    /// Gives a container the title that its first line `line` names.
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

    /// Takes the block whose line `at` opens a container: reads what stands
    /// before it; returns that line, the container's content and the rest.
    pub(super) fn take_container(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        at: usize,
    ) -> Option<(Line<'a>, Block<'a>, Stretch<'a>)> {
        let block = queue.pop_front()?;
        if at > 0 {
            self.parse_block(parent, block.before(at));
        }
        let behind = block.from(at + 1);
        let (inner, rest) = detab(&behind, TAB);
        let rest = behind.from(rest);
        let inner = if rest.is_empty() {
            self.with_open_slashes(inner, TAB, queue)
        } else {
            inner
        };
        Some((block[at], inner, rest))
    }

    /// Reads a block that is indented below a container into it, or into the
    /// list it ends with.
    fn continues(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        is_container: impl Fn(&Self, Id) -> bool,
    ) -> bool {
        let Some(first) = queue
            .front()
            .map(|block| block[0].text)
            .filter(|text| is_indented(text, TAB))
        else {
            return false;
        };
        let Some(container) = self
            .tree
            .last_element(parent)
            .filter(|last| is_container(self, *last))
        else {
            return false;
        };
        let Some((sibling, width)) = self.innermost(container, first) else {
            return false;
        };
        self.read_into(sibling, width + TAB, queue);
        true
    }

    /// The item that text as far indented as `first` belongs to, in the lists
    /// that `container` ends with, and how far they are indented themselves.
    pub(super) fn innermost(&self, container: Id, first: &str) -> Option<(Id, usize)> {
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

    /// Reads the first block, less `width` columns, into `sibling`.
    pub(super) fn read_into(&mut self, sibling: Id, width: usize, queue: &mut Queue<'a>) {
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
            // Behind all that the item holds already, as in the reference:
            // text before a nested list comes to stand behind it.
            self.tree.wrap_leading_leaf_last(sibling);
        }
        self.parse(sibling, &inner);
        put_back(queue, rest);
    }

    /// Takes the block that a quote stands in, from its first line on; reads
    /// what stands before it.
    pub(super) fn take_quote(&mut self, parent: Id, queue: &mut Queue<'a>) -> Option<Stretch<'a>> {
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
            return self.own_quote(parent, queue, quotes.callouts);
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
        let Some(block) = queue.front_mut().filter(|_| self.options.def_list) else {
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
        let is_lazy = after.first().is_some_and(|line| {
            let bare = line.text.trim_start_matches(' ');
            let is_near = line.text.len() - bare.len() < TAB;
            // A line of spaces is followed by its line break.
            let next = bare.chars().next().or((after.len() > 1).then_some('\n'));
            is_near && next.is_some_and(|next| next != ':') && !line.text.is_empty()
        });
        let (mut inner, rest) = if is_lazy {
            (after.to_block(), after.len())
        } else {
            detab(&after, TAB)
        };
        inner.insert(0, block[at].with(text));
        let mut state = State::List;
        if terms.is_empty()
            && let Some(paragraph) = sibling.filter(|last| self.tree.tag(*last) == "p")
        {
            state = State::LooseList;
            terms = self
                .tree
                .leading_leaf(paragraph)
                .map(|leaf| self.tree.lines(leaf).to_vec())
                .unwrap_or_default();
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

/// The text of a line like `:   text`.
fn definition(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(' ');
    let text = bare
        .strip_prefix(':')
        .filter(|_| line.len() - bare.len() < TAB)?;
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
