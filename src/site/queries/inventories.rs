//! The addresses of objects that inventories list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settings::{folders, inventories as table, plugin};
use super::{is_shared, kind, stamp};
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, SourcePath};
use crate::plugins::inventories::{Inventory, LARGEST, configured, missing_file, not_fetched};
use crate::site::Db;
use crate::url;

/// The inventories of a site, each with the file that holds it; `None` if it would
/// have to be fetched.
#[salsa::tracked(returns(clone))]
fn inventories(db: &dyn Db) -> Arc<Vec<(Inventory, Option<SourcePath>)>> {
    let Some(folders) = folders(db) else {
        return Arc::default();
    };
    let table = table(db);
    let plugin = plugin(db, "mkdocstrings");
    let mut all = plugin.map_or_else(Vec::new, |plugin| configured(&plugin.options));
    for (url, _) in table.iter() {
        if !all.iter().any(|inventory| inventory.url == *url) {
            all.push(Inventory {
                handler: None,
                url: url.clone(),
                base_url: None,
                domains: Vec::new(),
            });
        }
    }
    let file = |inventory: &Inventory| {
        let url = &inventory.url;
        if let Some((_, file)) = table.iter().find(|(listed, _)| listed == url) {
            return Some(file.clone());
        }
        if let Some(path) = url.strip_prefix("file://") {
            return db.system().locate(path);
        }
        if url::has_scheme(url) {
            return None;
        }
        Some(folders.project.join(url))
    };
    let with_files = all.into_iter().map(|inventory| {
        let file = file(&inventory);
        (inventory, file)
    });
    Arc::new(with_files.collect())
}

/// The objects in an inventory, or why there are none.
fn objects(
    db: &dyn Db,
    inventory: &Inventory,
    file: Option<&SourcePath>,
) -> Result<Vec<(String, String)>, Box<Diagnostic>> {
    let Some(file) = file else {
        return Err(Box::new(not_fetched(&inventory.url)));
    };
    let entry = db.entry(file);
    let may_read = is_shared(db, entry) && !file.is_secret();
    if !may_read || kind(db, entry) != Some(Kind::File) {
        return Err(Box::new(missing_file(&inventory.url, file)));
    }
    // The bytes are read again when this changes.
    let size = stamp(db, entry).map_or(0, |(size, _)| size);
    if size > LARGEST {
        let message = format!("the inventory `{file}` is longer than {} MB", LARGEST >> 20);
        return Err(Box::new(Diagnostic::warning(Rule::BadValue, message)));
    }
    let bytes = db.system().read(file).unwrap_or_default();
    inventory.read(&bytes)
}

/// The addresses of all objects by their names, and the problems of inventories.
#[salsa::tracked(returns(clone))]
fn all_objects(db: &dyn Db) -> Arc<(BTreeMap<String, String>, Vec<SettingDiagnostic>)> {
    let mut addresses = BTreeMap::new();
    let mut faults = Vec::new();
    // As in the reference, the first inventory with an object counts.
    for (inventory, file) in inventories(db).iter().rev() {
        match objects(db, inventory, file.as_ref()) {
            Ok(objects) => addresses.extend(objects),
            Err(fault) => {
                let subject = match &inventory.handler {
                    Some(handler) => SettingRef::PluginEntry(
                        "mkdocstrings".to_owned(),
                        "handlers".to_owned(),
                        handler.clone(),
                    ),
                    None => SettingRef::Setting(format!("inventories.{}", inventory.url)),
                };
                faults.push(SettingDiagnostic::about(subject, *fault));
            }
        }
    }
    faults.reverse();
    Arc::new((addresses, faults))
}

/// The address of an object.
pub(super) fn address(db: &dyn Db, name: &str) -> Option<String> {
    all_objects(db).0.get(name).cloned()
}

/// The names of all objects.
pub(super) fn names(db: &dyn Db) -> Vec<String> {
    all_objects(db).0.keys().cloned().collect()
}

/// Reports inventories that cannot be read.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    all_objects(db).1.clone()
}
