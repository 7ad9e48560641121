//! Git LFS: pointers that are committed in place of large files.
//!
//! The format is <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>.

use std::io;

use sha2::{Digest as _, Sha256};

use super::FileContent;

/// Files of this many bytes or more are not pointers.
const LONGEST: u64 = 1024;

/// The versions of the format, the older ones from before the first release.
const VERSIONS: [&str; 3] = [
    "https://git-lfs.github.com/spec/v1",
    "https://hawser.github.com/spec/v1",
    "http://git-media.io/v/2",
];

/// What git holds in place of a large file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LfsPointer {
    /// The SHA-256 of the stored file, as 64 lower-case hexadecimal digits.
    pub oid: String,
    /// The size of the stored file in bytes.
    pub size: u64,
    /// The SHA-256 of the file in a work tree, where an extension of LFS changes it
    /// before it is stored.
    original: Option<String>,
}

impl LfsPointer {
    /// Parses a pointer; `None` for any other file.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() as u64 >= LONGEST {
            return None;
        }
        let mut lines = std::str::from_utf8(bytes).ok()?.trim_end().lines();
        let version = lines.next()?.strip_prefix("version ")?;
        if !VERSIONS.contains(&version.trim_end()) {
            return None;
        }
        let (mut oid, mut size, mut original) = (None, None, None);
        for line in lines {
            let (key, value) = line.trim_end().split_once(' ')?;
            match key {
                "oid" => oid = Some(sha256(value)?),
                "size" => size = Some(value.parse().ok()?),
                // Those of lower priority change the file first.
                key => {
                    let (priority, _) = key.strip_prefix("ext-")?.split_once('-')?;
                    let priority: u8 = priority.parse().ok()?;
                    let earlier = (priority, sha256(value)?);
                    original = Some(original.map_or(earlier.clone(), |it| earlier.min(it)));
                }
            }
        }
        Some(Self {
            oid: oid?,
            size: size?,
            original: original.map(|(_, oid)| oid),
        })
    }

    /// The pointer in a file; `None` where it is any other file.
    ///
    /// # Errors
    /// When it cannot be read, or is written to meanwhile.
    pub fn of(file: &FileContent) -> io::Result<Option<Self>> {
        if file.size() >= LONGEST {
            return Ok(None);
        }
        let first = file.pieces().next().transpose()?;
        Ok(first.and_then(|bytes| Self::parse(&bytes)))
    }

    /// Whether the file is stored as it is in a work tree, and not changed by an
    /// extension of LFS.
    pub fn is_stored_unchanged(&self) -> bool {
        self.original.is_none()
    }

    /// Whether it stands for this file. The file is read piece by piece, and not at
    /// all if it has another size.
    ///
    /// # Errors
    /// When it cannot be read, or is written to meanwhile.
    pub fn stands_for(&self, file: &FileContent) -> io::Result<bool> {
        if self.original.is_none() && self.size != file.size() {
            return Ok(false);
        }
        let mut hasher = Sha256::new();
        for piece in file.pieces() {
            hasher.update(&piece?);
        }
        let digits: String = hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(digits == *self.original.as_ref().unwrap_or(&self.oid))
    }
}

/// The digits of `sha256:DIGITS`.
fn sha256(value: &str) -> Option<String> {
    let digits = value.strip_prefix("sha256:")?;
    let is_digit = |it: char| matches!(it, '0'..='9' | 'a'..='f');
    (digits.len() == 64 && digits.chars().all(is_digit)).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::LfsPointer;
    use crate::files::{FileContent, PIECE};

    /// The SHA-256 of `abc`.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    /// The SHA-256 of no bytes.
    const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn pointer(lines: &str) -> Option<LfsPointer> {
        let text = format!("version https://git-lfs.github.com/spec/v1\n{lines}");
        LfsPointer::parse(text.as_bytes())
    }

    #[test]
    fn reads_pointers_and_nothing_else() {
        let found = pointer(&format!("oid sha256:{ABC}\nsize 3\n")).expect("a pointer");
        assert_eq!((found.oid.as_str(), found.size), (ABC, 3));
        let windows = pointer(&format!("oid sha256:{ABC}\r\nsize 3\r\n"));
        assert_eq!(windows.as_ref(), Some(&found));
        let older = format!("version https://hawser.github.com/spec/v1\noid sha256:{ABC}\nsize 3");
        assert_eq!(LfsPointer::parse(older.as_bytes()), Some(found));
        for other in [
            "".to_owned(),
            format!("oid sha256:{ABC}\n"),
            "size 3\n".to_owned(),
            format!("oid sha1:{ABC}\nsize 3\n"),
            format!("oid sha256:{}\nsize 3\n", ABC.to_uppercase()),
            format!("oid sha256:{}\nsize 3\n", &ABC[1..]),
            format!("oid sha256:{ABC}\nsize -3\n"),
            format!("oid sha256:{ABC}\nsize 3\n\nThis page describes pointers.\n"),
            format!("oid sha256:{ABC}\nsize 3\n{}", "ext".repeat(1000)),
        ] {
            assert_eq!(pointer(&other), None, "{other}");
        }
        assert_eq!(LfsPointer::parse(b"version 2\n"), None);
        assert_eq!(LfsPointer::parse(b"\xff"), None);
    }

    #[test]
    fn stands_for_the_file_of_its_hash() {
        let held = |bytes: &[u8]| FileContent::Held(bytes.to_vec());
        let abc = pointer(&format!("oid sha256:{ABC}\nsize 3\n")).expect("a pointer");
        assert!(abc.stands_for(&held(b"abc")).expect("it can be read"));
        assert!(!abc.stands_for(&held(b"abd")).expect("it can be read"));
        assert!(!abc.stands_for(&held(b"abcd")).expect("it can be read"));
        let empty = pointer(&format!("oid sha256:{NOTHING}\nsize 0\n")).expect("a pointer");
        assert!(empty.stands_for(&held(b"")).expect("it can be read"));
        let text = format!("version http://git-media.io/v/2\noid sha256:{ABC}\nsize 3\n");
        let found = LfsPointer::of(&held(text.as_bytes())).expect("it can be read");
        assert_eq!(found.map(|it| it.oid), Some(ABC.to_owned()));
        let long = held(&vec![b'v'; 2 * PIECE]);
        assert_eq!(LfsPointer::of(&long).expect("it can be read"), None);
    }

    #[test]
    fn an_extension_tells_what_it_was_given() {
        let lines = format!(
            "ext-1-b sha256:{NOTHING}\next-0-a sha256:{ABC}\noid sha256:{NOTHING}\nsize 700\n"
        );
        let extended = pointer(&lines).expect("a pointer");
        let abc = FileContent::Held(b"abc".to_vec());
        assert!(extended.stands_for(&abc).expect("it can be read"));
    }
}
