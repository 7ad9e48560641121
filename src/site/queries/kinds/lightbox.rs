use super::{Listed, static_files};
use crate::plugins::glightbox::{SCRIPT, SCRIPT_PATH, SHEET, SHEET_PATH};
use crate::site::queries::lightbox::{is_enabled, library};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// The script and the style sheet of our own box, each named by its path.
static KIND: OutputKind = OutputKind::new("lightbox", OutputOrigin::Plugin, |_, output| {
    Produced::text(if output.name == SCRIPT_PATH {
        SCRIPT
    } else {
        SHEET
    })
});

pub(super) fn list(db: &dyn Db) -> Listed {
    if !is_enabled(db) {
        return Listed::new();
    }
    let library = library(db);
    let file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let output = match &library {
            Some(folder) => static_files::copy_of(&folder.join(name)),
            None => Output::named(&KIND, path),
        };
        (path.to_owned(), output)
    };
    [SCRIPT_PATH, SHEET_PATH].map(file).into()
}
