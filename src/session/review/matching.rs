use std::collections::BTreeMap;
use std::sync::Arc;

use super::compare::Sides;
use super::{Editions, Pair, Review};
use crate::files::{SourcePath, alike};
use crate::site::{Database, Db as _, Output, Outputs, queries};

/// The pages of a language that belong together.
pub(super) struct Matched {
    /// The outputs that they were found in.
    of: (Arc<Outputs>, Arc<Outputs>),
    pairs: Arc<Pairs>,
}

/// The pages that belong together.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// All of them.
    pub(super) all: Vec<Pair>,
    /// Their places in `all`, by the paths of their outputs now.
    pub(super) by_output: BTreeMap<String, usize>,
    /// The places of those that are gone, by the paths that their outputs had.
    pub(super) gone: BTreeMap<String, usize>,
}

impl Pairs {
    /// The page with an output: of one that is gone, the output that it had.
    pub(super) fn of(&self, output: &str) -> Option<&Pair> {
        let place = self.by_output.get(output).or_else(|| self.gone.get(output));
        self.all.get(*place?)
    }
}

type PagesBySource<'o> = BTreeMap<&'o SourcePath, (&'o String, &'o Output)>;

fn by_source(outputs: &Outputs) -> PagesBySource<'_> {
    let pages = outputs.iter();
    let pages = pages.filter_map(|(path, output)| Some((output.page()?, (path, output))));
    pages.collect()
}

impl Review {
    /// The pages of a language that belong together: those with the same source,
    /// and those whose source was renamed. `base` is `None` if the language is new.
    pub(super) fn pairs(&self, editions: &Editions, sides: Sides<'_>) -> Arc<Pairs> {
        let Sides { base, now } = sides;
        let outputs = (
            base.map(|db| db.alone(|db| queries::outputs(db)))
                .unwrap_or_default(),
            if editions.is_gone {
                Arc::default()
            } else {
                now.alone(|db| queries::outputs(db))
            },
        );
        let language = &editions.now.language;
        if let Some(known) = self.matched.lock().get(language)
            && Arc::ptr_eq(&known.of.0, &outputs.0)
            && Arc::ptr_eq(&known.of.1, &outputs.1)
        {
            return known.pairs.clone();
        }
        let pairs = Arc::new(self.find_pairs(&outputs, now, base));
        let matched = Matched {
            of: outputs,
            pairs: pairs.clone(),
        };
        self.matched.lock().insert(language.clone(), matched);
        pairs
    }

    fn find_pairs(
        &self,
        (base_outputs, now_outputs): &(Arc<Outputs>, Arc<Outputs>),
        now: &Database,
        base: Option<&Database>,
    ) -> Pairs {
        let (old, new) = (by_source(base_outputs), by_source(now_outputs));
        let mut removed: Vec<&SourcePath> = old
            .keys()
            .copied()
            .filter(|it| !new.contains_key(it))
            .collect();
        let mut added: Vec<&SourcePath> = new
            .keys()
            .copied()
            .filter(|it| !old.contains_key(it))
            .collect();
        let mut was: BTreeMap<&SourcePath, &SourcePath> = BTreeMap::new();
        removed.retain(|path| {
            let is = self.renames.get(*path);
            let Some(at) = added.iter().position(|it| Some(*it) == is) else {
                return true;
            };
            was.insert(added.remove(at), path);
            false
        });
        if let Some(base) = base
            && !removed.is_empty()
            && !added.is_empty()
        {
            let texts = |db: &Database, paths: &[&SourcePath]| -> Vec<Arc<str>> {
                let text = |path: &&SourcePath| {
                    db.alone(|db| queries::text(db, db.entry(path)).readable())
                };
                paths
                    .iter()
                    .map(|path| text(path).unwrap_or_default())
                    .collect()
            };
            let (old_texts, new_texts) = (texts(base, &removed), texts(now, &added));
            fn files<'a>(
                paths: &[&'a SourcePath],
                texts: &'a [Arc<str>],
            ) -> Vec<(&'a SourcePath, &'a [u8])> {
                let both = paths.iter().zip(texts);
                both.map(|(path, text)| (*path, text.as_bytes())).collect()
            }
            for it in alike(&files(&removed, &old_texts), &files(&added, &new_texts)) {
                was.insert(added[it.added], removed[it.removed]);
            }
        }
        let owned = |(path, output): &(&String, &Output)| ((*path).clone(), (*output).clone());
        let mut pairs = Pairs::default();
        for (source, page) in &new {
            let source = was.get(source).copied().unwrap_or(source);
            pairs.by_output.insert(page.0.clone(), pairs.all.len());
            pairs.all.push(Pair {
                base: old.get(source).map(owned),
                now: Some(owned(page)),
            });
        }
        for (source, page) in &old {
            let is_kept = new.contains_key(source) && !was.contains_key(source)
                || was.values().any(|it| it == source);
            if !is_kept {
                pairs.gone.insert(page.0.clone(), pairs.all.len());
                pairs.all.push(Pair {
                    base: Some(owned(page)),
                    now: None,
                });
            }
        }
        pairs
    }
}
