//! Settings of the theme that change nothing.

use std::sync::Arc;

use super::font_files::fonts;
use super::settings::config;
use super::themes::has_icon;
use super::{outputs, templates, text};
use crate::config::SettingDiagnostic;
use crate::site::{Db, InvocationInput};
use crate::theme::{SettingUses, unknown_icons, unread_settings};

/// Notes about settings of the theme, of `extra` and the like that have no
/// effect.
pub(super) fn unread(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some(config) = config(db) else {
        return Vec::new();
    };
    let outputs = outputs(db);
    let templates = templates(db);
    let style_sheets = || {
        let sheets = outputs.iter().filter(|(path, _)| path.ends_with(".css"));
        let sources = sheets.filter_map(|(_, output)| output.source.as_ref());
        let texts = sources.filter_map(|source| text(db, db.entry(source)).readable());
        texts.collect::<Vec<Arc<str>>>()
    };
    let uses = SettingUses {
        templates: &templates,
        style_sheets: &style_sheets,
        fonts: &fonts(db),
        is_output: &|path| outputs.contains_key(path),
        is_named_by_call: InvocationInput::get(db).call(db).theme.is_some(),
    };
    let mut found = unread_settings(&config, &uses);
    let exists = |name: &str| has_icon(db, name);
    found.extend(unknown_icons(&config, &templates, &exists));
    found
}
