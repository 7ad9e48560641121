//! Compares the pages of a project with a site that another tool has built from it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::shelf::{FolderShelf, Shelf, SitesShelf, Thing, are_same};
use super::sides::{AT_BASE, Comparison};
use crate::diff::{self, Difference, Level, Marking, Side};
use crate::files::Disk;
use crate::html::{self, Token};
use crate::languages::LanguageSite;
use crate::session::review::{
    Losses, LostAnchors, LostPage, MarkedPage, PageReview, ReviewList, Status, is_linkable,
};
use crate::session::{Places, Sites};
use crate::site::{Database, Db as _, Output, queries};
use crate::url;

/// A project and the site that another tool has built from it.
pub struct Against {
    sites: Arc<Sites>,
    now: SitesShelf,
    old: FolderShelf,
    /// What addresses of the site may begin with, whole or from the server's root.
    roots: Vec<String>,
}

/// A page on one side or on both, by its places.
#[derive(Clone)]
struct Pair {
    now: Option<(String, Output)>,
    old: Option<String>,
}

/// The article of a page.
struct Body {
    html: String,
    range: std::ops::Range<usize>,
    place: String,
}

impl Body {
    fn text(&self) -> &str {
        &self.html[self.range.clone()]
    }
}

impl Against {
    /// Compares with the site in the folder `old`.
    pub fn new(sites: Arc<Sites>, old: Disk) -> Self {
        let addresses = sites.addresses();
        let config = sites.main().ask(|db| queries::config(db)).1;
        let mut roots: Vec<String> = Vec::new();
        // That of a language's site is longer than the one of all.
        if let Some(url) = config.and_then(|config| config.site_url.clone()) {
            let site = &addresses.main().site;
            roots.push(url.strip_suffix(site.as_str()).unwrap_or(&url).to_owned());
        }
        roots.push(addresses.root.clone());
        Self {
            now: SitesShelf::new(sites.clone()),
            old: FolderShelf::new(old, addresses.root.clone()),
            sites,
            roots,
        }
    }

    /// Compares all pages.
    pub fn list(&self) -> (ReviewList, Losses) {
        let mut list = ReviewList::default();
        let mut losses = Losses::default();
        let addresses = self.sites.addresses();
        let mut known: BTreeSet<String> = BTreeSet::new();
        for edition in &addresses.editions {
            let session = self.sites.session(edition);
            let compared = session.ask(|db| {
                let outputs = queries::outputs(db);
                let pairs = outputs.iter().filter_map(|(path, output)| {
                    output.page()?;
                    let place = addresses.place(edition, path)?;
                    Some(Pair {
                        old: self.old_place(&place),
                        now: Some((place, output.clone())),
                    })
                });
                let pairs: Vec<Pair> = pairs.collect();
                let found = pairs.par_iter().map_with(db.clone(), |db, pair| {
                    let (review, lost) = self.compare(db, edition, pair);
                    (pair.old.clone(), review, lost)
                });
                found.collect::<Vec<_>>()
            });
            for (old, review, lost) in compared.1 {
                known.extend(old);
                list.compared += 1;
                list.pages.extend(review.map(Arc::new));
                losses.anchors.extend(lost);
            }
        }
        for place in self.old.pages() {
            if !known.contains(&place)
                && self.now.thing(&place).is_none()
                && let Some(page) = self.only_old(&place)
            {
                losses.pages.push(LostPage {
                    source: page.source.clone(),
                    address: page.address.clone(),
                    language: page.language.clone(),
                });
                list.compared += 1;
                list.pages.push(Arc::new(page));
            }
        }
        (list, losses)
    }

    /// Whether the old site has any page that the project has too.
    pub fn has_pages(&self) -> bool {
        let places = self.old.pages();
        places.iter().any(|place| {
            let other = place
                .strip_suffix("/index.html")
                .map(|it| format!("{it}.html"));
            let is_page = |place: &str| self.now.thing(place) == Some(Thing::Page);
            is_page(place) || other.is_some_and(|it| is_page(&it))
        })
    }

    /// Where the old site has the page of a place: its addresses may be of the other
    /// form.
    fn old_place(&self, place: &str) -> Option<String> {
        let other = match place.strip_suffix("/index.html") {
            Some(page) => format!("{page}.html"),
            None => format!("{}/index.html", place.strip_suffix(".html")?),
        };
        let places = [place.to_owned(), other];
        let mut places = places.into_iter();
        places.find(|place| self.old.thing(place) == Some(Thing::Page))
    }

