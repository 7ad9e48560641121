//! A process that answers one question after another. Answers are read piece by
//! piece, so a long one is never held completely.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use super::process::{COMPLAINT, ProcessError, end, start};
use crate::files::PIECE;

/// How many pieces are read ahead.
const AHEAD: usize = 2;
/// The longest first line of an answer, in bytes.
const LONGEST_LINE: usize = 4 << 10;
/// How long to wait for the stderr of a process that has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A running process. Dropping it kills it, with everything that it started.
pub(super) struct InteractiveProcess {
    child: Option<Child>,
    stdin: Option<ChildStdin>,
    pieces: Receiver<io::Result<Vec<u8>>>,
    /// Output that was read but not returned yet.
    held: Vec<u8>,
    complaint: Receiver<Vec<u8>>,
    /// How long any piece of an answer may take.
    patience: Duration,
}

impl InteractiveProcess {
    /// Starts a process. `patience` is how long it may take to continue an answer.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn begin(mut command: Command, patience: Duration) -> io::Result<Self> {
        command.stdin(Stdio::piped());
        let mut child = start(command)?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (read, pieces) = mpsc::sync_channel(AHEAD);
        let (complains, complaint) = mpsc::channel();
        // From now on it is killed on drop, whatever fails below.
        let conversation = Self {
            child: Some(child),
            stdin,
            pieces,
            held: Vec::new(),
            complaint,
            patience,
        };
        let thread = || std::thread::Builder::new().name("git".to_owned());
        if let Some(mut stdout) = stdout {
            thread().spawn(move || {
                loop {
                    let mut piece = vec![0; PIECE];
                    let piece = match stdout.read(&mut piece) {
                        Ok(0) => return,
                        Ok(length) => {
                            piece.truncate(length);
                            Ok(piece)
                        }
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                        Err(error) => Err(error),
                    };
                    let is_last = piece.is_err();
                    // Fails when the conversation was dropped.
                    if read.send(piece).is_err() || is_last {
                        return;
                    }
                }
            })?;
        }
        if let Some(mut stderr) = stderr {
            thread().spawn(move || {
                let mut kept = Vec::new();
                // What cannot be read is treated as if it was not printed.
                let _ = stderr.by_ref().take(COMPLAINT).read_to_end(&mut kept);
                let _ = io::copy(&mut stderr, &mut io::sink());
                let _ = complains.send(kept);
            })?;
        }
        Ok(conversation)
    }

    /// Sends a question of one line.
    ///
    /// # Errors
    /// When the process no longer reads.
    pub(super) fn say(&mut self, line: &str) -> Result<(), ProcessError> {
        let stdin = self.stdin.as_mut();
        let stdin = stdin.ok_or_else(|| ProcessError::Failed(io::ErrorKind::BrokenPipe.into()))?;
        stdin
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| stdin.flush())
            .map_err(ProcessError::Failed)
    }

    /// The next line of its answer, without the line break.
    ///
    /// # Errors
    /// When it has ended, is silent for too long, or the line is too long.
    pub(super) fn line(&mut self) -> Result<String, ProcessError> {
        loop {
            if let Some(at) = self.held.iter().position(|byte| *byte == b'\n') {
                let line = String::from_utf8_lossy(&self.held[..at]).into_owned();
                self.held.drain(..=at);
                return Ok(line);
            }
            if self.held.len() > LONGEST_LINE {
                return Err(ProcessError::Long);
            }
            let more = self.more()?;
            self.held.extend(more);
        }
    }

    /// Takes the next `length` bytes of its answer, piece by piece.
    ///
    /// # Errors
    /// As [`InteractiveProcess::line`]; `Ok(Err(..))` when `sink` fails, and then the
    /// rest of the answer is not read yet.
    pub(super) fn take<E>(
        &mut self,
        length: u64,
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<Result<(), E>, ProcessError> {
        let mut left = length;
        while left > 0 {
            if self.held.is_empty() {
                self.held = self.more()?;
            }
            let part =
                usize::try_from(left).map_or(self.held.len(), |left| left.min(self.held.len()));
            if let Err(error) = sink(&self.held[..part]) {
                return Ok(Err(error));
            }
            self.held.drain(..part);
            left -= part as u64;
        }
        Ok(Ok(()))
    }

    /// What it printed to stderr, once it has ended; empty while it runs.
    pub(super) fn complaint(&self) -> Vec<u8> {
        self.complaint.recv_timeout(LAST_WORDS).unwrap_or_default()
    }

    /// Its process id.
    #[cfg(test)]
    pub(super) fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Kills it as somebody else might, and waits for its end.
    #[cfg(test)]
    pub(super) fn kill(&mut self) {
        let child = self.child.as_mut().expect("it runs");
        child.kill().expect("it is there");
        child.wait().expect("it ends");
    }

    fn more(&self) -> Result<Vec<u8>, ProcessError> {
        match self.pieces.recv_timeout(self.patience) {
            Ok(piece) => piece.map_err(ProcessError::Failed),
            Err(RecvTimeoutError::Timeout) => Err(ProcessError::Slow),
            Err(RecvTimeoutError::Disconnected) => {
                Err(ProcessError::Failed(io::ErrorKind::UnexpectedEof.into()))
            }
        }
    }
}

