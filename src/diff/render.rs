//! Marks the changes in the HTML of a page.

use super::elements::is_block;
use super::{Block, Change, ChangeKind, Difference, Level};
use crate::html::{self, Token};

/// How changes are marked.
pub struct Marking<'a> {
    /// The address of something that only the base has, from its address there.
    pub at_base: &'a dyn Fn(&str) -> Option<String>,
    /// The levels that are marked.
    pub levels: &'a [Level],
}

/// The attribute of what is gone that says where it was in the sources of the base.
const AT_BASE: &str = "data-proofroom-base-src";

/// Attributes that hold addresses.
const ADDRESSES: [&str; 4] = ["src", "href", "poster", "data"];

/// Elements that are marked from the outside, because marks inside of them would be
/// text or break them.
const CLOSED: [&str; 12] = [
    "svg", "math", "script", "style", "select", "textarea", "button", "iframe", "object", "video",
    "audio", "picture",
];

/// Elements that may not contain marks directly.
const UNMARKABLE: [&str; 9] = [
    "table", "tbody", "thead", "tfoot", "tr", "colgroup", "ul", "ol", "dl",
];

/// The article as it is now, with its changes marked and what is gone where it
/// stood. Ids of what is gone are left out, and so are its scripts, so that the
/// site's own scripts and styles work as before.
pub fn render(base: &str, now: &str, difference: &Difference, marking: &Marking<'_>) -> String {
    let mut html = String::with_capacity(now.len() + now.len() / 4);
    let keys: Vec<String> = keys(&difference.changes);
    for segment in &difference.segments {
        let (old, new) = (&base[segment.base.clone()], &now[segment.now.clone()]);
        let shown = segment.change.and_then(|nth| {
            let change = difference.changes.get(nth)?;
            marking
                .levels
                .contains(&change.level)
                .then_some((change, &keys[nth]))
        });
        let Some((change, key)) = shown else {
            html.push_str(new);
            continue;
        };
        let mark = |what| Mark {
            what,
            key,
            is_code: matches!(change.block, Block::Line | Block::Code),
        };
        if new.is_empty() {
            let what = match change.kind {
                ChangeKind::Moved => "moved-away",
                _ => "removed",
            };
            removed(old, &mark(what), marking, &mut html);
        } else {
            let what = match change.kind {
                ChangeKind::Moved => "moved",
                _ if old.is_empty() => "added",
                _ => "markup",
            };
            marked(new, &mark(what), &mut html);
        }
    }
    html
}

/// Names for changes, each of which stays the same when other changes come and go.
pub fn keys(changes: &[Change]) -> Vec<String> {
    use std::collections::BTreeMap;
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let key = |change: &Change| {
        let mut hasher = DefaultHasher::new();
        (change.kind, change.level, change.block).hash(&mut hasher);
        (&change.before, &change.after).hash(&mut hasher);
        let hash = hasher.finish();
        let count = seen.entry(hash).or_default();
        *count += 1;
        match count {
            1 => format!("{hash:016x}"),
            nth => format!("{hash:016x}-{nth}"),
        }
    };
    changes.iter().map(key).collect()
}

struct Mark<'k> {
    what: &'static str,
    key: &'k str,
    /// Whether it is in code, where line breaks are seen.
    is_code: bool,
}

impl Mark<'_> {
    fn attributes(&self) -> String {
        format!(
            " data-proofroom-mark=\"{}\" data-proofroom-change=\"{}\"",
            self.what, self.key
        )
    }

    /// The element around marked text.
    fn element(&self) -> &'static str {
        match self.what {
            "added" => "ins",
            "removed" | "moved-away" => "del",
            _ => "span",
        }
    }

    fn open(&self, html: &mut String) {
        html.extend(["<", self.element(), &self.attributes(), ">"]);
    }

    fn close(&self, html: &mut String) {
        html.extend(["</", self.element(), ">"]);
    }
}

/// Copies a piece of the page as it is now, with marks.
fn marked(html: &str, mark: &Mark<'_>, to: &mut String) {
    let tags = html::tokens(html)
        .filter(|(token, _)| matches!(token, Token::Start { .. } | Token::End { .. }));
    let mut pieces = Pieces::new(mark, to, balanced(html).len() == tags.count());
    for (token, range) in html::tokens(html) {
        pieces.token(token, |to| to.push_str(&html[range]));
    }
    pieces.finish();
}

