use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::sites::LANGUAGES_AT_ONCE;
use super::{Session, Sites};
use crate::files::SourcePath;
use crate::html;
use crate::languages::{LanguageSite, is_variant};
use crate::site::{Database, Db as _, queries};
use crate::translations::{
    BlockState, KnownStates, LanguageState, LostTranslation, Memo, PageState, PageTexts, State,
    TextHistory, TranslatedPage, lost_translations,
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

/// The translations of all pages, by languages in their order; only those of `language`
/// if one is given. Pages are in the order of the nav.
pub fn translations(
    sites: &Sites,
    history: &dyn TextHistory,
    known: &KnownStates,
    language: Option<&str>,
) -> Vec<LanguageState> {
    let Some((default, of_default, mut others)) = editions(sites) else {
        return Vec::new();
    };
    let sources = source_pages(&of_default, &sites.session(&of_default));
    others.retain(|it| language.is_none() || it.language.as_deref() == language);
    let pages = sites.ask_each(&others, LANGUAGES_AT_ONCE, |edition, session| {
        let pages = own_pages(edition, session).into_iter();
        pages
            .map(|page| (page.plain.clone(), page))
            .collect::<BTreeMap<_, _>>()
    });
    let codes = others
        .iter()
        .map(|it| it.language.clone().unwrap_or_default());
    let by_language: Vec<(String, BTreeMap<String, LanguagePage>)> = codes.zip(pages).collect();
    // By sources, because what was computed of the versions of a source serves all of its
    // translations.
    let of_source = |source: &SourcePage| -> Vec<TranslatedPage> {
        let memo = Memo::default();
        let of_language = |(code, pages): &(String, BTreeMap<String, LanguagePage>)| {
            let own = pages.get(&source.page.plain);
            let may_be_same = is_variant(&default, code);
            let state = page_state(&source.page, own, may_be_same, (history, known, &memo));
            TranslatedPage {
                source: own.map(|it| it.source.clone()),
                of: source.page.source.clone(),
                address: own.map(|it| it.address.clone()),
                title: source.title.clone(),
                place: source.place,
                state,
            }
        };
        by_language.iter().map(of_language).collect()
    };
    let rows: Vec<Vec<TranslatedPage>> = sources.par_iter().map(of_source).collect();
    let of_source = sources.first();
    let of_source = of_source.and_then(|it| history.repository(&it.page.source));
    let codes = by_language.into_iter().map(|(language, pages)| {
        let own = pages.values().next();
        let own = own.and_then(|it| history.repository(&it.source));
        LanguageState {
            language,
            pages: Vec::new(),
            repositories: of_source.clone().zip(own),
        }
    });
    let mut found: Vec<LanguageState> = codes.collect();
    for row in rows {
        for (language, page) in found.iter_mut().zip(row) {
            language.pages.push(page);
        }
    }
    found
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

/// The page whose source, or whose translation, is this file, beside its translation into a
/// language; `None` if there is no such page or language.
pub fn beside(
    sites: &Sites,
    history: &dyn TextHistory,
    known: &KnownStates,
    asked: (&str, &SourcePath),
) -> Option<Beside> {
    look(sites, history, known, asked).map(|(found, _)| found)
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

/// A page of the source with its translations into all languages, in their order; `None` if
/// no page of the source is made from this file.
pub fn translations_of(
    sites: &Sites,
    history: &dyn TextHistory,
    known: &KnownStates,
    file: &SourcePath,
) -> Option<(LanguagePage, Vec<Translation>)> {
    let (default, of_default, others) = editions(sites)?;
    let is_it = |page: &LanguagePage| page.source == *file;
    let pages = own_pages(&of_default, &sites.session(&of_default));
    let source = pages.into_iter().find(is_it)?;
    let own = sites.ask_each(&others, LANGUAGES_AT_ONCE, |edition, session| {
        let mut pages = own_pages(edition, session).into_iter();
        pages.find(|it| it.plain == source.plain)
    });
    let memo = Memo::default();
    let of = |(edition, own): (&LanguageSite, Option<LanguagePage>)| {
        let language = edition.language.clone().unwrap_or_default();
        let may_be_same = is_variant(&default, &language);
        let state = page_state(&source, own.as_ref(), may_be_same, (history, known, &memo));
        Translation {
            language,
            own,
            state,
        }
    };
    let found = others.iter().zip(own).map(of).collect();
    Some((source, found))
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

/// The same page, with what the history of its translation still has; `None` also where
/// there is no translation.
pub fn lost(
    sites: &Sites,
    history: &dyn TextHistory,
    known: &KnownStates,
    asked: (&str, &SourcePath),
) -> Option<Lost> {
    let (found, is_variant) = look(sites, history, known, asked)?;
    let own = found.own?;
    let texts = texts(&found.source, &own, is_variant);
    let untranslated = |it: &&BlockState| it.state == State::Untranslated;
    Some(Lost {
        untranslated: found.state.blocks.iter().filter(untranslated).count(),
        lost: lost_translations(&texts, &found.state, history, &Memo::default()),
        file: own.source,
        text: own.text,
    })
}

fn look(
    sites: &Sites,
    history: &dyn TextHistory,
    known: &KnownStates,
    (language, file): (&str, &SourcePath),
) -> Option<(Beside, bool)> {
    let (default, of_default, others) = editions(sites)?;
    let edition = { others.into_iter() }.find(|it| it.language.as_deref() == Some(language))?;
    let own = own_pages(&edition, &sites.session(&edition));
    let named = own
        .iter()
        .find(|it| it.source == *file)
        .map(|it| it.plain.clone());
    let pages = own_pages(&of_default, &sites.session(&of_default)).into_iter();
    let is_it = |it: &LanguagePage| it.source == *file || named.as_ref() == Some(&it.plain);
    let source = { pages }.find(is_it)?;
    let own = { own.into_iter() }.find(|it| it.plain == source.plain);
    let memo = Memo::default();
    let may_be_same = is_variant(&default, language);
    let state = page_state(&source, own.as_ref(), may_be_same, (history, known, &memo));
    Some((Beside { source, own, state }, may_be_same))
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

/// The language that others are translated from, its site, and those of the others; `None`
/// for a site without languages.
fn editions(sites: &Sites) -> Option<(String, LanguageSite, Vec<LanguageSite>)> {
    let default = sites.languages()?.default().code.clone();
    let editions = sites.addresses().editions.to_vec();
    let is_default = |it: &LanguageSite| it.language.as_deref() == Some(&*default);
    let (mut of_default, others): (Vec<_>, Vec<_>) = editions.into_iter().partition(is_default);
    Some((default, of_default.pop()?, others))
}

fn page_state(
    source: &LanguagePage,
    own: Option<&LanguagePage>,
    is_variant: bool,
    (history, known, memo): (&dyn TextHistory, &KnownStates, &Memo),
) -> Arc<PageState> {
    let Some(own) = own else {
        return Arc::new(PageState::of_missing(&source.text));
    };
    known.state(&texts(source, own, is_variant), history, memo)
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
