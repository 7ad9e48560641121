//! Whether two files are the same to git: it stores texts with `text=auto` without
//! the carriage returns that a checkout adds, and large files as pointers.

use std::borrow::Cow;
use std::io;

use super::{FileContent, LfsPointer};

/// Whether two files have the same content, as git would see it. A pointer of Git
/// LFS is the same as the file that it stands for. Files are read piece by piece.
///
/// # Errors
/// When one cannot be read, or is written to meanwhile.
pub fn same_content(a: &FileContent, b: &FileContent) -> io::Result<bool> {
    match (LfsPointer::of(a)?, LfsPointer::of(b)?) {
        (Some(a), Some(b)) => Ok(a.oid == b.oid),
        (Some(pointer), None) => pointer.stands_for(b),
        (None, Some(pointer)) => pointer.stands_for(a),
        (None, None) => {
            let is_same = a.size() == b.size() && same_pieces(a.pieces(), b.pieces(), Bytes)?;
            Ok(is_same || same_pieces(a.pieces(), b.pieces(), Lines::default())?)
        }
    }
}

/// Whether two files are the same but for the line endings of texts: `\r\n` is the
/// same as `\n`, except in what git takes for binary.
pub fn same_text(a: &[u8], b: &[u8]) -> bool {
    let whole = |bytes| std::iter::once(Ok(Cow::Borrowed(bytes)));
    // Only reading can fail.
    a == b || same_pieces(whole(a), whole(b), Lines::default()).unwrap_or(false)
}

/// What becomes of the bytes of a file before they are compared.
trait Reading: Clone {
    /// Passes on a piece.
    fn piece(&mut self, piece: &[u8], to: &mut Vec<u8>);
    /// Passes on what is left at the end of the file. Returns whether the bytes that
    /// were passed on say all about the file.
    fn end(&mut self, to: &mut Vec<u8>) -> bool;
}

/// Bytes as they are.
#[derive(Clone)]
struct Bytes;

impl Reading for Bytes {
    fn piece(&mut self, piece: &[u8], to: &mut Vec<u8>) {
        to.extend_from_slice(piece);
    }

    fn end(&mut self, _: &mut Vec<u8>) -> bool {
        true
    }
}

/// Texts without the carriage returns of their line endings. What counts as a text
/// is as in git's `convert_is_binary`.
#[derive(Clone, Default)]
struct Lines {
    after_return: bool,
    is_binary: bool,
    printable: u64,
    nonprintable: u64,
    last: u8,
}

impl Reading for Lines {
    fn piece(&mut self, piece: &[u8], to: &mut Vec<u8>) {
        for &byte in piece {
            if self.after_return && byte != b'\n' {
                self.lone_return(to);
            }
            self.after_return = byte == b'\r';
            self.last = byte;
            match byte {
                b'\r' => continue,
                b'\n' => {}
                0 => self.is_binary = true,
                // Backspace, tab, escape and form feed occur in texts.
                0x08 | b'\t' | 0x1b | 0x0c => self.printable += 1,
                0x01..0x20 | 0x7f => self.nonprintable += 1,
                _ => self.printable += 1,
            }
            to.push(byte);
        }
    }

    fn end(&mut self, to: &mut Vec<u8>) -> bool {
        if self.after_return {
            self.lone_return(to);
        }
        // The end of a file under DOS.
        let nonprintable = self.nonprintable - u64::from(self.last == 0x1a);
        !self.is_binary && self.printable >> 7 >= nonprintable
    }
}

impl Lines {
    fn lone_return(&mut self, to: &mut Vec<u8>) {
        self.is_binary = true;
        to.push(b'\r');
    }
}

/// One of two files that are compared.
struct Side<P, R> {
    pieces: P,
    reading: R,
    /// What was read and not compared yet.
    held: Vec<u8>,
    /// At the end, whether the bytes say all about the file.
    ended: Option<bool>,
}

impl<'b, P: Iterator<Item = io::Result<Cow<'b, [u8]>>>, R: Reading> Side<P, R> {
    fn new(pieces: P, reading: R) -> Self {
        Self {
            pieces,
            reading,
            held: Vec::new(),
            ended: None,
        }
    }