/// Copies a piece of the base, with marks, so that it does nothing but look like it
/// did.
fn removed(html: &str, mark: &Mark<'_>, marking: &Marking<'_>, to: &mut String) {
    let kept = balanced(html);
    let mut pieces = Pieces::new(mark, to, true);
    let mut script = None;
    for (token, range) in html::tokens(html) {
        let is_kept = kept.binary_search(&range.start).is_ok();
        match token {
            Token::Start { name, closed, .. } if is_script(name) => {
                script = (!closed).then_some(name);
            }
            Token::End { name } if is_script(name) => script = None,
            _ if script.is_some() => {}
            Token::Start {
                name,
                attributes,
                closed,
            } if is_kept => {
                pieces.token(token, |to| inert(name, attributes, closed, marking, to));
            }
            Token::End { .. } if !is_kept => {}
            Token::Text(_) | Token::End { .. } => {
                pieces.token(token, |to| to.push_str(&html[range]));
            }
            Token::Start { .. } | Token::Comment(_) | Token::Other(_) => {}
        }
    }
    pieces.finish();
}

/// Whether an element is marked by attributes. Style sheets of themes expect labels
/// of tabs to be where they are.
fn is_marked_itself(name: &str) -> bool {
    is_block(name) || name.eq_ignore_ascii_case("label")
}

fn is_script(name: &str) -> bool {
    ["script", "style"]
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it))
}

/// Copies HTML with marks: around text, and as attributes of blocks.
struct Pieces<'m> {
    mark: &'m Mark<'m>,
    to: &'m mut String,
    /// Whether all tags have both a start and an end, so that one mark can be
    /// around several elements of a line.
    is_balanced: bool,
    /// The open blocks.
    blocks: Vec<String>,
    /// How many inline elements are open.
    depth: usize,
    /// Whether a mark is open, and in how many inline elements it began.
    open: Option<usize>,
    /// The open element that is marked from the outside, and how often it is nested.
    closed: Option<(String, usize)>,
}

impl<'m> Pieces<'m> {
    fn new(mark: &'m Mark<'m>, to: &'m mut String, is_balanced: bool) -> Self {
        Self {
            mark,
            to,
            is_balanced,
            blocks: Vec::new(),
            depth: 0,
            open: None,
            closed: None,
        }
    }

    fn open(&mut self) {
        if self.open.is_none() {
            self.mark.open(self.to);
            self.open = Some(self.depth);
        }
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.mark.close(self.to);
        }
    }

    /// Ends a mark that is not to be around more.
    fn close_early(&mut self) {
        if !self.is_balanced {
            self.close();
        }
    }

    fn token(&mut self, token: Token<'_>, write: impl FnOnce(&mut String)) {
        if let Some((name, nesting)) = &mut self.closed {
            match token {
                Token::Start {
                    name: inner,
                    closed: false,
                    ..
                } if inner.eq_ignore_ascii_case(name) => *nesting += 1,
                Token::End { name: inner } if inner.eq_ignore_ascii_case(name) => *nesting -= 1,
                _ => {}
            }
            let is_over = *nesting == 0;
            write(self.to);
            if is_over {
                self.closed = None;
                self.close_early();
            }
            return;
        }
        match token {
            Token::Text(text) => {
                let is_seen = !text.trim().is_empty()
                    || self.mark.is_code
                    || (self.blocks.is_empty() && !text.contains('\n'));
                let holder = self.blocks.last();
                let is_markable =
                    holder.is_none_or(|holder| !UNMARKABLE.contains(&holder.as_str()));
                if is_seen && is_markable {
                    self.open();
                    write(self.to);
                    self.close_early();
                } else if self.mark.element() != "del" || !self.blocks.is_empty() {
                    write(self.to);
                }
            }
            Token::Start { name, closed, .. } => {
                let is_void = closed || html::VOID.iter().any(|it| it.eq_ignore_ascii_case(name));
                if is_marked_itself(name) {
                    self.block(name, is_void, write);
                } else {
                    self.inline(name, is_void, write);
                }
            }
            Token::End { name } => {
                if is_marked_itself(name) {
                    if self.open.is_some_and(|depth| depth >= self.depth) {
                        self.close();
                    }
                    self.blocks.pop();
                } else {
                    if self.open.is_some_and(|depth| depth >= self.depth) {
                        self.close();
                    }
                    self.depth = self.depth.saturating_sub(1);
                }
                write(self.to);
            }
            Token::Comment(_) | Token::Other(_) => write(self.to),
        }
    }

    fn block(&mut self, name: &str, is_void: bool, write: impl FnOnce(&mut String)) {
        if self.depth == 0 {
            self.close();
        }
        let from = self.to.len();
        write(self.to);
        let ends = |it: char| it.is_whitespace() || matches!(it, '>' | '/');
        if self.blocks.is_empty()
            && self.open.is_none()
            && let Some(end) = self.to[from..].find(ends)
        {
            self.to.insert_str(from + end, &self.mark.attributes());
        }
        if !is_void {
            self.blocks.push(name.to_ascii_lowercase());
        }
    }

    fn inline(&mut self, name: &str, is_void: bool, write: impl FnOnce(&mut String)) {
        if is_script(name) {
            write(self.to);
            self.closed = (!is_void).then(|| (name.to_owned(), 1));
            return;
        }
        let is_closed = CLOSED.iter().any(|it| it.eq_ignore_ascii_case(name));
        if self.is_balanced || is_closed || (is_void && !name.eq_ignore_ascii_case("wbr")) {
            self.open();
        }
        write(self.to);
        if is_void {
            self.close_early();
        } else if is_closed {
            self.closed = Some((name.to_owned(), 1));
        } else {
            self.depth += 1;
        }
    }

    fn finish(mut self) {
        self.close();
    }
}

