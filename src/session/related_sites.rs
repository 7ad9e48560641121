use std::sync::{Arc, OnceLock};

use super::Session;
use super::split_sources::SplitSources;
use crate::align::SplitText;
use crate::markdown::Outline;
use crate::site::{OtherSite, OtherSites, queries};
use crate::watch::ChangeBatch;

/// A session that is created when it is first asked for.
pub(super) struct LazySession {
    session: OnceLock<Arc<Session>>,
    begin: Box<dyn Fn() -> Arc<Session> + Send + Sync>,
}

impl LazySession {
    pub(super) fn new(begin: impl Fn() -> Arc<Session> + Send + Sync + 'static) -> Self {
        Self {
            session: OnceLock::new(),
            begin: Box::new(begin),
        }
    }

    fn session(&self) -> &Session {
        self.session.get_or_init(|| (self.begin)())
    }

    /// Reads all sources again, if the session was created.
    pub(super) fn reread(&self) {
        if let Some(session) = self.session.get() {
            session.reread();
        }
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
pub(super) struct RelatedSites {
    /// The site that it is translated from.
    pub(super) original: Option<Arc<LazySession>>,
    /// The same site at the base of a review.
    pub(super) base: Option<Arc<LazySession>>,
    /// The texts that were split lately, for all sites of the project.
    pub(super) sources: Arc<SplitSources>,
}

impl OtherSites for RelatedSites {
    fn outline(&self, site: OtherSite, plain: &str) -> Option<Arc<Outline>> {
        let session = match site {
            OtherSite::Original => &self.original,
            OtherSite::Base => &self.base,
        };
        let (_, outline) = session
            .as_ref()?
            .session()
            .ask(|db| queries::outline_at(db, plain));
        outline
    }

    fn passages(&self, text: &Arc<str>) -> Arc<SplitText> {
        self.sources.passages(text)
    }
}
