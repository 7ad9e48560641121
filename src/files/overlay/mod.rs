use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{CopyError, Kind, Link, Opened, SourcePath, System, Way};

/// Another system's sources, as they would be if some unsaved texts were saved.
///
/// A text for a path that is a link belongs to the target of the link, as it
/// would when it is saved. Where a text has the path of a folder, or lies below a
/// file, the text wins: it hides what cannot exist beside it.
///
/// Clones share their texts. Archives go over an overlay:
/// `Archives::new(overlay)`.
#[derive(Clone)]
pub struct Overlay {
    below: Arc<dyn System>,
    /// The texts by their real paths.
    texts: Arc<RwLock<Arc<Texts>>>,
}

type Texts = BTreeMap<SourcePath, Arc<str>>;

/// What the texts turn a path into.
enum Over {
    /// A text.
    Text(Arc<str>),
    /// A folder, because a text lies below it.
    Folder,
    /// Nothing, because a text has the path of a folder above it.
    Hidden,
    /// What it is without the texts.
    Unchanged,
}

/// Where a path leads, given the texts.
struct Led {
    over: Over,
    /// Where the links on the way lead; see [`System::links`].
    links: Vec<SourcePath>,
}

impl Overlay {
    /// An overlay over `below` without texts.
    pub fn new(below: Arc<dyn System>) -> Self {
        Self {
            below,
            texts: Arc::default(),
        }
    }

    /// Puts a text in the place of a file, which need not exist. Returns the paths
    /// that changed; none where a link leads out of the project, and the text is
    /// not set.
    #[must_use = "these paths changed and must be reported"]
    pub fn set(&self, path: &SourcePath, text: impl Into<Arc<str>>) -> Vec<SourcePath> {
        let Some(real) = self.real(path) else {
            return Vec::new();
        };
        self.change(|texts| {
            // Of two texts that cannot exist together, the later one wins.
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

    /// Removes a text, so that the file itself is seen again. Returns the path that
    /// changed; `None` where there was no text.
    #[must_use = "this path changed and must be reported"]
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

    /// The present texts. Others may change them meanwhile.
    fn texts(&self) -> Arc<Texts> {
        self.texts.read().clone()
    }

    fn led(&self, texts: &Texts, path: &SourcePath) -> Led {
        let mut links = self.below.links(path);
        let way = std::iter::once(path).chain(&links);
        let first_text = way.enumerate().find_map(|(nth, at)| {
            let over = match texts.get(at) {
                Some(text) => Over::Text(text.clone()),
                None if texts.keys().any(|text| is_above(text, at)) => Over::Hidden,
                None => return None,
            };
            Some((nth, over))
        });
        if let Some((nth, over)) = first_text {
            // A text hides the links behind it.
            links.truncate(nth);
            return Led { over, links };
        }
        let real = self.below.real(path);
        let is_folder = real.is_some_and(|real| texts.keys().any(|text| is_above(&real, text)));
        let over = if is_folder {
            Over::Folder
        } else {
            Over::Unchanged
        };
        Led { over, links }
    }

    fn over(&self, path: &SourcePath) -> Over {
        let texts = self.texts();
        if texts.is_empty() {
            return Over::Unchanged;
        }
        let led = self.led(&texts, path);
        let is_text = matches!(led.over, Over::Text(_));
        // A link that may not be followed leads to nothing, even with a text there.
        if is_text && !led.links.is_empty() && self.below.real(path).is_none() {
            return Over::Hidden;
        }
        led.over
    }
}

/// Whether `other` lies below `path` and is not `path` itself.
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
            Over::Unchanged => self.below.kind(path),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        match self.over(path) {
            Over::Text(text) => Ok(text.as_bytes().to_vec()),
            Over::Folder => is_a_folder(),
            Over::Hidden => absent(),
            Over::Unchanged => self.below.read(path),
        }
    }

    fn open(&self, path: &SourcePath) -> io::Result<Opened> {
        match self.over(path) {
            Over::Text(text) => Ok(Opened::Held(text.as_bytes().to_vec())),
            Over::Folder => is_a_folder(),
            Over::Hidden => absent(),
            Over::Unchanged => self.below.open(path),
        }
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        match self.over(path) {
            Over::Text(text) => crate::files::disk::write(to, text.as_bytes()),
            Over::Folder => is_a_folder().map_err(CopyError::Reading),
            Over::Hidden => absent().map_err(CopyError::Reading),
            Over::Unchanged => self.below.copy(path, to),
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
        let mut entries: BTreeMap<String, Kind> = self.below.list(path)?.into_iter().collect();
        for link in self.below.links_in(path) {
            // If the target cannot be examined, reading it will report that.
            match self.kind(&path.join(&link.name)) {
                Ok(None) => entries.remove(&link.name),
                Ok(Some(kind)) => entries.insert(link.name, kind),
                Err(_) => entries.insert(link.name, Kind::File),
            };
        }
        let real = self.below.real(path);
        let below = |text: &SourcePath| Some(text.below(real.as_ref()?)?.to_owned());
        for below in texts.keys().filter_map(below) {
            match below.split_once('/') {
                Some((folder, _)) => entries.insert(folder.to_owned(), Kind::Folder),
                None => entries.insert(below, Kind::File),
            };
        }
        Ok(entries.into_iter().collect())
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        match self.over(path) {
            Over::Text(text) => {
                let mut hasher = DefaultHasher::new();
                hasher.write(text.as_bytes());
                // Read as a time in nanoseconds it is before 2007, so that an
                // unsaved text never counts as recently written.
                Some((text.len() as u64, u128::from(hasher.finish() >> 4)))
            }
            Over::Folder | Over::Hidden => None,
            Over::Unchanged => self.below.stamp(path),
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
                // A text made its target exist, but it must not be published.
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
            Over::Folder | Over::Unchanged => Some(real),
        }
    }

    fn refused(&self, path: &SourcePath) -> Option<(usize, String)> {
        match self.over(path) {
            Over::Text(_) | Over::Folder | Over::Hidden => None,
            Over::Unchanged => self.below.refused(path),
        }
    }

    fn fault(&self, path: &SourcePath) -> Option<String> {
        match self.over(path) {
            Over::Text(_) | Over::Folder | Over::Hidden => None,
            Over::Unchanged => self.below.fault(path),
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
