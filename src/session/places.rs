use std::sync::Arc;

use super::{Session, Sites};
use crate::languages::{Addresses, LanguageSite};
use crate::site::{Output, Outputs, queries};
use crate::url;

/// The outputs of all sites of a project, by their places: their paths below the
/// folder of all languages.
pub struct Places {
    /// The addresses of the sites.
    pub addresses: Arc<Addresses>,
    /// In the order of the addresses.
    editions: Vec<Edition>,
}

struct Edition {
    session: Arc<Session>,
    outputs: Arc<Outputs>,
    /// Those at the root, where no language is.
    at_root: Arc<Outputs>,
}

/// An output at a place.
#[derive(Clone)]
pub struct Placed {
    /// The session of its site.
    pub session: Arc<Session>,
    /// The output.
    pub output: Output,
}

impl Places {
    /// The outputs as they are now; later changes are not seen.
    pub fn of(sites: &Sites) -> Self {
        let addresses = sites.addresses();
        let editions = addresses.editions.iter().map(|edition| {
            let session = sites.session(edition);
            let (outputs, at_root) = session
                .ask(|db| (queries::outputs(db), queries::root_outputs(db)))
                .1;
            Edition {
                session,
                outputs,
                at_root,
            }
        });
        Self {
            editions: editions.collect(),
            addresses,
        }
    }

    /// The output at a place. A place that is a folder has its index page.
    pub fn find(&self, place: &str) -> Option<Placed> {
        let path = format!("{}{place}", self.addresses.root);
        let (site, spot) = self.addresses.find(&path);
        let mut sites = self.addresses.editions.iter();
        let at = sites.position(|it| it == site)?;
        let edition = self.editions.get(at)?;
        let (_, output) = queries::output_at(&spot, &edition.outputs, &edition.at_root)?;
        Some(Placed {
            session: edition.session.clone(),
            output,
        })
    }

    /// The place of the page with this path on the server.
    pub fn of_path(&self, path: &str) -> Option<String> {
        let place = path.strip_prefix(&self.addresses.root)?;
        Some(url::index_of(place))
    }

    /// The place of an output in the site of a language.
    pub fn of_output(edition: &LanguageSite, output: &str) -> String {
        format!("{}{output}", edition.site)
    }
}
