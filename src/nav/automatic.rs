use std::collections::BTreeMap;

use super::{DEEPEST, Nav, PageEntry, Target};
use crate::url::is_index;

/// A folder while the tree is being laid out.
#[derive(Default)]
struct Folder {
    pages: Vec<PageEntry>,
    folders: BTreeMap<String, Folder>,
}

/// The nav of a site that configures none: files in the order of their
/// names, the page of a folder first, then its folders (as MkDocs walks them).
pub fn automatic(pages: Vec<PageEntry>, title: &dyn Fn(&PageEntry) -> String) -> Nav {
    let mut nav = Nav::default();
    lay_out(&mut nav, tree(pages), None, title);
    nav
}

fn tree(pages: Vec<PageEntry>) -> Folder {
    let mut root = Folder::default();
    for page in pages {
        let mut folder = &mut root;
        let path = page.path.clone();
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        // What lies deeper is laid flat by the nav in any case.
        for part in parts.into_iter().take(DEEPEST + 1) {
            folder = folder.folders.entry(part.to_owned()).or_default();
        }
        folder.pages.push(page);
    }
    root
}

/// The nav of languages whose folders lie side by side, each with the name of
/// its folder: what they hold is laid on the top level, pages before sections
/// and those by their titles, and still knows the section of its language (as
/// static-i18n leaves MkDocs' nav).
pub fn side_by_side(
    languages: Vec<(String, Vec<PageEntry>)>,
    title: &dyn Fn(&PageEntry) -> String,
) -> Nav {
    let mut nav = Nav::default();
    for (name, pages) in languages {
        let language = nav.add(section_title(&name), Target::Section, None);
        lay_out(&mut nav, tree(pages), Some(language), title);
    }
    let sections = std::mem::take(&mut nav.roots);
    let within = sections
        .into_iter()
        .map(|at| nav.items[at].children.clone());
    nav.roots = within.flatten().collect();
    let items = &nav.items;
    nav.roots.sort_by_key(|root| match &items[*root].target {
        Target::Section => items[*root].title.clone(),
        Target::Page(_) | Target::Link(_) => String::new(),
    });
    nav
}

fn lay_out(
    nav: &mut Nav,
    mut folder: Folder,
    parent: Option<usize>,
    title: &dyn Fn(&PageEntry) -> String,
) {
    folder.pages.sort_by_key(|page| {
        let name = page.path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        (!is_index(stem), name.to_owned())
    });
    for page in folder.pages {
        nav.add(title(&page), Target::Page(page), parent);
    }
    for (name, below) in folder.folders {
        let section = nav.add(section_title(&name), Target::Section, parent);
        lay_out(nav, below, Some(section), title);
    }
}

/// A title from a file's or folder's name: dashes and underscores are blanks,
/// and a name all in small letters gets a capital (MkDocs' `dirname_to_title`).
pub fn section_title(name: &str) -> String {
    let title = name.replace(['-', '_'], " ");
    if title.to_lowercase() != title {
        return title;
    }
    let mut chars = title.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => title,
    }
}
