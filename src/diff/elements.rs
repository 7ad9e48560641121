//! HTML as a tree of elements, each with the bytes that it covers.

use std::ops::Range;

use crate::html::{self, Token};

/// How deeply elements may be nested. What is deeper is text of the element at
/// this depth, so that no page is too deep to be compared.
const DEEPEST: usize = 128;

/// An element or a piece of text.
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub(super) node: Node<'a>,
    /// The bytes of its start tag, or of the text.
    pub(super) open: Range<usize>,
    /// The bytes of its end tag; empty where it has none.
    pub(super) close: Range<usize>,
    pub(super) children: Vec<usize>,
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node<'a> {
    /// An element, with its name as written and the text of its attributes.
    Tag { name: &'a str, attributes: &'a str },
    /// Text, with entities as written.
    Text(&'a str),
    /// What readers do not see: comments, declarations and end tags of nothing.
    Unseen,
}

/// The elements of `html`, each after its parent. The first one stands for all of
/// it.
pub(super) fn elements(html: &str) -> Vec<Element<'_>> {
    let mut tree = Tree {
        elements: vec![Element {
            node: Node::Tag {
                name: "",
                attributes: "",
            },
            open: 0..0,
            close: html.len()..html.len(),
            children: Vec::new(),
        }],
        open: vec![0],
    };
    for (token, range) in html::tokens(html) {
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                tree.imply_ends(name, range.start);
                let at = tree.push(Node::Tag { name, attributes }, range.clone());
                // In HTML, a slash closes foreign elements only. Those that are
                // written so are hardly ever meant to be open.
                let is_void = closed || html::VOID.iter().any(|it| it.eq_ignore_ascii_case(name));
                if is_void {
                    tree.elements[at].close = range.end..range.end;
                } else if tree.open.len() < DEEPEST {
                    tree.open.push(at);
                } else {
                    tree.elements[at].node = Node::Unseen;
                    tree.elements[at].close = range.end..range.end;
                }
            }
            Token::End { name } => tree.end(name, range),
            Token::Text(text) => {
                tree.push(Node::Text(text), range);
            }
            Token::Comment(_) | Token::Other(_) => {
                tree.push(Node::Unseen, range);
            }
        }
    }
    while tree.open.len() > 1 {
        tree.close(html.len()..html.len());
    }
    tree.elements
}

struct Tree<'a> {
    elements: Vec<Element<'a>>,
    /// The elements that are open, outermost first.
    open: Vec<usize>,
}

impl<'a> Tree<'a> {
    fn push(&mut self, node: Node<'a>, range: Range<usize>) -> usize {
        let at = self.elements.len();
        self.elements.push(Element {
            node,
            close: range.end..range.end,
            open: range,
            children: Vec::new(),
        });
        let parent = *self.open.last().expect("the first element stays open");
        self.elements[parent].children.push(at);
        at
    }

    fn close(&mut self, range: Range<usize>) {
        if let Some(at) = self.open.pop() {
            self.elements[at].close = range;
        }
    }

