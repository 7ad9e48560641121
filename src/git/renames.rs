use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::command::{Failure, ask};
use super::repository::Repository;
use crate::files::SourcePath;
use crate::files::links;

/// The most commits whose renames are read, the newest ones.
const MOST_COMMITS: &str = "--max-count=2000";

/// What all comparisons here have in common: names only, all of the repository, and
/// nothing that the repository configures. Inexact renames are looked for among at
/// most 1,000 files.
const FLAGS: [&str; 9] = [
    "-z",
    "--name-status",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--ignore-submodules=all",
    "-l1000",
    "-O/dev/null",
];

/// The files that have another path now than at `base`, by their paths there, as git
/// sees it: renames by commits since, one after the other, and by what is staged.
/// Paths are those of the project at `root`; with `..` for files of the repository
/// outside of it.
///
/// The work tree itself is not compared, because git would run filters for that: what
/// was moved without `git mv` is removed and not tracked, see [`crate::files::alike`].
///
/// # Errors
/// When git fails.
pub fn renames(root: &Path, base: &str) -> Result<BTreeMap<SourcePath, SourcePath>, Failure> {
    renames_until(root, base, None)
}

/// The same for the commit `head` instead of what is checked out and staged.
///
/// # Errors
/// When git fails.
pub fn renames_until(
    root: &Path,
    base: &str,
    head: Option<&str>,
) -> Result<BTreeMap<SourcePath, SourcePath>, Failure> {
    let repository = Repository::of(root)?;
    let base = repository.commit(base)?;
    let head = head.map(|head| repository.commit(head)).transpose()?;
    let head = head.as_deref();
    // A partial clone cannot compare texts that it does not have.
    let seen = Seen::by(&repository.top, &base, head, "--find-renames")
        .or_else(|_| Seen::by(&repository.top, &base, head, "--find-renames=100%"))?;
    let found = compose(seen.steps, &seen.whole);
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (root, top) = (real(root), real(&repository.top));
    let source = |path: String| links::source(&root, &top.join(path));
    let found = found.into_iter();
    Ok(found
        .filter_map(|(from, to)| Some((source(from)?, source(to)?)))
        .collect())
}

/// What git sees.
struct Seen {
    /// In the commits since the base, and then in what is staged, unless a commit is
    /// given.
    steps: Vec<Step>,
    /// Between the base and what is staged, or the given commit.
    whole: Vec<Step>,
}

impl Seen {
    /// Asks the repository at `top`; the flag `find` says what counts as a rename.
    fn by(top: &Path, base: &str, head: Option<&str>, find: &str) -> Result<Self, Failure> {
        let staged = |since: &str| {
            let flags = ["diff", "--cached", find].into_iter().chain(FLAGS);
            let flags = flags.chain(["--end-of-options", since]);
            Ok(steps(&ask(top, flags)?))
        };
        let between = |from: &str, to: &str| {
            let flags = ["diff", find].into_iter().chain(FLAGS);
            let flags = flags.chain(["--end-of-options", from, to]);
            Ok(steps(&ask(top, flags)?))
        };
        let range = format!("{base}..{}", head.unwrap_or("HEAD"));
        let order = ["--reverse", "--topo-order", "--format=", MOST_COMMITS];
        let flags = ["log", find].into_iter().chain(order).chain(FLAGS);
        let commits = ask(top, flags.chain(["--end-of-options", &range]))?;
        let mut steps = steps(&commits);
        let whole = match head {
            Some(head) => between(base, head)?,
            None => {
                steps.extend(staged("HEAD")?);
                staged(base)?
            }
        };
        Ok(Self { steps, whole })
    }
}

/// What happened to a file.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Renamed(String, String),
    Added(String),
    Deleted(String),
}

/// Parses the output of `--name-status -z`: for each file a letter and one or two
/// paths, with a zero byte after each. Paths that are not UTF-8 are left out.
fn steps(output: &[u8]) -> Vec<Step> {
    let mut parts = output.split(|byte| *byte == 0).map(std::str::from_utf8);
    let mut found = Vec::new();
    while let Some(letters) = parts.next() {
        // Commits follow each other with line breaks.
        let letter = letters.ok().and_then(|it| it.trim_start().chars().next());
        let mut path = || parts.next().and_then(Result::ok).map(str::to_owned);
        match letter {
            Some('R') => {
                let (from, to) = (path(), path());
                found.extend(from.zip(to).map(|(from, to)| Step::Renamed(from, to)));
            }
            Some('C') => {
                path();
                found.extend(path().map(Step::Added));
            }
            Some('A') => found.extend(path().map(Step::Added)),
            Some('D') => found.extend(path().map(Step::Deleted)),
            Some(_) => drop(path()),
            None => {}
        }
    }
    found
}

