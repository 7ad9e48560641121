//! Files that are read piece by piece, without ever waiting for one: pipes,
//! sockets and devices are refused, wherever a path leads.

use std::borrow::Cow;
use std::fs::{self, File, FileType, Metadata};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// The most bytes that are read at once.
pub const PIECE: usize = 64 << 10;

/// The largest file on disk, in bytes, whose content is hashed to detect changes.
const HASHED: u64 = 1 << 20;

/// A file as it was when it was opened.
#[derive(Debug)]
pub enum FileContent {
    /// All its bytes, from a source whose files are small or in memory anyway.
    Held(Vec<u8>),
    /// On disk, read on demand.
    DiskFile(DiskFile),
}

impl FileContent {
    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::DiskFile(file) => file.size(),
        }
    }

    /// Its size, and a number that changes with its content: a hash, so that a
    /// touch is not a change, and a rewrite within one tick of the disk's clock
    /// is. For large files on disk, the time of the last write.
    ///
    /// # Errors
    /// When it cannot be read, or is written to meanwhile.
    pub fn mark(&self) -> io::Result<(u64, u128)> {
        let mut hasher = DefaultHasher::new();
        match self {
            Self::DiskFile(file) if file.size() > HASHED => return Ok((file.size(), file.stamp())),
            Self::Held(_) | Self::DiskFile(_) => {
                for piece in self.pieces() {
                    hasher.write(&piece?);
                }
            }
        }
        Ok((self.size(), hasher.finish().into()))
    }

    /// `length` of its bytes from `at`, for formats that tell where their parts are.
    ///
    /// # Errors
    /// When they cannot be read, `UnexpectedEof` where the file ends before.
    pub fn part(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let end = at.saturating_add(length as u64);
        if end > self.size() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match self {
            Self::Held(bytes) => {
                let bytes = bytes.iter().skip(usize::try_from(at).unwrap_or(usize::MAX));
                Ok(bytes.take(length).copied().collect())
            }
            Self::DiskFile(file) => {
                let mut part = Vec::with_capacity(length);
                while part.len() < length {
                    part.extend(file.piece(at + part.len() as u64, end)?);
                }
                Ok(part)
            }
        }
    }

    /// Its bytes, at most one [`PIECE`] at a time. Nothing follows an error: that it
    /// cannot be read, or was written to meanwhile.
    pub fn pieces(&self) -> impl Iterator<Item = io::Result<Cow<'_, [u8]>>> {
        let mut held = match self {
            Self::Held(bytes) => bytes.chunks(PIECE),
            Self::DiskFile(_) => [].chunks(PIECE),
        };
        let mut at = 0;
        std::iter::from_fn(move || match self {
            Self::Held(_) => held.next().map(|piece| Ok(Cow::Borrowed(piece))),
            Self::DiskFile(file) if at >= file.size() => None,
            Self::DiskFile(file) => {
                let piece = file.piece(at, file.size());
                at = match &piece {
                    Ok(piece) => at + piece.len() as u64,
                    Err(_) => u64::MAX,
                };
                Some(piece.map(Cow::Owned))
            }
        })
    }
}

/// A regular file on disk that must not change after it was opened.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    look: Look,
    stamp: u128,
}

/// What changes when a file is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    size: u64,
    modified: u128,
    /// When its metadata last changed, in seconds and nanoseconds, and its number
    /// of names: a file whose name another one takes is not written to.
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

    /// Whether the content is still the same as at `before`.
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

/// When a file was last written to, renamed or touched, in nanoseconds since 1970, as its
/// file system tells. No program can set it.
pub fn change_time(metadata: &Metadata) -> u128 {
    let (seconds, nanoseconds, _) = changed(metadata);
    let nanoseconds = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    u128::try_from(nanoseconds).unwrap_or(0)
}

impl DiskFile {
    /// Opens a file without ever waiting for it.
    ///
    /// # Errors
    /// Those of the file system; `InvalidInput` where it is not a regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let (file, metadata) = open_regular(path, |_| not_regular())?;
        Ok(Self::of(file, &metadata))
    }

    /// A regular file that was just opened.
    pub(super) fn of(file: File, metadata: &Metadata) -> Self {
        let look = Look::of(metadata);
        Self {
            file,
            look,
            stamp: look.modified,
        }
    }

    /// Wraps a temporary copy, with the stamp of the file that it was copied from.
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

    /// When it was last written to, in nanoseconds since 1970; for a copy, the stamp
    /// that it was given.
    pub fn stamp(&self) -> u128 {
        self.stamp
    }

    /// Its bytes from `at` up to `end`, at most one [`PIECE`].
    ///
    /// # Errors
    /// Those of the file system, and `InvalidData` once the file was written to,
    /// because pieces from before and after do not belong together.
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
        // Checked after reading, so that it covers the whole read.
        if !Look::of(&self.file.metadata()?).is_still(&self.look) {
            return Err(rewritten());
        }
        Ok(piece)
    }
}

/// Opens a regular file without ever waiting for it. Anything else is not opened;
/// `refusal` makes the error for it.
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
    // Otherwise opening a pipe waits for a writer. Regular files are not affected.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    // Checked before opening too, because opening a device may have an effect.
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
        "it was written to while it was being read",
    )
}

/// Reads a regular file of at most `most` bytes. Files whose metadata says that
/// they are empty, such as those of `/proc`, are read too.
///
/// # Errors
/// Those of the file system; `InvalidInput` where it is not a regular file,
/// `FileTooLarge` where it is larger.
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let opened = DiskFile::open(path)?;
    if opened.size() > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
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

    use super::{DiskFile, FileContent, PIECE, read_regular};

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
            let error = DiskFile::open(&path(name)).map(drop).expect_err(name);
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
            let opened = DiskFile::open(&path).expect("open");
            assert_eq!(opened.piece(0, size).expect("read"), whole[..PIECE]);
            change(&path);
            let error = opened.piece(PIECE as u64, size).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{name}");
        }
        // One that another takes the name of stays what it was.
        fs::write(&path, &whole).expect("written");
        let opened = DiskFile::open(&path).expect("open");
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
            let opened = FileContent::DiskFile(DiskFile::open(&path).expect("open"));
            let held = FileContent::Held(bytes).mark().expect("held");
            assert_eq!(opened.mark().expect("read"), held, "{size}");
        }
    }
}
