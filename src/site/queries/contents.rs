use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::pages::source_in;
use super::settings::{base, docs, languages, plugin, site_url, use_directory_urls};
use super::{body, front, history, tags};
use crate::languages::{Docs, Link, not_translated};
use crate::markdown::Body;
use crate::options::Options;
use crate::plugins::minify;
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
        let current = languages(db)?.current().code.clone();
        let original = docs(db)?.layer(&page.path(db))?.original.clone()?;
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
pub(super) fn alternates(db: &dyn Db, plain: &str, is_page: bool) -> Vec<Alternate> {
    let Some(languages) = languages(db) else {
        return Vec::new();
    };
    let (base, site_url) = (base(db), site_url(db));
    let directories = use_directory_urls(db);
    let shared = languages.one_site().is_some();
    let root = super::addresses(db).map_or_else(|| base.to_string(), |it| it.root.clone());
    let host = site_url.as_deref();
    let host = host.and_then(|site| Some(&site[..site.rfind(&*base)?]));
    let steps = languages.current().prefix.matches('/').count();
    let way = match (is_page, shared) {
        (true, true) => String::new(),
        (true, false) => "../".repeat(steps),
        (false, _) => root.clone(),
    };
    let file = match directories {
        true => "",
        false => "index.html",
    };
    let is_home = is_index(plain.strip_suffix(".md").unwrap_or_default());
    let keeps_link = shared && is_home && directories;
    let alternate = |link: &Link| {
        let at = languages.all.iter().position(|it| it.code == link.code);
        let page = at.and_then(|at| page_in(db, &languages.docs[at], plain));
        let prefix = at.filter(|_| !shared);
        let prefix = prefix.map_or("", |at| languages.all[at].prefix.as_str());
        let address = page.as_ref().map(|(page, _)| format!("{prefix}{page}"));
        let is_own = page.as_ref().is_some_and(|(_, is_own)| *is_own);
        let canonical = host.zip(address.as_ref()).filter(|_| is_own);
        Alternate {
            code: link.code.clone(),
            name: link.name.clone(),
            canonical: canonical.map(|(host, address)| format!("{host}{root}{address}")),
            link: match address {
                Some(address) if !keeps_link && (is_page || !shared) => {
                    format!("{way}{address}")
                }
                // The home page is the nearest that there is.
                None if is_page && !shared => match format!("{way}{prefix}{file}") {
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
pub(super) fn page_in(db: &dyn Db, docs: &Docs, plain: &str) -> Option<(String, bool)> {
    let source = source_in(db, docs, plain)?;
    let layer = docs.layer(&source)?;
    let path = layer.path(&source)?;
    let address = Address::of_page(&path, use_directory_urls(db));
    Some((address.url, layer.original.is_none()))
}

/// A page as plugins let it go.
pub(super) fn finished(db: &dyn Db, html: String) -> String {
    let plugin = plugin(db, "minify");
    let settings = plugin.and_then(|plugin| minify::Settings::new(Options(&plugin.options)));
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
    static_i18n(db, page, &mut found);
    found
}

/// What the plugin static-i18n lets the template of a page see.
fn static_i18n(db: &dyn Db, page: Entry, found: &mut Map<String, Value>) {
    let languages = languages(db).filter(|it| it.one_site().is_some());
    let (Some(languages), Some(plugin)) = (languages, plugin(db, "i18n")) else {
        return;
    };
    let current = &languages.docs[languages.current].layers[0];
    let is_own = docs(db).is_some_and(|docs| docs.layer(&page.path(db)) == Some(current));
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
