//! Patterns of file names, and the files that they match.

use regex::Regex;

use super::Sources;
use crate::files::{Kind, SourcePath};

/// How many files one pattern may look at.
const MOST: usize = 100_000;

/// A pattern as the plugins' glob library (wcmatch) reads it: `*` stays in
/// its folder, `**` does not, `{a,b}` and `@(a|b)` are alternatives. `None`
/// where it cannot be read.
pub fn glob(pattern: &str) -> Option<Regex> {
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
            '@' | '?' | '*' | '+' if next == Some('(') => {
                characters.next();
                regex.push_str("(?:");
                closing.push(match character {
                    '@' => ")",
                    '?' => ")?",
                    '*' => ")*",
                    _ => ")+",
                });
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '{' => {
                regex.push_str("(?:");
                closing.push("}");
            }
            '}' if closing.last() == Some(&"}") => {
                closing.pop();
                regex.push(')');
            }
            ',' if closing.last() == Some(&"}") => regex.push('|'),
            '|' if closing.last().is_some_and(|it| *it != "}") => regex.push('|'),
            ')' if closing.last().is_some_and(|it| *it != "}") => {
                regex.push_str(closing.pop().unwrap_or_default());
            }
            '[' => {
                let end = rest.char_indices().skip(2).find(|(_, c)| *c == ']')?.0;
                let set = &rest[1..end];
                let (not, set) = match set.strip_prefix(['!', '^']) {
                    Some(set) => ("^", set),
                    None => ("", set),
                };
                let set = set.replace('\\', "\\\\").replace('[', "\\[");
                regex.push_str(&format!("[{not}{set}]"));
                while characters.peek().is_some_and(|(next, _)| *next <= at + end) {
                    characters.next();
                }
            }
            '\\' => {
                let (_, escaped) = characters.next()?;
                regex.push_str(&regex::escape(&escaped.to_string()));
            }
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    Regex::new(&format!("(?s){regex}$")).ok()
}

/// Whether a component of the pattern begins at `at`.
fn is_segment(pattern: &str, at: usize) -> bool {
    at == 0 || pattern[..at].ends_with('/')
}

/// Files below `folder` that a pattern matches, sorted. Only folders that it
/// can reach are looked at.
pub fn files(sources: &dyn Sources, folder: &SourcePath, pattern: &str) -> Vec<SourcePath> {
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{', '!', '\\', '(']);
    let parts: Vec<&str> = pattern.split('/').collect();
    let fixed = parts.iter().take_while(|part| is_plain(part)).count();
    let fixed = fixed.min(parts.len() - 1);
    let start = folder.join(parts[..fixed].join("/"));
    let rest = &parts[fixed..];
    let Some(matcher) = glob(&rest.join("/")) else {
        return Vec::new();
    };
    // `**` reaches any depth, anything else its own number of folders.
    let deepest = if rest.iter().any(|part| part.contains("**")) {
        usize::MAX
    } else {
        rest.len()
    };
    let mut found = Vec::new();
    let mut looked = 0;
    let mut folders = vec![(start.clone(), 1)];
    while let Some((folder, depth)) = folders.pop() {
        for (name, kind) in sources.list(&folder).iter() {
            looked += 1;
            let path = folder.join(name);
            let below = path.below(&start).unwrap_or_default();
            match kind {
                Kind::Folder if depth < deepest && looked < MOST && !name.starts_with('.') => {
                    folders.push((path, depth + 1));
                }
                Kind::File if matcher.is_match(below) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
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
        assert!(glob("[a").is_none() && glob("(").is_some_and(|it| it.is_match("(")));
    }
}
