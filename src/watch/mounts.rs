use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use super::{Message, Shared};
use crate::files::read_regular;

/// How often the list of mounts is compared: no event reports a mount.
const PERIOD: Duration = Duration::from_secs(2);
/// The longest list of mounts that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// File systems that other machines may change without an event on this one, by
/// the number that `statfs` returns.
#[cfg(target_os = "linux")]
const SILENT: [(u64, &str); 9] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB"),
    (0x0102_1997, "a 9P mount"),
    (0x6573_5546, "a FUSE mount"),
    (0x786F_4256, "a VirtualBox folder"),
    (0x5346_414F, "AFS"),
    (0x00C3_6400, "Ceph"),
];

/// The kind of file system a folder is on, if it does not report all changes.
#[cfg(target_os = "linux")]
pub(super) fn silent(folder: &Path) -> Option<&'static str> {
    let kind = rustix::fs::statfs(folder).ok()?.f_type;
    // A number of 32 bits, signed on some machines and unsigned on others.
    named(kind as u64 & 0xFFFF_FFFF)
}

#[cfg(target_os = "linux")]
fn named(kind: u64) -> Option<&'static str> {
    let found = SILENT.iter().find(|(number, _)| *number == kind);
    found.map(|(_, name)| *name)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn silent(_folder: &Path) -> Option<&'static str> {
    None
}

/// What is mounted where; several mounts may cover each other.
type Mounts = BTreeMap<PathBuf, BTreeSet<String>>;

/// Reads the lines of `/proc/self/mountinfo`.
fn mounts(list: &str) -> Mounts {
    let mut found = Mounts::new();
    for line in list.lines() {
        if let Some(point) = line.split(' ').nth(4) {
            let mounted = found.entry(unescaped(point)).or_default();
            mounted.insert(line.to_owned());
        }
    }
    found
}

/// A path of the list, in which spaces and the like are written in octal.
fn unescaped(point: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = point.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'\\'
            && let Some((digits, behind)) = more.split_at_checked(3)
            && let Some(byte) = octal(digits)
        {
            bytes.push(byte);
            rest = behind;
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

fn octal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// Whether any of the folders may show something else: something was mounted or
/// unmounted at, above or below it.
fn differ<'a>(before: &Mounts, now: &Mounts, mut folders: impl Iterator<Item = &'a Path>) -> bool {
    let points: BTreeSet<&PathBuf> = before.keys().chain(now.keys()).collect();
    let changed = points
        .into_iter()
        .filter(|it| before.get(*it) != now.get(*it));
    let changed: Vec<&PathBuf> = changed.collect();
    let concerns = |folder: &Path| {
        let mut changed = changed.iter();
        changed.any(|point| point.starts_with(folder) || folder.starts_with(point))
    };
    !changed.is_empty() && folders.any(concerns)
}

/// Sends [`Message::Mounted`] whenever a watched folder may show another file
/// system, until the returned sender is dropped. `list` is the system's list of
/// mounts; where there is none, nothing is ever sent.
pub(super) fn watch(
    list: PathBuf,
    state: Shared,
    sender: mpsc::Sender<Message>,
) -> std::io::Result<mpsc::Sender<()>> {
    let read = move || {
        let bytes = read_regular(&list, LONGEST).ok()?;
        Some(mounts(&String::from_utf8_lossy(&bytes)))
    };
    let (alive, ended) = mpsc::channel::<()>();
    let mut known = read();
    std::thread::Builder::new()
        .name("mounts".to_owned())
        .spawn(move || {
            while ended.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                let Some(now) = read() else {
                    continue;
                };
                let watched: Vec<PathBuf> = state.lock().watched.keys().cloned().collect();
                let folders = watched.iter().map(PathBuf::as_path);
                let differs = known.is_some_and(|known| differ(&known, &now, folders));
                known = Some(now);
                if differs && sender.send(Message::Mounted).is_err() {
                    return;
                }
            }
        })?;
    Ok(alive)
}

#[cfg(test)]
mod tests_of_mounts {
    use std::path::Path;

    use super::{differ, mounts};

    #[test]
    fn only_mounts_that_concern_a_folder_count() {
        let plain = "22 1 0:21 / / rw - ext4 /dev/a rw\n23 22 0:5 / /proc rw - proc proc rw\n";
        let with = |point: &str| format!("{plain}99 22 0:50 / {point} rw,relatime - tmpfs x rw\n");
        for (folder, point, counts) in [
            ("/home/me/docs", "/home/me/docs", true),
            ("/home/me/docs", "/home/me/docs/images", true),
            ("/home/me/docs", "/home/me", true),
            ("/home/me/docs", "/home/me/docs2", false),
            ("/home/me/docs", "/tmp", false),
            ("/home/me/my docs", "/home/me/my\\040docs", true),
            ("/home/me/a\\b", "/home/me/a\\134b", true),
        ] {
            let (before, after) = (mounts(plain), mounts(&with(point)));
            let differs = |from, to| differ(from, to, [Path::new(folder)].into_iter());
            assert_eq!(differs(&before, &after), counts, "{folder} {point}");
            assert_eq!(differs(&after, &before), counts, "{folder} {point}");
            assert!(!differs(&after, &after), "{folder} {point}");
        }
        // A second one over the first.
        let twice = with("/docs") + "100 99 0:51 / /docs rw - tmpfs y rw\n";
        let (once, twice) = (mounts(&with("/docs")), mounts(&twice));
        assert!(differ(&once, &twice, [Path::new("/docs")].into_iter()));
        assert!(mounts("odd\n\n").is_empty());
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{named, silent};

    #[test]
    fn network_folders_are_known_by_their_number() {
        assert_eq!(named(0x6969), Some("NFS"));
        assert_eq!(
            named(i64::from(0xFF53_4D42_u32 as i32) as u64 & 0xFFFF_FFFF),
            Some("CIFS")
        );
        assert_eq!(named(0xEF53), None);
        assert_eq!(silent("/nowhere/at/all".as_ref()), None);
    }
}
