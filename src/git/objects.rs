use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::command::{Failure, GitPermit, LONG_MOST, PATIENCE, command, complained};
use super::interactive::InteractiveProcess;
use super::process::ProcessError;

/// How many questions are asked before the answers are read: few enough for git never
/// to wait with an answer.
const AT_ONCE: usize = 200;

/// Reads the objects of a repository: files and folders as they were committed.
/// One git process is kept for all of them, and one for their sizes.
pub(super) struct Objects {
    top: PathBuf,
    running: Mutex<Option<InteractiveProcess>>,
    sizing: Mutex<Option<InteractiveProcess>>,
}

/// Why an object could not be read.
#[derive(Debug)]
pub(super) enum ObjectError {
    /// Git gave no answer.
    Git(Failure),
    /// The clone does not have the object.
    Absent,
    /// It is larger than this many bytes, the most that may be held.
    Long(u64),
    /// The receiver of the bytes failed.
    Taking(io::Error),
}

impl fmt::Display for ObjectError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(failure) => failure.fmt(to),
            Self::Absent => to.write_str(
                "its text is missing (a partial clone), and proofroom fetches nothing; \
                 `git fetch --refetch --no-filter` fetches it",
            ),
            Self::Long(most) => write!(to, "it is larger than {most} bytes"),
            Self::Taking(error) => error.fmt(to),
        }
    }
}

impl From<ObjectError> for io::Error {
    fn from(lack: ObjectError) -> Self {
        match lack {
            ObjectError::Taking(error) => error,
            ObjectError::Long(_) => io::Error::new(io::ErrorKind::FileTooLarge, lack.to_string()),
            ObjectError::Git(_) | ObjectError::Absent => io::Error::other(lack.to_string()),
        }
    }
}

impl Objects {
    /// The objects of the repository whose work tree is at `top`.
    pub(super) fn new(top: &Path) -> Self {
        Self {
            top: top.to_owned(),
            running: Mutex::default(),
            sizing: Mutex::default(),
        }
    }

