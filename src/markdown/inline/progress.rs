//! Progress bars (`[=45% "Title"]`), which are taken out of texts before those
//! are parsed.

use super::Backticks;
use crate::markdown::options::ProgressBar;
use crate::markdown::source::lines::{Line, TextArena, join};
use crate::markdown::tree::attributes::{assign, parse};
use crate::markdown::tree::{Id, Kind, Tree};
use crate::work::step;

/// A bar as written.
#[derive(Debug, PartialEq)]
struct Bar<'t> {
    percent: f64,
    label: Option<&'t str>,
    /// The attribute list behind it, braces included.
    attributes: Option<&'t str>,
    length: usize,
}

/// A number like `12` or `12.5`, and what follows.
fn number(text: &str) -> Option<(f64, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let part = text[whole..].strip_prefix('.').map_or(0, digits);
    let end = whole + if part > 0 { part + 1 } else { 0 };
    if whole == 0 {
        return None;
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// A percentage, or a fraction as one.
fn percent(text: &str) -> Option<(f64, &str)> {
    let (first, rest) = number(text)?;
    if let Some(rest) = rest.strip_prefix('%') {
        let is_short =
            !text.starts_with('0') || !text[1..].starts_with(|it: char| it.is_ascii_digit());
        return (first <= 100.0 && is_short).then_some((first, rest));
    }
    let (second, rest) = number(rest.trim_start().strip_prefix('/')?.trim_start())?;
    let share = if second == 0.0 {
        0.0
    } else {
        first / second * 100.0
    };
    Some((share.min(100.0), rest))
}

/// Parses the bar at the start of `text`. `unclosed` remembers which of the two
/// quotes ends no bar in the rest of the text, and whether no list ends there.
fn bar<'t>(text: &'t str, unclosed: &mut [bool; 3]) -> Option<Bar<'t>> {
    let rest = text.strip_prefix("[=")?;
    let (percent, rest) = percent(rest.trim_start_matches('=').trim_start())?;
    let bare = rest.trim_start();
    let mut label = None;
    let mut end = bare.strip_prefix(']');
    if let Some(quote) = bare.chars().next().filter(|it| matches!(it, '"' | '\'')) {
        let inner = &bare[1..];
        let is_unclosed = &mut unclosed[usize::from(quote == '"')];
        if *is_unclosed || bare.len() == rest.len() {
            return None;
        }
        let close = inner.match_indices(quote).find_map(|(at, _)| {
            step(1);
            let behind = inner[at + 1..].trim_start().strip_prefix(']')?;
            Some((at, behind))
        });
        *is_unclosed = close.is_none();
        let (at, behind) = close?;
        label = Some(&inner[..at]);
        end = Some(behind);
    }
    let mut rest = end?;
    let mut attributes = None;
    if rest.starts_with('{') && !unclosed[2] {
        match rest.find('}') {
            Some(close) => {
                let (list, after) = rest.split_at(close + 1);
                attributes = Some(list);
                rest = after;
            }
            None => unclosed[2] = true,
        }
    }
    Some(Bar {
        percent,
        label,
        attributes,
        length: text.len() - rest.len(),
    })
}

/// Puts an element where a text has a bar.
pub fn bars<'a>(tree: &mut Tree<'a>, options: &ProgressBar, has_lists: bool, texts: &'a TextArena) {
    for parent in tree.walk(Tree::ROOT) {
        let has_bar = |child: &Id| {
            tree.lines(*child)
                .iter()
                .any(|line| line.text.contains("[="))
        };
        if !tree.children(parent).iter().any(has_bar) {
            continue;
        }
        let mut children = Vec::new();
        for child in tree.children(parent).to_vec() {
            if tree.lines(child).is_empty() {
                children.push(child)
            } else {
                split(tree, child, options, has_lists, texts, &mut children)
            }
        }
        tree.nodes[parent].children = children.into();
    }
}

/// Splits a text at its bars.
fn split<'a>(
    tree: &mut Tree<'a>,
    leaf: Id,
    options: &ProgressBar,
    has_lists: bool,
    texts: &'a TextArena,
    to: &mut Vec<Id>,
) {
    let mut source = tree.nodes[leaf].line;
    let text: &'a str = texts.alloc(join(tree.lines(leaf)));
    let backticks = Backticks::of(text);
    let mut unclosed = [false; 3];
    let mut from = 0;
    let mut at = 0;
    while let Some(next) = text[at..].find(['\\', '`', '[']).map(|found| at + found) {
        let rest = &text[next..];
        at = next + 1;
        match rest.as_bytes()[0] {
            b'`' => at = backticks.code_end(next),
            b'\\' => at += rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => {
                let Some(bar) = bar(rest, &mut unclosed) else {
                    continue;
                };
                push_text(tree, &text[from..next], &mut source, to);
                to.push(element(tree, &bar, options, has_lists, source));
                at = next + bar.length;
                from = at;
                // Where lists mean nothing, they are text.
                if !has_lists && let Some(list) = bar.attributes {
                    from -= list.len();
                }
            }
        }
    }
    if from == 0 {
        return to.push(leaf);
    }
    push_text(tree, &text[from..], &mut source, to);
}

fn push_text<'a>(tree: &mut Tree<'a>, text: &'a str, source: &mut u32, to: &mut Vec<Id>) {
    if text.is_empty() {
        return;
    }
    let lines: Vec<Line<'a>> = (*source..)
        .zip(text.split('\n'))
        .map(|(source, text)| Line { text, source })
        .collect();
    let line = *source;
    *source = lines.last().map_or(line, |last| last.source);
    to.push(tree.node(Kind::Leaf(lines), line));
}

fn element<'a>(
    tree: &mut Tree<'a>,
    bar: &Bar<'a>,
    options: &ProgressBar,
    has_lists: bool,
    line: u32,
) -> Id {
    let id = tree.element("div", line);
    let mut classes = vec!["progress".to_owned()];
    classes.extend(options.classes.iter().cloned());
    if options.level_class {
        let step = f64::from(options.increment);
        classes.push(format!(
            "progress-{}plus",
            (bar.percent / step).floor() * step
        ));
    }
    classes.sort();
    classes.dedup();
    tree.set(id, "class", classes.join(" "));
    let inner = tree.append(id, "div", line);
    tree.set(inner, "class", "progress-bar");
    tree.set(inner, "style", format!("width:{:.2}%", bar.percent));
    let label = tree.append(inner, "p", line);
    tree.set(label, "class", "progress-label");
    let text = bar.label.unwrap_or("");
    tree.append_leaf(label, vec![Line { text, source: line }]);
    if has_lists && let Some(list) = bar.attributes {
        let list = list[1..list.len() - 1].trim_start_matches(':');
        assign(tree, id, parse(list).0);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_as_written() {
        let read =
            |text| bar(text, &mut [false; 3]).map(|bar| (bar.percent, bar.label, bar.length));
        assert_eq!(read("[=45%] x"), Some((45.0, None, 6)));
        assert_eq!(read("[== 1/4 \"a]\" ]"), Some((25.0, Some("a]"), 14)));
        assert_eq!(read("[=500/100]"), Some((100.0, None, 10)));
        assert_eq!(read("[=101%]"), None);
        assert_eq!(read("[=5% x]"), None);
    }
}
