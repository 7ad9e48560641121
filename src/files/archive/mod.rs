use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

use super::{CopyError, FileContent, Kind, Link, SourcePath, System, UnappliedChanges};

/// Endings of archives that paths may lead through. Python's wheels are zip files.
const ENDINGS: [&str; 2] = [".whl", ".zip"];

/// The largest file in an archive, in bytes once unpacked, so that a small archive
/// cannot fill the memory.
const LARGEST: u64 = 64 << 20;
/// What an archive may contain. The largest theme packages have about twelve
/// thousand files.
const BOUNDS: Bounds = Bounds {
    packed: 256 << 20,
    unpacked: 1 << 30,
    files: 100_000,
    name: 1024,
    depth: 64,
};

/// Limits of an archive.
struct Bounds {
    /// The size of the archive, in bytes.
    packed: u64,
    /// The size of all its files together once unpacked, in bytes.
    unpacked: u64,
    /// The number of files and folders.
    files: usize,
    /// The length of a file's path, in bytes.
    name: usize,
    /// The number of components of a path.
    depth: usize,
}

/// Another system's sources together with the contents of their archives: the
/// files in `x.whl` are below its path. The archive itself is still a file.
///
/// Files are unpacked on demand. An archive is read again when its stamp changes.
pub struct Archives {
    outside: Arc<dyn System>,
    opened: Mutex<BTreeMap<SourcePath, Known>>,
}

/// The stamp of an archive when it was opened.
type Stamp = Option<(u64, u128)>;

/// An archive as it was last read, or why it could not be read.
struct Known {
    stamp: Stamp,
    archive: Result<Arc<Archive>, String>,
}

/// The files of one archive.
struct Archive {
    zip: ZipSliceArchive<Vec<u8>>,
    files: BTreeMap<String, Packed>,
    /// The number of names that lead out of it or are not UTF-8, and the first one.
    refused: Option<(usize, String)>,
}

#[derive(Clone, Copy)]
struct Packed {
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    stamp: (u64, u128),
}

impl Archives {
    /// Reads through the archives of `outside`.
    pub fn new(outside: Arc<dyn System>) -> Self {
        Self {
            outside,
            opened: Mutex::default(),
        }
    }

    /// The archive that a path leads through, and the path in it.
    fn inside<'a>(&self, path: &'a SourcePath) -> Option<(Arc<Archive>, &'a str)> {
        let (file, rest) = split(path.as_str())?;
        let file = SourcePath::new(file);
        if !self.is_file(&file) {
            return None;
        }
        Some((self.open(&file).ok()?, rest))
    }

    fn is_file(&self, path: &SourcePath) -> bool {
        matches!(self.outside.kind(path), Ok(Some(Kind::File)))
    }

    fn open(&self, file: &SourcePath) -> Result<Arc<Archive>, String> {
        let stamp = self.outside.stamp(file);
        let mut opened = self.opened.lock();
        if let Some(known) = opened.get(file)
            && known.stamp == stamp
        {
            return known.archive.clone();
        }
        let archive = match stamp {
            Some((size, _)) if size > BOUNDS.packed => Err(too_much("bytes", BOUNDS.packed)),
            _ => match self.outside.read(file) {
                Ok(bytes) => Archive::new(bytes, &BOUNDS).map(Arc::new),
                Err(error) => Err(error.to_string()),
            },
        };
        let known = Known {
            stamp,
            archive: archive.clone(),
        };
        opened.insert(file.clone(), known);
        archive
    }
}

/// Splits `lib/x.whl/a/b` into `lib/x.whl` and `a/b`.
fn split(path: &str) -> Option<(&str, &str)> {
    let ends = ENDINGS.iter().filter_map(|ending| {
        let starts = path.match_indices(ending).map(|(start, _)| start);
        starts
            .map(|start| start + ending.len())
            .find(|end| path[*end..].starts_with('/'))
    });
    let end = ends.min()?;
    Some((&path[..end], &path[end + 1..]))
}

/// The archive that a path leads through, judged by its name. Only the archive can
/// be watched.
pub fn archive_of(path: &SourcePath) -> Option<SourcePath> {
    split(path.as_str()).map(|(file, _)| SourcePath::new(file))
}

