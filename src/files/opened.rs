//! Files that are read piece by piece, and never waited for: a pipe, socket or
//! device is refused, wherever a path leads.

use std::fs::{self, File, FileType, Metadata};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// How many bytes are read at once, at most.
pub const PIECE: usize = 64 << 10;

/// The largest file on disk whose bytes are read to tell whether it changed.
const HASHED: u64 = 1 << 20;

/// A file as it was when it was opened.
#[derive(Debug)]
pub enum Opened {
    /// All of it, from a source whose files are small or in memory anyway.
    Held(Vec<u8>),
    /// On disk, read when it is asked for.
    OnDisk(OnDisk),
}

impl Opened {
    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::OnDisk(file) => file.size(),
        }
    }

    /// Size, and what changes when its bytes do: a hash of them, so that a
    /// touch is no change and a rewrite within one tick of the disk's clock is
    /// one. Of large files on disk the time that the disk keeps.
    ///
    /// # Errors
    /// When it cannot be read, or is written to meanwhile.
    pub fn mark(&self) -> io::Result<(u64, u128)> {
        let mut hasher = DefaultHasher::new();
        match self {
            Self::Held(bytes) => bytes.chunks(PIECE).for_each(|piece| hasher.write(piece)),
            Self::OnDisk(file) if file.size() > HASHED => return Ok((file.size(), file.stamp())),
            Self::OnDisk(file) => {
                let mut at = 0;
                while at < file.size() {
                    let piece = file.piece(at, file.size())?;
                    hasher.write(&piece);
                    at += piece.len() as u64;
                }
            }
        }
        Ok((self.size(), hasher.finish().into()))
    }
}

/// A regular file on disk that must stay what it was when it was opened.
#[derive(Debug)]
pub struct OnDisk {
    file: File,
    look: Look,
    stamp: u128,
}

/// What changes when a file is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    size: u64,
    modified: u128,
    /// When anything of it changed, its times too, and how many names it has:
    /// one that loses its name to another file is not written to.
    changed: (i64, i64, u64),
}

impl Look {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let modified = modified.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
        Self {
            size: metadata.len(),
            modified: modified.map_or(0, |it| it.as_nanos()),
            changed: changed(metadata),
        }
    }

    /// Whether the bytes are still those that were there at `before`.
    fn is_still(&self, before: &Self) -> bool {
        let renamed = self.changed.2 != before.changed.2;
        self.size == before.size
            && self.modified == before.modified
            && (renamed || self.changed == before.changed)
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ctime(), metadata.ctime_nsec(), metadata.nlink())
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}

