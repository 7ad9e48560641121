use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Sites;
use crate::ages::{Age, Blame, Blames, Commit, Place, Unknown, blocks};
use crate::files::SourcePath;
use crate::site::{Database, queries};

/// How old a site is.
#[derive(Debug, Default)]
pub struct SiteAges {
    /// Its pages; those whose newest edit is oldest come first.
    pub pages: Vec<PageAge>,
    /// Dates and how many lines have each.
    pub dates: Dates,
    /// Why nothing is known of some files; each once.
    pub unknown: BTreeSet<Unknown>,
}

/// Dates and how many lines have each.
type Dates = Vec<(i64, usize)>;

/// How old a page is.
#[derive(Debug)]
pub struct PageAge {
    /// Its source.
    pub source: SourcePath,
    /// Its language, in a project of several.
    pub language: Option<String>,
    /// Its address below the whole of all languages.
    pub address: String,
    /// Its title.
    pub title: String,
    /// How old it is.
    pub age: Dated,
    /// Its innermost blocks; those whose newest edit is oldest come first.
    pub blocks: Vec<BlockAge>,
}

/// How old a block is.
#[derive(Debug)]
pub struct BlockAge {
    /// Where it comes from.
    pub place: Place,
    /// The line of the page's own file where it stands.
    pub line: usize,
    /// The text of its first line.
    pub text: String,
    /// How old it is.
    pub age: Dated,
}

/// The newest and oldest commit of something.
#[derive(Debug, Clone, Default)]
pub struct Dated {
    /// `None` where nothing is committed.
    pub newest: Option<Commit>,
    /// `None` where nothing is committed.
    pub oldest: Option<Commit>,
    /// Whether something is not committed yet.
    pub edited: bool,
}

impl Dated {
    fn new(blame: &Blame, age: Age) -> Self {
        let commit = |nth: Option<usize>| blame.commits.get(nth?).cloned();
        Self {
            newest: commit(age.newest),
            oldest: commit(age.oldest),
            edited: age.edited,
        }
    }
}

/// A page as the database has it.
struct Found {
    source: SourcePath,
    address: String,
    title: String,
    html: Arc<crate::markdown::Body>,
    texts: BTreeMap<SourcePath, Arc<str>>,
}

/// The ages of all pages of all languages.
/// `blocks` says whether those of the blocks are wanted too.
pub fn site_ages(sites: &Sites, ages: &dyn Blames, with_blocks: bool) -> SiteAges {
    let mut found = SiteAges::default();
    let mut seen = BTreeSet::new();
    for edition in &sites.addresses().editions {
        let session = sites.session(edition);
        let (_, mut pages) = session.ask(|db| pages(db, with_blocks));
        // A page that another language lends is listed there.
        pages.retain(|page| seen.insert(page.source.clone()));
        let language = &edition.language;
        let dated = pages.par_iter_mut().map(|page| {
            page.address.insert_str(0, &edition.site);
            page_age(page, ages, language.clone())
        });
        for page in dated.collect::<Vec<_>>() {
            match page {
                Ok((page, dates)) => {
                    found.pages.push(page);
                    found.dates.extend(dates);
                }
                Err(unknown) => {
                    found.unknown.insert(unknown);
                }
            }
        }
    }
    let time = |age: &Dated| {
        let newest = age.newest.as_ref().map(|it| it.time(ages.dating()));
        (age.edited, newest)
    };
    found
        .pages
        .sort_by_key(|page| (time(&page.age), page.source.clone()));
    for page in &mut found.pages {
        page.blocks
            .sort_by_key(|block| (time(&block.age), block.place.first));
    }
    found
}

fn pages(db: &Database, with_blocks: bool) -> Vec<Found> {
    use crate::site::Db as _;
    let files = queries::files(db);
    let read = |file: &SourcePath| queries::text(db, db.entry(file)).readable();
    let pages = files.pages.iter().map(|page| {
        let entry = db.entry(&page.source);
        let body = if with_blocks {
            queries::body(db, entry)
        } else {
            Arc::default()
        };
        let included = body.included.iter();
        let texts = included
            .chain([&page.source])
            .filter_map(|file| Some((file.clone(), read(file)?)));
        Found {
            source: page.source.clone(),
            address: page.address.url.clone(),
            title: queries::meta(db, entry).title.clone(),
            texts: texts.collect(),
            html: body,
        }
    });
    pages.collect()
}

fn page_age(
    page: &Found,
    ages: &dyn Blames,
    language: Option<String>,
) -> Result<(PageAge, Dates), Unknown> {
    let mut dates = Dates::new();
    let mut blames: BTreeMap<&SourcePath, (Vec<&str>, Blame)> = BTreeMap::new();
    for (file, text) in &page.texts {
        match ages.blame(file, text) {
            Ok(blame) => {
                blames.insert(file, (text.lines().collect(), blame));
            }
            Err(unknown) if *file == page.source => return Err(unknown),
            // A snippet from elsewhere leaves the page's own lines.
            Err(_) => {}
        }
    }
    let all = Place {
        file: None,
        first: 1,
        last: usize::MAX - 1,
    };
    let of = |place: &Place| {
        let file = place.file.as_ref().map(SourcePath::new);
        let (text, blame) = blames.get(file.as_ref().unwrap_or(&page.source))?;
        let lines: Vec<_> = blame.written(text, place).collect();
        let age = Age::of(blame, lines.iter().copied(), ages.dating());
        let first = text.get(place.first.checked_sub(1)?).copied();
        Some((
            Dated::new(blame, age),
            first.unwrap_or_default(),
            lines,
            blame,
        ))
    };
    let whole = of(&all);
    if let Some((_, _, lines, blame)) = &whole {
        let times = lines
            .iter()
            .flatten()
            .filter_map(|nth| blame.commits.get(*nth));
        dates.extend(times.map(|commit| (commit.time(ages.dating()), 1)));
    }
    let blocks = blocks(&page.html.html).into_iter().filter_map(|block| {
        let (age, text, ..) = of(&block.place)?;
        Some(BlockAge {
            text: text.trim().to_owned(),
            place: block.place,
            line: block.line,
            age,
        })
    });
    let page = PageAge {
        source: page.source.clone(),
        language,
        address: page.address.clone(),
        title: page.title.clone(),
        blocks: blocks.collect(),
        age: whole.map(|it| it.0).unwrap_or_default(),
    };
    Ok((page, dates))
}
