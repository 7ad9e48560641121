use std::collections::BTreeSet;
use std::sync::Arc;

use super::docs_files::source_in;
use super::elsewhere::original;
use super::settings::{docs, languages};
use super::{body, text};
use crate::align::Aligned;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::html;
use crate::languages::{Docs, Layout, SourceMarks};
use crate::markdown::{Body, Heading, headings};
use crate::site::{Db, Entry};
use crate::translations::{
    Alias, LostPassage, PageHeading, aliases, left_in_source, lost_passages, with_aliases,
    with_lang,
};

/// What pages of this language get from those that they are translated from.
fn marks(db: &dyn Db) -> SourceMarks {
    languages(db).map_or_else(SourceMarks::default, |it| it.marks())
}

/// The text of the page that a page is translated from, and its own; `None` for a page that
/// is in no other language.
fn texts(db: &dyn Db, page: Entry) -> Option<(Arc<str>, Arc<str>)> {
    let (path, docs) = (page.path(db), docs(db)?);
    let layer = docs.layer(&path)?;
    if layer.original.is_some() {
        return None;
    }
    let originals = Docs {
        layers: docs
            .layers
            .iter()
            .filter(|it| it.original.is_some())
            .cloned()
            .collect(),
        ..(*docs).clone()
    };
    let source = source_in(db, &originals, &layer.plain(&path)?)?;
    let text_of = |entry| text(db, entry).readable();
    Some((text_of(db.entry(&source))?, text_of(page)?))
}

/// The ids that headings of a page have in the page that it is translated from.
#[salsa::tracked(returns(clone))]
pub(super) fn source_aliases(db: &dyn Db, page: Entry) -> Arc<[Alias]> {
    if !marks(db).anchors {
        return Arc::default();
    }
    find_aliases(db, page).unwrap_or_default()
}

fn find_aliases(db: &dyn Db, page: Entry) -> Option<Arc<[Alias]>> {
    let (original, body) = (original(db, page)?, body(db, page));
    let taken: BTreeSet<String> = html::fragments(&body.html).collect();
    if original.headings.iter().all(|it| taken.contains(&it.id)) {
        return None;
    }
    let (source, own) = texts(db, page)?;
    let aligned = Aligned::of(&source, &own);
    let titles = |headings: &[Heading]| -> Vec<String> {
        let all = headings.iter();
        all.map(|it| html::unescape(&html::striptags(&it.title)).into_owned())
            .collect()
    };
    // Of its own outline no more is needed, and most pages never need one.
    let own = headings(&body);
    let titles = (titles(&original.headings), titles(&own));
    let headings = (of(&original.headings, &titles.0), of(&own, &titles.1));
    let headings = (&*headings.0, &*headings.1);
    Some(aliases(&aligned, headings, &taken).into())
}

fn of<'o>(headings: &'o [Heading], titles: &'o [String]) -> Vec<PageHeading<'o>> {
    let of = |(heading, title): (&'o Heading, &'o String)| PageHeading {
        level: heading.level,
        id: &heading.id,
        title,
    };
    headings.iter().zip(titles).map(of).collect()
}

/// What readers must not miss of the page that this page is translated from, and it lacks.
#[salsa::tracked(returns(clone))]
fn lost(db: &dyn Db, page: Entry) -> Arc<[LostPassage]> {
    // Sites that are built as MkDocs builds them are not compared.
    let is_compared = languages(db).is_some_and(|it| it.layout == Layout::SiteEach);
    let lost = || {
        let (source, own) = texts(db, page)?;
        Some(lost_passages(&source, &own).into())
    };
    if is_compared {
        lost().unwrap_or_default()
    } else {
        Arc::default()
    }
}

/// The same as problems.
pub(super) fn faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    let lost = lost(db, page);
    if lost.is_empty() {
        return Vec::new();
    }
    let path = page.path(db);
    let own = text(db, page).readable().unwrap_or_default();
    let fault = |lost: &LostPassage| {
        let message = format!("the translation lacks {} of its source", lost.what);
        let span = Span::line(&path, &own, lost.line);
        let help = format!(
            "translate line {} of the source after this line",
            lost.source_line
        );
        Diagnostic::new(Rule::LostPassage, message)
            .at(span)
            .help(help)
    };
    lost.iter().map(fault).collect()
}

/// The words of the passages of a page that are not translated.
#[salsa::tracked(returns(clone))]
fn left(db: &dyn Db, page: Entry) -> Arc<BTreeSet<String>> {
    let is_variant = languages(db).is_none_or(|it| it.is_variant());
    match texts(db, page) {
        Some((source, own)) if !is_variant => Arc::new(left_in_source(&source, &own)),
        _ => Arc::default(),
    }
}

/// A page's body with what its source knows.
pub(super) fn with_source_marks(db: &dyn Db, page: Entry, body: Arc<Body>) -> Arc<Body> {
    let marks = marks(db);
    let mut html = None;
    if marks.anchors {
        let aliases = source_aliases(db, page);
        if !aliases.is_empty() {
            html = Some(with_aliases(&body.html, &aliases));
        }
    }
    if marks.lang
        && let Some(languages) = languages(db)
    {
        let left = left(db, page);
        if !left.is_empty() {
            let before = html.as_ref().unwrap_or(&body.html);
            html = Some(with_lang(before, &left, &languages.default().code));
        }
    }
    match html {
        Some(html) => Arc::new(Body {
            html,
            ..(*body).clone()
        }),
        None => body,
    }
}