    fn name(&self, at: usize) -> &'a str {
        match self.elements[at].node {
            Node::Tag { name, .. } => name,
            Node::Text(_) | Node::Unseen => "",
        }
    }

    /// Closes the elements that end where an element of this name begins.
    fn imply_ends(&mut self, name: &str, at: usize) {
        while self.open.len() > 1 {
            let open = self.name(*self.open.last().expect("checked"));
            if !ends_before(open, name) {
                break;
            }
            self.close(at..at);
        }
    }

    fn end(&mut self, name: &str, range: Range<usize>) {
        let open = self.open.iter().skip(1);
        let Some(depth) = open
            .clone()
            .rposition(|at| self.name(*at).eq_ignore_ascii_case(name))
        else {
            self.push(Node::Unseen, range);
            return;
        };
        // The end of an inline element does not close the blocks around it.
        let crossed = self.open[depth + 2..].iter();
        let crosses_block = crossed
            .clone()
            .any(|at| is_block(self.name(*at)) && !has_implied_end(self.name(*at)));
        if crosses_block && !is_block(name) {
            self.push(Node::Unseen, range);
            return;
        }
        while self.open.len() > depth + 2 {
            self.close(range.start..range.start);
        }
        self.close(range);
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// Whether an open element ends where one called `next` begins, by HTML's rules
/// for tags that may be left out.
fn ends_before(open: &str, next: &str) -> bool {
    match open {
        "p" => is_block(next),
        "li" => is_one_of(next, &["li"]),
        "dt" | "dd" => is_one_of(next, &["dt", "dd"]),
        "td" | "th" => is_one_of(next, &["td", "th", "tr", "tbody", "tfoot"]),
        "tr" => is_one_of(next, &["tr", "tbody", "tfoot"]),
        "thead" | "tbody" | "tfoot" => is_one_of(next, &["tbody", "tfoot"]),
        "option" => is_one_of(next, &["option"]),
        _ => {
            open.bytes().any(|it| it.is_ascii_uppercase())
                && ends_before(&open.to_ascii_lowercase(), next)
        }
    }
}

/// Whether the end tag of an element may be left out.
fn has_implied_end(name: &str) -> bool {
    is_one_of(
        name,
        &[
            "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option",
        ],
    )
}

/// Whether an element is a block of its own, and not part of a line of text.
pub(super) fn is_block(name: &str) -> bool {
    match name {
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "col"
        | "colgroup" | "dd" | "details" | "dialog" | "div" | "dl" | "dt" | "fieldset"
        | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        | "header" | "hgroup" | "hr" | "legend" | "li" | "main" | "menu" | "nav" | "ol" | "p"
        | "pre" | "section" | "summary" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead"
        | "tr" | "ul" => true,
        _ => name.bytes().any(|it| it.is_ascii_uppercase()) && is_block(&name.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, elements};

    /// The tree as text: names, with children in brackets.
    fn shape(html: &str) -> String {
        fn write(tree: &[super::Element<'_>], at: usize, into: &mut String) {
            match tree[at].node {
                Node::Tag { name, .. } => into.push_str(name),
                Node::Text(text) => into.push_str(text.trim()),
                Node::Unseen => into.push('-'),
            }
            if !tree[at].children.is_empty() {
                into.push('(');
                for child in &tree[at].children {
                    write(tree, *child, into);
                    into.push(' ');
                }
                into.pop();
                into.push(')');
            }
        }
        let mut written = String::new();
        write(&elements(html), 0, &mut written);
        written
    }

    #[test]
    fn tags_may_be_left_out() {
        for (html, expected) in [
            ("<p>a<p>b", "(p(a) p(b))"),
            (
                "<ul><li>a<li>b<ul><li>c</ul></ul>",
                "(ul(li(a) li(b ul(li(c)))))",
            ),
            (
                "<p>a<table><tr><td>b<td>c<tr><td>d</table>e",
                "(p(a) table(tr(td(b) td(c)) tr(td(d))) e)",
            ),
            ("<dl><dt>a<dd>b<dt>c</dl>", "(dl(dt(a) dd(b) dt(c)))"),
            ("a<br>b<img src=x>c", "(a br b img c)"),
            ("<b>a</i>b</b>", "(b(a - b))"),
            ("<span><div>a</span>b</div>", "(span(div(a - b)))"),
            ("</p>a<!-- b -->", "(- a -)"),
        ] {
            assert_eq!(shape(html), expected, "{html}");
        }
    }

    #[test]
    fn deep_nesting_is_flattened() {
        let html = "<div>".repeat(10_000) + "x" + &"</div>".repeat(10_000);
        let tree = elements(&html);
        assert_eq!(tree.len(), 20_002 - super::DEEPEST + 1);
    }
}
