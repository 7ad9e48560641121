//! Addresses and anchors of the base that lead nowhere now.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::Sides;
use super::{Editions, Pair, Review};
use crate::ages::{LineRange, SourceRanges};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::diff;
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::markdown::Heading;
use crate::site::{Database, Db as _, Output, queries};

/// A page at the base.
struct Was {
    source: SourcePath,
    /// Its path below the docs folder.
    path: String,
    /// The path of its output on the server.
    output: String,
    /// Its path on the server.
    address: String,
}

/// What the server answers now.
#[derive(Default)]
struct Served {
    /// The paths of all outputs.
    outputs: BTreeSet<String>,
    /// The pages by their sources: their paths below the docs folder, and on the server.
    pages: BTreeMap<SourcePath, (String, String)>,
    /// The former paths in the lists of redirects that some hosts read.
    redirects: Vec<String>,
}

impl Served {
    fn has(&self, was: &Was) -> bool {
        self.outputs.contains(&was.output)
            || self
                .redirects
                .iter()
                .any(|from| matches(from, &was.address))
    }
}

/// Whether a path is one that a line of `_redirects` begins with: `*` stands for any
/// rest, and `:name` for any folder.
fn matches(from: &str, address: &str) -> bool {
    let mut folders = address.trim_matches('/').split('/');
    for wanted in from.trim_matches('/').split('/') {
        match (wanted, folders.next()) {
            ("*", _) => return true,
            (wanted, Some(folder)) if wanted.starts_with(':') || wanted == folder => {}
            _ => return false,
        }
    }
    folders.next().is_none()
}

/// Whether a page is written by a build: drafts are only served.
fn is_published(db: &Database, source: &SourcePath) -> bool {
    let target = queries::link_target(db, db.entry(source));
    !target.is_some_and(|it| it.is_excluded)
}

impl Review {
    fn served(&self) -> Served {
        let mut served = Served::default();
        let addresses = self.now.addresses();
        for edition in &addresses.editions {
            let session = self.now.session(edition);
            let (_, (outputs, pages, list)) = session.ask(|db| {
                let all = queries::outputs(db);
                let is_written =
                    |output: &Output| output.page().is_none_or(|source| is_published(db, source));
                let outputs = all.iter().filter(|(_, output)| is_written(output));
                let outputs: Vec<String> = outputs.map(|(path, _)| path.clone()).collect();
                let list = all.get("_redirects").and_then(Output::asset).cloned();
                (outputs, queries::files(db), list)
            });
            let full = |path: &str| addresses.path_of(edition, path);
            served.outputs.extend(outputs.iter().map(|it| full(it)));
            for page in &pages.pages {
                let place = (page.path.clone(), full(&page.address.url));
                served.pages.entry(page.source.clone()).or_insert(place);
            }
            let list = list.and_then(|it| self.now.system().read(&it).ok());
            let list = String::from_utf8_lossy(&list.unwrap_or_default()).into_owned();
            let lines = list
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'));
            let from = lines.filter_map(|line| line.split_whitespace().next());
            served.redirects.extend(from.map(str::to_owned));
        }
        served
    }

    /// Whether the address that a page had may be gone.
    pub(super) fn may_be_lost(&self, editions: &Editions, pair: &Pair, sides: Sides<'_>) -> bool {
        let (Some((was, _)), Some((edition, _))) = (&pair.base, &editions.base) else {
            return false;
        };
        let Some((is, output)) = &pair.now else {
            return true;
        };
        let addresses = &editions.addresses;
        let is_elsewhere =
            addresses.0.path_of(edition, was) != addresses.1.path_of(&editions.now, is);
        let is_published = |source| sides.now.alone(|db| is_published(db, source));
        is_elsewhere || !output.page().is_some_and(is_published)
    }

