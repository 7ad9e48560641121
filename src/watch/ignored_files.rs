use super::marker;
use crate::files::SourcePath;

/// Whether a path is one of the files that editors, systems and version control
/// leave behind.
pub(super) fn is_noise(path: &SourcePath) -> bool {
    is_temporary(path.name()) || is_in_ignored_folder(path.as_str())
}

/// Whether a path lies in a folder whose files are not sources. Of git's own
/// files, only those count that say which commit is checked out and what is ignored.
fn is_in_ignored_folder(path: &str) -> bool {
    let mut parts = path.split('/');
    while let Some(part) = parts.next() {
        match part {
            "node_modules" | ".hg" | ".svn" | ".jj" => return true,
            // Those of other servers that run.
            part if part.starts_with(marker::PREFIX) => return true,
            ".git" => {
                let is_lock = path.ends_with(".lock");
                return match parts.next() {
                    None => false,
                    Some("HEAD" | "packed-refs" | "refs") => is_lock,
                    Some("info") => !matches!(parts.next(), None | Some("exclude")),
                    Some(_) => true,
                };
            }
            _ => {}
        }
    }
    false
}

/// Whether a name is that of a swap file, a backup or half of a save.
fn is_temporary(name: &str) -> bool {
    // Emacs, vim, KDE, GNOME, JetBrains, macOS, LibreOffice, sed.
    let ends = [
        "~",
        ".swp",
        ".swo",
        ".swx",
        ".kate-swp",
        "___jb_tmp___",
        "___jb_old___",
    ];
    let starts = [".#", ".goutputstream-", "._", ".~lock."];
    ends.iter().any(|end| name.ends_with(end))
        || starts.iter().any(|start| name.starts_with(start))
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || (name.starts_with("sed") && name.len() == 9 && !name.contains('.'))
        || matches!(name, "4913" | ".DS_Store" | "Thumbs.db")
}
