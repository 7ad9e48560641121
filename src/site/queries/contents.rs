use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::pages::source_in;
use super::settings::plugin;
use super::{body, config, front, history, tags};
use crate::config::Config;
use crate::languages::{Docs, Link, not_translated};
use crate::markdown::Body;
use crate::plugins::minify;
use crate::plugins::options::Options;
use crate::site::{Db, Entry};
use crate::theme::Alternate;
use crate::url::{Address, is_index};

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
/// another's; none for a site of one language. Ways lead from the root of the
/// current language's site, or, where nobody knows from where they will be
/// gone (`404.html`), from the server's.
pub(super) fn alternates(
    db: &dyn Db,
    config: &Config,
    plain: &str,
    is_page: bool,
) -> Vec<Alternate> {
    let Some(languages) = &config.languages else {
        return Vec::new();
    };
    let root = languages.root(&config.base);
    let host = config.site_url.as_deref();
    let host = host.and_then(|site| Some(&site[..site.rfind(config.base.as_str())?]));
    let steps = languages.current().prefix.matches('/').count();
    let way = match (is_page, languages.shared) {
        (true, true) => String::new(),
        (true, false) => "../".repeat(steps),
        (false, _) => root.clone(),
    };
    let file = match config.use_directory_urls {
        true => "",
        false => "index.html",
    };
    let is_home = is_index(plain.strip_suffix(".md").unwrap_or_default());
    let keeps_link = languages.links.is_some() && is_home && config.use_directory_urls;
    let alternate = |link: &Link| {
        let at = languages.all.iter().position(|it| it.code == link.code);
        let page = at.and_then(|at| page_in(db, config, &languages.docs[at], plain));
        let prefix = at.filter(|_| !languages.shared);
        let prefix = prefix.map_or("", |at| languages.all[at].prefix.as_str());
        let address = page.as_ref().map(|(page, _)| format!("{prefix}{page}"));
        let is_own = page.as_ref().is_some_and(|(_, is_own)| *is_own);
        let canonical = host.zip(address.as_ref()).filter(|_| is_own);
        Alternate {
            code: link.code.clone(),
            name: link.name.clone(),
            canonical: canonical.map(|(host, address)| format!("{host}{root}{address}")),
            link: match address {
                Some(address) if !keeps_link && (is_page || !languages.shared) => {
                    format!("{way}{address}")
                }
                // The home page is the nearest that there is.
                None if is_page && !languages.shared => match format!("{way}{prefix}{file}") {
                    home if home.is_empty() => "./".to_owned(),
                    home => home,
                },
                _ => link.link.clone(),
            },
        }
    };
    languages.switcher(&root).iter().map(alternate).collect()
}

/// The address of a page in a language, and whether it is in that language
/// indeed.
pub(super) fn page_in(
    db: &dyn Db,
    config: &Config,
    docs: &Docs,
    plain: &str,
) -> Option<(String, bool)> {
    let source = source_in(db, docs, plain)?;
    let layer = docs.layer(&source)?;
    let path = layer.path(&source)?;
    let address = Address::of_page(&path, config.use_directory_urls);
    Some((address.url, layer.original.is_none()))
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
    languages(db, page, &mut found);
    found
}

/// What the plugin static-i18n lets the template of a page see.
fn languages(db: &dyn Db, page: Entry, found: &mut Map<String, Value>) {
    let Some(config) = config(db) else {
        return;
    };
    let languages = config.languages.as_ref().filter(|it| it.shared);
    let (Some(languages), Some(plugin)) = (languages, plugin(&config, "i18n")) else {
        return;
    };
    let current = &languages.docs[languages.current].layers[0];
    let is_own = config.docs.layer(&page.path(db)) == Some(current);
    let code = match is_own {
        true => languages.current(),
        false => languages.default(),
    };
    let current = languages.current().code.as_str();
    found.insert("i18n_config".to_owned(), json!(plugin.options));
    found.insert("i18n_file_locale".to_owned(), json!(code.code));
    found.insert("i18n_page_locale".to_owned(), json!(current));
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
