//! Follows symbolic links where names are not, or not all, those of the disk.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How many links are followed for one path; as many as Linux follows.
const MOST: usize = 40;

/// What is at a path that no link leads to.
pub(super) enum Found {
    Folder,
    /// Something that a path may end with, but not lead through.
    File,
    Link(PathBuf),
}

/// The path that an absolute one leads to, with all links followed. `look` says what
/// is there, for each folder on the way.
///
/// # Errors
/// Those of `look`; `NotFound` for a path that leads through a file, or in a circle.
pub(super) fn follow(
    path: &Path,
    look: &dyn Fn(&Path) -> io::Result<Found>,
) -> io::Result<PathBuf> {
    let parts = |path: &Path| -> Vec<OsString> {
        let parts = path.components().rev();
        parts.map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut at = PathBuf::new();
    let mut left = parts(path);
    let mut followed = 0;
    while let Some(part) = left.pop() {
        match Path::new(&part).components().next() {
            None | Some(Component::CurDir) => continue,
            Some(Component::ParentDir) => {
                at.pop();
                continue;
            }
            Some(_) => at.push(&part),
        }
        match look(&at)? {
            Found::Folder => {}
            Found::File if left.is_empty() => {}
            Found::Link(target) if followed < MOST => {
                followed += 1;
                at.pop();
                left.extend(parts(&target));
            }
            Found::File | Found::Link(_) => return Err(io::ErrorKind::NotFound.into()),
        }
    }
    Ok(at)
}
