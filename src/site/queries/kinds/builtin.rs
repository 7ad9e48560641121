use super::Listed;
use crate::site::queries::settings::folders;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};
use crate::theme::{builtin_asset, builtin_assets};

/// Assets of the built-in theme, each named by its path.
static KIND: OutputKind = OutputKind::new("builtin", OutputOrigin::Theme, make);

pub(super) fn list(db: &dyn Db) -> Listed {
    if folders(db).is_none_or(|folders| !folders.packages.is_empty()) {
        return Listed::new();
    }
    let assets = builtin_assets().into_iter();
    let output = |path: String| (path.clone(), Output::named(&KIND, path));
    assets.map(output).collect()
}

fn make(_: &dyn Db, output: &Output) -> Produced {
    let bytes = builtin_asset(&output.name);
    Produced::bytes(&*bytes.expect("every listed asset is in the binary"))
}
