//! The two sides of a comparison, for everything that shows them.

use super::shelf::{Shelf, SitesShelf};
use crate::diff::Level;
use crate::session::review::{MarkedPage, PageReview, Review, Status};
use crate::url;

/// What addresses on a marked page begin with that lead to the base; the rest is a
/// place there. It is never part of what is written.
pub(super) const AT_BASE: &str = "proofroom-base:";

/// Two sides that were compared.
pub(super) trait Comparison: Sync {
    /// The files as they are now.
    fn now(&self) -> &dyn Shelf;
    /// The files of the base.
    fn base(&self) -> &dyn Shelf;
    /// The place of a page at the base.
    fn place_at_base(&self, page: &PageReview) -> Option<String>;
    /// A page with its changes marked, in which addresses at the base begin with
    /// [`AT_BASE`].
    fn marked(&self, page: &PageReview) -> MarkedPage;
}

/// A review of a project and its base.
pub(super) struct ReviewSides<'r> {
    review: &'r Review,
    now: SitesShelf,
    base: SitesShelf,
}

impl<'r> ReviewSides<'r> {
    pub(super) fn new(review: &'r Review) -> Self {
        Self {
            now: SitesShelf::new(review.now().clone()),
            base: SitesShelf::new(review.base().clone()),
            review,
        }
    }

    /// The path of a page's output in the site of its language.
    fn output(&self, page: &PageReview) -> String {
        let sites = match page.status {
            Status::Removed => self.review.base(),
            _ => self.review.now(),
        };
        let addresses = sites.addresses();
        let (_, spot) = addresses.find(&page.address);
        url::index_of(spot.address())
    }
}

impl Comparison for ReviewSides<'_> {
    fn now(&self) -> &dyn Shelf {
        &self.now
    }

    fn base(&self) -> &dyn Shelf {
        &self.base
    }

    fn place_at_base(&self, page: &PageReview) -> Option<String> {
        let output = self.output(page);
        let path = self
            .review
            .path_at_base(page.language.as_deref(), &output)?;
        Some(url::index_of(path.strip_prefix(self.base.root())?))
    }

    fn marked(&self, page: &PageReview) -> MarkedPage {
        let base = self.review.base().addresses();
        let mut editions = base.editions.iter();
        let edition = editions.find(|it| it.language == page.language);
        let site = edition.unwrap_or_else(|| base.main()).site.clone();
        let at_base = |address: &str| format!("{AT_BASE}{site}{address}");
        let levels = [Level::Text, Level::Markup];
        let (language, output) = (page.language.as_deref(), self.output(page));
        self.review.marked(language, &output, &at_base, &levels)
    }
}
