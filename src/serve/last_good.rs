use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::site::Outputs;

/// How many pages are kept.
const KEPT: usize = 64;

/// The last good HTML of a few addresses, newest last: what is shown while a
/// template or the config is broken.
#[derive(Default)]
pub(super) struct LastGood {
    pages: VecDeque<(String, Arc<str>)>,
    /// The sites' shapes while their config could be read, by language.
    pub(super) shapes: BTreeMap<Option<String>, Arc<Shape>>,
}

/// Where the site is served, and what there is.
#[derive(Debug)]
pub(super) struct Shape {
    /// The path that it is served below, with `/` at both ends.
    pub(super) base: String,
    /// All its outputs.
    pub(super) outputs: Arc<Outputs>,
}

impl LastGood {
    /// Remembers a page, and forgets the oldest.
    pub(super) fn keep(&mut self, address: &str, html: Arc<str>) {
        self.pages.retain(|(kept, _)| kept != address);
        self.pages.push_back((address.to_owned(), html));
        if self.pages.len() > KEPT {
            self.pages.pop_front();
        }
    }

    /// The page as it last was.
    pub(super) fn get(&self, address: &str) -> Option<Arc<str>> {
        let kept = self.pages.iter().find(|(kept, _)| kept == address);
        kept.map(|(_, html)| html.clone())
    }
}
