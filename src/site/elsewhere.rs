use std::sync::Arc;

use crate::align::SplitText;
use crate::markdown::Outline;

/// Another site of the project that queries may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OtherSite {
    /// The one in the language that this one is translated from.
    Original,
    /// This one at the base of a review.
    Base,
}

/// The other sites that the queries of a site may read. Each has a database of
/// its own. Their answers are treated like files: a query depends on an
/// [`Import`](super::inputs::Import), and runs again when that may have changed.
///
/// These sites must not read other sites themselves, or two could wait for each
/// other forever.
pub trait OtherSites: Send + Sync {
    /// The outline of the page at a plain path there; `None` if there is no
    /// such site or page.
    fn outline(&self, site: OtherSite, plain: &str) -> Option<Arc<Outline>>;

    /// The passages of a text that may be the source of pages in several sites, so that it
    /// is split for all of them. They depend on nothing but the text.
    fn passages(&self, text: &Arc<str>) -> Arc<SplitText> {
        Arc::new(SplitText::of(text))
    }
}

/// For sites that are the only one of their project.
#[derive(Debug, Clone, Copy)]
pub struct NoOtherSites;

impl OtherSites for NoOtherSites {
    fn outline(&self, _: OtherSite, _: &str) -> Option<Arc<Outline>> {
        None
    }
}
