use std::collections::BTreeMap;

use super::{Nav, PageEntry, Target};
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
    let mut root = Folder::default();
    for page in pages {
        let mut folder = &mut root;
        let path = page.path.clone();
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in parts {
            folder = folder.folders.entry(part.to_owned()).or_default();
        }
        folder.pages.push(page);
    }
    let mut nav = Nav::default();
    lay_out(&mut nav, root, None, title);
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
