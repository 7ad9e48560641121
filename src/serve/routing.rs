use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::{Mutex, MutexGuard};

use super::copies::CopyService;
use super::last_good::{LastGood, Shape};
use super::view::View;
use crate::files::{SourcePath, System};
use crate::languages::{Addresses, LanguageSite, Spot};
use crate::plugins::privacy::Needs;
use crate::session::{Revision, Session, Sites};
use crate::site::{Database, Output, Produced, queries};

/// Where a path of the server leads: a site, and an address in it.
pub(super) struct Route {
    /// The site's session.
    pub(super) session: Arc<Session>,
    /// The address in that site.
    pub(super) spot: Spot,
    /// The language of the site.
    edition: LanguageSite,
    /// What the site contains.
    shape: Arc<Shape>,
}

impl Route {
    /// The output at this address, with its path.
    pub(super) fn output(&self) -> Option<(String, Output)> {
        let shape = &self.shape;
        queries::output_at(&self.spot, &shape.outputs, &shape.root_outputs)
    }

    /// The source of the page at this address.
    pub(super) fn page(&self) -> Option<SourcePath> {
        self.output()?.1.page().cloned()
    }

    /// The code of the language of its site; `None` where there is one language.
    pub(super) fn language(&self) -> Option<&str> {
        self.edition.language.as_deref()
    }

    /// The age of the newest file that a page or file at this address would be
    /// made from; `None` if there is no such file.
    pub(super) fn freshness(&self, system: &dyn System) -> Option<Duration> {
        let Spot::Site(address) = &self.spot else {
            return None;
        };
        let config = self.session.ask(|db| queries::config(db)).1?;
        let plain = address.strip_prefix(&self.edition.pages).unwrap_or(address);
        let candidates = files_of(plain);
        let sources = candidates.iter().flat_map(|path| config.docs.sources(path));
        let stamps = sources.filter_map(|source| system.stamp(&source));
        let newest = stamps.map(|(_, modified)| modified).max()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let age = now.as_nanos().saturating_sub(newest);
        Some(Duration::from_nanos(u64::try_from(age).unwrap_or(u64::MAX)))
    }
}

/// The files below the docs folder from which an address may be made.
fn files_of(address: &str) -> [String; 4] {
    let page = address.trim_end_matches('/');
    let page = page.strip_suffix(".html").unwrap_or(page);
    let folder = |name: &str| match page {
        "" => name.to_owned(),
        page => format!("{page}/{name}"),
    };
    [
        address.to_owned(),
        format!("{page}.md"),
        folder("index.md"),
        folder("README.md"),
    ]
}

/// Maps the paths of the server to what they show.
pub(super) struct Routes {
    pub(super) sites: Arc<Sites>,
    /// Whether warnings are shown as errors.
    pub(super) strict: bool,
    /// The last good HTML of requested addresses.
    last_good: Mutex<LastGood>,
    /// Downloads the files of other sites that are missing; `None` if nothing may be.
    copies: Option<CopyService>,
}

impl Routes {
    /// Serves these sites. With `strict`, warnings are shown as errors.
    pub(super) fn new(sites: Arc<Sites>, strict: bool) -> Self {
        Self {
            sites,
            strict,
            last_good: Mutex::default(),
            copies: None,
        }
    }

    /// Has missing files of other sites downloaded.
    pub(super) fn with_copies(mut self, copies: Option<CopyService>) -> Self {
        self.copies = copies;
        self
    }

