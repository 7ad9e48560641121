//! The files that cards are made from: layouts, images, icons and fonts.

use std::sync::Arc;

use super::{icon, options};
use crate::cards::{Card, FontBook, FontFolder, Layout, Picture, Pictures, ReadLayout, Studio};
use crate::files::{Kind, SourcePath};
use crate::site::queries::settings::card_fonts;
use crate::site::queries::sources::{is_shared, kind, stamp};
use crate::site::queries::text;
use crate::site::{Db, Entry, InvocationInput};

/// The largest image, in bytes.
const LARGEST: u64 = 64 << 20;

/// The name of a layout, as a query key.
#[salsa::interned(revisions = usize::MAX)]
pub(super) struct LayoutName<'db> {
    #[returns(clone)]
    pub(super) name: String,
}

/// The path of a layout below the project, and its text: one of the site, or a built-in
/// one.
#[salsa::tracked(returns(clone))]
pub(super) fn layout_text<'db>(
    db: &'db dyn Db,
    name: LayoutName<'db>,
) -> Option<(SourcePath, Arc<str>)> {
    let name = name.name(db);
    let folder = SourcePath::new(&options(db)?.cards_layout_dir);
    let path = folder.join(format!("{name}.yml"));
    let entry = db.entry(&path);
    // A page may name it.
    if is_shared(db, entry)
        && let Some(text) = text(db, entry).readable()
    {
        return Some((path, text.trim_start_matches('\u{feff}').into()));
    }
    let text = crate::cards::builtin(&name)?;
    Some((
        SourcePath::new(format!("(built in)/{name}.yml")),
        text.into(),
    ))
}

/// A layout with its problems and their places.
#[salsa::tracked(returns(clone))]
pub(super) fn read_layout<'db>(db: &'db dyn Db, name: LayoutName<'db>) -> Option<Arc<ReadLayout>> {
    let (path, text) = layout_text(db, name)?;
    Some(Arc::new(crate::cards::read(&path, &text)))
}

/// A layout without them.
#[salsa::tracked(returns(clone))]
pub(super) fn layout<'db>(db: &'db dyn Db, name: LayoutName<'db>) -> Option<Arc<Layout>> {
    read_layout(db, name)?.layout.clone().map(Arc::new)
}

/// The names of all layouts, to suggest one.
pub(super) fn layout_names(db: &dyn Db) -> Vec<String> {
    let folder = options(db).map(|options| SourcePath::new(&options.cards_layout_dir));
    let own = folder.map(|folder| crate::site::queries::listing(db, db.entry(&folder)));
    let own = own.iter().flat_map(|names| names.iter());
    let own = own.filter_map(|(name, _)| name.strip_suffix(".yml"));
    let built_in = crate::cards::BUILTIN.into_iter();
    own.chain(built_in).map(str::to_owned).collect()
}

/// The fonts and pictures that cards share. It is equal only to itself.
#[derive(Debug, Clone)]
pub(super) struct SharedStudio(pub(super) Arc<Studio>);

impl PartialEq for SharedStudio {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The folders with fonts: those of the project come first.
#[salsa::tracked(returns(clone))]
pub(in crate::site::queries) fn font_folders(db: &dyn Db) -> Arc<[FontFolder]> {
    let Some(options) = options(db) else {
        return Arc::default();
    };
    let own = card_fonts(db).map(|path| FontFolder {
        path,
        is_by_family: false,
    });
    let cache = SourcePath::new(&options.cache_dir).join("fonts");
    let cache = FontFolder {
        path: cache,
        is_by_family: true,
    };
    let call = InvocationInput::get(db).call(db);
    let system = call.font_folders.iter().map(|path| FontFolder {
        path: path.clone(),
        is_by_family: false,
    });
    own.into_iter().chain([cache]).chain(system).collect()
}

/// The fonts, which are read when they are first needed. When a file in their folders
/// changes, they are all looked at again.
#[salsa::tracked(returns(clone))]
pub(super) fn studio(db: &dyn Db) -> Option<SharedStudio> {
    options(db)?;
    let folders = font_folders(db);
    for folder in folders.iter() {
        db.tree(&folder.path).version(db);
        kind(db, db.entry(&folder.path));
    }
    let book = FontBook::new(db.shared_system(), folders.to_vec());
    Some(SharedStudio(Arc::new(Studio::new(book))))
}

/// The file that an image is named by: below the folder of the project, or by its absolute
/// path. `None` if there is none that a page may show.
pub(super) fn image_file(db: &dyn Db, name: &str) -> Option<Entry> {
    let path = match db.system().locate(name) {
        Some(path) if name.starts_with('/') => path,
        _ => SourcePath::new(name),
    };
    let entry = db.entry(&path);
    let is_file = is_shared(db, entry) && kind(db, entry) == Some(Kind::File);
    (is_file && !path.is_secret()).then_some(entry)
}

/// An image. It is not kept: each is read for one card, and a build has many.
fn image(db: &dyn Db, file: Entry) -> Option<Picture> {
    let path = file.path(db);
    let (size, _) = stamp(db, file)?;
    if size > LARGEST {
        return None;
    }
    let bytes = db.system().read(&path).ok()?;
    Some(Picture::new(bytes.into(), path.extension() == Some("svg")))
}

/// The pictures of a card.
pub(super) fn pictures(db: &dyn Db, card: &Card) -> Pictures {
    let images = card.images().filter_map(|(_, name)| {
        let picture = image(db, image_file(db, name)?)?;
        Some((name.to_owned(), picture))
    });
    let icons = card.icons().filter_map(|(_, name)| {
        let svg = icon(db, name)?;
        Some((name.to_owned(), Picture::new(svg.as_bytes().into(), true)))
    });
    Pictures {
        images: images.collect(),
        icons: icons.collect(),
    }
}
