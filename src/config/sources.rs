//! The project as a configuration sees it.

use std::sync::Arc;

use super::known_plugins::Built;
use crate::files::SourcePath;

/// The result of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It does not exist.
    Missing,
    /// It exists but cannot be read. Whoever tried to read it has reported that.
    Unreadable,
    /// It is longer than [`crate::yaml::LARGEST`].
    TooLarge,
    /// It is not UTF-8.
    NotUtf8 {
        /// The text, with `U+FFFD` for what cannot be decoded.
        lossy: Arc<str>,
        /// The byte offset in `lossy` of the first `U+FFFD` that stands for a
        /// bad byte.
        at: usize,
    },
    /// Its text.
    Present(Arc<str>),
}

/// The project as a configuration sees it. Every path is accessed through this,
/// so that the caller knows what the result depends on.
pub struct Sources<'a> {
    /// The text of a file.
    pub read: &'a dyn Fn(&SourcePath) -> Read,
    /// Why the archive that a path leads through cannot be read, if it cannot.
    pub fault: &'a dyn Fn(&SourcePath) -> Option<String>,
    /// The names that are refused in the archive that a path leads through:
    /// their number, and the first of them.
    pub refused: &'a dyn Fn(&SourcePath) -> Option<(usize, String)>,
    /// Whether a path is a folder.
    pub is_folder: &'a dyn Fn(&SourcePath) -> bool,
    /// The plugins that are built in, each with the options that it reads.
    pub plugins: &'a Built,
    /// The theme package named on the command line, which takes precedence over
    /// the configured one.
    pub theme_path: Option<&'a SourcePath>,
    /// The name of the theme on the command line, likewise.
    pub theme: Option<&'a str>,
    /// The wanted language; `None` for the default one.
    pub language: Option<&'a str>,
}
