use std::borrow::Cow;
use std::sync::Arc;

use super::source::{Prepared, prepare};
use super::{BUILTIN, TemplateSource, Templates, builtin};
use crate::files::SourcePath;
use crate::icons;

/// Finds the templates of an installed theme package by their names. Asked
/// late, for such a package holds thousands of icons and a site needs few.
pub type Package = Arc<dyn Fn(&str) -> Option<TemplateSource> + Send + Sync>;

/// The one template that MkDocs adds to every theme.
const FOR_EVERY_THEME: &str = "sitemap.xml";

/// Where templates come from: the site's own first, then the theme package's
/// or the built-in theme's, then the built-in icons.
#[derive(Clone)]
pub(super) struct Shelf {
    /// The site's own.
    pub(super) own: Arc<Templates>,
    /// Those of a theme package; `None` for the built-in theme.
    pub(super) package: Option<Package>,
}

impl Shelf {
    /// The template of a name.
    pub(super) fn find(&self, name: &str) -> Option<TemplateSource> {
        let name = &*plain(name);
        if let Some(own) = self.own.get(name) {
            return Some(own.clone());
        }
        let builtin = || {
            Some(TemplateSource {
                path: SourcePath::new(format!("{BUILTIN}/{name}")),
                text: builtin::template(name)?.into(),
            })
        };
        let themes = match &self.package {
            Some(package) => {
                package(name).or_else(|| (name == FOR_EVERY_THEME).then(builtin).flatten())
            }
            None => builtin(),
        };
        themes.or_else(|| icon(name))
    }

    /// A template's text as it is compiled.
    pub(super) fn prepare(&self, text: &str) -> Prepared {
        prepare(text, &|name| {
            let found = self.find(name)?;
            Some(found.text.to_string())
        })
    }

    /// Names that a missing one may have been meant to be.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.own.keys().cloned().collect();
        // Themes of this kind name their templates alike.
        let likely = builtin::templates().into_iter();
        names.extend(likely.filter(|name| self.find(name).is_some()));
        names
    }
}

/// A name without what changes nothing in it (`./a//b.html`).
fn plain(name: &str) -> Cow<'_, str> {
    if name.starts_with("./") || name.contains("//") || name.contains("/./") {
        Cow::Owned(SourcePath::new(name).as_str().to_owned())
    } else {
        Cow::Borrowed(name)
    }
}

/// `.icons/material/account.svg`, the way Material's templates include icons.
fn icon(name: &str) -> Option<TemplateSource> {
    let path = name.strip_prefix(".icons/")?.strip_suffix(".svg")?;
    Some(TemplateSource {
        path: SourcePath::new(name),
        text: icons::builtin(path)?,
    })
}
