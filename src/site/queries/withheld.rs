//! Pages that a plugin that is not run would keep from readers.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Map;

use super::fronts::{line_of_key, written_front};
use super::plugin_step::SiteSources;
use super::settings::{config, docs, folders, written_nav};
use super::{Text, kind, text};
use crate::config::{NavEntry, NavTarget, Plugin, SettingDiagnostic, withholdings};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{Kind, SourcePath};
use crate::html::Escape;
use crate::plugins::Sources as _;
use crate::plugins::blog::Blog;
use crate::plugins::withheld::{Page, deciding_key, is_unknown, is_withheld};
use crate::site::inputs::now;
use crate::site::{Db, Entry, InvocationInput};

/// Why a page is withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The plugin.
    plugin: String,
    /// What the plugin would do with the page, such as `would encrypt it`.
    what: &'static str,
    /// Whether it would leave the page out, so that nothing is lost without it.
    is_left_out: bool,
    /// The key of the front matter that decides this.
    key: Option<String>,
    /// Whether the page is left out even while the site is served.
    is_hidden: bool,
}

/// The enabled plugins that keep pages back.
#[salsa::tracked(returns(clone))]
fn withholding_plugins(db: &dyn Db) -> Arc<[Plugin]> {
    let config = config(db);
    let plugins = config.iter().flat_map(|config| &config.plugins);
    let withhold = plugins.filter(|plugin| !withholdings(&plugin.name).is_empty());
    withhold.cloned().collect()
}

/// Whether any page may be withheld.
pub(super) fn may_withhold(db: &dyn Db) -> bool {
    !withholding_plugins(db).is_empty()
}

/// Whether a page may be left out even while the site is served.
pub(super) fn may_hide(db: &dyn Db) -> bool {
    let plugins = withholding_plugins(db);
    plugins.iter().any(hides_drafts)
}

fn hides_drafts(plugin: &Plugin) -> bool {
    plugin.name == "blog" && Blog::hides_drafts(&plugin.options)
}

/// Whether a plugin may keep pages back.
pub(super) fn may_keep_back(db: &dyn Db) -> bool {
    !withholding_plugins(db).is_empty()
}

/// The pages that the configured nav names, as written.
#[salsa::tracked(returns(clone))]
fn named_in_nav(db: &dyn Db) -> Arc<Option<BTreeSet<String>>> {
    let mut names = BTreeSet::new();
    let written = written_nav(db);
    let mut entries: Vec<&NavEntry> = written.0.iter().flatten().collect();
    while let Some(entry) = entries.pop() {
        match &entry.target {
            NavTarget::Path(path) => {
                names.insert(path.trim_start_matches("./").to_owned());
            }
            NavTarget::Section(below) => entries.extend(below),
        }
    }
    Arc::new(written.0.is_some().then_some(names))
}

/// Why a page must not be published; `None` if it may.
pub(super) fn withheld(db: &dyn Db, page: Entry) -> Option<Arc<Withheld>> {
    may_withhold(db).then(|| by_plugin(db, page))?
}

#[salsa::tracked(returns(clone))]
fn by_plugin(db: &dyn Db, page: Entry) -> Option<Arc<Withheld>> {
    let plugins = withholding_plugins(db);
    // Nothing is kept back of pages that plugins generate, and these depend on others
    // that may be.
    if text(db, page) == Text::Missing {
        return None;
    }
    let source = page.path(db);
    let docs = docs(db)?;
    let path = docs.plain(&source)?.into_owned();
    let project = folders(db)?.project.clone();
    let front = written_front(db, page);
    let facts = Page {
        path: &path,
        front: &front,
        text: &|| text(db, page).readable().unwrap_or_default(),
        is_in_nav: &|| {
            (*named_in_nav(db))
                .as_ref()
                .is_none_or(|it| it.contains(&path))
        },
        front_of: &|path| {
            let mut sources = docs.sources(path);
            let is_file = |source: &SourcePath| kind(db, db.entry(source)) == Some(Kind::File);
            let source = sources.find(is_file)?;
            Some(Map::clone(&written_front(db, db.entry(&source))))
        },
        file: &|file| SiteSources(db).read(&project.join(file)),
        now: now(db),
    };
    let why = |plugin: &Plugin| {
        let mut rows = withholdings(&plugin.name).iter();
        let row = rows.find(|row| is_withheld(&plugin.options, row, &facts))?;
        Some(Arc::new(Withheld {
            plugin: plugin.name.clone(),
            what: row.what,
            is_left_out: row.is_left_out,
            key: deciding_key(&plugin.options, row),
            is_hidden: hides_drafts(plugin),
        }))
    };
    plugins.iter().find_map(why)
}

