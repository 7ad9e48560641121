//! Renders pages with templates: the only importer of minijinja.
//!
//! A [`Theme`] is a set of templates that are compiled once; [`Theme::page`]
//! renders a page with them. Templates see the same context as in MkDocs
//! (`config`, `nav`, `page`, `base_url`, ..), so that overrides written for
//! Material find what they expect.

mod addresses;
mod blog;
mod blog_page;
mod bounded_builtins;
mod builtin_theme;
mod cards;
mod catalogue;
mod context;
mod cycler;
mod date;
mod environment;
mod errors;
mod face;
mod filters;
mod fonts;
mod globals;
mod json;
mod landing;
mod limits;
mod links;
mod listed;
mod macros;
mod material_markup;
mod methods;
mod reads;
mod reuse;
mod root;
mod settings;
mod source;
mod store;
mod template_loader;
mod toc;
mod unknown_icons;
mod unread_settings;
mod values;
mod view;
mod watched;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, Value};

use crate::config::{Config, Script};
use crate::diagnostic::{Diagnostic, Span};
use crate::feeds::{FeedLink, Order};
use crate::files::SourcePath;
use crate::search;
use crate::time::Moment;
use crate::work::Interrupt;

pub use blog_page::{
    BlogContents, BlogPage, BlogRole, Pagination, PostConfig, PostLink, PostSummary, ShownExcerpt,
    ViewSummary,
};
pub use builtin_theme::{
    BUILTIN, asset as builtin_asset, assets as builtin_assets, plain_address as plain_asset_address,
};
pub use cards::{CardContext, CardTemplates};
pub use catalogue::Catalogue;
pub use context::{PageContext, SiteContext};
pub use environment::STACK;
pub use fonts::{FontFile, font_files, is_font};
pub use landing::{
    Field, LANDING, LANDING_FIELDS, Landing, LandingAccess, Takes, dead_link, read_landing,
};
pub use listed::Listed;
pub use macros::{
    MacroContext, MacroError, MacroSyntax, Rendered, Undefined, Unrendered, UnrenderedReason,
};
pub use settings::SettingsExtent;
pub use template_loader::{Package, icon_template};
pub use unknown_icons::{shows_icons, unknown_icon, unknown_icons};
pub use unread_settings::{SettingUses, unread_settings};

use links::Links;
use settings::ConfigValue;
use store::{PageReuse, Store};
use template_loader::TemplateLoader;

/// The template of a part of the nav.
const NAV_PART: &str = "partials/nav-part.html";

/// How long the output of one template may be, in bytes.
const LONGEST: usize = 64 << 20;

/// How much is usually written around the text of a page, in bytes: room for that is made
/// at once.
const USUAL_FRAME: usize = 48 << 10;

/// A template of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: Arc<str>,
}

/// The site's own templates by name, including those that override the theme's.
pub type Templates = BTreeMap<String, TemplateSource>;

/// Templates, compiled on first use, and what all pages share.
pub struct Theme {
    environment: Environment<'static>,
    shelf: TemplateLoader,
    settings: Arc<ConfigValue>,
    links: Arc<Links>,
    extra_css: Vec<String>,
    extra_javascript: Vec<String>,
    update_date: String,
    /// Whether the site itself sets `extra.alternate`.
    names_languages: bool,
    /// Whether the site has a search index.
    has_search: bool,
    /// Whether templates of the site write the markup of Material for MkDocs.
    expects_material: bool,
    /// The feeds of the site.
    feeds: Value,
    /// What the built-in theme needs to know of the site apart from its settings.
    face: Value,
    /// What pages share of what was rendered.
    store: Store,
    /// The folder of the search index, below the site.
    search_folder: String,
    /// Stops templates whose result nobody needs any more.
    interrupt: Interrupt,
}

/// The time of a build, as templates see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuildTime {
    /// Seconds since 1970.
    pub moment: i64,
    /// Whether somebody set it, so that outputs may show it by default. The
    /// clock's time is not shown: the same sources give the same site.
    pub is_given: bool,
}

