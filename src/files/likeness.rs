//! Which added files are removed ones under another name, by how alike they are.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hasher as _};

use super::SourcePath;
use crate::work::step;

/// The longest run of bytes that is compared as one, as git has it.
const LONGEST_RUN: usize = 64;

/// Git's scale of likeness.
const SCALE: u64 = 60_000;
/// The least likeness of a pair on that scale: half.
const LEAST: u64 = SCALE / 2;

/// How many files with the same line are looked at for one file, in all.
const MOST_VISITS: usize = 10_000;
/// How many files are compared with one.
const MOST_COMPARED: usize = 8;
/// How often files are paired whose best partners were like others even more.
const MOST_ROUNDS: usize = 8;

/// A file that was removed and one that was added, which are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlikeFiles {
    /// The index of the removed file.
    pub removed: usize,
    /// The index of the added file.
    pub added: usize,
    /// How alike they are, from 50 to 100: the part of the larger file's bytes that
    /// is in lines of both, in percent.
    pub percent: u8,
}

/// Pairs removed files with added ones that are alike, each at most once: first
/// those that are equal, then the most alike. Among equals, the names decide.
///
/// Likeness is measured as git does it for renames, in lines, and runs of 64 bytes of
/// longer ones; line endings do not count. Empty files are like no other. The time
/// grows with the length of the texts rather than with the number of pairs.
pub fn alike(removed: &[(&SourcePath, &[u8])], added: &[(&SourcePath, &[u8])]) -> Vec<AlikeFiles> {
    let mut matching = Matching {
        removed: removed.iter().map(Profile::of).collect(),
        added: added.iter().map(Profile::of).collect(),
        free_removed: vec![true; removed.len()],
        free_added: vec![true; added.len()],
        pairs: Vec::new(),
    };
    matching.pair_equal();
    for _ in 0..MOST_ROUNDS {
        if !matching.pair_alike() {
            break;
        }
    }
    matching.pairs.sort_by_key(|pair| pair.added);
    matching.pairs
}

/// What is compared of a file.
struct Profile<'f> {
    path: &'f SourcePath,
    /// Its length in bytes, without carriage returns.
    size: u64,
    /// A hash of the whole.
    whole: u64,
    /// The hashes of its lines, sorted, and how many bytes each makes up.
    lines: Vec<(u64, u64)>,
}

impl<'f> Profile<'f> {
    fn of((path, bytes): &(&'f SourcePath, &[u8])) -> Self {
        let mut lines = Vec::new();
        let mut whole = DefaultHasher::new();
        let mut run = Vec::with_capacity(LONGEST_RUN);
        let mut bytes = bytes.iter().peekable();
        while let Some(&byte) = bytes.next() {
            if byte == b'\r' && bytes.peek() == Some(&&b'\n') {
                continue;
            }
            run.push(byte);
            if byte == b'\n' || run.len() == LONGEST_RUN || bytes.peek().is_none() {
                let mut hasher = DefaultHasher::new();
                hasher.write(&run);
                lines.push((hasher.finish(), run.len() as u64));
                whole.write(&run);
                run.clear();
            }
        }
        let size = lines.iter().map(|(_, length)| length).sum();
        lines.sort_unstable();
        lines.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        Self {
            path,
            size,
            whole: whole.finish(),
            lines,
        }
    }

    /// How alike two files are, up to [`SCALE`].
    fn likeness(&self, other: &Self) -> u64 {
        let (mut ours, mut theirs) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut common = 0;
        step(self.lines.len() + other.lines.len());
        while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
            match our.0.cmp(&their.0) {
                std::cmp::Ordering::Less => drop(ours.next()),
                std::cmp::Ordering::Greater => drop(theirs.next()),
                std::cmp::Ordering::Equal => {
                    common += our.1.min(their.1);
                    ours.next();
                    theirs.next();
                }
            }
        }
        common * SCALE / self.size.max(other.size).max(1)
    }

