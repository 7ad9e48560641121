use std::collections::BTreeSet;

use super::{Item, Nav, Target};

/// Sections whose first item is a page become that page: it takes the
/// section's title and what else the section holds (mkdocs-section-index).
/// Pages that the configuration gives a title, `titled` by their path, stay
/// where they are.
pub fn with_indexes(nav: &Nav, titled: &BTreeSet<String>) -> Nav {
    let mut changed = Nav::default();
    for place in &nav.roots {
        copy(nav, *place, None, titled, &mut changed);
    }
    changed
}

fn copy(
    nav: &Nav,
    place: usize,
    parent: Option<usize>,
    titled: &BTreeSet<String>,
    changed: &mut Nav,
) {
    let item: &Item = &nav.items[place];
    let first = item.children.first().map(|first| &nav.items[*first].target);
    let (target, rest) = match (&item.target, first) {
        (Target::Section, Some(Target::Page(page))) if !titled.contains(&page.path) => {
            (Target::Page(page.clone()), &item.children[1..])
        }
        (target, _) => (target.clone(), &item.children[..]),
    };
    let own = changed.add(item.title.clone(), target, parent);
    for child in rest {
        copy(nav, *child, Some(own), titled, changed);
    }
}