/// Where the tags begin that have both a start and an end in this piece.
fn balanced(html: &str) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (token, range) in html::tokens(html) {
        match token {
            Token::Start { name, closed, .. } => {
                if closed || html::VOID.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                    kept.push(range.start);
                } else {
                    open.push((name, range.start));
                }
            }
            Token::End { name } => {
                let start = open
                    .iter()
                    .rposition(|(it, _)| it.eq_ignore_ascii_case(name));
                if let Some(at) = start {
                    kept.extend([open[at].1, range.start]);
                    open.truncate(at);
                }
            }
            Token::Text(_) | Token::Comment(_) | Token::Other(_) => {}
        }
    }
    kept.sort_unstable();
    kept
}

/// Writes a start tag without what identifies it or makes it do something.
fn inert(name: &str, attributes: &str, closed: bool, marking: &Marking<'_>, to: &mut String) {
    to.extend(["<", name]);
    for (key, value) in html::attributes(attributes) {
        let key = key.to_ascii_lowercase();
        let is_dropped = key.starts_with("on")
            || [
                "id",
                "name",
                "for",
                "autofocus",
                "autoplay",
                "srcset",
                "usemap",
                "form",
            ]
            .contains(&key.as_str());
        // It tells of a line of the base.
        let key = if key == "data-src" { AT_BASE } else { &key };
        if is_dropped {
            continue;
        }
        to.extend([" ", key]);
        let Some(value) = value else {
            continue;
        };
        let value = html::unescape(value);
        let moved = ADDRESSES
            .contains(&key)
            .then(|| (marking.at_base)(&value))
            .flatten();
        to.push_str("=\"");
        html::Escape::QUOTED.append(moved.as_deref().unwrap_or(&value), to);
        to.push('"');
    }
    if name.eq_ignore_ascii_case("details") {
        to.push_str(" open");
    }
    to.push_str(if closed { "/>" } else { ">" });
}

#[cfg(test)]
mod tests {
    use super::super::{Level, Side, difference};
    use super::{Marking, render};

    /// The page with its marks, without their keys.
    fn marked(base: &str, now: &str) -> String {
        let found = difference(&Side::of(base), &Side::of(now));
        let marking = Marking {
            at_base: &|_| None,
            levels: &[Level::Text],
        };
        let html = render(base, now, &found, &marking);
        let mut pieces = html.split(" data-proofroom-change=\"");
        let mut short = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            short.push_str(piece.split_once('"').map_or("", |(_, rest)| rest));
        }
        short.replace(" data-proofroom-mark", "")
    }

    #[test]
    fn lines_of_code_that_are_gone_stay_lines() {
        let base = "<pre><code>first()\nsecond()\n\nthird()\n</code></pre>";
        let now = "<pre><code>first()\nthird()\n</code></pre>";
        assert_eq!(
            marked(base, now),
            "<pre><code>first()\n<del=\"removed\">second()\n</del><del=\"removed\">\n</del>\
             third()\n</code></pre>"
        );
    }

    #[test]
    fn a_block_without_text_has_a_place_for_text() {
        let cell = |inner: &str| {
            format!("<table><tr><td>{inner}</td><td>Words that stay.</td></tr></table>")
        };
        assert_eq!(
            marked(&cell("<p></p>"), &cell("<p>new</p>")),
            cell("<p><ins=\"added\">new</ins></p>")
        );
        assert_eq!(
            marked(&cell("<p>old</p>"), &cell("<p></p>")),
            cell("<p><del=\"removed\">old</del></p>")
        );
    }

    #[test]
    fn labels_stay_where_themes_expect_them() {
        let set = |labels: &str| {
            format!("<div class=\"tabbed-set\"><div class=\"tabbed-labels\">{labels}</div></div>")
        };
        let base = set("<label for=\"a\">Linux</label><label for=\"b\">Windows</label>");
        let now = set("<label for=\"a\">Linux</label>");
        assert_eq!(
            marked(&base, &now),
            set(
                "<label for=\"a\">Linux</label><label=\"removed\"><del=\"removed\">Windows</del></label>"
            )
        );
    }
}
