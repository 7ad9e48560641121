use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::command::{Failure, ask};
use super::objects::Objects;
use super::remotes::fetch_missing;
use super::repository::Repository;
use crate::files::links;
use crate::files::{SourcePath, read_regular};

/// The longest `.gitattributes` that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What a reviewer should know about a repository, because it limits what can be
/// compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// Whether the history is cut off.
    pub is_shallow: bool,
    /// Folders of the project that are separate repositories, at the base or now.
    pub submodules: Vec<Submodule>,
    /// Whether Git LFS stores any files elsewhere, at the base or now.
    pub uses_lfs: bool,
    /// How many files of the repository are not checked out, because it is a sparse
    /// checkout. They look as if they were removed.
    pub not_checked_out: usize,
    /// How many files and folders of the base a partial clone does not have.
    pub missing: usize,
    /// The command that fetches those, in a form that a shell can run.
    pub fetch_missing: String,
}

/// A folder that is a separate repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submodule {
    /// The folder.
    pub path: SourcePath,
    /// The commit that it was at in the base; `None` where it was no submodule.
    pub at_base: Option<String>,
    /// The commit that it is at now, as far as it is staged; `None` where it is no
    /// submodule.
    pub now: Option<String>,
}

impl RepositoryFacts {
    /// What there is to know about the repository of the project at `root`, and the
    /// commit `base`.
    ///
    /// # Errors
    /// When git fails.
    pub fn of(root: &Path, base: &str) -> Result<Self, Failure> {
        let repository = Repository::of(root)?;
        let commit = repository.commit(base)?;
        let flags = ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options"];
        let old = ask(&repository.top, flags.into_iter().chain([commit.as_str()]))?;
        let old = listed(&old);
        let staged = ask(&repository.top, ["ls-files", "--stage", "-t", "-z"])?;
        let staged = listed(&staged);
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (root, top) = (real(root), real(&repository.top));
        let mut facts = Self {
            is_shallow: repository.is_shallow()?,
            submodules: submodules(&old, &staged, &root, &top),
            uses_lfs: uses_lfs(&old, &staged, &top),
            not_checked_out: staged.iter().filter(|it| !it.is_checked_out).count(),
            ..Self::default()
        };
        if repository.is_partial() {
            facts.missing = missing(&top, &commit)?;
            facts.fetch_missing = fetch_missing(&repository);
        }
        Ok(facts)
    }

    /// The facts in sentences; none where there is nothing special.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_shallow {
            let note = "This is a shallow clone: what happened before its first commit \
                        (renames, ages of lines) is not known.";
            notes.push(note.to_owned());
        }
        for submodule in &self.submodules {
            let path = &submodule.path;
            notes.push(match (&submodule.at_base, &submodule.now) {
                (Some(old), Some(now)) if old == now => format!(
                    "`{path}` is a submodule at the same commit as in the base: its files are \
                     taken to be the same on both sides."
                ),
                (Some(old), Some(now)) => format!(
                    "`{path}` is a submodule, which was at {} in the base and is at {} now: \
                     its files are not part of the base, so they are not compared.",
                    short(old),
                    short(now)
                ),
                (Some(_), None) => format!(
                    "`{path}` was a submodule in the base: the files that it had are not compared."
                ),
                (None, _) => format!(
                    "`{path}` is a submodule now and was not one in the base: \
                     its files are not compared."
                ),
            });
        }
        if self.uses_lfs {
            let note = "Git LFS stores some files elsewhere: what has changed is seen by their \
                        hashes, but what they were in the base can be shown only where this clone \
                        has it.";
            notes.push(note.to_owned());
        }
        if self.not_checked_out > 0 {
            let (files, look) = match self.not_checked_out {
                1 => ("1 file is".to_owned(), "It looks as if it was"),
                many => (format!("{many} files are"), "They look as if they were"),
            };
            notes.push(format!(
                "{files} not checked out (a sparse checkout). {look} removed."
            ));
        }
        if self.missing > 0 {
            let (files, are) = match self.missing {
                1 => ("1 file of the base".to_owned(), "is"),
                many => (format!("{many} files of the base"), "are"),
            };
            let fetch = &self.fetch_missing;
            notes.push(format!(
                "{files} {are} missing from this partial clone, and proofroom fetches nothing: \
                 run `{fetch}`."
            ));
        }
        notes
    }
}

/// The beginning of a commit's name.
fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// A line of `git ls-tree` or `git ls-files --stage`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    is_submodule: bool,
    is_checked_out: bool,
    /// The name of its object.
    id: String,
    /// Its path in the repository.
    path: String,
}

/// Parses `mode kind id` or `tag mode id stage`, then a tab, a path and a zero byte.
fn listed(output: &[u8]) -> Vec<Listed> {
    let lines = output.split(|byte| *byte == 0);
    let parsed = lines.filter_map(|line| {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let head = std::str::from_utf8(&line[..tab]).ok()?;
        let words: Vec<&str> = head.split(' ').collect();
        let (tag, mode, id) = match words[..] {
            [tag, mode, id, _stage] => (tag, mode, id),
            [mode, _kind, id] => ("", mode, id),
            _ => return None,
        };
        Some(Listed {
            is_submodule: mode == "160000",
            is_checked_out: !tag.eq_ignore_ascii_case("s"),
            id: id.to_owned(),
            path: String::from_utf8_lossy(&line[tab + 1..]).into_owned(),
        })
    });
    parsed.collect()
}

