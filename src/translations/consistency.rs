//! The same text of the source that is translated differently within one language.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::damage::pairs;
use super::paired::Paired;
use crate::align::{Aligned, Kind};
use crate::diagnostic::terminal::harmless;
use crate::files::SourcePath;
use crate::text::collapsed;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    /// A heading, or the title of an admonition or a tab.
    Title,
    /// A button, or a link that stands alone.
    Button,
    /// A name in bold.
    Name,
    /// A whole passage.
    Passage,
    /// The text of a link in a sentence, which grammar may change.
    Link,
}

impl TermKind {
    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Button => "button",
            Self::Name => "name",
            Self::Passage => "passage",
            Self::Link => "link",
        }
    }
}

/// A text of a source with its translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    kind: TermKind,
    source: String,
    text: String,
    file: SourcePath,
    line: u32,
}

/// A text that is translated differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inconsistency {
    /// What it is.
    pub kind: TermKind,
    /// What the source says.
    pub source: String,
    /// Its translations, the most frequent first, with the files and lines of each.
    pub variants: Vec<(String, Vec<(SourcePath, u32)>)>,
}

/// The texts of a page with their translations, which are in `file`. What is the same in
/// both languages is none.
pub fn terms(file: &SourcePath, source: &str, own: &str) -> Vec<Term> {
    let aligned = Aligned::of(source, own);
    let mut found = Vec::new();
    for pair in pairs(&aligned, own) {
        let mut add = |kind, source: &str, text: &str| {
            let (source, text) = (plain(source), plain(text));
            let has_letters = |it: &str| it.chars().any(char::is_alphabetic);
            if has_letters(&source) && has_letters(&text) && folded(&source) != folded(&text) {
                found.push(Term {
                    kind,
                    source,
                    text,
                    file: file.clone(),
                    line: pair.translation.first,
                });
            }
        };
        of_pair(&pair, &mut add);
    }
    found
}

fn of_pair(pair: &Paired<'_>, add: &mut dyn FnMut(TermKind, &str, &str)) {
    let (source, own) = (&pair.source.text, &pair.translation.text);
    match pair.source.kind {
        Kind::Heading(_) | Kind::Admonition | Kind::Tab => add(TermKind::Title, source, own),
        Kind::Paragraph | Kind::Item | Kind::Definition => {
            let (mine, theirs) = (links(source), links(own));
            let is_alone = mine.len() == 1 && plain(source) == plain(mine[0].text);
            if !is_alone {
                add(TermKind::Passage, source, own);
            }
            for link in &mine {
                let same = |it: &&Link<'_>| it.address == link.address;
                let is_single = mine.iter().filter(same).count() == 1;
                let mut others = theirs.iter().filter(same);
                if let (true, Some(other), None) = (is_single, others.next(), others.next()) {
                    let kind = if is_alone || link.is_button {
                        TermKind::Button
                    } else {
                        TermKind::Link
                    };
                    add(kind, link.text, other.text);
                }
            }
            let (mine, theirs) = (bold(source), bold(own));
            if mine.len() == theirs.len() {
                // Words in lower case are only stressed.
                let names = mine.iter().zip(theirs);
                let names = names.filter(|it| it.0.starts_with(char::is_uppercase));
                for (mine, theirs) in names {
                    add(TermKind::Name, mine, theirs);
                }
            }
        }
        Kind::Row | Kind::Code | Kind::Footnote | Kind::Abbreviation | Kind::Html => {}
    }
}

struct Link<'t> {
    text: &'t str,
    address: &'t str,
    is_button: bool,
}

