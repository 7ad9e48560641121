use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{BlobId, TextHistory};
use crate::align::{Match, Passage, SplitText, versions};
use crate::files::SourcePath;

/// The passages of a text.
pub(super) type Passages = Arc<SplitText>;

/// What each passage of a newer text was in an older one.
pub(super) type Matches = Arc<Vec<Option<Match>>>;

/// What was computed of the versions of one source, for all of its translations.
#[derive(Default)]
pub struct Memo {
    texts: Mutex<HashMap<BlobId, Option<Passages>>>,
    since: Mutex<HashMap<BlobId, Matches>>,
}

impl Memo {
    /// The passages of a version of a file.
    pub(super) fn passages(
        &self,
        history: &dyn TextHistory,
        file: &SourcePath,
        blob: &BlobId,
    ) -> Option<Passages> {
        if let Some(known) = self.texts.lock().get(blob) {
            return known.clone();
        }
        let text = history.text(file, blob);
        let found = text.map(|text| Arc::new(SplitText::of(&text)));
        self.texts.lock().insert(blob.clone(), found.clone());
        found
    }

    /// What the passages of the source as it is now were in a version of it.
    pub(super) fn source_matches(
        &self,
        blob: &BlobId,
        old: &[Passage],
        now: &[Passage],
    ) -> Matches {
        if let Some(known) = self.since.lock().get(blob) {
            return known.clone();
        }
        let found = Arc::new(versions(old, now));
        self.since.lock().insert(blob.clone(), found.clone());
        found
    }
}
