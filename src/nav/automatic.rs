use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DEEPEST, Nav, PageEntry, Target};
use crate::text::capitalized;

/// A folder and its pages.
#[derive(Default)]
struct Folder {
    pages: Vec<Arc<PageEntry>>,
    folders: BTreeMap<String, Folder>,
}

/// The nav of a site without a configured one. As in MkDocs, a folder's files
/// come in the order of their names, its index page first, and then its folders.
pub fn automatic(pages: Vec<Arc<PageEntry>>) -> Nav {
    let mut nav = Nav::with_capacity(pages.len() + pages.len() / 4);
    add_folder(&mut nav, tree(pages), None);
    nav
}

impl Folder {
    /// A folder in this one, which is made if it is new.
    fn folder(&mut self, name: &str) -> &mut Self {
        // An entry would copy the name for each page in it.
        if !self.folders.contains_key(name) {
            self.folders.insert(name.to_owned(), Self::default());
        }
        self.folders.get_mut(name).expect("it was made")
    }
}

fn tree(pages: Vec<Arc<PageEntry>>) -> Folder {
    let mut root = Folder::default();
    for page in pages {
        let mut folder = &mut root;
        let above = page.path.rsplit_once('/').map(|(above, _)| above);
        // The nav flattens deeper folders anyway.
        let parts = above.into_iter().flat_map(|above| above.split('/'));
        for part in parts.take(DEEPEST + 1) {
            folder = folder.folder(part);
        }
        folder.pages.push(page);
    }
    root
}

/// The nav of languages whose folders are side by side, given with the names of
/// their folders. It is what static-i18n makes of MkDocs' nav: the items of all
/// languages are on the top level, first pages, then sections sorted by title,
/// but their parent is still the section of their language.
pub fn side_by_side(languages: Vec<(String, Vec<Arc<PageEntry>>)>) -> Nav {
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

/// By what the pages of a folder are sorted.
fn order(page: &PageEntry) -> (bool, &str) {
    let name = page.path.rsplit_once('/');
    let name = name.map_or(&*page.path, |(_, name)| name);
    (!page.is_index(), name)
}

fn add_folder(nav: &mut Nav, mut folder: Folder, parent: Option<usize>) {
    folder.pages.sort_by(|a, b| order(a).cmp(&order(b)));
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