    /// Whether their sizes allow for enough likeness.
    fn may_be_like(&self, other: &Self) -> bool {
        let (small, large) = (self.size.min(other.size), self.size.max(other.size));
        small > 0 && small * SCALE >= large * LEAST
    }

    /// The last `count` components of its path; `None` where it has fewer.
    fn tail(&self, count: usize) -> Option<&'f str> {
        let path = self.path.as_str();
        if count == 0 {
            return Some("");
        }
        let mut slashes = path.rmatch_indices('/').map(|(at, _)| at + 1);
        match slashes.nth(count - 1) {
            Some(at) => Some(&path[at..]),
            None => (path.matches('/').count() + 1 == count).then_some(path),
        }
    }

    /// How many of the last components of their paths are the same.
    fn shared_tail(&self, other: &Self) -> usize {
        let ours = self.path.as_str().rsplit('/');
        let theirs = other.path.as_str().rsplit('/');
        ours.zip(theirs).take_while(|(a, b)| a == b).count()
    }
}

struct Matching<'f> {
    removed: Vec<Profile<'f>>,
    added: Vec<Profile<'f>>,
    free_removed: Vec<bool>,
    free_added: Vec<bool>,
    pairs: Vec<AlikeFiles>,
}

impl Matching<'_> {
    fn pair(&mut self, removed: usize, added: usize, likeness: u64) {
        self.free_removed[removed] = false;
        self.free_added[added] = false;
        let percent = u8::try_from(likeness * 100 / SCALE).unwrap_or(100);
        self.pairs.push(AlikeFiles {
            removed,
            added,
            percent,
        });
    }

    /// Pairs equal files: first those with the longest part of their paths in common.
    fn pair_equal(&mut self) {
        for count in (0..=4).rev() {
            let mut known: HashMap<(u64, u64, &str), VecDeque<usize>> = HashMap::new();
            for (nth, file) in self.removed.iter().enumerate() {
                if let Some(tail) = file.tail(count)
                    && self.free_removed[nth]
                    && file.size > 0
                {
                    let key = (file.whole, file.size, tail);
                    known.entry(key).or_default().push_back(nth);
                }
            }
            for nth in 0..self.added.len() {
                let file = &self.added[nth];
                if let Some(tail) = file.tail(count)
                    && self.free_added[nth]
                    && let Some(equal) = known.get_mut(&(file.whole, file.size, tail))
                    && let Some(removed) = equal.pop_front()
                {
                    self.pair(removed, nth, SCALE);
                }
            }
        }
    }

    /// Pairs the files that are most alike among those that are left. Returns whether
    /// there were any.
    fn pair_alike(&mut self) -> bool {
        let mut found = Vec::new();
        {
            let index = Index::of(&self.removed, &self.free_removed);
            let mut bytes = vec![0; self.removed.len()];
            for (nth, file) in self.added.iter().enumerate() {
                if !self.free_added[nth] {
                    continue;
                }
                for other in index.candidates(file, &mut bytes) {
                    let removed = &self.removed[other];
                    let likeness = removed.likeness(file);
                    if likeness >= LEAST {
                        let tail = removed.shared_tail(file);
                        found.push((Reverse((likeness, tail)), other, nth));
                    }
                }
            }
        }
        found.sort_unstable();
        let before = self.pairs.len();
        for (Reverse((likeness, _)), removed, added) in found {
            if self.free_removed[removed] && self.free_added[added] {
                self.pair(removed, added, likeness);
            }
        }
        self.pairs.len() > before
    }
}

/// Which removed files are worth comparing with an added one.
struct Index<'p, 'f> {
    removed: &'p [Profile<'f>],
    /// The files with a line, and how many bytes of each it makes up.
    by_line: HashMap<u64, Vec<(usize, u64)>>,
    by_name: HashMap<&'f str, Vec<usize>>,
}

