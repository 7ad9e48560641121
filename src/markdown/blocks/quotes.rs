//! `pymdownx.quotes`: quotes that are not joined, and callouts such as
//! `> [!note] Title`.

use super::containers::unquoted;
use super::{Parser, Queue, State, unindented};
use crate::html::heading_level;
use crate::markdown::source::lines::{Block, Line};
use crate::markdown::tree::{Id, Kind, Tree};
use crate::text::is_word;

/// The attribute with the classes of a callout, until that is rendered.
const CLASSES: &str = "data-alert";
/// The attribute that says how a callout is folded: `open`, `closed` or empty.
const FOLDED: &str = "data-alert-collapse";

/// The first line of a callout.
struct Callout<'t> {
    /// Its first class, as written.
    name: &'t str,
    classes: String,
    folded: &'static str,
    title: &'t str,
}

/// Parses `> [!note | other]- Title`.
fn parse_callout(line: &str) -> Option<Callout<'_>> {
    let (inside, rest) = unindented(line)?
        .strip_prefix('>')?
        .trim_start_matches(' ')
        .strip_prefix("[!")?
        .split_once(']')?;
    let names: Vec<&str> = inside
        .split('|')
        .map(|name| name.trim_matches(' '))
        .collect();
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|it| is_word(it) || it == '-');
    if !names.iter().all(is_name) || inside.starts_with(' ') || inside.ends_with(' ') {
        return None;
    }
    let (folded, title) = if let Some(title) = rest.strip_prefix('-') {
        ("closed", title)
    } else if let Some(title) = rest.strip_prefix('+') {
        ("open", title)
    } else {
        ("", rest)
    };
    let mut classes = vec![names[0].to_lowercase()];
    classes.extend(names[1..].iter().map(|name| (*name).to_owned()));
    Some(Callout {
        name: names[0],
        classes: classes.join(" "),
        folded,
        title: title.trim(),
    })
}

/// `some-NAME` as `Some-Name`, like Python's `title()`.
pub(super) fn titled(name: &str) -> String {
    let mut title = String::with_capacity(name.len());
    let mut in_word = false;
    for character in name.chars() {
        if in_word {
            title.extend(character.to_lowercase())
        } else {
            title.extend(character.to_uppercase())
        }
        in_word = character.is_alphabetic();
    }
    title
}

impl<'a> Parser<'a, '_> {
    /// Parses a quote by the rules of this extension.
    pub(super) fn separate_quote(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        callouts: bool,
    ) -> bool {
        let Some(block) = self.take_quote(parent, queue) else {
            return false;
        };
        let mut inner: Block<'a> = block.iter().map(unquoted).collect();
        let quote = self.tree.append(parent, "blockquote", block[0].source);
        let is_filled = |line: &Line| !line.text.is_empty() && line.text.trim() != ">";
        if callouts
            && let Some(first) = block.iter().position(is_filled)
            && let Some(callout) = parse_callout(block[first].text)
        {
            let line = inner[first];
            let title = match callout.title {
                "" => self.texts.alloc(titled(callout.name)),
                title => title,
            };
            inner[first] = line.with(title);
            inner.insert(first + 1, line.with(""));
            self.tree.set(quote, CLASSES, callout.classes);
            self.tree.set(quote, FOLDED, callout.folded);
        }
        self.within(State::Quote, |parser| parser.parse(quote, &inner));
        true
    }
}

/// Turns the quotes that are callouts into admonitions and details.
pub fn render_callouts(tree: &mut Tree) {
    for id in tree.walk(Tree::ROOT) {
        let Some(classes) = tree.unset(id, CLASSES) else {
            continue;
        };
        // An element written in HTML may have the one without the other.
        let folded = tree.unset(id, FOLDED).unwrap_or_default();
        let first = tree.elements(id).next();
        let is_heading = |tree: &Tree, id: Id| heading_level(tree.tag(id)).is_some();
        if folded.is_empty() {
            rename(tree, id, "div");
            tree.set(id, "class", format!("admonition {classes}"));
            if let Some(title) = first
                && (tree.tag(title) == "p" || is_heading(tree, title))
            {
                tree.add_class(title, "admonition-title");
            }
            continue;
        }
        rename(tree, id, "details");
        if folded == "open" {
            tree.set(id, "open", "open");
        }
        tree.set(id, "class", classes);
        match first {
            Some(title) if tree.tag(title) == "p" => rename(tree, title, "summary"),
            Some(title) if is_heading(tree, title) => {
                let summary = tree.element("summary", tree.nodes[title].line);
                tree.nodes[summary].children.push(title);
                for child in &mut tree.nodes[id].children {
                    if *child == title {
                        *child = summary;
                    }
                }
            }
            _ => {}
        }
    }
}

fn rename(tree: &mut Tree, id: Id, name: &'static str) {
    if let Kind::Element { tag, .. } = &mut tree.nodes[id].kind {
        *tag = name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_of_callouts() {
        let read = |line| {
            parse_callout(line).map(|callout| (callout.classes, callout.folded, callout.title))
        };
        assert_eq!(read("> [!NOTE]"), Some(("note".to_owned(), "", "")));
        assert_eq!(
            read(">[!tip | big]- A title"),
            Some(("tip big".to_owned(), "closed", "A title"))
        );
        assert_eq!(read("> [! x]"), None);
        assert_eq!(titled("my-NOTE"), "My-Note");
    }
}
