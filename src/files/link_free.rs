//! Finds out whether there are links on the way to a path, in a few system calls
//! however deep the path is. The system resolves every path from the root, so one
//! call for each component would take quadratic time.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use crate::work::step;

/// The index of the first of `parts`, starting from `at`, that is a link; `None`
/// where there is no link.
pub(super) fn first_link(at: &Path, parts: &[OsString]) -> Option<usize> {
    let upto = |count: usize| {
        let mut path = at.to_owned();
        path.extend(&parts[..count]);
        path
    };
    let is_link = |nth: &usize| {
        step(1);
        fs::symlink_metadata(upto(nth + 1)).is_ok_and(|it| it.is_symlink())
    };
    match reached(&upto(parts.len())) {
        Some(Err(Reached::OverLink)) => {}
        Some(_) => return None,
        None => return (0..parts.len()).find(is_link),
    }
    // Every longer part of the path contains the first link too: bisect.
    let (mut free, mut linked) = (0, parts.len());
    while linked - free > 1 {
        let middle = free + (linked - free) / 2;
        match reached(&upto(middle)) {
            Some(Err(Reached::OverLink)) => linked = middle,
            _ => free = middle,
        }
    }
    Some(linked - 1)
}

/// Whether the absolute path `path` contains no links. An error where nothing is
/// there; `None` where the system cannot tell.
pub(super) fn is_plain(path: &Path) -> Option<io::Result<bool>> {
    Some(match reached(path)? {
        Ok(()) => Ok(true),
        Err(Reached::OverLink) => Ok(false),
        Err(Reached::Not(error)) => Err(error),
    })
}

/// Opens the regular file at an absolute path that contains no links, in as few system
/// calls as that takes. `None` where it must be found out what is there.
///
/// # Errors
/// Those of the file system, where nothing is there.
#[cfg(target_os = "linux")]
pub(super) fn open_plain(path: &Path) -> io::Result<Option<(fs::File, fs::Metadata)>> {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
    // Before it is opened, because opening a device may have an effect.
    if !fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let Ok(file) = openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) else {
        return Ok(None);
    };
    let file = fs::File::from(file);
    let metadata = file.metadata()?;
    Ok(metadata.is_file().then_some((file, metadata)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open_plain(_: &Path) -> io::Result<Option<(fs::File, fs::Metadata)>> {
    Ok(None)
}

/// Why a path was not reached without any link.
enum Reached {
    /// There is a link on the way, or at the end.
    OverLink,
    /// Nothing is there, or it cannot be examined.
    Not(io::Error),
}

/// Reaches `path` without following links, in one system call however deep it is.
/// `None` where the system cannot do that.
#[cfg(target_os = "linux")]
fn reached(path: &Path) -> Option<Result<(), Reached>> {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
    use rustix::io::Errno;
    step(1);
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let opened = openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS);
    Some(match opened {
        Ok(_) => Ok(()),
        Err(Errno::LOOP) => Err(Reached::OverLink),
        // Old kernels, and sandboxes that do not allow it.
        Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => return None,
        Err(error) => Err(Reached::Not(error.into())),
    })
}

#[cfg(not(target_os = "linux"))]
fn reached(_: &Path) -> Option<Result<(), Reached>> {
    None
}