    fn bodies(&self, db: &Database, pair: &Pair) -> Option<(Option<Body>, Option<Body>)> {
        let mut has_heading = false;
        let now = pair.now.as_ref().and_then(|(place, output)| {
            let html = queries::produce_cached(db, output).as_text()?;
            let body = queries::shown_body(db, db.entry(output.page()?));
            has_heading = body.html.contains("<h1");
            let range = diff::article(&html, Some(&body.html)).range;
            Some(Body {
                range,
                html: html.to_string(),
                place: place.clone(),
            })
        });
        if pair.now.is_some() && now.is_none() {
            return None;
        }
        let old = pair.old.as_ref().and_then(|place| {
            let html = self.old.text(place)?;
            Some(Body {
                range: diff::foreign_body(&html, has_heading),
                html,
                place: place.clone(),
            })
        });
        Some((old, now))
    }

    fn difference(&self, old: Option<&Body>, now: Option<&Body>) -> Difference {
        let (was, is) = (old.map_or("", Body::text), now.map_or("", Body::text));
        let exchanged = match (old, now) {
            (Some(old), Some(now)) => self.exchanged(old, now),
            _ => BTreeSet::new(),
        };
        let place = |body: Option<&Body>| body.map_or(String::new(), |body| body.place.clone());
        let places = (place(old), place(now));
        let base = Side {
            html: was,
            meaning: &|it| self.meaning(it, &places.0),
            content: &|it| exchanged.contains(it).then_some(0),
        };
        let now = Side {
            html: is,
            meaning: &|it| self.meaning(it, &places.1),
            content: &|it| exchanged.contains(it).then_some(1),
        };
        diff::difference(&base, &now)
    }

    /// The pictures that are not the same on both sides, by their addresses as
    /// written now.
    fn exchanged(&self, old: &Body, now: &Body) -> BTreeSet<String> {
        let shown = diff::shown(now.text()).into_iter();
        let shown = shown.filter(|address| {
            let path = url::split(address).0;
            if path.is_empty() || url::is_absolute(path) {
                return false;
            }
            let place = |page: &str| url::resolve(&url::unquote(path)?, page);
            let (Some(was), Some(is)) = (place(&old.place), place(&now.place)) else {
                return false;
            };
            let exists = |shelf: &dyn Shelf, place: &str| shelf.thing(place) == Some(Thing::Asset);
            exists(&self.old, &was)
                && exists(&self.now, &is)
                && !are_same(&self.old, &self.now, (&was, &is))
        });
        shown.collect()
    }

    /// What an address leads to, whichever way it is written.
    fn meaning(&self, address: &str, place: &str) -> Option<String> {
        let (path, rest) = url::split(address);
        let mut roots = self.roots.iter();
        let rooted = roots.find_map(|root| match path.strip_prefix(root.as_str()) {
            None => (format!("{path}/") == *root).then_some(""),
            below => below,
        });
        let target = match rooted {
            Some(below) => url::resolve(&url::unquote(below)?, "")?,
            None if url::is_absolute(address) => return None,
            None if path.is_empty() => place.to_owned(),
            None => url::resolve(&url::unquote(path)?, place)?,
        };
        let target = target.strip_suffix(".html").unwrap_or(&target);
        let target = match target.strip_suffix("index") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => target,
        };
        let rest = url::without_empty(rest);
        let rest = url::unquote(&rest).unwrap_or_default();
        Some(format!("{}{rest}", target.trim_end_matches('/')))
    }

    fn compare(
        &self,
        db: &Database,
        edition: &LanguageSite,
        pair: &Pair,
    ) -> (Option<PageReview>, Option<LostAnchors>) {
        let (Some((old, now)), Some((place, output))) = (self.bodies(db, pair), &pair.now) else {
            return (None, None);
        };
        let (Some(now), Some(source)) = (now, output.page()) else {
            return (None, None);
        };
        let changes = self.difference(old.as_ref(), Some(&now)).changes;
        let address = format!("{}{}", self.now.root(), url::without_index(place));
        let lost = old.as_ref().and_then(|old| {
            let there: BTreeSet<String> =
                html::fragments(now.text()).map(Cow::into_owned).collect();
            let mut anchors: Vec<String> =
                html::fragments(old.text()).map(Cow::into_owned).collect();
            anchors.retain(|it| is_linkable(it) && !there.contains(it));
            (!anchors.is_empty()).then(|| LostAnchors {
                source: source.as_str().to_owned(),
                address: address.clone(),
                language: edition.language.clone(),
                anchors,
            })
        });
        if old.is_some() && changes.is_empty() {
            return (None, lost);
        }
        let review = PageReview {
            source: source.as_str().to_owned(),
            address,
            language: edition.language.clone(),
            title: html::striptags(&queries::meta(db, db.entry(source)).title),
            status: if old.is_some() {
                Status::Changed
            } else {
                Status::Added
            },
            from: None,
            reasons: Vec::new(),
            changes,
        };
        (Some(review), lost)
    }

    /// A page that only the old site has; `None` if it is none that readers look for.
    fn only_old(&self, place: &str) -> Option<PageReview> {
        let name = place.rsplit('/').next().unwrap_or(place);
        if name == "404.html" || place == "search.html" {
            return None;
        }
        let html = self.old.text(place)?;
        if is_redirect(&html) {
            return None;
        }
        let body = Body {
            range: diff::foreign_body(&html, true),
            html,
            place: place.to_owned(),
        };
        let addresses = self.sites.addresses();
        let address = format!("{}{}", self.now.root(), url::without_index(place));
        let (edition, _) = addresses.find(&address);
        Some(PageReview {
            source: place.to_owned(),
            address,
            language: edition.language.clone(),
            title: title(&body.html),
            status: Status::Removed,
            from: None,
            reasons: Vec::new(),
            changes: self.difference(Some(&body), None).changes,
        })
    }
}