impl OnDisk {
    /// Opens a file, without waiting for anybody.
    ///
    /// # Errors
    /// Those of the file system; `InvalidInput` where it is no regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let (file, metadata) = open_regular(path, |_| not_regular())?;
        let look = Look::of(&metadata);
        Ok(Self {
            file,
            look,
            stamp: look.modified,
        })
    }

    /// A copy that was made to be read, with what changes when that does which
    /// it was copied from.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn copied(file: File, stamp: u128) -> io::Result<Self> {
        let look = Look::of(&file.metadata()?);
        Ok(Self { file, look, stamp })
    }

    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        self.look.size
    }

    /// When it was last written to, in nanoseconds since 1970; of a copy what it
    /// was given.
    pub fn stamp(&self) -> u128 {
        self.stamp
    }

    /// What it holds from `at` on, up to `end` and one [`PIECE`] at most.
    ///
    /// # Errors
    /// Those of the file system, and `InvalidData` once the file was written
    /// to: what was read before and after does not belong together.
    pub fn piece(&self, at: u64, end: u64) -> io::Result<Vec<u8>> {
        let left = end.saturating_sub(at).min(PIECE as u64);
        let mut piece = vec![0; usize::try_from(left).unwrap_or(PIECE)];
        let mut read = 0;
        while read < piece.len() {
            match read_at(&self.file, &mut piece[read..], at + read as u64) {
                Ok(0) => return Err(rewritten()),
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // Afterwards: what was written before this was seen by it.
        if !Look::of(&self.file.metadata()?).is_still(&self.look) {
            return Err(rewritten());
        }
        Ok(piece)
    }
}

/// Opens a regular file without waiting for anybody; `refusal` is the error for
/// anything else, which is not opened.
///
/// # Errors
/// Those of the file system, and the refusal.
pub(super) fn open_regular(
    path: &Path,
    refusal: impl Fn(FileType) -> io::Error,
) -> io::Result<(File, Metadata)> {
    let regular = |metadata: Metadata| {
        if metadata.is_file() {
            Ok(metadata)
        } else {
            Err(refusal(metadata.file_type()))
        }
    };
    let mut options = fs::OpenOptions::new();
    options.read(true);
    // A pipe has no beginning without somebody at its other end. Of a regular
    // file this says nothing.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    // Asked before too: to open a device may do something by itself.
    regular(fs::metadata(path)?)?;
    let file = options.open(path)?;
    let metadata = regular(file.metadata()?)?;
    Ok((file, metadata))
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    use std::io::{Seek as _, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.read(buffer)
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

fn rewritten() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "it was written to while it was read",
    )
}

/// The bytes of a regular file that holds no more than `most`; a file that
/// says it is empty may hold more, as those of `/proc` do.
///
/// # Errors
/// Those of the file system; `InvalidInput` where it is no regular file,
/// `FileTooLarge` where it holds more.
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let opened = OnDisk::open(path)?;
    if opened.size() > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(opened.size()).unwrap_or_default());
    opened
        .file
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::{ErrorKind, Write as _};

    use super::{OnDisk, Opened, PIECE, read_regular};

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo")
            .arg(path("pipe"))
            .status();
        assert!(made.expect("mkfifo runs").success());
        let socket = std::os::unix::net::UnixListener::bind(path("socket"));
        socket.expect("a socket");
        std::os::unix::fs::symlink("/dev/zero", path("device")).expect("a link");
        std::os::unix::fs::symlink("pipe", path("link")).expect("a link");
        for name in ["pipe", "socket", "device", "link", "."] {
            let error = OnDisk::open(&path(name)).map(drop).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
            assert!(read_regular(&path(name), 10).is_err(), "{name}");
        }
    }

    #[test]
    fn no_more_is_read_than_was_allowed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "12345").expect("written");
        assert_eq!(read_regular(&path, 5).expect("read"), b"12345");
        let error = read_regular(&path, 4).expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_file_that_is_written_to_is_no_longer_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let size = 3 * PIECE as u64;
        let whole = vec![b'a'; 3 * PIECE];
        type Change = fn(&std::path::Path);
        let changes: [(&str, Change); 4] = [
            ("shorter", |path| {
                let file = fs::File::options().write(true).open(path).expect("open");
                file.set_len(PIECE as u64 + 5).expect("cut");
            }),
            ("longer", |path| {
                let file = fs::File::options().append(true).open(path);
                file.expect("open").write_all(b"b").expect("written");
            }),
            ("as long", |path| {
                fs::write(path, vec![b'b'; 3 * PIECE]).expect("written");
            }),
            ("as long and as old", |path| {
                let before = fs::metadata(path).and_then(|it| it.modified());
                fs::write(path, vec![b'b'; 3 * PIECE]).expect("written");
                let file = fs::File::options().write(true).open(path).expect("open");
                file.set_modified(before.expect("a time")).expect("set");
            }),
        ];
        for (name, change) in changes {
            fs::write(&path, &whole).expect("written");
            let past = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
            let file = fs::File::options().write(true).open(&path).expect("open");
            file.set_modified(past).expect("dated");
            let opened = OnDisk::open(&path).expect("open");
            assert_eq!(opened.piece(0, size).expect("read"), whole[..PIECE]);
            change(&path);
            let error = opened.piece(PIECE as u64, size).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{name}");
        }
        // One that another takes the name of stays what it was.
        fs::write(&path, &whole).expect("written");
        let opened = OnDisk::open(&path).expect("open");
        let beside = folder.path().join("b");
        fs::write(&beside, "other").expect("written");
        fs::rename(&beside, &path).expect("renamed");
        assert_eq!(opened.piece(0, size).expect("read"), whole[..PIECE]);
    }

    #[test]
    fn equal_bytes_have_equal_marks_wherever_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let bytes = vec![b'x'; size];
            fs::write(&path, &bytes).expect("written");
            let opened = Opened::OnDisk(OnDisk::open(&path).expect("open"));
            let held = Opened::Held(bytes).mark().expect("held");
            assert_eq!(opened.mark().expect("read"), held, "{size}");
        }
    }
}
