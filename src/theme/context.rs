use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Serde, Value};
use serde_json::{Map, json};

use super::Theme;
use super::nav_value::NavValue;
use crate::config::Config;
use crate::markdown::{Body, TocItem};
use crate::nav::Nav;
use crate::url;

/// Everything that a page's template sees of the page: plain and owned, for
/// templates cannot borrow a database.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The page's title.
    pub title: String,
    /// Its body.
    pub body: Arc<Body>,
    /// Its front matter.
    pub meta: Arc<Map<String, serde_json::Value>>,
    /// Its address.
    pub url: String,
    /// Its path below the docs folder.
    pub path: String,
    /// Where it can be edited, if anywhere.
    pub edit_url: Option<String>,
    /// The site's nav.
    pub nav: Arc<Nav>,
    /// Its place there.
    pub place: Option<usize>,
    /// The page before it.
    pub previous: Option<Neighbour>,
    /// The page after it.
    pub next: Option<Neighbour>,
    /// What plugins let its template see, by name.
    pub variables: Map<String, serde_json::Value>,
}

/// The page before or after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its place in the nav.
    pub place: usize,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// A page as a site map lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its address.
    pub url: String,
    /// Its full address; `None` where the site has no `site_url`.
    pub canonical_url: Option<String>,
}

impl Theme {
    /// The context of a page.
    pub(super) fn page_values(&self, page: &PageContext) -> Value {
        let nav = NavValue::new(&page.nav, page.place);
        let canonical = self
            .site_url
            .as_ref()
            .map(|site| format!("{site}{}", page.url));
        let ancestors: Vec<Value> = page
            .place
            .map(|place| page.nav.ancestors(place))
            .unwrap_or_default()
            .into_iter()
            .map(|place| nav.item(place))
            .collect();
        let neighbour = |neighbour: &Option<Neighbour>| match neighbour {
            Some(neighbour) => nav.item(neighbour.place),
            None => Value::from(()),
        };
        let values = [
            ("title", Value::from(page.title.as_str())),
            ("content", Value::from(page.body.html.as_str())),
            ("toc", toc(&page.body.toc)),
            ("meta", Value::from(Serde(&*page.meta))),
            ("url", Value::from(page.url.as_str())),
            ("abs_url", Value::from(format!("/{}", page.url))),
            ("canonical_url", Value::from(canonical)),
            ("edit_url", Value::from(page.edit_url.clone())),
            ("is_homepage", Value::from(page.url.is_empty())),
            ("is_page", Value::from(true)),
            ("is_section", Value::from(false)),
            ("is_link", Value::from(false)),
            ("active", Value::from(true)),
            ("previous_page", neighbour(&page.previous)),
            ("next_page", neighbour(&page.next)),
            ("ancestors", Value::from(ancestors)),
            (
                "parent",
                page.place
                    .and_then(|place| page.nav.items[place].parent)
                    .map_or(Value::from(()), |place| nav.item(place)),
            ),
            (
                "file",
                Value::from_pairs([
                    ("src_uri", page.path.as_str()),
                    ("src_path", page.path.as_str()),
                    ("url", page.url.as_str()),
                ]),
            ),
        ];
        let base = url::relative(".", &page.url);
        let shared = self.shared(Value::from_pairs(values), nav, &base, Value::from(()));
        if page.variables.is_empty() {
            return shared;
        }
        minijinja::value::merge_maps([Value::from(Serde(&page.variables)), shared])
    }

    /// The context of a template that is an output of its own.
    pub(super) fn alone_values(&self, pages: &[Listed], nav: &Arc<Nav>) -> Value {
        let listed = pages.iter().map(|page| {
            Value::from_pairs([
                ("url", Value::from(page.url.as_str())),
                ("canonical_url", Value::from(page.canonical_url.clone())),
            ])
        });
        let base = self.site_url.as_deref().map_or("/".to_owned(), base_path);
        let listed = Value::from_iter(listed.collect::<Vec<_>>());
        self.shared(Value::from(()), NavValue::new(nav, None), &base, listed)
    }

    fn shared(&self, page: Value, nav: NavValue, base: &str, pages: Value) -> Value {
        Value::from_pairs([
            ("page", page),
            ("nav", Value::from_object(nav)),
            ("config", self.config.clone()),
            ("base_url", Value::from(base)),
            ("extra_css", Value::from(self.extra_css.clone())),
            ("search_index", Value::from(self.has_search)),
            ("pages", pages),
        ])
    }
}

/// The path of a site's address: `/en/` of `https://example.org/en/`.
fn base_path(site_url: &str) -> String {
    let behind = site_url
        .split_once("://")
        .map_or(site_url, |(_, rest)| rest);
    behind
        .find('/')
        .map_or("/", |slash| &behind[slash..])
        .to_owned()
}

/// The table of contents: iterable, and false where it is empty.
fn toc(items: &[TocItem]) -> Value {
    Value::from_iter(
        items
            .iter()
            .map(|item| Value::from_object(TocValue { item: item.clone() }))
            .collect::<Vec<_>>(),
    )
}

#[derive(Debug)]
struct TocValue {
    item: TocItem,
}

impl Object for TocValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "title" => Value::from(self.item.title.as_str()),
            "id" => Value::from(self.item.id.as_str()),
            "url" => Value::from(format!("#{}", self.item.id)),
            "level" => Value::from(self.item.level),
            "children" => toc(&self.item.children),
            _ => return None,
        })
    }
}

/// `config` as templates see it, by MkDocs' names.
pub(super) fn config_value(config: &Config) -> Value {
    let mut theme = config.theme.settings.clone();
    theme.insert("name".into(), json!(config.theme.name));
    theme.insert("language".into(), json!(config.theme.language));
    let scripts = config.extra_javascript.iter().map(|script| {
        json!({"path": script.path, "type": script.kind, "async": script.is_async, "defer": script.defer})
    });
    let plugins: Map<_, _> = config
        .plugins
        .iter()
        .map(|plugin| (plugin.name.clone(), json!({"config": plugin.options})))
        .collect();
    let extensions: Vec<_> = config.extensions.iter().map(|it| it.name.clone()).collect();
    let extension_options: Map<_, _> = config
        .extensions
        .iter()
        .map(|it| (it.name.clone(), json!(it.options)))
        .collect();
    Value::from(Serde(json!({
        "site_name": config.site_name,
        "site_url": config.site_url,
        "site_description": config.site_description,
        "site_author": config.site_author,
        "copyright": config.copyright,
        "repo_url": config.repo_url,
        "repo_name": config.repo_name,
        "edit_uri": config.edit_uri,
        "use_directory_urls": config.use_directory_urls,
        "theme": theme,
        "extra": config.extra,
        "extra_css": config.extra_css,
        "extra_javascript": scripts.collect::<Vec<_>>(),
        "plugins": plugins,
        "markdown_extensions": extensions,
        "mdx_configs": extension_options,
    })))
}
