//! Templates of social cards.

use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde_json::{Map, Value as Json};

use super::context::{PageContext, SiteContext};
use super::template_loader::icon_template;
use super::{Theme, environment, errors, methods};
use crate::diagnostic::Diagnostic;

/// How long a text of a card may be, in bytes.
const LONGEST: usize = 1 << 16;

/// What the templates of a page's card see in addition to the page and the settings.
#[derive(Debug, Clone, Default)]
pub struct CardContext {
    /// `layout`: the options of the layout.
    pub layout: Map<String, Json>,
    /// `image`: the picture of the card; `None` for its layers.
    pub image: Option<Json>,
    /// `defaults`: what the built-in layouts take from the theme.
    pub defaults: Map<String, Json>,
}

/// Renders the templates of the card of one page.
pub struct CardTemplates<'t> {
    theme: &'t Theme,
    environment: Environment<'static>,
    context: Value,
}

impl std::fmt::Debug for CardTemplates<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CardTemplates").finish_non_exhaustive()
    }
}

impl Theme {
    /// Prepares the templates of a page's card. As in Material's plugin, they see `page`,
    /// `config`, `layout` and `image`, and have the filters of Jinja and `x`, which turns
    /// what is false into an empty text.
    pub fn card(
        &self,
        page: &PageContext,
        site: &SiteContext,
        card: &CardContext,
    ) -> CardTemplates<'_> {
        let (values, _) = self.page_values(page, site, false);
        let of_page = |name: &str| values.get_attr(name).unwrap_or_default();
        let mut context = vec![
            ("page", of_page("page")),
            ("config", of_page("config")),
            ("layout", Value::from(Serde(&card.layout))),
            ("defaults", Value::from(Serde(&card.defaults))),
        ];
        if let Some(image) = &card.image {
            context.push(("image", Value::from(Serde(image))));
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_unknown_method_callback(methods::call);
        environment::add_filters(&mut environment, &self.interrupt);
        environment.add_filter("x", |value: Value| {
            if value.is_true() {
                value
            } else {
                Value::from("")
            }
        });
        CardTemplates {
            theme: self,
            environment,
            context: Value::from_pairs(context),
        }
    }

    /// The SVG of an icon of the theme or the site.
    pub fn icon(&self, name: &str) -> Option<Arc<str>> {
        Some(self.shelf.find(&icon_template(name))?.text)
    }
}

impl CardTemplates<'_> {
    /// Renders a template.
    ///
    /// # Errors
    /// If it fails, without a place: it is a part of a file that is not known here.
    pub fn render(&self, text: &str) -> Result<String, Box<Diagnostic>> {
        const NAME: &str = "card";
        let shelf = &self.theme.shelf;
        let explain = |error: minijinja::Error| Box::new(errors::explain(&error, shelf, None));
        let prepared = shelf.prepare(text);
        let template = self
            .environment
            .template_from_named_str(NAME, &prepared.text)
            .map_err(explain)?;
        let interrupt = &self.theme.interrupt;
        let output = environment::render(&template, self.context.clone(), (0, LONGEST), interrupt);
        output.map_err(explain)?.ok_or_else(|| {
            let message = format!("a text of a card is longer than {} KB", LONGEST >> 10);
            Box::new(Diagnostic::error(errors::LIMIT, message).help(errors::LOOPS))
        })
    }
}
