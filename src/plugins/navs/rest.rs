//! `...` in a `.pages` file: what of the automatic nav stands there.

use regex::Regex;

use super::{Item, Section};
use crate::plugins::globs::glob;

/// `...`, and what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    /// `None` for all that is left.
    pub(super) pattern: Option<Regex>,
    pub(super) flat: bool,
}

impl Rest {
    /// Reads `... | flat | glob=pattern`.
    pub(super) fn read(written: &str) -> Option<Self> {
        let rest = written.strip_prefix("...")?.trim();
        let mut parts = rest
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let mut found = Self {
            pattern: None,
            flat: false,
        };
        let mut pattern = parts.next();
        if pattern == Some("flat") {
            found.flat = true;
            pattern = parts.next();
        }
        // A pattern may hold bars itself.
        let pattern =
            pattern.map(|first| parts.fold(first.to_owned(), |all, part| all + "|" + part));
        if let Some(pattern) = pattern {
            let regex = match pattern.strip_prefix("regex=") {
                Some(regex) => Regex::new(regex).ok(),
                None => glob(pattern.strip_prefix("glob=").unwrap_or(&pattern)),
            };
            // One that cannot be read matches nothing.
            found.pattern = regex.or_else(|| Regex::new("[^\\s\\S]").ok());
        }
        Some(found)
    }

    pub(super) fn matches(&self, path: Option<&str>) -> bool {
        match (&self.pattern, path) {
            (None, _) => true,
            (Some(pattern), Some(path)) => pattern.is_match(path),
            (Some(_), None) => false,
        }
    }
}

/// What is left of the automatic nav for each rest of a configured one.
pub(super) fn blocks(items: Vec<Item>, rests: &[Rest], named: &[String]) -> Vec<Vec<Item>> {
    let mut blocks: Vec<Vec<Item>> = rests.iter().map(|_| Vec::new()).collect();
    for item in items {
        match item {
            Item::Page(path, title) if !named.contains(&path) => {
                if let Some(place) = rests.iter().position(|rest| rest.matches(Some(&path))) {
                    blocks[place].push(Item::Page(path, title));
                }
            }
            Item::Section(section) => {
                let below = self::blocks(section.children, rests, named);
                for (nth, children) in below.into_iter().enumerate() {
                    if children.is_empty() {
                        continue;
                    }
                    match rests[nth].flat {
                        true => blocks[nth].extend(children),
                        false => blocks[nth].push(Item::Section(Section {
                            title: section.title.clone(),
                            folder: section.folder.clone(),
                            explicit: false,
                            children,
                        })),
                    }
                }
            }
            _ => {}
        }
    }
    blocks
}
