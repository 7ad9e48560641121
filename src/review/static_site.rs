//! The changed pages as a small static site: no server, and no request to others.
//!
//! All addresses in its pages are written anew, so that each leads to a file of the
//! folder, or to what another page says about it. Pages are at their own addresses,
//! those of the base below `base/`, where files are too that only the base has.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use parking_lot::Mutex;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::files::{LIST, UNCHANGED, base_file_of, file_of, place_of, way};
use super::rewrite::{self, Fate, Inserted, Use};
use super::shelf::{Held, Shelf, Thing, are_same};
use super::sides::{AT_BASE, Comparison};
use super::{Report, json as data, list_page};
use crate::files::{CopyError, SourcePath, System};
use crate::session::review::{PageReview, Status, joined};
use crate::url;

/// A file that each such folder has.
pub const MARK: &str = "proofroom-review/review.js";

/// The script of the pages: the views of the server, with what they find in the page
/// instead of asking for it.
const SCRIPT: &str = concat!(
    "const proofroomStyles = { bar: String.raw`",
    include_str!("../serve/browser/review.css"),
    "`, marks: String.raw`",
    include_str!("../serve/browser/review-marks.css"),
    "` };\n",
    include_str!("../serve/browser/look.js"),
    include_str!("../serve/browser/review-place.js"),
    include_str!("../serve/browser/review-marks.js"),
    include_str!("../serve/browser/review-pictures.js"),
    include_str!("../serve/browser/review-map.js"),
    include_str!("../serve/browser/review-sides.js"),
    include_str!("../serve/browser/review-bar.js"),
    include_str!("before.js"),
    include_str!("../serve/browser/review.js"),
    include_str!("after.js"),
);

/// What keeps browsers from asking others for anything, whatever scripts do.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self' \
                      file: data: blob: 'unsafe-inline' 'unsafe-eval'\">";

/// How often files are looked for that others name.
const MOST_ROUNDS: usize = 100;

/// Where the site is written.
pub trait Folder: Sync {
    /// Writes one file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Copies a file.
    ///
    /// # Errors
    /// When it cannot be read or written.
    fn copy(&self, path: &str, system: &dyn System, source: &SourcePath) -> Result<(), CopyError>;
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// How many changed pages.
    pub pages: usize,
    /// What is not shown, each as a sentence.
    pub notes: Vec<String>,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Side {
    Now,
    Base,
}

/// A changed page and where it is written.
struct Shown<'r> {
    page: &'r PageReview,
    /// Its place in its site.
    place: String,
    /// Its file in the folder.
    file: String,
    /// Its place at the base, unless it is new or gone.
    base: Option<String>,
}

impl Shown<'_> {
    /// The side whose theme it is in.
    fn side(&self) -> Side {
        match self.page.status {
            Status::Removed => Side::Base,
            _ => Side::Now,
        }
    }
}

/// The static site of a comparison.
pub struct StaticSite<'r> {
    comparison: Box<dyn Comparison + 'r>,
    report: &'r Report,
}

impl<'r> StaticSite<'r> {
    pub(super) fn new(comparison: Box<dyn Comparison + 'r>, report: &'r Report) -> Self {
        Self { comparison, report }
    }

    /// Writes all files.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn write(&self, folder: &dyn Folder) -> io::Result<Written> {
        let shown = self.shown();
        let mut files: BTreeMap<(Side, String), String> = BTreeMap::new();
        for page in &shown {
            files
                .entry((page.side(), page.place.clone()))
                .or_insert_with(|| page.file.clone());
            if let Some(base) = &page.base {
                files.insert((Side::Base, base.clone()), base_file_of(base));
            }
        }
        let writer = Writer {
            comparison: &*self.comparison,
            report: self.report,
            folder,
            pages: files,
            assets: Mutex::default(),
            same: Mutex::default(),
            left_out: Mutex::default(),
        };
        let all: Vec<usize> = (0..shown.len()).collect();
        all.par_iter()
            .try_for_each(|nth| writer.page(&shown, *nth))?;
        writer.assets()?;
        let notes = writer.notes();
        folder.write(MARK, SCRIPT.as_bytes())?;
        let list = list_page::page(self.report, &notes);
        folder.write(LIST, list.as_bytes())?;
        if !shown.iter().any(|page| page.file == "index.html") {
            folder.write("index.html", list.as_bytes())?;
        }
        Ok(Written {
            pages: shown.len(),
            notes,
        })
    }

    /// The changed pages in the order of the list, each file once.
    fn shown(&self) -> Vec<Shown<'r>> {
        let mut known = BTreeSet::new();
        let pages = self.report.list.pages.iter().map(|page| {
            let place = place_of(page, self.report);
            let is_both = !matches!(page.status, Status::Added | Status::Removed);
            Shown {
                file: file_of(&place),
                place,
                base: is_both
                    .then(|| self.comparison.place_at_base(page))
                    .flatten(),
                page,
            }
        });
        // What is there now comes before what was there.
        let (gone, mut shown): (Vec<_>, Vec<_>) =
            pages.partition(|page| page.page.status == Status::Removed);
        shown.extend(gone);
        shown.retain(|page| known.insert(page.file.clone()));
        shown
    }
}

