//! What a site folder contains before a build: files that builds made, and files
//! of others, which are kept.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::manifest::{self, Names, named};
use super::name_tree::NameTree;
use super::names::is_ours_alone;
use crate::files::is_absence;
use crate::html::{self, Token};

/// The site folder as a build finds it.
#[derive(Debug, Default)]
pub(super) struct SiteFolder {
    /// Whether the folder exists.
    pub(super) exists: bool,
    /// Whether it has a manifest.
    pub(super) has_manifest: bool,
    /// Whether builds recorded what they made here, or nothing else is here.
    pub(super) is_known: bool,
    /// Files that a build made.
    pub(super) owned: Names,
    /// What belongs to others: files, links, and folders that contain nothing
    /// owned. What lies below such a folder is not listed again.
    pub(super) foreign: Names,
    /// The tool that made a site without a manifest, if it is recognised.
    pub(super) maker: Option<&'static str>,
}

impl SiteFolder {
    /// Examines `folder`. `above` holds its files in the manifest of the site that
    /// this one is a part of.
    ///
    /// # Errors
    /// When it is not a folder, or cannot be read completely.
    pub(super) fn look(folder: &Path, above: Names) -> io::Result<Self> {
        match fs::metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                let message = format!(
                    "`{}` is not a folder; move it away, or choose another one with `site_dir`",
                    folder.display()
                );
                return Err(io::Error::new(io::ErrorKind::NotADirectory, message));
            }
            Err(error) if is_absence(&error) => {
                return Ok(Self {
                    is_known: true,
                    ..Self::default()
                });
            }
            Err(error) => return Err(named(folder, &error)),
        }
        let own = manifest::read(folder)?;
        let is_known = own.is_some() || !above.is_empty();
        let mut ground = Self {
            exists: true,
            has_manifest: own.is_some(),
            is_known,
            owned: own.into_iter().flatten().chain(above).collect(),
            ..Self::default()
        };
        let walk = Walk {
            root: folder,
            is_known,
        };
        let tree = NameTree::of(ground.owned.iter().map(PathBuf::as_path));
        let found = walk.folder(Path::new(""), Some(&tree))?;
        // Only what exists can be removed.
        ground.owned = found.owned.into_iter().collect();
        ground.foreign = found.foreign.into_iter().collect();
        if ground.foreign.is_empty() {
            ground.is_known = true;
        }
        if !ground.is_known {
            ground.maker = maker(folder);
            if ground.maker.is_some() {
                ground.take_over(folder);
            }
        }
        Ok(ground)
    }

    /// Whether nothing is here.
    pub(super) fn is_empty(&self) -> bool {
        self.owned.is_empty() && self.foreign.is_empty()
    }

    /// Treats everything as owned that MkDocs itself would clean. Hidden files
    /// are kept, and so is the name of a domain (`CNAME`).
    fn take_over(&mut self, folder: &Path) {
        let stays = |name: &Path| {
            let hidden = |part: &OsStr| part.to_string_lossy().starts_with('.');
            name == Path::new("CNAME") || name.iter().any(hidden)
        };
        let (kept, owned): (Names, Names) = std::mem::take(&mut self.foreign)
            .into_iter()
            .partition(|name| stays(name));
        self.foreign = kept;
        // Empty folders are removed together with their last file.
        let is_file = |name: &PathBuf| {
            let metadata = folder.join(name).symlink_metadata();
            metadata.is_ok_and(|it| !it.is_dir())
        };
        self.owned.extend(owned.into_iter().filter(is_file));
    }
}

/// A walk through the folders of a site.
struct Walk<'a> {
    root: &'a Path,
    is_known: bool,
}

/// What a folder contains.
#[derive(Debug, Default)]
struct Found {
    owned: Vec<PathBuf>,
    foreign: Vec<PathBuf>,
    /// Whether a manifest names anything in it, be it there or not.
    is_claimed: bool,
}

