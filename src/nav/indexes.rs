use std::collections::BTreeSet;

use super::{Item, Nav, Target};

/// Turns each section whose first item is a page into that page, which takes
/// over the title and the other items of the section (mkdocs-section-index).
/// Pages to which the configuration gives a title stay where they are; `titled`
/// has their paths.
pub fn with_indexes(nav: &Nav, titled: &BTreeSet<String>) -> Nav {
    let mut result = Nav::default();
    for place in &nav.roots {
        copy(nav, *place, None, titled, &mut result);
    }
    result
}

fn copy(
    nav: &Nav,
    place: usize,
    parent: Option<usize>,
    titled: &BTreeSet<String>,
    result: &mut Nav,
) {
    let item: &Item = &nav.items[place];
    let first = item.children.first().map(|first| &nav.items[*first].target);
    let (target, children) = match (&item.target, first) {
        (Target::Section, Some(Target::Page(page))) if !titled.contains(&page.path) => {
            (Target::Page(page.clone()), &item.children[1..])
        }
        (target, _) => (target.clone(), &item.children[..]),
    };
    let copied = result.add(item.title.clone(), target, parent);
    for child in children {
        copy(nav, *child, Some(copied), titled, result);
    }
}
