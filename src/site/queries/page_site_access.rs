use std::collections::BTreeSet;
use std::sync::Arc;

use super::markdown_options::has_zensical_icons;
use super::settings::use_directory_urls;
use super::static_i18n::sharing;
use super::{
    LinkTarget, files, icons, is_shared, kind, link_target, links_relative_to_docs, listing, stamp,
    text,
};
use crate::config::Folders;
use crate::diagnostic::{Near, Suggestions};
use crate::files::{Kind, SourcePath};
use crate::languages::Docs;
use crate::markdown::{Destination, PageAddress, SiteAccess, Snippet};
use crate::plugins::blog::place_link;
use crate::site::Db;
use crate::url;

/// What one page sees of the site. Each question is a separate query, so the
/// page depends on the answers that it got and on nothing else.
pub(super) struct PageSiteAccess<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) docs: &'a Docs,
    pub(super) folders: &'a Folders,
    /// The page's source.
    pub(super) source: &'a SourcePath,
    /// Its plain path in the docs.
    pub(super) plain: &'a str,
    /// Its address.
    pub(super) url: &'a str,
    /// The folders that snippets are searched in, and files that are snippets.
    pub(super) snippet_bases: &'a [SourcePath],
    /// Whether snippets must be in these folders.
    pub(super) restricts_snippets: bool,
    /// Whether this is an excerpt, which may be shown on any page.
    pub(super) is_excerpt: bool,
    /// Suggestions for its dead links.
    pub(super) suggestions: Suggestions,
}

impl SiteAccess for PageSiteAccess<'_> {
    fn snippet(&self, name: &str) -> Option<Snippet> {
        self.snippet_bases.iter().find_map(|base| {
            let path = self.snippet_path(base, name)?;
            if path.is_secret() {
                return None;
            }
            let text = text(self.db, self.db.entry(&path)).readable()?;
            Some(Snippet { path, text })
        })
    }

    fn snippets_beside(&self, name: &str) -> Vec<String> {
        let name = name.trim_start_matches('/');
        let parent = name.rsplit_once('/').map_or("", |(parent, _)| parent);
        let mut names = BTreeSet::new();
        for base in self.snippet_bases {
            if self.is_file(base) {
                names.insert(base.name().to_owned());
                continue;
            }
            let folder = base.join(parent);
            if folder.below(base).is_none() || folder.is_secret() {
                continue;
            }
            names.extend(self.names_in(&folder, parent));
        }
        names.into_iter().collect()
    }

    fn file(&self, path: &str) -> Option<Snippet> {
        self.built_in(path).find_map(|path| {
            let text = text(self.db, self.db.entry(&path)).readable()?;
            Some(Snippet { path, text })
        })
    }

    fn is_kept_back(&self, path: &str) -> bool {
        let folders = self.folders_built_in();
        let mut paths = folders.map(|folder| folder.join(path));
        paths.any(|path| self.is_file(&path) && !self.may_show(&path))
    }

    fn image(&self, path: &str) -> Option<Vec<u8>> {
        self.built_in(path).find_map(|path| {
            // The page depends on the bytes through this.
            let (size, _) = stamp(self.db, self.db.entry(&path))?;
            (size <= LARGEST_IMAGE).then(|| self.db.system().read(&path).ok())?
        })
    }

    fn files_beside(&self, path: &str) -> Vec<String> {
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let folders = self.built_in(parent);
        let names: BTreeSet<String> = folders
            .flat_map(|folder| self.names_in(&folder, parent))
            .collect();
        names.into_iter().collect()
    }

    fn destination(&self, destination: &str) -> Destination {
        let (written, rest) = url::split(destination);
        // With `relative_to_docs`, `/a.md` is relative to the docs folder.
        let from_docs = written.starts_with('/')
            && !written.starts_with("//")
            && links_relative_to_docs(self.db);
        if written.is_empty() || (url::is_absolute(written) && !from_docs) {
            return Destination::Outside;
        }
        let Some(decoded) = url::unquote(written) else {
            return Destination::Outside;
        };
        // As in MkDocs, the path is relative to the page's folder, and a
        // target above the docs folder does not exist.
        let path = if from_docs {
            Some(SourcePath::new(&*decoded))
        } else {
            self.docs.join(self.source, &decoded)
        };
        let target = path.as_ref().and_then(|path| self.target(path));
        match target.or_else(|| self.real_target(&decoded)) {
            Some(target) => {
                let to = &*target.address;
                let rest = url::without_empty(rest);
                let address = if self.is_excerpt {
                    place_link(to, &rest)
                } else {
                    let to = if to.is_empty() { "./" } else { to };
                    format!("{}{rest}", url::relative(to, self.url))
                };
                if target.is_excluded {
                    Destination::Excluded(address)
                } else {
                    Destination::Inside(address)
                }
            }
            None => {
                let path = path.unwrap_or_else(|| SourcePath::new(&*decoded));
                Destination::Missing(self.near(&path, written))
            }
        }
    }

    fn anchor(&self, fragment: &str, is_first: bool) -> Option<String> {
        // The title of an excerpt leads to the top of its post.
        let fragment = if is_first { "" } else { fragment };
        self.is_excerpt.then(|| place_link(self.url, fragment))
    }

    fn page(&self) -> PageAddress<'_> {
        PageAddress {
            path: self.plain,
            url: self.url,
            is_folder: use_directory_urls(self.db),
        }
    }

    fn has_file(&self, path: &str) -> bool {
        let mut sources = self.docs.sources(path);
        let target = sources.find_map(|it| link_target(self.db, self.db.entry(&it)));
        target.is_some_and(|target| !target.is_excluded)
    }

    fn icon(&self, shortcode: &str) -> Option<Arc<str>> {
        let path = icons(self.db).get(shortcode).cloned();
        match path {
            Some(path) => text(self.db, self.db.entry(&path)).readable(),
            None => self
                .theme_icon(shortcode)
                .or_else(|| self.builtin_icon(shortcode)),
        }
    }
}

