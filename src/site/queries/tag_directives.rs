//! The directives by which pages ask for listings of tags.

use std::sync::Arc;

use serde_json::Value;

use super::plugin_step::Step;
use super::settings::{extensions, plugin};
use crate::markdown::Extension;
use crate::plugins::tags::{self, Options, Settings};
use crate::site::{Db, InvocationInput};

/// How tags are read and shown; `None` if the plugin is not enabled.
#[salsa::tracked(returns(clone))]
pub(super) fn settings(db: &dyn Db) -> Option<Arc<Settings>> {
    let plugin = plugin(db, "tags")?;
    // Like drafts, hidden tags are shown by `serve` only.
    let served = InvocationInput::get(db).call(db).drafts;
    Some(Arc::new(Settings::new(
        Options::read(&plugin.options),
        served,
    )))
}

/// The level of the headings in listings: the deepest one that the table of
/// contents shows.
fn depth(extensions: &[Extension]) -> usize {
    let toc = extensions.iter().find(|it| it.name == "toc");
    let depth = match toc.and_then(|toc| toc.options.get("toc_depth")) {
        Some(Value::Number(depth)) => depth.as_u64().and_then(|depth| usize::try_from(depth).ok()),
        Some(Value::String(range)) => {
            let last = range
                .rsplit_once('-')
                .map_or(range.as_str(), |(_, last)| last);
            last.trim().parse().ok()
        }
        _ => None,
    };
    depth.unwrap_or(6).clamp(1, 6)
}

/// Removes the directives from a page's text and remembers them.
pub(super) fn prepare(step: &mut Step<'_>) {
    let Some(settings) = settings(step.db) else {
        return;
    };
    let path = step.path();
    let file = step.page.path(step.db);
    let depth = depth(&extensions(step.db));
    let (listings, diagnostics) = tags::directives(&mut step.text, &settings, &file, &path, depth);
    step.prepared.listings = listings;
    step.prepared.diagnostics.extend(diagnostics);
}
