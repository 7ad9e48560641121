use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::{Mutex, MutexGuard};

use super::last_good::{LastGood, Shape};
use super::view::View;
use crate::files::{SourcePath, System};
use crate::languages::{Addresses, Edition, Spot};
use crate::session::{Revision, Session, Sites};
use crate::site::{Database, Output, Produced, queries};

/// Where a path of the server leads: a site, and an address in it.
pub(super) struct Place {
    /// The site's session.
    pub(super) session: Arc<Session>,
    /// The address in that site.
    pub(super) spot: Spot,
    /// The language of the site.
    edition: Edition,
    /// What the site contains.
    shape: Arc<Shape>,
}

impl Place {
    /// The output at this address, with its path.
    pub(super) fn output(&self) -> Option<(String, Output)> {
        let shape = &self.shape;
        queries::output_at(&self.spot, &shape.outputs, &shape.root_outputs)
    }

    /// The source of the page at this address.
    pub(super) fn page(&self) -> Option<SourcePath> {
        self.output()?.1.page().cloned()
    }

    /// The age of the newest file that a page or file at this address would be
    /// made from; `None` if there is no such file.
    pub(super) fn freshness(&self, system: &dyn System) -> Option<Duration> {
        let Spot::Site(address) = &self.spot else {
            return None;
        };
        let config = self.session.ask(|db| queries::config(db)).1?;
        let plain = address.strip_prefix(&self.edition.pages).unwrap_or(address);
        let page = plain.trim_end_matches('/');
        let page = page.strip_suffix(".html").unwrap_or(page);
        let folder = |name: &str| match page {
            "" => name.to_owned(),
            page => format!("{page}/{name}"),
        };
        let candidates = [
            plain.to_owned(),
            format!("{page}.md"),
            folder("index.md"),
            folder("README.md"),
        ];
        let sources = candidates.iter().flat_map(|path| config.docs.sources(path));
        let stamps = sources.filter_map(|source| system.stamp(&source));
        let newest = stamps.map(|(_, modified)| modified).max()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let age = now.as_nanos().saturating_sub(newest);
        Some(Duration::from_nanos(u64::try_from(age).unwrap_or(u64::MAX)))
    }
}

/// Maps the paths of the server to what they show.
pub(super) struct Places {
    pub(super) sites: Arc<Sites>,
    /// Whether warnings are shown as errors.
    pub(super) strict: bool,
    /// The last good HTML of requested addresses.
    last_good: Mutex<LastGood>,
}

impl Places {
    /// Serves these sites. With `strict`, warnings are shown as errors.
    pub(super) fn new(sites: Arc<Sites>, strict: bool) -> Self {
        Self {
            sites,
            strict,
            last_good: Mutex::default(),
        }
    }

    /// What the sites last showed without errors.
    pub(super) fn last_good(&self) -> MutexGuard<'_, LastGood> {
        self.last_good.lock()
    }

    /// The addresses of the sites of all languages; the last known ones while
    /// the configuration cannot be read.
    pub(super) fn addresses(&self) -> Arc<Addresses> {
        let known = self.sites.known_addresses();
        self.last_good().addresses(known)
    }

    /// Finds the site that a path of the server belongs to.
    pub(super) fn place(&self, path: &str) -> Place {
        let addresses = self.addresses();
        let (edition, spot) = addresses.find(path);
        let session = self.sites.session(edition);
        Place {
            shape: self.shape(edition, &session),
            edition: edition.clone(),
            session,
            spot,
        }
    }

    /// Makes an output of a site. An output that covers all languages of a
    /// shared site is made from the parts that each language contributes.
    pub(super) fn produce(&self, session: &Session, output: &Output) -> Produced {
        let is_of_all = session.ask(|db| queries::is_of_all(db, output)).1;
        if !is_of_all {
            return session.ask(|db| queries::remembered(db, output)).1;
        }
        let addresses = self.addresses();
        let sessions = addresses.editions.iter();
        let sessions = sessions.map(|edition| self.sites.session(edition));
        let parts = sessions.map(|session| session.ask(|db| queries::part(db)).1);
        let parts: Vec<_> = parts.collect();
        let whole = session.ask(|db| queries::produce_of_all(db, output, &parts));
        whole.1
    }

    /// What the server shows at a path.
    pub(super) fn view(&self, path: &str) -> (Revision, View) {
        let place = self.place(path);
        let spot = &place.spot;
        place.session.ask(|db| View::of(db, spot, self.strict))
    }

    /// The outputs of a site. While the configuration is broken, the last known
    /// ones; while a file cannot be read, the current ones along with them.
    fn shape(&self, edition: &Edition, session: &Session) -> Arc<Shape> {
        let (_, shape) = session.ask(shape);
        self.last_good().shape(edition.language.as_deref(), shape)
    }
}

/// The outputs of a site and whether they are complete. `None` while the
/// configuration cannot be read.
fn shape(db: &Database) -> Option<(Shape, bool)> {
    queries::config(db)?;
    let shape = Shape {
        outputs: queries::outputs(db),
        root_outputs: queries::root_outputs(db),
    };
    Some((shape, queries::are_outputs_whole(db)))
}