impl Comparison for &Against {
    fn now(&self) -> &dyn Shelf {
        &self.now
    }

    fn base(&self) -> &dyn Shelf {
        &self.old
    }

    fn place_at_base(&self, page: &PageReview) -> Option<String> {
        let place = url::index_of(page.address.strip_prefix(self.now.root())?);
        match page.status {
            Status::Removed => Some(place),
            _ => self.old_place(&place),
        }
    }

    fn marked(&self, page: &PageReview) -> MarkedPage {
        let places = Places::of(&self.sites);
        let Some(place) = places.of_path(&page.address) else {
            return MarkedPage::default();
        };
        let found = places.find(&place).filter(|it| it.output.is_document);
        let pair = Pair {
            old: match page.status {
                Status::Removed => Some(place.clone()),
                _ => self.old_place(&place),
            },
            now: found.as_ref().map(|it| (place, it.output.clone())),
        };
        let session = found.map_or_else(|| self.sites.main().clone(), |it| it.session);
        let html = session.ask(|db| {
            let (old, now) = self.bodies(db, &pair)?;
            let difference = self.difference(old.as_ref(), now.as_ref());
            let old_place = pair.old.as_deref().unwrap_or_default();
            let address_at_base = |address: &str| {
                let (path, rest) = url::split(address);
                if path.is_empty() || url::is_absolute(path) {
                    return None;
                }
                Some(format!("{AT_BASE}{}{rest}", url::resolve(path, old_place)?))
            };
            let marking = Marking {
                at_base: &address_at_base,
                levels: &[Level::Text, Level::Markup],
            };
            let (was, is) = (
                old.as_ref().map_or("", Body::text),
                now.as_ref().map_or("", Body::text),
            );
            let article = diff::render(was, is, &difference, &marking);
            let shown = now.as_ref().or(old.as_ref())?;
            let (before, after) = (
                &shown.html[..shown.range.start],
                &shown.html[shown.range.end..],
            );
            Some([before, &article, after].concat())
        });
        MarkedPage {
            html: html.1,
            keys: diff::keys(&page.changes),
            review: None,
        }
    }
}

/// Whether a page does nothing but lead to another one.
fn is_redirect(page: &str) -> bool {
    html::tokens(page).any(|(token, _)| {
        matches!(token, Token::Start { name, attributes, .. }
            if name.eq_ignore_ascii_case("meta")
                && html::attribute(attributes, "http-equiv")
                    .is_some_and(|it| it.eq_ignore_ascii_case("refresh")))
    })
}

/// The title of a page as text.
fn title(page: &str) -> String {
    let mut is_title = false;
    for (token, _) in html::tokens(page) {
        match token {
            Token::Start { name, .. } => is_title = name.eq_ignore_ascii_case("title"),
            Token::Text(text) if is_title => return html::unescape(text).trim().to_owned(),
            _ => {}
        }
    }
    String::new()
}
