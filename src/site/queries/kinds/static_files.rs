use super::{Listed, template};
use crate::files::{Kind, SourcePath};
use crate::site::queries::settings::folders;
use crate::site::queries::{files, listing};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};
use crate::theme::is_asset;

/// Files that are copied unchanged.
static KIND: OutputKind = OutputKind::new("copied", OutputOrigin::Site, |_, output| {
    let source = output.source.as_ref();
    Produced::file(source.expect("copied outputs are made from a file"))
});

/// An output that is a copy of a file.
pub(super) fn copy_of(source: &SourcePath) -> Output {
    Output::of(&KIND, source)
}

/// Whether an output is a copy of a file.
pub(super) fn is_copied(output: &Output) -> bool {
    *output.kind == KIND
}

/// The assets of an installed theme and of the site's own templates.
pub(super) fn of_theme(db: &dyn Db) -> Listed {
    let Some(folders) = folders(db) else {
        return Listed::new();
    };
    let pages = template::names(db, &folders);
    let is_asset = |path: &str| is_asset(path, &pages);
    let of_site = folders.themes.iter().rev();
    let mut outputs = Listed::new();
    for folder in folders.packages.iter().rev().chain(of_site) {
        collect(db, folder, "", &is_asset, &mut outputs);
    }
    outputs
}

/// The files of the static folder.
pub(super) fn of_static(db: &dyn Db) -> Listed {
    let mut outputs = Listed::new();
    let folders = folders(db);
    let folder = folders.as_ref().and_then(|it| it.static_dir.as_ref());
    if let Some(folder) = folder {
        collect(db, folder, "", &|_| true, &mut outputs);
    }
    outputs
}

/// The files of the docs folder.
pub(super) fn of_docs(db: &dyn Db) -> Listed {
    let files = files(db);
    let assets = files.assets.iter();
    let output = |(path, source): (&String, &SourcePath)| (path.clone(), Output::of(&KIND, source));
    assets.map(output).collect()
}

fn collect(
    db: &dyn Db,
    folder: &SourcePath,
    below: &str,
    is_wanted: &dyn Fn(&str) -> bool,
    outputs: &mut Listed,
) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let source = folder.join(name);
        let path = format!("{below}{name}");
        if *kind == Kind::File {
            if is_wanted(&path) {
                outputs.push((path, Output::of(&KIND, &source)));
            }
        } else if *kind == Kind::Folder && is_wanted(&format!("{path}/x")) {
            // Folders without wanted files are not even listed: a theme has
            // thousands of icons.
            collect(db, &source, &format!("{path}/"), is_wanted, outputs);
        }
    }
}
