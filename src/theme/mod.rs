//! Templates to pages: the only importer of minijinja.
//!
//! A [`Theme`] is a set of templates compiled once; [`Theme::page`] puts a
//! body into it. What a template may see is the context that MkDocs gives
//! (`config`, `nav`, `page`, `base_url`, ..), so that overrides written for
//! Material find what they expect.

mod addresses;
mod builtin;
mod builtins;
mod context;
mod cycler;
mod date;
mod environment;
mod failure;
mod filters;
mod globals;
mod json;
mod links;
mod macros;
mod methods;
mod settings;
mod shelf;
mod source;
mod toc;
mod values;
mod view;
mod weight;

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, Value};

use crate::config::{Config, Script};
use crate::diagnostic::{Diagnostic, Span};
use crate::files::SourcePath;
use crate::time::Moment;
use crate::work::Interrupt;

pub use builtin::{BUILTIN, asset as builtin_asset, assets as builtin_assets};
pub use context::{Listed, PageContext, Surroundings};
pub use environment::STACK;
pub use macros::{MacroContext, MacroFault, MacroSyntax, Undefined};
pub use settings::Extent;
pub use shelf::Package;

use links::Links;
use settings::Settings;
use shelf::Shelf;

/// How long one output of a template may be, in bytes.
const LONGEST: usize = 64 << 20;

/// A template of the site: where it lies and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: Arc<str>,
}

/// The site's own templates by the names they are asked for, those that
/// shadow the theme's included.
pub type Templates = BTreeMap<String, TemplateSource>;

/// Templates, compiled when first asked for, and what all pages share.
pub struct Theme {
    environment: Environment<'static>,
    shelf: Shelf,
    settings: Arc<Settings>,
    links: Arc<Links>,
    extra_css: Vec<String>,
    extra_javascript: Vec<String>,
    update_date: String,
    /// Whether the site itself says which languages it has.
    names_languages: bool,
    /// Whether there is something for a search to look at.
    has_search: bool,
    /// What ends templates that nobody waits for any more.
    interrupt: Interrupt,
}

/// When a build is made, as templates see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuildTime {
    /// Seconds since 1970.
    pub moment: i64,
    /// Whether someone set it, so that outputs may tell it unasked. The clock
    /// may not: the same sources make the same site.
    pub is_given: bool,
}

impl Theme {
    /// Prepares the theme of a site; compiles nothing yet. `package` finds
    /// the templates of an installed theme, if the site uses one. What it
    /// renders while `interrupt` is raised means nothing.
    pub fn new(
        config: &Config,
        extent: Extent,
        templates: Arc<Templates>,
        package: Option<Package>,
        time: BuildTime,
        interrupt: Interrupt,
    ) -> Self {
        let shelf = Shelf {
            own: templates,
            package,
        };
        let path = |script: &Script| script.path.clone();
        let date = Some(Moment::new(time.moment).utc().date().to_string());
        Self {
            environment: environment::environment(shelf.clone(), time.moment, &interrupt),
            settings: Settings::new(config, extent),
            links: Arc::new(Links::new(config)),
            extra_css: config.extra_css.clone(),
            extra_javascript: config.extra_javascript.iter().map(path).collect(),
            update_date: date.filter(|_| time.is_given).unwrap_or_default(),
            names_languages: config
                .languages
                .as_ref()
                .is_none_or(|it| it.one_site().is_none())
                && config
                    .extra
                    .get("alternate")
                    .is_some_and(|it| !it.is_null()),
            has_search: config.plugins.iter().any(|plugin| plugin.name == "search"),
            interrupt,
            shelf,
        }
    }

    /// Puts a page into its template: `main.html`, or the one its front
    /// matter names.
    ///
    /// # Errors
    /// What is wrong with a template, with its place.
    pub fn page(&self, page: &PageContext, site: &Surroundings) -> Result<String, Box<Diagnostic>> {
        let template = page
            .meta
            .get("template")
            .and_then(serde_json::Value::as_str);
        let name = template.unwrap_or("main.html");
        let rendered = self.render(name, self.page_values(page, site));
        rendered.map_err(|mut fault| {
            // Which page a template is too much for is not seen in it.
            if fault.rule == failure::LIMIT {
                fault.message = format!("{}, for the page `{}`", fault.message, page.source);
            }
            fault
        })
    }

