//! What is known of each path that tabs have loaded, to find out when it changes.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderValue;

use super::file;
use super::loads::{Load, Stamp};
use super::reports::Report;
use super::routing::Routes;
use super::sent::SentAnswers;
use super::view::{self, fingerprint};
use crate::files::FileContent;
use crate::languages::Spot;
use crate::site::{Content, Database, Db as _, Output, queries};

/// The stamps of paths of the site as it is now. What changes with every page (the
/// search index, a site map) has none: it is read anew whenever it is needed.
pub(super) fn stamps<'p>(
    places: &Routes,
    prefix: &str,
    paths: impl Iterator<Item = &'p str>,
) -> BTreeMap<String, Stamp> {
    let addresses = places.addresses();
    let mut by_edition: BTreeMap<&str, (_, Vec<(&str, Spot)>)> = BTreeMap::new();
    for path in paths {
        let (edition, spot) = addresses.find(path);
        let entry = by_edition.entry(edition.site.as_str());
        entry.or_insert((edition, Vec::new())).1.push((path, spot));
    }
    let mut stamps = BTreeMap::new();
    for (edition, paths) in by_edition.into_values() {
        let session = places.sites.session(edition);
        let look = |db: &Database| {
            let outputs = (queries::outputs(db), queries::root_outputs(db));
            let stamp = |(path, spot): &(&str, Spot)| {
                let output = queries::output_at(spot, &outputs.0, &outputs.1);
                let stamp = match output {
                    Some((_, output)) if output.kind.is_index => return None,
                    Some((path, output)) => stamp_of(db, &path, &output, spot),
                    None => None,
                };
                Some((format!("{prefix}{path}"), stamp))
            };
            paths.iter().filter_map(stamp).collect::<Vec<_>>()
        };
        stamps.extend(session.ask(look).1);
    }
    stamps
}

fn stamp_of(db: &Database, path: &str, output: &Output, spot: &Spot) -> Stamp {
    if output.asset().is_some() {
        let own = queries::asset_stamp(db, output);
        return match view::html_of_file(db, path, output) {
            // A frame without a live client of its own is loaded anew for these too.
            Some(html) => with_parts(db, own, &html, spot),
            None => own,
        };
    }
    let produced = queries::produce_cached(db, output);
    match &produced.content {
        Some(Content::File(source)) => queries::stamp(db, db.entry(source)),
        Some(Content::Bytes(bytes)) if output.is_document => {
            let html = String::from_utf8_lossy(bytes);
            with_parts(db, print(&fingerprint(&html)), &html, spot)
        }
        Some(Content::Bytes(bytes)) => print(&bytes),
        None => None,
    }
}

fn print(value: &impl Hash) -> Stamp {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    Some((hasher.finish(), 0))
}

fn with_parts(db: &Database, own: Stamp, html: &str, spot: &Spot) -> Stamp {
    let parts = view::file_stamps(db, html, spot.address());
    print(&(own, parts))
}

/// Those of the loads that are not what a tab has: another answer may have been sent to it,
/// or the file was written after the tab had loaded it, perhaps from a cache. Each comes
/// with its path in the site as it is now.
pub(super) fn outdated<'l>(
    places: &Routes,
    sent: &SentAnswers,
    report: &Report,
    loads: impl Iterator<Item = (&'l Load, &'l str)>,
) -> Vec<String> {
    let may_differ = |(load, path): &(&Load, &str)| {
        let now = || tag_now(places, path);
        !is_index(places, path)
            && sent.may_differ(&load.path, report.after, report.requested(load), now)
    };
    let is_outdated =
        |of: &(&Load, &str)| may_differ(of) || is_written_since(places, report.received(), of);
    let outdated = loads.filter(is_outdated);
    outdated.map(|(load, _)| load.path.clone()).collect()
}

/// Whether a path shows what changes with every page.
fn is_index(places: &Routes, path: &str) -> bool {
    let output = places.place(path).output();
    output.is_some_and(|(_, output)| output.kind.is_index)
}

/// The entity tag of what a path shows; `None` if it has none.
fn tag_now(places: &Routes, path: &str) -> Option<HeaderValue> {
    let place = places.place(path);
    let (_, output) = place.output()?;
    let opened = match places.produce(&place.session, &output).content? {
        Content::Bytes(bytes) => FileContent::Held(bytes.to_vec()),
        Content::File(source) => places.sites.system().open(&source).ok()?,
    };
    Some(file::tag(opened.mark().ok()?))
}

/// Whether a file was written after a tab had loaded it. `reported` is when its age was
/// received: what was saved since then is newer, however long it took until somebody had
/// the time to look.
fn is_written_since(places: &Routes, reported: SystemTime, (load, path): &(&Load, &str)) -> bool {
    let since_epoch = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok();
    let (Some(now), Some(reported)) = (since_epoch(SystemTime::now()), since_epoch(reported))
    else {
        return false;
    };
    let output = places.place(path).output();
    let source = output.as_ref().and_then(|(_, output)| output.asset());
    let stamp = source.and_then(|source| places.sites.system().stamp(source));
    let loaded = reported
        .saturating_sub(Duration::from_millis(load.age))
        .as_nanos();
    // A time in the future says nothing.
    stamp.is_some_and(|(_, written)| loaded < written && written <= now.as_nanos())
}
