use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Arc, OnceLock};
use std::thread;

use parking_lot::Mutex;
use rayon::prelude::*;

use super::sites::LANGUAGES_AT_ONCE;
use super::{Session, Sites};
use crate::files::SourcePath;
use crate::html;
use crate::languages::{LanguageSite, is_variant};
use crate::site::{Database, Db as _, queries};
use crate::theme::STACK;
use crate::translations::{
    BlockState, Impact, KnownStates, LanguageState, LostTranslation, Memo, PageState, PageTexts,
    State, TextHistory, TranslatedPage, impact, lost_translations,
};

/// A page of one language.
#[derive(Debug, Clone)]
pub struct LanguagePage {
    /// Its path in all languages.
    pub plain: String,
    /// Its file.
    pub source: SourcePath,
    /// Its address below the folder of all languages.
    pub address: String,
    /// Its text.
    pub text: Arc<str>,
}

/// A page of the language that others are translated from.
#[derive(Debug)]
struct SourcePage {
    page: LanguagePage,
    title: String,
    /// Its place in the nav.
    place: Option<usize>,
}

/// What is the same for all translations of one source.
#[derive(Default)]
struct OfSource {
    versions: Memo,
    /// The state of a translation that is missing.
    missing: OnceLock<Arc<PageState>>,
}

/// What is asked about translations: of which sites, and with which history.
#[derive(Clone, Copy)]
pub struct Translations<'t> {
    /// The sites of all languages.
    pub sites: &'t Sites,
    /// What is known of their texts.
    pub history: &'t dyn TextHistory,
    /// States that were found before.
    pub known: &'t KnownStates,
    /// Whether the sites stay in memory, as while people work on them; otherwise they are
    /// there for one question.
    pub stay: bool,
}

/// What [`Translations::all`] has found so far, for those who want to see it meanwhile.
#[derive(Debug, Default)]
pub struct Progress {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    languages: Vec<LanguageState>,
    /// The pages of the source with their translations into all languages, by their places.
    done: BTreeMap<usize, Vec<TranslatedPage>>,
    /// How many pages the source has.
    of: usize,
}

impl Rows {
    fn languages(&self) -> Vec<LanguageState> {
        let mut languages = self.languages.clone();
        for row in self.done.values() {
            for (language, page) in languages.iter_mut().zip(row) {
                language.pages.push(page.clone());
            }
        }
        languages
    }
}

impl Progress {
    /// The languages with the pages that were looked at, how many pages of the source these
    /// are, and how many it has: none before they were counted.
    pub fn so_far(&self) -> (Vec<LanguageState>, usize, usize) {
        let rows = self.rows.lock();
        (rows.languages(), rows.done.len(), rows.of)
    }
}

