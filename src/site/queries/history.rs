use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::plugin_step::{SiteSources, Step};
use super::settings::{docs, folders, plugin, theme_language};
use super::{front, text};
use crate::config::{Plugin, SettingDiagnostic};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Change, SourcePath};
use crate::plugins::Sources as _;
use crate::plugins::authors::{self, Authors};
use crate::plugins::exclude::Excluded;
use crate::plugins::revision::{self, CommitTime, FileHistory, SiteHistory};
use crate::site::inputs::now;
use crate::site::{Db, Entry, InvocationInput};

const DATES: &str = "git-revision-date-localized";
const AUTHORS: &str = "git-authors";

/// How many folders above the project are searched for its repository.
const MOST_ABOVE: usize = 8;

/// The commit that is checked out. When it changes, the history is read again.
#[salsa::tracked(returns(clone))]
fn head(db: &dyn Db) -> Option<Arc<str>> {
    let read = |path: &SourcePath| text(db, db.entry(path)).readable();
    let git = repository(db)?.join(".git");
    if let Some(linked) = read(&git) {
        // A linked work tree; its commit is outside of what is watched.
        return Some(linked);
    }
    let head = read(&git.join("HEAD"))?;
    let Some(reference) = head.trim().strip_prefix("ref: ") else {
        return Some(head);
    };
    let packed = || {
        let references = read(&git.join("packed-refs"))?;
        let line = references.lines().find(|line| line.ends_with(reference))?;
        Some(line.to_owned())
    };
    let commit = read(&git.join(reference)).map(|it| it.to_string());
    commit
        .or_else(packed)
        .map(|commit| format!("{reference} {commit}").into())
}

/// The root of the work tree that contains the project.
fn repository(db: &dyn Db) -> Option<SourcePath> {
    let exists = |path: SourcePath| text(db, db.entry(&path)).readable().is_some();
    let mut above = (0..MOST_ABOVE).map(|above| SourcePath::new("../".repeat(above)));
    above.find(|folder| {
        let git = folder.join(".git");
        exists(git.join("HEAD")) || exists(git)
    })
}

/// Reads the files in the work tree that affect git's blame: corrected names and
/// ignored commits.
fn read_blame_settings(db: &dyn Db) {
    if let Some(root) = repository(db) {
        for file in [".mailmap", ".git-blame-ignore-revs"] {
            text(db, db.entry(&root.join(file)));
        }
    }
}

/// The commits that touched a folder. They stay the same as long as the same
/// commit is checked out. The call is cancelled by changes of the site.
pub(super) fn changes(db: &dyn Db, folder: &SourcePath) -> Option<Vec<Change>> {
    let commit = head(db).unwrap_or_default();
    let check = || db.unwind_if_revision_cancelled();
    db.history().changes(folder, &commit, &check)
}

/// When the files of the docs folder were created and changed.
#[salsa::tracked(returns(clone))]
fn revisions(db: &dyn Db) -> Option<Arc<SiteHistory>> {
    let plugin = plugin(db, DATES)?;
    let docs = docs(db)?;
    let options = revision::Options::read(&plugin.options);
    let ignored = options.ignored_commits_file;
    let ignored = ignored.and_then(|file| SiteSources(db).read(&SourcePath::new(file)));
    let commit = |line: &str| {
        let id = line.split_once('#').map_or(line, |(id, _)| id).trim();
        (!id.is_empty()).then(|| id.to_owned())
    };
    let ignored: Vec<String> = ignored
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(commit)
        .collect();
    let folders = docs.layers.iter().map(|layer| &layer.folder);
    let mut by_layer = folders.filter_map(|folder| {
        let changes = changes(db, folder)?;
        Some(revision::revisions(
            &changes,
            options.enable_git_follow,
            &ignored,
        ))
    });
    let mut merged = by_layer.next()?;
    // An untranslated page has the dates of the page shown in its place.
    for fallback in by_layer {
        merged.files.extend(fallback.files);
    }
    Some(Arc::new(merged))
}

/// The dates of one page; equal as long as no commit touches it.
#[salsa::tracked(returns(clone))]
fn stamps(db: &dyn Db, page: Entry) -> FileHistory {
    let stamps = revisions(db).and_then(|revisions| revisions.files.get(&page.path(db)).cloned());
    stamps.unwrap_or_default()
}

#[salsa::tracked(returns(clone))]
fn site_stamp(db: &dyn Db) -> Option<CommitTime> {
    revisions(db)?.site.clone()
}

