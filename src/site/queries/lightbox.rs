//! Images that open above the page, with the plugin `glightbox`.

use std::sync::Arc;

use super::docs_files::address;
use super::settings::{config, folders, plugin};
use super::{front, kind};
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, SourcePath};
use crate::markdown::Body;
use crate::plugins::glightbox::{self, CHOICES, Options, SCRIPT_PATH, SHEET_PATH, Surroundings};
use crate::site::{Db, Entry};
use crate::url;

/// The plugin.
const NAME: &str = "glightbox";

/// The folder of the library in its package.
const LIBRARY: &str = "mkdocs_glightbox/glightbox";

/// How many folders above the theme's templates are searched for the library.
const MOST_ABOVE: usize = 3;

/// The options of the plugin, if it is enabled.
fn options(db: &dyn Db) -> Option<Options> {
    Some(Options::read(&plugin(db, NAME)?.options))
}

#[salsa::tracked(returns(copy))]
fn surroundings(db: &dyn Db) -> Surroundings {
    let Some(config) = config(db) else {
        return Surroundings::default();
    };
    let theme = &config.theme;
    let is_material = theme.name.as_deref() == Some("material");
    let features = theme.settings.get("features").and_then(|it| it.as_array());
    let mut features = features.into_iter().flatten();
    let mut plugins = config.plugins.iter();
    Surroundings {
        is_material,
        has_copies: is_material && plugins.any(|plugin| plugin.name == "privacy"),
        // The script of the built-in theme runs later than the plugin's.
        announces_pages: !theme.packages.is_empty()
            && (is_material || features.any(|feature| feature == "navigation.instant")),
    }
}

/// The body of a page with links around the images that open.
pub(super) fn with_links(db: &dyn Db, page: Entry, body: Arc<Body>) -> Arc<Body> {
    let Some(options) = options(db) else {
        return body;
    };
    let has_copies = surroundings(db).has_copies;
    match glightbox::with_links(&body.html, &front(db, page), &options, has_copies) {
        Some(html) => Arc::new(Body {
            html,
            ..(*body).clone()
        }),
        None => body,
    }
}

/// A whole page with the script that opens its images.
pub(super) fn with_scripts(db: &dyn Db, page: Entry, html: String) -> String {
    let Some((options, own)) = options(db).zip(address(db, page)) else {
        return html;
    };
    if !glightbox::is_on(&front(db, page)) {
        return html;
    }
    let sheet = url::relative(SHEET_PATH, &own.url);
    let script = url::relative(SCRIPT_PATH, &own.url);
    glightbox::with_scripts(&html, &options, surroundings(db), (&sheet, &script))
}

/// Whether the site has a box.
pub(super) fn is_enabled(db: &dyn Db) -> bool {
    plugin(db, NAME).is_some()
}

/// The library's folder beside the theme; `None` if it is not installed.
#[salsa::tracked(returns(clone))]
pub(super) fn library(db: &dyn Db) -> Option<SourcePath> {
    let folders = folders(db)?;
    let theme = folders.packages.first()?;
    let above = std::iter::successors(theme.parent(), SourcePath::parent).take(MOST_ABOVE);
    let mut found = above.map(|folder| folder.join(LIBRARY));
    found.find(|folder| {
        let script = folder.join("glightbox.min.js");
        kind(db, db.entry(&script)) == Some(Kind::File)
    })
}

/// The options that have another value than one of those that they take.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some(plugin) = plugin(db, NAME) else {
        return Vec::new();
    };
    let wrong = CHOICES.iter().filter_map(|(option, choices)| {
        let written = plugin.options.get(*option)?.as_str()?;
        if choices.contains(&written) {
            return None;
        }
        let message = format!("`{option}` of the plugin `{NAME}` is `{written}`");
        let help = format!("write one of `{}`", choices.join("`, `"));
        let subject = SettingRef::PluginText(NAME.to_owned(), written.to_owned());
        let error = Diagnostic::new(Rule::BadValue, message).help(help);
        Some(SettingDiagnostic::about(subject, error))
    });
    wrong.collect()
}
