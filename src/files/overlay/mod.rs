use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{CopyError, Kind, Link, Opened, SourcePath, System, Way};

/// Another system's sources, some of whose texts are not saved yet: what there
/// would be if they were.
///
/// A text that is put where a link leads is the text of what it leads to, as it
/// would be when it was saved. Where a text has the place of a folder, or lies
/// below a file, the texts have the last word: they hide what cannot be there
/// with them.
///
/// Clones share their texts. Archives are led through from outside:
/// `Archives::new(overlay)`.
#[derive(Clone)]
pub struct Overlay {
    below: Arc<dyn System>,
    /// By the paths that no link leads away from.
    texts: Arc<RwLock<Arc<Texts>>>,
}

type Texts = BTreeMap<SourcePath, Arc<str>>;

/// What the texts make of a path.
enum Over {
    /// One of them.
    Text(Arc<str>),
    /// A folder, for one of them lies below it.
    Folder,
    /// Nothing: one of them lies where a folder above it would.
    Hidden,
    /// What it is without them.
    Nothing,
}

/// Where a path leads with the texts.
struct Led {
    over: Over,
    /// Where the links on the way lead, as [`System::links`] has it.
    links: Vec<SourcePath>,
}

impl Overlay {
    /// No texts yet over `below`.
    pub fn new(below: Arc<dyn System>) -> Self {
        Self {
            below,
            texts: Arc::default(),
        }
    }

    /// Puts a text in the place of a file, which need not be there. Returns the
    /// paths that are others now; none where a link leads out of the project,
    /// and nothing is put.
    #[must_use = "whoever read these paths has to hear of it"]
    pub fn set(&self, path: &SourcePath, text: impl Into<Arc<str>>) -> Vec<SourcePath> {
        let Some(real) = self.real(path) else {
            return Vec::new();
        };
        self.change(|texts| {
            // Two that cannot be there together are not: the later one is.
            let conflicts = |other: &SourcePath| is_above(&real, other) || is_above(other, &real);
            let mut changed: Vec<_> = texts.keys().filter(|it| conflicts(it)).cloned().collect();
            for other in &changed {
                texts.remove(other);
            }
            texts.insert(real.clone(), text.into());
            changed.push(real);
            changed
        })
    }

    /// Takes a text back, so that the file itself is there again. Returns the
    /// path that is another now; `None` where there was no text.
    #[must_use = "whoever read this path has to hear of it"]
    pub fn clear(&self, path: &SourcePath) -> Option<SourcePath> {
        let real = self.real(path)?;
        self.change(|texts| texts.remove(&real).map(|_| real))
    }

    /// The paths that have texts.
    pub fn paths(&self) -> Vec<SourcePath> {
        self.texts().keys().cloned().collect()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Texts) -> T) -> T {
        let mut texts = self.texts.write();
        change(Arc::make_mut(&mut texts))
    }

    /// The texts of this moment; nobody is kept from changing them.
    fn texts(&self) -> Arc<Texts> {
        let texts = self.texts.read();
        texts.clone()
    }

    fn led(&self, texts: &Texts, path: &SourcePath) -> Led {
        let mut links = self.below.links(path);
        let way = std::iter::once(path).chain(&links);
        let found = way.enumerate().find_map(|(nth, at)| {
            let over = match texts.get(at) {
                Some(text) => Over::Text(text.clone()),
                None if texts.keys().any(|text| is_above(text, at)) => Over::Hidden,
                None => return None,
            };
            Some((nth, over))
        });
        if let Some((nth, over)) = found {
            // Links behind a text are hidden by it.
            links.truncate(nth);
            return Led { over, links };
        }
        let real = self.below.real(path);
        let is_folder = real.is_some_and(|real| texts.keys().any(|text| is_above(&real, text)));
        let over = if is_folder {
            Over::Folder
        } else {
            Over::Nothing
        };
        Led { over, links }
    }

    fn over(&self, path: &SourcePath) -> Over {
        let texts = self.texts();
        if texts.is_empty() {
            return Over::Nothing;
        }
        let led = self.led(&texts, path);
        let is_text = matches!(led.over, Over::Text(_));
        // What may not be followed is not there, whatever lies behind it.
        if is_text && !led.links.is_empty() && self.below.real(path).is_none() {
            return Over::Hidden;
        }
        led.over
    }
}

/// Whether `other` lies below `path`, and is not that itself.
fn is_above(path: &SourcePath, other: &SourcePath) -> bool {
    other.below(path).is_some_and(|below| !below.is_empty())
}

fn absent<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