fn submodules(old: &[Listed], staged: &[Listed], root: &Path, top: &Path) -> Vec<Submodule> {
    let mut found: BTreeMap<SourcePath, [Option<String>; 2]> = BTreeMap::new();
    for (side, files) in [old, staged].into_iter().enumerate() {
        for file in files.iter().filter(|it| it.is_submodule) {
            let path = links::source(root, &top.join(&file.path));
            if let Some(path) = path.filter(|it| !it.leads_out()) {
                found.entry(path).or_default()[side] = Some(file.id.clone());
            }
        }
    }
    let submodules =
        found
            .into_iter()
            .map(|(path, [at_base, now])| Submodule { path, at_base, now });
    submodules.collect()
}

/// Whether any attributes, at the base or now, give files to Git LFS.
fn uses_lfs(old: &[Listed], staged: &[Listed], top: &Path) -> bool {
    let is_list = |it: &&Listed| {
        let name = it.path.rsplit('/').next();
        name == Some(".gitattributes") && !it.is_submodule
    };
    let mut now: Vec<PathBuf> = staged
        .iter()
        .filter(is_list)
        .map(|it| top.join(&it.path))
        .collect();
    now.push(top.join(".gitattributes"));
    now.sort();
    now.dedup();
    // What cannot be read says nothing.
    let mut read = now.iter().filter_map(|it| read_regular(it, LONGEST).ok());
    if read.any(|text| gives_to_lfs(&text)) {
        return true;
    }
    let objects = Objects::new(top);
    let mut old = old.iter().filter(is_list);
    old.any(|it| {
        let text = objects.read(&it.id, LONGEST);
        text.is_ok_and(|text| gives_to_lfs(&text))
    })
}

/// Whether a `.gitattributes` gives files to Git LFS.
fn gives_to_lfs(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().filter(|it| !it.trim_start().starts_with('#'));
    let mut attributes = lines.flat_map(|line| line.split_whitespace().skip(1));
    attributes.any(|it| it == "filter=lfs")
}

/// How many objects of a commit a partial clone does not have.
fn missing(top: &Path, commit: &str) -> Result<usize, Failure> {
    let flags = ["rev-list", "--objects", "--no-object-names"];
    let flags = flags.into_iter().chain(["--missing=print", "-1"]);
    let printed = ask(top, flags.chain(["--end-of-options", commit]))?;
    let lines = printed.split(|byte| *byte == b'\n');
    Ok(lines.filter(|line| line.starts_with(b"?")).count())
}

#[cfg(test)]
mod tests {
    use super::{RepositoryFacts, Submodule, gives_to_lfs, listed};

    #[test]
    fn reads_what_git_lists() {
        let found = listed(b"100644 blob aa\ta b\x00160000 commit bb\tm\0");
        let short: Vec<_> = found
            .iter()
            .map(|it| (it.path.as_str(), it.id.as_str(), it.is_submodule))
            .collect();
        assert_eq!(short, [("a b", "aa", false), ("m", "bb", true)]);
        let found = listed(b"H 100644 aa 0\tx\ty\0S 100644 bb 0\tz\0odd\0");
        let short: Vec<_> = found
            .iter()
            .map(|it| (it.path.as_str(), it.is_checked_out))
            .collect();
        assert_eq!(short, [("x\ty", true), ("z", false)]);
    }

    #[test]
    fn attributes_give_files_to_lfs() {
        for (text, expected) in [
            ("*.png filter=lfs diff=lfs merge=lfs -text\n", true),
            ("[attr]large filter=lfs\n*.png large", true),
            ("*.md text\n*.png\tfilter=lfs", true),
            ("# *.png filter=lfs\n", false),
            ("filter=lfs text\n", false),
            ("*.png filter=other -filter", false),
        ] {
            assert_eq!(gives_to_lfs(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn facts_are_sentences() {
        assert!(RepositoryFacts::default().notes().is_empty());
        let submodule = |path: &str, at_base: &str, now: &str| Submodule {
            path: path.into(),
            at_base: (!at_base.is_empty()).then(|| at_base.to_owned()),
            now: (!now.is_empty()).then(|| now.to_owned()),
        };
        let facts = RepositoryFacts {
            is_shallow: true,
            submodules: vec![
                submodule("a", "1", "1"),
                submodule("b", "1", "2"),
                submodule("c", "1", ""),
                submodule("d", "", "1"),
            ],
            uses_lfs: true,
            not_checked_out: 1,
            missing: 2,
            fetch_missing: "git fetch".to_owned(),
        };
        let notes = facts.notes();
        assert_eq!(notes.len(), 8);
        assert!(notes[2].contains("at 1 in the base and is at 2 now"));
        assert!(notes[6].starts_with("1 file is not checked out"));
        assert!(notes[7].starts_with("2 files of the base are missing"));
        assert!(notes[7].ends_with("run `git fetch`."));
    }
}
