//! What readers who come from elsewhere no longer find.

use std::sync::Arc;

use super::Review;
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::session::Places;
use crate::site::{Db as _, queries};
use crate::url;

/// How many redirects are followed from one address.
const MOST_REDIRECTS: usize = 8;

/// The output kind of redirects.
const REDIRECT: &str = "redirect";

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

/// A page of the base with the anchors that could be linked to.
struct Known {
    source: SourcePath,
    output: String,
    anchors: Vec<String>,
}

/// Where an address of the base leads now.
enum Leads {
    /// To a page.
    Page(Arc<crate::session::Session>, SourcePath),
    /// To something without anchors that are known.
    Elsewhere,
    Nowhere,
}

/// Whether readers could have linked to an anchor: ids that are numbered through the
/// page are made for its own scripts.
pub fn is_linkable(anchor: &str) -> bool {
    let internal = ["__", "fn:", "fnref:", "fn-", "fnref-"];
    !anchor.is_empty() && !internal.iter().any(|prefix| anchor.starts_with(prefix))
}

impl Review {
    /// The addresses and anchors of the base that are gone. Redirects are followed.
    pub fn losses(&self) -> Losses {
        let mut losses = Losses::default();
        let now = Places::of(&self.now);
        let base = self.base.addresses();
        for editions in self.editions() {
            let Some((edition, _)) = &editions.base else {
                continue;
            };
            let known = self.ask_both(&editions, |sides| {
                let pairs = self.pairs(&editions, sides);
                let pages = pairs.all.iter().filter_map(|pair| {
                    let (output, page) = pair.base.as_ref()?;
                    let (base, source) = (sides.base?, page.page()?);
                    let anchors = base.alone(|db| queries::anchors(db, db.entry(source)));
                    let anchors = anchors.iter().filter(|it| is_linkable(it));
                    Some(Known {
                        source: source.clone(),
                        output: output.clone(),
                        anchors: anchors.cloned().collect(),
                    })
                });
                pages.collect::<Vec<_>>()
            });
            for page in known {
                let place = Places::of_output(edition, &page.output);
                let address = base.path_of(edition, url::without_index(&page.output));
                let language = editions.now.language.clone();
                match leads(&now, &place) {
                    Leads::Nowhere => losses.pages.push(LostPage {
                        source: page.source.as_str().to_owned(),
                        address,
                        language,
                    }),
                    Leads::Page(session, source) => {
                        let there = session.ask(|db| queries::anchors(db, db.entry(&source))).1;
                        let mut anchors = page.anchors;
                        anchors.retain(|anchor| !there.contains(anchor));
                        if !anchors.is_empty() {
                            losses.anchors.push(LostAnchors {
                                source: source.as_str().to_owned(),
                                address,
                                language,
                                anchors,
                            });
                        }
                    }
                    Leads::Elsewhere => {}
                }
            }
        }
        losses
    }
}

/// Where a place leads now, through redirects.
fn leads(places: &Places, place: &str) -> Leads {
    let mut place = place.to_owned();
    for _ in 0..MOST_REDIRECTS {
        let Some(found) = places.find(&place) else {
            return Leads::Nowhere;
        };
        if let Some(source) = found.output.page() {
            return Leads::Page(found.session.clone(), source.clone());
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
        match next {
            Some(next) => place = next,
            None => return Leads::Elsewhere,
        }
    }
    Leads::Elsewhere
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
