use super::Listed;
use crate::plugins::tags::export;
use crate::site::queries::{tag_directives, tags};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// A JSON file of all tags and their pages.
static KIND: OutputKind = OutputKind::new("tag-mappings", OutputOrigin::Plugin, |db, _| {
    Produced::text(export(&tags::tagged(db)))
});

pub(super) fn list(db: &dyn Db) -> Listed {
    let name = tag_directives::settings(db).and_then(|settings| settings.export.clone());
    let output = |name| (name, Output::named(&KIND, ""));
    name.map(output).into_iter().collect()
}
