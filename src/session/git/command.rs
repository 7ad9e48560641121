use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};

/// Why git gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It is not installed.
    Missing,
    /// It said why.
    Said(String),
}

/// Settings of a repository that would run programs of its choice, turned off.
/// (Filters are not among them: no command here reads a work tree.)
const SETTINGS: [&str; 6] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "diff.external=",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// Variables that lead git to another repository than the folder's own, as
/// they are set while a hook runs.
const LEADING: [&str; 7] = [
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
];

/// The only way to git: asks it in `folder`, and lets a repository run nothing
/// of its own, neither hook nor filter, monitor, text conversion, or a
/// transport that fetches what is missing. There are never more of it than the
/// machine has cores.
pub(super) fn ask<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Vec<u8>, Failure> {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        // Older versions fetch all the same: no protocol is allowed to.
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    for variable in LEADING {
        command.env_remove(variable);
    }
    command.arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.args(arguments);
    let output = {
        let _turn = Turn::take();
        command.output()
    };
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(Failure::Said(message(&output.stderr))),
        // The folder may be what is missing.
        Err(error) if error.kind() == io::ErrorKind::NotFound && folder.is_dir() => {
            Err(Failure::Missing)
        }
        Err(error) => Err(Failure::Said(error.to_string())),
    }
}

/// What git said, without its advice.
fn message(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let fatal = said.lines().find_map(|line| {
        line.strip_prefix("fatal: ")
            .or(line.strip_prefix("error: "))
    });
    fatal
        .or_else(|| said.lines().next())
        .unwrap_or("it ended without a word")
        .to_owned()
}

/// How many are running, and who waits for one to end.
static RUNNING: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// Leave to run one process.
struct Turn;

impl Turn {
    fn take() -> Self {
        let most = std::thread::available_parallelism().map_or(1, usize::from);
        let running = RUNNING.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut running = RUNNING
            .1
            .wait_while(running, |running| *running >= most)
            .unwrap_or_else(PoisonError::into_inner);
        *running += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
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
        assert_eq!(message(b""), "it ended without a word");
    }
}
