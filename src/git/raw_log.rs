//! Reads what `git log -z --raw` prints.

use std::collections::HashMap;

use crate::translations::{BlobId, VersionCommit};

/// A commit, with what it did to files.
#[derive(Debug)]
pub(super) struct RawCommit {
    pub(super) commit: VersionCommit,
    /// Its first parent.
    pub(super) parent: Option<String>,
    pub(super) entries: Vec<Entry>,
}

/// What a commit did to a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) path: String,
    /// The path that the file had before.
    pub(super) from: Option<String>,
    /// Its text in each of the parents.
    pub(super) old: Vec<Option<BlobId>>,
    pub(super) new: Option<BlobId>,
}

/// The name of no object.
const NONE: &str = "0000000000";

/// The commits that were printed in the format `%x01%H %ct %P%x02%an`.
pub(super) fn parse(printed: &[u8]) -> Vec<RawCommit> {
    let mut commits: Vec<RawCommit> = Vec::new();
    let mut parts = printed
        .split(|byte| *byte == 0)
        .map(String::from_utf8_lossy);
    while let Some(part) = parts.next() {
        let part = part.trim_start_matches('\n');
        if let Some(header) = part.strip_prefix('\u{1}') {
            let (names, author) = header.split_once('\u{2}').unwrap_or((header, ""));
            let mut names = names.split(' ');
            let commit = VersionCommit {
                id: names.next().unwrap_or_default().to_owned(),
                committed: names.next().and_then(|it| it.parse().ok()).unwrap_or(0),
                author: author.trim().to_owned(),
            };
            let parent = names.next().filter(|it| !it.is_empty()).map(str::to_owned);
            commits.push(RawCommit {
                commit,
                parent,
                entries: Vec::new(),
            });
            continue;
        }
        if !part.starts_with(':') {
            continue;
        }
        // For each parent a colon, a mode and a name; then those of the commit, and letters.
        let entry = part.trim_start_matches(':');
        let parents = part.len() - entry.len();
        let mut fields = entry.split(' ').skip(parents + 1);
        let mut blob = || {
            let name = fields.next()?;
            (!name.starts_with(NONE)).then(|| BlobId::from(name))
        };
        let mut old: Vec<Option<BlobId>> = (0..parents).map(|_| blob()).collect();
        let new = blob();
        let letter = fields.next().and_then(|it| it.chars().next());
        let mut path = || parts.next().map(std::borrow::Cow::into_owned);
        let (from, path) = match letter {
            Some('R') if parents == 1 => (path(), path()),
            // A copy is a new file: what it was copied from goes on.
            Some('C') if parents == 1 => {
                path();
                old = vec![None];
                (None, path())
            }
            _ => (None, path()),
        };
        if let (Some(path), Some(commit)) = (path, commits.last_mut()) {
            commit.entries.push(Entry {
                path,
                from,
                old,
                new,
            });
        }
    }
    commits
}

/// Finds the files that a commit gave the whole text of another one which it changed too: git
/// calls them changed, because both paths were there before, as where two files are swapped.
pub(super) fn follow_exact(entries: &mut [Entry]) {
    let mut given: HashMap<&str, Vec<usize>> = HashMap::new();
    for (nth, entry) in entries.iter().enumerate() {
        if let [Some(old)] = entry.old.as_slice()
            && entry.from.is_none()
            && entry.new.as_ref() != Some(old)
        {
            given.entry(old).or_default().push(nth);
        }
    }
    // The file whose text each has; none where several had it.
    let origin = |nth: usize| {
        let entry = &entries[nth];
        let new = entry.new.as_deref()?;
        let of = given.get(new)?;
        let is_followed = entry.from.is_some() || entry.old.len() != 1;
        (of.len() == 1 && of[0] != nth && !is_followed).then(|| of[0])
    };
    let is_moved = |nth: usize| {
        let mut at = nth;
        for _ in 0..entries.len() {
            match origin(at) {
                Some(of) if of == nth || entries[of].new.is_none() => return true,
                Some(of) => at = of,
                None => return false,
            }
        }
        false
    };
    let is_new = |nth: usize| entries[nth].old == [None];
    let followed: Vec<(usize, usize)> = (0..entries.len())
        .filter_map(|nth| Some((nth, origin(nth)?)))
        .filter(|(nth, _)| is_new(*nth) || is_moved(*nth))
        .collect();
    let paths: Vec<String> = followed
        .iter()
        .map(|(_, of)| entries[*of].path.clone())
        .collect();
    for ((nth, _), path) in followed.into_iter().zip(paths) {
        let entry = &mut entries[nth];
        entry.old = vec![entry.new.clone()];
        entry.from = Some(path);
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, follow_exact, parse};

    #[test]
    fn a_merge_is_beside_each_of_its_parents() {
        let printed = "\u{1}m 40 c3 b1\u{2}A\0\0::100644 100644 100644 o1 o2 n MM\0a.md\0";
        let commits = parse(printed.as_bytes());
        let expected = Entry {
            path: "a.md".to_owned(),
            from: None,
            old: vec![Some("o1".into()), Some("o2".into())],
            new: Some("n".into()),
        };
        assert_eq!(commits[0].entries, [expected]);
        assert_eq!(commits[0].parent.as_deref(), Some("c3"));
    }

    #[test]
    fn swapped_files_are_known_again() {
        let entry = |path: &str, old: &str, new: &str| {
            let blob = |it: &str| (it != "-").then(|| it.into());
            Entry {
                path: path.to_owned(),
                from: None,
                old: vec![blob(old)],
                new: blob(new),
            }
        };
        let followed = |mut entries: Vec<Entry>| -> Vec<Option<String>> {
            follow_exact(&mut entries);
            entries.into_iter().map(|it| it.from).collect()
        };
        let some = |it: &str| Some(it.to_owned());
        let swapped = vec![entry("a", "1", "2"), entry("b", "2", "1")];
        assert_eq!(followed(swapped), [some("b"), some("a")]);
        let shifted = vec![
            entry("a", "1", "-"),
            entry("b", "2", "1"),
            entry("c", "-", "2"),
        ];
        assert_eq!(followed(shifted), [None, some("a"), some("b")]);
        // A page that was moved, with another one in its place.
        let replaced = vec![entry("a", "1", "3"), entry("b", "-", "1")];
        assert_eq!(followed(replaced), [None, some("a")]);
        // A translation that fell back to the text of the source.
        let fallen = vec![entry("de", "1", "2"), entry("en", "2", "3")];
        assert_eq!(followed(fallen), [None, None]);
    }
}
