//! How old each line is: what version control says about a file, applied to the
//! text as it is now, and what is derived from that. Pure functions; `git/` asks
//! git itself.

mod blames;
mod block;
mod blocks;
mod carry_over;
mod histogram;
mod scale;
mod table;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::time::Moment;

pub use blames::{LineAges, Unknown};
pub use block::Age;
pub use blocks::{Block, LineRange, SourceRanges, blocks};
pub use carry_over::{Committed, fingerprint, lines_of};
pub use histogram::{Month, spread};
pub use scale::{CLASSES, Scale};
pub use table::{TableStyle, coloured, shortened, table};

/// One commit that lines come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Commit {
    /// Its name.
    pub id: String,
    /// Its author, with `.mailmap` applied.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// When its author made it, in seconds since 1970.
    pub authored: i64,
    /// The author's offset from UTC then, such as `+0100`.
    pub zone: String,
    /// When it was committed as it is, in seconds since 1970.
    pub committed: i64,
    /// The first line of its message.
    pub summary: String,
    /// Whether the history is cut off here, so that its lines may be older.
    pub at_least: bool,
}

/// Which of a commit's two dates counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dating {
    /// When the author made it.
    #[default]
    Author,
    /// When it was committed as it stands: later after a rebase.
    Committer,
}

impl Commit {
    /// The date that counts, in seconds since 1970.
    pub fn time(&self, dating: Dating) -> i64 {
        match dating {
            Dating::Author => self.authored,
            Dating::Committer => self.committed,
        }
    }
}

/// Where each line of a text comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blame {
    /// Commits, each once.
    pub commits: Vec<Commit>,
    /// For each line the index of its commit; `None` where it is not committed
    /// yet.
    pub lines: Vec<Option<usize>>,
}

/// Adjacent lines of one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its first line, from 1.
    pub first: usize,
    /// Its last line.
    pub last: usize,
    /// The index of the commit; `None` where it is not committed yet.
    pub commit: Option<usize>,
}

impl Blame {
    /// The lines as runs of one commit each.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (nth, commit) in self.lines.iter().copied().enumerate() {
            match runs.last_mut() {
                Some(run) if run.commit == commit => run.last = nth + 1,
                _ => runs.push(Run {
                    first: nth + 1,
                    last: nth + 1,
                    commit,
                }),
            }
        }
        runs
    }

    /// The commit of a run; `None` where the run is not committed yet.
    pub fn commit(&self, run: Run) -> Option<&Commit> {
        self.commits.get(run.commit?)
    }
}

/// A moment in seconds since 1970 as ISO 8601 writes it, in UTC.
pub fn iso(time: i64) -> String {
    Moment::new(time).to_string()
}

/// The day of a moment in seconds since 1970, in UTC.
pub fn day(time: i64) -> String {
    Moment::new(time).utc().date().to_string()
}

/// The runs as JSON: a list of objects.
pub fn runs_as_json(blame: &Blame, dating: Dating) -> Value {
    let runs = blame.runs().into_iter().map(|run| {
        let commit = blame.commit(run);
        let mut entry = json!({
            "first_line": run.first,
            "last_line": run.last,
            "commit": commit.map(|it| &it.id),
            "author": commit.map(|it| &it.author),
            "author_date": commit.map(|it| iso(it.authored)),
            "summary": commit.map(|it| &it.summary),
        });
        if let (Some(commit), Some(entry)) = (commit, entry.as_object_mut()) {
            if dating == Dating::Committer {
                entry.insert("committer_date".to_owned(), iso(commit.committed).into());
            }
            // Only where it is true: the history is cut off there.
            if commit.at_least {
                entry.insert("at_least".to_owned(), true.into());
            }
        }
        entry
    });
    runs.collect()
}

#[cfg(test)]
mod tests {
    use super::{Blame, Commit, Dating, Run, iso, runs_as_json};

    fn blame() -> Blame {
        let commit = |id: &str, at_least| Commit {
            id: id.to_owned(),
            authored: 1_700_000_000,
            committed: 1_700_000_060,
            at_least,
            ..Commit::default()
        };
        Blame {
            commits: vec![commit("a", false), commit("b", true)],
            lines: vec![Some(0), Some(0), None, Some(1), Some(0)],
        }
    }

    #[test]
    fn neighbours_of_one_commit_are_a_run() {
        let run = |first, last, commit| Run {
            first,
            last,
            commit,
        };
        let expected = [
            run(1, 2, Some(0)),
            run(3, 3, None),
            run(4, 4, Some(1)),
            run(5, 5, Some(0)),
        ];
        assert_eq!(blame().runs(), expected);
        assert_eq!(Blame::default().runs(), []);
    }

    #[test]
    fn programs_read_dates_in_utc() {
        let runs = runs_as_json(&blame(), Dating::Author);
        assert_eq!(runs[0]["author_date"], "2023-11-14T22:13:20Z");
        assert_eq!(runs[0].get("committer_date"), None);
        assert_eq!(runs[1]["commit"], serde_json::Value::Null);
        assert_eq!(runs[2]["at_least"], true);
        let runs = runs_as_json(&blame(), Dating::Committer);
        assert_eq!(runs[0]["committer_date"], "2023-11-14T22:14:20Z");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
    }
}
