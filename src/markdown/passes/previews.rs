//! Links that show a preview of what they lead to.

use crate::markdown::options::{Preview, PreviewDialect};
use crate::markdown::source::site_access::{PageAddress, SiteAccess};
use crate::markdown::tree::{Id, Tree};
use crate::url;

/// Those that are for links of the page.
pub fn of_page<'o>(previews: &'o [Preview], site: &dyn SiteAccess) -> Vec<&'o Preview> {
    if previews.is_empty() {
        return Vec::new();
    }
    let page = site.page();
    let previews = previews.iter();
    previews
        .filter(|preview| preview.sources.accepts(page.path))
        .collect()
}

/// Whether links to headings of the page itself show previews.
pub fn shows_page(previews: &[&Preview], site: &dyn SiteAccess) -> bool {
    let mut previews = previews.iter();
    previews.any(|preview| preview.targets.accepts(site.page().path))
}

/// Marks the links that show a preview.
pub fn mark(tree: &mut Tree, previews: &[&Preview], site: &dyn SiteAccess) {
    if previews.is_empty() {
        return;
    }
    for id in tree.walk(Tree::ROOT) {
        if tree.tag(id) == "a" && previews.iter().any(|it| shows(tree, id, it, site)) {
            tree.set(id, "data-preview", "");
        }
    }
}

/// Whether a link shows a preview.
fn shows(tree: &Tree, id: Id, preview: &Preview, site: &dyn SiteAccess) -> bool {
    let Some(href) = tree.attribute(id, "href").filter(|href| !href.is_empty()) else {
        return false;
    };
    let is = |part: &str| {
        tree.attribute(id, "class")
            .is_some_and(|it| it.contains(part))
    };
    if is("footnote-ref") || url::has_scheme(href) || href.starts_with("//") {
        return false;
    }
    let (path, _) = url::split(href);
    let page = site.page();
    match preview.dialect {
        PreviewDialect::Material => {
            let targets = possible_targets(&page, path);
            let mut targets = targets.iter();
            targets.any(|target| preview.targets.accepts(target) && site.has_file(target))
        }
        PreviewDialect::Zensical => {
            let is_generated = is("footnote-backref") || is("headerlink");
            let target = if path.is_empty() {
                page.path.to_owned()
            } else {
                below_root(page.path, path)
            };
            !is_generated && !target.is_empty() && preview.targets.accepts(&target)
        }
    }
}

/// The path of `path` from the folder of `page`; nothing is above the root.
fn below_root(page: &str, path: &str) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            ".." => drop(parts.pop()),
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The files that a link may mean for MkDocs: the one at that path, and those that
/// its author may have had in mind.
fn possible_targets(page: &PageAddress<'_>, path: &str) -> Vec<String> {
    let from = |base: &str| {
        let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
        let joined = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{folder}/{path}")
        };
        normalized(joined.trim_start_matches('/'))
    };
    let target = from(page.path);
    let mut targets = vec![target.clone()];
    if normalized(path) == "." {
        targets.push(page.path.to_owned());
        return targets;
    }
    let mut starts = vec![target.clone()];
    let by_address = from(page.url);
    if by_address != target {
        starts.push(by_address);
    }
    let name = target.rsplit('/').next().unwrap_or("");
    let has_ending = name.trim_start_matches('.').contains('.');
    let may_lack_ending = !target.ends_with('.')
        && !path.ends_with(".md")
        && (page.is_folder || !path.ends_with('/'));
    for start in starts {
        let mut guesses = Vec::new();
        if page.is_folder {
            guesses.push(start.clone());
        }
        if !has_ending {
            guesses.push(format!("{start}/index.md"));
            guesses.push(format!("{start}/README.md"));
        }
        if may_lack_ending {
            let stem = start.strip_suffix(".html").unwrap_or(&start);
            guesses.push(format!("{stem}.md"));
        }
        targets.extend(guesses.iter().map(|guess| normalized(guess)));
    }
    targets
}

/// A path as Python's `normpath` gives it.
fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What MkDocs' `_possible_target_uris` says.
    #[test]
    fn files_that_a_link_may_mean() {
        let page = |is_folder| PageAddress {
            path: "a/b.md",
            url: if is_folder { "a/b/" } else { "a/b.html" },
            is_folder,
        };
        let of = |is_folder, path| possible_targets(&page(is_folder), path);
        assert_eq!(of(true, ""), ["a", "a/b.md"]);
        assert_eq!(of(true, "c.md"), ["a/c.md", "a/c.md", "a/b/c.md"]);
        assert_eq!(
            of(false, "../c"),
            ["c", "c/index.md", "c/README.md", "c.md"]
        );
        assert_eq!(of(false, "/c.html"), ["c.html", "c.md"]);
        assert_eq!(below_root("a/b.md", "../../c.md"), "c.md");
    }
}
