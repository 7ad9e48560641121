//! The versions of a project's texts, for the translators' desk.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::blocking_files::candidate;
use super::command::{Failure, ask};
use super::file_log::{FileEdits, FileLog};
use super::kept_log::KeptLogs;
use super::objects::Objects;
use super::repository::Repository;
use crate::files::{Disk, SourcePath};
use crate::translations::{BlobId, Edit, NoHistory, SourceVersion, TextHistory, VersionCommit};

/// The longest text that is read, in bytes.
const LONGEST: u64 = 8 << 20;

/// What git knows of the texts of a project, which may lie in several repositories.
pub struct Texts {
    disk: Disk,
    number: u64,
    /// The repositories by the folders of files.
    folders: Mutex<HashMap<PathBuf, Result<Arc<Log>, NoHistory>>>,
    /// The same by their roots.
    logs: Mutex<BTreeMap<PathBuf, Known>>,
    kept: Option<KeptLogs>,
}

/// What is known of a repository.
struct Known {
    repository: Repository,
    /// What its history depended on.
    mark: u64,
    log: Result<Arc<Log>, NoHistory>,
}

/// The log of a repository as it is now.
struct Log {
    top: PathBuf,
    files: FileLog,
    /// One for each processor: several pages are looked at side by side.
    objects: Vec<Objects>,
}

/// A file in its repository.
struct Place {
    log: Arc<Log>,
    /// Its path below the root of the repository.
    path: String,
}

impl Texts {
    /// The texts of the project on a disk, with the folder for what is kept between runs.
    /// Everything is read once: make another one to see commits that were made since.
    pub fn new(disk: Disk, cache: Option<&Path>) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self {
            disk,
            number: COUNT.fetch_add(1, Ordering::Relaxed),
            folders: Mutex::default(),
            logs: Mutex::default(),
            kept: cache.map(KeptLogs::new),
        }
    }

    /// Whether the repositories that were asked are still at the same commits.
    pub fn is_current(&self) -> bool {
        let logs = self.logs.lock();
        logs.values()
            .all(|known| known.repository.history_mark() == known.mark)
    }

    /// The text of a source at the newest commit that both `HEAD` and a revision have;
    /// `None` where it was not there.
    ///
    /// # Errors
    /// Where there is no such commit.
    pub fn at_base(
        &self,
        source: &SourcePath,
        revision: &str,
    ) -> Result<Option<String>, NoHistory> {
        let place = self.place(source)?;
        let flags = ["merge-base", "--end-of-options", "HEAD", revision];
        let commit = ask(&place.log.top, flags).map_err(|failure| no_history(&failure))?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let file = place.log.files.edits(&place.path);
        let blob = place.log.blobs(&file, &[&commit]).pop().flatten();
        Ok(blob.and_then(|blob| self.text(source, &blob)))
    }

    fn place(&self, file: &SourcePath) -> Result<Place, NoHistory> {
        let path = self.disk.absolute(file).canonicalize();
        let path = path.map_err(|error| NoHistory(format!("`{file}` cannot be read: {error}")))?;
        let folder = path.parent().unwrap_or(&path).to_owned();
        let log = self.log(&folder)?;
        let below = path.strip_prefix(&log.top).ok().and_then(Path::to_str);
        let path = below.ok_or_else(|| NoHistory(format!("the path of `{file}` is not UTF-8")))?;
        let path = path.replace(std::path::MAIN_SEPARATOR, "/");
        Ok(Place { log, path })
    }

    fn log(&self, folder: &Path) -> Result<Arc<Log>, NoHistory> {
        if let Some(known) = self.folders.lock().get(folder) {
            return known.clone();
        }
        // Git is asked once for each work tree, and not for each folder.
        let tree = candidate(folder).unwrap_or_else(|| folder.to_owned());
        let known = self.folders.lock().get(&tree).cloned();
        let found = known.unwrap_or_else(|| self.log_of_tree(&tree));
        let mut folders = self.folders.lock();
        folders.insert(tree, found.clone());
        folders.insert(folder.to_owned(), found.clone());
        found
    }

    fn log_of_tree(&self, tree: &Path) -> Result<Arc<Log>, NoHistory> {
        let repository = Repository::of(tree).map_err(|failure| no_history(&failure))?;
        let top = { &repository.top }.canonicalize();
        let top = top.unwrap_or_else(|_| repository.top.clone());
        // Held while it is read, so that it is read once.
        let mut logs = self.logs.lock();
        let known = logs.entry(top.clone()).or_insert_with(|| {
            // First of all: if something changes meanwhile, the mark will differ.
            let mark = repository.history_mark();
            let log = Log::read(top, &repository, mark, self.kept.as_ref());
            Known {
                log: log.map(Arc::new),
                repository,
                mark,
            }
        });
        known.log.clone()
    }
}

fn no_history(failure: &Failure) -> NoHistory {
    NoHistory(match failure {
        Failure::Missing => "git is not installed".to_owned(),
        Failure::Said(why) if why.contains("not a git repository") => {
            "the texts are not in a git repository".to_owned()
        }
        Failure::Said(why) if why.contains("ambiguous argument 'HEAD'") => {
            "the repository has no commits yet".to_owned()
        }
        Failure::Said(why) | Failure::Stopped(why) => {
            format!("git says: {}", why.trim_end().trim_end_matches('.'))
        }
    })
}

