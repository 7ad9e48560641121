//! Templates to pages: the only importer of minijinja.
//!
//! A [`Theme`] is a set of templates compiled once; [`Theme::page`] puts a
//! body into it. What a template may see is the context that MkDocs gives
//! (`config`, `nav`, `page`, `base_url`, ..), so that overrides written for
//! Material find what they expect.

mod builtin;
mod context;
mod environment;
mod failure;
mod filters;
mod macros;
mod nav_value;

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, Value};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;

pub use builtin::{BUILTIN, asset as builtin_asset, assets as builtin_assets};
pub use context::{Listed, Neighbour, PageContext};
pub use macros::{MacroContext, MacroFault, MacroSyntax, Undefined};

/// A template of the site: where it lies and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: Arc<str>,
}

/// The site's own templates by the names they are asked for, those that
/// shadow the built-in ones included.
pub type Templates = BTreeMap<String, TemplateSource>;

/// Templates, compiled when first asked for, and what all pages share.
pub struct Theme {
    environment: Environment<'static>,
    templates: Arc<Templates>,
    config: Value,
    site_url: Option<String>,
    extra_css: Vec<String>,
    /// Whether there is something for a search to look at.
    has_search: bool,
}

impl Theme {
    /// Prepares the theme of a site; compiles nothing yet.
    pub fn new(config: &Config, templates: Arc<Templates>) -> Self {
        Self {
            environment: environment::environment(templates.clone()),
            config: context::config_value(config),
            site_url: config.site_url.clone(),
            extra_css: config.extra_css.clone(),
            has_search: config.plugins.iter().any(|plugin| plugin.name == "search"),
            templates,
        }
    }

    /// Puts a page into its template: `main.html`, or the one its front
    /// matter names.
    ///
    /// # Errors
    /// What is wrong with a template, with its place.
    pub fn page(&self, page: &PageContext) -> Result<String, Box<Diagnostic>> {
        let template = page
            .meta
            .get("template")
            .and_then(serde_json::Value::as_str);
        self.render(template.unwrap_or("main.html"), self.page_values(page))
    }

    /// Renders a template that is an output of its own (`404.html`,
    /// `sitemap.xml`). `pages` are those that a site map lists.
    ///
    /// # Errors
    /// What is wrong with a template, with its place.
    pub fn alone(
        &self,
        name: &str,
        pages: &[Listed],
        nav: &Arc<crate::nav::Nav>,
    ) -> Result<String, Box<Diagnostic>> {
        self.render(name, self.alone_values(pages, nav))
    }

    fn render(&self, name: &str, context: Value) -> Result<String, Box<Diagnostic>> {
        let explain = |error: minijinja::Error| Box::new(failure::explain(&error, &self.templates));
        let template = self.environment.get_template(name).map_err(explain)?;
        template.render(context).map_err(explain)
    }

    /// Compiles every template of the site, so that a broken one is found
    /// even where no page uses it.
    pub fn check(&self) -> Vec<Diagnostic> {
        let html = self.templates.keys().filter(|name| name.ends_with(".html"));
        html.filter_map(|name| self.environment.get_template(name).err())
            .map(|error| failure::explain(&error, &self.templates))
            .collect()
    }
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").finish_non_exhaustive()
    }
}

/// Whether a file of a theme folder is a template rather than an asset: MkDocs
/// copies neither templates nor what starts with a dot.
pub fn is_template(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["html", "htm", "xml"].contains(&extension) || path.split('/').any(|part| part.starts_with('.'))
}

#[cfg(test)]
mod tests;
