//! What readers who come from elsewhere no longer find.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::compare::Sides;
use super::{Editions, Pair, Review};
use crate::diff;
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::session::{Places, Session};
use crate::site::{Database, Db as _, Output, queries};
use crate::url;

/// How many redirects are followed from one address.
const MOST_REDIRECTS: usize = 8;

/// The output kind of redirects.
const REDIRECT: &str = "redirect";

/// The list of redirects that some hosts read.
const LIST: &str = "_redirects";

/// An address of the base that leads nowhere now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostPage {
    /// The source of the page that was there.
    pub source: String,
    /// Its path on the server.
    pub address: String,
    /// Its language; `None` for a project without languages.
    pub language: Option<String>,
}

/// Anchors of a page of the base that the page at its address lacks now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostAnchors {
    /// The source of the page that is there now.
    pub source: String,
    /// The path on the server that the anchors were below.
    pub address: String,
    /// The language; `None` for a project without languages.
    pub language: Option<String>,
    /// The anchors.
    pub anchors: Vec<String>,
}

/// What links from elsewhere no longer lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// Addresses that are gone without a redirect.
    pub pages: Vec<LostPage>,
    /// Anchors that are gone.
    pub anchors: Vec<LostAnchors>,
}

/// A page that readers could find at the base.
pub(super) struct Was {
    pub(super) session: Arc<Session>,
    pub(super) source: SourcePath,
    /// Its path on the server.
    pub(super) address: String,
    language: Option<String>,
    /// Its place among the outputs of all languages.
    place: String,
    /// The same page, wherever it is now.
    is: Option<There>,
}

/// A page as it is now.
#[derive(Clone)]
pub(super) struct There {
    pub(super) session: Arc<Session>,
    pub(super) source: SourcePath,
}

/// What is lost of a page.
pub(super) struct Loss<'w> {
    pub(super) was: &'w Was,
    /// Where the page is now if nothing leads there from its address.
    pub(super) gone: Option<Option<There>>,
    /// The page that lacks anchors, and these.
    pub(super) anchors: Option<(There, Vec<String>)>,
    /// Whether its address leads to another page.
    pub(super) is_redirected: bool,
}

/// Where an address of the base leads now.
enum Leads {
    Page {
        there: There,
        is_redirected: bool,
    },
    /// To something without anchors that are known.
    Elsewhere,
    Nowhere,
}

/// Whether readers could have linked to an anchor: ids that are numbered through the
/// page are made for its own scripts.
pub fn is_linkable(anchor: &str) -> bool {
    !anchor.is_empty() && !anchor.starts_with("__") && !diff::is_derived_id(anchor)
}

/// Whether a page is written by a build: drafts are only served.
fn is_published(db: &Database, source: &SourcePath) -> bool {
    let target = queries::link_target(db, db.entry(source));
    !target.is_some_and(|it| it.is_excluded)
}

impl Review {
    /// The addresses and anchors of the base that are gone. Redirects are followed.
    pub fn losses(&self) -> Losses {
        let mut losses = Losses::default();
        let known = self.known_to_readers(&self.editions());
        for loss in self.losses_of(&known) {
            let was = loss.was;
            if loss.gone.is_some() {
                losses.pages.push(LostPage {
                    source: was.source.as_str().to_owned(),
                    address: was.address.clone(),
                    language: was.language.clone(),
                });
            }
            if let Some((there, anchors)) = loss.anchors {
                losses.anchors.push(LostAnchors {
                    source: there.source.as_str().to_owned(),
                    address: was.address.clone(),
                    language: was.language.clone(),
                    anchors,
                });
            }
        }
        losses
    }

    /// All pages that readers could find at the base.
    pub(super) fn known_to_readers(&self, all: &[Editions]) -> Vec<Was> {
        let known = all.iter().flat_map(|editions| {
            self.ask_both(editions, |sides| {
                let pairs = self.pairs(editions, sides);
                let pages = pairs.all.iter();
                let pages = pages.filter_map(|pair| Was::of(editions, pair, sides));
                pages.collect::<Vec<_>>()
            })
        });
        known.collect()
    }

    /// What is lost of these pages.
    pub(super) fn losses_of<'w>(&self, pages: &'w [Was]) -> Vec<Loss<'w>> {
        if pages.is_empty() {
            return Vec::new();
        }
        let now = Found {
            places: Places::of(&self.now),
            listed: std::cell::OnceCell::new(),
            review: self,
        };
        let losses = pages.iter().filter_map(|was| {
            let (there, is_redirected, gone) = match now.leads(was) {
                Leads::Page {
                    there,
                    is_redirected,
                } => (Some(there), is_redirected, None),
                Leads::Nowhere => (was.is.clone(), false, Some(was.is.clone())),
                Leads::Elsewhere => return None,
            };
            let anchors = there.and_then(|there| {
                let anchors = was.anchors_missing_in(&there);
                (!anchors.is_empty()).then_some((there, anchors))
            });
            (gone.is_some() || anchors.is_some()).then_some(Loss {
                was,
                gone,
                anchors,
                is_redirected,
            })
        });
        losses.collect()
    }
}

