use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

use super::{CopyError, Kind, Link, Opened, SourcePath, System};

/// Endings of files that paths may lead through: Python's wheels are zip
/// files.
const ENDINGS: [&str; 2] = [".whl", ".zip"];

/// No file in an archive may be larger than this once unpacked, so that a
/// small archive cannot fill the memory.
const LARGEST: u64 = 64 << 20;

/// Another system's sources, and what lies inside their archives: below
/// `x.whl` lie the files that it packs. The archive itself stays a file.
///
/// Nothing is unpacked before it is asked for. An archive is read again when
/// its stamp moves.
pub struct Archives {
    outside: Arc<dyn System>,
    opened: Mutex<BTreeMap<SourcePath, Known>>,
}

/// Which file an archive was when it was opened.
type Stamp = Option<(u64, u128)>;

/// An archive as it was last read; `None` where it is none.
struct Known {
    stamp: Stamp,
    archive: Option<Arc<Archive>>,
}

/// The files of one archive.
struct Archive {
    zip: ZipSliceArchive<Vec<u8>>,
    files: BTreeMap<String, Packed>,
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

    /// The archive that a path leads through, and the rest of the path.
    fn inside<'a>(&self, path: &'a SourcePath) -> Option<(Arc<Archive>, &'a str)> {
        let (file, rest) = split(path.as_str())?;
        let file = SourcePath::new(file);
        matches!(self.outside.kind(&file), Ok(Some(Kind::File))).then_some(())?;
        Some((self.open(&file)?, rest))
    }

    fn open(&self, file: &SourcePath) -> Option<Arc<Archive>> {
        let stamp = self.outside.stamp(file);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = opened.get(file)
            && known.stamp == stamp
        {
            return known.archive.clone();
        }
        let archive = self.outside.read(file).ok().and_then(Archive::new);
        let archive = archive.map(Arc::new);
        let known = Known {
            stamp,
            archive: archive.clone(),
        };
        opened.insert(file.clone(), known);
        archive
    }
}

/// `lib/x.whl/a/b` is `a/b` in `lib/x.whl`.
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

/// The archive that a path leads through, where it leads through one by its
/// name; what watches files can only watch that.
pub fn archive_of(path: &SourcePath) -> Option<SourcePath> {
    split(path.as_str()).map(|(file, _)| SourcePath::new(file))
}

impl Archive {
    fn new(bytes: Vec<u8>) -> Option<Self> {
        let zip = ZipArchive::from_slice(bytes).ok()?;
        let mut files = BTreeMap::new();
        let mut entries = zip.entries();
        while let Ok(Some(entry)) = entries.next_entry() {
            let path = entry.file_path();
            let Ok(name) = path.try_normalize() else {
                continue;
            };
            if entry.is_dir() {
                continue;
            }
            let packed = Packed {
                place: entry.wayfinder(),
                method: entry.compression_method(),
                stamp: (entry.uncompressed_size_hint(), u128::from(entry.crc32())),
            };
            files.insert(name.as_ref().to_owned(), packed);
        }
        Some(Self { zip, files })
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
        let mut bytes = Vec::new();
        let packed_bytes = entry.data();
        match packed.method {
            CompressionMethod::STORE => {
                let stored = packed_bytes.take(LARGEST);
                entry.verifying_reader(stored).read_to_end(&mut bytes)?
            }
            CompressionMethod::DEFLATE => {
                let unpacked = flate2::bufread::DeflateDecoder::new(packed_bytes).take(LARGEST);
                entry.verifying_reader(unpacked).read_to_end(&mut bytes)?
            }
            _ => return Err(io::ErrorKind::Unsupported.into()),
        };
        Ok(bytes)
    }
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

