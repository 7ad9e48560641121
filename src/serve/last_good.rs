use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::languages::Addresses;
use crate::site::Outputs;

/// How many pages are kept.
const KEPT: usize = 64;

/// The last good HTML of the addresses requested last, newest at the end. It is
/// shown while a template or the configuration is broken.
#[derive(Default)]
pub(super) struct LastGood {
    pages: VecDeque<(String, Arc<str>)>,
    /// The addresses of the sites when the configuration was last readable.
    addresses: Option<Arc<Addresses>>,
    /// What the sites contained then, by language.
    shapes: BTreeMap<Option<String>, Arc<Shape>>,
}

/// The outputs of a site.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// All its outputs.
    pub(super) outputs: Arc<Outputs>,
    /// The outputs at the root, if no language is there.
    pub(super) root_outputs: Arc<Outputs>,
}

impl LastGood {
    /// Remembers a page and drops the oldest.
    pub(super) fn keep(&mut self, address: &str, html: Arc<str>) {
        self.pages.retain(|(kept, _)| kept != address);
        self.pages.push_back((address.to_owned(), html));
        if self.pages.len() > KEPT {
            self.pages.pop_front();
        }
    }

    /// The last good version of a page.
    pub(super) fn get(&self, address: &str) -> Option<Arc<str>> {
        let kept = self.pages.iter().find(|(kept, _)| kept == address);
        kept.map(|(_, html)| html.clone())
    }

    /// The addresses of the sites: `known` if the configuration can be read now,
    /// otherwise the last ones that were.
    pub(super) fn addresses(&mut self, known: Option<Arc<Addresses>>) -> Arc<Addresses> {
        if known.is_some() {
            self.addresses = known;
        }
        let kept = self.addresses.clone();
        kept.unwrap_or_else(|| Arc::new(Addresses::of_one("/")))
    }

    /// The outputs of a language's site. `now` holds the current ones and whether
    /// they are complete: outputs may be missing only because a file could not be
    /// read, and those are kept.
    pub(super) fn shape(
        &mut self,
        language: Option<&str>,
        now: Option<(Shape, bool)>,
    ) -> Arc<Shape> {
        let language = language.map(str::to_owned);
        let last = self.shapes.get(&language).cloned();
        match (now, last) {
            (None, last) => last.unwrap_or_default(),
            (Some((now, false)), Some(last)) => Arc::new(Shape {
                outputs: both(&last.outputs, &now.outputs),
                root_outputs: both(&last.root_outputs, &now.root_outputs),
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
    let mut outputs = kept.clone();
    outputs.extend(now.clone());
    Arc::new(outputs)
}
