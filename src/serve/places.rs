use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Server;
use super::last_good::Shape;
use super::view::View;
use crate::files::{SourcePath, System};
use crate::session::{Edition, Revision, Session};
use crate::site::{Database, Output, Produced, queries};

/// What an address of the server names: a site, and an address there.
pub(super) struct Place {
    /// The site's session.
    pub(super) session: Arc<Session>,
    /// What there is.
    pub(super) shape: Arc<Shape>,
    /// The address, relative to the site's root; `None` where it lies outside
    /// of every site.
    pub(super) address: Option<String>,
}

impl Place {
    /// The output that lies there, with its path.
    pub(super) fn output(&self) -> Option<(String, Output)> {
        queries::output_at(&self.shape.outputs, self.address.as_deref()?)
    }

    /// The source of the page that lies there.
    pub(super) fn page(&self) -> Option<SourcePath> {
        self.output()?.1.page().cloned()
    }

    /// How old the newest file is from which a page or file of this address
    /// would be made; `None` where there is none.
    pub(super) fn freshness(&self, system: &dyn System) -> Option<Duration> {
        let address = self.address.as_deref()?;
        let (_, config) = self.session.ask(|db| queries::config(db));
        let config = config?;
        let shared = config.languages.as_ref().filter(|it| it.shared);
        let prefix = shared.map_or("", |it| &it.current().prefix);
        let plain = address.strip_prefix(prefix).unwrap_or(address);
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

impl Server {
    /// The path that the whole of all languages lies below.
    pub(super) fn root(&self) -> String {
        let editions = self.sites.editions();
        let main = editions.iter().find(|edition| edition.is_main);
        let shape = self.shape(main, self.sites.main());
        let prefix = main.filter(|main| !main.shared).map(|main| &main.prefix);
        let root = prefix.and_then(|prefix| shape.base.strip_suffix(prefix));
        root.unwrap_or(&shape.base).to_owned()
    }

    /// Finds the site that a path of the server belongs to: the one with the
    /// longest prefix, else the main one.
    pub(super) fn place(&self, path: &str) -> Place {
        let editions = self.sites.editions();
        let main = editions.iter().find(|edition| edition.is_main);
        let mut shape = self.shape(main, self.sites.main());
        let mut session = self.sites.main().clone();
        let prefix = main.map_or("", |main| main.prefix.as_str());
        let shared = main.is_some_and(|main| main.shared);
        let root = match shape.base.strip_suffix(prefix) {
            Some(root) if !shared => root,
            _ => &shape.base,
        };
        let below = path.strip_prefix(root).unwrap_or_default();
        let holds = |edition: &&Edition| {
            !edition.is_main && !edition.prefix.is_empty() && below.starts_with(&edition.prefix)
        };
        let found = editions.iter().filter(holds);
        let found = found.max_by_key(|edition| edition.prefix.len());
        let mut base = shape.base.clone();
        if let Some(edition) =
            found.filter(|it| it.prefix.len() > prefix.len() || !below.starts_with(prefix))
        {
            session = self.sites.session(edition);
            base = match edition.shared {
                true => root.to_owned(),
                false => format!("{root}{}", edition.prefix),
            };
            shape = self.shape(Some(edition), &session);
        }
        Place {
            address: path.strip_prefix(&base).map(str::to_owned),
            session,
            shape,
        }
    }

    /// The path of the home page.
    pub(super) fn home(&self) -> String {
        let editions = self.sites.editions();
        let main = editions.iter().find(|edition| edition.is_main);
        let base = self.shape(main, self.sites.main()).base.clone();
        match main.filter(|main| main.shared) {
            Some(main) => format!("{base}{}", main.prefix),
            None => base,
        }
    }

    /// The path of the server that an address of a site has.
    pub(super) fn path_of(&self, edition: &Edition, session: &Session, address: &str) -> String {
        if edition.is_main {
            return format!("{}{address}", self.shape(Some(edition), session).base);
        }
        let root = self.root();
        match edition.shared {
            true => format!("{root}{address}"),
            false => format!("{root}{}{address}", edition.prefix),
        }
    }

    /// Makes an output of a site. What is made of all languages that share it
    /// is made of what each brings.
    pub(super) fn produce(&self, session: &Session, output: &Output) -> Produced {
        let is_of_all = session.ask(|db| queries::is_of_all(db, output)).1;
        if !is_of_all {
            return session.ask(|db| queries::remembered(db, output)).1;
        }
        let editions = self.sites.editions();
        let sessions = editions.iter().map(|edition| self.sites.session(edition));
        let parts = sessions.map(|session| session.ask(|db| queries::part(db)).1);
        let parts: Vec<_> = parts.collect();
        let made = session.ask(|db| queries::produce_of_all(db, output, &parts));
        made.1
    }

    /// What a path of the server shows.
    pub(super) fn view(&self, path: &str) -> (Revision, View) {
        let place = self.place(path);
        let address = place.address.as_deref().unwrap_or(path);
        place.session.ask(|db| View::of(db, address, self.strict))
    }

    /// A site's shape; that of the last good config while it is broken, and
    /// with what was there before while something cannot be read.
    fn shape(&self, edition: Option<&Edition>, session: &Session) -> Arc<Shape> {
        let code = edition.and_then(|edition| edition.language.clone());
        let (_, shape) = session.ask(shape);
        let mut last_good = self.last_good();
        match (shape, last_good.shapes.get(&code)) {
            (None, Some(kept)) => kept.clone(),
            // What cannot be read may be gone from it and is not gone.
            (Some((shape, false)), Some(kept)) => {
                let mut outputs = (*kept.outputs).clone();
                outputs.extend((*shape.outputs).clone());
                Arc::new(Shape {
                    outputs: Arc::new(outputs),
                    ..shape
                })
            }
            (None, None) => Arc::new(Shape {
                base: "/".to_owned(),
                outputs: Arc::default(),
            }),
            (Some((shape, _)), _) => {
                let shape = Arc::new(shape);
                last_good.shapes.insert(code, shape.clone());
                shape
            }
        }
    }
}

/// Where a site is served: below the path of its `site_url`, as `mkdocs
/// serve` does, so that absolute links of the site hold; and whether that is
/// all of it. `None` while the config cannot be read.
fn shape(db: &Database) -> Option<(Shape, bool)> {
    let shape = Shape {
        base: queries::config(db)?.base.clone(),
        outputs: queries::outputs(db),
    };
    Some((shape, queries::are_outputs_whole(db)))
}
