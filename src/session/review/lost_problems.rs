//! Addresses and anchors that are lost, as problems.

use std::collections::{BTreeMap, BTreeSet};

use super::Review;
use super::losses::{Loss, There, Was};
use crate::ages::{LineRange, SourceRanges};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::markdown::Heading;
use crate::session::Session;
use crate::site::{Db as _, queries};

impl Review {
    /// What is lost of these pages, with the levels that the site sets. A source that has
    /// several addresses is named once.
    pub(super) fn lost_problems(&self, pages: &[Was]) -> Vec<Diagnostic> {
        let mut seen = BTreeSet::new();
        let mut problems = Vec::new();
        for loss in self.losses_of(pages) {
            let was = loss.was;
            if let Some(is) = &loss.gone
                && seen.insert(was.source.clone())
            {
                let span = Span::line(&was.source, &text_of(&was.session, &was.source), 1);
                problems.push(self.lost_address(was, is.as_ref()).at(span));
            }
            problems.extend(lost_anchors(&loss));
        }
        if !problems.is_empty() {
            let levels = self.now.main().ask(|db| queries::levels(db)).1;
            levels.apply(&mut problems);
        }
        problems
    }

    /// The problem with a page whose address is gone. `is` is where the page is now.
    fn lost_address(&self, was: &Was, is: Option<&There>) -> Diagnostic {
        let path = |session: &Session, source: &SourcePath| {
            let files = session.ask(|db| queries::files(db)).1;
            let mut pages = files.pages.iter();
            let page = pages.find(|page| page.source == *source)?;
            Some((page.path.clone(), page.address.url.clone()))
        };
        let address = &was.address;
        let old = path(&was.session, &was.source).unwrap_or_default().0;
        let there = is.and_then(|it| Some((it, path(&it.session, &it.source)?)));
        let (message, help) = match there {
            Some((is, (new, url))) => {
                let addresses = self.now.addresses();
                let mut editions = addresses.editions.iter();
                let edition =
                    editions.find(|it| std::sync::Arc::ptr_eq(&self.now.session(it), &is.session));
                let to = edition.map_or(url.clone(), |it| addresses.path_of(it, &url));
                let help = if new == old {
                    "redirect the old address on the web server".to_owned()
                } else {
                    format!("add `{old}: {new}` to `redirect_maps` of the plugin `redirects`")
                };
                (
                    format!(
                        "the page at `{address}` is at `{to}` now, and nothing redirects there"
                    ),
                    help,
                )
            }
            None => (
                format!("the page at `{address}` is gone, and nothing redirects from there"),
                format!(
                    "if readers find the same on another page, add `{old}: other.md` to \
                     `redirect_maps` of the plugin `redirects`"
                ),
            ),
        };
        Diagnostic::new(Rule::LostAddress, message).help(help)
    }
}

/// The problems with the anchors of a page that are gone.
fn lost_anchors(loss: &Loss<'_>) -> Vec<Diagnostic> {
    let (was, Some((is, anchors))) = (loss.was, &loss.anchors) else {
        return Vec::new();
    };
    let headings = |session: &Session, source: &SourcePath| {
        session.ask(|db| queries::outline(db, db.entry(source))).1
    };
    let then = headings(&was.session, &was.source);
    let now = headings(&is.session, &is.source);
    let body = |source: &SourcePath| {
        let session = &was.session;
        session
            .ask(|db| queries::shown_body(db, db.entry(source)))
            .1
    };
    let places = places(&body(&was.source).html);
    let problems = anchors.iter().map(|id| {
        let message = if loss.is_redirected {
            let is = &is.source;
            format!("the anchor `#{id}` is not in `{is}`, to which the page redirects")
        } else {
            format!("the anchor `#{id}` is gone, so links to it lead to the top of the page")
        };
        let help = match successor(&then.headings, &now.headings, id) {
            Some(heading) => format!(
                "keep the id: write `{{ #{id} }}` behind the heading `{}`",
                html::striptags(&heading.title)
            ),
            None => format!("keep the id: write `<a id=\"{id}\"></a>` where links to it lead"),
        };
        let place = places.get(id).cloned().flatten();
        let file = place.as_ref().and_then(|it| it.file.as_ref());
        let file = file.map_or_else(|| was.source.clone(), SourcePath::new);
        let line = place.map_or(1, |it| u32::try_from(it.first).unwrap_or(1));
        let span = Span::line(&file, &text_of(&was.session, &file), line);
        Diagnostic::new(Rule::LostAnchor, message)
            .at(span)
            .help(help)
    });
    problems.collect()
}

fn text_of(session: &Session, source: &SourcePath) -> String {
    let text = session.ask(|db| queries::text(db, db.entry(source)).readable());
    text.1.map(|it| it.to_string()).unwrap_or_default()
}

/// Where the ids on a page come from.
fn places(html: &str) -> BTreeMap<String, Option<LineRange>> {
    let mut places = BTreeMap::new();
    let mut last = None;
    for (token, _) in html::tokens(html) {
        let Token::Start { attributes, .. } = token else {
            continue;
        };
        if let Some(written) = html::attribute(attributes, "data-src") {
            last = SourceRanges::read(&written).map(|it| it.text().clone());
        }
        for key in ["id", "name"] {
            if let Some(id) = html::attribute(attributes, key) {
                places
                    .entry(id.into_owned())
                    .or_insert_with(|| last.clone());
            }
        }
    }
    places
}

/// The heading that has come in the place of the one with this id: the only new one
/// between the same neighbours.
fn successor<'h>(then: &[Heading], now: &'h [Heading], id: &str) -> Option<&'h Heading> {
    let place = |headings: &[Heading], id: &str| headings.iter().position(|it| it.id == id);
    let at = place(then, id)?;
    let kept = |heading: &Heading| place(now, &heading.id);
    let before = then[..at].iter().rev().find_map(kept);
    let behind = then[at + 1..].iter().find_map(kept);
    let first = before.map_or(0, |it| it + 1);
    let between = now.get(first..behind.unwrap_or(now.len()))?;
    let mut new = between.iter().filter(|it| place(then, &it.id).is_none());
    let (heading, None) = (new.next()?, new.next()) else {
        return None;
    };
    // Another one that is gone there may be meant as well.
    let is_alone = |neighbour: Option<&Heading>| neighbour.is_none_or(|it| kept(it).is_some());
    let is_alone =
        is_alone(at.checked_sub(1).and_then(|it| then.get(it))) && is_alone(then.get(at + 1));
    is_alone.then_some(heading)
}