impl Translations<'_> {
    /// The translations of all pages, by languages in their order; only those of `language`
    /// if one is given. Pages are in the order of the nav.
    pub fn all(&self, language: Option<&str>, progress: &Progress) -> Vec<LanguageState> {
        let Some((default, of_default, mut others)) = editions(self.sites) else {
            return Vec::new();
        };
        let sources = source_pages(&of_default, &self.sites.session(&of_default));
        others.retain(|it| language.is_none() || it.language.as_deref() == language);
        let pages = self.ask_each(&others, |edition, session| {
            let pages = own_pages(edition, session).into_iter();
            pages
                .map(|page| (page.plain.clone(), page))
                .collect::<BTreeMap<_, _>>()
        });
        let codes = others
            .iter()
            .map(|it| it.language.clone().unwrap_or_default());
        let by_language: Vec<(String, BTreeMap<String, LanguagePage>)> = codes.zip(pages).collect();
        let of_source = sources.first();
        let of_source = of_source.and_then(|it| self.history.repository(&it.page.source));
        let languages = by_language.iter().map(|(language, pages)| {
            let own = pages.values().next();
            let own = own.and_then(|it| self.history.repository(&it.source));
            LanguageState {
                language: language.clone(),
                pages: Vec::new(),
                repositories: of_source.clone().zip(own),
            }
        });
        *progress.rows.lock() = Rows {
            languages: languages.collect(),
            done: BTreeMap::new(),
            of: sources.len(),
        };
        // By sources, because what was computed of the versions of a source serves all of its
        // translations.
        sources.par_iter().enumerate().for_each(|(nth, source)| {
            let memo = OfSource::default();
            let of_language = |(code, pages): &(String, BTreeMap<String, LanguagePage>)| {
                let own = pages.get(&source.page.plain);
                let is_variant = is_variant(&default, code);
                TranslatedPage {
                    source: own.map(|it| it.source.clone()),
                    of: source.page.source.clone(),
                    address: own.map(|it| it.address.clone()),
                    title: source.title.clone(),
                    place: source.place,
                    state: self.state(&source.page, own, is_variant, &memo),
                }
            };
            let row = by_language.iter().map(of_language).collect();
            progress.rows.lock().done.insert(nth, row);
        });
        progress.rows.lock().languages()
    }

    /// The page whose source, or whose translation, is this file, beside its translation into
    /// a language; `None` if there is no such page or language.
    pub fn beside(&self, language: &str, file: &SourcePath) -> Option<Beside> {
        self.look(language, file).map(|(found, _)| found)
    }

    /// A page of the source with its translations into all languages, in their order; `None`
    /// if no page of the source is made from this file.
    pub fn of(&self, file: &SourcePath) -> Option<(LanguagePage, Vec<Translation>)> {
        let (default, of_default, others) = editions(self.sites)?;
        let is_it = |page: &LanguagePage| page.source == *file;
        let pages = own_pages(&of_default, &self.sites.session(&of_default));
        let source = pages.into_iter().find(is_it)?;
        let own = self.ask_each(&others, |edition, session| {
            let mut pages = own_pages(edition, session).into_iter();
            pages.find(|it| it.plain == source.plain)
        });
        let memo = OfSource::default();
        let of = |(edition, own): (&LanguageSite, Option<LanguagePage>)| {
            let language = edition.language.clone().unwrap_or_default();
            let is_variant = is_variant(&default, &language);
            let state = self.state(&source, own.as_ref(), is_variant, &memo);
            Translation {
                language,
                own,
                state,
            }
        };
        let found = others.iter().zip(own).map(of).collect();
        Some((source, found))
    }

    /// What the edits of a page of the source, since it had this text, do to its translations,
    /// by languages; those that it does nothing to are not there.
    pub fn impact(&self, file: &SourcePath, base: &str) -> BTreeMap<String, Impact> {
        let Some((source, found)) = self.of(file) else {
            return BTreeMap::new();
        };
        let of = |it: Translation| (it.language, impact(&it.state, &source.text, base));
        let found = found.into_iter().map(of);
        found.filter(|it| it.1 != Impact::default()).collect()
    }

    /// The same page as in [`Translations::beside`], with what the history of its translation
    /// still has; `None` also where there is no translation.
    pub fn lost(&self, language: &str, file: &SourcePath) -> Option<Lost> {
        let (found, is_variant) = self.look(language, file)?;
        let own = found.own?;
        let texts = texts(&found.source, &own, is_variant);
        let untranslated = |it: &&BlockState| it.state == State::Untranslated;
        Some(Lost {
            untranslated: found.state.blocks.iter().filter(untranslated).count(),
            lost: lost_translations(&texts, &found.state, self.history, &Memo::default()),
            file: own.source,
            text: own.text,
        })
    }

    fn look(&self, language: &str, file: &SourcePath) -> Option<(Beside, bool)> {
        let (default, of_default, others) = editions(self.sites)?;
        let edition = { others.into_iter() }.find(|it| it.language.as_deref() == Some(language))?;
        let own = own_pages(&edition, &self.sites.session(&edition));
        let named = own
            .iter()
            .find(|it| it.source == *file)
            .map(|it| it.plain.clone());
        let pages = own_pages(&of_default, &self.sites.session(&of_default)).into_iter();
        let is_it = |it: &LanguagePage| it.source == *file || named.as_ref() == Some(&it.plain);
        let source = { pages }.find(is_it)?;
        let own = { own.into_iter() }.find(|it| it.plain == source.plain);
        let is_variant = is_variant(&default, language);
        let state = self.state(&source, own.as_ref(), is_variant, &OfSource::default());
        Some((Beside { source, own, state }, is_variant))
    }

    fn state(
        &self,
        source: &LanguagePage,
        own: Option<&LanguagePage>,
        is_variant: bool,
        memo: &OfSource,
    ) -> Arc<PageState> {
        match own {
            Some(own) => {
                let texts = texts(source, own, is_variant);
                self.known.state(&texts, self.history, &memo.versions)
            }
            None => {
                let missing = || Arc::new(PageState::of_missing(&source.text));
                memo.missing.get_or_init(missing).clone()
            }
        }
    }

    fn ask_each<T: Send>(
        &self,
        editions: &[LanguageSite],
        question: impl Fn(&LanguageSite, &Arc<Session>) -> T + Sync,
    ) -> Vec<T> {
        if self.stay {
            ask_each_kept(self.sites, editions, question)
        } else {
            { self.sites }.ask_each(editions, LANGUAGES_AT_ONCE, question)
        }
    }
}

/// Looks at each page of the source with its translation into each language, by languages in
/// their order; only into `language` if one is given.
pub fn each_translation<T: Send>(
    sites: &Sites,
    language: Option<&str>,
    look: impl Fn(&LanguagePage, &LanguagePage) -> Vec<T> + Sync,
) -> Vec<(String, Vec<T>)> {
    let Some((_, of_default, mut others)) = editions(sites) else {
        return Vec::new();
    };
    others.retain(|it| language.is_none() || it.language.as_deref() == language);
    let sources = own_pages(&of_default, &sites.session(&of_default)).into_iter();
    let sources: BTreeMap<String, LanguagePage> =
        sources.map(|page| (page.plain.clone(), page)).collect();
    let found = sites.ask_each(&others, LANGUAGES_AT_ONCE, |edition, session| {
        let pages = own_pages(edition, session);
        let of = |own: &LanguagePage| {
            let source = sources.get(&own.plain);
            source.map_or_else(Vec::new, |source| look(source, own))
        };
        pages.iter().flat_map(of).collect::<Vec<T>>()
    });
    let codes = others.into_iter().map(|it| it.language.unwrap_or_default());
    codes.zip(found).collect()
}

