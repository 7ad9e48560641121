//! File name patterns, and the files that match them.

use std::collections::HashMap;

use regex::Regex;

use super::Sources;
use crate::expect::ExpectOrDefault as _;
use crate::files::{Kind, SourcePath};

/// How many files one pattern may look at.
const MOST: usize = 100_000;

/// Parses a pattern as the plugins' glob library (wcmatch) does: `*` stays in
/// its folder, `**` does not, `{a,b}` and `@(a|b)` are alternatives. What is not
/// closed is text. `None` if it cannot match anything, such as `[z-a]`.
pub fn glob(pattern: &str) -> Option<Regex> {
    let ends = ends(pattern);
    let mut regex = String::from("^");
    let mut closing: Vec<&str> = Vec::new();
    let mut characters = pattern.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let rest = &pattern[at..];
        let next = characters.peek().map(|(_, next)| *next);
        match character {
            '*' if rest.starts_with("**/") && is_segment(pattern, at) => {
                characters.next();
                characters.next();
                regex.push_str("(?:[^/]+/)*");
            }
            '*' if rest == "**" && is_segment(pattern, at) => {
                characters.next();
                regex.push_str(".*");
            }
            '@' | '?' | '*' | '+' if next == Some('(') && ends.contains_key(&(at + 1)) => {
                characters.next();
                regex.push_str("(?:");
                closing.push(end_of_group(character));
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '{' if ends.contains_key(&at) => {
                regex.push_str("(?:");
                closing.push("}");
            }
            '}' if closing.last() == Some(&"}") => {
                closing.pop();
                regex.push(')');
            }
            ',' if closing.last() == Some(&"}") => regex.push('|'),
            '|' if closing.last().is_some_and(|end| *end != "}") => regex.push('|'),
            ')' if closing.last().is_some_and(|end| *end != "}") => {
                regex.extend(closing.pop());
            }
            '[' if ends.contains_key(&at) => {
                let end = ends[&at];
                let set = &pattern[at + 1..end];
                regex.push_str(&match set.strip_prefix(['!', '^']) {
                    Some(set) => character_class("^", set),
                    None => character_class("", set),
                });
                while characters.peek().is_some_and(|(next, _)| *next <= end) {
                    characters.next();
                }
            }
            '\\' => {
                if let Some((_, escaped)) = characters.next() {
                    regex.push_str(&regex::escape(&escaped.to_string()));
                }
            }
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    Regex::new(&format!("(?s){regex}$")).ok()
}

/// Where each `[`, `{` and `@(` of a pattern is closed, if it is. One that is
/// closed inside of another ends there.
fn ends(pattern: &str) -> HashMap<usize, usize> {
    let last_bracket = pattern.rfind(']').unwrap_or(0);
    let mut ends = HashMap::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    // How many groups with each of the two marks are open.
    let mut counts = [0, 0];
    let nth = |mark: char| usize::from(matches!(mark, '(' | ')'));
    let mut before = ' ';
    let mut characters = pattern.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '[' if at + 2 <= last_bracket => {
                let mut set = characters.clone().skip(1);
                if let Some((end, _)) = set.find(|(_, next)| *next == ']') {
                    ends.insert(at, end);
                    while characters.next().is_some_and(|(next, _)| next < end) {}
                }
            }
            '(' if !matches!(before, '@' | '?' | '*' | '+') => {}
            '{' | '(' => {
                open.push((at, character));
                counts[nth(character)] += 1;
            }
            '}' | ')' if counts[nth(character)] > 0 => {
                while let Some((start, mark)) = open.pop() {
                    counts[nth(mark)] -= 1;
                    if nth(mark) == nth(character) {
                        ends.insert(start, at);
                        break;
                    }
                }
            }
            _ => {}
        }
        before = if character == '\\' { ' ' } else { character };
    }
    ends
}

/// The end of the group that starts with a character and `(`.
fn end_of_group(character: char) -> &'static str {
    match character {
        '@' => ")",
        '?' => ")?",
        '*' => ")*",
        _ => ")+",
    }
}

/// The class of a regular expression for the set of a pattern.
pub(super) fn character_class(not: &str, set: &str) -> String {
    let set = set.replace('\\', "\\\\").replace('[', "\\[");
    format!("[{not}{set}]")
}

/// Whether a component of the pattern starts at `at`.
fn is_segment(pattern: &str, at: usize) -> bool {
    at == 0 || pattern[..at].ends_with('/')
}

/// The files below `folder` that match a pattern, sorted. Only folders that the
/// pattern can reach are listed.
pub fn files(sources: &dyn Sources, folder: &SourcePath, pattern: &str) -> Vec<SourcePath> {
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{', '!', '\\', '(']);
    let parts: Vec<&str> = pattern.split('/').collect();
    let plain = parts.iter().take_while(|part| is_plain(part)).count();
    let plain = plain.min(parts.len() - 1);
    let start = folder.join(parts[..plain].join("/"));
    let patterns = &parts[plain..];
    let Some(matcher) = glob(&patterns.join("/")) else {
        return Vec::new();
    };
    // `**` matches at any depth, and anything else at the depth of the pattern.
    let deepest = if patterns.iter().any(|part| part.contains("**")) {
        usize::MAX
    } else {
        patterns.len()
    };
    let mut files = Vec::new();
    let mut count = 0;
    let mut folders = vec![(start.clone(), 1)];
    while let Some((folder, depth)) = folders.pop() {
        for (name, kind) in sources.list(&folder).iter() {
            count += 1;
            let path = folder.join(name);
            match kind {
                Kind::Folder if depth < deepest && count < MOST && !name.starts_with('.') => {
                    folders.push((path, depth + 1));
                }
                Kind::File => {
                    let below = path
                        .below(&start)
                        .expect_or_default("it is below the start");
                    if matcher.is_match(below) {
                        files.push(path);
                    }
                }
                _ => {}
            }
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn patterns() {
        for (pattern, yes, no) in [
            ("*.md", "a.md", "a/b.md"),
            ("**/*.md", "a/b/c.md", "a.txt"),
            ("**/*.md", "c.md", "c.mdx"),
            ("a/**", "a/b/c", "b/a"),
            ("@(index.md|README.md)", "README.md", "readme.md"),
            ("{a,b}?.md", "bx.md", "b.md"),
            ("[!a-c]*.md", "d.md", "b.md"),
            ("+(ab).md", "abab.md", ".md"),
            ("a.b", "a.b", "axb"),
        ] {
            let glob = glob(pattern).expect("readable");
            assert!(glob.is_match(yes), "{pattern} {yes}");
            assert!(!glob.is_match(no), "{pattern} {no}");
        }
        assert!(glob("[z-a]").is_none());
    }

    /// As `wcmatch.glob.globmatch`.
    #[test]
    fn what_is_not_closed_is_text() {
        for (pattern, path) in [
            ("[a", "[a"),
            ("{a,b", "{a,b"),
            ("@(a", "@(a"),
            ("(", "("),
            ("a\\", "a"),
            ("{a,@(b}c", "@(bc"),
        ] {
            let glob = glob(pattern).expect("it can match");
            assert!(glob.is_match(path), "{pattern} {glob}");
        }
    }
}
