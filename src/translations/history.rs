use std::sync::Arc;

use crate::files::SourcePath;

/// The name of a text in version control.
pub type BlobId = Arc<str>;

/// One commit of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionCommit {
    /// Its name.
    pub id: String,
    /// When it was committed as it is, in seconds since 1970.
    pub committed: i64,
    /// Its author.
    pub author: String,
}

/// What a commit did to a file, beside one of its parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The commit.
    pub commit: Arc<VersionCommit>,
    /// The text before; `None` where the commit added the file.
    pub old: Option<BlobId>,
    /// The text after; `None` where it removed the file.
    pub new: Option<BlobId>,
    /// Whether the clone lacks the parents of the commit, so that it is not known what it did.
    pub is_cut: bool,
}

/// The source of a translation as its translator could see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceVersion {
    /// The commit of the source's repository.
    pub commit: Arc<VersionCommit>,
    /// The source's text; `None` where it was not there.
    pub text: Option<BlobId>,
}

/// Why nothing is known of the history of a file, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoHistory(pub String);

/// What version control knows of the texts of a project.
pub trait TextHistory: Sync {
    /// What commits did to a file, following renames; those of children come before those
    /// of their parents. A merge that is as none of its parents has one for each of them.
    ///
    /// # Errors
    /// Where there is no history.
    fn edits(&self, file: &SourcePath) -> Result<Vec<Edit>, NoHistory>;

    /// The text of a file in the commit that is checked out; `None` where it is not there.
    fn head(&self, file: &SourcePath) -> Option<BlobId>;

    /// A text of a file's repository; `None` where the clone lacks it, or it is not
    /// UTF-8.
    fn text(&self, file: &SourcePath, blob: &BlobId) -> Option<String>;

    /// For each of these commits of the translation's repository the version of the source
    /// that belongs to it: of the same commit, where both are in one repository; else of
    /// the newest commit of the first-parent line at or before its date. `None` where
    /// there is no such commit.
    fn sources(
        &self,
        source: &SourcePath,
        translation: &SourcePath,
        commits: &[Arc<VersionCommit>],
    ) -> Vec<Option<SourceVersion>>;

    /// The version of the source at a commit that is named by a translation, which may be on
    /// another branch; `None` where there is no such commit.
    fn source_at(&self, source: &SourcePath, commit: &str) -> Option<SourceVersion>;

    /// A number that no other history has while this program runs.
    fn number(&self) -> u64;

    /// A value that changes with everything that the other answers about these two files
    /// depend on.
    fn mark(&self, source: &SourcePath, translation: &SourcePath) -> u64;

    /// The folder of the repository that a file is in, as seen from the project's folder,
    /// which is `.`; `None` where it is in none.
    fn repository(&self, file: &SourcePath) -> Option<String>;
}
