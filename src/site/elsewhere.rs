use std::sync::Arc;

use crate::markdown::Outline;

/// A site of the project that another may look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Elsewhere {
    /// The one in the language that this one is translated from.
    Original,
    /// This one at the base of a review.
    Base,
}

/// The sites that a site's questions may look into, each a database of its
/// own. What one gives is read as a file is: a question depends on an
/// [`Import`](super::inputs::Import), and is asked again where that may be
/// another.
///
/// The sites that are looked into must look into none themselves, or two would
/// wait for each other.
pub trait OtherSites: Send + Sync {
    /// The outline of the page that has a plain path there; `None` where there
    /// is no such site or page.
    fn outline(&self, site: Elsewhere, plain: &str) -> Option<Arc<Outline>>;
}

/// For a site without others.
#[derive(Debug, Clone, Copy)]
pub struct NoOtherSites;

impl OtherSites for NoOtherSites {
    fn outline(&self, _: Elsewhere, _: &str) -> Option<Arc<Outline>> {
        None
    }
}
