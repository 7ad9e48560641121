//! The commit that a review compares with.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::blocking_files::candidate;
use super::command::{Failure, ask_for};
use super::remotes::{Fetched, Remotes, fetch, fetch_missing, quoted};
use super::repository::Repository;
use crate::config::Environment;

/// The variables in which CI names the branch that a pull or merge request is for.
const VARIABLES: [&str; 2] = ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"];

/// Names of default branches, in the order in which they are looked for.
const USUAL: [&str; 2] = ["main", "master"];

/// The commit that a review compares with: the last one that the checked out commit
/// and the branch that it is for have in common. What that branch got since is thus
/// no change of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The commit's full name.
    pub commit: String,
    /// The branch, tag or commit that it was found by, such as `origin/main`.
    pub revision: String,
    /// The full name of the commit that `revision` means.
    pub tip: String,
    /// The full name of the commit that is compared with it: the one that is checked
    /// out, unless another one was asked for.
    pub head: String,
    /// What that commit was found by, `HEAD` for the one that is checked out.
    pub head_name: String,
    /// Why that branch, tag or commit.
    pub choice: BaseChoice,
}

/// Why a base was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseChoice {
    /// Somebody asked for it.
    Asked,
    /// CI named it in this environment variable.
    Variable(&'static str),
    /// It is the default branch of a remote.
    DefaultBranch,
    /// It is called `main` or `master`, and there is no remote with a default branch.
    UsualName,
}

/// Why there is no base. Where fetching helps, [`NoBase::fetch`] has the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoBase {
    /// The project is not in a git repository.
    NoRepository,
    /// Git gave no answer.
    Git(Failure),
    /// Nothing is committed yet.
    NoCommit,
    /// There is no such branch, tag or commit here.
    Unknown {
        /// What was asked for.
        revision: String,
        /// Who asked for it.
        choice: BaseChoice,
        /// The command that fetches it.
        fetch: Option<String>,
        /// The command that fetches it if it is a tag, where it may be one.
        fetch_tag: Option<String>,
    },
    /// There is no branch that can be expected to be the base.
    NoDefault {
        /// The command that fetches it.
        fetch: Option<String>,
    },
    /// The history of a shallow clone ends before the merge base.
    CutOff {
        /// The branch, tag or commit whose merge base with `HEAD` was looked for.
        revision: String,
        /// The command that fetches the rest.
        fetch: Option<String>,
    },
    /// There is no common commit at all.
    Unrelated {
        /// The branch, tag or commit whose merge base with `HEAD` was looked for.
        revision: String,
    },
    /// A partial clone does not have the files of the base.
    Missing {
        /// The full name of the base.
        commit: String,
        /// The command that fetches them.
        fetch: String,
    },
}

impl Base {
    /// Finds the base for the project at `root`. `wanted` is a branch, tag or commit;
    /// a branch that only a remote has may be named without the remote. Without it
    /// (or with an empty one), these are looked for in turn:
    ///
    /// 1. the branch that CI names in `environment` as the target of a pull or merge
    ///    request, in `origin`, in `upstream`, and here;
    /// 2. the default branch of a remote: `upstream`, which a fork is made from, before
    ///    that of the checked out branch, `origin`, and others;
    /// 3. `main` and `master`.
    ///
    /// Nothing is fetched.
    ///
    /// # Errors
    /// See [`NoBase`].
    pub fn find(
        root: &Path,
        wanted: Option<&str>,
        environment: &Environment,
    ) -> Result<Self, NoBase> {
        Self::find_for(root, wanted, None, environment)
    }

