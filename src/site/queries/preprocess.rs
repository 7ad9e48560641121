use std::sync::{Arc, LazyLock};

use super::fronts::{after_front, front_faults};
use super::plugin_step::{Prepared, SiteSources, Step};
use super::settings::{docs, folders, plugin, plugin_names};
use super::views::{has_later_texts, later_text, page_text};
use super::{front_matter, history, is_shared, macros, static_i18n, tag_directives};
use crate::config::Plugin;
use crate::diagnostic::Diagnostic;
use crate::files::{Kind, SourcePath};
use crate::plugins::mapped_text::Text;
use crate::plugins::{Sources, callouts, gh_admonitions, include};
use crate::site::{Db, Entry};

/// A page's text as plugins pass it to Markdown. Without such plugins, this is no
/// query of its own.
pub fn preparation(db: &dyn Db, page: Entry) -> Arc<Prepared> {
    static UNCHANGED: LazyLock<Arc<Prepared>> = LazyLock::new(Arc::default);
    if prepares(db) {
        prepared(db, page)
    } else {
        UNCHANGED.clone()
    }
}

/// Whether there are plugins that prepare the texts of pages.
#[salsa::tracked(returns(copy))]
fn prepares(db: &dyn Db) -> bool {
    plugin(db, "include-markdown").is_some()
        || plugin_names(db).iter().any(|name| step_of(name).is_some())
        || tag_directives::settings(db).is_some()
        || has_later_texts(db)
}

#[salsa::tracked(returns(clone))]
fn prepared(db: &dyn Db, page: Entry) -> Arc<Prepared> {
    let Some((docs, folders)) = docs(db).zip(folders(db)) else {
        return Arc::default();
    };
    let Some(written) = page_text(db, page).readable() else {
        return Arc::default();
    };
    let front = front_matter(db, page);
    let body = after_front(&written, &front);
    let mut step = Step {
        db,
        docs: &docs,
        folders: &folders,
        page,
        text: Text::new(body, front.body_first_line),
        prepared: Prepared::default(),
    };
    let before = step.text.clone();
    // This plugin runs first, wherever it is listed.
    if let Some(plugin) = plugin(db, "include-markdown") {
        include_files(&mut step, &plugin);
    }
    for name in plugin_names(db).iter() {
        if let Some(apply) = step_of(name) {
            apply(&mut step);
        }
    }
    if let Some(title) = later_text(db, page) {
        step.text = Text::new(&title, front.body_first_line);
    }
    // Material's tags plugin runs last.
    tag_directives::prepare(&mut step);
    let Step {
        text, mut prepared, ..
    } = step;
    prepared.generated = (text != before).then_some(text);
    Arc::new(prepared)
}

/// The files that pages may include: those in the project or elsewhere in its
/// repository, and in the docs folder if that is outside of it.
struct PageSources<'a> {
    site: SiteSources<'a>,
    docs: &'a SourcePath,
}

impl PageSources<'_> {
    fn may_read(&self, path: &SourcePath) -> bool {
        path.below(self.docs).is_some() || is_shared(self.site.0, self.site.0.entry(path))
    }
}

impl Sources for PageSources<'_> {
    fn read(&self, path: &SourcePath) -> Option<Arc<str>> {
        self.may_read(path).then(|| self.site.read(path))?
    }

    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]> {
        if self.may_read(path) {
            self.site.list(path)
        } else {
            Arc::default()
        }
    }
}

/// What a plugin does with a page's text, if anything.
fn step_of(plugin: &str) -> Option<fn(&mut Step<'_>)> {
    Some(match plugin {
        "git-revision-date-localized" => history::prepare,
        "macros" => macros::prepare,
        "gh-admonitions" => |step| gh_admonitions::convert(&mut step.text),
        "callouts" => |step| {
            if let Some(plugin) = self::plugin(step.db, "callouts") {
                let options = callouts::Options::read(&plugin.options);
                callouts::convert(&mut step.text, &options);
            }
        },
        "i18n" => |step| static_i18n::prepare(step.db, &mut step.text),
        _ => return None,
    })
}

fn include_files(step: &mut Step<'_>, plugin: &Plugin) {
    let settings = include::Settings::new(include::Options::read(&plugin.options));
    let page = step.page.path(step.db);
    let docs = step.docs.folder(&page);
    let docs = docs.unwrap_or(&step.folders.docs_dir);
    let site = PageSources {
        site: SiteSources(step.db),
        docs,
    };
    let diagnostics = include::include(&mut step.text, &page, docs, &settings, &site);
    step.prepared.diagnostics.extend(diagnostics);
}

/// Problems of a page that are found before Markdown parses it.
pub(super) fn faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    let mut faults = front_faults(db, page);
    faults.extend(preparation(db, page).diagnostics.iter().cloned());
    faults
}