/// The pages that get no dates.
#[salsa::tracked(returns(clone))]
fn undated(db: &dyn Db) -> Arc<Excluded> {
    let options = plugin(db, DATES).map(|plugin| revision::Options::read(&plugin.options));
    Arc::new(options.map_or_else(Excluded::default, |it| Excluded::globs(&it.exclude)))
}

/// The pages that name no authors.
#[salsa::tracked(returns(clone))]
fn unsigned(db: &dyn Db) -> Arc<Excluded> {
    let options = plugin(db, AUTHORS).map(|plugin| authors::Options::read(&plugin.options));
    Arc::new(options.map_or_else(Excluded::default, |it| Excluded::globs(&it.exclude)))
}

fn is_excluded(db: &dyn Db, excluded: &Excluded, page: &SourcePath) -> bool {
    let docs = docs(db);
    let path = docs.as_ref().and_then(|docs| docs.path(page));
    path.is_some_and(|path| excluded.matches(&path))
}

/// The dates of a page, as the plugin adds them to its front matter.
#[salsa::tracked(returns(clone))]
pub(super) fn dates(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    let Some(plugin) = plugin(db, DATES) else {
        return Arc::default();
    };
    if is_excluded(db, &undated(db), &page.path(db)) {
        return Arc::default();
    }
    let options = revision::Options::read(&plugin.options);
    Arc::new(revision::meta(
        &options,
        &front(db, page),
        &stamps(db, page),
        site_stamp(db).as_ref(),
        &theme_language(db),
        now(db).seconds(),
    ))
}

/// Replaces the names of dates in a page's text by the dates.
pub(super) fn prepare(step: &mut Step<'_>) {
    if step.text.as_str().contains("{{") {
        let dates = dates(step.db, step.page);
        revision::put_in(&mut step.text, &dates);
    }
}

/// The authors of a page; `None` if they are not shown.
#[salsa::tracked(returns(clone))]
fn page_authors(db: &dyn Db, page: Entry) -> Option<Arc<Authors>> {
    let plugin = plugin(db, AUTHORS)?;
    let options = authors::Options::read(&plugin.options);
    let served = InvocationInput::get(db).call(db).drafts;
    let path = page.path(db);
    if (served && !options.enabled_on_serve) || is_excluded(db, &unsigned(db), &path) {
        return None;
    }
    // Uncommitted lines count too.
    text(db, page);
    read_blame_settings(db);
    let commit = head(db).unwrap_or_default();
    let check = || db.unwind_if_revision_cancelled();
    let lines = db.history().lines(&path, &commit, &check)?;
    Some(Arc::new(authors::authors(&lines, &options)))
}

/// Replaces the placeholder for authors in a page's HTML; `None` if it has none.
pub(super) fn with_authors(db: &dyn Db, page: Entry, html: &str) -> Option<String> {
    if !html.contains(authors::NAME) {
        return None;
    }
    plugin(db, AUTHORS)?;
    let authors = page_authors(db, page).map(|authors| authors.html.clone());
    Some(authors::put_in(html, &authors.unwrap_or_default()))
}

/// Adds the authors of a page to the variables of its template.
pub(super) fn add_variables(db: &dyn Db, page: Entry, variables: &mut Map<String, Value>) {
    if let Some(authors) = page_authors(db, page) {
        variables.insert(authors::NAME.to_owned(), authors.html.clone().into());
        variables.insert("git_info".to_owned(), json!({"page_authors": authors.list}));
    }
}

/// Reports, once for the site, that there is no history to read.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let asking = asking(db);
    let help = "pages show the date of the build, and no authors";
    let note = asking.and_then(|plugin| no_history(db, &plugin, help));
    note.into_iter().collect()
}

/// The plugin that shows on pages what it asks of the history, the first if there are
/// several.
pub(super) fn asking(db: &dyn Db) -> Option<Arc<Plugin>> {
    let mut names = [DATES, AUTHORS].into_iter();
    names.find_map(|name| plugin(db, name))
}

/// The note that a plugin finds no history; `None` if there is one.
pub(super) fn no_history(db: &dyn Db, plugin: &Plugin, help: &str) -> Option<SettingDiagnostic> {
    let folders = folders(db)?;
    if changes(db, &folders.docs_dir).is_some_and(|changes| !changes.is_empty()) {
        return None;
    }
    let (name, docs) = (&plugin.name, &folders.docs_dir);
    let note = match db.history().fault() {
        Some(why) => {
            let message = format!("`{name}` cannot read the git history of `{docs}`: {why}");
            Diagnostic::new(Rule::UnreadHistory, message)
        }
        None => {
            let message = format!("`{name}` finds no git history for `{docs}`");
            Diagnostic::new(Rule::NoHistory, message)
        }
    };
    Some(plugin.remark(note.help(help)))
}
