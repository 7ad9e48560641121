use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::blocking_files::candidate;
use super::cache::{Cache, Key};
use super::command::{Failure, ask_about};
use super::porcelain;
use super::repository::{Repository, State, TouchedFiles};
use crate::ages::{Blame, Committed, Unknown};
use crate::files::read_regular;

/// The longest text whose lines are looked up, in bytes.
pub(super) const LONGEST: u64 = 64 << 20;

impl From<Failure> for Unknown {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Missing => Self::NoGit,
            Failure::Said(why) => Self::Refused(why),
            Failure::Stopped(why) => Self::Stopped(why),
        }
    }
}

/// Finds out how old lines are, and remembers what git said: in memory, and on
/// disk for the next start.
#[derive(Debug, Default)]
pub struct Blamer {
    cache: Option<Cache>,
    /// Whether changes of white space are ignored.
    without_whitespace: bool,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The repository of each folder that was asked about.
    folders: HashMap<PathBuf, Result<Arc<Repository>, Unknown>>,
    /// The state of each repository, by its root.
    states: HashMap<PathBuf, Arc<State>>,
    /// What git said about each file, and in which state of the repository.
    files: HashMap<PathBuf, (Arc<State>, Arc<Committed>)>,
    /// The same at other commits.
    earlier: HashMap<(PathBuf, String), (Arc<State>, Arc<Committed>)>,
    /// The files that were touched between two commits of a repository.
    touched: HashMap<(PathBuf, String, String), Option<Arc<TouchedFiles>>>,
    /// Grows with every answer.
    generation: u64,
    /// Notes for the user that were not returned yet.
    notes: BTreeSet<String>,
    /// Notes that were returned.
    reported: BTreeSet<String>,
}

impl Blamer {
    /// With a folder in which answers are kept for the next start.
    pub fn new(cache: Option<&Path>) -> Self {
        Self {
            cache: cache.map(Cache::new),
            ..Self::default()
        }
    }

    /// The same, ignoring changes of white space.
    #[must_use]
    pub fn without_whitespace(mut self) -> Self {
        self.without_whitespace = true;
        self
    }

    /// Notes about repositories for the user; each is returned once.
    pub fn notes(&self) -> Vec<String> {
        let mut known = self.known.lock();
        let notes = std::mem::take(&mut known.notes);
        let is_new = |note: &String| known.reported.insert(note.clone());
        notes.into_iter().filter(is_new).collect()
    }

    /// The commit of each line of a file as it is now.
    ///
    /// # Errors
    /// When git knows nothing about it.
    pub fn now(&self, file: &Path) -> Result<Blame, Unknown> {
        let file = resolved(file)?;
        let committed = self.committed(&file)?;
        let text = read_regular(&file, LONGEST);
        let text = text.map_err(|error| Unknown::Unreadable(error.to_string()))?;
        Ok(committed.of_text(&text))
    }

    /// The commit of each line of a file as it was at a revision.
    ///
    /// # Errors
    /// When git knows nothing about it.
    pub fn at(&self, file: &Path, revision: &str) -> Result<Blame, Unknown> {
        // The file and its folder may be gone by now.
        let file = std::path::absolute(file).map_err(|it| Unknown::Unreadable(it.to_string()))?;
        let file = resolved(&file).unwrap_or(file);
        let (repository, state) = self.repository(&file)?;
        let commit = repository.commit(revision)?;
        let key = (file, commit);
        if let Some((then, committed)) = self.known.lock().earlier.get(&key)
            && *then == state
        {
            return Ok(committed.unedited());
        }
        let committed = Arc::new(self.ask(&repository, &state, &key.1, &key.0)?);
        let blame = committed.unedited();
        let mut known = self.known.lock();
        known.earlier.insert(key, (state, committed));
        Ok(blame)
    }

    /// What git says about the committed text of a file: remembered, or asked
    /// now. `file` is absolute and not a symbolic link.
    ///
    /// # Errors
    /// When git knows nothing about it.
    pub fn committed(&self, file: &Path) -> Result<Arc<Committed>, Unknown> {
        let committed = self.find_committed(file);
        if let Err(unknown @ Unknown::Stopped(_)) = &committed {
            self.known.lock().notes.insert(unknown.to_string());
        }
        committed
    }