/// The renames of all `steps`, one after the other. `whole` is the comparison of the
/// first state with the last. Files with the same path in both are the same file,
/// unless another one was renamed to that path.
fn compose(steps: Vec<Step>, whole: &[Step]) -> BTreeMap<String, String> {
    // Where each file came from that has another path now.
    let mut origins: BTreeMap<String, String> = BTreeMap::new();
    for step in steps {
        match step {
            Step::Renamed(from, to) => {
                let origin = origins.remove(&from).unwrap_or(from);
                origins.insert(to, origin);
            }
            Step::Deleted(path) => drop(origins.remove(&path)),
            Step::Added(_) => {}
        }
    }
    let (mut gone, mut new) = (BTreeSet::new(), BTreeSet::new());
    for step in whole {
        match step {
            Step::Renamed(from, to) => {
                gone.insert(from.as_str());
                new.insert(to.as_str());
            }
            Step::Added(path) => drop(new.insert(path.as_str())),
            Step::Deleted(path) => drop(gone.insert(path.as_str())),
        }
    }
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (to, from) in origins {
        // Two branches may have renamed the same file. One of both names is left.
        let is_better = new.contains(to.as_str()) || !found.contains_key(&from);
        if from != to && is_better {
            found.insert(from, to);
        }
    }
    // The whole comparison also sees what commits did in several steps, such as
    // deleting a file and adding it again elsewhere.
    let taken: BTreeSet<String> = found.values().cloned().collect();
    for step in whole {
        if let Step::Renamed(from, to) = step
            && !found.contains_key(from)
            && !taken.contains(to)
        {
            found.insert(from.clone(), to.clone());
        }
    }
    loop {
        let froms: BTreeSet<String> = found.keys().cloned().collect();
        let tos: BTreeSet<String> = found.values().cloned().collect();
        let before = found.len();
        found.retain(|from, to| {
            let has_left = gone.contains(from.as_str()) || tos.contains(from);
            let is_new = new.contains(to.as_str()) || froms.contains(to);
            has_left && is_new
        });
        if found.len() == before {
            return found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, compose, steps};

    /// `a>b` is a rename, `+a` an addition, `-a` a deletion.
    fn read(text: &str) -> Vec<Step> {
        let step = |word: &str| match word.split_once('>') {
            Some((from, to)) => Step::Renamed(from.to_owned(), to.to_owned()),
            None if word.starts_with('+') => Step::Added(word[1..].to_owned()),
            None => Step::Deleted(word[1..].to_owned()),
        };
        text.split_whitespace().map(step).collect()
    }

    #[test]
    fn reads_what_git_prints() {
        let output = b"R090\0a b\0c\0M\0x\0\0\nD\0y\0C100\0a\0z\0A\0\xff\0A\0\xc3\xa9\0";
        assert_eq!(steps(output), read("a_b>c -y +z +\u{e9}").map_spaces());
        assert_eq!(steps(b""), []);
        assert_eq!(steps(b"R100\0a"), []);
    }

    trait MapSpaces {
        fn map_spaces(self) -> Self;
    }

    impl MapSpaces for Vec<Step> {
        fn map_spaces(mut self) -> Self {
            for step in &mut self {
                if let Step::Renamed(from, _) = step {
                    *from = from.replace('_', " ");
                }
            }
            self
        }
    }

    #[test]
    fn renames_follow_each_other() {
        for (each, whole, expected) in [
            ("a>b", "a>b", "a>b"),
            ("a>b b>c", "a>c", "a>c"),
            // Too much has changed for the whole comparison.
            ("a>b b>c", "-a +c", "a>c"),
            // There and back.
            ("a>b b>a", "", ""),
            ("a>b -b", "-a", ""),
            ("a>b -b +b", "-a +b", ""),
            // Swapped, and moved in a row.
            ("a>t b>a t>b", "", "a>b b>a"),
            ("b>c a>b", "-a +c", "a>b b>c"),
            // The old path still exists, or the new one did before.
            ("a>b +a", "+b", ""),
            ("-b a>b", "-a", ""),
            ("a>b b>c +b", "-a +b +c", "a>c"),
            ("a>b a>c -b", "-a +c", "a>c"),
            ("a>c a>b -c", "-a +b", "a>b"),
            // Only the whole comparison sees it.
            ("+b -a", "a>b", "a>b"),
            ("a>b", "a>c +b", "a>b"),
        ] {
            let found = compose(read(each), &read(whole));
            let found: Vec<String> = found.iter().map(|(a, b)| format!("{a}>{b}")).collect();
            assert_eq!(found.join(" "), expected, "{each} / {whole}");
        }
    }
}
