//! The remotes of a repository, and the commands that fetch what is missing.

use std::path::{Path, PathBuf};

use super::command::{Failure, ask, ask_for};
use super::repository::Repository;

/// The remotes of a repository.
#[derive(Debug)]
pub(super) struct Remotes {
    top: PathBuf,
    /// Their names, those first that a branch is more likely to be merged into: the
    /// one that a fork calls `upstream`, that of the checked out branch, `origin`, and
    /// all others.
    pub(super) names: Vec<String>,
}

/// How much of a history or commit a command fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetched {
    /// What is new.
    New,
    /// Also what a shallow clone is cut off from.
    WholeHistory,
}

impl Remotes {
    /// The remotes of the repository at `top`, where `branch` is checked out.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn of(top: &Path, branch: Option<&str>) -> Result<Self, Failure> {
        let printed = ask(top, ["remote"])?;
        let mut names: Vec<String> = String::from_utf8_lossy(&printed)
            .lines()
            .map(str::to_owned)
            .collect();
        let tracked = match branch {
            Some(branch) => ask_for(top, ["config", &format!("branch.{branch}.remote")])?,
            None => None,
        };
        let tracked = tracked.map(|it| String::from_utf8_lossy(&it).trim_end().to_owned());
        // The sort is stable: all others stay in git's order.
        names.sort_by_key(|name| match name.as_str() {
            "upstream" => 0,
            name if Some(name) == tracked.as_deref() => 1,
            "origin" => 2,
            _ => 3,
        });
        Ok(Self {
            top: top.to_owned(),
            names,
        })
    }

    /// The most likely remote.
    pub(super) fn first(&self) -> Option<&str> {
        self.names.first().map(String::as_str)
    }

    /// Whether a fetch from a remote makes all its branches known here.
    pub(super) fn fetches_all(&self, remote: &str) -> bool {
        let setting = format!("remote.{remote}.fetch");
        let printed = ask_for(&self.top, ["config", "--get-all", &setting]);
        let printed = printed.ok().flatten().unwrap_or_default();
        let wanted = format!("refs/heads/*:refs/remotes/{remote}/*");
        let mut specs = printed.split(|byte| *byte == b'\n');
        specs.any(|spec| spec.strip_prefix(b"+").unwrap_or(spec) == wanted.as_bytes())
    }

    /// The command that makes a remote's branch known here.
    pub(super) fn fetch_branch(&self, remote: &str, branch: &str, much: Fetched) -> String {
        if self.fetches_all(remote) {
            fetch(much, remote, branch)
        } else {
            let spec = format!("{branch}:refs/remotes/{remote}/{branch}");
            fetch(much, remote, &spec)
        }
    }

    /// The command that makes all branches of a remote known here.
    pub(super) fn fetch_branches(&self, remote: &str, much: Fetched) -> String {
        if self.fetches_all(remote) {
            fetch(much, remote, "")
        } else {
            let spec = format!("+refs/heads/*:refs/remotes/{remote}/*");
            fetch(much, remote, &spec)
        }
    }
}

/// A command that fetches from a remote: `what`, or what it fetches by itself.
pub(super) fn fetch(much: Fetched, remote: &str, what: &str) -> String {
    let mut command = "git fetch".to_owned();
    if much == Fetched::WholeHistory {
        command.push_str(" --unshallow");
    }
    for word in [remote, what] {
        if !word.is_empty() {
            command.push(' ');
            command.push_str(&quoted(word));
        }
    }
    command
}

/// The command that fetches what a partial clone lacks.
pub(super) fn fetch_missing(repository: &Repository) -> String {
    let command = "git fetch --refetch --no-filter";
    match repository.promisor() {
        Some(remote) => format!("{command} {}", quoted(&remote)),
        None => command.to_owned(),
    }
}

/// A word as a shell reads it: names of branches may contain what a shell would run.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "-_./:+@%,=^".contains(it);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fetched, fetch};

    #[test]
    fn commands_can_be_pasted_into_a_shell() {
        for (branch, command) in [
            ("main", "git fetch origin main"),
            ("release/1.x", "git fetch origin release/1.x"),
            ("a;reboot", "git fetch origin 'a;reboot'"),
            ("it's", "git fetch origin 'it'\\''s'"),
            ("$(x)", "git fetch origin '$(x)'"),
            ("", "git fetch origin"),
        ] {
            assert_eq!(fetch(Fetched::New, "origin", branch), command);
        }
        let whole = fetch(Fetched::WholeHistory, "origin", "");
        assert_eq!(whole, "git fetch --unshallow origin");
    }
}
