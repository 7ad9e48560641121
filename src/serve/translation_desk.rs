//! What is known of translations while the site is served.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;

use parking_lot::Mutex;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::files::{Disk, SourcePath};
use crate::git::Texts;
use crate::session::{KeptStates, Progress, Sites, Translations};
use crate::theme::STACK;
use crate::translations::{Impact, KnownStates, LanguageState, TextHistory as _};

/// What is known of translations.
pub(super) struct TranslationDesk {
    disk: Disk,
    /// The folder for what is kept between runs.
    cache: Option<PathBuf>,
    known: KnownStates,
    /// What other runs found, and find again.
    kept: KeptStates,
    /// What of it is known here; `None` before it was read.
    read: Mutex<Option<Read>>,
    /// The history, with how the repositories were when it was read.
    history: Mutex<Option<Arc<Texts>>>,
}

/// What was read, or written since.
#[derive(Default)]
struct Read {
    /// The number of the history that it was written with; `None` if it was read.
    history: Option<u64>,
    /// How many states had been found here then.
    found: usize,
}

impl TranslationDesk {
    pub(super) fn new(disk: Disk, cache: Option<PathBuf>) -> Self {
        Self {
            known: KnownStates::default(),
            kept: KeptStates::of(&disk, cache.as_deref()),
            disk,
            cache,
            read: Mutex::default(),
            history: Mutex::default(),
        }
    }

    /// The history as it is now.
    pub(super) fn history(&self) -> Arc<Texts> {
        let mut history = self.history.lock();
        match &*history {
            Some(known) if known.is_current() => known.clone(),
            _ => {
                let read = Arc::new(Texts::new(self.disk.clone(), self.cache.as_deref()));
                *history = Some(read.clone());
                read
            }
        }
    }

    /// What is asked about translations while the site is served.
    pub(super) fn questions<'q>(
        &'q self,
        sites: &'q Sites,
        history: &'q Texts,
    ) -> Translations<'q> {
        Translations {
            sites,
            history,
            known: &self.known,
            stay: true,
        }
    }

    /// What the edits of a page of the source since a commit do to its translations, by
    /// languages.
    pub(super) fn impact(
        &self,
        sites: &Sites,
        page: &SourcePath,
        commit: &str,
    ) -> BTreeMap<String, Impact> {
        let history = self.history();
        let base = history.at_base(page, commit).ok().flatten();
        let found = base.map(|base| self.questions(sites, &history).impact(page, &base));
        found.unwrap_or_default()
    }

    /// Looks at all translations.
    pub(super) fn look(&self, sites: &Sites, progress: &Progress) -> Vec<LanguageState> {
        {
            let mut read = self.read.lock();
            if read.is_none() {
                self.known.add(self.kept.read());
                *read = Some(Read::default());
            }
        }
        let history = self.history();
        let asked = self.questions(sites, &history);
        let all = || asked.all(None, progress);
        match threads() {
            Some(threads) => threads.install(all),
            None => all(),
        }
    }

    /// Writes what was found, unless it is what other runs found, or only files have changed
    /// since it was written: what an edit does is found again in no time.
    pub(super) fn keep(&self) {
        let mut read = self.read.lock();
        let history = self.history.lock().as_ref().map(|it| it.number());
        self.known.forget_unused();
        let found = self.known.found();
        let is_new = |before: &Read| before.found < found && before.history != history;
        if read.as_ref().is_some_and(is_new) {
            self.kept.write(&self.known, true);
            *read = Some(Read { history, found });
        }
    }
}

/// The threads for a look: half of the processors, so that pages do not wait for it.
/// `None` where there can be none.
fn threads() -> Option<&'static ThreadPool> {
    static THREADS: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let threads = THREADS.get_or_init(|| {
        let processors = available_parallelism().map_or(1, usize::from);
        let threads = ThreadPoolBuilder::new().num_threads((processors / 2).max(1));
        threads.stack_size(STACK).build().ok()
    });
    threads.as_ref()
}
