//! The files of both sides of a comparison.

use std::sync::Arc;

use bytes::Bytes;

use crate::files::{Disk, FileContent, Kind, SourcePath, System, same_content};
use crate::session::{Places, Sites};
use crate::site::{Content, queries};
use crate::url;

/// A file of a site.
pub(super) enum Held {
    /// These bytes.
    Bytes(Bytes),
    /// Those of a file of [`Shelf::system`].
    File(SourcePath),
}

/// What is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    /// A page.
    Page,
    /// Any other file.
    Asset,
}

/// The files of a site, by their paths below its folder.
pub(super) trait Shelf: Sync {
    /// What is at a place.
    fn thing(&self, place: &str) -> Option<Thing>;
    /// The file at a place.
    fn held(&self, place: &str) -> Option<Held>;
    /// What [`Held::File`] is read from.
    fn system(&self) -> &dyn System;
    /// The path on the server of the site's folder, with `/` at both ends.
    fn root(&self) -> &str;

    /// The file at a place as text.
    fn text(&self, place: &str) -> Option<String> {
        let bytes = match self.held(place)? {
            Held::Bytes(bytes) => bytes.to_vec(),
            Held::File(path) => self.system().read(&path).ok()?,
        };
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Whether two files are the same. What cannot be read is the same as nothing.
pub(super) fn are_same(one: &dyn Shelf, other: &dyn Shelf, places: (&str, &str)) -> bool {
    let content = |shelf: &dyn Shelf, place| match shelf.held(place)? {
        Held::Bytes(bytes) => Some(FileContent::Held(bytes.to_vec())),
        Held::File(path) => shelf.system().open(&path).ok(),
    };
    let both = content(one, places.0).zip(content(other, places.1));
    both.is_some_and(|(one, other)| same_content(&one, &other).unwrap_or(false))
}

/// The files of a project's sites.
pub(super) struct SitesShelf {
    sites: Arc<Sites>,
    places: Places,
}

impl SitesShelf {
    pub(super) fn new(sites: Arc<Sites>) -> Self {
        Self {
            places: Places::of(&sites),
            sites,
        }
    }
}

impl Shelf for SitesShelf {
    fn thing(&self, place: &str) -> Option<Thing> {
        let found = self.places.find(place)?;
        let is_made = found.output.asset().is_none();
        let is_page =
            is_made && (found.output.is_document || url::index_of(place).ends_with(".html"));
        Some(if is_page { Thing::Page } else { Thing::Asset })
    }

    fn held(&self, place: &str) -> Option<Held> {
        let found = self.places.find(place)?;
        let produced = found.session.ask(|db| queries::produce(db, &found.output));
        match produced.1.content? {
            Content::Bytes(bytes) => Some(Held::Bytes(bytes)),
            Content::File(path) => Some(Held::File(path)),
        }
    }

    fn system(&self) -> &dyn System {
        self.sites.system()
    }

    fn root(&self) -> &str {
        &self.places.addresses.root
    }
}

/// The files of a site that was built.
pub(super) struct FolderShelf {
    disk: Disk,
    root: String,
}

impl FolderShelf {
    pub(super) fn new(disk: Disk, root: String) -> Self {
        Self { disk, root }
    }

    fn path(&self, place: &str) -> Option<SourcePath> {
        let path = SourcePath::new(url::index_of(place));
        let kind = self.disk.kind(&path).ok()?;
        (kind == Some(Kind::File)).then_some(path)
    }

    /// The places of all HTML files, sorted.
    pub(super) fn pages(&self) -> Vec<String> {
        let mut pages = Vec::new();
        let mut folders = vec![SourcePath::root()];
        while let Some(folder) = folders.pop() {
            for (name, kind) in self.disk.list(&folder).unwrap_or_default() {
                let path = folder.join(&name);
                match kind {
                    Kind::Folder => folders.push(path),
                    Kind::File if name.ends_with(".html") => pages.push(path.as_str().to_owned()),
                    Kind::File | Kind::Other => {}
                }
            }
        }
        pages.sort_unstable();
        pages
    }
}

impl Shelf for FolderShelf {
    fn thing(&self, place: &str) -> Option<Thing> {
        let path = self.path(place)?;
        Some(if path.as_str().ends_with(".html") {
            Thing::Page
        } else {
            Thing::Asset
        })
    }

    fn held(&self, place: &str) -> Option<Held> {
        self.path(place).map(Held::File)
    }

    fn system(&self) -> &dyn System {
        &self.disk
    }

    fn root(&self) -> &str {
        &self.root
    }
}
