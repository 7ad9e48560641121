use std::collections::BTreeSet;
use std::sync::Arc;

use super::body;
use super::docs_files::source_in;
use super::elsewhere::translated_id;
use super::settings::{docs, validation};
use crate::diagnostic::{Diagnostic, Near, Rule, Suggestions, is_plain};
use crate::files::SourcePath;
use crate::html;
use crate::markdown::{Destination, Link};
use crate::site::{Db, Entry};
use crate::url;

/// Everything on a page that a fragment can name.
#[salsa::tracked(returns(clone))]
pub fn anchors(db: &dyn Db, page: Entry) -> Arc<BTreeSet<String>> {
    let body = body(db, page);
    Arc::new(html::fragments(&body.html).collect())
}

/// What there is to say of a link that leads somewhere: that it begins at
/// the server's root, or that its anchor is not there.
pub(super) fn odd(
    db: &dyn Db,
    page: Entry,
    link: &Link,
    suggestions: &Suggestions,
) -> Option<Diagnostic> {
    if link.destination == Destination::Outside && link.written.starts_with('/') {
        let severity = validation(db).links_absolute_links.severity()?;
        let message = format!("the absolute link `{}` is left as written", link.written);
        let mut found = Diagnostic::new(Rule::AbsoluteLink, message);
        found.severity = severity;
        return Some(found.help("to link a page, write the way to its file"));
    }
    let severity = validation(db).links_anchors.severity()?;
    let (path, rest) = url::split(&link.written);
    let fragment = rest.split_once('#')?.1;
    let anchor = url::unquote(fragment).filter(|anchor| !anchor.is_empty())?;
    let source = page.path(db);
    let target = match &link.destination {
        Destination::Outside if path.is_empty() => page,
        Destination::Inside(_) => {
            let (path, docs) = (url::unquote(path)?, docs(db)?);
            let path = match path.strip_prefix('/') {
                Some(path) => SourcePath::new(path),
                None => docs.join(&source, &path)?,
            };
            let target = source_in(db, &docs, path.as_str())?;
            target.is_markdown().then(|| db.entry(&target))?
        }
        _ => return None,
    };
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
    let mut found = Diagnostic::new(Rule::MissingAnchor, message);
    found.severity = severity;
    if let Some((own, code)) = translated_id(db, page, target, &anchor) {
        let help = format!("did you mean `#{own}`? `#{anchor}` is that heading's id in `{code}`");
        let own = Near {
            name: own,
            is_only: true,
        };
        return Some(meant(found, fragment, &own).help(help));
    }
    let near = suggestions.suggest(&anchor, known.iter().map(String::as_str));
    Some(match near {
        Some(near) => meant(found, fragment, &near),
        None => found.help("ids are made from headings; see the page for those it has"),
    })
}

/// Asks whether an anchor was meant by a fragment.
fn meant(found: Diagnostic, fragment: &str, near: &Near) -> Diagnostic {
    let (written, text) = (format!("#{fragment}"), format!("#{}", near.name));
    let asking = found.did_you_mean_as(&written, near, &text, &text);
    if is_plain(&near.name) {
        asking
    } else {
        asking.without_fix()
    }
}
