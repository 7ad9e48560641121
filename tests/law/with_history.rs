//! The law of a site that shows what version control knows of its pages, with
//! commits between the edits. The history is kept in memory and answers as git
//! would.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use proofroom::files::{
    Change, FileChange, History, Memory, Overlay, SourcePath, System, WrittenLine,
};
use proofroom::session::Sites;
use proofroom::site::queries;
use proofroom::watch::ChangeBatch;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::content::DATED;
use crate::edits::{Edit, apply, edit};
use crate::harness::everything::whole;
use crate::one_site::call;
use crate::regressions::check;
use crate::trees::over;

/// How many steps a sequence has, on average.
const STEPS: usize = 25;

const HEAD: &str = ".git/HEAD";
const MAIN: &str = ".git/refs/heads/main";

/// One step.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Step {
    Edit(Edit),
    /// Everything is committed by one of two people.
    Commit(bool),
    /// An earlier commit is checked out, so many before the last.
    CheckOut(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => edit().prop_map(Step::Edit),
        2 => prop::sample::select(&DATED[..])
            .prop_map(|text| Step::Edit(Edit::Write("mkdocs.yml".to_owned(), text.to_owned()))),
        4 => any::<bool>().prop_map(Step::Commit),
        1 => (0..3_usize).prop_map(Step::CheckOut),
    ]
}

type Tree = BTreeMap<SourcePath, Arc<[u8]>>;

/// A commit on the only branch.
struct Commit {
    name: String,
    time: i64,
    author: &'static str,
    tree: Tree,
}

/// Commits, which of them is checked out being read from the sources as by git.
#[derive(Clone)]
struct Commits {
    system: Arc<dyn System>,
    all: Arc<Mutex<Vec<Commit>>>,
}

impl Commits {
    fn text(&self, path: &str) -> Option<String> {
        let bytes = self.system.read(&SourcePath::new(path)).ok()?;
        Some(String::from_utf8(bytes).ok()?.trim().to_owned())
    }

    /// The name of the commit that is checked out.
    fn head(&self) -> Option<String> {
        let head = self.text(HEAD)?;
        match head.strip_prefix("ref: ") {
            Some(branch) => self.text(&format!(".git/{branch}")),
            None => Some(head),
        }
    }

    /// Asks of the commits up to the one that is checked out, the first one first.
    fn ask<T>(&self, question: impl FnOnce(&[Commit]) -> T) -> Option<T> {
        let head = self.head()?;
        let all = self.all.lock();
        let last = all.iter().position(|commit| commit.name == head)?;
        Some(question(&all[..=last]))
    }

    /// Commits everything on the branch, after the commit that is checked out.
    fn commit(&self, files: &Memory, is_ann: bool) -> ChangeBatch {
        let kept = self.ask(<[Commit]>::len).unwrap_or_default();
        let mut all = self.all.lock();
        all.truncate(kept);
        let number = i64::try_from(all.len()).expect("few");
        let author = if is_ann { "ann" } else { "ben" };
        // Other commits may have had the same number.
        let name = format!("{number}-{author}-{:x}", fingerprint(files));
        let tree = files.files();
        all.push(Commit {
            time: 1_600_000_000 + number * 37 * 86_400,
            name: name.clone(),
            author,
            tree: tree
                .into_iter()
                .filter(|(path, _)| !path.as_str().starts_with(".git/"))
                .collect(),
        });
        files.write(&SourcePath::new(HEAD), "ref: refs/heads/main\n");
        files.write(&SourcePath::new(MAIN), format!("{name}\n"));
        moved()
    }

    /// Checks a commit out without its branch, so many before the last. As in a
    /// work tree where everything is edited, the files stay as they are.
    fn check_out(&self, files: &Memory, before: usize) -> ChangeBatch {
        let all = self.all.lock();
        if let Some(commit) = all.iter().rev().nth(before) {
            files.write(&SourcePath::new(HEAD), format!("{}\n", commit.name));
        }
        moved()
    }
}

/// What a watch reports when another commit is checked out.
fn moved() -> ChangeBatch {
    ChangeBatch::Paths(vec![SourcePath::new(HEAD), SourcePath::new(MAIN)])
}

fn fingerprint(files: &Memory) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    files.files().hash(&mut hasher);
    hasher.finish()
}

