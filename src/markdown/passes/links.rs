//! Links and images: the addresses of the files they name.

use crate::markdown::source::page::Page;
use crate::markdown::source::site_access::{Destination, SiteAccess};
use crate::markdown::tree::{Id, Tree};

/// A link, image or other reference of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As written.
    pub written: String,
    /// Where it leads.
    pub destination: Destination,
    /// The line of the page's file where the text around it begins:
    /// [`Page::span`] finds its exact position.
    pub line: u32,
}

/// Resolves links and images, and returns all of them.
pub fn resolve(
    page: &Page<'_>,
    tree: &mut Tree,
    places: &[Id],
    site: &dyn SiteAccess,
) -> Vec<Link> {
    let mut links = Vec::new();
    for &id in places {
        const GENERATED: [&str; 3] = ["footnote-ref", "footnote-backref", "headerlink"];
        let key = if tree.tag(id) == "a" { "href" } else { "src" };
        let Some(written) = tree.attribute(id, key) else {
            continue;
        };
        if GENERATED.iter().any(|class| tree.has_class(id, class)) {
            continue;
        }
        let destination = site.destination(written);
        let link = Link {
            written: written.to_owned(),
            destination,
            line: page.line(tree.nodes[id].line),
        };
        if let Destination::Inside(address) | Destination::Excluded(address) = &link.destination {
            tree.set(id, key, address.clone());
        }
        links.push(link);
    }
    links
}

/// Writes links to anchors of the page so that they lead there from other pages.
pub fn move_anchors(tree: &mut Tree, site: &dyn SiteAccess) {
    let mut is_first = true;
    for id in tree.walk(Tree::ROOT) {
        if tree.tag(id) != "a" {
            continue;
        }
        let moved = tree.attribute(id, "href").and_then(|href| {
            let is_anchor = href.starts_with('#');
            is_anchor.then(|| site.anchor(href, is_first)).flatten()
        });
        if let Some(moved) = moved {
            tree.set(id, "href", moved);
            is_first = false;
        }
    }
}
