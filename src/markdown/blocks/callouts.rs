//! Callouts of `markdown-callouts`: `NOTE: text` and `> NOTE: text` of the
//! extension `callouts`, and `> [!NOTE]` of `github-callouts`.

use super::block_lines::{BlockLines, Rule};
use super::containers::unquoted;
use super::quotes::titled;
use super::{Parser, Queue, State};
use crate::markdown::source::lines::{Block, Line};
use crate::markdown::tree::{Id, Kind, Tree};

/// The attribute of a callout whose first bold text becomes its title, until that
/// is done.
const UNTITLED: &str = "data-callout-untitled";

/// The first line of a callout.
struct Callout<'t> {
    kind: &'t str,
    /// How it can be folded; `None` if it cannot.
    open: Option<bool>,
    is_quoted: bool,
    /// The text after the colon.
    text: &'t str,
    /// Whether that is the end of the line.
    is_alone: bool,
}

/// The quote mark at the start of a line and the rest.
fn quote_mark(line: &str) -> Option<&str> {
    super::unindented(line)?.strip_prefix('>')
}

/// Reads `> NOTE: text`. Only the first line of a block needs no quote mark.
fn parse_callout<'t>(lines: &[Line<'t>], at: usize, bare: bool) -> Option<Callout<'t>> {
    let line = lines[at].text;
    let (rest, open, is_quoted) = match quote_mark(line) {
        Some(rest) if !bare => {
            let (rest, open) = match rest.as_bytes().first() {
                Some(b'!') => (&rest[1..], Some(true)),
                Some(b'?') => (&rest[1..], Some(false)),
                _ => (rest, None),
            };
            (rest.strip_prefix(' ').unwrap_or(rest), open, true)
        }
        _ if bare => (line, None, false),
        _ => return None,
    };
    let (kind, text) = rest.split_once(':')?;
    if kind.len() < 2 || !kind.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let is_alone = text.is_empty() && at + 1 < lines.len();
    let text = if is_alone {
        text
    } else {
        text.strip_prefix(' ')?
    };
    Some(Callout {
        kind,
        open,
        is_quoted,
        text,
        is_alone,
    })
}

/// The kinds of GitHub's alerts, with their classes and titles.
const ALERTS: [(&str, &str, &str); 5] = [
    ("note", "note", "Note"),
    ("tip", "tip", "Tip"),
    ("important", "important", "Important"),
    ("warning", "warning", "Warning"),
    ("caution", "danger", "Caution"),
];

/// Reads `> [!NOTE]`: the class, the title, and the index of the first line of
/// the text after it.
fn parse_alert(lines: &[Line], at: usize) -> Option<(&'static str, &'static str, usize)> {
    let inner = quote_mark(lines[at].text)?.trim_start_matches(' ');
    let kind = inner
        .strip_prefix("[!")?
        .trim_end_matches(' ')
        .strip_suffix(']')?;
    let (_, class, title) = ALERTS.iter().find(|it| it.0.eq_ignore_ascii_case(kind))?;
    let is_empty = |line: &&Line| line.text.trim_matches(' ') == ">";
    let blank = lines[at + 1..].iter().take_while(is_empty).count();
    let first = at + 1 + blank;
    let text = lines.get(first)?.text.trim_start_matches(' ');
    let text = text.strip_prefix('>').unwrap_or(text);
    (!text.trim().is_empty()).then_some((class, title, first))
}