impl Log {
    fn read(
        top: PathBuf,
        repository: &Repository,
        mark: u64,
        kept: Option<&KeptLogs>,
    ) -> Result<Self, NoHistory> {
        let files = FileLog::read(repository, mark, kept);
        let files = files.map_err(|failure| no_history(&failure))?;
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            objects: (0..count).map(|_| Objects::new(&top)).collect(),
            files,
            top,
        })
    }

    /// A commit that the one that is checked out does not come from.
    fn elsewhere(&self, name: &str) -> Option<Arc<VersionCommit>> {
        let format = "--format=%H %ct %an";
        let flags = ["log", "-1", "--no-color", format, "--end-of-options", name];
        let printed = ask(&self.top, flags).ok()?;
        let printed = String::from_utf8_lossy(&printed);
        let mut parts = printed.trim().splitn(3, ' ');
        Some(Arc::new(VersionCommit {
            id: parts.next().filter(|it| !it.is_empty())?.to_owned(),
            committed: parts.next()?.parse().ok()?,
            author: parts.next().unwrap_or_default().to_owned(),
        }))
    }

    /// The objects for this thread.
    fn objects(&self) -> &Objects {
        let thread = rayon::current_thread_index().unwrap_or_default();
        &self.objects[thread % self.objects.len()]
    }

    /// The text that a file has in each of these commits, by any of its names.
    fn blobs(&self, file: &FileEdits, commits: &[&str]) -> Vec<Option<BlobId>> {
        let mut found: Vec<Option<BlobId>> = vec![None; commits.len()];
        let mut paths: Vec<_> = commits
            .iter()
            .map(|commit| self.files.paths_at(file, commit))
            .collect();
        for _ in &file.paths {
            let left: Vec<usize> = (0..found.len())
                .filter(|nth| found[*nth].is_none())
                .collect();
            let expression = |nth: &usize| {
                let path = paths[*nth].next().unwrap_or_default();
                format!("{}:{path}", commits[*nth])
            };
            let expressions: Vec<String> = left.iter().map(expression).collect();
            let Ok(names) = self.objects().names(&expressions) else {
                break;
            };
            for (nth, name) in left.into_iter().zip(names) {
                found[nth] = name;
            }
        }
        found
    }
}

impl TextHistory for Texts {
    fn edits(&self, file: &SourcePath) -> Result<Vec<Edit>, NoHistory> {
        let place = self.place(file)?;
        let edits = place.log.files.edits(&place.path).edits;
        if edits.is_empty() {
            return Err(NoHistory("it is not committed yet".to_owned()));
        }
        Ok(edits)
    }

    fn head(&self, file: &SourcePath) -> Option<BlobId> {
        let place = self.place(file).ok()?;
        place.log.files.head(&place.path)
    }

    fn text(&self, file: &SourcePath, blob: &BlobId) -> Option<String> {
        let place = self.place(file).ok()?;
        let bytes = place.log.objects().read(blob, LONGEST).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn sources(
        &self,
        source: &SourcePath,
        translation: &SourcePath,
        commits: &[Arc<VersionCommit>],
    ) -> Vec<Option<SourceVersion>> {
        let (Ok(source), Ok(translation)) = (self.place(source), self.place(translation)) else {
            return vec![None; commits.len()];
        };
        let is_shared = source.log.top == translation.log.top;
        let of = |commit: &Arc<VersionCommit>| {
            if is_shared {
                Some(commit.clone())
            } else {
                source.log.files.at(commit.committed)
            }
        };
        let seen: Vec<Option<Arc<VersionCommit>>> = commits.iter().map(of).collect();
        let asked: Vec<&str> = seen.iter().flatten().map(|it| it.id.as_str()).collect();
        let file = source.log.files.edits(&source.path);
        let mut blobs = source.log.blobs(&file, &asked).into_iter();
        let version = |commit: Option<Arc<VersionCommit>>| {
            let commit = commit?;
            let text = blobs.next().flatten();
            Some(SourceVersion { commit, text })
        };
        seen.into_iter().map(version).collect()
    }

    fn source_at(&self, source: &SourcePath, commit: &str) -> Option<SourceVersion> {
        let place = self.place(source).ok()?;
        let known = place.log.files.commit(commit);
        let commit = known.or_else(|| place.log.elsewhere(commit))?;
        let file = place.log.files.edits(&place.path);
        let text = place.log.blobs(&file, &[&commit.id]).pop().flatten();
        Some(SourceVersion { commit, text })
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn mark(&self, source: &SourcePath, translation: &SourcePath) -> u64 {
        let mut hasher = DefaultHasher::new();
        let (source, translation) = (self.place(source), self.place(translation));
        for place in [&source, &translation].into_iter().flatten() {
            let file = place.log.files.edits(&place.path);
            (&place.log.top, file.paths).hash(&mut hasher);
            place.log.files.head(&place.path).hash(&mut hasher);
            for edit in file.edits {
                (&edit.commit.id, &edit.old, &edit.new, edit.is_cut).hash(&mut hasher);
            }
        }
        if let (Ok(source), Ok(translation)) = (&source, &translation)
            && source.log.top != translation.log.top
        {
            // Which commits of the source belong to those of the translation.
            for edit in translation.log.files.edits(&translation.path).edits {
                let at = source.log.files.at(edit.commit.committed);
                at.map(|it| it.id.clone()).hash(&mut hasher);
            }
        }
        for place in [source, translation] {
            // The reason is told to readers.
            place.err().map(|NoHistory(why)| why).hash(&mut hasher);
        }
        hasher.finish()
    }

    fn repository(&self, file: &SourcePath) -> Option<String> {
        let top = self.place(file).ok()?.log.top.clone();
        let root = self.disk.root().canonicalize().ok()?;
        Some(match top.strip_prefix(&root) {
            Ok(below) if below.as_os_str().is_empty() => ".".to_owned(),
            Ok(below) => below.display().to_string(),
            Err(_) => top.display().to_string(),
        })
    }
}
