//! Reviews without a server: what changed for readers as data, as a summary, and as
//! a small static site.

mod against;
mod files;
mod json;
mod list_page;
mod markdown;
mod rewrite;
mod shelf;
mod sides;
mod static_site;
mod summary;

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::git::Forge;
use crate::session::review::{Losses, PageReview, Review, ReviewList, Status, joined};
use crate::translations::{Impacts, impact_sentences};

pub use against::Against;
pub use json::json;
pub use markdown::{LONGEST, markdown};
pub use static_site::{Folder, MARK, StaticSite, Written};
pub use summary::text;

/// What was found by a comparison, with what is known of its sides.
pub struct Report {
    /// The paths on the server of the site now and at the base, with `/` at both ends.
    pub roots: (String, String),
    /// What is compared with: "the merge base of `HEAD` and `origin/main`".
    pub title: String,
    /// The commit of the base; `None` where it is none.
    pub commit: Option<String>,
    /// The commit that links to lines lead to.
    pub head: Option<String>,
    /// Where the repository is on the web.
    pub forge: Option<Forge>,
    /// What limits the comparison, each as a sentence.
    pub notes: Vec<String>,
    /// The pages that differ.
    pub list: ReviewList,
    /// What links from elsewhere no longer lead to; `None` if nobody asked.
    pub losses: Option<Losses>,
    /// The problems that are new; `None` if nobody asked.
    pub problems: Option<Vec<Diagnostic>>,
    /// What the changes of pages do to their translations.
    pub translations: Impacts,
}

impl Report {
    /// The address of a line of a source on the web.
    fn line(&self, at_base: bool, source: &SourcePath, line: usize) -> Option<String> {
        let revision = if at_base { &self.commit } else { &self.head };
        let forge = self.forge.as_ref()?;
        forge.lines(revision.as_ref()?, source, line, line)
    }

    /// What the changes do to translations, a sentence for each page, which `name` writes.
    fn outdated(&self, name: &dyn Fn(&str) -> String) -> Vec<String> {
        impact_sentences(&self.translations, name)
    }

    /// The pages that differ.
    fn pages(&self) -> impl Iterator<Item = &PageReview> {
        self.list.pages.iter().map(AsRef::as_ref)
    }

    /// Counts of what happened: "3 pages changed, 1 added and 2 removed".
    fn counts(&self) -> String {
        let count = |status| {
            let pages = self.list.pages.iter();
            pages.filter(|page| page.status == status).count()
        };
        let all = [
            (Status::Changed, "changed"),
            (Status::Renamed, "renamed"),
            (Status::Added, "added"),
            (Status::Removed, "removed"),
        ];
        let mut parts: Vec<String> = Vec::new();
        for (status, word) in all {
            match (count(status), parts.is_empty()) {
                (0, _) => {}
                (1, true) => parts.push(format!("1 page {word}")),
                (many, true) => parts.push(format!("{many} pages {word}")),
                (many, false) => parts.push(format!("{many} {word}")),
            }
        }
        joined(&parts)
    }
}

/// The static site of a review.
pub fn review_site<'r>(review: &'r Review, report: &'r Report) -> StaticSite<'r> {
    StaticSite::new(Box::new(sides::ReviewSides::new(review)), report)
}

/// The static site of a comparison with a built one.
pub fn against_site<'r>(against: &'r Against, report: &'r Report) -> StaticSite<'r> {
    StaticSite::new(Box::new(against), report)
}