/// Whether a build does not publish a page because a plugin keeps it back.
pub(super) fn is_unpublished(db: &dyn Db, page: Entry) -> bool {
    let publishes = InvocationInput::get(db).call(db).publish_withheld;
    withheld(db, page).is_some_and(|it| it.is_left_out || !publishes)
}

/// Whether a page is not part of the site for that reason: `serve` shows it.
pub(super) fn is_absent(db: &dyn Db, page: Entry) -> bool {
    let shows_drafts = InvocationInput::get(db).call(db).drafts;
    let is_hidden = || withheld(db, page).is_some_and(|it| it.is_hidden);
    is_unpublished(db, page) && (!shows_drafts || is_hidden())
}

/// The diagnostic for a page that a plugin keeps back. It is an error unless the
/// plugin would leave the page out too.
pub(super) fn fault(db: &dyn Db, page: Entry) -> Option<Diagnostic> {
    let withheld = withheld(db, page)?;
    let source = page.path(db);
    let name = docs(db)?.plain(&source)?.into_owned();
    let Withheld { plugin, what, .. } = &*withheld;
    let text = text(db, page).readable().unwrap_or_default();
    let span = Span::line(&source, &text, line_of_key(&text, withheld.key.as_deref()));
    let diagnostic = if withheld.is_left_out {
        let message = format!("`{name}` is not published, because the plugin `{plugin}` {what}");
        let help = if withheld.is_hidden {
            "`proofroom serve` shows it with `draft_on_serve`"
        } else {
            "`proofroom serve` shows it"
        };
        Diagnostic::note(Rule::WithheldPage, message).help(help)
    } else if InvocationInput::get(db).call(db).publish_withheld {
        let message = format!(
            "`{name}` is published as it is, but the plugin `{plugin}`, which proofroom does not \
             have, {what}"
        );
        Diagnostic::note(Rule::WithheldPage, message).help("`--publish-withheld` asked for this")
    } else {
        let message = format!(
            "`{name}` is withheld: the plugin `{plugin}`, which proofroom does not have, {what}"
        );
        Diagnostic::new(Rule::WithheldPage, message).help(
            "leave it out with `exclude_docs`, or let everyone read it as it is with \
             `--publish-withheld`",
        )
    };
    Some(diagnostic.at(span))
}

/// Plugins of which nobody else can tell which pages they would keep back.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let publishes = InvocationInput::get(db).call(db).publish_withheld;
    let plugins = withholding_plugins(db);
    let unknown = plugins.iter().filter(|plugin| {
        let mut rows = withholdings(&plugin.name).iter();
        rows.any(|row| is_unknown(&plugin.options, row))
    });
    unknown
        .map(|plugin| {
            let message = format!(
                "only the plugin `{}`, which proofroom does not have, knows which pages it would \
                 leave out",
                plugin.name
            );
            plugin.remark(if publishes {
                Diagnostic::note(Rule::WithheldPage, message)
                    .help("`--publish-withheld` publishes all of them")
            } else {
                Diagnostic::new(Rule::WithheldPage, message).help(
                    "name these pages in `exclude_docs` and remove the plugin, or publish all of \
                     them with `--publish-withheld`",
                )
            })
        })
        .collect()
}

/// The notice on a page that a build would not publish.
pub(super) fn notice(db: &dyn Db, page: Entry) -> Option<String> {
    let withheld = withheld(db, page)?;
    let call = InvocationInput::get(db).call(db);
    if !call.drafts {
        return None;
    }
    let what = withheld.what;
    let plugin = Escape::ANYWHERE.apply(&withheld.plugin);
    let (title, text) = if withheld.is_left_out {
        (
            "Not published",
            format!("A build leaves this page out: the plugin <code>{plugin}</code> {what}."),
        )
    } else {
        (
            "Withheld",
            format!(
                "A build does not publish this page, because the plugin <code>{plugin}</code>, \
                 which proofroom does not have, {what}."
            ),
        )
    };
    Some(format!(
        "<div class=\"admonition warning\" lang=\"en\" dir=\"ltr\">\n\
         <p class=\"admonition-title\">{title}</p>\n<p>{text}</p>\n</div>\n"
    ))
}
