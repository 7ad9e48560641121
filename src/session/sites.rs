use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use parking_lot::Mutex;

use super::related_sites::{LazySession, RelatedSites};
use super::split_sources::SplitSources;
use super::{Revision, Session};
use crate::files::{History, System};
use crate::languages::{Addresses, LanguageSite, Languages};
use crate::site::{Database, Invocation, queries};
use crate::theme::STACK;
use crate::watch::ChangeBatch;

/// How many languages are usually asked side by side: each needs memory.
pub const LANGUAGES_AT_ONCE: usize = 4;

/// The sites of a project: one, or one for each language. Each has its own session
/// over the same sources, created when it is first asked for, so that a page is the
/// same whether its language is built alone or together with others.
pub struct Sites {
    system: Arc<dyn System>,
    history: Arc<dyn History>,
    call: Invocation,
    /// The project at the base of a review.
    base: Option<Arc<dyn System>>,
    main: Arc<Session>,
    /// The site that other languages are translated from.
    original: Arc<LazySession>,
    /// What all sites know of the texts that pages are translated from.
    sources: Arc<SplitSources>,
    others: Mutex<BTreeMap<String, Arc<Session>>>,
}

impl Sites {
    /// The sites of a call; only one if it names a language.
    pub fn new(system: Arc<dyn System>, history: Arc<dyn History>, call: Invocation) -> Self {
        Self::over(system, history, call, None)
    }

    /// The sites that other sources of the project make: those of the base of a
    /// review. What is not among the sources (the environment, dates of the history)
    /// is the same.
    #[must_use]
    pub fn of_other_sources(&self, system: Arc<dyn System>) -> Self {
        Self::over(system, self.history.clone(), self.call.clone(), None)
    }

    /// The same, telling an observer which queries of the main site run.
    #[cfg(test)]
    pub(super) fn observed(mut self, observer: crate::site::Observer) -> Self {
        let (system, call) = (self.system.clone(), self.call.clone());
        let main = Session::observed(system, call, Some(observer));
        self.main = Arc::new(main.with_history(self.history.clone()));
        self
    }

    /// The same with a base: each site may look at its own pages as they are in
    /// `base`.
    #[must_use]
    pub fn with_base(self, base: Arc<dyn System>) -> Self {
        Self::over(self.system, self.history, self.call, Some(base))
    }

    fn over(
        system: Arc<dyn System>,
        history: Arc<dyn History>,
        call: Invocation,
        base: Option<Arc<dyn System>>,
    ) -> Self {
        let begin = {
            let (system, history) = (system.clone(), history.clone());
            move |call: Invocation| Session::new(system.clone(), call).with_history(history.clone())
        };
        let mut neighbours = RelatedSites {
            original: None,
            base: at_base(base.as_ref(), &call),
            sources: Arc::default(),
        };
        let sources = neighbours.sources.clone();
        let alone = call.language.is_some().then(|| {
            let of_default = Invocation {
                language: None,
                ..call.clone()
            };
            let begin = begin.clone();
            Arc::new(LazySession::new(move || {
                Arc::new(begin(of_default.clone()))
            }))
        });
        neighbours.original.clone_from(&alone);
        let main = begin(call.clone()).with_other_sites(Arc::new(neighbours));
        let main = Arc::new(main);
        let original = alone.unwrap_or_else(|| {
            let main = main.clone();
            Arc::new(LazySession::new(move || main.clone()))
        });
        let sites = Self {
            system,
            history,
            call,
            base,
            main,
            original,
            sources,
            others: Mutex::default(),
        };
        sites.set_linked_dirs(&BTreeMap::new());
        sites
    }

    /// Tells the sources where symbolic links may lead. If that has changed,
    /// everything is read again.
    fn set_linked_dirs(&self, others: &BTreeMap<String, Arc<Session>>) {
        let (_, folders) = self.main.ask(|db| queries::linked_dirs(db));
        if !self.system.set_linked_dirs(&folders) {
            return;
        }
        self.original.reread();
        self.main.reread();
        for session in others.values() {
            session.reread();
        }
    }

    /// The session that stands for the whole project: that of the default language,
    /// or the only one.
    pub fn main(&self) -> &Arc<Session> {
        &self.main
    }

    /// The sources, for bytes that no query keeps (images).
    pub fn system(&self) -> &dyn System {
        &*self.system
    }

    /// The languages that the configuration names now.
    pub fn languages(&self) -> Option<Arc<Languages>> {
        let languages = |db: &Database| queries::config(db)?.languages.clone();
        self.main.ask(languages).1
    }

    /// The addresses of the sites, only of one if the call names a language; `None`
    /// while the configuration cannot be read at all.
    pub fn known_addresses(&self) -> Option<Arc<Addresses>> {
        let addresses = self.main.ask(|db| queries::addresses(db)).1?;
        if self.is_alone() {
            Some(Arc::new(addresses.alone()))
        } else {
            Some(addresses)
        }
    }

