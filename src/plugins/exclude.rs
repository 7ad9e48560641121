//! `exclude`: files that are not part of the site.

use regex::Regex;

use super::globs::character_class;
use super::regular_expressions::compile;
use crate::diagnostic::Diagnostic;
use crate::options::options;

options! {
    /// The plugin's options.
    pub struct Options {
        glob: Vec<String>,
        regex: Vec<String>,
    }
}

/// The files that are excluded. Two values are equal if their patterns are.
#[derive(Debug, Clone, Default)]
pub struct Excluded {
    patterns: Vec<Regex>,
}

impl PartialEq for Excluded {
    fn eq(&self, other: &Self) -> bool {
        let texts = self.patterns.iter().map(Regex::as_str);
        texts.eq(other.patterns.iter().map(Regex::as_str))
    }
}

impl Excluded {
    /// Reads the plugin's options. Invalid patterns match nothing.
    pub fn new(options: &Options) -> Self {
        Self::patterns(&options.glob, &options.regex)
    }

    /// Takes patterns of Python's `fnmatch` and regular expressions. Invalid ones
    /// match nothing.
    pub fn patterns(globs: &[String], regexes: &[String]) -> Self {
        let globs = globs.iter().map(|glob| parse_fnmatch(glob));
        // Python's `re.match` matches at the start only.
        let regexes = regexes.iter().map(|regex| format!("^(?:{regex})"));
        let patterns = globs.chain(regexes);
        Self {
            patterns: patterns.filter_map(|it| Regex::new(&it).ok()).collect(),
        }
    }

    /// The regular expressions that cannot be used, each with its problem.
    pub fn faults(options: &Options) -> impl Iterator<Item = (&str, Diagnostic)> {
        let regexes = options.regex.iter();
        regexes.filter_map(|regex| Some((regex.as_str(), *compile(regex).err()?)))
    }

    /// Takes patterns of Python's `fnmatch`.
    pub fn globs(globs: &[String]) -> Self {
        let patterns = globs
            .iter()
            .filter_map(|glob| Regex::new(&parse_fnmatch(glob)).ok());
        Self {
            patterns: patterns.collect(),
        }
    }

    /// Whether a file is excluded, by its path below the docs folder.
    pub fn matches(&self, path: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.is_match(path))
    }
}

/// The regular expression for a pattern of Python's `fnmatch`, in which a slash is
/// a character like any other.
fn parse_fnmatch(glob: &str) -> String {
    let mut regex = String::from("(?s)^");
    let mut rest = glob;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' => match rest.get(2..).and_then(|it| it.find(']')).map(|at| at + 2) {
                Some(end) => {
                    let set = &rest[1..end];
                    regex.push_str(&match set.strip_prefix('!') {
                        Some(set) => character_class("^", set),
                        None => character_class("", set),
                    });
                    length = end + 1;
                }
                None => regex.push_str("\\["),
            },
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
        rest = &rest[length..];
    }
    regex + "$"
}

#[cfg(test)]
mod tests {
    use super::{Excluded, Options};
    use serde_json::json;

    /// As `fnmatch.fnmatchcase` and `re.match`.
    #[test]
    fn patterns_are_those_of_python() {
        let options = json!({"glob": ["*.tmp", "old/*", "[ab]?.md"], "regex": "draft/.*\\.md$"});
        let excluded = Excluded::new(&Options::read(options.as_object().expect("a mapping")));
        for path in ["a.tmp", "deep/x.tmp", "old/a/b.md", "a1.md", "draft/x.md"] {
            assert!(excluded.matches(path), "{path}");
        }
        for path in ["tmp", "older/a.md", "c1.md", "x/draft/y.md"] {
            assert!(!excluded.matches(path), "{path}");
        }
    }
}