    /// The sizes of objects in bytes, without their bytes being read; `None` for those
    /// that the clone does not have.
    ///
    /// # Errors
    /// See [`ObjectError`].
    pub(super) fn sizes(&self, ids: &[Arc<str>]) -> Result<Vec<Option<u64>>, ObjectError> {
        let mut sizing = self.sizing.lock();
        let _turn = GitPermit::take(&self.top).map_err(ObjectError::Git)?;
        let mut sizes = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let Some((first, others)) = ids.split_first() else {
                break;
            };
            let (mut process, size) = self.header(sizing.take(), first, "--batch-check")?;
            sizes.push(size);
            let answers = others
                .iter()
                .try_for_each(|id| process.say(id))
                .and_then(|()| others.iter().map(|_| size_of_next(&mut process)).collect());
            let answers: Vec<_> = answers.map_err(|stopped| self.lack(&process, stopped))?;
            sizes.extend(answers);
            *sizing = Some(process);
        }
        Ok(sizes)
    }

    /// The names of the objects that these expressions mean, such as `HEAD:docs/a.md`;
    /// `None` for those that mean nothing. An expression with a line break means nothing.
    ///
    /// # Errors
    /// See [`ObjectError`].
    pub(super) fn names(
        &self,
        expressions: &[String],
    ) -> Result<Vec<Option<Arc<str>>>, ObjectError> {
        let mut sizing = self.sizing.lock();
        let _turn = GitPermit::take(&self.top).map_err(ObjectError::Git)?;
        let mut names = Vec::with_capacity(expressions.len());
        for some in expressions.chunks(AT_ONCE) {
            let mut process = match sizing.take() {
                Some(process) => process,
                None => self.begin("--batch-check").map_err(ObjectError::Git)?,
            };
            let can_be_said = |it: &&String| !it.contains('\n');
            let answers = some
                .iter()
                .filter(can_be_said)
                .try_for_each(|it| process.say(it))
                .and_then(|()| {
                    let answer = |it: &String| {
                        if can_be_said(&it) {
                            name_of_next(&mut process)
                        } else {
                            Ok(None)
                        }
                    };
                    some.iter().map(answer).collect()
                });
            let answers: Vec<_> = answers.map_err(|stopped| self.lack(&process, stopped))?;
            names.extend(answers);
            *sizing = Some(process);
        }
        Ok(names)
    }

    /// Asks the process that was kept for an object, or another one if it has ended
    /// meanwhile. Returns it with the size of the object, or `None` where there is no
    /// such object.
    fn header(
        &self,
        kept: Option<InteractiveProcess>,
        id: &str,
        flag: &str,
    ) -> Result<(InteractiveProcess, Option<u64>), ObjectError> {
        if let Some(mut process) = kept
            && let Ok(size) = ask(&mut process, id)
        {
            return Ok((process, size));
        }
        let mut process = self.begin(flag).map_err(ObjectError::Git)?;
        match ask(&mut process, id) {
            Ok(size) => Ok((process, size)),
            Err(stopped) => Err(self.lack(&process, stopped)),
        }
    }

    /// The bytes of an object, at most `most` of them.
    ///
    /// # Errors
    /// See [`ObjectError`].
    pub(super) fn read(&self, id: &str, most: u64) -> Result<Vec<u8>, ObjectError> {
        let mut bytes = Vec::new();
        self.pass(id, |size, piece| {
            if size > most {
                return Err(ObjectError::Long(most));
            }
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// Passes the bytes of an object to `take` piece by piece, each with the size
    /// of the whole, which may be any size. `take` is not called for an empty one.
    ///
    /// # Errors
    /// See [`ObjectError`]; an error of `take` is returned as it is.
    pub(super) fn pass(
        &self,
        id: &str,
        mut take: impl FnMut(u64, &[u8]) -> Result<(), ObjectError>,
    ) -> Result<(), ObjectError> {
        let mut running = self.running.lock();
        let _turn = GitPermit::take(&self.top).map_err(ObjectError::Git)?;
        let (mut process, size) = self.header(running.take(), id, "--batch")?;
        let done = match size {
            Some(size) => process.take(size, |piece| take(size, piece)),
            None => {
                *running = Some(process);
                return Err(ObjectError::Absent);
            }
        };
        // An answer that was not read to its end would be taken for the next one:
        // the process is dropped with it.
        match done {
            Ok(Ok(())) => {}
            Ok(Err(lack)) => return Err(lack),
            Err(stopped) => return Err(self.lack(&process, stopped)),
        }
        match process.line() {
            Ok(_) => {
                *running = Some(process);
                Ok(())
            }
            Err(stopped) => Err(self.lack(&process, stopped)),
        }
    }

    fn lack(&self, process: &InteractiveProcess, stopped: ProcessError) -> ObjectError {
        use io::ErrorKind::{BrokenPipe, UnexpectedEof};
        ObjectError::Git(match stopped {
            ProcessError::Failed(error) if [BrokenPipe, UnexpectedEof].contains(&error.kind()) => {
                complained(&process.complaint())
            }
            stopped => stopped.failure(&self.top, &self.top, PATIENCE, LONG_MOST),
        })
    }

    fn begin(&self, flag: &str) -> Result<InteractiveProcess, Failure> {
        let arguments = ["cat-file".into(), flag.into()];
        let command = command(&self.top, &self.top, &self.top, &arguments)?;
        InteractiveProcess::begin(command, PATIENCE).map_err(|error| {
            ProcessError::Failed(error).failure(&self.top, &self.top, PATIENCE, LONG_MOST)
        })
    }
}

/// Asks for an object and returns its size, or `None` where there is no such
/// object. The answer is `id kind size`, then its bytes and a line break.
fn ask(process: &mut InteractiveProcess, id: &str) -> Result<Option<u64>, ProcessError> {
    process.say(id)?;
    size_of_next(process)
}

/// The size in the first line of the next answer.
fn size_of_next(process: &mut InteractiveProcess) -> Result<Option<u64>, ProcessError> {
    let header = process.line()?;
    let size = header.rsplit(' ').next();
    Ok(size.and_then(|size| size.parse().ok()))
}

/// The name of the object in the next answer.
fn name_of_next(process: &mut InteractiveProcess) -> Result<Option<Arc<str>>, ProcessError> {
    let header = process.line()?;
    // `name kind size`; else the expression, which may have blanks, and `missing`.
    let parts: Vec<&str> = header.split(' ').collect();
    Ok(match parts[..] {
        [name, "blob", size] if size.parse::<u64>().is_ok() => Some(Arc::from(name)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;
    use std::process::Command;
    use std::sync::Arc;

    use super::{ObjectError, Objects};
    use crate::files::PIECE;

    fn git(folder: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        let output = command.current_dir(folder).args(arguments).output();
        let output = output.expect("git is installed");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    #[test]
    fn one_process_answers_until_it_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        git(folder, &["init", "--quiet"]);
        let texts = ["".to_owned(), "a\nb".to_owned(), "x".repeat(3 * PIECE + 1)];
        let object = |text: &String| {
            std::fs::write(folder.join("a"), text).expect("written");
            git(folder, &["hash-object", "-w", "a"])
        };
        let ids = texts.each_ref().map(object);
        let objects = Objects::new(folder);
        let process = || {
            let running = objects.running.lock();
            running.as_ref().and_then(|it| it.id())
        };
        for (id, text) in ids.iter().zip(&texts) {
            assert_eq!(
                objects.read(id, 1 << 20).expect("it is there"),
                text.as_bytes()
            );
        }
        let first = process().expect("it runs");
        // More than are asked for at once.
        let many: Vec<Arc<str>> = ids
            .iter()
            .cycle()
            .take(500)
            .map(|it| it.as_str().into())
            .collect();
        let sizes = objects.sizes(&many).expect("they are there");
        let expected = texts
            .iter()
            .cycle()
            .take(500)
            .map(|it| Some(it.len() as u64));
        assert!(sizes.into_iter().eq(expected));
        let absent = Arc::from("0".repeat(40));
        assert_eq!(objects.sizes(&[absent]).expect("it answers"), [None]);
        let absent = objects
            .read(&"0".repeat(40), 1)
            .expect_err("no such object");
        assert!(matches!(absent, ObjectError::Absent), "{absent:?}");
        assert_eq!(process(), Some(first));
        // Of one that was not read to its end nothing gets into another.
        let stops = |_, _: &[u8]| Err(ObjectError::Taking(io::ErrorKind::StorageFull.into()));
        let stopped = objects.pass(&ids[2], stops).expect_err("it is not taken");
        assert!(matches!(stopped, ObjectError::Taking(_)), "{stopped:?}");
        assert_eq!(
            objects.read(&ids[1], 1 << 20).expect("it is there"),
            b"a\nb"
        );
        let second = process().expect("it runs");
        assert_ne!(second, first);
        // What is too much is not held, whatever it is.
        let long = objects
            .read(&ids[2], 3 * PIECE as u64)
            .expect_err("too long");
        assert!(matches!(long, ObjectError::Long(_)), "{long:?}");
        assert_eq!(objects.read(&ids[1], 3).expect("it is there"), b"a\nb");
        let second = process().expect("it runs");
        // Nor is all over when it ends by itself.
        let mut running = objects.running.lock();
        running.as_mut().expect("it runs").kill();
        drop(running);
        assert_eq!(
            objects.read(&ids[1], 1 << 20).expect("it is there"),
            b"a\nb"
        );
        assert_ne!(process(), Some(second));
    }
}
