//! Processes that do not outlive this one, however it ends. Only a process itself
//! can ask the system for that, so our own binary is started, asks, and then
//! becomes the other program.

use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

/// The first argument that tells our own binary to become another program.
const MARK: &str = "__until-parent-ends";

/// What it prints where there is no such program.
pub(super) const MISSING: &[u8] = b"proofroom: no such program\n";

/// The path of our own binary, where it can be used as a guard.
static OWN: OnceLock<Option<&str>> = OnceLock::new();

/// A command that runs a program and ends when this process does. Where the
/// system or the binary cannot do that, it runs the program directly.
pub(super) fn guarded(program: &str) -> Command {
    let Some(own) = OWN.get().copied().flatten() else {
        return Command::new(program);
    };
    let mut command = Command::new(own);
    command.args([MARK, &std::process::id().to_string(), program]);
    command
}

/// Must be called first by the binary's `main`, with its arguments. If the binary
/// was started to become another program, this only returns when that failed.
pub fn stand_in(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1).is_none_or(|first| first != MARK) {
        // `/proc` leads to the running binary even if its file was replaced.
        let own = "/proc/self/exe";
        let has_own = cfg!(target_os = "linux") && std::path::Path::new(own).exists();
        // Fails only if it was set already, to the same value.
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
    // If this fails, the program still ends when its work is done.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    // A parent that ended before this call sends no signal.
    if getppid().map(Pid::as_raw_pid) != parent {
        return Some(ExitCode::FAILURE);
    }
    let error = Command::new(program).args(arguments).exec();
    let mut stderr = std::io::stderr();
    // If stderr is closed, nobody is left to read it.
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