    /// Reads until there is something to compare, or nothing more.
    fn fill(&mut self) -> io::Result<()> {
        while self.held.is_empty() && self.ended.is_none() {
            match self.pieces.next().transpose()? {
                Some(piece) => self.reading.piece(&piece, &mut self.held),
                None => self.ended = Some(self.reading.end(&mut self.held)),
            }
        }
        Ok(())
    }
}

fn same_pieces<'b>(
    a: impl Iterator<Item = io::Result<Cow<'b, [u8]>>>,
    b: impl Iterator<Item = io::Result<Cow<'b, [u8]>>>,
    reading: impl Reading,
) -> io::Result<bool> {
    let (mut a, mut b) = (Side::new(a, reading.clone()), Side::new(b, reading));
    loop {
        a.fill()?;
        b.fill()?;
        let length = a.held.len().min(b.held.len());
        if length == 0 {
            let both_end = a.held.is_empty() && b.held.is_empty();
            return Ok(both_end && a.ended == Some(true) && b.ended == Some(true));
        }
        if a.held[..length] != b.held[..length] {
            return Ok(false);
        }
        a.held.drain(..length);
        b.held.drain(..length);
    }
}

#[cfg(test)]
mod tests {
    use super::{same_content, same_text};
    use crate::files::{FileContent, PIECE};

    #[test]
    fn line_endings_are_no_change_of_a_text() {
        for (a, b, is_same) in [
            (&b"a\r\nb\r\n"[..], &b"a\nb\n"[..], true),
            (b"a\r\nb\n", b"a\nb\r\n", true),
            (b"a\r\n", b"a", false),
            (b"a\r\n", b"a\n\n", false),
            (b"a\rb", b"ab", false),
            (b"a\rb", b"a\rb", true),
            // A return of its own makes a file binary, as does a zero byte.
            (b"a\rb\r\n", b"a\rb\n", false),
            (b"a\r\n\r", b"a\n\r", false),
            (b"a\0\r\n", b"a\0\n", false),
            (b"\x01\x02\r\n", b"\x01\x02\n", false),
            (b"a\x1a", b"a\x1a", true),
            (b"a\r\n\x1a", b"a\n\x1a", true),
            ("中\r\n".as_bytes(), "中\n".as_bytes(), true),
            (b"", b"", true),
            (b"", b"\r\n", false),
        ] {
            assert_eq!(same_text(a, b), is_same, "{a:?} {b:?}");
            assert_eq!(same_text(b, a), is_same, "{b:?} {a:?}");
        }
        // A few unprintable characters in a long text are only that.
        let long = |end: &str| format!("{}\x01{end}", "text ".repeat(30)).into_bytes();
        assert!(same_text(&long("\r\n"), &long("\n")));
    }

    #[test]
    fn files_are_compared_over_the_ends_of_their_pieces() {
        let held = |bytes: &[u8]| FileContent::Held(bytes.to_vec());
        let same = |a: &[u8], b: &[u8]| same_content(&held(a), &held(b)).expect("read");
        let unix = [vec![b'x'; PIECE - 1], b"\ny\n".to_vec()].concat();
        let windows = [vec![b'x'; PIECE - 1], b"\r\ny\r\n".to_vec()].concat();
        assert!(same(&unix, &windows));
        assert!(!same(&unix, &windows[..windows.len() - 1]));
        let mut binary = vec![0; 3 * PIECE];
        let same_binary = binary.clone();
        assert!(same(&binary, &same_binary));
        binary[2 * PIECE + 7] = 1;
        assert!(!same(&binary, &same_binary));
        // What a pointer stands for has no other line endings.
        let oid = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let pointer =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 3\n");
        assert!(same(pointer.as_bytes(), b"abc") && same(b"abc", pointer.as_bytes()));
        assert!(same(pointer.as_bytes(), pointer.as_bytes()));
        assert!(!same(pointer.as_bytes(), b"ab\n"));
        let other = pointer.replace("sha256:ba", "sha256:bb");
        assert!(!same(pointer.as_bytes(), other.as_bytes()));
    }
}
