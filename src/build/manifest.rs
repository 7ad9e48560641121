//! The names of the files that builds made in a site folder, kept in a hidden
//! file at its root. It contains no hashes, times or absolute paths, so that
//! equal sites have equal manifests.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use crate::files::{is_absence, read_regular};

/// The manifest's name in a site folder.
pub(super) const NAME: &str = ".proofroom-manifest";

/// The first line, so that no other file is mistaken for a manifest.
const HEADER: &str = "# The files that proofroom made here. Only these does a build remove.";

/// The largest file of ours that is read, in bytes: about a million names.
const LARGEST: u64 = 128 << 20;

/// Names of files below a site folder.
pub(super) type Names = BTreeSet<PathBuf>;

/// Whether any of the names lies in `folder`.
pub(super) fn any_below(names: &Names, folder: &Path) -> bool {
    let from = (Bound::Excluded(folder), Bound::Unbounded);
    let mut behind = names.range::<Path, _>(from);
    behind.next().is_some_and(|name| name.starts_with(folder))
}

/// The manifest of `folder`; `None` where there is none.
///
/// # Errors
/// When it cannot be read, or names a file outside the folder.
pub(super) fn read(folder: &Path) -> io::Result<Option<Names>> {
    read_own(&folder.join(NAME), parse, damaged)
}

fn parse(text: &str) -> Option<Names> {
    let mut lines = text.lines();
    lines.next().filter(|line| *line == HEADER)?;
    lines.map(|line| plain(&unescaped(line)?)).collect()
}

/// Reads and parses a file that builds keep in a site folder; `None` where there
/// is none. A link of that name or a file that is too large is not ours.
///
/// # Errors
/// Those of the file system, and `damaged` where it cannot be parsed.
pub(super) fn read_own<T>(
    path: &Path,
    parse: impl Fn(&str) -> Option<T>,
    damaged: impl Fn(&Path) -> io::Error,
) -> io::Result<Option<T>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(damaged(path)),
        Err(error) if is_absence(&error) => return Ok(None),
        Err(error) => return Err(named(path, &error)),
    }
    let bytes = match read_regular(path, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => return Err(damaged(path)),
        Err(error) => return Err(named(path, &error)),
    };
    let parsed = str::from_utf8(&bytes).ok().and_then(parse);
    parsed.map(Some).ok_or_else(|| damaged(path))
}

/// Writes the manifest of `folder`, completely or not at all: half of one would
/// make our files look like those of others.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(folder: &Path, names: &Names) -> io::Result<()> {
    let path = folder.join(NAME);
    let draft = folder.join(format!("{NAME}-draft"));
    fs::write(&draft, text(names))
        .and_then(|()| fs::rename(&draft, &path))
        .map_err(|error| named(&path, &error))
}

/// The text of a manifest.
fn text(names: &Names) -> String {
    let mut text = format!("{HEADER}\n");
    // Sorted as text, whichever separator this system uses.
    let lines: BTreeSet<String> = names.iter().map(|name| slashes(name)).collect();
    for line in lines {
        text.push_str(&escaped(&line));
        text.push('\n');
    }
    text
}

/// The path of a name that stays in its folder: an edited manifest must not lead
/// a build elsewhere.
pub(super) fn plain(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(name);
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    (!name.is_empty() && path.components().all(is_plain)).then_some(path)
}

fn slashes(path: &Path) -> String {
    let parts = path.components();
    let parts: Vec<_> = parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// Escapes a name so that it fits on one line.
pub(super) fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

/// Undoes [`escaped`]; `None` where a line is not the escape of a name.
pub(super) fn unescaped(line: &str) -> Option<String> {
    let mut name = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        name.push(match letter {
            '\\' => match letters.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            letter => letter,
        });
    }
    Some(name)
}

fn damaged(path: &Path) -> io::Error {
    let message = format!(
        "`{}` is damaged, so proofroom cannot tell which files in that folder a build made; \
         move the folder away, or delete that file and build with `--adopt`",
        path.display()
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// An error with the path that it concerns.
pub(super) fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::{HEADER, NAME, Names, read, text};

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(read(folder.path()).expect("readable"), None);
        let names: Names = ["a/b.html", "a.html", "odd\\n\nname", "中文/x"]
            .map(PathBuf::from)
            .into();
        fs::write(folder.path().join(NAME), text(&names)).expect("written");
        assert_eq!(read(folder.path()).expect("readable"), Some(names));
    }

    #[test]
    fn one_that_leads_out_is_damaged() {
        let folder = tempfile::tempdir().expect("a folder");
        for line in [
            "../x",
            "/etc/passwd",
            "a/../../x",
            ".",
            "",
            "a\\x",
            "a/./b/..",
        ] {
            let written = format!("{HEADER}\n{line}\n");
            fs::write(folder.path().join(NAME), written).expect("written");
            assert!(read(folder.path()).is_err(), "{line}");
        }
        fs::write(folder.path().join(NAME), "a.html\n").expect("written");
        assert!(read(folder.path()).is_err(), "no manifest of ours");
    }
}
