//! Runs a process with bounded time and output, which does not outlive this one.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How much of the stderr of a process is kept, in bytes.
pub(super) const COMPLAINT: u64 = 64 << 10;

/// The result of a process that ended by itself.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) output: Vec<u8>,
    /// The beginning of its stderr.
    pub(super) complaint: Vec<u8>,
}

/// Why a process did not end by itself.
#[derive(Debug)]
pub(super) enum ProcessError {
    /// It could not be started or read.
    Failed(io::Error),
    /// It took too long.
    Slow,
    /// It printed too much.
    Long,
}

/// What the threads that read from a process report.
enum Report {
    Output(io::Result<Vec<u8>>),
    /// It has ended or is about to; its stderr.
    End(Vec<u8>),
}

/// Runs a process to its end. After `patience`, or `most` bytes of output, it
/// is killed with everything that it started.
pub(super) fn run(
    mut command: Command,
    patience: Duration,
    most: u64,
) -> Result<Ended, ProcessError> {
    let began = Instant::now();
    command.stdin(Stdio::null());
    let mut child = start(command).map_err(ProcessError::Failed)?;
    let result = listen(&mut child, began + patience, most);
    if result.is_err() {
        end(child);
    }
    result
}

/// Starts a process in its own group, so that the whole group can be killed.
pub(super) fn start(mut command: Command) -> io::Result<Child> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// Kills a process with everything that it started.
pub(super) fn end(mut child: Child) {
    kill(&mut child);
    // A process that hangs in a disk driver does not die at once: a thread waits
    // for it.
    let reap = std::thread::Builder::new().name("git".to_owned());
    let _ = reap.spawn(move || child.wait());
}

fn listen(child: &mut Child, end: Instant, most: u64) -> Result<Ended, ProcessError> {
    let (sender, reports) = mpsc::channel();
    let listen = |work: Box<dyn FnOnce() -> Report + Send>| {
        let sender = sender.clone();
        // Fails when the process was given up.
        let report = move || drop(sender.send(work()));
        let thread = std::thread::Builder::new().name("git".to_owned());
        thread.spawn(report).map(drop).map_err(ProcessError::Failed)
    };
    let id = child.id();
    if let Some(stdout) = child.stdout.take() {
        listen(Box::new(move || {
            let mut bytes = Vec::new();
            let read = stdout.take(most.saturating_add(1)).read_to_end(&mut bytes);
            Report::Output(read.map(|_| bytes))
        }))?;
    }
    if let Some(mut stderr) = child.stderr.take() {
        listen(Box::new(move || {
            let mut kept = Vec::new();
            // What cannot be read is treated as if it was not printed.
            let _ = stderr.by_ref().take(COMPLAINT).read_to_end(&mut kept);
            let _ = io::copy(&mut stderr, &mut io::sink());
            wait(id);
            Report::End(kept)
        }))?;
    }
    let (mut output, mut complaint) = (None, None);
    loop {
        if let (Some(output), Some(complaint)) = (&mut output, &mut complaint) {
            return Ok(Ended {
                status: child.wait().map_err(ProcessError::Failed)?,
                output: std::mem::take(output),
                complaint: std::mem::take(complaint),
            });
        }
        let left = end.saturating_duration_since(Instant::now());
        match reports.recv_timeout(left).map_err(|_| ProcessError::Slow)? {
            Report::Output(read) => {
                let bytes = read.map_err(ProcessError::Failed)?;
                if bytes.len() as u64 > most {
                    return Err(ProcessError::Long);
                }
                output = Some(bytes);
            }
            Report::End(kept) => complaint = Some(kept),
        }
    }
}

/// Waits until a child has ended but does not reap it, so that its process id is
/// not reused before its owner does.
#[cfg(target_os = "linux")]
fn wait(id: u32) {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    if let Some(id) = id {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while waitid(WaitId::Pid(id), options).is_err_and(|it| it == rustix::io::Errno::INTR) {}
    }
}

#[cfg(not(target_os = "linux"))]
fn wait(_id: u32) {}

fn kill(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
    // It may be gone already.
    let _ = child.kill();
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read as _;
    use std::process::Command;
    use std::time::Duration;

    use super::{COMPLAINT, ProcessError, run};

    const LONG: Duration = Duration::from_secs(60);

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_ends_by_itself_is_told_whole() {
        let ended = run(sh("echo a; echo b >&2; exit 3"), LONG, 10).expect("it ends");
        assert_eq!(ended.status.code(), Some(3));
        assert_eq!(
            (&ended.output[..], &ended.complaint[..]),
            (&b"a\n"[..], &b"b\n"[..])
        );
        let much = sh("head -c 1000000 /dev/zero >&2; printf x");
        let ended = run(much, LONG, 1).expect("it ends");
        assert_eq!(ended.output, b"x");
        assert_eq!(ended.complaint.len() as u64, COMPLAINT);
        assert!(matches!(
            run(Command::new("/nowhere/at/all"), LONG, 1),
            Err(ProcessError::Failed(_))
        ));
    }

    #[test]
    fn what_takes_too_long_or_says_too_much_is_killed_with_its_children() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("alive");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo runs").success());
        for (script, is_slow) in [
            ("sleep 1000 & sleep 1000", true),
            // Nobody to listen to, and it goes on all the same.
            ("exec >&- 2>&-; sleep 1000 & sleep 1000", true),
            ("sleep 1000 & exec yes", false),
        ] {
            let script = format!("exec 3>'{}'; {script}", pipe.display());
            let patience = if is_slow {
                Duration::from_millis(100)
            } else {
                LONG
            };
            let (ready, opened) = std::sync::mpsc::channel();
            let reader = {
                let pipe = pipe.clone();
                std::thread::spawn(move || {
                    let mut alive = std::fs::File::open(pipe).expect("a pipe");
                    ready.send(()).expect("it is waited for");
                    // As long as any of them has the other end.
                    alive.read_to_end(&mut Vec::new()).expect("they end");
                })
            };
            let stopped = run(sh(&script), patience, 1000).expect_err(&script);
            if is_slow {
                assert!(
                    matches!(stopped, ProcessError::Slow),
                    "{script}: {stopped:?}"
                )
            } else {
                assert!(
                    matches!(stopped, ProcessError::Long),
                    "{script}: {stopped:?}"
                )
            }
            // A shell that was killed before it opened the pipe is none left.
            if opened.try_recv().is_ok() {
                reader.join().expect("all are gone");
            } else {
                drop(std::fs::File::options().write(true).open(&pipe));
                reader.join().expect("all are gone");
            }
        }
    }
}