fn is_a_folder<T>() -> io::Result<T> {
    Err(io::ErrorKind::IsADirectory.into())
}

impl System for Overlay {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        match self.over(path) {
            Over::Text(_) => Ok(Some(Kind::File)),
            Over::Folder => Ok(Some(Kind::Folder)),
            Over::Hidden => Ok(None),
            Over::Nothing => self.below.kind(path),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        match self.over(path) {
            Over::Text(text) => Ok(text.as_bytes().to_vec()),
            Over::Folder => is_a_folder(),
            Over::Hidden => absent(),
            Over::Nothing => self.below.read(path),
        }
    }

    fn open(&self, path: &SourcePath) -> io::Result<Opened> {
        match self.over(path) {
            Over::Text(text) => Ok(Opened::Held(text.as_bytes().to_vec())),
            Over::Folder => is_a_folder(),
            Over::Hidden => absent(),
            Over::Nothing => self.below.open(path),
        }
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        match self.over(path) {
            Over::Text(text) => crate::files::disk::write(to, text.as_bytes()),
            Over::Folder => is_a_folder().map_err(CopyError::Reading),
            Over::Hidden => absent().map_err(CopyError::Reading),
            Over::Nothing => self.below.copy(path, to),
        }
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        let texts = self.texts();
        if texts.is_empty() {
            return self.below.list(path);
        }
        if let Over::Text(_) | Over::Hidden = self.over(path) {
            return Ok(Vec::new());
        }
        let mut found: BTreeSet<(String, Kind)> = self.below.list(path)?.into_iter().collect();
        let mut is_now = |name: &str, kind: Option<Kind>| {
            found.retain(|(known, _)| known != name);
            found.extend(kind.map(|kind| (name.to_owned(), kind)));
        };
        for link in self.below.links_in(path) {
            // What cannot be looked at behind a link is told by who reads it.
            let kind = self.kind(&path.join(&link.name));
            is_now(&link.name, kind.unwrap_or(Some(Kind::File)));
        }
        let real = self.below.real(path);
        let below = |text: &SourcePath| Some(text.below(real.as_ref()?)?.to_owned());
        for below in texts.keys().filter_map(below) {
            match below.split_once('/') {
                Some((folder, _)) => is_now(folder, Some(Kind::Folder)),
                None => is_now(&below, Some(Kind::File)),
            }
        }
        Ok(found.into_iter().collect())
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        match self.over(path) {
            Over::Text(text) => {
                let mut hasher = DefaultHasher::new();
                hasher.write(text.as_bytes());
                // Taken for a time it lies before 2007: what is not saved yet is
                // not waited for.
                Some((text.len() as u64, u128::from(hasher.finish() >> 4)))
            }
            Over::Folder | Over::Hidden => None,
            Over::Nothing => self.below.stamp(path),
        }
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        let texts = self.texts();
        if texts.is_empty() {
            return self.below.links(path);
        }
        self.led(&texts, path).links
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        let texts = self.texts();
        let mut links = self.below.links_in(folder);
        if texts.is_empty() {
            return links;
        }
        if let Over::Text(_) | Over::Hidden = self.over(folder) {
            return Vec::new();
        }
        for link in &mut links {
            let path = folder.join(&link.name);
            link.through = self.links(&path);
            let is_there = |path: &SourcePath| !matches!(self.kind(path), Ok(None));
            let leads_to = link.through.last();
            link.way = match link.way {
                Way::Refused => Way::Refused,
                _ if is_there(&path) => Way::Followed,
                // What is there now and was not before, and is not for all eyes.
                _ if self.real(&path).is_none() && leads_to.is_some_and(is_there) => Way::Refused,
                _ => Way::Broken,
            };
        }
        links
    }

    fn real(&self, path: &SourcePath) -> Option<SourcePath> {
        let real = self.below.real(path)?;
        let texts = self.texts();
        if texts.is_empty() {
            return Some(real);
        }
        let led = self.led(&texts, path);
        match led.over {
            Over::Text(_) | Over::Hidden => {
                Some(led.links.into_iter().last().unwrap_or_else(|| path.clone()))
            }
            Over::Folder | Over::Nothing => Some(real),
        }
    }

    fn refused(&self, path: &SourcePath) -> Option<(usize, String)> {
        match self.over(path) {
            Over::Text(_) | Over::Folder | Over::Hidden => None,
            Over::Nothing => self.below.refused(path),
        }
    }

    fn fault(&self, path: &SourcePath) -> Option<String> {
        match self.over(path) {
            Over::Text(_) | Over::Folder | Over::Hidden => None,
            Over::Nothing => self.below.fault(path),
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
