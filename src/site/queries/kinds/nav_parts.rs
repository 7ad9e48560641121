use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use super::Listed;
use crate::site::queries::shown_navs::{known, nav_parts, part_nav};
use crate::site::queries::site_context::context;
use crate::site::queries::themes::in_theme;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// Parts of a nav that is too large to be in every page, each identified by its name.
/// They are scripts, because pages that are opened from disk may load nothing else.
static KIND: OutputKind = OutputKind {
    can_fail: true,
    is_index: true,
    ..OutputKind::new("nav-part", OutputOrigin::Theme, |db, output| {
        make(db, &output.name)
    })
};

/// The folder of these outputs.
const FOLDER: &str = "assets/nav/";

pub(super) fn list(db: &dyn Db) -> Listed {
    let Some(parts) = nav_parts(db) else {
        return Listed::new();
    };
    let output = |name: &str| (address(name), Output::named(&KIND, name));
    parts.names().map(|name| output(name)).collect()
}

/// The path of a part below the site folder.
pub fn address(name: &str) -> String {
    format!("{FOLDER}{name}.js")
}

/// Whether an output is a part of the nav.
pub fn is_nav_part(path: &str) -> bool {
    path.starts_with(FOLDER)
}

fn make(db: &dyn Db, name: &str) -> Produced {
    let Some((nav, numbers)) = part_nav(db, name) else {
        return Produced::default();
    };
    let site = context(db, known(&nav), false);
    let result = in_theme(db, |theme| theme.nav_part(&numbers, &site));
    let html = match result {
        Some(Ok(html)) => html,
        Some(Err(error)) => return Produced::of_template(Err(error)),
        None => return Produced::default(),
    };
    let (name, html) = (serde_json::Value::from(name), serde_json::Value::from(html));
    Produced::text(format!("__nav({name},{html})"))
}

/// The name of a part, as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct PartName<'db> {
    #[returns(clone)]
    name: String,
}

#[salsa::tracked(returns(copy))]
fn print_of<'db>(db: &'db dyn Db, name: PartName<'db>) -> Option<u64> {
    let (nav, numbers) = part_nav(db, &name.name(db))?;
    let mut hasher = FxHasher::default();
    numbers.hash(&mut hasher);
    for list in &*nav.lists {
        list.labels.hash(&mut hasher);
    }
    Some(hasher.finish())
}

/// A fingerprint of what a part of the nav shows; `None` if there is no such part.
pub fn nav_part_print(db: &dyn Db, name: &str) -> Option<u64> {
    print_of(db, PartName::new(db, name.to_owned()))
}
