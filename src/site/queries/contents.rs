use std::sync::Arc;

use serde_json::{Map, Value};

use super::made::plugin;
use super::{body, config, front, history, kind, tags};
use crate::config::Config;
use crate::files::{Kind, SourcePath};
use crate::languages::{Docs, Language, not_translated};
use crate::markdown::Body;
use crate::plugins::minify;
use crate::plugins::options::Options;
use crate::site::{Db, Entry};
use crate::theme::Alternate;
use crate::url::Address;

/// A page's body with what plugins put into it.
#[salsa::tracked(returns(clone))]
pub fn content(db: &dyn Db, page: Entry) -> Arc<Body> {
    let body = match tags::with_listings(db, page) {
        Some(body) => Arc::new(body),
        None => body(db, page),
    };
    match history::with_authors(db, page, &body.html) {
        Some(html) => Arc::new(Body {
            html,
            ..(*body).clone()
        }),
        None => body,
    }
}

/// The same as its readers see it: a page that their language lacks says so.
pub(super) fn shown(db: &dyn Db, page: Entry) -> Arc<Body> {
    let body = content(db, page);
    let original = || {
        let config = config(db)?;
        let current = config.languages.as_ref()?.current().code.clone();
        let original = config.docs.layer(&page.path(db))?.original.clone()?;
        Some((current, original))
    };
    let Some((code, original)) = original() else {
        return body;
    };
    Arc::new(Body {
        html: not_translated(&code, &original, &body.html),
        ..(*body).clone()
    })
}

/// The languages that a page is read in: those that have it, or that show
/// another's; none for a site of one language.
pub(super) fn alternates(db: &dyn Db, config: &Config, path: &str) -> Vec<Alternate> {
    let Some(languages) = &config.languages else {
        return Vec::new();
    };
    let current = languages.current();
    let root = config.base.strip_suffix(&current.prefix);
    let root = root.filter(|_| !languages.shared).unwrap_or(&config.base);
    let site = config.site_url.as_deref();
    let site = site.and_then(|site| Some(&site[..site.rfind(config.base.as_str())?]));
    let own = match languages.shared {
        true => path.strip_prefix(&current.prefix).unwrap_or(path),
        false => path,
    };
    let all = languages.all.iter().zip(&languages.docs);
    let alternate = |(language, docs): (&Language, &Docs)| {
        let path = match languages.shared {
            true => format!("{}{own}", language.prefix),
            false => own.to_owned(),
        };
        let is_file = |it: &SourcePath| kind(db, db.entry(it)) == Some(Kind::File);
        let source = docs.sources(&path).find(is_file);
        let has_it = source.is_some();
        let layer = source.as_ref().and_then(|source| docs.layer(source));
        let is_own = layer.is_some_and(|layer| layer.original.is_none());
        let page = Address::of_page(&path, config.use_directory_urls).url;
        let address = match (has_it, languages.shared) {
            (true, true) => format!("{root}{page}"),
            (true, false) => format!("{root}{}{page}", language.prefix),
            // Its home page is the nearest that there is.
            (false, _) => format!("{root}{}", language.prefix),
        };
        Alternate {
            code: language.code.clone(),
            name: language.name.clone(),
            canonical: site
                .map(|site| format!("{site}{address}"))
                .filter(|_| is_own),
            link: address,
        }
    };
    all.map(alternate).collect()
}

/// A page as plugins let it go.
pub(super) fn finished(db: &dyn Db, html: String) -> String {
    let config = config(db);
    let settings = config
        .as_ref()
        .and_then(|config| minify::Settings::new(Options(&plugin(config, "minify")?.options)));
    match settings {
        Some(settings) => minify::html(&html, settings),
        None => html,
    }
}

/// What plugins let the template of a page see.
pub(super) fn variables(db: &dyn Db, page: Entry) -> Map<String, Value> {
    let mut found = Map::new();
    if let Some(tags) = tags::page_tags(db, page) {
        found.insert(tags.0.clone(), tags.1.clone());
    }
    history::variables(db, page, &mut found);
    found
}

/// The front matter of a page as its template sees it.
pub(super) fn template_meta(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    let front = front(db, page);
    let dates = history::dates(db, page);
    if dates.is_empty() {
        return front;
    }
    let mut all = (*front).clone();
    all.extend(
        dates
            .iter()
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    Arc::new(all)
}
