//! Processes that do not outlive this one, however it ends. The system can be
//! asked for that by the process that is to end alone, so our own binary is
//! started, asks, and becomes the other program.

use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

/// The first argument by which our own binary knows what it was started for.
const MARK: &str = "__until-parent-ends";

/// What it says where there is no such program.
pub(super) const MISSING: &[u8] = b"proofroom: no such program\n";

/// Where our own binary is found, should it be of use.
static OWN: OnceLock<Option<&str>> = OnceLock::new();

/// A command for a program that ends when this process does. Where the system
/// or the binary cannot do it, the program itself.
pub(super) fn guarded(program: &str) -> Command {
    let Some(own) = OWN.get().copied().flatten() else {
        return Command::new(program);
    };
    let mut command = Command::new(own);
    command.args([MARK, &std::process::id().to_string(), program]);
    command
}

/// To be called first thing by the binary's `main`, with its arguments: where
/// it was started for another program, it becomes that, and this returns only
/// if it could not.
pub fn stand_in(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1).is_none_or(|first| first != MARK) {
        // `/proc` leads to the binary that runs, replaced meanwhile or not.
        let own = "/proc/self/exe";
        let has_own = cfg!(target_os = "linux") && std::path::Path::new(own).exists();
        // Set by nobody else before.
        let _ = OWN.set(has_own.then_some(own));
        return None;
    }
    become_other(arguments)
}

#[cfg(target_os = "linux")]
fn become_other(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    use std::io::Write as _;
    use std::os::unix::process::CommandExt as _;

    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

    let parent = arguments.next().and_then(|id| id.to_str()?.parse().ok());
    let program = arguments.next()?;
    // Without it, the program still ends with its work.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    // Who ended before that is not told of.
    if getppid().map(Pid::as_raw_pid) != parent {
        return Some(ExitCode::FAILURE);
    }
    let error = Command::new(program).args(arguments).exec();
    let mut stderr = std::io::stderr();
    // Nobody to tell it to is nobody to care.
    let _ = match error.kind() {
        std::io::ErrorKind::NotFound => stderr.write_all(MISSING),
        _ => writeln!(stderr, "fatal: {error}"),
    };
    Some(ExitCode::FAILURE)
}

#[cfg(not(target_os = "linux"))]
fn become_other(_arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    Some(ExitCode::FAILURE)
}
