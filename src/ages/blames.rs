use super::{Blame, Dating};
use crate::files::SourcePath;

/// Knows how old lines are, from version control.
pub trait LineAges: Sync {
    /// Where each line of `text` comes from; `text` is the text of `file` as it is
    /// now.
    ///
    /// # Errors
    /// When nothing is known about the file.
    fn blame(&self, file: &SourcePath, text: &str) -> Result<Blame, Unknown>;

    /// Which date of a commit counts.
    fn dating(&self) -> Dating;
}

/// Why nothing is known about a file's lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// Git is not installed.
    NoGit,
    /// The file is not in a repository.
    Outside,
    /// The file cannot be read.
    Unreadable(String),
    /// Git failed with this message.
    Refused(String),
    /// Git was not asked, or was stopped, for this reason.
    Stopped(String),
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoGit => to.write_str("git is not installed, so the age of lines is unknown"),
            Self::Outside => to.write_str("the file is not in a git repository"),
            Self::Unreadable(why) => write!(to, "the file cannot be read: {why}"),
            Self::Refused(why) => write!(to, "git says: {why}"),
            Self::Stopped(why) => write!(to, "the age of lines is unknown: {why}"),
        }
    }
}

impl std::error::Error for Unknown {}