impl Archive {
    fn new(bytes: Vec<u8>, bounds: &Bounds) -> Result<Self, String> {
        if bytes.len() as u64 > bounds.packed {
            return Err(too_much("bytes", bounds.packed));
        }
        let zip = ZipArchive::from_slice(bytes);
        let zip = zip.map_err(|_| "it is not a zip file".to_owned())?;
        let mut files = BTreeMap::new();
        let (mut count, mut unpacked) = (0, 0_u64);
        let mut refused: Option<(usize, String)> = None;
        let mut entries = zip.entries();
        loop {
            let entry = match entries.next_entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => break,
                Err(error) => return Err(format!("its list of files is damaged: {error}")),
            };
            // Counted here, because the archive may declare a wrong number.
            count += 1;
            if count > bounds.files {
                return Err(too_much("files", bounds.files as u64));
            }
            let path = entry.file_path();
            if path.as_ref().len() > bounds.name {
                return Err(format!("a name in it is longer than {} bytes", bounds.name));
            }
            let written = String::from_utf8_lossy(path.as_ref());
            let leads_out = written.starts_with(['/', '\\'])
                || written.split(['/', '\\']).any(|part| part == "..")
                || written.as_bytes().get(1) == Some(&b':');
            let name = if leads_out {
                None
            } else {
                path.try_normalize().ok()
            };
            let Some(name) = name else {
                let (count, _) = refused.get_or_insert_with(|| (0, written.into_owned()));
                *count += 1;
                continue;
            };
            if name.as_ref().split('/').count() > bounds.depth {
                return Err(format!("its folders are more than {} deep", bounds.depth));
            }
            if entry.is_dir() {
                continue;
            }
            unpacked = unpacked.saturating_add(entry.uncompressed_size_hint());
            if unpacked > bounds.unpacked {
                return Err(too_much("bytes once unpacked", bounds.unpacked));
            }
            let packed = Packed {
                place: entry.wayfinder(),
                method: entry.compression_method(),
                stamp: (entry.uncompressed_size_hint(), u128::from(entry.crc32())),
            };
            files.insert(name.as_ref().to_owned(), packed);
        }
        Ok(Self {
            zip,
            files,
            refused,
        })
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        if self.files.contains_key(path) {
            return Some(Kind::File);
        }
        let folder = format!("{path}/");
        let next = self.files.range(folder.clone()..).next();
        next.is_some_and(|(name, _)| name.starts_with(&folder))
            .then_some(Kind::Folder)
    }

    fn list(&self, path: &str) -> Vec<(String, Kind)> {
        let folder = format!("{path}/");
        let below = self.files.range(folder.clone()..);
        let below = below.map_while(|(name, _)| name.strip_prefix(&folder));
        let mut found: Vec<(String, Kind)> = Vec::new();
        for name in below {
            let (name, kind) = match name.split_once('/') {
                Some((name, _)) => (name, Kind::Folder),
                None => (name, Kind::File),
            };
            if found.last().is_none_or(|(last, _)| last != name) {
                found.push((name.to_owned(), kind));
            }
        }
        found.sort();
        found
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let packed = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        let entry = self.zip.get_entry(packed.place).map_err(broken)?;
        if packed.stamp.0 > LARGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        // One byte more than declared, to notice if there are more.
        let size = packed.stamp.0;
        let most = size.saturating_add(1);
        let mut bytes = Vec::new();
        match packed.method {
            CompressionMethod::STORE => entry.data().take(most).read_to_end(&mut bytes)?,
            CompressionMethod::DEFLATE => {
                let unpacked = flate2::bufread::DeflateDecoder::new(entry.data());
                unpacked.take(most).read_to_end(&mut bytes)?
            }
            _ => {
                let why = "it is compressed in a way that is not supported";
                return Err(io::Error::new(io::ErrorKind::Unsupported, why));
            }
        };
        if bytes.len() as u64 != size {
            let how = if bytes.len() as u64 > size {
                "more"
            } else {
                "less"
            };
            let why = format!("it contains {how} than the {size} bytes that its archive declares");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        // Its checksum must match too.
        let mut verified = entry.verifying_reader(bytes.as_slice());
        io::copy(&mut verified, &mut io::sink())?;
        Ok(bytes)
    }
}

fn too_much(what: &str, most: u64) -> String {
    format!("it contains more than {most} {what}")
}

fn broken(error: rawzip::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

impl System for Archives {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        match self.inside(path) {
            Some((archive, rest)) => Ok(archive.kind(rest)),
            None => self.outside.kind(path),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        match self.inside(path) {
            Some((archive, rest)) => archive.read(rest),
            None => self.outside.read(path),
        }
    }

    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        match self.inside(path) {
            Some((archive, rest)) => archive.read(rest).map(FileContent::Held),
            None => self.outside.open(path),
        }
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        match self.inside(path) {
            Some((archive, rest)) => {
                let bytes = archive.read(rest).map_err(CopyError::Reading)?;
                super::disk::write(to, &bytes)
            }
            None => self.outside.copy(path, to),
        }
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        match self.inside(path) {
            Some((archive, rest)) => Ok(archive.list(rest)),
            None => self.outside.list(path),
        }
    }

    fn is_changing(&self, path: &SourcePath) -> bool {
        self.inside(path).is_none() && self.outside.is_changing(path)
    }

    fn lacks_changing(&self, folder: &SourcePath, names: &[(String, Kind)]) -> bool {
        self.inside(folder).is_none() && self.outside.lacks_changing(folder, names)
    }

    fn unapplied(&self) -> Option<&UnappliedChanges> {
        self.outside.unapplied()
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        match self.inside(path) {
            Some((archive, rest)) => archive.files.get(rest).map(|packed| packed.stamp),
            None => self.outside.stamp(path),
        }
    }

    fn fault(&self, path: &SourcePath) -> Option<String> {
        let (file, _) = split(path.as_str())?;
        let file = SourcePath::new(file);
        if self.is_file(&file) {
            self.open(&file).err()
        } else {
            None
        }
    }

    fn refused(&self, path: &SourcePath) -> Option<(usize, String)> {
        self.inside(path)?.0.refused.clone()
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        self.outside.links(path)
    }

    fn real(&self, path: &SourcePath) -> Option<SourcePath> {
        self.outside.real(path)
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        self.outside.links_in(folder)
    }

    fn is_shared(&self, path: &SourcePath) -> bool {
        self.outside.is_shared(path)
    }

    fn link_rules(&self, path: &SourcePath) -> Vec<SourcePath> {
        self.outside.link_rules(path)
    }

    fn set_linked_dirs(&self, folders: &[SourcePath]) -> bool {
        self.outside.set_linked_dirs(folders)
    }

    fn locate(&self, absolute: &str) -> Option<SourcePath> {
        self.outside.locate(absolute)
    }
}

#[cfg(test)]
mod tests;
