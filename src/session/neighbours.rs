use std::sync::{Arc, OnceLock};

use super::Session;
use crate::markdown::Outline;
use crate::site::{Elsewhere, OtherSites, queries};
use crate::watch::ChangeBatch;

/// A session that is created when it is first asked for.
pub(super) struct Later {
    session: OnceLock<Arc<Session>>,
    begin: Box<dyn Fn() -> Arc<Session> + Send + Sync>,
}

impl Later {
    pub(super) fn new(begin: impl Fn() -> Arc<Session> + Send + Sync + 'static) -> Self {
        Self {
            session: OnceLock::new(),
            begin: Box::new(begin),
        }
    }

    fn session(&self) -> &Session {
        self.session.get_or_init(|| (self.begin)())
    }

    /// Applies changes, if the session was created.
    pub(super) fn apply(&self, batch: &ChangeBatch) {
        if let Some(session) = self.session.get() {
            session.apply(batch.clone());
        }
    }
}

/// The sites that a site may look into.
#[derive(Clone, Default)]
pub(super) struct Neighbours {
    /// The site that it is translated from.
    pub(super) original: Option<Arc<Later>>,
    /// The same site at the base of a review.
    pub(super) base: Option<Arc<Later>>,
}

impl OtherSites for Neighbours {
    fn outline(&self, site: Elsewhere, plain: &str) -> Option<Arc<Outline>> {
        let session = match site {
            Elsewhere::Original => &self.original,
            Elsewhere::Base => &self.base,
        };
        let (_, outline) = session
            .as_ref()?
            .session()
            .ask(|db| queries::outline_at(db, plain));
        outline
    }
}
