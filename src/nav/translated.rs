use std::collections::BTreeMap;

use super::{Nav, PageEntry, Target, automatic, side_by_side};
use crate::config::{NavEntry, NavTarget};
use crate::languages::{Beside, Docs, Languages};

/// The nav that follows the folders in one of several languages: where their
/// folders lie side by side it is that of each beside the others, and its
/// sections have the titles that the language gives them.
pub fn in_language(
    languages: &Languages,
    docs: &Docs,
    pages: Vec<PageEntry>,
    title: &dyn Fn(&PageEntry) -> String,
) -> Nav {
    let mut nav = match &docs.beside {
        Some(beside) => side_by_side(by_language(beside, pages), title),
        None => automatic(pages, title),
    };
    let words = languages.words("nav_translations");
    for item in &mut nav.items {
        let word = words.and_then(|words| words.get(&item.title)?.as_str());
        if let Some(word) = word.filter(|_| item.target == Target::Section) {
            item.title = word.to_owned();
        }
    }
    nav
}

/// Pages by the folder of the language that they really lie in. Those that
/// lie in none are in no nav.
fn by_language(beside: &Beside, pages: Vec<PageEntry>) -> Vec<(String, Vec<PageEntry>)> {
    let mut found: BTreeMap<String, Vec<PageEntry>> = BTreeMap::new();
    for page in pages {
        let mut folders = beside.folders.iter();
        let folder = folders.find(|folder| page.source.below(folder).is_some());
        if let Some(folder) = folder.map(|folder| folder.name().to_owned()) {
            found.entry(folder).or_default().push(page);
        }
    }
    found.into_iter().collect()
}

/// A nav as it is written, without the paths that `is_left_out` names and
/// without sections that hold nothing else.
pub fn without(nav: &[NavEntry], is_left_out: &dyn Fn(&str) -> bool) -> Vec<NavEntry> {
    let entry = |entry: &NavEntry| {
        let target = match &entry.target {
            NavTarget::Path(path) if is_left_out(path) => return None,
            NavTarget::Path(path) => NavTarget::Path(path.clone()),
            NavTarget::Section(below) => {
                let left = without(below, is_left_out);
                if left.is_empty() && !below.is_empty() {
                    return None;
                }
                NavTarget::Section(left)
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
    use crate::config::{NavEntry, NavTarget, Subject};

    fn entry(target: NavTarget) -> NavEntry {
        NavEntry {
            title: None,
            target,
            subject: Subject::NavEntry(0),
        }
    }

    fn page(path: &str) -> NavEntry {
        entry(NavTarget::Path(path.to_owned()))
    }

    #[test]
    fn sections_go_with_all_that_they_hold() {
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
