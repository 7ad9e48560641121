use super::{Listed, static_files};
use crate::files::{Kind, SourcePath};
use crate::site::queries::kind;
use crate::site::queries::settings::folders;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};
use crate::theme::{builtin_asset, builtin_assets, plain_asset_address};

/// Assets of the built-in theme, each named by its path.
static KIND: OutputKind = OutputKind::new("builtin", OutputOrigin::Theme, make);

pub(super) fn list(db: &dyn Db) -> Listed {
    if folders(db).is_none_or(|folders| !folders.packages.is_empty()) {
        return Listed::new();
    }
    let output = |path: String| {
        let own = plain_asset_address(&path).and_then(|plain| own_file(db, &plain));
        let output = match own {
            Some(file) => static_files::copy_of(&file),
            None => Output::named(&KIND, path.as_str()),
        };
        (path, output)
    };
    builtin_assets().into_iter().map(output).collect()
}

/// The file of the site's own theme that takes the place of an asset.
fn own_file(db: &dyn Db, address: &str) -> Option<SourcePath> {
    let folders = folders(db)?;
    let mut files = folders.themes.iter().map(|folder| folder.join(address));
    files.find(|file| kind(db, db.entry(file)) == Some(Kind::File))
}

fn make(_: &dyn Db, output: &Output) -> Produced {
    let bytes = builtin_asset(&output.name);
    Produced::bytes(
        bytes
            .expect("every listed asset is in the binary")
            .into_owned(),
    )
}
