use std::collections::BTreeSet;
use std::sync::Arc;

use super::Review;
use crate::files::SourcePath;
use crate::site::queries;
use crate::watch::ChangeBatch;

/// What the base of a review was made from besides its commit. `git/` knows it, and
/// `cli/` passes it on.
pub trait BaseSources: Send + Sync {
    /// What of a batch of changes on disk is a change of the base too.
    fn changes(&self, batch: &ChangeBatch) -> Option<ChangeBatch>;

    /// The files on disk that the base was made from so far: it changes with them.
    fn watched(&self) -> BTreeSet<SourcePath>;

    /// What of this a reviewer should know, in sentences. Grows as more is read.
    fn notes(&self) -> Vec<String>;
}

impl Review {
    /// The same with sources of the base that are not in its commit.
    #[must_use]
    pub fn with_base_sources(self, sources: Arc<dyn BaseSources>) -> Self {
        Self {
            sources: Some(sources),
            ..self
        }
    }

    /// Reads which pages the base has, and so most of what decides about that.
    pub fn begin(&self) {
        for edition in &self.base.addresses().editions {
            self.base.session(edition).ask(|db| {
                queries::outputs(db);
            });
        }
    }

    /// Applies a batch of changes on disk to the base, as far as they are changes of
    /// it. To be called after the batch was applied to the sites as they are now.
    pub fn apply_to_base(&self, batch: &ChangeBatch) {
        let changed = self.sources.as_ref().and_then(|it| it.changes(batch));
        // Both sides are made for the same time.
        if matches!(batch, ChangeBatch::Time | ChangeBatch::Everything) {
            self.base.apply(&ChangeBatch::Time);
        }
        if let Some(changed) = changed {
            self.base.apply(&changed);
        }
    }

    /// The files on disk that the base was made from so far.
    pub fn watched(&self) -> BTreeSet<SourcePath> {
        let sources = self.sources.as_ref();
        sources.map(|it| it.watched()).unwrap_or_default()
    }

    /// What the base was made from besides its commit, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let sources = self.sources.as_ref();
        sources.map(|it| it.notes()).unwrap_or_default()
    }
}
