use super::SourcePath;

/// The only way to the project's version control. Like those of
/// [`super::System`], its answers may differ from call to call; the database asks
/// again when another commit is checked out.
///
/// A question may take long: `check` is called from time to time meanwhile, and
/// may unwind. Asking again joins the question that is still running, as long as
/// `moment`, which stands for the commit that is checked out, is the same.
pub trait History: Send + Sync + 'static {
    /// The commits that touched files below a folder, newest first; `None`
    /// where nothing is known.
    fn changes(&self, folder: &SourcePath, moment: &str, check: &dyn Fn()) -> Option<Vec<Change>>;

    /// Who last wrote each line of a file; `None` where nothing is known.
    fn lines(&self, file: &SourcePath, moment: &str, check: &dyn Fn()) -> Option<Vec<WrittenLine>>;

    /// Why the last question got no answer although there may be a history, in a
    /// sentence; `None` where it got one, or there is no history.
    fn fault(&self) -> Option<String> {
        None
    }
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub commit: String,
    /// When its author made it, in seconds since 1970.
    pub time: i64,
    /// What it did to files.
    pub files: Vec<FileChange>,
}

/// What a commit did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileChange {
    /// It added the file.
    Added(SourcePath),
    /// It changed or removed the file.
    Changed(SourcePath),
    /// It renamed the file, from the first path to the second, and perhaps changed
    /// it.
    Renamed(SourcePath, SourcePath),
}

/// A line of a file and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLine {
    /// The commit.
    pub commit: String,
    /// Its author.
    pub name: String,
    /// The author's address.
    pub email: String,
    /// When its author made it, in seconds since 1970.
    pub time: i64,
    /// The author's offset from UTC then, such as `+0100`.
    pub zone: String,
    /// Whether the line is empty.
    pub is_empty: bool,
}

/// The history of a project without version control.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHistory;

impl History for NoHistory {
    fn changes(&self, _: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<Change>> {
        None
    }

    fn lines(&self, _: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<WrittenLine>> {
        None
    }
}
