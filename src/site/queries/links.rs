use std::collections::BTreeSet;
use std::sync::Arc;

use super::docs_files::source_in;
use super::elsewhere::translated_id;
use super::gaps;
use super::own_anchors::own_anchors;
use super::settings::{docs, validation};
use super::translated::source_aliases;
use crate::diagnostic::{Diagnostic, Near, Rule, Suggestions, is_plain};
use crate::files::SourcePath;
use crate::markdown::{Destination, Link};
use crate::site::{Db, Entry};
use crate::url;

/// All anchors on a page.
#[salsa::tracked(returns(clone))]
pub fn anchors(db: &dyn Db, page: Entry) -> Arc<BTreeSet<String>> {
    let own = own_anchors(db, page);
    let aliases = source_aliases(db, page);
    if aliases.is_empty() {
        return own;
    }
    let aliases = aliases.iter().map(|alias| alias.id.clone());
    Arc::new(own.iter().cloned().chain(aliases).collect())
}

/// The diagnostic for a link whose target exists, but which begins at the root
/// of the server or names an anchor that does not exist.
pub(super) fn doubtful(
    db: &dyn Db,
    page: Entry,
    link: &Link,
    suggestions: &Suggestions,
) -> Option<Diagnostic> {
    let is_absolute = link.written.starts_with('/') && !link.written.starts_with("//");
    if link.destination == Destination::Outside && is_absolute {
        let severity = validation(db).links_absolute_links.severity()?;
        let message = format!("the absolute link `{}` is left as written", link.written);
        let mut diagnostic = Diagnostic::new(Rule::AbsoluteLink, message);
        diagnostic.severity = severity;
        return Some(diagnostic.help("to link to a page, write the relative path of its file"));
    }
    missing_anchor(db, page, link, suggestions)
}

fn missing_anchor(
    db: &dyn Db,
    page: Entry,
    link: &Link,
    suggestions: &Suggestions,
) -> Option<Diagnostic> {
    let severity = validation(db).links_anchors.severity()?;
    let (path, rest) = url::split(&link.written);
    let fragment = rest.split_once('#')?.1;
    let anchor = url::unquote(fragment).filter(|anchor| !anchor.is_empty())?;
    let target = linked_page(db, page, link, path)?;
    let known = anchors(db, target);
    if known.contains(&*anchor) {
        return None;
    }
    let place = if target == page {
        "this page".to_owned()
    } else {
        format!("`{}`", target.path(db))
    };
    let message = format!("{place} has no anchor `#{anchor}`");
    let mut diagnostic = Diagnostic::new(Rule::MissingAnchor, message);
    diagnostic.severity = severity;
    if let Some((id, code)) = translated_id(db, page, target, &anchor) {
        let help = format!("did you mean `#{id}`? `#{anchor}` is that heading's id in `{code}`");
        let near = Near {
            name: id,
            is_only: true,
        };
        return Some(suggest_anchor(diagnostic, fragment, &near).help(help));
    }
    let near = suggestions.suggest(&anchor, known.iter().map(String::as_str));
    let diagnostic = match near {
        Some(near) => suggest_anchor(diagnostic, fragment, &near),
        None => diagnostic.help("ids are made from headings; see the page for those it has"),
    };
    Some(gaps::excuse(db, diagnostic, Some(target)))
}

/// The page that a link leads to; `None` if it leads elsewhere. `path` is the
/// link without its query and fragment.
fn linked_page(db: &dyn Db, page: Entry, link: &Link, path: &str) -> Option<Entry> {
    match &link.destination {
        Destination::Outside if path.is_empty() => Some(page),
        Destination::Inside(_) | Destination::Excluded(_) => {
            let (path, docs) = (url::unquote(path)?, docs(db)?);
            let path = match path.strip_prefix('/') {
                Some(path) => SourcePath::new(path),
                None => docs.join(&page.path(db), &path)?,
            };
            let target = source_in(db, &docs, path.as_str())?;
            let entry = db.entry(&target);
            // What is excluded was never rendered, and has no anchors.
            let has_output = target.is_markdown() && super::target(db, entry).is_some();
            has_output.then_some(entry)
        }
        _ => None,
    }
}

/// Suggests another anchor in place of a fragment.
fn suggest_anchor(diagnostic: Diagnostic, fragment: &str, near: &Near) -> Diagnostic {
    let (written, text) = (format!("#{fragment}"), format!("#{}", near.name));
    let diagnostic = diagnostic.did_you_mean_as(&written, near, &text, &text);
    if is_plain(&near.name) {
        diagnostic
    } else {
        diagnostic.without_fix()
    }
}
