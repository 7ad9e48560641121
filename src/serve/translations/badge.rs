use serde_json::{Value, json};

use super::super::{Server, own_addresses};
use super::beside_address;
use crate::files::SourcePath;
use crate::session::Translation;
use crate::translations::{Impact, PageState, State, impact, percent, share, total};

/// What the badge of the page at a path of the server says: how old this translation is, or
/// how old those of this page are and what its edits since the last commit, or the base of the
/// review that is open, do to them. Without
/// languages, or for what is no page, an empty object.
pub(super) fn of_page(server: &Server, path: &str) -> Value {
    let found = || {
        let place = server.places.place(path);
        let default = server.places.sites.languages()?.default().code.clone();
        let (page, language) = (place.page()?, place.language()?);
        if language == default {
            return of_source(server, &page);
        }
        let desk = &server.translating;
        let history = desk.history();
        let found = desk
            .questions(&server.places.sites, &history)
            .beside(language, &page)?;
        let own = own_addresses::below(&server.places.addresses().root);
        let mut answer = summary(&found.state);
        answer["language"] = language.into();
        answer["address"] = beside_address(&own, language, &found.source.source).into();
        answer["work"] = work(&found.state);
        Some(answer)
    };
    found().unwrap_or_else(|| json!({}))
}

/// How much of a page is current, and how much there is to do.
fn summary(state: &PageState) -> Value {
    let counts = state.counts();
    let open = state.blocks.iter().filter(|it| it.state.is_open()).count();
    let count = |state| counts.get(&state).copied().unwrap_or(0);
    json!({
        "share": percent(&counts),
        "open": open,
        "stale": count(State::Stale),
        "untranslated": count(State::Untranslated),
        "missing": count(State::Missing),
        "unknown": state.unknown,
    })
}

/// The lines of the passages that need work, each with its state. What is missing has none.
fn work(state: &PageState) -> Value {
    let open = state.blocks.iter().filter(|it| it.state.is_open());
    let lines = open.filter_map(|it| {
        let (first, last) = it.lines?;
        Some(json!([first, last, it.state.name()]))
    });
    lines.collect()
}

fn of_source(server: &Server, page: &SourcePath) -> Option<Value> {
    let desk = &server.translating;
    let history = desk.history();
    let (source, found) = desk.questions(&server.places.sites, &history).of(page)?;
    // In a review, what its base has of it; the same where nothing is known.
    let review = server.desk.current();
    let open = review.as_ref().map(|desk| &desk.open);
    let (commit, since) = match open {
        Some(open) => (open.commit.as_str(), open.title.as_str()),
        None => ("HEAD", "the last commit"),
    };
    let base = history.at_base(page, commit).ok().flatten();
    let base = base.filter(|base| **base != *source.text);
    let own = own_addresses::below(&server.places.addresses().root);
    let total = total(found.iter().map(|it| it.state.counts()));
    let mut impacts = Impact::default();
    let mut translated = 0;
    let mut of_language = |it: &Translation| {
        translated += usize::from(it.own.is_some());
        let impact = base
            .as_ref()
            .map(|base| impact(&it.state, &source.text, base));
        let impact = impact.unwrap_or_default();
        impacts.stale += impact.stale;
        impacts.typos += impact.typos;
        let mut answer = summary(&it.state);
        answer["language"] = it.language.as_str().into();
        answer["address"] = beside_address(&own, &it.language, page).into();
        answer["is_translated"] = it.own.is_some().into();
        answer["loses"] = impact.stale.into();
        answer["typos"] = impact.typos.into();
        answer
    };
    let languages: Vec<Value> = found.iter().map(&mut of_language).collect();
    Some(json!({
        "languages": languages,
        "translated": translated,
        "share": share(&total).map(|_| percent(&total)),
        "is_edited": base.is_some(),
        "since": since,
        "loses": impacts.stale,
        "typos": impacts.typos,
    }))
}
