use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use super::blocking_files::{candidate, obstacle};
use super::child_guard::{MISSING, guarded};
use super::process::{Ended, ProcessError, run};

/// Why git gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It is not installed.
    Missing,
    /// It was not asked, or was stopped; the reason in a sentence.
    Stopped(String),
    /// It failed with this message.
    Said(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => to.write_str("git is not installed"),
            Self::Stopped(why) => to.write_str(why),
            Self::Said(why) => write!(to, "git says: {why}"),
        }
    }
}

impl std::error::Error for Failure {}

/// Commands that read a history or all names of a commit, and so may take long.
const LONG: [&str; 7] = [
    "blame",
    "diff",
    "log",
    "ls-files",
    "ls-tree",
    "merge-base",
    "rev-list",
];

/// How long such a command may take.
const LONG_PATIENCE: Duration = Duration::from_secs(120);
/// How long any other command may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The longest output of such a command, in bytes.
pub(super) const LONG_MOST: u64 = 256 << 20;
/// The longest output of any other command, in bytes.
const MOST: u64 = 16 << 20;

/// How long a repository is left alone after git took too long in it.
const REST: Duration = Duration::from_secs(60);

/// Turns off the settings by which a repository can run programs of its choice.
/// (Filters are not among them: no command here reads a work tree.)
const SETTINGS: [&str; 6] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "diff.external=",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// Variables that point git to another repository than that of the folder, such
/// as those that are set while a hook runs.
const REDIRECTING: [&str; 7] = [
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
];

/// Runs git in `folder` and returns its output. All of proofroom's git commands
/// go through here. The repository cannot make git run anything: no hook, filter,
/// monitor, text conversion or transport that fetches what is missing. There are
/// never more git processes at once than the machine has cores.
///
/// Git is not started where it would wait for ever. If it takes too long anyway,
/// it is killed and the repository is left alone for a while.
pub(super) fn ask<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Vec<u8>, Failure> {
    ask_about(folder, folder, arguments)
}

