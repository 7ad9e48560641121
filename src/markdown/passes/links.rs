//! Links and images, led to where the site has what they name.

use crate::markdown::source::page::Page;
use crate::markdown::source::surroundings::{Destination, Surroundings};
use crate::markdown::tree::{Id, Tree};

/// A link, image or other reference of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As written.
    pub written: String,
    /// Where it leads.
    pub destination: Destination,
    /// The line of the page's file where the text that holds it begins:
    /// [`Page::span`] finds the place itself.
    pub line: u32,
}

/// Resolves links and images; returns what they are.
pub fn resolve(
    page: &Page<'_>,
    tree: &mut Tree,
    places: &[Id],
    site: &dyn Surroundings,
) -> Vec<Link> {
    let mut links = Vec::new();
    for &id in places {
        let key = if tree.tag(id) == "a" { "href" } else { "src" };
        let is_own = ["footnote-ref", "footnote-backref", "headerlink"];
        let is_own = is_own.iter().any(|class| tree.has_class(id, class));
        let Some(written) = tree.attribute(id, key).filter(|_| !is_own) else {
            continue;
        };
        let destination = site.destination(written);
        let link = Link {
            written: written.to_owned(),
            destination,
            line: page.line(tree.nodes[id].line),
        };
        if let Destination::Inside(address) = &link.destination {
            tree.set(id, key, address.clone());
        }
        links.push(link);
    }
    links
}