    fn find_committed(&self, file: &Path) -> Result<Arc<Committed>, Unknown> {
        let (repository, state) = self.repository(file)?;
        if let Some(committed) = self.produce_cached(file, &state) {
            return Ok(committed);
        }
        let Some(head) = state.head.clone() else {
            // There is no commit yet.
            return Ok(Arc::default());
        };
        let key = Key {
            file: file.to_owned(),
            whitespace: !self.without_whitespace,
            rules: state.rules,
            commit: head,
        };
        let committed = match self.cached(&repository, &key) {
            Some(committed) => committed,
            None => {
                let answer = self.ask(&repository, &state, &key.commit, file);
                let is_new = matches!(answer, Err(Unknown::Refused(_)))
                    && !repository.has(&key.commit, file);
                let committed = if is_new {
                    Committed::default()
                } else {
                    answer?
                };
                if let Some(cache) = &self.cache {
                    cache.put(&key, &committed);
                }
                committed
            }
        };
        let committed = Arc::new(committed);
        let mut known = self.known.lock();
        known.generation += 1;
        known
            .files
            .insert(file.to_owned(), (state, committed.clone()));
        Ok(committed)
    }

    /// Lets git be asked again about a folder that it refused.
    pub fn retry(&self, folder: &Path) {
        let mut known = self.known.lock();
        if known.folders.get(folder).is_some_and(Result::is_err) {
            known.folders.remove(folder);
        }
    }

    /// The files that git would have to be asked about. Looks at each repository
    /// once, however many files there are.
    pub fn missing(&self, files: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
        let mut states: HashMap<PathBuf, Option<Arc<State>>> = HashMap::new();
        let mut is_missing = |file: &PathBuf| {
            let folder = file
                .parent()
                .and_then(|it| self.known.lock().folders.get(it).cloned());
            match folder {
                None => true,
                // Git would refuse it again.
                Some(Err(_)) => false,
                Some(Ok(repository)) => {
                    let state = states
                        .entry(repository.top.clone())
                        .or_insert_with(|| self.current(&repository));
                    let state = state.as_ref();
                    state
                        .and_then(|state| self.produce_cached(file, state))
                        .is_none()
                }
            }
        };
        files.into_iter().filter(|file| is_missing(file)).collect()
    }

    /// Whether every known repository is still in the state in which it was asked.
    pub fn is_current(&self) -> bool {
        let mut repositories: Vec<Arc<Repository>> = {
            let known = self.known.lock();
            known.folders.values().flatten().cloned().collect()
        };
        repositories.sort_by(|one, other| one.top.cmp(&other.top));
        repositories.dedup_by(|one, other| one.top == other.top);
        repositories.iter().all(|it| self.current(it).is_some())
    }

    /// What was last known about a file, whether it is still true or not.
    pub fn last_known(&self, file: &Path) -> Option<Arc<Committed>> {
        let known = self.known.lock();
        known
            .files
            .get(file)
            .map(|(_, committed)| committed.clone())
    }

    /// How many files are known.
    pub fn count(&self) -> usize {
        self.known.lock().files.len()
    }

    /// A number that grows with every answer.
    pub fn generation(&self) -> u64 {
        self.known.lock().generation
    }

    fn produce_cached(&self, file: &Path, state: &Arc<State>) -> Option<Arc<Committed>> {
        let known = self.known.lock();
        let (then, committed) = known.files.get(file)?;
        (then == state).then(|| committed.clone())
    }

    /// The remembered state of a repository, unless it may have changed.
    fn current(&self, repository: &Repository) -> Option<Arc<State>> {
        let state = self.known.lock().states.get(&repository.top).cloned()?;
        (repository.mark(&state.ignored) == state.mark).then_some(state)
    }

    /// The repository that contains a file, and its state.
    fn repository(&self, file: &Path) -> Result<(Arc<Repository>, Arc<State>), Unknown> {
        let folder = file.ancestors().skip(1).find(|folder| folder.is_dir());
        let folder = folder.ok_or(Unknown::Outside)?;
        let repository = self.repository_of_folder(folder)?;
        if let Some(state) = self.current(&repository) {
            return Ok((repository, state));
        }
        let state = repository.state();
        let mut known = self.known.lock();
        if state.is_err() {
            // It may be gone; the next question looks for it again.
            known
                .folders
                .retain(|_, other| other.as_ref().ok() != Some(&repository));
        }
        let state = Arc::new(state?);
        if !state.cut.is_empty() {
            known.notes.insert(format!(
                "the history of `{}` is cut off (a shallow clone): lines may be older than \
                 shown; `git fetch --unshallow` fetches the rest",
                repository.top.display()
            ));
        }
        known.states.insert(repository.top.clone(), state.clone());
        Ok((repository, state))
    }

