//! Lines of code in pieces of one class.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use syntect::parsing::{Scope, ScopeStack};

use super::list::{fallback, table};
use super::table::{Place, Surroundings, is_bracket};
use crate::text::is_word;

/// The scopes of languages begin with one of these, and that of strings with the last.
struct Known {
    source: Scope,
    text: Scope,
    embedding: Scope,
    string: Scope,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let scope = |name| Scope::new(name).expect("the name of a scope");
    Known {
        source: scope("source"),
        text: scope("text"),
        embedding: scope("embedding"),
        string: scope("string"),
    }
});

/// Gives a block of code its classes.
#[derive(Default)]
pub struct Colours {
    /// Places by language and scope.
    places: FxHashMap<(Scope, Scope), Option<&'static Place>>,
    /// The first character of the string that is open.
    opening: Option<char>,
}

impl Colours {
    /// Passes on what `range` of a line consists of, and the class of each piece. All of it
    /// is in the scopes of `stack`.
    pub fn divide(
        &mut self,
        line: &str,
        range: Range<usize>,
        stack: &ScopeStack,
        mut add: impl FnMut(&str, Option<&'static str>),
    ) {
        let text = &line[range.clone()];
        if text.trim_start().is_empty() {
            add(text, None);
            return;
        }
        self.note_string(text, stack);
        let scopes = &stack.scopes;
        let Some(language) = language(scopes) else {
            add(text, None);
            return;
        };
        let around = scopes.get(language + 1..scopes.len() - 1).unwrap_or(&[]);
        let Some(place) = self.place(scopes, language) else {
            add(text, None);
            return;
        };
        if let Some(class) = place.only() {
            add(text, class);
            return;
        }
        let mut rest = range.clone();
        while !rest.is_empty() {
            let piece = rest.start..rest.start + length(&line[rest.clone()]);
            rest.start = piece.end;
            let text = &line[piece.clone()];
            let class = (!text.starts_with(char::is_whitespace)).then(|| {
                place.class(&Surroundings {
                    line,
                    text,
                    before: &line[..piece.start],
                    after: &line[piece.end..],
                    scopes: around,
                    opening: self.opening,
                })
            });
            add(text, class.flatten());
        }
    }

    fn note_string(&mut self, text: &str, stack: &ScopeStack) {
        if !stack.scopes.iter().any(|it| KNOWN.string.is_prefix_of(*it)) {
            self.opening = None;
        } else if self.opening.is_none() {
            self.opening = text.trim_start().chars().next();
        }
    }

    /// The place of what is in `scopes`, of which the language's is at `language`.
    fn place(&mut self, scopes: &[Scope], language: usize) -> Option<&'static Place> {
        let (outer, inner) = (scopes[language], scopes[scopes.len() - 1]);
        *self.places.entry((outer, inner)).or_insert_with(|| {
            let name = if scopes.len() - 1 == language {
                String::new()
            } else {
                inner.build_string()
            };
            find(&outer.build_string(), &name)
        })
    }
}

/// Where the scope of the language is; text around code of PHP belongs to PHP.
fn language(scopes: &[Scope]) -> Option<usize> {
    let known = &*KNOWN;
    let is_source = |it: &Scope| known.source.is_prefix_of(*it);
    let first = scopes.first()?;
    if known.embedding.is_prefix_of(*first) && !scopes.iter().any(is_source) {
        return Some(0);
    }
    let is_language = |it: &Scope| is_source(it) || known.text.is_prefix_of(*it);
    scopes.iter().rposition(is_language)
}

/// The place of a scope in the table of a language, or in the one for all.
fn find(language: &str, scope: &str) -> Option<&'static Place> {
    let table = table(language);
    let own = |name: &str| table?.place(name);
    let named = beginnings(scope).take_while(|it| it.contains('.'));
    let found = own(scope).or_else(|| named.into_iter().find_map(own));
    found
        .or_else(|| beginnings(scope).find_map(|it| fallback().place(it)))
        .or_else(|| own(""))
}

/// `a.b.c`, `a.b`, `a`; nothing of an empty text.
fn beginnings(scope: &str) -> impl Iterator<Item = &str> {
    let first = Some(scope).filter(|scope| !scope.is_empty());
    std::iter::successors(first, |it| it.rsplit_once('.').map(|(before, _)| before))
}

/// The length of the blanks, the name, the number, the bracket or the signs that `text`
/// begins with.
fn length(text: &str) -> usize {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return 0;
    };
    let upto = |ends: &dyn Fn(char) -> bool| text.find(ends).unwrap_or(text.len());
    if is_bracket(first) {
        first.len_utf8()
    } else if first.is_whitespace() {
        upto(&|it| !it.is_whitespace())
    } else if first.is_numeric() {
        upto(&|it| !is_word(it) && it != '.')
    } else if is_word(first) {
        upto(&|it| !is_word(it))
    } else {
        upto(&|it| is_word(it) || it.is_whitespace() || is_bracket(it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_code() {
        let mut rest = "a_1 += 0x1f.b(é);  --x";
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(length(rest));
            pieces.push(piece);
            rest = after;
        }
        let expected = [
            "a_1", " ", "+=", " ", "0x1f.b", "(", "é", ")", ";", "  ", "--", "x",
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn scopes_are_looked_up_by_their_beginnings() {
        let found: Vec<_> = beginnings("a.b.c").collect();
        assert_eq!(found, ["a.b.c", "a.b", "a"]);
        assert_eq!(beginnings("").next(), None);
    }
}