/// The files that pages name.
#[derive(Default)]
struct Assets {
    known: BTreeSet<String>,
    /// Those that are not written yet: side, place, file in the folder.
    waiting: Vec<(Side, String, String)>,
}

struct Writer<'w> {
    comparison: &'w dyn Comparison,
    report: &'w Report,
    folder: &'w dyn Folder,
    /// The files of the pages that are shown, by their sides and places.
    pages: BTreeMap<(Side, String), String>,
    assets: Mutex<Assets>,
    /// Which places have the same file on both sides.
    same: Mutex<HashMap<String, bool>>,
    /// The hosts that are not asked.
    left_out: Mutex<BTreeSet<String>>,
}

impl Writer<'_> {
    fn shelf(&self, side: Side) -> &dyn Shelf {
        match side {
            Side::Now => self.comparison.now(),
            Side::Base => self.comparison.base(),
        }
    }

    /// Writes a page with its changes marked, and as it is at the base.
    fn page(&self, shown: &[Shown<'_>], nth: usize) -> io::Result<()> {
        let page = &shown[nth];
        let marked = self.comparison.marked(page.page);
        let html = marked.html.unwrap_or_default();
        let html = self.rewritten(&html, page.side(), &page.place, &page.file, &|from| {
            self.data(shown, nth, "difference", from)
        });
        self.folder.write(&page.file, html.as_bytes())?;
        let Some(base) = &page.base else {
            return Ok(());
        };
        let Some(html) = self.comparison.base().text(base) else {
            return Ok(());
        };
        let file = base_file_of(base);
        let html = self.rewritten(&html, Side::Base, base, &file, &|from| {
            self.data(shown, nth, "base", from)
        });
        self.folder.write(&file, html.as_bytes())
    }

    /// What the script of a page in the file `from` is told.
    fn data(&self, shown: &[Shown<'_>], nth: usize, mode: &str, from: &str) -> Value {
        let page = &shown[nth];
        let file = |nth: Option<usize>| {
            let page = nth.and_then(|nth| shown.get(nth));
            page.map(|page| way(&page.file, from))
        };
        let base = page.base.as_ref();
        let is_there = page.side() == Side::Now;
        json!({
            "mode": mode,
            "page": page.page.address,
            "list": way(LIST, from),
            "addresses": {
                "now": is_there.then(|| way(&page.file, from) + "?proofroom=now"),
                "difference": way(&page.file, from),
                "base": base.map(|base| way(&base_file_of(base), from)),
            },
            "answer": {
                "base": {"title": self.report.title, "commit": self.report.commit, "notes": []},
                "status": page.page.status,
                "from": page.page.from,
                "reasons": page.page.reasons,
                "changes": data::changes(self.report, page.page),
                "problems": [],
                "previous": file(nth.checked_sub(1)),
                "next": file(Some(nth + 1)),
            },
        })
    }

    fn rewritten(
        &self,
        html: &str,
        side: Side,
        place: &str,
        file: &str,
        data: &dyn Fn(&str) -> Value,
    ) -> String {
        let data = data(file);
        let mode = data["mode"].as_str().unwrap_or_default().to_owned();
        let data = data.to_string().replace('<', "\\u003c");
        let body = format!(
            "<script type=\"application/json\" data-proofroom-changes>{data}</script>\
             <script src=\"{}\" data-proofroom-mode=\"{}\"></script>",
            way(MARK, file),
            mode
        );
        let inserted = Inserted {
            head: POLICY,
            body: &body,
        };
        rewrite::page(html, &inserted, &mut |address, what| {
            self.decide(address, what, side, place, file)
        })
    }

    /// What becomes of an address in the file of `place`, which is written to `file`.
    fn decide(&self, address: &str, what: Use, side: Side, place: &str, file: &str) -> Fate {
        let nowhere = if what == Use::Load {
            Fate::Dropped
        } else {
            Fate::Kept
        };
        let (path, rest) = url::split(address);
        let (side, target) = if let Some(path) = path.strip_prefix(AT_BASE) {
            (Side::Base, url::unquote(path).map(|it| it.into_owned()))
        } else if path.is_empty() {
            return Fate::Kept;
        } else if url::has_scheme(address) || address.starts_with("//") {
            return self.foreign(address, what);
        } else if let Some(path) = path.strip_prefix('/') {
            let root = self.shelf(side).root();
            let below = root
                .strip_prefix('/')
                .and_then(|root| path.strip_prefix(root));
            let below = below.and_then(url::unquote);
            (side, below.map(|it| it.into_owned()))
        } else {
            let path = url::unquote(path);
            (side, path.and_then(|path| url::resolve(&path, place)))
        };
        let Some(target) = target else {
            return nowhere;
        };
        match self.thing(side, &target) {
            Some((place, Thing::Page)) => self.page_address(side, &place, rest, what, file),
            Some((place, Thing::Asset)) if what != Use::Relation => {
                let to = self.asset(side, place);
                Fate::Replaced(way(&to, file) + rest)
            }
            Some(_) => Fate::Dropped,
            None if what == Use::Relation => Fate::Dropped,
            None => nowhere,
        }
    }

    /// What is at a place, with the place of its file.
    fn thing(&self, side: Side, target: &str) -> Option<(String, Thing)> {
        let shelf = self.shelf(side);
        let folder = format!("{}/", target.trim_end_matches('/'));
        [target, &folder].into_iter().find_map(|target| {
            let thing = shelf.thing(target)?;
            Some((url::index_of(target), thing))
        })
    }

    fn page_address(&self, side: Side, place: &str, rest: &str, what: Use, file: &str) -> Fate {
        let known = |side| self.pages.get(&(side, place.to_owned()));
        let to = known(side).or_else(|| known(Side::Now));
        match (to, what) {
            (Some(to), _) => Fate::Replaced(way(to, file) + rest),
            (None, Use::Link) => {
                let list = way(LIST, file);
                let page = url::quote(place.strip_suffix("index.html").unwrap_or(place));
                Fate::Replaced(format!("{list}?page={page}#{UNCHANGED}"))
            }
            (None, _) => Fate::Dropped,
        }
    }

    /// What becomes of an address elsewhere: nobody else is asked.
    fn foreign(&self, address: &str, what: Use) -> Fate {
        let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
        let is_local = ["data", "blob", "about", "javascript", "mailto", "tel"]
            .iter()
            .any(|it| scheme.eq_ignore_ascii_case(it));
        let is_remote = address.starts_with("//") || !is_local;
        if what != Use::Load || !is_remote {
            return Fate::Kept;
        }
        let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        self.left_out.lock().insert(host.to_owned());
        Fate::Dropped
    }

    /// The file in the folder for a file of the site, which is written later.
    fn asset(&self, side: Side, place: String) -> String {
        let (side, file) = match side {
            Side::Base if !self.is_same(&place) => (Side::Base, base_file_of(&place)),
            _ => (Side::Now, file_of(&place)),
        };
        let mut assets = self.assets.lock();
        if assets.known.insert(file.clone()) {
            assets.waiting.push((side, place, file.clone()));
        }
        file
    }

    fn is_same(&self, place: &str) -> bool {
        if let Some(known) = self.same.lock().get(place) {
            return *known;
        }
        let (base, now) = (self.shelf(Side::Base), self.shelf(Side::Now));
        let is_same = now.thing(place) == Some(Thing::Asset) && are_same(base, now, (place, place));
        self.same.lock().insert(place.to_owned(), is_same);
        is_same
    }

    /// Writes the files that pages name, and those that they name in turn.
    fn assets(&self) -> io::Result<()> {
        for _ in 0..MOST_ROUNDS {
            let waiting = std::mem::take(&mut self.assets.lock().waiting);
            if waiting.is_empty() {
                break;
            }
            waiting
                .par_iter()
                .try_for_each(|(side, place, file)| self.write_asset(*side, place, file))?;
        }
        Ok(())
    }

    fn write_asset(&self, side: Side, place: &str, file: &str) -> io::Result<()> {
        let shelf = self.shelf(side);
        let is = |ending: &str| place.to_ascii_lowercase().ends_with(ending);
        if is(".css") {
            let Some(text) = shelf.text(place) else {
                return Ok(());
            };
            let text = rewrite::css(&text, &mut |address, what| {
                self.decide(address, what, side, place, file)
            });
            return self.folder.write(file, text.as_bytes());
        }
        if (is(".js") || is(".mjs"))
            && let Some(text) = shelf.text(place)
        {
            for address in rewrite::script_addresses(&text) {
                let target = url::unquote(address).and_then(|it| url::resolve(&it, place));
                if let Some((place, Thing::Asset)) = target.and_then(|it| self.thing(side, &it)) {
                    self.asset(side, place);
                }
            }
        }
        match shelf.held(place) {
            None => Ok(()),
            Some(Held::Bytes(bytes)) => self.folder.write(file, &bytes),
            Some(Held::File(source)) => match self.folder.copy(file, shelf.system(), &source) {
                Ok(()) | Err(CopyError::Reading(_)) => Ok(()),
                Err(CopyError::Writing(error)) => Err(error),
            },
        }
    }

    fn notes(&self) -> Vec<String> {
        let hosts = self.left_out.lock();
        if hosts.is_empty() {
            return Vec::new();
        }
        let names: Vec<String> = hosts.iter().map(|host| format!("`{host}`")).collect();
        vec![format!(
            "what the pages would load from elsewhere is not shown: {}",
            joined(&names)
        )]
    }
}
