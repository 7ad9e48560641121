use std::sync::Arc;

use ignore::gitignore::Gitignore;

use super::listing;
use super::settings::{config, docs, plugin, use_directory_urls};
use super::withheld::{self, is_absent};
use crate::config::Plugin;
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::expect::ExpectOrDefault as _;
use crate::files::{Kind, SourcePath, patterns};
use crate::languages::{Docs, Layer};
use crate::nav::PageEntry;
use crate::plugins::exclude::{Excluded, Options};
use crate::site::{Db, Entry, Files, InvocationInput, PageFile};
use crate::url::Address;

/// What MkDocs excludes from every docs folder.
const ALWAYS_EXCLUDED: [&str; 2] = [".*", "/templates/"];

/// The files of the docs folder that belong to the site, without the pages that plugins
/// generate.
#[salsa::tracked(returns(clone))]
pub(super) fn walked(db: &dyn Db) -> Arc<Files> {
    match docs(db) {
        Some(docs) => Arc::new(files_in(db, &docs)),
        None => Arc::default(),
    }
}

/// The files that belong to the site in one of its languages.
pub(super) fn files_in(db: &dyn Db, docs: &Docs) -> Files {
    let mut found = Vec::new();
    let mut files = Files::default();
    for layer in docs.layers.iter().rev() {
        let mut folders = vec![layer.folder.clone()];
        while let Some(folder) = folders.pop() {
            let entry = db.entry(&folder);
            let inside = folder_files(db, LayerFolder::new(db, layer.clone(), entry));
            folders.extend(inside.folders.iter().rev().cloned());
            files.diagnostics.extend(inside.refusals.iter().cloned());
            found.extend(inside.files.iter().cloned());
        }
    }
    // Those of later layers replace others of the same path. The folders are nearly in
    // order already, which this sort makes use of.
    found.sort_by(|one, other| one.path().cmp(other.path()));
    let mut sources: Vec<DocsFile> = Vec::with_capacity(found.len());
    for file in found {
        match sources.last_mut() {
            Some(last) if last.path() == file.path() => *last = file,
            _ => sources.push(file),
        }
    }
    let shows_drafts = InvocationInput::get(db).call(db).drafts;
    let may_withhold = if shows_drafts {
        withheld::may_hide(db)
    } else {
        withheld::may_withhold(db)
    };
    let exists = |index: &str| {
        let found = sources.binary_search_by(|file| file.path().cmp(index));
        found.is_ok()
    };
    for file in &sources {
        let page = match file {
            DocsFile::Asset(path, source) => {
                files.assets.insert(path.to_string(), source.clone());
                continue;
            }
            DocsFile::Page(page) => page,
        };
        let path = &page.path;
        if let Some(index) = shadowing_index(path, exists) {
            files.diagnostics.push(
                Diagnostic::new(
                    Rule::ShadowedPage,
                    format!("`{path}` is left out, because `{index}` is the page of its folder"),
                )
                .help("rename one of the two"),
            );
            continue;
        }
        if may_withhold {
            let is_absent = is_absent(db, page.entry);
            // Pages that `serve` shows report it themselves.
            if is_absent || !shows_drafts {
                files.diagnostics.extend(withheld::fault(db, page.entry));
            }
            if is_absent {
                continue;
            }
        }
        files.pages.push(page.clone());
    }
    files
}

/// A folder of a layer, as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct LayerFolder<'db> {
    #[returns(ref)]
    layer: Layer,
    #[returns(copy)]
    folder: Entry,
}

/// What a folder of the docs has for the site. There is a query for each folder, so
/// that a new page costs the same however many other folders there are.
#[derive(Debug, Default, PartialEq, Eq)]
struct FolderFiles {
    files: Vec<DocsFile>,
    folders: Vec<SourcePath>,
    refusals: Vec<Diagnostic>,
}

/// A file that belongs to the site.
#[derive(Debug, Clone, PartialEq, Eq)]
enum DocsFile {
    Page(Arc<PageFile>),
    /// Any other file, with its path below the docs folder.
    Asset(Arc<str>, SourcePath),
}

impl DocsFile {
    /// Its path below the docs folder.
    fn path(&self) -> &str {
        match self {
            Self::Page(page) => &page.path,
            Self::Asset(path, _) => path,
        }
    }
}

