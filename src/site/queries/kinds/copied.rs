use super::{Listed, template};
use crate::files::{Kind, SourcePath};
use crate::site::queries::themes::theme_folders;
use crate::site::queries::{config, files, listing};
use crate::site::{Db, Maker, Output, OutputKind, Produced};
use crate::theme::is_asset;

/// Files that are copied as they are.
static KIND: OutputKind = OutputKind::new("copied", Maker::Site, |_, output| {
    output
        .source
        .as_ref()
        .map(Produced::file)
        .unwrap_or_default()
});

/// The assets of an installed theme, and those of the site's own theme.
pub(super) fn of_theme(db: &dyn Db) -> Listed {
    let Some(config) = config(db) else {
        return Listed::new();
    };
    let pages = template::names(&config);
    let is_asset = |path: &str| is_asset(path, &pages);
    let own = theme_folders(db).into_iter().rev();
    let folders = config.theme.package.clone().into_iter().chain(own);
    let mut found = Listed::new();
    for folder in folders {
        gather(db, &folder, "", &is_asset, &mut found);
    }
    found
}

/// The files of the static folder.
pub(super) fn of_static(db: &dyn Db) -> Listed {
    let mut found = Listed::new();
    if let Some(folder) = config(db).and_then(|config| config.static_dir.clone()) {
        gather(db, &folder, "", &|_| true, &mut found);
    }
    found
}

/// The files of the docs folder.
pub(super) fn of_docs(db: &dyn Db) -> Listed {
    let files = files(db);
    let assets = files.assets.iter();
    let output = |(path, source): (&String, &SourcePath)| (path.clone(), Output::of(&KIND, source));
    assets.map(output).collect()
}

fn gather(
    db: &dyn Db,
    folder: &SourcePath,
    below: &str,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut Listed,
) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let source = folder.join(name);
        let path = format!("{below}{name}");
        if *kind == Kind::File {
            if wanted(&path) {
                found.push((path, Output::of(&KIND, &source)));
            }
        } else if *kind == Kind::Folder && wanted(&format!("{path}/x")) {
            // A folder that nothing is wanted from is not even listed: the
            // icons of a theme are thousands.
            gather(db, &source, &format!("{path}/"), wanted, found);
        }
    }
}