/// Like [`ask`], about a file in `place`, which is the folder or lies below it.
pub(super) fn ask_about<A: AsRef<OsStr>>(
    folder: &Path,
    place: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Vec<u8>, Failure> {
    let ended = ask_to_end(folder, place, arguments)?;
    if ended.status.success() {
        Ok(ended.output)
    } else {
        Err(complained(&ended.complaint))
    }
}

/// Like [`ask`], for commands that fail in silence where there is nothing to print,
/// such as `merge-base` without a common ancestor: then `None`.
pub(super) fn ask_for<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Option<Vec<u8>>, Failure> {
    let ended = ask_to_end(folder, folder, arguments)?;
    match ended.status.code() {
        Some(0) => Ok(Some(ended.output)),
        Some(1) if ended.complaint.is_empty() => Ok(None),
        _ => Err(complained(&ended.complaint)),
    }
}

/// Runs git in `folder` to its end, however that is.
fn ask_to_end<A: AsRef<OsStr>>(
    folder: &Path,
    place: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Ended, Failure> {
    let arguments = arguments.into_iter();
    let arguments: Vec<OsString> = arguments.map(|it| it.as_ref().to_owned()).collect();
    let top = candidate(folder).unwrap_or_else(|| folder.to_owned());
    let command = command(folder, &top, place, &arguments)?;
    let is_long = arguments
        .first()
        .is_some_and(|it| LONG.iter().any(|long| it == long));
    let (patience, most) = if is_long {
        (LONG_PATIENCE, LONG_MOST)
    } else {
        (PATIENCE, MOST)
    };
    let ended = {
        let _turn = GitPermit::take(&top)?;
        run(command, patience, most)
    };
    ended.map_err(|stopped| stopped.failure(folder, &top, patience, most))
}

/// The command that runs git in `folder`, in the work tree at `top`, about files
/// in `place`.
///
/// # Errors
/// Where git would wait for ever.
pub(super) fn command(
    folder: &Path,
    top: &Path,
    place: &Path,
    arguments: &[OsString],
) -> Result<Command, Failure> {
    if let Some(file) = obstacle(top, place) {
        let why = "is neither a file nor a folder, and git would wait for it for ever";
        return Err(Failure::Stopped(format!("`{}` {why}", file.display())));
    }
    let mut command = guarded("git");
    command
        .current_dir(folder)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        // Older versions ignore that and fetch: no protocol is allowed.
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("LC_ALL", "C");
    for variable in REDIRECTING {
        command.env_remove(variable);
    }
    command.arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.args(arguments);
    Ok(command)
}

/// The failure for what a failed git printed to stderr.
pub(super) fn complained(complaint: &[u8]) -> Failure {
    if complaint == MISSING {
        Failure::Missing
    } else {
        Failure::Said(message(complaint))
    }
}

impl ProcessError {
    /// The failure of a git that ran in `folder`. If it took longer than
    /// `patience`, the repository is left alone for a while.
    pub(super) fn failure(
        self,
        folder: &Path,
        top: &Path,
        patience: Duration,
        most: u64,
    ) -> Failure {
        match self {
            Self::Slow => {
                let why = format!(
                    "git did not answer within {} s and is not asked again for {} s",
                    patience.as_secs(),
                    REST.as_secs()
                );
                resting().insert(top.to_owned(), (Instant::now() + REST, why.clone()));
                Failure::Stopped(why)
            }
            Self::Long => Failure::Stopped(format!("git printed more than {} MB", most >> 20)),
            // Otherwise it may be the folder that is missing.
            Self::Failed(error) if error.kind() == io::ErrorKind::NotFound && folder.is_dir() => {
                Failure::Missing
            }
            Self::Failed(error) => Failure::Said(error.to_string()),
        }
    }
}

/// Repositories that are left alone, until when, and why.
type Resting = BTreeMap<PathBuf, (Instant, String)>;

fn resting() -> MutexGuard<'static, Resting> {
    static RESTING: Mutex<Resting> = Mutex::new(BTreeMap::new());
    RESTING.lock()
}

/// Why a repository is left alone, if it is.
fn rests(top: &Path) -> Option<String> {
    let now = Instant::now();
    let mut resting = resting();
    resting.retain(|_, (until, _)| *until > now);
    resting.get(top).map(|(_, why)| why.clone())
}

/// What git printed, without its hints.
fn message(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let fatal = said.lines().find_map(|line| {
        line.strip_prefix("fatal: ")
            .or(line.strip_prefix("error: "))
    });
    fatal
        .or_else(|| said.lines().next())
        .unwrap_or("it exited without a message")
        .to_owned()
}

/// How many git processes are running, and what wakes those who wait for one.
static RUNNING: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// Permission to run one git command.
pub(super) struct GitPermit;

impl GitPermit {
    /// Waits for a turn.
    ///
    /// # Errors
    /// Why the repository at `top` is left alone.
    pub(super) fn take(top: &Path) -> Result<Self, Failure> {
        let most = std::thread::available_parallelism().map_or(1, usize::from);
        let mut running = RUNNING.0.lock();
        RUNNING
            .1
            .wait_while(&mut running, |running| *running >= most);
        *running += 1;
        drop(running);
        let turn = Self;
        // Checked after the wait, during which git may have hung there.
        match rests(top) {
            Some(why) => Err(Failure::Stopped(why)),
            None => Ok(turn),
        }
    }
}

impl Drop for GitPermit {
    fn drop(&mut self) {
        *RUNNING.0.lock() -= 1;
        RUNNING.1.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn says_what_is_wrong_in_one_line() {
        let said = b"hint: x\nfatal: detected dubious ownership in repository at '/a'\nTo add an exception\n";
        assert_eq!(
            message(said),
            "detected dubious ownership in repository at '/a'"
        );
        assert_eq!(message(b"odd\n"), "odd");
        assert_eq!(message(b""), "it exited without a message");
    }
}
