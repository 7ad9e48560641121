//! The table of a grammar: classes by scope.
//!
//! A line names a scope and the class of what is in it, and indented lines below it the
//! exceptions, of which the first that applies counts:
//!
//! ```text
//! meta.generic-name.python n
//!   nd  behind @
//!   nn  in meta.statement.import.python  before .
//!   nb  word print len
//! ```
//!
//! `-` is no class and `.` what is in no scope but that of the language. A scope that is not
//! listed is looked up by its beginning, then in the table `any`. A table that begins with
//! `words in any case` has its words in lower case and finds them in any. The conditions:
//!
//! | condition | the piece |
//! | --- | --- |
//! | `word a b` | is one of these |
//! | `shape word` | begins in lower case; `Word` in upper case, `CAPS` is all in upper case, `name` any of them; `int`, `float`, `hex`, `sign`, or a bracket itself |
//! | `behind c` | has this character before it on its line; `^` is none |
//! | `before c` | has this character after it on its line; `$` is none |
//! | `begins text` | is on a line that begins with this text, which may end with a blank |
//! | `in scope` | has this scope around its own |
//! | `alone yes` | stands between blanks, or the ends of the line |
//! | `open c` | is in a string that begins with this character |

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use syntect::parsing::Scope;

/// The first line of a table whose words are found in any case.
pub const IN_ANY_CASE: &str = "words in any case";

/// The classes of a grammar.
#[derive(Debug, Default)]
pub struct Table {
    places: FxHashMap<&'static str, Place>,
}

/// What is in a scope.
#[derive(Debug, Default, PartialEq)]
pub struct Place {
    class: Option<&'static str>,
    exceptions: Vec<Exception>,
}

#[derive(Debug, PartialEq)]
struct Exception {
    class: Option<&'static str>,
    conditions: Vec<Condition>,
}

#[derive(Debug, PartialEq)]
enum Condition {
    Word {
        /// Sorted.
        words: Vec<&'static str>,
        in_any_case: bool,
    },
    Shape(&'static str),
    Behind(char),
    Before(char),
    Begins(&'static str),
    In(Scope),
    Alone,
    Open(char),
}

/// A piece of code and what is around it.
pub struct Surroundings<'a> {
    /// The piece: a name, a number, a bracket or signs.
    pub text: &'a str,
    /// Its line.
    pub line: &'a str,
    /// What is before it on its line.
    pub before: &'a str,
    /// What is after it on its line.
    pub after: &'a str,
    /// The scopes around its own, within its language.
    pub scopes: &'a [Scope],
    /// The first character of the string that it is in.
    pub opening: Option<char>,
}

impl Table {
    /// Reads a table; what is no line of one is left out.
    pub fn read(text: &'static str) -> Self {
        let mut places = FxHashMap::default();
        let mut name = "";
        let in_any_case = text.starts_with(IN_ANY_CASE);
        for line in text.lines().filter(|line| *line != IN_ANY_CASE) {
            if let Some(exception) = line.strip_prefix("  ") {
                let place: &mut Place = places.entry(name).or_default();
                place
                    .exceptions
                    .extend(read_exception(exception, in_any_case));
            } else if let Some((scope, class)) = line.split_once(' ') {
                name = if scope == "." { "" } else { scope };
                let class = read_class(class);
                places.insert(
                    name,
                    Place {
                        class,
                        exceptions: Vec::new(),
                    },
                );
            }
        }
        Self { places }
    }

    /// How many lines the table has.
    #[cfg(test)]
    pub fn lines(&self) -> usize {
        let places = self.places.values();
        places.map(|place| 1 + place.exceptions.len()).sum()
    }

