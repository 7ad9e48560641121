use std::collections::BTreeMap;

use super::{DEEPEST, Nav, PageEntry, Target};
use crate::text::capitalized;
use crate::url::is_index;

/// A folder and its pages.
#[derive(Default)]
struct Folder {
    pages: Vec<PageEntry>,
    folders: BTreeMap<String, Folder>,
}

/// The nav of a site without a configured one. As in MkDocs, a folder's files
/// come in the order of their names, its index page first, and then its folders.
pub fn automatic(pages: Vec<PageEntry>) -> Nav {
    let mut nav = Nav::default();
    add_folder(&mut nav, tree(pages), None);
    nav
}

fn tree(pages: Vec<PageEntry>) -> Folder {
    let mut root = Folder::default();
    for page in pages {
        let mut folder = &mut root;
        let path = page.path.clone();
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        // The nav flattens deeper folders anyway.
        for part in parts.into_iter().take(DEEPEST + 1) {
            folder = folder.folders.entry(part.to_owned()).or_default();
        }
        folder.pages.push(page);
    }
    root
}

/// The nav of languages whose folders are side by side, given with the names of
/// their folders. It is what static-i18n makes of MkDocs' nav: the items of all
/// languages are on the top level, first pages, then sections sorted by title,
/// but their parent is still the section of their language.
pub fn side_by_side(languages: Vec<(String, Vec<PageEntry>)>) -> Nav {
    let mut nav = Nav::default();
    for (name, pages) in languages {
        let language = nav.add(Some(section_title(&name)), Target::Section, None);
        add_folder(&mut nav, tree(pages), Some(language));
    }
    let sections = std::mem::take(&mut nav.roots).into_iter();
    let children = sections.flat_map(|section| nav.items[section].children.clone());
    nav.roots = children.collect();
    let items = &nav.items;
    nav.roots.sort_by_key(|root| match &items[*root].target {
        Target::Section => items[*root].title.clone(),
        Target::Page(_) | Target::Link(_) => None,
    });
    nav
}

fn add_folder(nav: &mut Nav, mut folder: Folder, parent: Option<usize>) {
    folder.pages.sort_by_key(|page| {
        let name = page
            .path
            .rsplit_once('/')
            .map_or(&*page.path, |(_, name)| name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        (!is_index(stem), name.to_owned())
    });
    for page in folder.pages {
        nav.add(None, Target::Page(page), parent);
    }
    for (name, below) in folder.folders {
        let section = nav.add(Some(section_title(&name)), Target::Section, parent);
        add_folder(nav, below, Some(section));
    }
}

/// Makes a title from the name of a file or folder, as MkDocs'
/// `dirname_to_title`: dashes and underscores become spaces, and a name in
/// lower case is capitalized.
pub fn section_title(name: &str) -> String {
    let title = name.replace(['-', '_'], " ");
    if title.to_lowercase() == title {
        capitalized(&title)
    } else {
        title
    }
}
