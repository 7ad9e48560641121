use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Sites;
use super::sites::LANGUAGES_AT_ONCE;
use crate::files::SourcePath;
use crate::html;
use crate::languages::{LanguageSite, is_variant};
use crate::site::{Database, Db as _, queries};
use crate::translations::{
    LanguageState, Memo, PageState, PageTexts, TextHistory, TranslatedPage, page_state,
};

/// A page of one language.
struct Page {
    /// Its path in all languages.
    plain: String,
    source: SourcePath,
    /// Its address below the folder of all languages.
    address: String,
    title: String,
    text: Arc<str>,
    /// Its place in the nav.
    place: Option<usize>,
}

/// The translations of all pages, by languages in their order; only those of `language`
/// if one is given. Pages are in the order of the nav.
pub fn translations(
    sites: &Sites,
    history: &dyn TextHistory,
    language: Option<&str>,
) -> Vec<LanguageState> {
    let Some(languages) = sites.languages() else {
        return Vec::new();
    };
    let default = languages.default().code.clone();
    let addresses = sites.addresses();
    let is_wanted = |it: &&LanguageSite| {
        let code = it.language.as_deref();
        code == Some(&default) || language.is_none_or(|wanted| code == Some(wanted))
    };
    let editions: Vec<LanguageSite> = addresses
        .editions
        .iter()
        .filter(is_wanted)
        .cloned()
        .collect();
    let pages = sites.ask_each(&editions, LANGUAGES_AT_ONCE, |edition, session| {
        let (_, mut pages) = session.ask(pages);
        for page in &mut pages {
            page.address.insert_str(0, &edition.site);
        }
        pages
    });
    let codes = editions
        .iter()
        .map(|it| it.language.clone().unwrap_or_default());
    let mut by_language: BTreeMap<String, Vec<Page>> = codes.zip(pages).collect();
    let sources = by_language.remove(&default).unwrap_or_default();
    let wanted = languages.all.iter().map(|it| it.code.clone());
    let wanted: Vec<String> = wanted.filter(|it| by_language.contains_key(it)).collect();
    // By sources, because what was computed of the versions of a source serves all of its
    // translations.
    let of_source = |source: &Page| -> Vec<TranslatedPage> {
        let memo = Memo::default();
        let of_language = |code: &String| {
            let pages = by_language.get(code).map_or(&[][..], Vec::as_slice);
            let own = pages.iter().find(|page| page.plain == source.plain);
            translated(source, own, is_variant(&default, code), history, &memo)
        };
        wanted.iter().map(of_language).collect()
    };
    let rows: Vec<Vec<TranslatedPage>> = sources.par_iter().map(of_source).collect();
    let mut found: Vec<LanguageState> = wanted
        .into_iter()
        .map(|language| LanguageState {
            language,
            pages: Vec::new(),
        })
        .collect();
    for row in rows {
        for (language, page) in found.iter_mut().zip(row) {
            language.pages.push(page);
        }
    }
    found
}

fn translated(
    source: &Page,
    own: Option<&Page>,
    is_variant: bool,
    history: &dyn TextHistory,
    memo: &Memo,
) -> TranslatedPage {
    let state = match own {
        Some(own) => {
            let texts = PageTexts {
                source: &source.source,
                source_text: &source.text,
                translation: &own.source,
                text: &own.text,
                is_variant,
            };
            page_state(&texts, history, memo)
        }
        None => PageState::of_missing(&source.text),
    };
    TranslatedPage {
        source: own.map(|it| it.source.clone()),
        of: source.source.clone(),
        address: own.map(|it| it.address.clone()),
        title: own.unwrap_or(source).title.clone(),
        place: source.place,
        state,
    }
}

/// The pages of a site that are in its own language and have a file.
fn pages(db: &Database) -> Vec<Page> {
    let Some(config) = queries::config(db) else {
        return Vec::new();
    };
    let (files, nav) = (queries::files(db), queries::nav(db));
    let pages = files.pages.iter().filter_map(|page| {
        let layer = config.docs.layer(&page.source)?;
        if layer.original.is_some() {
            return None;
        }
        let entry = db.entry(&page.source);
        Some(Page {
            plain: layer.plain(&page.source)?.into_owned(),
            source: page.source.clone(),
            address: page.address.url.clone(),
            title: html::striptags(&queries::meta(db, entry).title),
            text: queries::text(db, entry).readable()?,
            place: nav.place(&page.source),
        })
    });
    let mut pages: Vec<Page> = pages.collect();
    pages.sort_by_key(|page| (page.place.unwrap_or(usize::MAX), page.source.clone()));
    pages
}