    /// The same for another commit than the one that is checked out: `head` is a
    /// branch, tag or commit.
    ///
    /// # Errors
    /// See [`NoBase`].
    pub fn find_for(
        root: &Path,
        wanted: Option<&str>,
        head: Option<&str>,
        environment: &Environment,
    ) -> Result<Self, NoBase> {
        let mut search = Search::of(root)?;
        if let Some(head) = head {
            search.head = search.asked(head)?.1;
            head.clone_into(&mut search.head_name);
        }
        let wanted = wanted.filter(|it| !it.is_empty());
        let (revision, tip, choice) = match wanted {
            Some(wanted) => search.asked(wanted)?,
            None => search.default(environment)?,
        };
        let commit = search.merge_base(&revision, &tip)?;
        Ok(Self {
            commit,
            revision,
            tip,
            head: search.head,
            head_name: search.head_name,
            choice,
        })
    }

    /// Whether the base is an older commit than `revision`, which has commits that are
    /// not part of what is checked out.
    pub fn is_merge_base(&self) -> bool {
        self.commit != self.tip
    }
}

/// For example "merge base of `HEAD` and `origin/main`", or "`v1.0`" where that is the
/// merge base itself.
impl fmt::Display for Base {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_merge_base() {
            let head = &self.head_name;
            write!(to, "merge base of `{head}` and `{}`", self.revision)
        } else if self.commit == self.head && self.head_name == "HEAD" && self.revision != "HEAD" {
            write!(to, "`{}`, the commit that is checked out", self.revision)
        } else {
            write!(to, "`{}`", self.revision)
        }
    }
}

impl NoBase {
    /// The command that fetches what is missing, in a form that a shell can run.
    pub fn fetch(&self) -> Option<&str> {
        match self {
            Self::Unknown { fetch, .. }
            | Self::NoDefault { fetch }
            | Self::CutOff { fetch, .. } => fetch.as_deref(),
            Self::Missing { fetch, .. } => Some(fetch),
            Self::NoRepository | Self::Git(_) | Self::NoCommit | Self::Unrelated { .. } => None,
        }
    }
}

impl From<Failure> for NoBase {
    fn from(failure: Failure) -> Self {
        Self::Git(failure)
    }
}

