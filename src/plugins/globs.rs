//! Patterns of file names, and the files that they match.

use globset::{GlobBuilder, GlobMatcher};

use super::Sources;
use crate::files::{Kind, SourcePath};

/// How many files one pattern may look at.
const MOST: usize = 100_000;

/// A pattern where `*` stays in its folder and `**` does not; `None` where it
/// cannot be read.
pub fn glob(pattern: &str) -> Option<GlobMatcher> {
    let mut builder = GlobBuilder::new(pattern);
    let glob = builder
        .literal_separator(true)
        .empty_alternates(true)
        .build();
    glob.ok().map(|glob| glob.compile_matcher())
}

/// Files below `folder` that a pattern matches, sorted. Only folders that it
/// can reach are looked at.
pub fn files(sources: &dyn Sources, folder: &SourcePath, pattern: &str) -> Vec<SourcePath> {
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{', '!', '\\']);
    let parts: Vec<&str> = pattern.split('/').collect();
    let fixed = parts.iter().take_while(|part| is_plain(part)).count();
    let fixed = fixed.min(parts.len() - 1);
    let start = folder.join(parts[..fixed].join("/"));
    let rest = &parts[fixed..];
    let Some(matcher) = glob(&rest.join("/")) else {
        return Vec::new();
    };
    // `**` reaches any depth, anything else its own number of folders.
    let deepest = match rest.iter().any(|part| part.contains("**")) {
        true => usize::MAX,
        false => rest.iter().map(|part| part.matches('/').count() + 1).sum(),
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