impl Was {
    /// `None` if readers could not find the page.
    pub(super) fn of(editions: &Editions, pair: &Pair, sides: Sides<'_>) -> Option<Self> {
        let (edition, session) = editions.base.as_ref()?;
        let (output, page) = pair.base.as_ref()?;
        let (base, source) = (sides.base?, page.page()?);
        let published =
            |db: &Database, source: &SourcePath| db.alone(|db| is_published(db, source));
        if !published(base, source) {
            return None;
        }
        let is = pair.sources().1.filter(|it| published(sides.now, it));
        Some(Self {
            session: session.clone(),
            source: source.clone(),
            address: editions
                .addresses
                .0
                .path_of(edition, url::without_index(output)),
            language: editions.now.language.clone(),
            place: Places::of_output(edition, output),
            is: is.map(|source| There {
                session: editions.session.clone(),
                source: source.clone(),
            }),
        })
    }

    /// The anchors that it had and that are not in a page. Links to its title lead to
    /// the top of the page, with or without an anchor.
    fn anchors_missing_in(&self, there: &There) -> Vec<String> {
        let anchors = |session: &Session, source: &SourcePath| {
            session.ask(|db| queries::anchors(db, db.entry(source))).1
        };
        let old = anchors(&self.session, &self.source);
        let new: Arc<BTreeSet<String>> = anchors(&there.session, &there.source);
        let mut missing: Vec<String> = old.difference(&new).cloned().collect();
        missing.retain(|it| is_linkable(it));
        if !missing.is_empty() {
            let outline = |db: &Database| queries::outline(db, db.entry(&self.source));
            let headings = self.session.ask(outline).1;
            let title = headings.headings.first().filter(|it| it.level == 1);
            missing.retain(|it| title.is_none_or(|title| title.id != *it));
        }
        missing
    }
}

/// What there is now.
struct Found<'r> {
    places: Places,
    /// The former paths in the lists of redirects that some hosts read.
    listed: std::cell::OnceCell<Vec<String>>,
    review: &'r Review,
}

impl Found<'_> {
    /// Where the address of a page leads now, through redirects.
    fn leads(&self, was: &Was) -> Leads {
        let mut place = was.place.clone();
        for redirects in 0..MOST_REDIRECTS {
            let Some(found) = self.places.find(&place) else {
                break;
            };
            if let Some(source) = found.output.page() {
                if !found.session.ask(|db| is_published(db, source)).1 {
                    break;
                }
                let there = There {
                    session: found.session.clone(),
                    source: source.clone(),
                };
                return Leads::Page {
                    there,
                    is_redirected: redirects > 0,
                };
            }
            if found.output.kind.name != REDIRECT {
                return Leads::Elsewhere;
            }
            let produced = found.session.ask(|db| queries::produce(db, &found.output));
            let target = produced.1.as_text().and_then(|page| target_of(&page));
            let Some(target) = target.filter(|it| !url::is_absolute(it)) else {
                return Leads::Elsewhere;
            };
            let path = url::split(&target).0;
            let next = url::unquote(path).and_then(|path| url::resolve(&path, &place));
            let Some(next) = next else {
                return Leads::Elsewhere;
            };
            place = url::index_of(&next);
        }
        // Where the host leads to is its own affair.
        let mut listed = self.listed().iter();
        if listed.any(|from| matches(from, &was.address)) {
            Leads::Elsewhere
        } else {
            Leads::Nowhere
        }
    }

    fn listed(&self) -> &[String] {
        self.listed.get_or_init(|| {
            let now = &self.review.now;
            let editions = self.places.addresses.editions.iter();
            let lists = editions.filter_map(|edition| {
                let outputs = now.session(edition).ask(|db| queries::outputs(db)).1;
                let source = outputs.get(LIST).and_then(Output::asset)?;
                let list = now.system().read(source).ok()?;
                Some(former_paths(&String::from_utf8_lossy(&list)))
            });
            lists.flatten().collect()
        })
    }
}

/// The former paths in a list of redirects.
fn former_paths(list: &str) -> Vec<String> {
    let lines = list.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.starts_with('#'));
    let first = lines.filter_map(|line| line.split_whitespace().next());
    first.map(str::to_owned).collect()
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

/// The address that a page made by [`html::redirect`] leads to.
fn target_of(page: &str) -> Option<String> {
    html::tokens(page).find_map(|(token, _)| match token {
        Token::Start {
            name: "link",
            attributes,
            ..
        } if html::attribute(attributes, "rel").as_deref() == Some("canonical") => {
            html::attribute(attributes, "href").map(std::borrow::Cow::into_owned)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{former_paths, matches};

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
        assert_eq!(former_paths("# /c\n\n /a /b 301\n/b\n"), ["/a", "/b"]);
    }
}
