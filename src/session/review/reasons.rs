use std::collections::BTreeSet;

use super::compare::{Exchanged, Sides};
use super::{Page, PageReview, Pair, Reason, ReasonKind, Review, Status};
use crate::diff::{Change, Level};
use crate::files::{Kind, SourcePath, System, same_text};
use crate::site::{Database, Db as _, queries};

impl Review {
    /// Why a page differs.
    pub(super) fn reasons(
        &self,
        pair: &Pair,
        review: &PageReview,
        exchanged: &[Exchanged],
        Sides { base, now }: Sides<'_>,
    ) -> Vec<Reason> {
        let source = |page: &Option<Page>| page.as_ref().and_then(|(_, it)| it.page()).cloned();
        let (old, new) = (source(&pair.base), source(&pair.now));
        let mut reasons = BTreeSet::new();
        let mut add = |kind, path: &str| {
            reasons.insert(Reason {
                kind,
                path: path.to_owned(),
            });
        };
        let text = |db: &Database, path: &SourcePath| {
            db.alone(|db| queries::text(db, db.entry(path)).readable())
        };
        let (Some(old), Some(new), Some(base)) = (&old, &new, base) else {
            add(ReasonKind::Text, &review.source);
            return reasons.into_iter().collect();
        };
        let differs = |was: &SourcePath, is: &SourcePath| match (text(base, was), text(now, is)) {
            (Some(was), Some(is)) => !same_text(was.as_bytes(), is.as_bytes()),
            (was, is) => was.is_some() != is.is_some(),
        };
        if differs(old, new) || review.status == Status::Renamed {
            add(ReasonKind::Text, new.as_str());
        }
        let is_article = |change: &Change| change.level != Level::Outside;
        if review.changes.iter().any(is_article) {
            let included = |db: &Database, page: &SourcePath| {
                db.alone(|db| queries::body(db, db.entry(page)).included.clone())
            };
            let mut files = included(base, old);
            files.extend(included(now, new));
            files.sort_unstable();
            files.dedup();
            for file in files.iter().filter(|file| differs(file, file)) {
                add(ReasonKind::Snippet, file.as_str());
            }
            for (_, picture) in exchanged {
                add(ReasonKind::Image, picture.as_str());
            }
        }
        if reasons.is_empty() {
            for reason in self.common_reasons(now, base) {
                // A template is around the article only.
                if reason.kind != ReasonKind::Template || !review.changes.iter().any(is_article) {
                    reasons.insert(reason);
                }
            }
        }
        if reasons.is_empty() {
            reasons.insert(Reason {
                kind: ReasonKind::Plugin,
                path: String::new(),
            });
        }
        reasons.into_iter().collect()
    }

    /// What differs for all pages: the configuration, templates, the nav.
    pub(super) fn common_reasons(&self, now: &Database, base: &Database) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let config = |db: &Database| db.alone(|db| queries::config(db));
        let (old, new) = (config(base), config(now));
        let (Some(old), Some(new)) = (old, new) else {
            return reasons;
        };
        let systems = (self.base.system(), self.now.system());
        let settings = |db: &Database| db.alone(|db| queries::setting_files(db));
        let mut settings_of_both = settings(base);
        settings_of_both.extend(settings(now));
        for path in &settings_of_both {
            if differ(systems, path) {
                reasons.push(Reason {
                    kind: ReasonKind::Config,
                    path: path.as_str().to_owned(),
                });
            }
        }
        let folders = [
            &old.theme.custom_dir,
            &new.theme.custom_dir,
            &old.themes_dir,
            &new.themes_dir,
        ];
        let folders: BTreeSet<&SourcePath> = folders.into_iter().flatten().collect();
        let mut templates = BTreeSet::new();
        for folder in folders {
            files_below(systems.0, folder, &mut templates);
            files_below(systems.1, folder, &mut templates);
        }
        for path in templates.iter().filter(|path| differ(systems, path)) {
            reasons.push(Reason {
                kind: ReasonKind::Template,
                path: path.as_str().to_owned(),
            });
        }
        let nav = |db: &Database| db.alone(|db| queries::whole_nav(db));
        if nav(base) != nav(now) {
            let path = new.file.as_ref().map_or("", SourcePath::as_str).to_owned();
            reasons.push(Reason {
                kind: ReasonKind::Nav,
                path,
            });
        }
        reasons
    }
}

/// Whether a file is not the same on both sides.
fn differ((base, now): (&dyn System, &dyn System), path: &SourcePath) -> bool {
    match (base.read(path), now.read(path)) {
        (Ok(old), Ok(new)) => !same_text(&old, &new),
        (old, new) => old.is_ok() != new.is_ok(),
    }
}

/// How many files of templates are looked at.
const MOST_FILES: usize = 10_000;

fn files_below(system: &dyn System, folder: &SourcePath, to: &mut BTreeSet<SourcePath>) {
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        for (name, kind) in system.list(&folder).unwrap_or_default() {
            let path = folder.join(&name);
            match kind {
                Kind::Folder if to.len() < MOST_FILES => folders.push(path),
                Kind::File => {
                    to.insert(path);
                }
                Kind::Folder | Kind::Other => {}
            }
        }
    }
}
