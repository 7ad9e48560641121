//! What a template sees: a page and its site as values.

use minijinja::value::{Serde, Value, merge_maps};

use super::Theme;
use super::addresses::normalise;
use super::context::{PageContext, Surroundings};
use super::view::{self, View};
use crate::url;

impl Theme {
    /// The context of a page.
    pub(super) fn page_values(&self, page: &PageContext, site: &Surroundings) -> Value {
        let base = url::relative_as_written(".", &page.url);
        let variables = page.variables.iter();
        let variables = variables.map(|(name, value)| (name.clone(), Value::from(Serde(value))));
        self.values(Some(page), site, &base, variables.collect())
    }

    /// The context of a template that is an output of its own. Addresses on
    /// error pages start at the server's root, for nobody knows which address
    /// they will answer.
    pub(super) fn alone_values(&self, name: &str, site: &Surroundings) -> Value {
        let base = if is_error_page(name) {
            self.links.base().to_owned()
        } else {
            url::relative_as_written(".", name)
        };
        self.values(None, site, &base, Vec::new())
    }

    fn values(
        &self,
        page: Option<&PageContext>,
        site: &Surroundings,
        base: &str,
        mut variables: Vec<(String, Value)>,
    ) -> Value {
        let view = View::new(&site.nav, &site.pages, &self.links, page, &self.update_date);
        let from = page.map(|page| page.url.as_str());
        let seen = |addresses: &[String]| -> Value {
            let addresses = addresses.iter();
            let seen = addresses.map(|address| normalise(address, from, base));
            Value::from(seen.collect::<Vec<_>>())
        };
        let shared = [
            ("page", view.page()),
            ("nav", view.nav()),
            ("pages", view.files()),
            ("config", self.config_of(page, site)),
            ("base_url", Value::from(base)),
            ("extra_css", seen(&self.extra_css)),
            ("extra_javascript", seen(&self.extra_javascript)),
            ("search_index", Value::from(self.has_search)),
        ];
        variables.extend(
            shared
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        Value::from_pairs(variables)
    }

    /// `config` as a page sees it: where a site names its languages to
    /// proofroom alone, each page's own addresses stand for
    /// `extra.alternate`, so that a theme's switcher stays on the page.
    fn config_of(&self, page: Option<&PageContext>, site: &Surroundings) -> Value {
        let config = Value::from_dyn_object(self.settings.clone());
        let alternates = match page {
            Some(page) => &page.alternates,
            None => &*site.alternates,
        };
        if alternates.is_empty() || self.names_languages {
            return config;
        }
        let extra = config.get_attr("extra").unwrap_or_default();
        let alternate = Value::from_pairs([(
            "alternate",
            view::alternates(alternates, page.map(|page| page.url.as_str())),
        )]);
        let extra = merge_maps([extra, alternate]);
        merge_maps([config, Value::from_pairs([("extra", extra)])])
    }
}

/// Whether a template is a server's answer to an error: `404.html`.
fn is_error_page(name: &str) -> bool {
    let code = name
        .strip_suffix(".html")
        .or_else(|| name.strip_suffix(".htm"));
    code.is_some_and(|code| code.len() == 3 && code.bytes().all(|c| c.is_ascii_digit()))
}
