use std::sync::Arc;

use super::{config, listing, text};
use crate::files::{Kind, SourcePath};
use crate::site::Db;
use crate::theme::{TemplateSource, Templates, Theme, is_template};

/// A compiled theme; equal only to itself.
#[derive(Debug, Clone)]
pub struct Compiled(pub Arc<Theme>);

impl PartialEq for Compiled {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Folders whose files go before the built-in theme's, first one first.
pub(super) fn theme_folders(db: &dyn Db) -> Vec<SourcePath> {
    let Some(config) = config(db) else {
        return Vec::new();
    };
    let named = config.themes_dir.as_ref().zip(config.theme.name.as_ref());
    let named = named.map(|(themes, name)| themes.join(name));
    config
        .theme
        .custom_dir
        .clone()
        .into_iter()
        .chain(named)
        .collect()
}

/// The site's own templates.
#[salsa::tracked(returns(clone))]
pub fn templates(db: &dyn Db) -> Arc<Templates> {
    let mut found = Templates::new();
    for folder in theme_folders(db) {
        // A theme of `themes/` keeps its templates in a folder of their own.
        for root in [folder.join("templates"), folder] {
            gather(db, &root, "", &mut found);
        }
    }
    Arc::new(found)
}

fn gather(db: &dyn Db, folder: &SourcePath, below: &str, found: &mut Templates) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let path = folder.join(name);
        let template = format!("{below}{name}");
        if *kind == Kind::Folder {
            gather(db, &path, &format!("{template}/"), found);
        } else if is_template(&template)
            && !found.contains_key(&template)
            && let Some(text) = text(db, db.entry(&path)).readable()
        {
            found.insert(template, TemplateSource { path, text });
        }
    }
}

/// The theme, ready to render.
#[salsa::tracked(returns(clone))]
pub fn theme(db: &dyn Db) -> Option<Compiled> {
    let config = config(db)?;
    Some(Compiled(Arc::new(Theme::new(&config, templates(db)))))
}