/// What a commit did to the files of the one before.
fn file_changes(before: &Tree, after: &Tree) -> Vec<FileChange> {
    let mut removed: Vec<_> = before
        .iter()
        .filter(|(path, _)| !after.contains_key(*path))
        .collect();
    let mut changes = Vec::new();
    for (path, bytes) in after {
        match before.get(path) {
            Some(old) if old == bytes => {}
            Some(_) => changes.push(FileChange::Changed(path.clone())),
            None => {
                let same = removed.iter().position(|(_, old)| *old == bytes);
                changes.push(match same {
                    Some(at) => FileChange::Renamed(removed.remove(at).0.clone(), path.clone()),
                    None => FileChange::Added(path.clone()),
                });
            }
        }
    }
    changes.extend(
        removed
            .into_iter()
            .map(|(path, _)| FileChange::Changed(path.clone())),
    );
    changes
}

fn touches(change: &FileChange, folder: &SourcePath) -> bool {
    let is_below = |path: &SourcePath| path.below(folder).is_some();
    match change {
        FileChange::Added(path) | FileChange::Changed(path) => is_below(path),
        FileChange::Renamed(from, to) => is_below(from) || is_below(to),
    }
}

impl History for Commits {
    fn changes(&self, folder: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<Change>> {
        self.ask(|commits| {
            let nothing = Tree::new();
            let befores = std::iter::once(&nothing).chain(commits.iter().map(|it| &it.tree));
            let changes = commits.iter().zip(befores).map(|(commit, before)| {
                let mut files = file_changes(before, &commit.tree);
                files.retain(|change| touches(change, folder));
                Change {
                    commit: commit.name.clone(),
                    time: commit.time,
                    files,
                }
            });
            let mut changes: Vec<Change> = changes.filter(|it| !it.files.is_empty()).collect();
            changes.reverse();
            changes
        })
    }

    fn lines(&self, file: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<WrittenLine>> {
        let text = String::from_utf8(self.system.read(file).ok()?).ok()?;
        self.ask(|commits| {
            // A line comes from the first commit since which the file has it.
            let has = |commit: &&Commit, line: &str| {
                let bytes = commit.tree.get(file);
                let text = bytes.map(|bytes| String::from_utf8_lossy(bytes));
                text.is_some_and(|text| text.lines().any(|other| other == line))
            };
            let written = |line: &str| {
                let since = commits.iter().rev().take_while(|commit| has(commit, line));
                let commit = since.last();
                let author = commit.map_or("not committed", |commit| commit.author);
                WrittenLine {
                    commit: commit.map_or_else(String::new, |commit| commit.name.clone()),
                    name: author.to_owned(),
                    email: format!("{author}@example.org"),
                    time: commit.map_or(0, |commit| commit.time),
                    zone: "+0000".to_owned(),
                    is_empty: line.is_empty(),
                }
            };
            text.lines().map(written).collect()
        })
    }
}

fn holds(steps: &[Step]) -> Result<(), String> {
    let files = Memory::new([
        ("mkdocs.yml", DATED[0]),
        (
            "docs/index.md",
            "# Home\n\n{{ git_revision_date_localized }}\n",
        ),
        (
            "docs/a.md",
            "# A\n\n{{ git_creation_date_localized }} {{ git_page_authors }}\n",
        ),
    ]);
    let overlay = Overlay::new(Arc::new(files.clone()));
    let commits = Commits {
        system: Arc::new(overlay.clone()),
        all: Arc::default(),
    };
    let sites = |system: Arc<dyn System>| Sites::new(system, Arc::new(commits.clone()), call(None));
    let lived_through = sites(Arc::new(overlay.clone()));
    whole(&lived_through, queries::produce_cached);
    for (number, step) in steps.iter().enumerate() {
        let batch = match step {
            Step::Edit(edit) => apply(&files, &overlay, edit),
            Step::Commit(is_ann) => commits.commit(&files, *is_ann),
            Step::CheckOut(before) => commits.check_out(&files, *before),
        };
        lived_through.apply(&batch);
        let lived = whole(&lived_through, queries::produce_cached);
        let fresh = sites(Arc::new(over(&files, &overlay)));
        let fresh = whole(&fresh, queries::produce);
        if lived != fresh {
            return Err(format!("step {number}: {:#?}", lived.differences(&fresh)));
        }
    }
    Ok(())
}

fn check_sequences(cases: u32) {
    let strategy = prop::collection::vec(step(), 1..2 * STEPS);
    check("with_history", cases, &strategy, |case| holds(case));
}

#[test]
fn a_site_with_a_history_equals_a_fresh_start() {
    check_sequences(30);
}

#[test]
#[ignore = "the long run: 1,000 sequences"]
fn a_site_with_a_history_equals_a_fresh_start_at_length() {
    check_sequences(1000);
}
