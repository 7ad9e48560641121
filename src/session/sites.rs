use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::neighbours::{Later, Neighbours};
use super::{Revision, Session};
use crate::files::{History, System};
use crate::languages::{Addresses, Edition, Languages};
use crate::site::{Call, Database, queries};
use crate::watch::ChangeBatch;

/// The sites of a project: one, or one for each language. Each is a session
/// of its own over the same sources, begun when it is first asked for, so that
/// a page is the same whether its language is made alone or with others.
pub struct Sites {
    system: Arc<dyn System>,
    history: Arc<dyn History>,
    call: Call,
    /// The project at the base of a review.
    base: Option<Arc<dyn System>>,
    main: Arc<Session>,
    /// The site that those of other languages are translated from.
    original: Arc<Later>,
    others: Mutex<BTreeMap<String, Arc<Session>>>,
}

impl Sites {
    /// The sites of a call. Where it names a language, that one alone.
    pub fn new(system: Arc<dyn System>, history: Arc<dyn History>, call: Call) -> Self {
        Self::over(system, history, call, None)
    }

    /// The same beside what they were: each may look at its own pages as
    /// `base` has them.
    #[must_use]
    pub fn with_base(self, base: Arc<dyn System>) -> Self {
        Self::over(self.system, self.history, self.call, Some(base))
    }

    fn over(
        system: Arc<dyn System>,
        history: Arc<dyn History>,
        call: Call,
        base: Option<Arc<dyn System>>,
    ) -> Self {
        let begin = {
            let (system, history) = (system.clone(), history.clone());
            move |call: Call| Session::new(system.clone(), call).with_history(history.clone())
        };
        let mut neighbours = Neighbours {
            original: None,
            base: at_base(base.as_ref(), &call),
        };
        let alone = call.language.is_some().then(|| {
            let of_default = Call {
                language: None,
                ..call.clone()
            };
            let begin = begin.clone();
            Arc::new(Later::new(move || Arc::new(begin(of_default.clone()))))
        });
        neighbours.original.clone_from(&alone);
        let main = begin(call.clone()).with_other_sites(Arc::new(neighbours));
        let main = Arc::new(main);
        let original = alone.unwrap_or_else(|| {
            let main = main.clone();
            Arc::new(Later::new(move || main.clone()))
        });
        Self {
            system,
            history,
            call,
            base,
            main,
            original,
            others: Mutex::default(),
        }
    }

    /// The session that stands for the whole: of the default language, or of
    /// the only one.
    pub fn main(&self) -> &Arc<Session> {
        &self.main
    }

    /// The sources, for bytes that no query keeps (images).
    pub fn system(&self) -> &dyn System {
        &*self.system
    }

    /// The languages as the configuration names them now.
    pub fn languages(&self) -> Option<Arc<Languages>> {
        let languages = |db: &Database| queries::config(db)?.languages.clone();
        self.main.ask(languages).1
    }

    /// Where they lie, of one language alone where the call names one; `None`
    /// while the configuration cannot be read at all.
    pub fn known_addresses(&self) -> Option<Arc<Addresses>> {
        let (_, all) = self.main.ask(|db| queries::addresses(db));
        if self.is_alone() {
            all.map(|all| Arc::new(all.alone()))
        } else {
            all
        }
    }

    /// The same; that of a single site at the root while the configuration
    /// cannot be read.
    pub fn addresses(&self) -> Arc<Addresses> {
        let at_root = || Arc::new(Addresses::of_one("/"));
        self.known_addresses().unwrap_or_else(at_root)
    }

    /// Whether the call asks for one language alone.
    pub fn is_alone(&self) -> bool {
        self.call.language.is_some()
    }

    /// The session of an edition, kept from now on.
    pub fn session(&self, edition: &Edition) -> Arc<Session> {
        let Some(code) = edition.language.as_ref().filter(|_| !edition.is_main) else {
            return self.main.clone();
        };
        let mut others = self.others.lock();
        let begin = || Arc::new(self.begin(code));
        others.entry(code.clone()).or_insert_with(begin).clone()
    }

    /// The session of an edition, for one use: another is begun by the next.
    /// Memory for all languages at once is not needed.
    pub fn once(&self, edition: &Edition) -> Arc<Session> {
        match edition.language.as_ref().filter(|_| !edition.is_main) {
            Some(code) => {
                // What another has looked at there is not needed any more.
                self.main.forget();
                Arc::new(self.begin(code))
            }
            None => self.main.clone(),
        }
    }

    /// All sessions that have begun.
    pub fn begun(&self) -> Vec<Arc<Session>> {
        let others = self.others.lock();
        let all = [&self.main].into_iter().chain(others.values());
        all.cloned().collect()
    }

    /// Applies what changed to all of them.
    pub fn apply(&self, batch: &ChangeBatch) -> Revision {
        // Held, so that one that begins meanwhile has read nothing older.
        let others = self.others.lock();
        // What others look into goes first.
        if self.is_alone() {
            self.original.apply(batch);
        }
        let revision = self.main.apply(batch.clone());
        for session in others.values() {
            session.apply(batch.clone());
        }
        revision
    }

    fn begin(&self, code: &str) -> Session {
        let call = Call {
            language: Some(code.to_owned()),
            ..self.call.clone()
        };
        let neighbours = Neighbours {
            original: Some(self.original.clone()),
            base: at_base(self.base.as_ref(), &call),
        };
        Session::new(self.system.clone(), call)
            .with_history(self.history.clone())
            .with_other_sites(Arc::new(neighbours))
    }
}

/// The site of a call at the base of a review.
fn at_base(base: Option<&Arc<dyn System>>, call: &Call) -> Option<Arc<Later>> {
    let (base, call) = (base?.clone(), call.clone());
    let begin = move || Arc::new(Session::new(base.clone(), call.clone()));
    Some(Arc::new(Later::new(begin)))
}