    fn open(&self, path: &SourcePath) -> io::Result<Opened> {
        match self.inside(path) {
            Some((archive, rest)) => archive.read(rest).map(Opened::Held),
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

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        match self.inside(path) {
            Some((archive, rest)) => archive.files.get(rest).map(|packed| packed.stamp),
            None => self.outside.stamp(path),
        }
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        self.outside.links(path)
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        self.outside.links_in(folder)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::Arc;

    use super::{Archives, archive_of};
    use crate::files::{Kind, Memory, SourcePath, System as _};

    /// A zip file of these, every second one packed.
    fn zip(files: &[(&str, &str)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
        for (index, (name, text)) in files.iter().enumerate() {
            let packs = index % 2 == 0;
            let method = if packs {
                rawzip::CompressionMethod::DEFLATE
            } else {
                rawzip::CompressionMethod::STORE
            };
            let file = archive.new_file(name).compression_method(method);
            let (mut entry, config) = file.start().expect("it starts");
            let descriptor = if packs {
                let level = flate2::Compression::default();
                let encoder = flate2::write::DeflateEncoder::new(&mut entry, level);
                let mut writer = config.wrap(encoder);
                writer.write_all(text.as_bytes()).expect("written");
                let (encoder, descriptor) = writer.finish().expect("finished");
                encoder.finish().expect("packed");
                descriptor
            } else {
                let mut writer = config.wrap(&mut entry);
                writer.write_all(text.as_bytes()).expect("written");
                writer.finish().expect("finished").1
            };
            entry.finish(descriptor).expect("finished");
        }
        archive.finish().expect("finished");
        bytes
    }

    fn path(path: &str) -> SourcePath {
        SourcePath::new(path)
    }

    #[test]
    fn reads_what_an_archive_holds() {
        let memory = Memory::new([("a.txt", "outside")]);
        let files = [
            ("x/a.txt", "one"),
            ("x/b/c.txt", "two"),
            ("x/b.txt", ""),
            ("../d", "no"),
        ];
        memory.write(&path("lib/p.whl"), zip(&files));
        let system = Archives::new(Arc::new(memory.clone()));
        let text = |name: &str| {
            let bytes = system.read(&path(name)).ok()?;
            String::from_utf8(bytes).ok()
        };
        assert_eq!(text("a.txt").as_deref(), Some("outside"));
        assert_eq!(text("lib/p.whl/x/a.txt").as_deref(), Some("one"));
        assert_eq!(text("lib/p.whl/x/b/c.txt").as_deref(), Some("two"));
        assert_eq!(text("lib/p.whl/x/none.txt"), None);
        for (name, kind) in [
            ("lib/p.whl", Some(Kind::File)),
            ("lib/p.whl/x", Some(Kind::Folder)),
            ("lib/p.whl/x/b", Some(Kind::Folder)),
            ("lib/p.whl/x/b.txt", Some(Kind::File)),
            ("lib/p.whl/x/c", None),
            ("lib/q.whl/x", None),
        ] {
            assert_eq!(system.kind(&path(name)).expect("readable"), kind, "{name}");
        }
        let listed = system.list(&path("lib/p.whl/x")).expect("readable");
        let listed: Vec<_> = listed.iter().map(|(name, kind)| (&**name, *kind)).collect();
        let expected = [
            ("a.txt", Kind::File),
            ("b", Kind::Folder),
            ("b.txt", Kind::File),
        ];
        assert_eq!(listed, expected);

        memory.write(&path("lib/p.whl"), zip(&[("x/a.txt", "changed")]));
        assert_eq!(text("lib/p.whl/x/a.txt").as_deref(), Some("changed"));
    }

    #[test]
    fn what_is_no_archive_holds_nothing() {
        let memory = Memory::new([("bad.zip", "PK not really"), ("f.zip/a", "a folder")]);
        let system = Archives::new(Arc::new(memory));
        assert_eq!(system.kind(&path("bad.zip/a")).expect("readable"), None);
        assert!(system.read(&path("bad.zip/a")).is_err());
        assert!(
            system
                .list(&path("bad.zip/a"))
                .expect("readable")
                .is_empty()
        );
        assert_eq!(
            system.read(&path("f.zip/a")).ok().as_deref(),
            Some(&b"a folder"[..])
        );
    }

    #[test]
    fn tells_the_archive_by_the_path() {
        assert_eq!(archive_of(&path("a/x.whl/b/c")), Some(path("a/x.whl")));
        assert_eq!(archive_of(&path("a/x.whl")), None);
        assert_eq!(archive_of(&path("a/x.whl.d/b")), None);
    }
}
