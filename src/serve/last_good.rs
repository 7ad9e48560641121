use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::languages::Addresses;
use crate::site::Outputs;

/// How many pages are kept.
const KEPT: usize = 64;

/// The last good HTML of a few addresses, newest last: what is shown while a
/// template or the config is broken.
#[derive(Default)]
pub(super) struct LastGood {
    pages: VecDeque<(String, Arc<str>)>,
    /// Where the sites lay while the configuration could be read.
    addresses: Option<Arc<Addresses>>,
    /// What the sites had then, by language.
    shapes: BTreeMap<Option<String>, Arc<Shape>>,
}

/// What a site has.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// All its outputs.
    pub(super) outputs: Arc<Outputs>,
    /// What lies at the root, where no language does.
    pub(super) root_outputs: Arc<Outputs>,
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

    /// Where the sites lie: where that is known now, which is remembered, else
    /// where they last did.
    pub(super) fn addresses(&mut self, known: Option<Arc<Addresses>>) -> Arc<Addresses> {
        if known.is_some() {
            self.addresses = known;
        }
        let kept = self.addresses.clone();
        kept.unwrap_or_else(|| Arc::new(Addresses::of_one("/")))
    }

    /// What the site of a language has. `now` is what is known of it, and
    /// whether that is all: what cannot be read may be gone from it and is not
    /// gone.
    pub(super) fn shape(
        &mut self,
        language: Option<&str>,
        now: Option<(Shape, bool)>,
    ) -> Arc<Shape> {
        let language = language.map(str::to_owned);
        let kept = self.shapes.get(&language).cloned();
        match (now, kept) {
            (None, kept) => kept.unwrap_or_default(),
            (Some((now, false)), Some(kept)) => Arc::new(Shape {
                outputs: both(&kept.outputs, &now.outputs),
                root_outputs: both(&kept.root_outputs, &now.root_outputs),
            }),
            (Some((now, _)), _) => {
                let now = Arc::new(now);
                self.shapes.insert(language, now.clone());
                now
            }
        }
    }
}

fn both(kept: &Outputs, now: &Outputs) -> Arc<Outputs> {
    let mut all = kept.clone();
    all.extend(now.clone());
    Arc::new(all)
}