    /// The place of a scope; empty for what is in none.
    pub fn place(&self, scope: &str) -> Option<&Place> {
        self.places.get(scope)
    }
}

fn read_class(class: &'static str) -> Option<&'static str> {
    Some(class).filter(|class| *class != "-")
}

fn read_exception(line: &'static str, in_any_case: bool) -> Option<Exception> {
    let (class, conditions) = line.split_once("  ")?;
    let conditions = conditions.split("  ");
    let conditions = conditions.map(|it| read_condition(it, in_any_case));
    Some(Exception {
        class: read_class(class),
        conditions: conditions.collect::<Option<_>>()?,
    })
}

fn read_condition(condition: &'static str, in_any_case: bool) -> Option<Condition> {
    let (kind, value) = condition.split_once(' ')?;
    let character = value.chars().next()?;
    Some(match kind {
        "word" => {
            let mut words: Vec<&str> = value.split(' ').collect();
            words.sort_unstable();
            Condition::Word { words, in_any_case }
        }
        "shape" => Condition::Shape(value),
        "behind" => Condition::Behind(character),
        "before" => Condition::Before(character),
        "begins" => Condition::Begins(value),
        "in" => Condition::In(Scope::new(value).ok()?),
        "alone" => Condition::Alone,
        "open" => Condition::Open(character),
        _ => return None,
    })
}

impl Place {
    /// The class, if nothing but the scope decides it.
    pub fn only(&self) -> Option<Option<&'static str>> {
        self.exceptions.is_empty().then_some(self.class)
    }

    /// The class of a piece in this place.
    pub fn class(&self, piece: &Surroundings<'_>) -> Option<&'static str> {
        let applies = |it: &&Exception| it.conditions.iter().all(|it| it.applies(piece));
        let exception = self.exceptions.iter().find(applies);
        exception.map_or(self.class, |exception| exception.class)
    }
}

impl Condition {
    fn applies(&self, piece: &Surroundings<'_>) -> bool {
        match self {
            Self::Word { words, in_any_case } => {
                let text = if *in_any_case {
                    Cow::Owned(piece.text.to_lowercase())
                } else {
                    Cow::Borrowed(piece.text)
                };
                words.binary_search(&&*text).is_ok()
            }
            Self::Shape(shape) => has_shape(piece.text, shape),
            Self::Behind(character) => {
                piece.before.trim_end().chars().next_back().unwrap_or('^') == *character
            }
            Self::Before(character) => {
                piece.after.trim_start().chars().next().unwrap_or('$') == *character
            }
            Self::Begins(text) => piece.line.starts_with(text),
            Self::Alone => {
                let is_blank = |it: Option<char>| it.is_none_or(char::is_whitespace);
                is_blank(piece.before.chars().next_back()) && is_blank(piece.after.chars().next())
            }
            Self::In(scope) => piece.scopes.contains(scope),
            Self::Open(character) => piece.opening == Some(*character),
        }
    }
}

fn has_shape(text: &str, shape: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let is_name = (first.is_alphanumeric() || first == '_') && !first.is_numeric();
    let is_number = first.is_numeric();
    let is_hex = is_number && (text.starts_with("0x") || text.starts_with("0X"));
    let has_lower = text.chars().any(char::is_lowercase);
    let is_caps = first.is_uppercase() && text.len() > first.len_utf8() && !has_lower;
    match shape {
        "name" => is_name,
        "word" => is_name && !first.is_uppercase(),
        "Word" => is_name && first.is_uppercase() && !is_caps,
        "CAPS" => is_name && is_caps,
        "hex" => is_hex,
        "float" => is_number && !is_hex && text.contains('.'),
        "int" => is_number && !is_hex && !text.contains('.'),
        "sign" => !is_name && !is_number && !is_bracket(first),
        bracket => text == bracket,
    }
}

/// Whether a character is a piece of its own.
pub fn is_bracket(character: char) -> bool {
    matches!(character, '[' | ']' | '(' | ')' | '{' | '}' | ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around<'a>(before: &'a str, text: &'a str, after: &'a str) -> Surroundings<'a> {
        let scopes = &[];
        Surroundings {
            line: "",
            text,
            before,
            after,
            scopes,
            opening: None,
        }
    }

    #[test]
    fn the_first_exception_counts() {
        let table = Table::read("a.b n\n  nb  word len print\n  nf  shape name  before (\n. -\n");
        let place = table.place("a.b").expect("a place");
        assert_eq!(place.class(&around("", "x", "")), Some("n"));
        assert_eq!(place.class(&around("", "x", "(")), Some("nf"));
        assert_eq!(place.class(&around("", "len", "(")), Some("nb"));
        assert_eq!(place.only(), None);
        assert_eq!(table.place("").expect("a place").only(), Some(None));
        assert!(table.place("a").is_none());
    }

    #[test]
    fn shapes_of_names_and_numbers() {
        for (text, shapes) in [
            ("a1", "word name"),
            ("_", "word name"),
            ("Ab", "Word name"),
            ("A", "Word name"),
            ("A_B", "CAPS name"),
            ("0x1f", "hex"),
            ("1.5", "float"),
            ("15u", "int"),
            ("+=", "sign"),
            ("(", "("),
        ] {
            for shape in [
                "word", "Word", "CAPS", "name", "hex", "float", "int", "sign", "(",
            ] {
                let expected = shapes.split(' ').any(|it| it == shape);
                assert_eq!(has_shape(text, shape), expected, "{text} {shape}");
            }
        }
    }
}
