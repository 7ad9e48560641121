//! What is settled of a template before the engine compiles it.
//!
//! MiniJinja's parser bounds the nesting that it recurses into itself. A chain
//! (`a + b + c ..`, `x|f|g ..`, `{% elif %}` after `{% elif %}`) is a loop to
//! it, but the tree of it is as deep as the chain is long, and all that walks
//! the tree recurses. So chains are counted here, from the engine's own
//! tokens, and a template that holds too long a one is never compiled.
//!
//! What fuel does not see at run time is made to pass a filter of ours that
//! weighs it (`theme/weight.rs`):
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

/// How many steps an expression may be deep, and how many conditions may
/// follow each other by `elif`.
pub(in crate::theme) const DEEPEST: usize = 300;

/// The filters that weigh values; see `theme/weight.rs`.
pub(in crate::theme) const KEPT: &str = "__kept";
pub(in crate::theme) const HELD: &str = "__held";
pub(in crate::theme) const WEIGHED: &str = "__weighed";
pub(in crate::theme) const NAMED: &str = "__named";
/// The filter that looks at what is called and gone through: a text may be too
/// long, and nobody may wait for it any more.
pub(in crate::theme) const TURN: &str = "__turn";

/// Looks a template over. What is to be put in before it is compiled, or the
/// place of a tag that is nested too deep.
pub(in crate::theme) fn guard(text: &str, syntax: &SyntaxConfig) -> Result<Edits, Range<usize>> {
    let mut tokens = Tokenizer::new(text, "", false, syntax.clone());
    let mut edits = Edits::new();
    let mut tag: Option<Tag> = None;
    // How many `elif` each open `if` has.
    let mut conditions: Vec<usize> = Vec::new();
    let mut chained = 0;
    let mut begins = false;
    // Where the engine's tokens end early, it compiles nothing, but it has
    // read what stands before.
    while let Ok(Some((token, span))) = tokens.next_token() {
        let place = span.start_offset as usize..span.end_offset as usize;
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart => tag = Some(Tag::new(place.start)),
            Token::BlockStart => {
                tag = Some(Tag::new(place.start));
                begins = true;
            }
            Token::VariableEnd | Token::BlockEnd => {
                if let Some(tag) = tag.take() {
                    let whole = tag.start..place.end;
                    if tag.finish(&mut edits) > DEEPEST {
                        return Err(whole);
                    }
                }
            }
            token => {
                let Some(tag) = &mut tag else { continue };
                match (&token, std::mem::take(&mut begins)) {
                    (Token::Ident(word), true) => {
                        match *word {
                            "if" => conditions.push(0),
                            "elif" => {
                                if let Some(own) = conditions.last_mut() {
                                    *own += 1;
                                }
                                chained += 1;
                            }
                            "endif" => chained -= conditions.pop().unwrap_or(0),
                            _ => {}
                        }
                        if chained > DEEPEST {
                            return Err(tag.start..place.end);
                        }
                        if *word == "call" {
                            // What it calls cannot be wrapped.
                            let (open, close) = syntax.block_delimiters();
                            let trim = text[tag.start..].strip_prefix(open);
                            let trim = trim.and_then(|rest| rest.chars().next());
                            let trim = trim.filter(|mark| ['-', '+'].contains(mark));
                            let trim = trim.map(String::from).unwrap_or_default();
                            let looked =
                                format!("{open}{trim} if ''|{TURN} {close}{open} endif {close}");
                            put(&mut edits, tag.start, looked);
                        }
                        tag.begin(word, place.end);
                    }
                    _ => tag.read(&token, place, &mut edits),
                }
            }
        }
    }
    if let Some(tag) = tag {
        let whole = tag.start..tag.end;
        if tag.finish(&mut edits) > DEEPEST {
            return Err(whole);
        }
    }
    // Stable: what stands at one place was found from within outwards.
    edits.sort_by_key(|(range, _)| range.start);
    Ok(edits)
}

fn put(edits: &mut Edits, at: usize, text: String) {
    edits.push((at..at, text));
}

fn wrap(edits: &mut Edits, range: Range<usize>, filter: &str) {
    put(edits, range.start, "(".to_owned());
    put(edits, range.end, format!("|{filter})"));
}