    /// The pages of the base whose addresses are gone, and that nothing redirects from. A
    /// source that has several addresses is named once.
    pub(super) fn lost_addresses(&self, all: &[Editions]) -> Vec<Diagnostic> {
        let served = self.served();
        let mut moved: BTreeMap<SourcePath, SourcePath> = BTreeMap::new();
        for editions in all {
            let pairs = self.ask_both(editions, |sides| self.pairs(editions, sides));
            for pair in &pairs.all {
                if let (Some(was), Some(is)) = pair.sources() {
                    moved.insert(was.clone(), is.clone());
                }
            }
        }
        let mut seen = BTreeSet::new();
        let mut lost = Vec::new();
        let addresses = self.base.addresses();
        for edition in &addresses.editions {
            let session = self.base.session(edition);
            let (_, pages) = session.ask(|db| {
                let files = queries::files(db);
                let pages = files.pages.iter();
                let pages = pages.filter(|page| is_published(db, &page.source));
                let pages = pages.map(|page| Was {
                    source: page.source.clone(),
                    path: page.path.clone(),
                    output: addresses.path_of(edition, &page.address.output),
                    address: addresses.path_of(edition, &page.address.url),
                });
                pages.collect::<Vec<_>>()
            });
            for was in pages.iter().filter(|was| !served.has(was)) {
                if seen.insert(was.source.clone()) {
                    let (_, text) = session.ask(|db| text_of(db, &was.source));
                    let is = moved.get(&was.source).and_then(|it| served.pages.get(it));
                    lost.push(lost_address(was, is).at(Span::line(&was.source, &text, 1)));
                }
            }
        }
        let (_, levels) = self.now.main().ask(|db| queries::levels(db));
        levels.apply(&mut lost);
        lost
    }

    /// The anchors that a page had and has no longer, or that the page does not have to
    /// which it redirects now. If neither is there, nothing is said of its anchors.
    pub(super) fn lost_anchors(&self, pair: &Pair, sides: Sides<'_>) -> Vec<Diagnostic> {
        let (Some(base), Some((was_at, _)), Some(was)) = (sides.base, &pair.base, pair.sources().0)
        else {
            return Vec::new();
        };
        let redirected = || {
            sides.now.alone(|db| {
                let outputs = queries::outputs(db);
                queries::redirected_to(db, outputs.get(was_at)?)
            })
        };
        let is_redirected = pair.now.is_none();
        let Some(is) = pair.sources().1.cloned().or_else(redirected) else {
            return Vec::new();
        };
        let anchors = |db: &Database, source: &SourcePath| {
            db.alone(|db| queries::anchors(db, db.entry(source)))
        };
        let (old, new) = (anchors(base, was), anchors(sides.now, &is));
        if old.is_subset(&new) {
            return Vec::new();
        }
        let headings = |db: &Database, source: &SourcePath| {
            db.alone(|db| queries::outline(db, db.entry(source)))
        };
        let (then, now) = (headings(base, was), headings(sides.now, &is));
        // Links to the title of a page lead to its top, with or without an anchor.
        let title = then.headings.first().filter(|it| it.level == 1);
        let lost = old
            .difference(&new)
            .filter(|id| !diff::is_derived_id(id) && title.is_none_or(|title| title.id != **id));
        let places = base.alone(|db| places(&queries::shown_body(db, db.entry(was)).html));
        let lost = lost.map(|id| {
            let message = if is_redirected {
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
            let file = file.map_or_else(|| was.clone(), SourcePath::new);
            let line = place.map_or(1, |it| u32::try_from(it.first).unwrap_or(1));
            let text = base.alone(|db| text_of(db, &file));
            let span = Span::line(&file, &text, line);
            Diagnostic::new(Rule::LostAnchor, message)
                .at(span)
                .help(help)
        });
        lost.collect()
    }
}

fn text_of(db: &Database, source: &SourcePath) -> String {
    let text = queries::text(db, db.entry(source)).readable();
    text.map(|it| it.to_string()).unwrap_or_default()
}

/// The diagnostic for a page whose address is gone. `is` is where the page is now.
fn lost_address(was: &Was, is: Option<&(String, String)>) -> Diagnostic {
    let (address, old) = (&was.address, &was.path);
    let (message, help) = match is {
        Some((new, to)) if new != old => (
            format!("the page at `{address}` is at `{to}` now, and nothing redirects there"),
            format!("add `{old}: {new}` to `redirect_maps` of the plugin `redirects`"),
        ),
        Some((_, to)) => (
            format!("the page at `{address}` is at `{to}` now, and nothing redirects there"),
            "redirect the old address on the web server".to_owned(),
        ),
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

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn lists_of_redirects_have_wildcards() {
        for (from, address, expected) in [
            ("/old/", "/old/", true),
            ("/old", "/old/", true),
            ("/old/*", "/old/a/b/", true),
            ("/old/:page", "/old/a/", true),
            ("/old/:page", "/old/a/b/", false),
            ("/old", "/other/", false),
            ("/old", "/old/a/", false),
        ] {
            assert_eq!(matches(from, address), expected, "{from} {address}");
        }
    }
}
