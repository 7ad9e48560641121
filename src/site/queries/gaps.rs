//! Problems that only a plugin or hook has made that is not run.

use std::sync::Arc;

use super::plugin_step::SiteSources;
use super::settings::{config, folders};
use super::text;
use crate::config::{Gap, gap_of_hook};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::plugins::Sources as _;
use crate::site::{Db, Entry};

/// What is not run, as a message names it, with what it leaves behind.
#[salsa::tracked(returns(clone))]
fn gaps(db: &dyn Db) -> Arc<Vec<(String, Gap)>> {
    let Some((config, folders)) = config(db).zip(folders(db)) else {
        return Arc::default();
    };
    let of_plugins = config.plugins.iter().filter_map(|plugin| {
        let gap = plugin.gap?;
        Some((format!("the plugin `{}`", plugin.name), gap))
    });
    let of_hooks = config.hooks.iter().map(|hook| {
        let code = SiteSources(db).read(&folders.project.join(hook));
        (format!("the hook `{hook}`"), gap_of_hook(code.as_deref()))
    });
    Arc::new(of_plugins.chain(of_hooks).collect())
}

/// What may be the cause of a problem of a rule, if it is not run. `target` is the
/// page that a link leads to.
fn cause(db: &dyn Db, rule: Rule, target: Option<Entry>) -> Option<String> {
    let gaps = gaps(db);
    let is_cause = |gap: &Gap| {
        let is_marked = || {
            let text = target.and_then(|page| text(db, page).readable());
            let begins = |line: &str| line.trim_start().starts_with(gap.mark);
            text.is_none_or(|text| text.lines().any(begins))
        };
        gap.rules.contains(&rule) && (gap.mark.is_empty() || is_marked())
    };
    let (name, _) = gaps.iter().find(|(_, gap)| is_cause(gap))?;
    Some(name.clone())
}

/// Turns a warning into a note if a plugin or hook that is not run may be what it
/// comes from: that is said already, and must not fail a build a second time.
pub(super) fn excuse(db: &dyn Db, diagnostic: Diagnostic, target: Option<Entry>) -> Diagnostic {
    if diagnostic.severity != Severity::Warning {
        return diagnostic;
    }
    let Some(cause) = cause(db, diagnostic.rule, target) else {
        return diagnostic;
    };
    let mut note = diagnostic;
    if note.is_alone() {
        let name = format!("{} because of {cause}", note.rule);
        note = note.caused_by(name);
    }
    note.severity = Severity::Note;
    let help = note.help.take().map(|help| format!("{help}; "));
    let help = help.unwrap_or_default();
    note.help(format!("{help}{cause}, which is not run, may have made it"))
}

/// Whether a plugin or hook that is not run may have made anchors of a page.
pub(super) fn may_lack_anchors(db: &dyn Db, page: Entry) -> bool {
    cause(db, Rule::MissingAnchor, Some(page)).is_some()
}