#[salsa::tracked(returns(clone))]
fn folder_files<'db>(db: &'db dyn Db, key: LayerFolder<'db>) -> Arc<FolderFiles> {
    let (layer, entry) = (key.layer(db), key.folder(db));
    let folder = entry.path(db);
    let selection = selection(db);
    let directories = use_directory_urls(db);
    let matters = |name: &str| {
        let source = folder.join(name);
        !selection.is_excluded(path_in(layer, &source), false)
    };
    let mut inside = FolderFiles {
        refusals: super::symlinks::links(db, &folder, matters),
        ..FolderFiles::default()
    };
    for (name, kind) in listing(db, entry).iter() {
        let source = folder.join(name);
        let is_folder = *kind == Kind::Folder;
        let below = path_in(layer, &source);
        if selection.is_foreign(layer, &source) || selection.is_excluded(below, is_folder) {
            continue;
        }
        if is_folder {
            inside.folders.push(source);
            continue;
        }
        let path = (*kind == Kind::File).then(|| layer.path(&source)).flatten();
        let Some(path) = path.filter(|path| !selection.by_plugin.matches(path)) else {
            continue;
        };
        inside.files.push(if source.is_markdown() {
            let path = path.into_owned();
            let address = Address::of_page(&path, directories);
            let plain = layer.plain(&source);
            DocsFile::Page(Arc::new(PageFile {
                entry: db.entry(&source),
                in_nav: Arc::new(PageEntry {
                    path: plain
                        .expect_or_default("it has a path in this layer")
                        .into_owned(),
                    source: source.clone(),
                    url: address.url.clone(),
                }),
                address,
                generated: 0,
                path,
                source,
            }))
        } else {
            DocsFile::Asset(path.into(), source)
        });
    }
    Arc::new(inside)
}

/// Decides which files of the docs folder belong to the site.
#[derive(Debug)]
pub(super) struct Selection {
    rules: Rules,
    /// What the settings exclude.
    pub(super) excluded: Gitignore,
    /// The drafts among the rest, if they are part of the site while it is served.
    pub(super) drafts: Option<Gitignore>,
    /// What the plugin `exclude` excludes.
    pub(super) by_plugin: Excluded,
}

/// What a [`Selection`] is made from.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rules {
    /// Patterns in the syntax of `.gitignore`.
    lines: Vec<String>,
    /// Patterns of drafts that are part of the site.
    drafts: Vec<String>,
    /// Whether a pattern includes something again (`!.well-known/*`), so that
    /// excluded folders must be searched too.
    has_inclusions: bool,
    plugin: Option<Arc<Plugin>>,
    /// Folders and files that are not part of the docs even if the docs folder
    /// is the whole project: the output, the theme and the configuration.
    foreign: Vec<SourcePath>,
}

impl PartialEq for Selection {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

#[salsa::tracked(returns(clone))]
pub(super) fn selection(db: &dyn Db) -> Arc<Selection> {
    let mut rules = Rules {
        plugin: plugin(db, "exclude"),
        ..Rules::default()
    };
    rules.lines.extend(ALWAYS_EXCLUDED.map(str::to_owned));
    if let Some(config) = config(db) {
        let excluded = config.exclude_docs.lines();
        rules.has_inclusions = excluded.clone().any(|line| line.starts_with('!'));
        rules.lines.extend(excluded.map(str::to_owned));
        let drafts = config.draft_docs.lines().map(str::to_owned);
        if InvocationInput::get(db).call(db).drafts {
            rules.drafts.extend(drafts);
        } else {
            rules.lines.extend(drafts);
        }
        let folders = [&config.static_dir, &config.themes_dir, &config.file];
        rules.foreign.push(config.site_dir.clone());
        rules.foreign.extend(folders.into_iter().flatten().cloned());
    }
    let by_plugin = rules.plugin.as_ref();
    let by_plugin = by_plugin.map(|it| Excluded::new(&Options::read(&it.options)));
    Arc::new(Selection {
        excluded: patterns(rules.lines.iter().map(String::as_str)),
        drafts: (!rules.drafts.is_empty())
            .then(|| patterns(rules.drafts.iter().map(String::as_str))),
        by_plugin: by_plugin.unwrap_or_default(),
        rules,
    })
}

/// The problems of the patterns by which the plugin `exclude` excludes files.
pub(super) fn exclude_faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some(plugin) = plugin(db, "exclude") else {
        return Vec::new();
    };
    let options = Options::read(&plugin.options);
    let faults = Excluded::faults(&options).map(|(pattern, diagnostic)| {
        let subject = SettingRef::PluginText(plugin.name.clone(), pattern.to_owned());
        SettingDiagnostic::about(subject, diagnostic)
    });
    faults.collect()
}

/// The `index.md` beside a `README.md`, if it exists: it takes precedence.
pub(super) fn shadowing_index(path: &str, exists: impl Fn(&str) -> bool) -> Option<String> {
    let folder = path.strip_suffix("README.md")?;
    let index = format!("{folder}index.md");
    let at_start = folder.is_empty() || folder.ends_with('/');
    (at_start && exists(&index)).then_some(index)
}

impl Selection {
    fn is_excluded(&self, path: &str, is_folder: bool) -> bool {
        let excluded = &self.excluded;
        if !self.rules.has_inclusions {
            // The folders above are not excluded, or this would not be reached.
            return excluded.matched(path, is_folder).is_ignore();
        }
        !is_folder
            && excluded
                .matched_path_or_any_parents(path, false)
                .is_ignore()
    }

    fn is_foreign(&self, layer: &Layer, source: &SourcePath) -> bool {
        let mut foreign = self.rules.foreign.iter();
        foreign.any(|other| *other != layer.folder && source.below(other).is_some())
            || layer.is_foreign(source)
    }
}

/// The path of a source below the folder of its layer.
fn path_in<'s>(layer: &Layer, source: &'s SourcePath) -> &'s str {
    let below = source.below(&layer.folder);
    below.expect_or_default("the walk stays in the folder of the layer")
}