impl Drop for InteractiveProcess {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            end(child);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{ErrorKind, Read as _};
    use std::process::Command;
    use std::time::Duration;

    use super::{InteractiveProcess, ProcessError};
    use crate::files::PIECE;

    const LONG: Duration = Duration::from_secs(60);

    fn sh(script: &str, patience: Duration) -> InteractiveProcess {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        InteractiveProcess::begin(command, patience).expect("it starts")
    }

    fn taken(process: &mut InteractiveProcess, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let all = process.take(length as u64, |piece| {
            bytes.extend_from_slice(piece);
            Ok::<_, ()>(())
        });
        all.expect("it answers").expect("all is taken");
        bytes
    }

    #[test]
    fn answers_are_taken_one_after_the_other() {
        let script = "while read x; do echo $x; head -c $x /dev/zero; echo; done; echo y >&2";
        let mut process = sh(script, LONG);
        for length in [0, 1, PIECE, 5 * PIECE + 7] {
            process.say(&length.to_string()).expect("it listens");
            assert_eq!(process.line().expect("a line"), length.to_string());
            assert_eq!(taken(&mut process, length), vec![0; length]);
            assert_eq!(process.line().expect("a line"), "");
        }
        // The rest of an answer that was not wanted is still to come.
        process.say("10").expect("it listens");
        assert_eq!(process.line().expect("a line"), "10");
        let refused = process.take(10, |_| Err("enough")).expect("it answers");
        assert_eq!(refused, Err("enough"));
        assert_eq!(taken(&mut process, 11), b"\0\0\0\0\0\0\0\0\0\0\n");
        process.stdin = None;
        let ended = process.line().expect_err("it has ended");
        assert!(
            matches!(ended, ProcessError::Failed(error) if error.kind() == ErrorKind::UnexpectedEof)
        );
        assert_eq!(process.complaint(), b"y\n");
    }

    #[test]
    fn who_says_nothing_or_no_end_of_a_line_is_given_up() {
        let mut process = sh("read x; sleep 1000", Duration::from_millis(50));
        process.say("x").expect("it listens");
        assert!(matches!(process.line(), Err(ProcessError::Slow)));
        let mut process = sh("exec cat /dev/zero", LONG);
        assert!(matches!(process.line(), Err(ProcessError::Long)));
    }

    #[test]
    fn it_ends_with_all_that_it_started() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("alive");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo runs").success());
        let script = format!("exec 3>'{}'; sleep 1000 & echo; sleep 1000", pipe.display());
        let reader = std::thread::spawn(move || {
            let mut alive = std::fs::File::open(pipe).expect("a pipe");
            // As long as any of them has the other end.
            alive.read_to_end(&mut Vec::new()).expect("they end");
        });
        let mut process = sh(&script, LONG);
        process.line().expect("it has begun");
        drop(process);
        reader.join().expect("all are gone");
    }
}
