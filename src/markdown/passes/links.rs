//! Links and images: the addresses of the files they name.

use crate::files::SourcePath;
use crate::markdown::source::page::Page;
use crate::markdown::source::site_access::{Destination, SiteAccess};
use crate::markdown::source::written::{Columns, Written, columns};
use crate::markdown::tree::{Id, Tree};

/// A link, image or other reference of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As written.
    pub written: String,
    /// Where it leads.
    pub destination: Destination,
    /// Where its address stands.
    pub place: LinkPlace,
}

/// Where the address of a link stands: in its text, or in the definition of its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPlace {
    /// The line of the page's file. If the columns are not known, it is that where the
    /// text around the link begins, or that which includes the link's file.
    pub line: u32,
    /// The columns in that line.
    pub columns: Option<Columns>,
    /// The other file that it is written in, with the line there.
    pub included: Option<(SourcePath, u32)>,
}

/// Resolves links and images, and returns all of them. `written` has the places of their
/// addresses, sorted by node.
pub fn resolve(
    page: &Page<'_>,
    tree: &mut Tree,
    places: &[Id],
    written: &[(Id, Written<'_>)],
    site: &dyn SiteAccess,
) -> Vec<Link> {
    let mut links = Vec::with_capacity(places.len());
    let mut known = Vec::with_capacity(places.len());
    for &id in places {
        const GENERATED: [&str; 3] = ["footnote-ref", "footnote-backref", "headerlink"];
        let key = if tree.tag(id) == "a" { "href" } else { "src" };
        let Some(address) = tree.attribute(id, key) else {
            continue;
        };
        let classes = tree.attribute(id, "class").unwrap_or_default();
        if classes
            .split_ascii_whitespace()
            .any(|class| GENERATED.contains(&class))
        {
            continue;
        }
        let found = written.binary_search_by_key(&id, |place| place.0);
        let found = found.ok().and_then(|at| Some(written.get(at)?.1));
        let found = found.filter(|it| it.line > 0);
        let number = found.map_or(tree.nodes[id].line, |it| it.line);
        let destination = site.destination(address);
        let link = Link {
            written: address.to_owned(),
            destination,
            place: LinkPlace {
                line: page.line(number),
                columns: None,
                included: page.origin(number),
            },
        };
        if let Destination::Inside(address) | Destination::Excluded(address) = &link.destination {
            tree.set(id, key, address.clone());
        }
        links.push(link);
        known.push(found);
    }
    let sought = links.iter().zip(&known);
    let sought: Vec<_> = sought
        .map(|(link, found)| (*found, link.place.line, link.written.as_str()))
        .collect();
    let columns = columns(page, &sought);
    for (link, columns) in links.iter_mut().zip(columns) {
        link.place.columns = columns;
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
