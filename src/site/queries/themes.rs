use std::sync::Arc;

use super::feed_rules::feed_links;
use super::font_files::fonts;
use super::settings::{config, folders, shown_config};
use super::{kind, listing, refuse_changing, text, until_uninterrupted};
use crate::config::{Config, catalogue_paths};
use crate::files::{Kind, SourcePath, System};
use crate::site::inputs::now;
use crate::site::{Db, InvocationInput};
use crate::theme::{
    BuildTime, Catalogue, Package, SettingsExtent, TemplateSource, Templates, Theme, icon_template,
    is_template,
};

/// A compiled theme. It is equal only to itself.
#[derive(Debug, Clone)]
pub struct Compiled(pub Arc<Theme>);

impl PartialEq for Compiled {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The site's own templates.
#[salsa::tracked(returns(clone))]
pub fn templates(db: &dyn Db) -> Arc<Templates> {
    let mut templates = Templates::new();
    let folders = folders(db);
    for folder in folders.iter().flat_map(|folders| &folders.themes) {
        // A theme in `themes/` keeps its templates in a folder `templates`.
        for root in [folder.join("templates"), folder.clone()] {
            gather(db, &root, "", &mut templates);
        }
    }
    Arc::new(templates)
}

fn gather(db: &dyn Db, folder: &SourcePath, below: &str, templates: &mut Templates) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let path = folder.join(name);
        let template = format!("{below}{name}");
        if *kind == Kind::Folder {
            gather(db, &path, &format!("{template}/"), templates);
        } else if *kind == Kind::File
            && is_template(&template)
            && !templates.contains_key(&template)
            && let Some(text) = text(db, db.entry(&path)).readable()
        {
            templates.insert(template, TemplateSource { path, text });
        }
    }
}

/// The theme, ready to render, with the settings that templates usually show.
#[salsa::tracked(returns(clone))]
pub fn theme(db: &dyn Db) -> Option<Compiled> {
    compiled(db, &*shown_config(db)?, SettingsExtent::Usual)
}

/// The same with all settings, for templates that show an unusual one.
#[salsa::tracked(returns(clone))]
fn whole_theme(db: &dyn Db) -> Option<Compiled> {
    compiled(db, &*config(db)?, SettingsExtent::Whole)
}

/// Runs work that renders in the theme; `None` if there is no theme.
pub(super) fn in_theme<T>(db: &dyn Db, work: impl Fn(&Theme) -> T) -> Option<T> {
    let wants_more = |theme: &Compiled| theme.0.wants_more();
    let work = |theme: &Compiled| until_uninterrupted(db, || work(&theme.0));
    with_settings(theme(db)?, || whole_theme(db), wants_more, work)
}

/// Runs work with the settings that templates usually show. If it turns out to
/// need others, now or in an earlier run, it runs with all settings instead.
pub(super) fn with_settings<S, T>(
    usual: S,
    whole: impl FnOnce() -> Option<S>,
    wants_more: impl Fn(&S) -> bool,
    work: impl Fn(&S) -> T,
) -> Option<T> {
    if !wants_more(&usual) {
        let result = work(&usual);
        if !wants_more(&usual) {
            return Some(result);
        }
    }
    Some(work(&whole()?))
}

fn compiled(db: &dyn Db, config: &Config, extent: SettingsExtent) -> Option<Compiled> {
    let call = InvocationInput::get(db).call(db);
    let time = BuildTime {
        moment: now(db).seconds(),
        is_given: call.environment.contains_key("SOURCE_DATE_EPOCH"),
    };
    let folders = &config.theme.packages;
    let package = (!folders.is_empty()).then(|| package_at(db, config));
    let theme = Theme::new(
        config,
        extent,
        templates(db),
        package,
        time,
        db.interrupt().clone(),
    );
    let theme = theme.with_feeds(&feed_links(db));
    let theme = theme.with_fonts(config, &fonts(db));
    Some(Compiled(Arc::new(theme)))
}

/// The installed theme, whose templates are each read when they are first needed.
/// There are thousands of them, so there is no query for each: when any changes,
/// the whole theme is made again.
fn package_at(db: &dyn Db, config: &Config) -> Package {
    let folders = config.theme.packages.clone();
    for folder in &folders {
        db.tree(folder).version(db);
        kind(db, db.entry(folder));
    }
    let system: Arc<dyn System> = db.shared_system();
    let catalogue = Arc::new(catalogue(db, config));
    let in_folder = move |folder: &SourcePath, name: &str| {
        let path = folder.join(name);
        // Names such as `../x` must not lead out of the package.
        path.below(folder).filter(|below| !below.is_empty())?;
        let bytes = system.read(&path).ok()?;
        refuse_changing(&*system, &path);
        let text = String::from_utf8_lossy(&bytes).into_owned().into();
        Some(TemplateSource { path, text })
    };
    Package {
        find: Arc::new(move |name| folders.iter().find_map(|folder| in_folder(folder, name))),
        catalogue,
    }
}

/// The translations of the theme, and of the site's own templates.
fn catalogue(db: &dyn Db, config: &Config) -> Catalogue {
    let locale = config.theme.settings.get("locale");
    let locale = locale.and_then(serde_json::Value::as_str).unwrap_or("en");
    let mut catalogue = Catalogue::default();
    let own = config.theme.custom_dir.iter();
    for folder in own.chain(&config.theme.packages) {
        let file = catalogue_paths(folder, locale)
            .into_iter()
            .find_map(|path| {
                let entry = db.entry(&path);
                entry.version(db);
                kind(db, entry)?;
                let bytes = db.system().read(&path).ok()?;
                refuse_changing(db.system(), &path);
                Some(bytes)
            });
        if let Some(bytes) = file {
            catalogue.add(&bytes);
        }
    }
    catalogue
}

/// The name of an icon, as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct IconName<'db> {
    #[returns(clone)]
    name: String,
}

#[salsa::tracked(returns(copy))]
fn has_icon_named<'db>(db: &'db dyn Db, name: IconName<'db>) -> bool {
    let template = icon_template(&name.name(db));
    theme(db).is_none_or(|theme| theme.0.has(&template))
}

/// Whether the theme or the site has an icon.
pub(super) fn has_icon(db: &dyn Db, name: &str) -> bool {
    has_icon_named(db, IconName::new(db, name.to_owned()))
}
