use std::collections::BTreeSet;

use super::settings::{docs, extensions, folders, macro_variables, plugin};
use super::{configuration, files, front, listing};
use crate::files::{Kind, SourcePath};
use crate::plugins::macros::{Options, data_files};
use crate::site::Db;

/// How files of settings end.
const EXTENSIONS: [&str; 4] = ["yml", "yaml", "toml", "env"];

/// The files that may say something about many pages, and that no page is made of:
/// those of the configuration, of data for macros, and all that end like them in the
/// docs folders. Some may not exist.
///
/// What was read so far would be no answer: it depends on what the site has been.
pub fn setting_files(db: &dyn Db) -> BTreeSet<SourcePath> {
    let mut found = configuration(db).read.clone();
    found.extend(macro_files(db));
    let layers = docs(db).map(|docs| docs.layers.clone()).unwrap_or_default();
    for layer in layers {
        below(db, layer.folder, &mut found);
    }
    found.retain(|path| path.extension().is_some_and(|it| EXTENSIONS.contains(&it)));
    found
}

/// Adds the files in a folder and those below it.
fn below(db: &dyn Db, folder: SourcePath, found: &mut BTreeSet<SourcePath>) {
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for (name, kind) in listing(db, db.entry(&folder)).iter() {
            match kind {
                Kind::Folder => folders.push(folder.join(name)),
                Kind::File => {
                    found.insert(folder.join(name));
                }
                Kind::Other => {}
            }
        }
    }
}

/// The files that macros take values from.
fn macro_files(db: &dyn Db) -> BTreeSet<SourcePath> {
    let Some((plugin, folders)) = plugin(db, "macros").zip(folders(db)) else {
        return BTreeSet::new();
    };
    let mut named = Options::read(&plugin.options).data_files();
    if extensions(db)
        .iter()
        .any(|it| it.name == "zensical.extensions.macros")
    {
        for page in &files(db).pages {
            let front = front(db, page.entry);
            named.extend(
                front
                    .get("include_yaml")
                    .map(data_files)
                    .unwrap_or_default(),
            );
        }
    }
    let named = named.iter().map(|(_, file)| folders.project.join(file));
    let variables = macro_variables(db);
    let variables = variables.iter().flat_map(|(_, variable)| variable.files());
    named
        .chain(variables.map(|(_, file)| file.clone()))
        .collect()
}
