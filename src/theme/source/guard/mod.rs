//! Limits the work of a template before the engine compiles it.
//!
//! MiniJinja's parser limits the nesting into which it recurses itself. It parses
//! a chain (`a + b + c ..`, `x|f|g ..`, `{% elif %}` after `{% elif %}`) in a
//! loop, but the resulting tree is as deep as the chain is long, and everything
//! that walks the tree recurses. So chains are counted here, from the engine's
//! own tokens, and a template with a chain that is too long is never compiled.
//!
//! Values that fuel does not cover at run time are passed through one of our
//! filters, which weighs them (`theme/weight.rs`):
//!
//! ```text
//! {% set ns.x = [ns.x] %}   {% set ns.x = (([ns.x]|__kept))|__held %}
//! {{ x[1:] }}  {{ x * 2 }}  {{ (x[1:]|__kept) }}  {{ (x * 2)|__kept }}
//! {% if x == y %}           {% if x|__weighed == y %}
//! {% include x %}           {% include (x)|__named %}
//! {% for x in y %}          {% for x in (y)|__turn %}
//! {{ m(x) }}                {{ (m(x)|__turn) }}
//! ```

mod level;
mod tag;

use std::ops::Range;

use minijinja::machinery::{Token, Tokenizer};
use minijinja::syntax::SyntaxConfig;

use super::Edits;
use tag::Tag;

/// How many steps deep an expression may be, and how many `elif` may be open at
/// once.
pub(in crate::theme) const DEEPEST: usize = 300;

/// Limits a value that is built.
pub(in crate::theme) const KEPT: &str = "__kept";
/// Limits a value that is assigned to a namespace.
pub(in crate::theme) const HELD: &str = "__held";
/// Charges for a value that is looked through.
pub(in crate::theme) const WEIGHED: &str = "__weighed";
/// Charges for looking up templates.
pub(in crate::theme) const NAMED: &str = "__named";
/// Checks results of calls and subjects of loops: whether a text is too long, or
/// rendering has been cancelled.
pub(in crate::theme) const TURN: &str = "__turn";

/// The guards to insert into a template before it is compiled, or the range of a
/// tag that is nested too deeply.
pub(in crate::theme) fn guard(text: &str, syntax: &SyntaxConfig) -> Result<Edits, Range<usize>> {
    let mut tokens = Tokenizer::new(text, "", false, syntax.clone());
    let mut edits = Edits::new();
    let mut tag: Option<Tag> = None;
    let mut conditions = Conditions::default();
    let mut is_first_word = false;
    // If the tokenizer stops early, the engine compiles nothing, but it has
    // parsed what comes before.
    while let Ok(Some((token, span))) = tokens.next_token() {
        let range = span.start_offset as usize..span.end_offset as usize;
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart => tag = Some(Tag::new(range.start)),
            Token::BlockStart => {
                tag = Some(Tag::new(range.start));
                is_first_word = true;
            }
            Token::VariableEnd | Token::BlockEnd => {
                if let Some(tag) = tag.take() {
                    finish(tag, range.end, &mut edits)?;
                }
            }
            token => {
                let Some(tag) = &mut tag else { continue };
                let was_first_word = std::mem::take(&mut is_first_word);
                let Token::Ident(word) = token else {
                    tag.read(&token, range, &mut edits);
                    continue;
                };
                if !was_first_word {
                    tag.read(&token, range, &mut edits);
                    continue;
                }
                conditions.count(word);
                if conditions.chained > DEEPEST {
                    return Err(tag.start..range.end);
                }
                if word == "call" {
                    let guard = guard_before_call(&text[tag.start..], syntax);
                    insert(&mut edits, tag.start, guard);
                }
                tag.begin(word, range.end);
            }
        }
    }
    if let Some(tag) = tag {
        let end = tag.end;
        finish(tag, end, &mut edits)?;
    }
    // A stable sort: edits at the same offset were found from the inside out.
    edits.sort_by_key(|(range, _)| range.start);
    Ok(edits)
}

/// Finishes a tag; its range is the error if it is nested too deeply.
fn finish(tag: Tag, end: usize, edits: &mut Edits) -> Result<(), Range<usize>> {
    let range = tag.start..end;
    if tag.finish(edits) > DEEPEST {
        return Err(range);
    }
    Ok(())
}

/// Counts the conditions that are open.
#[derive(Default)]
struct Conditions {
    /// The number of `elif` of each open `if`.
    counts: Vec<usize>,
    /// The number of all of them.
    chained: usize,
}

impl Conditions {
    /// Takes the first word of a tag.
    fn count(&mut self, word: &str) {
        match word {
            "if" => self.counts.push(0),
            "elif" => {
                // The parser refuses an `elif` without an `if`.
                if let Some(count) = self.counts.last_mut() {
                    *count += 1;
                }
                self.chained += 1;
            }
            "endif" => self.chained -= self.counts.pop().unwrap_or(0),
            _ => {}
        }
    }
}

/// A guard to insert before a `call` tag, because the call itself cannot be
/// wrapped. `source` starts with the tag.
fn guard_before_call(source: &str, syntax: &SyntaxConfig) -> String {
    let (open, close) = syntax.block_delimiters();
    // A statement that is a line must stay at its start.
    let Some(inside) = source.strip_prefix(open) else {
        return String::new();
    };
    let trim = match inside.chars().next() {
        Some('-') => "-",
        Some('+') => "+",
        _ => "",
    };
    format!("{open}{trim} if ''|{TURN} {close}{open} endif {close}")
}

fn insert(edits: &mut Edits, at: usize, text: String) {
    edits.push((at..at, text));
}

fn wrap(edits: &mut Edits, range: Range<usize>, filter: &str) {
    insert(edits, range.start, "(".to_owned());
    insert(edits, range.end, format!("|{filter})"));
}
