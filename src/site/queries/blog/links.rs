use std::sync::Arc;

use serde_json::Map;

use super::super::docs_files::source_in;
use super::super::settings::docs;
use super::super::shown_navs::title;
use super::super::{body, front, target};
use crate::files::SourcePath;
use crate::markdown::TocItem;
use crate::plugins::blog::{RawLink, written_links};
use crate::site::{Db, Entry};
use crate::theme::PostLink;
use crate::url;

/// A link of a post that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeadLink {
    /// What it names.
    pub(super) target: String,
    /// The anchor that the page does not have; `None` if there is no such file.
    pub(super) anchor: Option<String>,
}

/// The links of a post, with those that lead nowhere.
#[salsa::tracked(returns(clone))]
pub(super) fn resolved(db: &dyn Db, page: Entry) -> Arc<(Vec<PostLink>, Vec<DeadLink>)> {
    let front = front(db, page);
    let written = front.get("links").map(written_links).unwrap_or_default();
    let mut dead = Vec::new();
    let links = written.iter().map(|link| resolve(db, link, &mut dead));
    let links = links.collect();
    Arc::new((links, dead))
}

fn resolve(db: &dyn Db, link: &RawLink, dead: &mut Vec<DeadLink>) -> PostLink {
    let (given, written) = match link {
        RawLink::Section(title, links) => {
            let links = links.iter().map(|link| resolve(db, link, dead));
            return PostLink::Section(title.clone(), links.collect());
        }
        RawLink::Link(title, target) => (title, target),
    };
    let as_written = PostLink::Link {
        title: given.clone(),
        url: written.clone(),
        meta: None,
    };
    if url::has_scheme(written) {
        return as_written;
    }
    let (path, rest) = url::split(written);
    let fragment = rest.split_once('#').map_or("", |(_, fragment)| fragment);
    let source = docs(db).and_then(|docs| {
        let generated = || docs.sources(SourcePath::new(path).as_str()).next();
        source_in(db, &docs, SourcePath::new(path).as_str()).or_else(generated)
    });
    let entry = source.as_ref().map(|source| db.entry(source));
    let address = entry.and_then(|entry| target(db, entry));
    let Some((entry, address)) = entry.zip(address) else {
        dead.push(DeadLink {
            target: path.to_owned(),
            anchor: None,
        });
        return as_written;
    };
    if !entry.path(db).is_markdown() {
        return PostLink::Link {
            title: given.clone(),
            url: address.to_string(),
            meta: None,
        };
    }
    let mut meta: Map<_, _> = (*front(db, entry)).clone();
    let title = given.clone().unwrap_or_else(|| title(db, entry));
    let mut link = address.to_string();
    if !fragment.is_empty() {
        match find(&body(db, entry).toc, fragment) {
            Some(item) => {
                link = format!("{link}#{}", item.id);
                meta.insert("subtitle".to_owned(), item.title.clone().into());
            }
            None => {
                link.clone_from(written);
                dead.push(DeadLink {
                    target: path.to_owned(),
                    anchor: Some(fragment.to_owned()),
                });
            }
        }
    }
    PostLink::Link {
        title: Some(title),
        url: link,
        meta: Some(Arc::new(meta)),
    }
}

fn find<'t>(toc: &'t [TocItem], id: &str) -> Option<&'t TocItem> {
    toc.iter().find_map(|item| {
        if item.id == id {
            Some(item)
        } else {
            find(&item.children, id)
        }
    })
}