    /// Has what an output or a page lacks downloaded.
    pub(super) fn want(&self, session: &Arc<Session>, needs: &Needs) {
        if let Some(copies) = &self.copies {
            copies.want(session, needs);
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
    pub(super) fn place(&self, path: &str) -> Route {
        let addresses = self.addresses();
        let (edition, spot) = addresses.find(path);
        let session = self.sites.session(edition);
        Route {
            shape: self.shape(edition, &session),
            edition: edition.clone(),
            session,
            spot,
        }
    }

    /// Makes an output of a site. An output that covers all languages of a
    /// shared site is made from the parts that each language contributes.
    pub(super) fn produce(&self, session: &Arc<Session>, output: &Output) -> Produced {
        let covers_all_languages = session
            .ask(|db| queries::covers_all_languages(db, output))
            .1;
        if !covers_all_languages {
            let produced = session.ask(|db| queries::produce_cached(db, output)).1;
            self.want(session, &produced.needs);
            return produced;
        }
        let addresses = self.addresses();
        let sessions = addresses.editions.iter();
        let sessions = sessions.map(|edition| self.sites.session(edition));
        let parts = sessions.map(|session| session.ask(|db| queries::part(db)).1);
        let parts: Vec<_> = parts.collect();
        let whole = session.ask(|db| queries::produce_for_all_languages(db, output, &parts));
        whole.1
    }

    /// What the server shows at a path.
    pub(super) fn view(&self, path: &str) -> (Revision, View) {
        let place = self.place(path);
        let spot = &place.spot;
        let (revision, view) = place.session.ask(|db| View::of(db, spot, self.strict));
        self.want(&place.session, &view.needs);
        let root = self.addresses().path_of(&place.edition, "");
        (revision, view.placed(&root))
    }

    /// The outputs of a site. While the configuration is broken, the last known
    /// ones; while a file cannot be read, the current ones along with them.
    fn shape(&self, edition: &LanguageSite, session: &Session) -> Arc<Shape> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Memory, NoHistory};
    use crate::site::Invocation;

    /// The places of a project, with its files at hand.
    fn places(files: &[(&str, &str)]) -> (Memory, Routes) {
        let files = Memory::new(files.iter().copied());
        let system = Arc::new(files.clone());
        let sites = Sites::new(system, Arc::new(NoHistory), Invocation::default());
        (files, Routes::new(Arc::new(sites), false))
    }

    /// The output at a path of the server, and the source of a page there.
    fn found(places: &Routes, path: &str) -> Option<(String, Option<String>)> {
        let place = places.place(path);
        let source = place.page().map(|page| page.as_str().to_owned());
        Some((place.output()?.0, source))
    }

    #[test]
    fn paths_lead_to_the_outputs_of_the_site() {
        let (_, places) = places(&[
            ("mkdocs.yml", "site_name: S\n"),
            ("docs/index.md", "# Home\n"),
            ("docs/a/b.md", "# B\n"),
            ("docs/é f.md", "# É\n"),
            ("docs/data.txt", "data"),
        ]);
        for (path, output, source) in [
            ("/", "index.html", Some("docs/index.md")),
            ("/index.html", "index.html", Some("docs/index.md")),
            ("/a/b/", "a/b/index.html", Some("docs/a/b.md")),
            ("/é f/", "é f/index.html", Some("docs/é f.md")),
            ("/data.txt", "data.txt", None),
            ("/sitemap.xml", "sitemap.xml", None),
        ] {
            let expected = (output.to_owned(), source.map(str::to_owned));
            assert_eq!(found(&places, path), Some(expected), "{path}");
        }
        for path in [
            "/a/b",
            "/a/",
            "/data.txt/",
            "/docs/index.md",
            "//",
            "",
            "/x",
        ] {
            assert_eq!(found(&places, path), None, "{path}");
        }
    }

    #[test]
    fn paths_lead_to_the_language_that_is_there() {
        let (_, places) = places(&[
            (
                "proofroom.toml",
                "site_name = \"S\"\nsite_url = \"https://x.example/docs/\"\n[languages]\n\
                 en = { docs = \"docs\" }\nhe = { docs = \"i18n/he\" }\n",
            ),
            ("docs/index.md", "# Home\n"),
            ("docs/a.md", "# A\n"),
            ("i18n/he/index.md", "# He\n"),
        ]);
        for (path, source) in [
            ("/docs/", Some("docs/index.md")),
            ("/docs/a/", Some("docs/a.md")),
            ("/docs/he/", Some("i18n/he/index.md")),
            // What a language lacks is the default one's.
            ("/docs/he/a/", Some("docs/a.md")),
            ("/docs/fr/", None),
            ("/he/", None),
            ("/", None),
        ] {
            let page = places.place(path).page();
            assert_eq!(page.as_ref().map(SourcePath::as_str), source, "{path}");
        }
    }

    #[test]
    fn a_configuration_that_cannot_be_read_takes_nothing_away() {
        let (files, places) = places(&[
            ("mkdocs.yml", "site_name: S\n"),
            ("docs/index.md", "# Home\n"),
        ]);
        assert!(found(&places, "/").is_some());
        let config = SourcePath::new("mkdocs.yml");
        files.write(&config, "site_name: [\n");
        let batch = crate::watch::ChangeBatch::Paths(vec![config]);
        places.sites.apply(&batch);
        assert!(found(&places, "/").is_some());
    }

    #[test]
    fn an_address_may_be_made_from_several_files() {
        for (address, files) in [
            ("", ["", ".md", "index.md", "README.md"]),
            ("a/", ["a/", "a.md", "a/index.md", "a/README.md"]),
            ("a.html", ["a.html", "a.md", "a/index.md", "a/README.md"]),
            (
                "a/x.png",
                [
                    "a/x.png",
                    "a/x.png.md",
                    "a/x.png/index.md",
                    "a/x.png/README.md",
                ],
            ),
        ] {
            assert_eq!(files_of(address), files, "{address}");
        }
    }
}