impl fmt::Display for NoBase {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRepository => to.write_str(
                "the project is not in a git repository, so there is nothing to compare it with",
            )?,
            Self::Git(failure) => failure.fmt(to)?,
            Self::NoCommit => {
                to.write_str("nothing is committed yet, so there is nothing to compare with")?;
            }
            Self::Unknown {
                revision,
                choice: BaseChoice::Variable(variable),
                ..
            } => write!(
                to,
                "`{variable}` says that the target branch is `{revision}`, \
                 which this clone does not have"
            )?,
            Self::Unknown { revision, .. } => write!(
                to,
                "there is no branch, tag or commit `{revision}` in this clone"
            )?,
            Self::NoDefault { fetch: Some(_) } => to.write_str(
                "there is no branch to compare with: \
                 this clone does not know the default branch of its remote",
            )?,
            Self::NoDefault { fetch: None } => to.write_str(
                "there is no branch to compare with: \
                 no remote, and neither `main` nor `master`; name a branch, tag or commit",
            )?,
            Self::CutOff { revision, .. } => write!(
                to,
                "the history of this shallow clone ends before the merge base of `HEAD` and \
                 `{revision}`"
            )?,
            Self::Unrelated { revision } => write!(
                to,
                "`HEAD` and `{revision}` have no commit in common, so they have no merge base"
            )?,
            Self::Missing { commit, .. } => {
                let short = commit.get(..12).unwrap_or(commit);
                write!(
                    to,
                    "this partial clone does not have the files of commit `{short}`, \
                     and proofroom fetches nothing"
                )?;
            }
        }
        if let Some(fetch) = self.fetch() {
            write!(to, ": run `{fetch}`")?;
        }
        match self {
            Self::Unknown {
                fetch_tag: Some(fetch),
                ..
            } => write!(to, ", or `{fetch}` if it is a tag"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for NoBase {}

/// A revision, its commit, and why it was chosen.
type Chosen = (String, String, BaseChoice);

/// What is known of the repository while a base is looked for.
struct Search {
    repository: Repository,
    /// The commit that is compared with the base.
    head: String,
    head_name: String,
    remotes: Remotes,
    is_shallow: bool,
}

impl Search {
    fn of(root: &Path) -> Result<Self, NoBase> {
        let root = fs::canonicalize(root).unwrap_or_else(|_| PathBuf::from(root));
        if candidate(&root).is_none() {
            return Err(NoBase::NoRepository);
        }
        let repository = Repository::of(&root)?;
        let Some(head) = repository.find_commit("HEAD")? else {
            return Err(NoBase::NoCommit);
        };
        let branch = repository.branch()?;
        Ok(Self {
            head,
            head_name: "HEAD".to_owned(),
            remotes: Remotes::of(&repository.top, branch.as_deref())?,
            is_shallow: repository.is_shallow()?,
            repository,
        })
    }

    /// What a command must fetch so that the merge base is there afterwards.
    fn much(&self) -> Fetched {
        if self.is_shallow {
            Fetched::WholeHistory
        } else {
            Fetched::New
        }
    }

    /// The base that somebody asked for.
    fn asked(&self, wanted: &str) -> Result<Chosen, NoBase> {
        let found = |revision: String, commit| Ok((revision, commit, BaseChoice::Asked));
        if let Some(commit) = self.repository.find_commit(wanted)? {
            return found(wanted.to_owned(), commit);
        }
        for remote in &self.remotes.names {
            let revision = format!("{remote}/{wanted}");
            if let Some(commit) = self.branch_of(remote, wanted)? {
                return found(revision, commit);
            }
        }
        let (fetch, fetch_tag) = self.fetch_of(wanted);
        Err(NoBase::Unknown {
            revision: wanted.to_owned(),
            choice: BaseChoice::Asked,
            fetch,
            fetch_tag,
        })
    }

    /// The command that may fetch a revision which is not here, and another one for
    /// tags.
    fn fetch_of(&self, wanted: &str) -> (Option<String>, Option<String>) {
        let much = self.much();
        for remote in &self.remotes.names {
            let branch = wanted.strip_prefix("refs/remotes/").unwrap_or(wanted);
            let branch = branch.strip_prefix(remote.as_str());
            if let Some(branch) = branch.and_then(|it| it.strip_prefix('/'))
                && is_name(branch)
            {
                return (Some(self.remotes.fetch_branch(remote, branch, much)), None);
            }
        }
        let Some(remote) = self.remotes.first() else {
            return (None, None);
        };
        let fetch_tag = |tag| format!("{} tag {}", fetch(much, remote, ""), quoted(tag));
        let is_hash = wanted.len() >= 4 && wanted.chars().all(|it| it.is_ascii_hexdigit());
        if is_hash && [40, 64].contains(&wanted.len()) {
            (Some(fetch(much, remote, wanted)), None)
        } else if is_hash || !is_name(wanted) {
            // Only what is found from here can be named so.
            let may_help = is_hash || self.is_shallow;
            (may_help.then(|| fetch(much, remote, "")), None)
        } else if let Some(tag) = wanted.strip_prefix("refs/tags/") {
            (Some(fetch_tag(tag)), None)
        } else if let Some(branch) = wanted.strip_prefix("refs/heads/") {
            (Some(self.remotes.fetch_branch(remote, branch, much)), None)
        } else {
            let branch = self.remotes.fetch_branch(remote, wanted, much);
            (Some(branch), Some(fetch_tag(wanted)))
        }
    }

    /// The commit of a remote's branch, as it was last fetched.
    fn branch_of(&self, remote: &str, branch: &str) -> Result<Option<String>, Failure> {
        let name = format!("refs/remotes/{remote}/{branch}");
        self.repository.find_commit(&name)
    }

    fn default(&self, environment: &Environment) -> Result<Chosen, NoBase> {
        for variable in VARIABLES {
            if let Some(branch) = environment.get(variable).filter(|it| !it.is_empty()) {
                return self.named_by_ci(variable, branch);
            }
        }
        for remote in &self.remotes.names {
            if let Some(branch) = self.repository.default_branch(remote)?
                && let Some(commit) = self.branch_of(remote, &branch)?
            {
                let revision = format!("{remote}/{branch}");
                return Ok((revision, commit, BaseChoice::DefaultBranch));
            }
            for branch in USUAL {
                if let Some(commit) = self.branch_of(remote, branch)? {
                    let revision = format!("{remote}/{branch}");
                    return Ok((revision, commit, BaseChoice::DefaultBranch));
                }
            }
        }
        for branch in USUAL {
            let commit = self
                .repository
                .find_commit(&format!("refs/heads/{branch}"))?;
            if let Some(commit) = commit {
                return Ok((branch.to_owned(), commit, BaseChoice::UsualName));
            }
        }
        let fetch = self.remotes.first().map(|remote| {
            // Branches are known, but not which is the default one.
            let is_fetched = self.repository.has_branches_of(remote);
            if is_fetched && self.remotes.fetches_all(remote) {
                let remote = quoted(remote);
                format!("git remote set-head {remote} --auto")
            } else {
                self.remotes.fetch_branches(remote, self.much())
            }
        });
        Err(NoBase::NoDefault { fetch })
    }

    /// The target branch of a pull or merge request.
    fn named_by_ci(&self, variable: &'static str, branch: &str) -> Result<Chosen, NoBase> {
        let choice = BaseChoice::Variable(variable);
        // CI checks out the target's repository, where there are only remote branches.
        for remote in ["origin", "upstream"] {
            if let Some(commit) = self.branch_of(remote, branch)? {
                return Ok((format!("{remote}/{branch}"), commit, choice));
            }
        }
        let local = self
            .repository
            .find_commit(&format!("refs/heads/{branch}"))?;
        if let Some(commit) = local {
            return Ok((branch.to_owned(), commit, choice));
        }
        let names = &self.remotes.names;
        let remote = names.iter().find(|it| *it == "origin").or(names.first());
        let fetch = remote.map(|it| self.remotes.fetch_branch(it, branch, self.much()));
        Err(NoBase::Unknown {
            revision: branch.to_owned(),
            choice,
            fetch,
            fetch_tag: None,
        })
    }

    /// The last commit that the checked out one and `tip` have in common. Of several,
    /// git names one, as for `git diff A...B`.
    fn merge_base(&self, revision: &str, tip: &str) -> Result<String, NoBase> {
        let revision = revision.to_owned();
        let top = &self.repository.top;
        let found = ask_for(top, ["merge-base", tip, &self.head])?;
        let remote = self.remotes.names.iter().find(|remote| {
            let rest = revision.strip_prefix(remote.as_str());
            rest.is_some_and(|it| it.starts_with('/'))
        });
        let remote = remote.map(String::as_str).or(self.remotes.first());
        let Some(found) = found else {
            return Err(if self.is_shallow {
                let fetch = remote.map(|remote| fetch(Fetched::WholeHistory, remote, ""));
                NoBase::CutOff { revision, fetch }
            } else {
                NoBase::Unrelated { revision }
            });
        };
        let commit = String::from_utf8_lossy(&found).trim().to_owned();
        if self.repository.is_partial() && !self.repository.has_files_of(&commit) {
            let fetch = fetch_missing(&self.repository);
            return Err(NoBase::Missing { commit, fetch });
        }
        Ok(commit)
    }
}

/// Whether a branch or tag may be called so, rather than a commit found from one, as
/// by `HEAD~2`.
fn is_name(revision: &str) -> bool {
    let is_operator = |it: char| " ~^:?*[\\".contains(it) || it.is_control();
    !revision.is_empty()
        && !revision.contains(is_operator)
        && !revision.contains("@{")
        && !revision.contains("..")
        && !revision.starts_with('-')
        && !["HEAD", "@"].contains(&revision)
}
