use std::borrow::Cow;
use std::sync::Arc;

use super::source::{Prepared, prepare};
use super::{BUILTIN, Catalogue, TemplateSource, Templates, builtin_theme};
use crate::files::SourcePath;
use crate::icons;

/// Finds a template by its name.
type Find = dyn Fn(&str) -> Option<TemplateSource> + Send + Sync;

/// An installed theme.
#[derive(Clone)]
pub struct Package {
    /// Finds its templates by name. They are read on demand, because a package has
    /// thousands of icons and a site needs few.
    pub find: Arc<Find>,
    /// The translations of its words into the language of the site.
    pub catalogue: Arc<Catalogue>,
}

/// The one template that MkDocs adds to every theme.
const FOR_EVERY_THEME: &str = "sitemap.xml";

/// Finds templates: the site's own first, then those of the theme package or the
/// built-in theme, then the built-in icons.
#[derive(Clone)]
pub(super) struct TemplateLoader {
    /// The site's own.
    pub(super) own: Arc<Templates>,
    /// The theme package's; `None` for the built-in theme.
    pub(super) package: Option<Package>,
}

impl TemplateLoader {
    /// The template with this name.
    pub(super) fn find(&self, name: &str) -> Option<TemplateSource> {
        let name = &*normalise_name(name);
        if let Some(own) = self.own.get(name) {
            return Some(own.clone());
        }
        let builtin = || {
            Some(TemplateSource {
                path: SourcePath::new(format!("{BUILTIN}/{name}")),
                text: builtin_theme::template(name)?.into(),
            })
        };
        let from_theme = match &self.package {
            Some(package) => (package.find)(name),
            None => builtin(),
        };
        if from_theme.is_some() {
            from_theme
        } else if name == FOR_EVERY_THEME {
            builtin()
        } else {
            icon(name)
        }
    }

    /// A template's text, ready to be compiled.
    pub(super) fn prepare(&self, text: &str) -> Prepared {
        let find = |name: &str| Some(self.find(name)?.text.to_string());
        prepare(text, &find, &|text| self.translate(text))
    }

    /// The translation of a text of the theme; `None` if there is none.
    pub(super) fn translate(&self, text: &str) -> Option<&str> {
        self.package.as_ref()?.catalogue.translate(text)
    }

    /// Names to suggest for one that does not exist.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.own.keys().cloned().collect();
        // Theme packages use the same names for most of their templates.
        let likely = builtin_theme::templates().into_iter();
        names.extend(likely.filter(|name| self.find(name).is_some()));
        names
    }
}

/// A name without redundant parts, such as those in `./a//b.html`.
fn normalise_name(name: &str) -> Cow<'_, str> {
    if name.starts_with("./") || name.contains("//") || name.contains("/./") {
        Cow::Owned(SourcePath::new(name).as_str().to_owned())
    } else {
        Cow::Borrowed(name)
    }
}

/// The name by which templates include an icon.
pub fn icon_template(icon: &str) -> String {
    format!(".icons/{icon}.svg")
}

/// `.icons/material/account.svg`, the path by which Material's templates include
/// icons.
fn icon(name: &str) -> Option<TemplateSource> {
    let path = name.strip_prefix(".icons/")?.strip_suffix(".svg")?;
    Some(TemplateSource {
        path: SourcePath::new(name),
        text: icons::builtin(path)?,
    })
}