    /// The repository of a folder: remembered, or asked now.
    fn repository_of_folder(&self, folder: &Path) -> Result<Arc<Repository>, Unknown> {
        if let Some(repository) = self.known.lock().folders.get(folder) {
            return repository.clone();
        }
        // Not remembered: a repository may be created, and git was not asked.
        let root = candidate(folder).ok_or(Unknown::Outside)?;
        let repository = Repository::of(&root).map(Arc::new).map_err(Unknown::from);
        let mut known = self.known.lock();
        known.folders.insert(folder.to_owned(), repository.clone());
        let note = repository.as_ref().err().map(ToString::to_string);
        known.notes.extend(note);
        repository
    }

    /// The answer in the cache on disk, if it is still true.
    fn cached(&self, repository: &Arc<Repository>, key: &Key) -> Option<Committed> {
        let cache = self.cache.as_ref()?;
        let (commit, committed) = cache.get(key)?;
        if commit == key.commit {
            return Some(committed);
        }
        let pair = (repository.top.clone(), commit, key.commit.clone());
        let produce_cached = self.known.lock().touched.get(&pair).cloned();
        let touched = produce_cached.unwrap_or_else(|| {
            let touched = repository.touched(&pair.1, &pair.2).map(Arc::new);
            self.known.lock().touched.insert(pair, touched.clone());
            touched
        })?;
        let name = key.file.strip_prefix(&repository.top).ok()?;
        let name = name.as_os_str().as_encoded_bytes();
        if touched.contains(name) {
            return None;
        }
        cache.put(key, &committed);
        Some(committed)
    }

    /// Asks git about the lines of a file at a commit. The work tree is never
    /// read, because that would run filters that the repository configures.
    fn ask(
        &self,
        repository: &Repository,
        state: &State,
        commit: &str,
        file: &Path,
    ) -> Result<Committed, Unknown> {
        let name = file.strip_prefix(&repository.top);
        let name = name.map_err(|_| Unknown::Outside)?;
        // Where the attributes of the file are read from.
        let folder = file.parent().filter(|folder| folder.is_dir());
        let folder = folder.unwrap_or(&repository.top);
        let run = |ignored: &[PathBuf]| {
            let mut arguments: Vec<OsString> = ["blame", "--porcelain", "--no-textconv"]
                .map(OsString::from)
                .to_vec();
            arguments.push("--encoding=UTF-8".into());
            if self.without_whitespace {
                arguments.push("-w".into());
            }
            // Git gives up where a list that the settings name is missing, so
            // the existing ones are passed instead.
            arguments.push("--no-ignore-revs-file".into());
            for file in ignored {
                let mut flag = OsString::from("--ignore-revs-file=");
                flag.push(file);
                arguments.push(flag);
            }
            arguments.extend([commit.into(), "--".into(), name.into()]);
            ask_about(&repository.top, folder, arguments)
        };
        let mut output = run(&state.ignored);
        if let Err(Failure::Said(why)) = &output
            && !state.ignored.is_empty()
        {
            // A list that git cannot read must not cost the whole answer.
            let why = why.clone();
            output = run(&[]);
            if output.is_ok() {
                let note = format!("the list of commits to ignore cannot be read; git says: {why}");
                self.known.lock().notes.insert(note);
            }
        }
        if let Err(Failure::Said(_)) = &output
            && repository.is_partial()
        {
            let why = "texts are missing (a partial clone), and proofroom fetches nothing; \
                       `git fetch --refetch --no-filter` fetches them";
            return Err(Unknown::Refused(why.to_owned()));
        }
        Ok(porcelain::parse(&output?, &state.cut))
    }
}

/// The real path of a file.
fn resolved(file: &Path) -> Result<PathBuf, Unknown> {
    fs::canonicalize(file).map_err(|error| Unknown::Unreadable(error.to_string()))
}
