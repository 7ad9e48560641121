//! Options of `material.extensions.preview` and `zensical.extensions.preview`.

use serde_json::Value;

use super::ExtensionOptions;

/// The two extensions, which find out in different ways what a link leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PreviewDialect {
    /// Material's: links to files that exist, those to headings of the page included.
    #[default]
    Material,
    /// Zensical's: any relative link but those at headings and footnotes.
    Zensical,
}

/// Which links of which pages show a preview of what they lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The pages with these links.
    pub sources: PathFilter,
    /// What links lead to.
    pub targets: PathFilter,
    /// Which of the two extensions asks for it.
    pub dialect: PreviewDialect,
}

impl Preview {
    /// Reads the configured options.
    pub fn all(with: &ExtensionOptions<'_>, dialect: PreviewDialect) -> Vec<Self> {
        let preview = |sources: Option<&Value>, targets: Option<&Value>| {
            let is_given = |value: Option<&Value>| {
                value
                    .and_then(Value::as_object)
                    .is_some_and(|map| !map.is_empty())
            };
            (is_given(sources) || is_given(targets)).then(|| Self {
                sources: PathFilter::of(sources),
                targets: PathFilter::of(targets),
                dialect,
            })
        };
        let listed = with.get("configurations").and_then(Value::as_array);
        let listed = listed.into_iter().flatten();
        let listed = listed.filter_map(|it| preview(it.get("sources"), it.get("targets")));
        let own = preview(with.get("sources"), with.get("targets"));
        listed.chain(own).collect()
    }
}

/// Patterns of paths in the docs folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathFilter {
    /// If there are any, a path must fit one of these.
    include: Vec<String>,
    /// It may not fit any of these.
    exclude: Vec<String>,
}

impl PathFilter {
    /// Reads `include` and `exclude`.
    fn of(value: Option<&Value>) -> Self {
        let patterns = |key: &str| {
            let patterns = value.and_then(|value| value.get(key)?.as_array());
            let patterns = patterns.into_iter().flatten().filter_map(Value::as_str);
            patterns.map(str::to_owned).collect()
        };
        Self {
            include: patterns("include"),
            exclude: patterns("exclude"),
        }
    }

    /// Whether `path` fits.
    pub fn accepts(&self, path: &str) -> bool {
        let fits = |pattern: &String| fits(pattern, path);
        (self.include.is_empty() || self.include.iter().any(fits)) && !self.exclude.iter().any(fits)
    }
}

/// Whether `text` fits a pattern of Python's `fnmatch`, in which `*` also stands for
/// `/`.
fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut read) = (0, 0);
    // The last `*`, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        crate::work::step(1);
        let taken = match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => match set(&pattern[at..], text[read]) {
                Some((true, length)) => Some(length),
                Some((false, _)) => None,
                None => (text[read] == '[').then_some(1),
            },
            Some(character) => (*character == text[read]).then_some(1),
            None => None,
        };
        match (taken, star) {
            (Some(taken), _) => {
                at += taken;
                read += 1;
            }
            (None, Some((before, covered))) => {
                star = Some((before, covered + 1));
                at = before + 1;
                read = covered + 1;
            }
            (None, None) => return false,
        }
    }
    pattern[at..].iter().all(|it| *it == '*')
}

/// Whether the set at the start of `pattern`, such as `[a-c]`, has `character`, and
/// its length. `None` if it is no set.
fn set(pattern: &[char], character: char) -> Option<(bool, usize)> {
    let negated = pattern.get(1) == Some(&'!');
    let start = if negated { 2 } else { 1 };
    // A bracket that comes first is part of the set.
    let end = start + 1 + pattern.get(start + 1..)?.iter().position(|it| *it == ']')?;
    let mut inside = &pattern[start..end];
    let mut found = false;
    while let [first, rest @ ..] = inside {
        match rest {
            ['-', last, after @ ..] => {
                found |= (*first..=*last).contains(&character);
                inside = after;
            }
            _ => {
                found |= *first == character;
                inside = rest;
            }
        }
    }
    Some((found != negated, end + 1))
}

#[cfg(test)]
mod tests {
    use super::fits;

    /// What Python's `fnmatch` says of these.
    #[test]
    fn patterns_of_paths() {
        for (pattern, text, expected) in [
            ("a/*", "a/b/c.md", true),
            ("*.md", "a/b.md", true),
            ("a/?.md", "a/b.md", true),
            ("a/?.md", "a/bc.md", false),
            ("*a*b", "xaxbxb", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]x", "]x", true),
            ("[x", "[x", true),
            ("a", "ab", false),
            ("**", "", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