impl Theme {
    /// Prepares the theme of a site, without compiling anything yet. `package`
    /// finds the templates of an installed theme, if the site uses one. Results
    /// are meaningless if `interrupt` is raised meanwhile.
    pub fn new(
        config: &Config,
        extent: SettingsExtent,
        templates: Arc<Templates>,
        package: Option<Package>,
        time: BuildTime,
        interrupt: Interrupt,
    ) -> Self {
        let shelf = TemplateLoader {
            own: templates,
            package,
        };
        let path = |script: &Script| script.path.clone();
        let update_date = if time.is_given {
            Moment::new(time.moment).utc().date().to_string()
        } else {
            String::new()
        };
        let languages = config.languages.as_ref();
        let alternates = config.extra.get("alternate");
        let mut environment = environment::environment(shelf.clone(), time.moment, &interrupt);
        blog::add_filter(&mut environment, config);
        Self {
            environment,
            settings: ConfigValue::new(config, extent),
            links: Arc::new(Links::new(config)),
            extra_css: config.extra_css.clone(),
            extra_javascript: config.extra_javascript.iter().map(path).collect(),
            update_date,
            names_languages: languages.is_none_or(|languages| languages.one_site().is_none())
                && alternates.is_some_and(|alternates| !alternates.is_null()),
            has_search: config.plugins.iter().any(|plugin| plugin.name == "search"),
            expects_material: material_markup::is_expected(&shelf.own),
            feeds: Value::from(()),
            face: face::value(config, &shelf.own, &[]),
            store: Store::default(),
            search_folder: languages
                .map_or("", |languages| languages.shared_folder())
                .to_owned()
                + search::FOLDER,
            interrupt,
            shelf,
        }
    }

    /// Sets the files of fonts that the settings name.
    #[must_use]
    pub fn with_fonts(mut self, config: &Config, fonts: &[FontFile]) -> Self {
        self.face = face::value(config, &self.shelf.own, fonts);
        self
    }

    /// Sets the feeds that pages name.
    #[must_use]
    pub fn with_feeds(mut self, feeds: &[FeedLink]) -> Self {
        let feeds = feeds.iter().map(|feed| {
            minijinja::context! {
                title => feed.title.clone(),
                type => feed.format.media_type(),
                is_by_update => feed.order == Order::Updated,
                path => feed.path.clone(),
            }
        });
        self.feeds = feeds.collect();
        self
    }

    /// Renders a page with its template: `main.html`, or the one named in its
    /// front matter.
    ///
    /// # Errors
    /// If a template fails, with its place.
    pub fn page(&self, page: &PageContext, site: &SiteContext) -> Result<String, Box<Diagnostic>> {
        let template = page
            .meta
            .get("template")
            .and_then(serde_json::Value::as_str);
        let name = template.unwrap_or("main.html");
        let (values, view) = self.page_values(page, site, true);
        let expected = page.body.html.len() + USUAL_FRAME;
        let mut rendered = self.render(name, values, expected);
        let is_shared = view.reuse.as_ref().is_some_and(PageReuse::has_reused);
        if rendered.is_err() && is_shared {
            // Whether a page is within the limits does not depend on other pages.
            let values = self.page_values(page, site, false).0;
            rendered = self.render(name, values, expected);
        }
        rendered.map_err(|mut error| {
            // The template does not tell for which page it exceeds a limit.
            if error.rule == errors::LIMIT {
                error.message = format!("{}, for the page `{}`", error.message, page.source);
            }
            error
        })
    }

    /// Whether a template has asked for settings that this theme was not
    /// given, so that everything rendered since is meaningless.
    pub fn wants_more(&self) -> bool {
        self.settings.wants_more()
    }

    /// Whether there is a template with this name.
    pub fn has(&self, name: &str) -> bool {
        self.shelf.find(name).is_some()
    }

    /// Renders a template that is an output of its own (`404.html`,
    /// `sitemap.xml`).
    ///
    /// # Errors
    /// If a template fails, with its place.
    pub fn alone(&self, name: &str, site: &SiteContext) -> Result<String, Box<Diagnostic>> {
        self.render(name, self.alone_values(name, site), USUAL_FRAME)
    }

    /// Renders a part of the nav: the list of a section, with the lists in it. `numbers`
    /// are those of the sections that lead to it, from 1. Addresses in it start at the
    /// root of the site.
    ///
    /// # Errors
    /// If a template fails, with its place.
    pub fn nav_part(
        &self,
        numbers: &[usize],
        site: &SiteContext,
    ) -> Result<String, Box<Diagnostic>> {
        let values = self.nav_part_values(numbers, site);
        self.render(NAV_PART, values, USUAL_FRAME)
    }