/// The links of a text, without pictures.
fn links(text: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => open.push(at),
            b']' => {
                let Some(start) = open.pop() else { continue };
                let is_picture = text[..start].ends_with('!');
                let Some(rest) = text[at + 1..].strip_prefix('(') else {
                    continue;
                };
                if let (false, Some(end)) = (is_picture, rest.find(')')) {
                    let address = rest[..end].split('#').next().unwrap_or_default();
                    found.push(Link {
                        text: &text[start + 1..at],
                        address: address.trim_end_matches('/'),
                        is_button: rest[end + 1..].trim_start().starts_with("{ .md-button"),
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// What is between two asterisks each.
fn bold(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split("**").collect();
    if parts.len().is_multiple_of(2) {
        // One of them is not closed.
        return Vec::new();
    }
    parts.into_iter().skip(1).step_by(2).collect()
}

/// A text without icons, lists of attributes and marks of emphasis.
fn plain(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_of_name = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        let skipped = match first {
            ':' => {
                let name = rest[1..].find(|it| !is_of_name(it)).map(|end| end + 1);
                name.filter(|end| *end > 1 && rest[*end..].starts_with(':'))
                    .map(|end| end + 1)
            }
            '{' => rest.find('}').map(|end| end + 1),
            '*' | '_' => Some(1),
            _ => None,
        };
        if skipped.is_none() {
            left.push(first);
        }
        rest = &rest[skipped.unwrap_or(first.len_utf8())..];
    }
    collapsed(&left)
}

/// A text as translations are compared.
fn folded(text: &str) -> String {
    let bare = text.trim_matches(|it: char| it.is_whitespace() || ".:。：…".contains(it));
    bare.to_lowercase()
}

/// The texts that are translated in several ways: titles, buttons and names first, those with
/// most places first.
pub fn inconsistencies(terms: Vec<Term>) -> Vec<Inconsistency> {
    type Places = Vec<(SourcePath, u32)>;
    let mut by_source: BTreeMap<(TermKind, String), BTreeMap<String, (String, Places)>> =
        BTreeMap::new();
    for term in terms {
        let variants = by_source.entry((term.kind, term.source)).or_default();
        let variant = variants.entry(folded(&term.text));
        let (_, places) = variant.or_insert_with(|| (term.text, Places::new()));
        places.push((term.file, term.line));
    }
    let several = by_source.into_iter().filter(|(_, it)| it.len() > 1);
    let of = |((kind, source), variants): (_, BTreeMap<String, (String, Places)>)| {
        let mut variants: Vec<(String, Places)> = variants.into_values().collect();
        variants.sort_by_key(|(text, places)| (std::cmp::Reverse(places.len()), text.clone()));
        Inconsistency {
            kind,
            source,
            variants,
        }
    };
    let mut found: Vec<Inconsistency> = several.map(of).collect();
    let count = |it: &Inconsistency| -> usize { it.variants.iter().map(|it| it.1.len()).sum() };
    found.sort_by_key(|it| (it.kind, std::cmp::Reverse(count(it))));
    found
}

/// How many texts of a language a table lists, and how many places of each.
const MOST: usize = 40;
const PLACES: usize = 3;

/// For people: the texts of a language with their translations.
pub fn consistency_table(language: &str, found: &[Inconsistency]) -> String {
    let mut text = String::new();
    let many = match found.len() {
        1 => "1 text is".to_owned(),
        many => format!("{many} texts are"),
    };
    let _ = writeln!(text, "{language}: {many} translated in several ways");
    for one in found.iter().take(MOST) {
        let _ = writeln!(text, "  {}: {}", one.kind.name(), harmless(&one.source));
        for (variant, places) in &one.variants {
            let named = places.iter().take(PLACES);
            let named: Vec<String> = named
                .map(|(file, line)| format!("{}:{line}", harmless(file.as_str())))
                .collect();
            let more = match places.len().saturating_sub(PLACES) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let count = places.len();
            let variant = harmless(variant);
            let _ = writeln!(
                text,
                "    {count:>3}  {variant}  ({}{more})",
                named.join(", ")
            );
        }
    }
    if found.len() > MOST {
        let _ = writeln!(text, "  and {} more", found.len() - MOST);
    }
    text
}

/// As a list of objects with `language`, `kind`, `source` and `variants`.
pub fn consistency_json(languages: &[(String, Vec<Inconsistency>)]) -> Value {
    let of_language = |(language, found): &(String, Vec<Inconsistency>)| {
        let entries = found.iter().map(|one| {
            let variants = one.variants.iter().map(|(text, places)| {
                let places = places
                    .iter()
                    .map(|(file, line)| json!({"source": file.as_str(), "line": line}));
                json!({
                    "text": text,
                    "count": places.len(),
                    "places": places.collect::<Vec<_>>(),
                })
            });
            json!({
                "language": language,
                "kind": one.kind.name(),
                "source": one.source,
                "variants": variants.collect::<Vec<_>>(),
            })
        });
        entries.collect::<Vec<_>>()
    };
    languages.iter().flat_map(of_language).collect()
}

#[cfg(test)]
mod tests {
    use super::{TermKind, inconsistencies, plain, terms};

    #[test]
    fn texts_that_are_translated_in_several_ways_are_found() {
        let source = "# One\n\n## Criteria\n\n**Key** of [a list](l.md).\n\n[Home :x-y:](h.md){ .md-button }\n\nThe same words here.\n\n";
        let page = |title: &str, name: &str, button: &str, words: &str| {
            format!(
                "# Eins\n\n## {title}\n\n**{name}** einer [Liste](l.md).\n\n[{button} :x-y:](h.md){{ .md-button }}\n\n{words}\n\n"
            )
        };
        let one = page("Kriterien", "Schlüssel", "Start", "Dieselben Worte hier.");
        let two = page("Maßstäbe", "Schlüssel", "start", "Dieselben Worte hier!");
        let mut all = terms(&"a.md".into(), source, &one);
        all.extend(terms(&"b.md".into(), source, &two));
        all.extend(terms(&"c.md".into(), source, &two));
        let found = inconsistencies(all);
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.kind, it.source.as_str(), it.variants.len()))
            .collect();
        let expected = [
            (TermKind::Title, "Criteria", 2),
            (TermKind::Passage, "The same words here.", 2),
        ];
        assert_eq!(found, expected);
        assert_eq!(plain(":material-x: **A**: b{ .c }"), "A: b");
    }
}