impl<'a> Parser<'a, '_> {
    /// The rule of the extension `github-callouts`.
    pub(super) fn alert(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if !self.options.github_callouts || self.is(State::Quote) {
            return false;
        }
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let read = |lines: &'a [Line<'a>], at: usize| {
            // Not in the middle of a quote.
            let begins = at == 0 || !lines[at - 1].text.starts_with('>');
            begins.then(|| parse_alert(lines, at))?
        };
        let Some((at, (class, title, first))) = block.find(Rule::Alert, read) else {
            return false;
        };
        let Some(block) = queue.pop_front() else {
            return false;
        };
        self.parse_before(parent, &block, at);
        let line = block[at].source;
        let div = self.tree.append(parent, "div", line);
        self.tree.set(div, "class", format!("admonition {class}"));
        let head = self.tree.append(div, "p", line);
        self.tree.set(head, "class", "admonition-title");
        self.tree.append_text(head, title);
        let inner: Block = block[first..].iter().map(unquoted).collect();
        self.within(State::Quote, |parser| parser.parse(div, &inner));
        true
    }

    /// The rule of the extension `callouts`.
    pub(super) fn callout(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if self.options.callouts.is_none() {
            return false;
        }
        let in_quote = self.is(State::Quote);
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let bare = (!in_quote).then(|| parse_callout(block, 0, true)).flatten();
        let found = match bare {
            Some(callout) => Some((0, callout)),
            None => block.find(Rule::Callout, |lines, at| parse_callout(lines, at, false)),
        };
        let Some((at, callout)) = found else {
            return false;
        };
        let Some(block) = queue.pop_front() else {
            return false;
        };
        self.parse_before(parent, &block, at);
        let line = block[at].source;
        let is_folded = callout.open.is_some();
        let (tag, head) = if is_folded {
            ("details", "summary")
        } else {
            ("div", "p")
        };
        let id = self.tree.append(parent, tag, line);
        let class = callout.kind.to_lowercase();
        let class = if is_folded {
            class
        } else {
            format!("admonition {class}")
        };
        self.tree.set(id, "class", class);
        if callout.open == Some(true) {
            self.tree.set(id, "open", "open");
        }
        let title = self.tree.append(id, head, line);
        if !is_folded {
            self.tree.set(title, "class", "admonition-title");
        }
        self.tree.append_text(title, titled(callout.kind));
        if !callout.is_alone {
            self.tree.set(id, UNTITLED, "");
        }
        let mut inner: Block = Vec::new();
        if !callout.is_alone {
            inner.push(block[at].with(callout.text));
        }
        let rest = block[at + 1..].iter();
        if callout.is_quoted {
            inner.extend(rest.map(unquoted));
        } else {
            inner.extend(rest);
        }
        self.within(State::Quote, |parser| parser.parse(id, &inner));
        true
    }

    /// Parses the lines of a block before line `at`.
    fn parse_before(&mut self, parent: Id, block: &BlockLines<'a>, at: usize) {
        if at > 0 {
            self.parse_block(parent, block.before(at));
        }
    }
}

/// Makes the bold text that a callout begins with its title. Without the period at
/// its end if `strips_period`.
pub fn set_titles(tree: &mut Tree, strips_period: bool) {
    for id in tree.walk(Tree::ROOT) {
        if tree.unset(id, UNTITLED).is_none() {
            continue;
        }
        let mut elements = tree.elements(id);
        let (title, paragraph) = (elements.next(), elements.next());
        drop(elements);
        let (Some(title), Some(paragraph)) = (title, paragraph) else {
            continue;
        };
        let children = tree.children(paragraph).to_vec();
        let is_blank =
            |id: &Id| matches!(&tree.nodes[*id].kind, Kind::Text(text) if text.trim().is_empty());
        let Some(at) = children.iter().position(|id| !is_blank(id)) else {
            continue;
        };
        if tree.tag(paragraph) != "p" || tree.tag(children[at]) != "strong" {
            continue;
        }
        let mut words = tree.children(children[at]).to_vec();
        trim(tree, &mut words, strips_period);
        tree.nodes[title].children = words.into();
        let mut rest = [&children[..at], &children[at + 1..]].concat();
        if rest.first().is_some_and(|first| tree.tag(*first) == "br") {
            rest.remove(0);
        }
        if rest.is_empty() {
            tree.remove_last(id, paragraph);
        }
        tree.nodes[paragraph].children = rest.into();
    }
}

/// Removes the white space at both ends of a title, and the period at its end.
fn trim(tree: &mut Tree, words: &mut [Id], strips_period: bool) {
    if let Some(first) = words.first()
        && let Kind::Text(text) = &mut tree.nodes[*first].kind
    {
        *text = text.trim_start().to_owned().into();
    }
    if let Some(last) = words.last()
        && let Kind::Text(text) = &mut tree.nodes[*last].kind
    {
        let trimmed = text.trim_end();
        let trimmed = if strips_period {
            trimmed.strip_suffix('.').unwrap_or(trimmed)
        } else {
            trimmed
        };
        *text = trimmed.to_owned().into();
    }
}
