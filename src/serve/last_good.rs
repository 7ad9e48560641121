use std::collections::VecDeque;
use std::sync::Arc;

/// How many pages are kept.
const KEPT: usize = 64;

/// The last good HTML of a few addresses, newest last: what is shown while a
/// template or the config is broken.
#[derive(Default)]
pub(super) struct LastGood(VecDeque<(String, Arc<str>)>);

impl LastGood {
    /// Remembers a page, and forgets the oldest.
    pub(super) fn keep(&mut self, address: &str, html: Arc<str>) {
        self.0.retain(|(kept, _)| kept != address);
        self.0.push_back((address.to_owned(), html));
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// The page as it last was.
    pub(super) fn get(&self, address: &str) -> Option<Arc<str>> {
        let kept = self.0.iter().find(|(kept, _)| kept == address);
        kept.map(|(_, html)| html.clone())
    }
}