/// The texts of the files of source pages, as they are now.
pub fn source_texts(sites: &Sites) -> BTreeMap<SourcePath, Arc<str>> {
    let pages = editions(sites);
    let pages = pages.map(|(_, source, _)| own_pages(&source, &sites.session(&source)));
    let pages = pages.into_iter().flatten();
    pages.map(|page| (page.source, page.text)).collect()
}

/// A page beside its translation.
#[derive(Debug)]
pub struct Beside {
    /// The page of the source.
    pub source: LanguagePage,
    /// Its translation; `None` where there is none.
    pub own: Option<LanguagePage>,
    /// The states of its passages.
    pub state: Arc<PageState>,
}

/// A translation of a page.
#[derive(Debug)]
pub struct Translation {
    /// The language's code.
    pub language: String,
    /// The page; `None` where it is not translated.
    pub own: Option<LanguagePage>,
    /// The states of its passages.
    pub state: Arc<PageState>,
}

/// Translations of a page that its history still has.
#[derive(Debug)]
pub struct Lost {
    /// The file of the translation.
    pub file: SourcePath,
    /// Its text.
    pub text: Arc<str>,
    /// How many of its passages are in the language of the source.
    pub untranslated: usize,
    /// What the history has for them, by their first lines.
    pub lost: BTreeMap<u32, LostTranslation>,
}

fn texts<'t>(source: &'t LanguagePage, own: &'t LanguagePage, is_variant: bool) -> PageTexts<'t> {
    PageTexts {
        source: &source.source,
        source_text: &source.text,
        translation: &own.source,
        text: &own.text,
        is_variant,
    }
}

/// Asks the sessions of all editions, which are kept. The answers are in the order of the
/// editions.
fn ask_each_kept<T: Send>(
    sites: &Sites,
    editions: &[LanguageSite],
    question: impl Fn(&LanguageSite, &Arc<Session>) -> T + Sync,
) -> Vec<T> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let at_once = processors.min(LANGUAGES_AT_ONCE);
    let length = editions.len().div_ceil(at_once).max(1);
    let ask_some = |editions: &[LanguageSite]| -> Vec<T> {
        let ask = |edition| question(edition, &sites.session(edition));
        editions.iter().map(ask).collect()
    };
    thread::scope(|scope| {
        // Not threads of rayon: while one of those waits for its own language, it would go
        // on with another one in the middle of a query.
        let threads: Vec<_> = editions
            .chunks(length)
            .map(|some| {
                let thread = thread::Builder::new().stack_size(STACK);
                (some, thread.spawn_scoped(scope, move || ask_some(some)))
            })
            .collect();
        let answers = threads.into_iter().flat_map(|(some, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Where there are no more threads, this one asks.
            Err(_) => ask_some(some),
        });
        answers.collect()
    })
}

/// The language that others are translated from, its site, and those of the others; `None`
/// for a site without languages.
fn editions(sites: &Sites) -> Option<(String, LanguageSite, Vec<LanguageSite>)> {
    let default = sites.languages()?.default().code.clone();
    let editions = sites.addresses().editions.to_vec();
    let is_default = |it: &LanguageSite| it.language.as_deref() == Some(&*default);
    let (mut of_default, others): (Vec<_>, Vec<_>) = editions.into_iter().partition(is_default);
    Some((default, of_default.pop()?, others))
}

/// The pages of the language that others are translated from, in the order of the nav.
fn source_pages(edition: &LanguageSite, session: &Session) -> Vec<SourcePage> {
    let pages = own_pages(edition, session);
    let of = |db: &Database| {
        let nav = queries::nav(db);
        let of = |page: LanguagePage| SourcePage {
            title: html::striptags(&queries::meta(db, db.entry(&page.source)).title),
            place: nav.place(&page.source),
            page,
        };
        pages.iter().cloned().map(of).collect::<Vec<_>>()
    };
    let mut pages = session.ask(of).1;
    pages.sort_by_key(|it| (it.place.unwrap_or(usize::MAX), it.page.source.clone()));
    pages
}

/// The pages of a site that are in its own language and have a file.
fn own_pages(edition: &LanguageSite, session: &Session) -> Vec<LanguagePage> {
    let of = |db: &Database| {
        let config = queries::config(db)?;
        let files = queries::files(db);
        let pages = files.pages.iter().filter_map(|page| {
            let layer = config.docs.layer(&page.source)?;
            if layer.original.is_some() {
                return None;
            }
            Some(LanguagePage {
                plain: layer.plain(&page.source)?.into_owned(),
                source: page.source.clone(),
                address: format!("{}{}", edition.site, page.address.url),
                text: queries::text(db, db.entry(&page.source)).readable()?,
            })
        });
        Some(pages.collect())
    };
    session.ask(of).1.unwrap_or_default()
}
