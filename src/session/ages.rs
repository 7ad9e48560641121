use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Sites;
use crate::ages::{Age, Blame, Commit, LineAges, LineRange, Unknown, blocks};
use crate::files::SourcePath;
use crate::html;
use crate::site::{Database, queries};

/// How old a site is.
#[derive(Debug, Default)]
pub struct SiteAges {
    /// Its pages, those with the oldest latest edit first.
    pub pages: Vec<PageAge>,
    /// The dates of lines, and how many lines have each.
    pub dates: Dates,
    /// Why nothing is known about some files; each reason once.
    pub unknown: BTreeSet<Unknown>,
}

/// The dates of lines, and how many lines have each.
type Dates = Vec<(i64, usize)>;

/// How old a page is.
#[derive(Debug)]
pub struct PageAge {
    /// Its source.
    pub source: SourcePath,
    /// Its language, in a project of several.
    pub language: Option<String>,
    /// Its address below the folder of all languages.
    pub address: String,
    /// Its title.
    pub title: String,
    /// How old it is.
    pub age: CommitRange,
    /// Its innermost blocks, those with the oldest latest edit first.
    pub blocks: Vec<BlockAge>,
}

/// How old a block is.
#[derive(Debug)]
pub struct BlockAge {
    /// The lines that it comes from.
    pub place: LineRange,
    /// Its line in the page's own file.
    pub line: usize,
    /// The text of its first line.
    pub text: String,
    /// How old it is.
    pub age: CommitRange,
}

/// The newest and the oldest commit of a page or block.
#[derive(Debug, Clone, Default)]
pub struct CommitRange {
    /// `None` where nothing is committed.
    pub newest: Option<Commit>,
    /// `None` where nothing is committed.
    pub oldest: Option<Commit>,
    /// Whether some of it is not committed yet.
    pub edited: bool,
}

impl CommitRange {
    fn new(blame: &Blame, age: Age) -> Self {
        let commit = |nth: Option<usize>| blame.commits.get(nth?).cloned();
        Self {
            newest: commit(age.newest),
            oldest: commit(age.oldest),
            edited: age.edited,
        }
    }
}

/// A page as it is in the database.
struct Page {
    source: SourcePath,
    address: String,
    title: String,
    /// Empty where blocks are not wanted.
    body: Arc<crate::markdown::Body>,
    /// The texts of its own file and of those that it includes.
    texts: BTreeMap<SourcePath, Arc<str>>,
}

/// The ages of all pages in all languages, and with `with_blocks` those of their
/// blocks too.
pub fn site_ages(sites: &Sites, ages: &dyn LineAges, with_blocks: bool) -> SiteAges {
    let mut site = SiteAges::default();
    let mut seen = BTreeSet::new();
    for edition in &sites.addresses().editions {
        let session = sites.session(edition);
        let (_, mut pages) = session.ask(|db| pages(db, with_blocks));
        // A page that comes from another language is listed there.
        pages.retain(|page| seen.insert(page.source.clone()));
        let language = &edition.language;
        let dated = pages.par_iter_mut().map(|page| {
            page.address.insert_str(0, &edition.site);
            page_age(page, ages, language.clone())
        });
        for page in dated.collect::<Vec<_>>() {
            match page {
                Ok((page, dates)) => {
                    site.pages.push(page);
                    site.dates.extend(dates);
                }
                Err(unknown) => {
                    site.unknown.insert(unknown);
                }
            }
        }
    }
    let time = |age: &CommitRange| {
        let newest = age.newest.as_ref().map(|it| it.time(ages.dating()));
        (age.edited, newest)
    };
    site.pages
        .sort_by_key(|page| (time(&page.age), page.source.clone()));
    for page in &mut site.pages {
        page.blocks
            .sort_by_key(|block| (time(&block.age), block.place.first));
    }
    site
}

fn pages(db: &Database, with_blocks: bool) -> Vec<Page> {
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
        Page {
            source: page.source.clone(),
            address: page.address.url.clone(),
            title: html::striptags(&queries::meta(db, entry).title),
            texts: texts.collect(),
            body,
        }
    });
    pages.collect()
}

fn page_age(
    page: &Page,
    ages: &dyn LineAges,
    language: Option<String>,
) -> Result<(PageAge, Dates), Unknown> {
    let mut blames: BTreeMap<&SourcePath, (Vec<&str>, Blame)> = BTreeMap::new();
    for (file, text) in &page.texts {
        match ages.blame(file, text) {
            Ok(blame) => {
                blames.insert(file, (text.lines().collect(), blame));
            }
            Err(unknown) if *file == page.source => return Err(unknown),
            // Without one of its snippets, the page still has its own lines.
            Err(_) => {}
        }
    }
    let dated = |blame: &Blame, text: &[&str], place: &LineRange| {
        CommitRange::new(
            blame,
            Age::of(blame, blame.written(text, place), ages.dating()),
        )
    };
    let blocks = blocks(&page.body.html).into_iter().filter_map(|block| {
        let file = block.place.file.as_ref().map(SourcePath::new);
        let (text, blame) = blames.get(file.as_ref().unwrap_or(&page.source))?;
        // The page may have been rendered from an earlier, longer text.
        let first_line = text.get(block.place.first.checked_sub(1)?);
        Some(BlockAge {
            text: first_line.map_or_else(String::new, |line| line.trim().to_owned()),
            age: dated(blame, text, &block.place),
            place: block.place,
            line: block.line,
        })
    });
    let mut age = CommitRange::default();
    let mut dates = Dates::new();
    if let Some((text, blame)) = blames.get(&page.source) {
        let whole = LineRange {
            file: None,
            first: 1,
            last: usize::MAX - 1,
        };
        age = dated(blame, text, &whole);
        let commits = blame.written(text, &whole).flatten();
        let commits = commits.filter_map(|nth| blame.commits.get(nth));
        dates.extend(commits.map(|commit| (commit.time(ages.dating()), 1)));
    }
    let page = PageAge {
        source: page.source.clone(),
        language,
        address: page.address.clone(),
        title: page.title.clone(),
        blocks: blocks.collect(),
        age,
    };
    Ok((page, dates))
}
