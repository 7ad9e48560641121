//! The project as a configuration sees it.

use std::sync::Arc;

use super::known_plugins::Built;
use crate::files::SourcePath;

/// What a file answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Nothing is there.
    Missing,
    /// It is there and cannot be read, which is told by who answers.
    Unreadable,
    /// It is there, and longer than [`crate::yaml::LARGEST`].
    TooLarge,
    /// It is there, but not UTF-8.
    NotUtf8 {
        /// What can be read of it, `U+FFFD` for the rest.
        lossy: Arc<str>,
        /// Where the first bad byte stands in `lossy`.
        at: usize,
    },
    /// Its text.
    Present(Arc<str>),
}

/// The project as a configuration sees it. Every path that is looked at goes
/// through here, so that who answers knows what the result depends on.
pub struct Sources<'a> {
    /// The text of a file.
    pub read: &'a dyn Fn(&SourcePath) -> Read,
    /// Why there is nothing below the archive that a path leads through.
    pub fault: &'a dyn Fn(&SourcePath) -> Option<String>,
    /// Names in the archive that a path leads through under which nothing is read:
    /// how many, and the first of them.
    pub refused: &'a dyn Fn(&SourcePath) -> Option<(usize, String)>,
    /// Whether a folder is there.
    pub is_folder: &'a dyn Fn(&SourcePath) -> bool,
    /// The plugins whose work is done, and the options of each that are read.
    pub plugins: &'a Built,
    /// The theme package that the command line names; it goes before the one
    /// that the configuration names.
    pub theme_path: Option<&'a SourcePath>,
    /// The language whose site is wanted; the default one where none is named.
    pub language: Option<&'a str>,
}
