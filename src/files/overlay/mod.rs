use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{CopyError, FileContent, Kind, Link, LinkStatus, SourcePath, System, UnappliedChanges};

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
enum OverlayState {
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
struct Resolution {
    over: OverlayState,
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

    fn led(&self, texts: &Texts, path: &SourcePath) -> Resolution {
        let mut links = self.below.links(path);
        let way = std::iter::once(path).chain(&links);
        let first_text = way.enumerate().find_map(|(nth, at)| {
            let over = match texts.get(at) {
                Some(text) => OverlayState::Text(text.clone()),
                None if texts.keys().any(|text| is_above(text, at)) => OverlayState::Hidden,
                None => return None,
            };
            Some((nth, over))
        });
        if let Some((nth, over)) = first_text {
            // A text hides the links behind it.
            links.truncate(nth);
            return Resolution { over, links };
        }
        let real = self.below.real(path);
        let is_folder = real.is_some_and(|real| texts.keys().any(|text| is_above(&real, text)));
        let over = if is_folder {
            OverlayState::Folder
        } else {
            OverlayState::Unchanged
        };
        Resolution { over, links }
    }

    fn over(&self, path: &SourcePath) -> OverlayState {
        let texts = self.texts();
        if texts.is_empty() {
            return OverlayState::Unchanged;
        }
        let led = self.led(&texts, path);
        let is_text = matches!(led.over, OverlayState::Text(_));
        // A link that may not be followed leads to nothing, even with a text there.
        if is_text && !led.links.is_empty() && self.below.real(path).is_none() {
            return OverlayState::Hidden;
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
            OverlayState::Text(_) => Ok(Some(Kind::File)),
            OverlayState::Folder => Ok(Some(Kind::Folder)),
            OverlayState::Hidden => Ok(None),
            OverlayState::Unchanged => self.below.kind(path),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        match self.over(path) {
            OverlayState::Text(text) => Ok(text.as_bytes().to_vec()),
            OverlayState::Folder => is_a_folder(),
            OverlayState::Hidden => absent(),
            OverlayState::Unchanged => self.below.read(path),
        }
    }

    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        match self.over(path) {
            OverlayState::Text(text) => Ok(FileContent::Held(text.as_bytes().to_vec())),
            OverlayState::Folder => is_a_folder(),
            OverlayState::Hidden => absent(),
            OverlayState::Unchanged => self.below.open(path),
        }
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        match self.over(path) {
            OverlayState::Text(text) => crate::files::disk::write(to, text.as_bytes()),
            OverlayState::Folder => is_a_folder().map_err(CopyError::Reading),
            OverlayState::Hidden => absent().map_err(CopyError::Reading),
            OverlayState::Unchanged => self.below.copy(path, to),
        }
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        let texts = self.texts();
        if texts.is_empty() {
            return self.below.list(path);
        }
        if let OverlayState::Text(_) | OverlayState::Hidden = self.over(path) {
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

    fn is_changing(&self, path: &SourcePath) -> bool {
        matches!(self.over(path), OverlayState::Unchanged) && self.below.is_changing(path)
    }

    fn lacks_changing(&self, folder: &SourcePath, names: &[(String, Kind)]) -> bool {
        self.below.lacks_changing(folder, names)
    }

    fn unapplied(&self) -> Option<&UnappliedChanges> {
        self.below.unapplied()
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        match self.over(path) {
            OverlayState::Text(text) => {
                let mut hasher = DefaultHasher::new();
                hasher.write(text.as_bytes());
                // Read as a time in nanoseconds it is before 2007, so that an
                // unsaved text never counts as recently written.
                Some((text.len() as u64, u128::from(hasher.finish() >> 4)))
            }
            OverlayState::Folder | OverlayState::Hidden => None,
            OverlayState::Unchanged => self.below.stamp(path),
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
        if let OverlayState::Text(_) | OverlayState::Hidden = self.over(folder) {
            return Vec::new();
        }
        for link in &mut links {
            let path = folder.join(&link.name);
            link.through = self.links(&path);
            let is_there = |path: &SourcePath| !matches!(self.kind(path), Ok(None));
            let leads_to = link.through.last();
            link.way = match link.way {
                LinkStatus::Refused => LinkStatus::Refused,
                _ if is_there(&path) => LinkStatus::Followed,
                // A text made its target exist, but it must not be published.
                _ if self.real(&path).is_none() && leads_to.is_some_and(is_there) => {
                    LinkStatus::Refused
                }
                _ => LinkStatus::Broken,
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
            OverlayState::Text(_) | OverlayState::Hidden => {
                Some(led.links.into_iter().last().unwrap_or_else(|| path.clone()))
            }
            OverlayState::Folder | OverlayState::Unchanged => Some(real),
        }
    }

    fn is_shared(&self, path: &SourcePath) -> bool {
        self.below.is_shared(path)
    }

    fn link_rules(&self, path: &SourcePath) -> Vec<SourcePath> {
        self.below.link_rules(path)
    }

    fn set_linked_dirs(&self, folders: &[SourcePath]) -> bool {
        self.below.set_linked_dirs(folders)
    }

    fn locate(&self, absolute: &str) -> Option<SourcePath> {
        self.below.locate(absolute)
    }

    fn refused(&self, path: &SourcePath) -> Option<(usize, String)> {
        match self.over(path) {
            OverlayState::Text(_) | OverlayState::Folder | OverlayState::Hidden => None,
            OverlayState::Unchanged => self.below.refused(path),
        }
    }

    fn fault(&self, path: &SourcePath) -> Option<String> {
        match self.over(path) {
            OverlayState::Text(_) | OverlayState::Folder | OverlayState::Hidden => None,
            OverlayState::Unchanged => self.below.fault(path),
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