impl<'p, 'f> Index<'p, 'f> {
    fn of(removed: &'p [Profile<'f>], is_free: &[bool]) -> Self {
        let mut index = Self {
            removed,
            by_line: HashMap::new(),
            by_name: HashMap::new(),
        };
        let free = removed.iter().enumerate().filter(|(nth, _)| is_free[*nth]);
        for (nth, file) in free {
            for (line, length) in &file.lines {
                index.by_line.entry(*line).or_default().push((nth, *length));
            }
            index.by_name.entry(file.path.name()).or_default().push(nth);
        }
        index
    }

    /// The files that share most with `file`, by their rarest lines, and those of the
    /// same name. `bytes` has a zero for each removed file, before and after.
    fn candidates(&self, file: &Profile<'_>, bytes: &mut [u64]) -> Vec<usize> {
        let lines = file.lines.iter();
        let mut shared: Vec<_> = lines
            .filter_map(|(line, length)| Some((self.by_line.get(line)?, *length)))
            .collect();
        shared.sort_by_key(|(files, length)| (files.len(), Reverse(*length)));
        let visits = shared
            .iter()
            .flat_map(|(files, length)| files.iter().map(move |it| (it, *length)));
        let mut found = Vec::new();
        for (&(nth, theirs), ours) in visits.take(MOST_VISITS) {
            step(1);
            if bytes[nth] == 0 {
                found.push(nth);
            }
            bytes[nth] += ours.min(theirs);
        }
        found.sort_by_key(|nth| (Reverse(bytes[*nth]), *nth));
        for nth in &found {
            bytes[*nth] = 0;
        }
        let is_possible = |nth: &usize| self.removed[*nth].may_be_like(file);
        let named = self.by_name.get(file.path.name()).into_iter().flatten();
        let named = named.copied().filter(is_possible).take(MOST_COMPARED);
        let best = found.into_iter().filter(is_possible).take(MOST_COMPARED);
        let mut seen = HashSet::new();
        named.chain(best).filter(|nth| seen.insert(*nth)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::alike;
    use crate::files::SourcePath;
    use crate::work::steps_of;

    /// Pairs in short: `old new percent`.
    fn pairs(removed: &[(&str, &str)], added: &[(&str, &str)]) -> Vec<String> {
        let paths = |files: &[(&str, &str)]| -> Vec<SourcePath> {
            files
                .iter()
                .map(|(path, _)| SourcePath::new(path))
                .collect()
        };
        let (old, new) = (paths(removed), paths(added));
        let removed: Vec<_> = old
            .iter()
            .zip(removed)
            .map(|(path, (_, text))| (path, text.as_bytes()))
            .collect();
        let added: Vec<_> = new
            .iter()
            .zip(added)
            .map(|(path, (_, text))| (path, text.as_bytes()))
            .collect();
        let found = alike(&removed, &added).into_iter();
        found
            .map(|it| format!("{} {} {}", old[it.removed], new[it.added], it.percent))
            .collect()
    }

    fn lines(range: std::ops::Range<usize>) -> String {
        range.map(|nth| format!("line {nth:04}\n")).collect()
    }

    #[test]
    fn pairs_are_at_least_half_alike_and_the_best_comes_first() {
        let text = lines(0..10);
        let near = lines(0..9) + "line zzzz\n";
        let half = lines(0..5) + &lines(50..55);
        let less = lines(0..4) + &lines(60..66);
        assert_eq!(pairs(&[("a", &text)], &[("b", &less)]), [""; 0]);
        assert_eq!(pairs(&[("a", &text)], &[("b", &half)]), ["a b 50"]);
        assert_eq!(
            pairs(&[("a", &text)], &[("b", &half), ("c", &near)]),
            ["a c 90"]
        );
        assert_eq!(
            pairs(&[("a", &text)], &[("b", &near), ("c", &text)]),
            ["a c 100"]
        );
        // Whose best partner is taken gets the next best.
        assert_eq!(
            pairs(&[("a", &text), ("d", &half)], &[("b", &near), ("c", &text)]),
            ["d b 50", "a c 100"]
        );
        // A much longer file is not alike, whatever it has in common.
        assert_eq!(pairs(&[("a", &text)], &[("b", &lines(0..21))]), [""; 0]);
    }

    #[test]
    fn line_endings_and_empty_files_do_not_count() {
        let text = lines(0..3);
        let windows = text.replace('\n', "\r\n");
        assert_eq!(pairs(&[("a", &text)], &[("b", &windows)]), ["a b 100"]);
        assert_eq!(pairs(&[("a", "")], &[("b", "")]), [""; 0]);
        assert_eq!(pairs(&[], &[("b", "x")]), [""; 0]);
    }

    #[test]
    fn long_lines_are_compared_in_runs() {
        let long = "0123456789".repeat(20);
        let changed = format!("{long} and an end");
        assert_eq!(pairs(&[("a", &long)], &[("b", &changed)]), ["a b 90"]);
    }

    #[test]
    fn among_equals_the_names_decide() {
        let found = pairs(
            &[("a/x/index.md", "stub\n"), ("a/y/index.md", "stub\n")],
            &[
                ("b/z.md", "stub\n"),
                ("b/y/index.md", "stub\n"),
                ("b/x/index.md", "stub\n"),
            ],
        );
        assert_eq!(
            found,
            [
                "a/y/index.md b/y/index.md 100",
                "a/x/index.md b/x/index.md 100"
            ]
        );
        let (one, two) = (lines(0..9) + "one\n", lines(0..9) + "two\n");
        let found = pairs(
            &[("a/one.md", &one), ("a/two.md", &two)],
            &[("b/two.md", &lines(0..9)), ("b/one.md", &lines(0..9))],
        );
        assert_eq!(found, ["a/two.md b/two.md 95", "a/one.md b/one.md 95"]);
    }

    /// Paths and texts of files, and those as they are compared.
    type Files = Vec<(SourcePath, Vec<u8>)>;

    fn borrowed(files: &Files) -> Vec<(&SourcePath, &[u8])> {
        let each = files.iter();
        each.map(|(path, text)| (path, text.as_slice())).collect()
    }

    #[test]
    fn many_files_of_one_template_are_paired() {
        let shared = lines(0..40);
        let count = 2_000;
        let file = |path: String, nth: usize, more: &str| {
            let text = format!("# Page {nth}\n{shared}text {nth}\n{more}");
            (SourcePath::new(path), text.into_bytes())
        };
        let old: Files = (0..count)
            .map(|nth| file(format!("old/{nth}.md"), nth, ""))
            .collect();
        let new: Files = (0..count)
            .rev()
            .map(|nth| file(format!("new/page-{nth}.md"), nth, "more\n"))
            .collect();
        let found = alike(&borrowed(&old), &borrowed(&new));
        assert_eq!(found.len(), count);
        for pair in found {
            assert_eq!(pair.removed, count - 1 - pair.added);
        }
    }

    /// Files that have nothing of their own, so that each is like all others.
    #[test]
    fn twice_as_many_files_take_twice_as_long() {
        let files = |folder: &str, count: usize| -> Files {
            let text = |nth: usize| -> String {
                // Of 60 lines each is without one, and has others twice.
                let kept = (0..60).filter(|line| line % 50 != nth % 50);
                let kept = kept.map(|line| format!("line {line}\n"));
                kept.collect::<String>() + &format!("line {}\n", nth * folder.len() % 60)
            };
            let file = |nth| {
                let path = SourcePath::new(format!("{folder}/{nth}.md"));
                (path, text(nth).into_bytes())
            };
            (0..count).map(file).collect()
        };
        let steps = |count: usize| {
            let (old, new) = (files("old", count), files("changed", count));
            steps_of(|| alike(&borrowed(&old), &borrowed(&new)))
        };
        let (once, twice) = (steps(400), steps(800));
        assert!(once > 0 && twice < 3 * once, "{once} {twice}");
    }
}