    /// Whether a template has asked for settings that this theme was not
    /// given: what it rendered since means nothing.
    pub fn wants_more(&self) -> bool {
        self.settings.wants_more()
    }

    /// Whether there is a template of this name.
    pub fn has(&self, name: &str) -> bool {
        self.shelf.find(name).is_some()
    }

    /// Renders a template that is an output of its own (`404.html`,
    /// `sitemap.xml`).
    ///
    /// # Errors
    /// What is wrong with a template, with its place.
    pub fn alone(&self, name: &str, site: &Surroundings) -> Result<String, Box<Diagnostic>> {
        self.render(name, self.alone_values(name, site))
    }

    /// Renders a template of the docs folder (`extra_templates`).
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub fn extra(
        &self,
        name: &str,
        template: &TemplateSource,
        site: &Surroundings,
    ) -> Result<String, Box<Diagnostic>> {
        let explain = |error: minijinja::Error| {
            Box::new(failure::explain(
                &error,
                &self.shelf,
                Some((name, template)),
            ))
        };
        let context = self.alone_values(name, site);
        let prepared = self.shelf.prepare(&template.text);
        let environment = &self.environment;
        let compiled = environment.template_from_named_str(name, &prepared.text);
        let compiled = compiled.map_err(explain)?;
        let printed = self.run(&compiled, context).map_err(explain)?;
        printed.ok_or_else(|| self.too_long(name, Some(template)))
    }

    fn render(&self, name: &str, context: Value) -> Result<String, Box<Diagnostic>> {
        let explain =
            |error: minijinja::Error| Box::new(failure::explain(&error, &self.shelf, None));
        let template = self.environment.get_template(name).map_err(explain)?;
        let printed = self.run(&template, context).map_err(explain)?;
        printed.ok_or_else(|| self.too_long(name, None))
    }

    fn run(
        &self,
        template: &minijinja::Template<'_, '_>,
        context: Value,
    ) -> Result<Option<String>, minijinja::Error> {
        environment::render(template, context, LONGEST, &self.interrupt)
    }

    /// That a template gives more than anybody can read.
    fn too_long(&self, name: &str, alone: Option<&TemplateSource>) -> Box<Diagnostic> {
        let message = format!("`{name}` gives more than {} MB", LONGEST >> 20);
        let mut found = Diagnostic::error(failure::LIMIT, message).help(failure::LOOPS);
        if let Some(template) = alone.cloned().or_else(|| self.shelf.find(name)) {
            found = found.at(Span::line(&template.path, &template.text, 1));
        }
        Box::new(found)
    }

    /// Compiles every template of the site, so that a broken one is found
    /// even where no page uses it.
    pub fn check(&self) -> Vec<Diagnostic> {
        let own = self.shelf.own.keys();
        own.filter(|name| name.ends_with(".html"))
            .filter_map(|name| self.environment.get_template(name).err())
            .map(|error| failure::explain(&error, &self.shelf, None))
            .collect()
    }
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").finish_non_exhaustive()
    }
}

/// Whether a file of a theme folder is copied to the site, by MkDocs' rules:
/// neither pages, templates and what describes the theme, nor what starts
/// with a dot. `pages` are the templates that are pages of their own.
pub fn is_asset(path: &str, pages: &[String]) -> bool {
    let path = path.to_lowercase();
    let source = SourcePath::new(&path);
    let ending = source.extension().unwrap_or_default();
    !(path.split('/').any(|part| part.starts_with('.'))
        || ["html", "py", "pyc"].contains(&ending)
        || path.contains("readme")
        || path == "mkdocs_theme.yml"
        || path.starts_with("locales/")
        || source.is_markdown()
        || pages.contains(&path))
}

/// Whether a file of a site's own theme folder may be a template: what is
/// text by its ending, and icons below a folder with a dot.
pub fn is_template(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    ["html", "htm", "xml", "txt", "json"].contains(&extension) || hidden
}

#[cfg(test)]
mod tests;
