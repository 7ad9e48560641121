use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Nav, PageEntry, Target, automatic, side_by_side};
use crate::config::{NavEntry, NavTarget};
use crate::languages::{Docs, Languages, SideBySide};

/// The nav that follows the folders, for one of several languages. If the folders
/// of languages are side by side, their navs are too. Titles of sections are
/// translated.
pub fn in_language(languages: &Languages, docs: &Docs, pages: Vec<Arc<PageEntry>>) -> Nav {
    let mut nav = match &docs.beside {
        Some(beside) => side_by_side(by_language(beside, pages)),
        None => automatic(pages),
    };
    let words = languages.words("nav_translations");
    for item in &mut nav.items {
        if item.target == Target::Section
            && let Some(words) = words
            && let Some(title) = item.title.as_ref().and_then(|title| words.get(title))
            && let Some(title) = title.as_str()
        {
            item.title = Some(title.to_owned());
        }
    }
    nav
}

/// Groups pages by the folder of the language that they are in. Pages outside of
/// these folders are not part of the nav.
fn by_language(
    beside: &SideBySide,
    pages: Vec<Arc<PageEntry>>,
) -> Vec<(String, Vec<Arc<PageEntry>>)> {
    let mut by_folder: BTreeMap<String, Vec<Arc<PageEntry>>> = BTreeMap::new();
    for page in pages {
        let mut folders = beside.folders.iter();
        let folder = folders.find(|folder| page.source.below(folder).is_some());
        if let Some(folder) = folder.map(|folder| folder.name().to_owned()) {
            by_folder.entry(folder).or_default().push(page);
        }
    }
    by_folder.into_iter().collect()
}

/// A configured nav without the paths for which `is_left_out` is true, and
/// without sections that contain nothing else.
pub fn without(nav: &[NavEntry], is_left_out: &dyn Fn(&str) -> bool) -> Vec<NavEntry> {
    let entry = |entry: &NavEntry| {
        let target = match &entry.target {
            NavTarget::Path(path) if is_left_out(path) => return None,
            NavTarget::Path(path) => NavTarget::Path(path.clone()),
            NavTarget::Section(below) => {
                let kept = without(below, is_left_out);
                if kept.is_empty() && !below.is_empty() {
                    return None;
                }
                NavTarget::Section(kept)
            }
        };
        Some(NavEntry {
            target,
            ..entry.clone()
        })
    };
    nav.iter().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::without;
    use crate::config::{NavEntry, NavTarget, SettingRef};

    fn entry(target: NavTarget) -> NavEntry {
        NavEntry {
            title: None,
            target,
            subject: SettingRef::NavEntry(0),
        }
    }

    fn page(path: &str) -> NavEntry {
        entry(NavTarget::Path(path.to_owned()))
    }

    #[test]
    fn sections_that_become_empty_are_removed() {
        let section = |below| entry(NavTarget::Section(below));
        let nav = [
            page("a.md"),
            section(vec![page("b.md"), section(vec![page("b.md")])]),
            section(vec![page("a.md"), page("b.md")]),
            section(Vec::new()),
        ];
        let left = [
            page("a.md"),
            section(vec![page("a.md")]),
            section(Vec::new()),
        ];
        assert_eq!(without(&nav, &|path| path == "b.md"), left);
    }
}
