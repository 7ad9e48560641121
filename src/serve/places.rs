use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::{Mutex, MutexGuard};

use super::last_good::{LastGood, Shape};
use super::view::View;
use crate::files::{SourcePath, System};
use crate::languages::{Addresses, Edition, Spot};
use crate::session::{Revision, Session, Sites};
use crate::site::{Database, Output, Produced, queries};

/// What an address of the server names: a site, and an address there.
pub(super) struct Place {
    /// The site's session.
    pub(super) session: Arc<Session>,
    /// The address.
    pub(super) spot: Spot,
    /// Whose site it is.
    edition: Edition,
    /// What there is.
    shape: Arc<Shape>,
}

impl Place {
    /// The output that lies there, with its path.
    pub(super) fn output(&self) -> Option<(String, Output)> {
        let shape = &self.shape;
        queries::output_at(&self.spot, &shape.outputs, &shape.root_outputs)
    }

    /// The source of the page that lies there.
    pub(super) fn page(&self) -> Option<SourcePath> {
        self.output()?.1.page().cloned()
    }

    /// How old the newest file is from which a page or file of this address
    /// would be made; `None` where there is none.
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
        let named = [
            plain.to_owned(),
            format!("{page}.md"),
            folder("index.md"),
            folder("README.md"),
        ];
        let sources = named.iter().flat_map(|path| config.docs.sources(path));
        let written = sources.filter_map(|source| system.stamp(&source));
        let written = written.map(|(_, modified)| modified).max()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let age = now.as_nanos().saturating_sub(written);
        Some(Duration::from_nanos(u64::try_from(age).unwrap_or(u64::MAX)))
    }
}

/// What the paths of the server show.
pub(super) struct Places {
    pub(super) sites: Arc<Sites>,
    /// Whether warnings are shown as errors.
    pub(super) strict: bool,
    /// The last good HTML of addresses that were asked for.
    last_good: Mutex<LastGood>,
}

impl Places {
    /// Of these sites. With `strict`, warnings are shown as errors.
    pub(super) fn new(sites: Arc<Sites>, strict: bool) -> Self {
        Self {
            sites,
            strict,
            last_good: Mutex::default(),
        }
    }

    /// What was last good.
    pub(super) fn last_good(&self) -> MutexGuard<'_, LastGood> {
        self.last_good.lock()
    }

    /// Where the sites of all languages lie; as it last was while the
    /// configuration cannot be read.
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

    /// Makes an output of a site. What is made of all languages that share it
    /// is made of what each brings.
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
        let made = session.ask(|db| queries::produce_of_all(db, output, &parts));
        made.1
    }

    /// What a path of the server shows.
    pub(super) fn view(&self, path: &str) -> (Revision, View) {
        let place = self.place(path);
        let spot = &place.spot;
        place.session.ask(|db| View::of(db, spot, self.strict))
    }

    /// What a site has; what it last had while its configuration is broken,
    /// and with what was there before while something cannot be read.
    fn shape(&self, edition: &Edition, session: &Session) -> Arc<Shape> {
        let (_, shape) = session.ask(shape);
        self.last_good().shape(edition.language.as_deref(), shape)
    }
}

/// What a site has, and whether that is all of it. `None` while the
/// configuration cannot be read.
fn shape(db: &Database) -> Option<(Shape, bool)> {
    queries::config(db)?;
    let shape = Shape {
        outputs: queries::outputs(db),
        root_outputs: queries::root_outputs(db),
    };
    Some((shape, queries::are_outputs_whole(db)))
}
