//! From the committed text's lines to those of the text as it is now.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use imara_diff::{Algorithm, Diff, InternedInput};

use super::{Blame, Commit};

/// Where each line of a committed text comes from. Of the text itself only
/// fingerprints are kept: enough to find its lines in an edited one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Commits, each once.
    pub commits: Vec<Commit>,
    /// For each line its commit's place in the list and its fingerprint.
    pub lines: Vec<(usize, u64)>,
}

/// The lines of a text, without their ends. A carriage return belongs to the
/// end: git may check a file out with other ends than it keeps.
pub fn lines_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = (!text.is_empty()).then(|| text.strip_suffix(b"\n").unwrap_or(text));
    whole
        .into_iter()
        .flat_map(|text| text.split(|byte| *byte == b'\n'))
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// What stands for a line; equal lines have equal ones.
pub fn fingerprint(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

impl Committed {
    /// Where each line of `text` comes from: lines that the committed text
    /// does not have, in order, are not committed yet.
    pub fn of_text(&self, text: &[u8]) -> Blame {
        let now = lines_of(text).map(fingerprint);
        let now: Vec<u64> = now.collect();
        Blame {
            commits: self.commits.clone(),
            lines: self.carried(&now),
        }
    }

    /// Where each line of the committed text itself comes from.
    pub fn unedited(&self) -> Blame {
        Blame {
            commits: self.commits.clone(),
            lines: self.lines.iter().map(|(commit, _)| Some(*commit)).collect(),
        }
    }

    fn carried(&self, now: &[u64]) -> Vec<Option<usize>> {
        let mut input: InternedInput<u64> = InternedInput::default();
        input.update_before(self.lines.iter().map(|(_, fingerprint)| *fingerprint));
        input.update_after(now.iter().copied());
        let diff = Diff::compute(Algorithm::Myers, &input);
        // What both texts have stands in both in the same order.
        let kept = (0_u32..).zip(&self.lines);
        let mut kept = kept
            .filter(|(nth, _)| !diff.is_removed(*nth))
            .map(|(_, (commit, _))| *commit);
        (0_u32..)
            .zip(now)
            .map(|(nth, _)| {
                if diff.is_added(nth) {
                    None
                } else {
                    kept.next()
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
        // Line ends are no change, nor is a missing last one.
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
