use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Review;
use super::losses::Was;
use super::matching::Pairs;
use crate::diagnostic::{Diagnostic, Rule, by_cause, sort_and_dedup};
use crate::files::SourcePath;
use crate::site::{Database, Db as _, queries};

/// What makes a problem the same one on both sides: its rule, its message, and the
/// text of its line in its file.
type Key<'d> = (Rule, &'d str, Option<(SourcePath, &'d str)>);

fn key<'d>(diagnostic: &'d Diagnostic, path: &dyn Fn(&SourcePath) -> SourcePath) -> Key<'d> {
    let place = diagnostic.span.as_ref();
    let place = place.map(|span| (path(&span.path), span.excerpt.trim()));
    (diagnostic.rule, &diagnostic.message, place)
}

/// The problems that are new since the base. A problem that has moved with its line is
/// none, but a second one on an equal line is. `path_now` says where a file of the base
/// is now.
pub fn new_since(
    base: &[Diagnostic],
    now: Vec<Diagnostic>,
    path_now: &dyn Fn(&SourcePath) -> SourcePath,
) -> Vec<Diagnostic> {
    let mut known: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for diagnostic in base {
        *known.entry(key(diagnostic, path_now)).or_default() += 1;
    }
    let is_new = |diagnostic| match known.get_mut(&key(diagnostic, &SourcePath::clone)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    let are_new: Vec<bool> = now.iter().map(is_new).collect();
    let both = now.into_iter().zip(are_new);
    both.filter_map(|(it, is_new)| is_new.then_some(it))
        .collect()
}

impl Review {
    /// Everything that is wrong with the site and was not at the base, in all languages,
    /// sorted by place. Addresses and anchors that are lost are among it.
    pub fn new_problems(&self) -> Vec<Diagnostic> {
        let all = self.editions();
        let mut found = Vec::new();
        // Of a language that is gone, only the addresses are a loss.
        for editions in all.iter().filter(|it| !it.is_gone) {
            found.extend(self.ask_both(editions, |sides| {
                let pairs = self.pairs(editions, sides);
                let (old, new) = (sides.base.map(problems), problems(sides.now));
                let moved = self.moved(&pairs);
                let path_now = |path: &SourcePath| moved.get(path).unwrap_or(path).clone();
                new_since(&old.unwrap_or_default(), new, &path_now)
            }));
        }
        found.extend(self.lost_problems(&self.known_to_readers(&all)));
        by_cause(sort_and_dedup(found))
    }

    /// The same of one page, given all problems that it had and has. `output` is the path
    /// of its output now, or at the base if it is gone.
    pub fn new_problems_of(
        &self,
        language: Option<&str>,
        output: &str,
        base: &[Diagnostic],
        now: Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let all = self.editions();
        let Some(editions) = all.iter().find(|it| it.now.language.as_deref() == language) else {
            return now;
        };
        let (mut new, was) = self.ask_both(editions, |sides| {
            let pairs = self.pairs(editions, sides);
            let moved = self.moved(&pairs);
            let path_now = |path: &SourcePath| moved.get(path).unwrap_or(path).clone();
            let pair = pairs.of(output);
            let was = pair.and_then(|pair| Was::of(editions, pair, sides));
            (new_since(base, now.clone(), &path_now), was)
        });
        new.extend(self.lost_problems(was.as_slice()));
        new
    }

    /// Where the files of the base are now that have moved.
    fn moved(&self, pairs: &Pairs) -> BTreeMap<SourcePath, SourcePath> {
        let mut moved = self.renames.clone();
        for pair in &pairs.all {
            if let (Some(was), Some(is)) = pair.sources() {
                moved.insert(was.clone(), is.clone());
            }
        }
        moved
    }
}

/// All problems of a site. Those of its pages are found by several threads first.
fn problems(db: &Database) -> Vec<Diagnostic> {
    let files = db.alone(|db| queries::files(db));
    files
        .pages
        .par_iter()
        .for_each_with(db.clone(), |db, page| {
            db.alone(|db| drop(queries::page_diagnostics(db, db.entry(&page.source))));
        });
    db.alone(|db| queries::all_diagnostics(db))
}