    /// The same; the address of a single site at the root while the configuration
    /// cannot be read.
    pub fn addresses(&self) -> Arc<Addresses> {
        let at_root = || Arc::new(Addresses::of_one("/"));
        self.known_addresses().unwrap_or_else(at_root)
    }

    /// Whether the call names a language.
    pub fn is_alone(&self) -> bool {
        self.call.language.is_some()
    }

    /// The session of an edition, kept from now on.
    pub fn session(&self, edition: &LanguageSite) -> Arc<Session> {
        let Some(code) = other_language(edition) else {
            return self.main.clone();
        };
        let mut others = self.others.lock();
        let begin = || Arc::new(self.begin(code));
        others.entry(code.to_owned()).or_insert_with(begin).clone()
    }

    /// Asks the sessions of all editions, each for one use and not kept, so that not all
    /// languages are in memory at once. At most `at_once` of those that are not the main
    /// one stand side by side: every language has parts that one processor makes after
    /// the other. The answers are in the order of the editions.
    pub fn ask_each<T: Send>(
        &self,
        editions: &[LanguageSite],
        at_once: usize,
        question: impl Fn(&LanguageSite, &Arc<Session>) -> T + Sync,
    ) -> Vec<T> {
        let (of_main, others): (Vec<_>, Vec<_>) =
            (0..editions.len()).partition(|nth| other_language(&editions[*nth]).is_none());
        let mut answers: BTreeMap<usize, T> = of_main
            .into_iter()
            .map(|nth| (nth, question(&editions[nth], &self.main)))
            .collect();
        if !others.is_empty() {
            // What others look at in the main site is as much for one as for all of them.
            self.main.forget();
        }
        let next = AtomicUsize::new(0);
        let ask_some = || {
            let mut answers = Vec::new();
            while let Some(nth) = others.get(next.fetch_add(1, Ordering::Relaxed)) {
                let edition = &editions[*nth];
                if let Some(code) = other_language(edition) {
                    answers.push((*nth, question(edition, &Arc::new(self.begin(code)))));
                }
            }
            answers
        };
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let at_once = others.len().min(processors).min(at_once.max(1));
        thread::scope(|scope| {
            // Not threads of rayon: while one of those waits for its own language, it
            // would go on with another one in the middle of a query.
            let threads: Vec<_> = (0..at_once)
                .map(|_| {
                    let thread = thread::Builder::new().stack_size(STACK);
                    thread.spawn_scoped(scope, ask_some)
                })
                .collect();
            for thread in threads {
                // Where there are no more threads, this one asks for what is left.
                let of_thread = match thread {
                    Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                    Err(_) => ask_some(),
                };
                answers.extend(of_thread);
            }
        });
        answers.into_values().collect()
    }

    /// All sessions that were created.
    pub fn begun(&self) -> Vec<Arc<Session>> {
        let others = self.others.lock();
        let all = [&self.main].into_iter().chain(others.values());
        all.cloned().collect()
    }

    /// Applies changes to all sessions that were created.
    pub fn apply(&self, batch: &ChangeBatch) -> Revision {
        // Held, so that no session is created meanwhile and reads older sources.
        let others = self.others.lock();
        // The sites that others look into come first.
        if self.is_alone() {
            self.original.apply(batch);
        }
        let revision = self.main.apply(batch.clone());
        for session in others.values() {
            session.apply(batch.clone());
        }
        if let Some(changes) = self.system.unapplied()
            && *batch != ChangeBatch::Time
        {
            changes.apply(batch.paths());
        }
        self.set_linked_dirs(&others);
        revision
    }

    /// Moves the time that the sites are made for to that of a clock, in seconds since
    /// 1970, if that shows another day in UTC. Returns whether it does; a
    /// [`ChangeBatch::Time`] has to be applied then.
    pub(super) fn move_to_day_of(&self, seconds: i64) -> bool {
        self.call.moment.move_to_day_of(seconds)
    }

    fn begin(&self, code: &str) -> Session {
        let call = Invocation {
            language: Some(code.to_owned()),
            ..self.call.clone()
        };
        let neighbours = RelatedSites {
            original: Some(self.original.clone()),
            base: at_base(self.base.as_ref(), &call),
            sources: self.sources.clone(),
        };
        Session::new(self.system.clone(), call)
            .with_history(self.history.clone())
            .with_other_sites(Arc::new(neighbours))
    }
}

/// The language of an edition, unless the main session is the one for it.
fn other_language(edition: &LanguageSite) -> Option<&str> {
    if edition.is_main {
        None
    } else {
        edition.language.as_deref()
    }
}

/// The site of a call at the base of a review.
fn at_base(base: Option<&Arc<dyn System>>, call: &Invocation) -> Option<Arc<LazySession>> {
    let (base, call) = (base?.clone(), call.clone());
    let begin = move || Arc::new(Session::new(base.clone(), call.clone()));
    Some(Arc::new(LazySession::new(begin)))
}
