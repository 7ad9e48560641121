use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::docs_files::source_in;
use super::elsewhere::original;
use super::own_anchors::own_anchors;
use super::settings::{docs, languages};
use super::{body, text};
use crate::align::Aligned;
use crate::diagnostic::{Diagnostic, Rule, Severity, Span};
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
pub(super) fn texts(db: &dyn Db, page: Entry) -> Option<(Arc<str>, Arc<str>)> {
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

/// What a page gets from the page that it is translated from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct FromSource {
    /// The ids that its headings have there.
    aliases: Arc<[Alias]>,
    /// What readers must not miss there, and this page lacks.
    lost: Arc<[LostPassage]>,
    /// The words of its passages that are not translated.
    left: Arc<BTreeSet<u64>>,
}

/// All of it at once, because each text is split into passages for all of it.
#[salsa::tracked(returns(clone))]
fn from_source(db: &dyn Db, page: Entry) -> FromSource {
    let (marks, languages) = (marks(db), languages(db));
    // Sites that are built as MkDocs builds them are not compared.
    let is_compared = languages
        .as_ref()
        .is_some_and(|it| it.layout == Layout::SiteEach);
    let is_variant = languages.is_none_or(|it| it.is_variant());
    if !(marks.anchors || is_compared || marks.lang) {
        return FromSource::default();
    }
    let Some((source, own)) = texts(db, page) else {
        return FromSource::default();
    };
    let passages = Aligned::to(db.other_sites().passages(&source), &own);
    let mut found = FromSource::default();
    if marks.anchors {
        found.aliases = find_aliases(db, page, &passages).unwrap_or_default();
    }
    if is_compared {
        found.lost = lost_passages(&source, &own, &passages).into();
    }
    if marks.lang && !is_variant {
        found.left = Arc::new(left_in_source(&passages));
    }
    found
}

/// The ids that headings of a page have in the page that it is translated from.
#[salsa::tracked(returns(clone))]
pub(super) fn source_aliases(db: &dyn Db, page: Entry) -> Arc<[Alias]> {
    from_source(db, page).aliases
}

fn find_aliases(db: &dyn Db, page: Entry, passages: &Aligned) -> Option<Arc<[Alias]>> {
    let original = original(db, page)?;
    let of_source: FxHashSet<&str> = original.headings.iter().map(|it| &*it.id).collect();
    // Which of them the page has already.
    let anchors = own_anchors(db, page);
    let taken = of_source.iter().filter(|it| anchors.contains(**it));
    let taken: BTreeSet<Cow<'_, str>> = taken.map(|it| Cow::Borrowed(*it)).collect();
    if taken.len() == of_source.len() {
        return None;
    }
    let titles = |headings: &[Heading]| -> Vec<String> {
        let all = headings.iter();
        all.map(|it| html::unescape(&html::striptags(&it.title)).into_owned())
            .collect()
    };
    // Of its own outline no more is needed, and most pages never need one.
    let own = headings(&body(db, page));
    let titles = (titles(&original.headings), titles(&own));
    let headings = (of(&original.headings, &titles.0), of(&own, &titles.1));
    let headings = (&*headings.0, &*headings.1);
    Some(aliases(passages, headings, &taken).into())
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
pub(super) fn faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    let lost = from_source(db, page).lost;
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
        let rule = if lost.is_certain {
            Rule::VanishedPassage
        } else {
            Rule::LostPassage
        };
        let mut diagnostic = Diagnostic::new(rule, message).at(span).help(help);
        // The site's levels make an error of it, unless the site or the page says otherwise.
        diagnostic.severity = Severity::Warning;
        diagnostic
    };
    lost.iter().map(fault).collect()
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
        let left = from_source(db, page).left;
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