impl Walk<'_> {
    /// Finds what lies in `below`, of whose files builds made those in `owned`.
    fn folder(&self, below: &Path, owned: Option<&NameTree>) -> io::Result<Found> {
        let folder = self.root.join(below);
        let entries = fs::read_dir(&folder).map_err(|error| named(&folder, &error))?;
        let entries: io::Result<Vec<_>> = entries.collect();
        let entries = entries.map_err(|error| named(&folder, &error))?;
        let is_root = below.as_os_str().is_empty();
        let is_manifest = |entry: &fs::DirEntry| entry.file_name() == manifest::NAME;
        let merged;
        let mut owned = owned;
        // The folder of one language may have been built on its own.
        if !is_root
            && entries.iter().any(is_manifest)
            && let Some(names) = manifest::read(&folder)?
        {
            let mut tree = owned.cloned().unwrap_or_default();
            names.iter().for_each(|name| tree.insert(name));
            merged = tree;
            owned = Some(&merged);
        }
        let mut found = Found {
            is_claimed: owned.is_some_and(NameTree::has_any_below),
            ..Found::default()
        };
        let mut folders = Vec::new();
        for entry in entries {
            let file_name = entry.file_name();
            if is_ours_alone(&file_name) {
                continue;
            }
            let name = below.join(&file_name);
            let node = owned.and_then(|tree| tree.get(&file_name));
            if node.is_some_and(|node| node.is_file) {
                found.owned.push(name);
                continue;
            }
            // What is hidden is not taken over, so repositories are not read.
            let is_hidden = file_name.to_string_lossy().starts_with('.');
            let is_open = !self.is_known && !is_hidden;
            let is_wanted = || {
                let is_ours = is_open || node.is_some_and(NameTree::has_any_below);
                let own = || manifest::read(&self.root.join(&name));
                io::Result::Ok(is_ours || own()?.is_some_and(|names| !names.is_empty()))
            };
            if entry.file_type()?.is_dir() && is_wanted()? {
                folders.push((name, node));
            } else {
                found.foreign.push(name);
            }
        }
        let inside = folders.into_par_iter().map(|(name, node)| {
            let inside = self.folder(&name, node);
            (name, inside)
        });
        for (name, inside) in inside.collect::<Vec<_>>() {
            let inside = inside?;
            found.is_claimed |= inside.is_claimed;
            if inside.foreign.is_empty() && !inside.is_claimed {
                found.foreign.push(name);
            }
            found.owned.extend(inside.owned);
            found.foreign.extend(inside.foreign);
        }
        Ok(found)
    }
}

/// How much of a page is read to find the tool that made it, in bytes.
const HEAD: usize = 16 << 10;

/// The tool that made the site in a folder without a manifest.
fn maker(folder: &Path) -> Option<&'static str> {
    for page in ["index.html", "404.html"] {
        let generator = generator(&folder.join(page)).unwrap_or_default();
        let known = [
            ("mkdocs", "MkDocs"),
            ("zensical", "Zensical"),
            ("proofroom", "proofroom"),
            ("properdocs", "ProperDocs"),
        ];
        for (name, maker) in known {
            if generator.starts_with(name) {
                return Some(maker);
            }
        }
    }
    let is_file = |name: &str| folder.join(name).is_file();
    let has_map = is_file("sitemap.xml") || is_file("sitemap.xml.gz");
    if is_file("404.html") && has_map && is_file("assets/theme/css/theme.css") {
        return Some("proofroom");
    }
    let is_mkdocs = is_file("404.html") && has_map && is_file("search/search_index.json");
    is_mkdocs.then_some("MkDocs")
}

/// The content of a page's `generator` tag, in lower case.
fn generator(page: &Path) -> Option<String> {
    use io::Read as _;
    if !page.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut head = Vec::new();
    let file = fs::File::open(page).ok()?;
    file.take(HEAD as u64).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    html::tokens(&head).find_map(|(token, _)| match token {
        Token::Start {
            name, attributes, ..
        } if name.eq_ignore_ascii_case("meta") => {
            let named = html::attribute(attributes, "name")?;
            let content = html::attribute(attributes, "content")?;
            let is_generator = named.eq_ignore_ascii_case("generator");
            is_generator.then(|| content.to_lowercase())
        }
        _ => None,
    })
}
