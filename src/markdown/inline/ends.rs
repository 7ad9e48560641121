//! Searches for the ends of open constructs in one text, each made once.

use std::collections::BTreeMap;

use crate::work::step;

/// The next position of something, remembered for all positions before it.
#[derive(Debug, Default, Clone, Copy)]
pub struct Next {
    /// Where the last search began, and what it found.
    known: Option<(usize, Option<usize>)>,
}

impl Next {
    /// The first position from byte `from` on. `find` searches from a byte on; its
    /// result must not depend on where it begins.
    pub fn at(&mut self, from: usize, find: impl Fn(usize) -> Option<usize>) -> Option<usize> {
        if let Some((start, found)) = self.known
            && start <= from
            && found.is_none_or(|found| found >= from)
        {
            return found;
        }
        let found = find(from);
        self.known = Some((from, found));
        found
    }
}

/// The next `mark` in `text` from byte `from` on.
pub fn find(text: &str, from: usize, mark: &str) -> Option<usize> {
    let rest = text.get(from..)?.as_bytes();
    let found = match mark.as_bytes() {
        [only] => memchr::memchr(*only, rest),
        mark => memchr::memmem::find(rest, mark),
    };
    step(found.unwrap_or(text.len() - from));
    Some(from + found?)
}

/// The runs of backticks in a text.
#[derive(Debug)]
pub struct Backticks {
    /// The start and the length of each.
    runs: Vec<(usize, usize)>,
    /// The indices of the runs of each length.
    by_length: BTreeMap<usize, Vec<usize>>,
    /// The longest run from each on; the first of equals.
    longest: Vec<usize>,
}

impl Backticks {
    /// The backticks of a text.
    pub fn of(text: &str) -> Self {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        step(text.len());
        for at in memchr::memchr_iter(b'`', text.as_bytes()) {
            match runs.last_mut() {
                Some((start, length)) if *start + *length == at => *length += 1,
                _ => runs.push((at, 1)),
            }
        }
        let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (nth, (_, length)) in runs.iter().enumerate() {
            by_length.entry(*length).or_default().push(nth);
        }
        let mut longest = vec![0; runs.len()];
        for nth in (0..runs.len()).rev() {
            longest[nth] = match longest.get(nth + 1) {
                Some(&other) if runs[other].1 > runs[nth].1 => other,
                _ => nth,
            };
        }
        Self {
            runs,
            by_length,
            longest,
        }
    }

    /// The first backtick from byte `at` on.
    pub fn next(&self, at: usize) -> Option<usize> {
        let nth = self
            .runs
            .partition_point(|(start, length)| start + length <= at);
        Some(self.runs.get(nth)?.0.max(at))
    }

    /// The code that the backticks at byte `at` open: how many there are, how many
    /// close it, and where those end. If no run is as long, the longest shorter
    /// one closes it.
    pub fn code(&self, at: usize) -> (usize, Option<(usize, usize)>) {
        step(1);
        let behind = self.runs.partition_point(|(start, _)| *start <= at);
        let Some(&(start, length)) = behind.checked_sub(1).and_then(|nth| self.runs.get(nth))
        else {
            return (0, None);
        };
        let ticks = (start + length).saturating_sub(at);
        let equal = self.by_length.get(&ticks).and_then(|all| {
            let next = all.partition_point(|nth| *nth < behind);
            all.get(next)
        });
        let longest = || {
            let longest = self.longest.get(behind)?;
            Some(longest).filter(|nth| self.runs[**nth].1 < ticks)
        };
        let close = equal.or_else(longest).map(|nth| {
            let (start, length) = self.runs[*nth];
            (length, start + length)
        });
        (ticks, close)
    }

    /// The end of the code that begins at byte `at` or, if it is not code, of the
    /// backticks.
    pub fn code_end(&self, at: usize) -> usize {
        match self.code(at) {
            (_, Some((_, end))) => end,
            (ticks, None) => at + ticks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_ends_at_the_next_run_as_long_or_the_longest_shorter_one() {
        let text = "`a ``b` ```c`` d``";
        let runs = Backticks::of(text);
        assert_eq!(runs.code(0), (1, Some((1, 7))));
        assert_eq!(runs.code(3), (2, Some((2, 14))));
        assert_eq!(runs.code(8), (3, Some((2, 14))));
        assert_eq!(runs.code(9), (2, Some((2, 14))));
        assert_eq!(runs.code(16), (2, None));
        assert_eq!((runs.next(1), runs.code_end(16)), (Some(3), 18));
    }

    #[test]
    fn what_was_found_is_not_looked_for_again() {
        let (text, mut next) = ("aaa]b]", Next::default());
        let at = |next: &mut Next, from| next.at(from, |from| find(text, from, "]"));
        assert_eq!((at(&mut next, 0), at(&mut next, 2)), (Some(3), Some(3)));
        assert_eq!((at(&mut next, 4), at(&mut next, 6)), (Some(5), None));
    }
}
