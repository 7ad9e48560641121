//! Maps the lines of the committed text to those of the text as it is now.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use imara_diff::{Algorithm, Diff, InternedInput};

use super::{Blame, Commit};

/// Where each line of a committed text comes from. Only fingerprints of the lines
/// are kept: enough to find them in an edited text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Commits, each once.
    pub commits: Vec<Commit>,
    /// For each line the index of its commit, and its fingerprint.
    pub lines: Vec<(usize, u64)>,
}

/// The lines of a text, without line endings. Those may include a carriage return:
/// git may check a file out with other line endings than it stores.
pub fn lines_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = (!text.is_empty()).then(|| text.strip_suffix(b"\n").unwrap_or(text));
    whole
        .into_iter()
        .flat_map(|text| text.split(|byte| *byte == b'\n'))
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// A hash of a line.
pub fn fingerprint(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

impl Committed {
    /// Where each line of `text` comes from. Lines that a diff does not find in the
    /// committed text are not committed yet.
    pub fn of_text(&self, text: &[u8]) -> Blame {
        let now: Vec<u64> = lines_of(text).map(fingerprint).collect();
        Blame {
            commits: self.commits.clone(),
            lines: self.commits_of(&now),
        }
    }

    /// Where each line of the committed text itself comes from.
    pub fn unedited(&self) -> Blame {
        Blame {
            commits: self.commits.clone(),
            lines: self.lines.iter().map(|(commit, _)| Some(*commit)).collect(),
        }
    }

    /// For each of these lines, given by fingerprints, the index of its commit.
    fn commits_of(&self, now: &[u64]) -> Vec<Option<usize>> {
        let mut input: InternedInput<u64> = InternedInput::default();
        input.update_before(self.lines.iter().map(|(_, fingerprint)| *fingerprint));
        input.update_after(now.iter().copied());
        let diff = Diff::compute(Algorithm::Myers, &input);
        // Lines that are in both texts have the same order in both.
        let mut unchanged = (0_u32..)
            .zip(&self.lines)
            .filter(|(nth, _)| !diff.is_removed(*nth))
            .map(|(_, (commit, _))| *commit);
        (0_u32..)
            .zip(now)
            .map(|(nth, _)| {
                if diff.is_added(nth) {
                    None
                } else {
                    unchanged.next()
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Commit, Committed, fingerprint, lines_of};

    fn committed(text: &str) -> Committed {
        let lines = lines_of(text.as_bytes()).enumerate();
        Committed {
            commits: vec![Commit::default(); 10],
            lines: lines.map(|(nth, line)| (nth, fingerprint(line))).collect(),
        }
    }

    fn carried(before: &str, now: &str) -> Vec<Option<usize>> {
        committed(before).of_text(now.as_bytes()).lines
    }

    #[test]
    fn lines_are_found_again_in_an_edited_text() {
        let some = |places: &[usize]| places.iter().map(|it| Some(*it)).collect::<Vec<_>>();
        assert_eq!(carried("a\nb\nc\n", "a\nb\nc\n"), some(&[0, 1, 2]));
        // A different or missing line ending is not a change.
        assert_eq!(carried("a\nb\nc\n", "a\r\nb\r\nc"), some(&[0, 1, 2]));
        assert_eq!(
            carried("a\nb\nc\n", "a\nx\ny\nc\n"),
            [Some(0), None, None, Some(2)]
        );
        assert_eq!(
            carried("a\nb\nc\n", "new\na\nc\n"),
            [None, Some(0), Some(2)]
        );
        assert_eq!(carried("a\nb\n", ""), []);
        assert_eq!(carried("", "a\n"), [None]);
        assert_eq!(carried("a\n\nb\n\nc\n", "a\n\nc\n").len(), 3);
    }

    #[test]
    fn lines_are_counted_as_editors_do() {
        let count = |text: &str| lines_of(text.as_bytes()).count();
        assert_eq!(
            (count(""), count("a"), count("a\n"), count("a\n\n")),
            (0, 1, 1, 2)
        );
        assert_eq!(count("\n"), 1);
    }
}
