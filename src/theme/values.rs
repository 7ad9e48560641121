//! The values that a template sees: a page and its site.

use std::sync::Arc;

use minijinja::value::{Serde, Value, merge_maps};

use super::Theme;
use super::addresses::normalise;
use super::blog;
use super::context::{PageContext, SiteContext};
use super::root::{PageConfig, Root};
use super::store::PageReuse;
use super::view::{self, View};
use crate::expect::ExpectOrDefault as _;
use crate::url;

impl Theme {
    /// The context of a page, which shares outputs of macros with other pages if
    /// `reuses`.
    pub(super) fn page_values(
        &self,
        page: &PageContext,
        site: &SiteContext,
        reuses: bool,
    ) -> (Value, Arc<View>) {
        let base = url::relative_as_written(".", &page.url);
        let variables = page.variables.iter();
        let variables = variables.map(|(name, value)| (name.clone(), Value::from(Serde(value))));
        let reuse = reuses.then(|| PageReuse::new(self.store.of(site)));
        let view = View::new(
            site,
            &self.links,
            Some(page),
            &self.update_date,
            reuse,
            page.blog.clone().map(blog::attributes),
        );
        let variables = variables.chain(blog::variables(&view, page.blog.as_ref()));
        let values = self.values(Some(page), site, &base, variables.collect(), &view);
        (values, view)
    }

    /// The context of a template that is an output of its own. Addresses on
    /// error pages start at the server's root, because the page may be served
    /// for any address.
    pub(super) fn alone_values(&self, name: &str, site: &SiteContext) -> Value {
        let base = if is_error_page(name) {
            self.links.base().to_owned()
        } else {
            url::relative_as_written(".", name)
        };
        self.values_alone(site, &base, Vec::new())
    }

    /// The context of a part of the nav: `part.path` and `part.level` are those of the
    /// list that it begins with, as `partials/nav-item.html` numbers them.
    pub(super) fn nav_part_values(&self, numbers: &[usize], site: &SiteContext) -> Value {
        let numbered = numbers.iter().map(|number| format!("_{number}"));
        let part = Value::from_pairs([
            (
                "path",
                Value::from(format!("__nav{}", numbered.collect::<String>())),
            ),
            ("level", Value::from(numbers.len())),
        ]);
        self.values_alone(site, ".", vec![("part".to_owned(), part)])
    }

    fn values_alone(
        &self,
        site: &SiteContext,
        base: &str,
        variables: Vec<(String, Value)>,
    ) -> Value {
        let view = View::new(site, &self.links, None, &self.update_date, None, None);
        self.values(None, site, base, variables, &view)
    }

    fn values(
        &self,
        page: Option<&PageContext>,
        site: &SiteContext,
        base: &str,
        variables: Vec<(String, Value)>,
        view: &Arc<View>,
    ) -> Value {
        let page_url = page.map(|page| page.url.as_str());
        let relative = |addresses: &[String]| -> Value {
            let addresses = addresses.iter();
            let relative = addresses.map(|address| normalise(address, page_url, base));
            Value::from(relative.collect::<Vec<_>>())
        };
        Value::from_object(Root {
            view: view.clone(),
            shared: [
                ("page", view.page()),
                ("nav", view.nav()),
                ("pages", view.files()),
                ("config", self.config_of(page, site, view)),
                ("base_url", Value::from(base)),
                ("extra_css", relative(&self.extra_css)),
                ("extra_javascript", relative(&self.extra_javascript)),
                ("search_index", Value::from(self.has_search)),
                ("expects_material", Value::from(self.expects_material)),
                ("feeds", self.feeds.clone()),
                ("face", self.face.clone()),
                ("search_folder", Value::from(self.search_folder.as_str())),
            ],
            variables,
        })
    }

    /// `config` as a page sees it. Unless the site sets `extra.alternate` itself,
    /// it has the page's addresses in other languages, so that the theme's
    /// language switcher stays on the page.
    fn config_of(&self, page: Option<&PageContext>, site: &SiteContext, view: &Arc<View>) -> Value {
        let config = Value::from_dyn_object(self.settings.clone());
        let alternates = match page {
            Some(page) => &page.alternates,
            None => &*site.alternates,
        };
        if alternates.is_empty() || self.names_languages {
            return config;
        }
        let extra = config
            .get_attr("extra")
            .expect_or_default("`config` has `extra`");
        let alternate = Value::from_pairs([(
            "alternate",
            view::alternates(alternates, page.map(|page| page.url.as_str())),
        )]);
        let extra = PageConfig {
            values: merge_maps([extra, alternate]),
            own: Some("alternate"),
            view: view.clone(),
        };
        let extra = Value::from_pairs([("extra", Value::from_object(extra))]);
        Value::from_object(PageConfig {
            values: merge_maps([config, extra]),
            own: None,
            view: view.clone(),
        })
    }
}

/// Whether a template is the page for a server error, such as `404.html`.
fn is_error_page(name: &str) -> bool {
    let code = name
        .strip_suffix(".html")
        .or_else(|| name.strip_suffix(".htm"));
    code.is_some_and(|code| code.len() == 3 && code.bytes().all(|c| c.is_ascii_digit()))
}
