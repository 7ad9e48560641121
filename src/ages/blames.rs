use super::{Blame, Dating};
use crate::files::SourcePath;

/// Tells how old lines are, as version control knows it.
pub trait Blames: Sync {
    /// Where each line of `text` comes from, which is the text of `file` as it is
    /// now.
    ///
    /// # Errors
    /// When nothing is known of the file.
    fn blame(&self, file: &SourcePath, text: &str) -> Result<Blame, Unknown>;

    /// Which date of a commit counts.
    fn dating(&self) -> Dating;
}

/// Why nothing is known of a file's lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// Git is not installed.
    NoGit,
    /// The file lies in no repository.
    Outside,
    /// The file cannot be read.
    Unreadable(String),
    /// Git refused; what it said.
    Refused(String),
    /// Git was not asked, or not to the end; why not.
    Stopped(String),
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoGit => to.write_str("git is not installed, so the age of lines is not known"),
            Self::Outside => to.write_str("the file lies in no git repository"),
            Self::Unreadable(why) => write!(to, "the file cannot be read: {why}"),
            Self::Refused(why) => write!(to, "git says: {why}"),
            Self::Stopped(why) => write!(to, "the age of lines is not known: {why}"),
        }
    }
}

impl std::error::Error for Unknown {}
