use super::{Listed, template};
use crate::files::{Kind, SourcePath};
use crate::site::queries::settings::folders;
use crate::site::queries::{files, listing};
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
    let Some(folders) = folders(db) else {
        return Listed::new();
    };
    let pages = template::names(db, &folders);
    let is_asset = |path: &str| is_asset(path, &pages);
    let own = folders.themes.iter().rev();
    let mut found = Listed::new();
    for folder in folders.package.iter().chain(own) {
        gather(db, folder, "", &is_asset, &mut found);
    }
    found
}

/// The files of the static folder.
pub(super) fn of_static(db: &dyn Db) -> Listed {
    let mut found = Listed::new();
    let folders = folders(db);
    let folder = folders.as_ref().and_then(|it| it.static_dir.as_ref());
    if let Some(folder) = folder {
        gather(db, folder, "", &|_| true, &mut found);
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
