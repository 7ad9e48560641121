use super::{Blame, Dating, LineRange};

/// The newest and the oldest commit that lines come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Age {
    /// The index of the newest commit; `None` where no line is committed.
    pub newest: Option<usize>,
    /// The index of the oldest commit; `None` where no line is committed.
    pub oldest: Option<usize>,
    /// Whether some line is not committed yet.
    pub edited: bool,
}

impl Age {
    /// The age of these lines, each given by the index of its commit.
    pub fn of(
        blame: &Blame,
        lines: impl IntoIterator<Item = Option<usize>>,
        dating: Dating,
    ) -> Self {
        let time = |commit: &usize| blame.commits.get(*commit).map(|it| it.time(dating));
        let mut age = Self::default();
        for line in lines {
            age.edited |= line.is_none();
            age.newest = [age.newest, line].into_iter().flatten().max_by_key(time);
            age.oldest = [age.oldest, line].into_iter().flatten().min_by_key(time);
        }
        age
    }
}

impl Blame {
    /// The commits of the lines of a place that have text; `text` is the file that
    /// this is the blame of. The age of blank lines interests nobody.
    pub fn written<'a>(
        &'a self,
        text: &'a [&'a str],
        place: &LineRange,
    ) -> impl Iterator<Item = Option<usize>> + 'a {
        let first = place.first.max(1) - 1;
        let count = (place.last + 1).saturating_sub(place.first.max(1));
        let lines = self.lines.iter().copied().zip(text).skip(first).take(count);
        lines
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(commit, _)| commit)
    }
}

#[cfg(test)]
mod tests {
    use super::Age;
    use crate::ages::{Blame, Commit, Dating, LineRange};

    #[test]
    fn blank_lines_have_no_age() {
        let commit = |authored| Commit {
            authored,
            ..Commit::default()
        };
        let blame = Blame {
            commits: vec![commit(5), commit(9), commit(1)],
            lines: vec![Some(0), Some(1), Some(0), Some(2), None],
        };
        let text = ["a", " ", "c", "d", "e"];
        let age = |first, last| {
            let place = LineRange {
                file: None,
                first,
                last,
            };
            let age = Age::of(&blame, blame.written(&text, &place), Dating::Author);
            (age.newest, age.oldest, age.edited)
        };
        assert_eq!(age(1, 3), (Some(0), Some(0), false));
        assert_eq!(age(3, 4), (Some(0), Some(2), false));
        assert_eq!(age(4, 9), (Some(2), Some(2), true));
        assert_eq!(age(2, 2), (None, None, false));
        assert_eq!(
            (age(0, 0), age(7, 3)),
            ((None, None, false), (None, None, false))
        );
    }
}
