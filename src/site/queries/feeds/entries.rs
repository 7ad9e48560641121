//! What a feed tells of a page.

use std::sync::Arc;

use super::selection::feed_dates;
use crate::feeds::{
    self, Abstract, FeedRules, Image, Links, start_of, with_absolute_links, without_title,
};
use crate::files::SourcePath;
use crate::markdown::without_source_lines;
use crate::site::inputs::now;
use crate::site::queries::cards;
use crate::site::queries::docs_files::address;
use crate::site::queries::feed_rules::rules;
use crate::site::queries::fronts::after_front;
use crate::site::queries::posts::post;
use crate::site::queries::settings::site_url;
use crate::site::queries::shown_navs::title;
use crate::site::queries::sources::{is_shared, stamp};
use crate::site::queries::views::{authors, page_text};
use crate::site::queries::{body, front, front_matter, prepared, target};
use crate::site::{Db, Entry};
use crate::url;
use crate::yaml::Timestamp;

/// The entry of a page in a feed.
#[salsa::tracked(returns(clone))]
pub(super) fn entry(db: &dyn Db, page: Entry, nth: usize) -> Option<Arc<feeds::Entry>> {
    let all = rules(db);
    let rules = all.get(nth)?;
    let dates = feed_dates(db, page, nth)?;
    let meta = front(db, page);
    let site = site_url(db);
    let own = address(db, page)?.url;
    let own = site.as_ref().map(|site| url::join(site, &own));
    let now = Timestamp::from(now(db));
    let created = dates.created.unwrap_or(now);
    // Whoever knows the authors of posts knows those of the first blog.
    let known = post(db, page).and_then(|_| Some(authors(db).first()?.0.clone()));
    let (described, is_whole) = description(db, page, rules);
    Some(Arc::new(feeds::Entry {
        title: title(db, page),
        link: own.as_ref().map(|own| rules.link(own)),
        comments: own.as_ref().and_then(|own| rules.comments_of(own)),
        authors: rules.authors(&meta, known.as_deref()),
        categories: rules.categories_of(&meta),
        description: match (rules.links, &own) {
            (Links::Absolute, Some(own)) => with_absolute_links(&described, own),
            _ => described,
        },
        is_whole,
        image: FeedRules::image_of(&meta)
            .map(|written| image(db, &page.path(db), written, rules.links, own.as_deref()))
            .or_else(|| rules.shows_cards.then(|| card(db, page)).flatten()),
        created,
        updated: dates.updated.unwrap_or(if rules.dates.has_default {
            now
        } else {
            created
        }),
        id: own,
    }))
}

/// What the entry of a page tells of it, as HTML, and whether that is all of the page.
fn description(db: &dyn Db, page: Entry, rules: &FeedRules) -> (String, bool) {
    let prepared = prepared(db, page);
    let written;
    let markdown = match &prepared.generated {
        Some(text) => text.as_str(),
        None => {
            written = page_text(db, page).readable().unwrap_or_default();
            after_front(&written, &front_matter(db, page))
        }
    };
    let told = rules.abstract_of(&front(db, page), markdown.trim_start_matches('\n'));
    if let Abstract::Html(html) = told {
        return (html, false);
    }
    let body = body(db, page);
    // Python-Markdown's output has no line break at its end.
    let html = without_source_lines(body.html.trim_end_matches('\n'));
    match (rules.links, told) {
        (Links::OfPage, _) => (html, true),
        (Links::Absolute, Abstract::Start) => (start_of(without_title(&html)), false),
        (Links::Absolute, _) => (without_title(&html).to_owned(), true),
    }
}

/// The social card of a page. It is not drawn to know its length.
fn card(db: &dyn Db, page: Entry) -> Option<Image> {
    Some(Image {
        url: url::join(&site_url(db)?, &cards::path_of_page(db, page)?),
        length: None,
    })
}

/// The image that a page names. That of another site is not asked for its length.
fn image(db: &dyn Db, page: &SourcePath, written: &str, links: Links, own: Option<&str>) -> Image {
    let site = site_url(db);
    if written.starts_with("http") {
        return Image {
            url: written.to_owned(),
            length: None,
        };
    }
    let folder = page.parent().unwrap_or_else(SourcePath::root);
    let file = (!written.starts_with('/')).then(|| db.entry(&folder.join(written)));
    let file = file.filter(|file| is_shared(db, *file));
    let published = file.and_then(|file| target(db, file));
    Image {
        length: file.and_then(|file| Some(stamp(db, file)?.0)),
        url: match (links, own, &site) {
            (Links::Absolute, Some(_), Some(site)) if published.is_some() => {
                url::join(site, &published.unwrap_or_default())
            }
            (Links::Absolute, Some(own), _) => url::join(own, written),
            // The plugin takes it for a path below the site.
            _ => format!("{}{written}", site.as_deref().unwrap_or_default()),
        },
    }
}
