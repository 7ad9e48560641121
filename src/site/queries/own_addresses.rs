//! Links to whole addresses of the site itself.

use std::sync::Arc;

use super::links::anchors;
use super::settings::{addresses, site_url};
use super::{body, gaps, outputs, page_faults, root_outputs};
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::Link;
use crate::site::{Db, Entry};
use crate::url;

/// The problems of links on a page to whole addresses of its own site. What outputs there are
/// has to be known for it, which the problems of a page by itself do not need.
#[salsa::tracked(returns(clone))]
pub(super) fn address_faults(db: &dyn Db, page: Entry) -> Arc<Vec<Diagnostic>> {
    let body = body(db, page);
    let missing = body.links.iter().filter_map(|link| {
        let fault = missing_address(db, link)?;
        Some((link, fault))
    });
    let missing: Vec<_> = missing.collect();
    Arc::new(page_faults::of_links(db, page, missing))
}

/// The diagnostic for a link to the whole address of a page of this site that does not exist.
fn missing_address(db: &dyn Db, link: &Link) -> Option<Diagnostic> {
    if !url::has_scheme(&link.written) {
        return None;
    }
    let site = site_url(db)?;
    let below = below_site(&site, &link.written)?;
    let (path, rest) = url::split(below);
    let path = url::unquote(path)?;
    let others = addresses(db)?;
    let is_of_other = |site: &str| !site.is_empty() && path.starts_with(site);
    if others
        .editions
        .iter()
        .any(|it| is_of_other(&it.site) && !it.is_main)
    {
        return None;
    }
    let (outputs, at_root) = (outputs(db), root_outputs(db));
    let folder = path.trim_end_matches('/');
    let candidates = [
        path.to_string(),
        format!("{folder}/index.html")
            .trim_start_matches('/')
            .to_owned(),
        format!("{folder}.html"),
    ];
    let found = candidates.iter().find_map(|name| outputs.get(name));
    let help = "link to the Markdown file, so that it is checked wherever the site is";
    let Some(output) = found else {
        if candidates.iter().any(|name| at_root.contains_key(name)) {
            return None;
        }
        // What is not in a folder that this site has may come from elsewhere: another
        // version of the site, or another site beside it.
        let folder = path.split_once('/').map(|(folder, _)| format!("{folder}/"));
        let is_ours = match folder {
            Some(folder) => {
                let mut below = outputs.range(folder.clone()..);
                below.next().is_some_and(|it| it.0.starts_with(&folder))
            }
            None => path.contains('.'),
        };
        if !is_ours {
            return None;
        }
        let message = format!("`{}` is not an address of this site", link.written);
        return Some(Diagnostic::new(Rule::MissingAddress, message).help(help));
    };
    let anchor = rest.split_once('#').map_or("", |it| it.1);
    let anchor = url::unquote(anchor).filter(|anchor| !anchor.is_empty())?;
    let page = output.page()?;
    if anchors(db, db.entry(page)).contains(&*anchor) {
        return None;
    }
    if gaps::may_lack_anchors(db, db.entry(page)) {
        return None;
    }
    let message = format!("`{}` names no anchor of `{page}`", link.written);
    Some(Diagnostic::new(Rule::MissingAddress, message).help(help))
}

/// The part of an address behind that of a site; `None` if it is another site.
fn below_site<'l>(site: &str, written: &'l str) -> Option<&'l str> {
    let bare = |address: &'_ str| address.split_once("://").map(|it| it.1.len());
    let site_start = site.len() - bare(site)?;
    let start = written.len() - bare(written)?;
    let site = site[site_start..].trim_end_matches('/');
    let rest = &written[start..];
    let is_same = rest.get(..site.len())?.eq_ignore_ascii_case(site);
    let behind = &rest[site.len()..];
    match behind.chars().next() {
        _ if !is_same => None,
        None => Some(""),
        Some('/') => Some(&behind[1..]),
        Some('#' | '?') => Some(behind),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::below_site;

    #[test]
    fn addresses_of_a_site_are_told_from_others() {
        for (written, expected) in [
            ("https://a.example/docs/x/#y", Some("x/#y")),
            ("http://A.example/docs", Some("")),
            ("https://a.example/docs#y", Some("#y")),
            ("https://a.example/docsx/", None),
            ("https://a.example/", None),
            ("https://b.example/docs/", None),
            ("x.md", None),
        ] {
            assert_eq!(
                below_site("https://a.example/docs/", written),
                expected,
                "{written}"
            );
        }
    }
}
