//! Follow mode: a tab goes to the page that was just saved.

use std::sync::Arc;

use super::events::Event;
use super::routing::Routes;
use super::tabs::Tabs;
use crate::files::SourcePath;
use crate::languages::LanguageSite;
use crate::session::{Revision, Session, Sites};
use crate::site::{Db as _, queries};
use crate::watch::ChangeBatch;

/// The state of a page before it is saved.
pub(super) struct Saved {
    source: SourcePath,
    text: Option<Arc<str>>,
    edition: LanguageSite,
    session: Arc<Session>,
}

impl Saved {
    /// The page that a batch saves, before the batch is applied. `None` if it
    /// changes several pages, like a checkout or a search and replace does.
    pub(super) fn of(batch: &ChangeBatch, sites: &Sites) -> Option<Self> {
        let ChangeBatch::Paths(paths) = batch else {
            return None;
        };
        let mut pages = paths.iter().filter(|path| path.is_markdown());
        let (Some(source), None) = (pages.next(), pages.next()) else {
            return None;
        };
        let addresses = sites.addresses();
        let mut owners = addresses.editions.iter().filter_map(|edition| {
            let session = sites.session(edition);
            address_of(&session, source)?;
            Some((edition.clone(), session))
        });
        let (edition, session) = owners.next()?;
        Some(Self {
            text: text_of(&session, source),
            source: source.clone(),
            edition,
            session,
        })
    }

    /// Takes following tabs to the page if its text has changed. Tabs that show
    /// the page scroll to the line; if none does, one of them opens the page.
    pub(super) fn lead(&self, tabs: &Tabs, places: &Routes, revision: Revision) {
        let (Some(was), Some(is)) = (&self.text, text_of(&self.session, &self.source)) else {
            return;
        };
        let Some(line) = first_difference(was, &is) else {
            return;
        };
        let Some(address) = address_of(&self.session, &self.source) else {
            return;
        };
        tabs.lead(Event::Follow {
            revision,
            path: places.addresses().path_of(&self.edition, &address),
            source: self.source.as_str().to_owned(),
            line,
        });
    }
}

fn text_of(session: &Session, source: &SourcePath) -> Option<Arc<str>> {
    let text = session
        .ask(|db| queries::text(db, db.entry(source)).clone())
        .1;
    match text {
        queries::Text::Present(text) => Some(text),
        _ => None,
    }
}

/// The address of a source's page, relative to the root of its site.
fn address_of(session: &Session, source: &SourcePath) -> Option<String> {
    let outputs = session.ask(|db| queries::outputs(db)).1;
    let mut outputs = outputs.iter();
    let (path, _) = outputs.find(|(_, output)| output.page() == Some(source))?;
    let folder = path.strip_suffix("index.html");
    Some(folder.unwrap_or(path).to_owned())
}

/// The first line, from 1, in which `is` differs from `was`; where lines were
/// removed, the line that follows them.
fn first_difference(was: &str, is: &str) -> Option<u32> {
    if was == is {
        return None;
    }
    let same = was
        .lines()
        .zip(is.lines())
        .take_while(|(was, is)| was == is);
    let line = (same.count() + 1).min(is.lines().count().max(1));
    Some(u32::try_from(line).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn finds_where_a_text_was_changed() {
        for (was, is, line) in [
            ("a\nb\n", "a\nb\n", None),
            ("a\nb\n", "a\nc\n", Some(2)),
            ("a\n", "a\n\nb\n", Some(2)),
            ("a\nb\n", "a\n", Some(1)),
            ("a\n", "", Some(1)),
            ("", "a\n", Some(1)),
            ("a\n", "a", Some(1)),
        ] {
            assert_eq!(first_difference(was, is), line, "{was:?} {is:?}");
        }
    }
}
