use std::path::Path;

/// File systems whose changes may be made elsewhere, so that the system does
/// not hear of them: by the number that `statfs` gives.
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

/// What a folder lies on, where that does not report all changes.
#[cfg(target_os = "linux")]
pub(super) fn silent(folder: &Path) -> Option<&'static str> {
    let kind = rustix::fs::statfs(folder).ok()?.f_type;
    // The number is signed on some machines and not on others, and has 32 bits.
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
