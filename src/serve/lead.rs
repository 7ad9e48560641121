//! Follow mode: a tab goes where the hand at the keyboard is.

use std::sync::Arc;

use super::events::Event;
use super::places::Places;
use super::tabs::Tabs;
use crate::files::SourcePath;
use crate::languages::Edition;
use crate::session::{Revision, Session, Sites};
use crate::site::{Db as _, queries};
use crate::watch::ChangeBatch;

/// A page that is about to change, as it was.
pub(super) struct Saved {
    source: SourcePath,
    text: Option<Arc<str>>,
    edition: Edition,
    session: Arc<Session>,
}

impl Saved {
    /// The page that a batch saves, before it is applied. Where it saves
    /// several (a checkout, a replacement everywhere), there is nothing to
    /// follow.
    pub(super) fn of(batch: &ChangeBatch, sites: &Sites) -> Option<Self> {
        let ChangeBatch::Paths(paths) = batch else {
            return None;
        };
        let mut pages = paths.iter().filter(|path| path.is_markdown());
        let source = pages.next().filter(|_| pages.next().is_none())?.clone();
        let addresses = sites.addresses();
        let mut owners = addresses.editions.iter().filter_map(|edition| {
            let session = sites.session(edition);
            let address = address_of(&session, &source);
            address.map(|_| (edition.clone(), session))
        });
        let (edition, session) = owners.next()?;
        Some(Self {
            text: text_of(&session, &source),
            source,
            edition,
            session,
        })
    }

    /// Leads the tabs that follow to the page, if its text is another now: those
    /// that show it to the line, else one of them to the page.
    pub(super) fn lead(&self, tabs: &Tabs, places: &Places, revision: Revision) {
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

/// The address of the page that a source is, relative to its site's root.
fn address_of(session: &Session, source: &SourcePath) -> Option<String> {
    let outputs = session.ask(|db| queries::outputs(db)).1;
    let mut outputs = outputs.iter();
    let (path, _) = outputs.find(|(_, output)| output.page() == Some(source))?;
    let folder = path.strip_suffix("index.html");
    Some(folder.unwrap_or(path).to_owned())
}

/// The first line, from 1, of `is` that is another than in `was`; of lines
/// that were only taken out, the one that took their place.
fn first_difference(was: &str, is: &str) -> Option<u32> {
    if was == is {
        return None;
    }
    let same = was
        .lines()
        .zip(is.lines())
        .take_while(|(was, is)| was == is);
    let line = (same.count() + 1).min(is.lines().count().max(1));
    u32::try_from(line).ok()
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