    /// Renders a template of the docs folder (`extra_templates`).
    ///
    /// # Errors
    /// If it fails, with its place.
    pub fn extra(
        &self,
        name: &str,
        template: &TemplateSource,
        site: &SiteContext,
    ) -> Result<String, Box<Diagnostic>> {
        let explain = |error: minijinja::Error| {
            Box::new(errors::explain(&error, &self.shelf, Some((name, template))))
        };
        let context = self.alone_values(name, site);
        let prepared = self.shelf.prepare(&template.text);
        let environment = &self.environment;
        let compiled = environment.template_from_named_str(name, &prepared.text);
        let compiled = compiled.map_err(explain)?;
        let output = self.run(&compiled, context, 0).map_err(explain)?;
        output.ok_or_else(|| self.too_long(name, Some(template)))
    }

    /// A word of the theme in the language of the site, by its key, such as
    /// `blog.archive`. A theme without words has the key itself.
    pub fn word(&self, key: &str) -> String {
        const WORD: &str = "{%- import 'partials/language.html' as lang with context -%}\
                            {{- lang.t(key) -}}";
        let context = Value::from_pairs([
            ("config", Value::from_dyn_object(self.settings.clone())),
            ("key", Value::from(key)),
        ]);
        let template = self.environment.template_from_named_str("word", WORD);
        let word = template.and_then(|template| self.run(&template, context, 0));
        match word {
            Ok(Some(word)) if !word.trim().is_empty() => word.trim().to_owned(),
            _ => key.to_owned(),
        }
    }

    fn render(
        &self,
        name: &str,
        context: Value,
        expected: usize,
    ) -> Result<String, Box<Diagnostic>> {
        let explain =
            |error: minijinja::Error| Box::new(errors::explain(&error, &self.shelf, None));
        let template = self.environment.get_template(name).map_err(explain)?;
        let output = self.run(&template, context, expected).map_err(explain)?;
        output.ok_or_else(|| self.too_long(name, None))
    }

    fn run(
        &self,
        template: &minijinja::Template<'_, '_>,
        context: Value,
        expected: usize,
    ) -> Result<Option<String>, minijinja::Error> {
        environment::render(template, context, (expected, LONGEST), &self.interrupt)
    }

    /// The error for a template whose output is too long.
    fn too_long(&self, name: &str, alone: Option<&TemplateSource>) -> Box<Diagnostic> {
        let message = format!("`{name}` produces more than {} MB", LONGEST >> 20);
        let mut error = Diagnostic::error(errors::LIMIT, message).help(errors::LOOPS);
        if let Some(template) = alone.cloned().or_else(|| self.shelf.find(name)) {
            error = error.at(Span::line(&template.path, &template.text, 1));
        }
        Box::new(error)
    }

    /// Compiles every template of the site, so that a broken one is found even
    /// if no page uses it.
    pub fn check(&self) -> Vec<Diagnostic> {
        let own = self.shelf.own.keys();
        own.filter(|name| name.ends_with(".html"))
            .filter_map(|name| self.environment.get_template(name).err())
            .map(|error| errors::explain(&error, &self.shelf, None))
            .collect()
    }
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").finish_non_exhaustive()
    }
}

/// Whether a file of a theme folder is copied to the site, by MkDocs' rules:
/// Markdown, templates, files that describe the theme and hidden files are not.
/// `pages` are the templates that are pages of their own.
pub fn is_asset(path: &str, pages: &[String]) -> bool {
    let path = path.to_lowercase();
    let source = SourcePath::new(&path);
    let extension = source.extension().unwrap_or("");
    !(path.split('/').any(|part| part.starts_with('.'))
        || ["html", "py", "pyc"].contains(&extension)
        || path.contains("readme")
        || path == "mkdocs_theme.yml"
        || path.starts_with("locales/")
        || source.is_markdown()
        || pages.contains(&path))
}

/// Whether a file of a site's own theme folder may be a template: it has the
/// extension of a text format, or is an icon in a hidden folder.
pub fn is_template(path: &str) -> bool {
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    let extension = match path.rsplit_once('.') {
        Some((_, extension)) if !extension.contains('/') => extension,
        _ => "",
    };
    is_hidden || ["html", "htm", "xml", "txt", "json"].contains(&extension)
}

#[cfg(test)]
mod tests;