/// The largest image that a page may hold, in bytes.
const LARGEST_IMAGE: u64 = 16 << 20;

impl PageSiteAccess<'_> {
    fn is_file(&self, path: &SourcePath) -> bool {
        kind(self.db, self.db.entry(path)) == Some(Kind::File)
    }

    /// The path of a snippet that is searched for in `base`: below a folder, or the
    /// file `base` itself.
    fn snippet_path(&self, base: &SourcePath, name: &str) -> Option<SourcePath> {
        let is_file = self.is_file(base);
        let path = if name.starts_with('/') {
            self.db.system().locate(name)?
        } else if is_file {
            base.parent()?.join(name)
        } else {
            base.join(name)
        };
        let is_found = if is_file {
            path == *base
        } else {
            path.below(base).is_some() || (!self.restricts_snippets && self.may_show(&path))
        };
        is_found.then_some(path)
    }

    /// Whether the page may show a file that it names.
    fn may_show(&self, path: &SourcePath) -> bool {
        !path.is_secret() && is_shared(self.db, self.db.entry(path))
    }

    /// Where `path` may be, as seen from the folders that a site is usually built in:
    /// the project's root, and the folder of the configuration. Nothing that must not
    /// be shown is among it.
    fn built_in<'p>(&'p self, path: &'p str) -> impl Iterator<Item = SourcePath> + 'p {
        self.folders_built_in()
            .map(move |folder| folder.join(path))
            .filter(|path| self.may_show(path))
    }

    /// The folders that a site is usually built in.
    fn folders_built_in(&self) -> impl Iterator<Item = SourcePath> + '_ {
        let root = SourcePath::root();
        let project = Some(self.folders.project.clone());
        let project = project.filter(|project| *project != root);
        std::iter::once(root).chain(project)
    }

    /// The visible files in `folder`, by their paths from the folder that `parent` is
    /// relative to.
    fn names_in(&self, folder: &SourcePath, parent: &str) -> Vec<String> {
        let listing = listing(self.db, self.db.entry(folder));
        let files = listing.iter().filter(|(_, kind)| *kind == Kind::File);
        let files = files.filter(|(name, _)| !name.starts_with('.'));
        let below = |name: &String| match parent {
            "" => name.clone(),
            parent => format!("{parent}/{name}"),
        };
        files.map(|(name, _)| below(name)).collect()
    }

    fn target(&self, path: &SourcePath) -> Option<LinkTarget> {
        let mut in_docs = self.docs.sources(path.as_str());
        let in_docs = in_docs.find_map(|it| link_target(self.db, self.db.entry(&it)));
        if let Some(target) = &in_docs
            && target.has_output
        {
            return in_docs;
        }
        // Pages can link to assets of the theme like to their own.
        let themes = self.folders.themes.iter().chain(&self.folders.packages);
        let mut folders = themes.chain(&self.folders.static_dir);
        let is_asset = |folder: &SourcePath| {
            let file = self.db.entry(&folder.join(path.as_str()));
            kind(self.db, file) == Some(Kind::File) && crate::theme::is_asset(path.as_str(), &[])
        };
        if !folders.any(is_asset) {
            return in_docs;
        }
        Some(LinkTarget {
            address: url::quote(path.as_str()).into(),
            is_excluded: false,
            has_output: true,
        })
    }

    /// The file that a link names with its language (`a.fr.md`), if languages share
    /// a site.
    fn real_target(&self, written: &str) -> Option<LinkTarget> {
        sharing(self.db)?;
        let source = self.source.parent()?.join(written);
        self.docs.layer(&source)?;
        link_target(self.db, self.db.entry(&source))
    }

    /// A built-in icon. Material for MkDocs has none of Lucide's.
    fn builtin_icon(&self, shortcode: &str) -> Option<Arc<str>> {
        if shortcode.starts_with("lucide-") && !has_zensical_icons(self.db) {
            return None;
        }
        crate::icons::shortcode(shortcode)
    }

    /// The icon from an installed theme package.
    fn theme_icon(&self, shortcode: &str) -> Option<Arc<str>> {
        let path = crate::theme::icon_template(&crate::icons::path(shortcode)?);
        let mut packages = self.folders.packages.iter();
        packages.find_map(|package| text(self.db, self.db.entry(&package.join(&path))).readable())
    }

    /// The relative path of the page or file whose name is closest.
    fn near(&self, path: &SourcePath, written: &str) -> Option<Near> {
        let files = files(self.db);
        let pages = files.pages.iter().map(|page| page.path.as_str());
        let known = pages.chain(files.assets.keys().map(String::as_str));
        let near = self.suggestions.suggest(path.as_str(), known)?;
        let name = url::relative(&near.name, self.plain);
        (name != written).then_some(Near { name, ..near })
    }
}
