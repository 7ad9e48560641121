use std::borrow::Cow;

use crate::files::SourcePath;

/// Which sources are the docs of a language. A site without languages has one
/// folder.
///
/// A source has two paths. Its *plain* path is the same in all languages, and
/// pages use it to link to each other. Its path below the site begins with the
/// language if several languages share a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// Where files are searched, in this order.
    pub layers: Vec<Layer>,
    /// Set if the folders of languages are side by side, so that `../img.svg`
    /// can name files beside them.
    pub beside: Option<SideBySide>,
}

/// Folders of languages in one docs folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideBySide {
    /// The docs folder.
    pub root: SourcePath,
    /// The folders that plain paths are relative to: that of the language and
    /// that of the default one.
    pub folders: Vec<SourcePath>,
}

/// A folder of docs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Layer {
    /// The folder.
    pub folder: SourcePath,
    /// The prefix of the paths of pages below the site: empty, or `fr/`.
    pub pages: String,
    /// The prefix of the paths of other files.
    pub assets: String,
    /// Which of its files belong to the layer.
    pub names: FileFilter,
    /// Folders below it that do not belong to the layer.
    pub except: Vec<SourcePath>,
    /// The language that its pages are written in, if readers are to be told
    /// that it is not theirs.
    pub original: Option<String>,
}

/// Which files of a folder belong to a language, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FileFilter {
    /// All files.
    All,
    /// Those tagged with this language, as in `a.fr.md`.
    Of(String),
    /// Those not tagged with any of these languages, nor with what looks like a
    /// language.
    OfNone(Vec<String>),
    /// Those outside of the folders of these languages, and of folders that look
    /// like one.
    SideBySide(Vec<String>),
    /// All files but pages.
    Assets,
}

impl Layer {
    /// All files of a folder.
    pub fn of(folder: SourcePath) -> Self {
        Self {
            folder,
            pages: String::new(),
            assets: String::new(),
            names: FileFilter::All,
            except: Vec::new(),
            original: None,
        }
    }

    /// The plain path of a source; `None` if it does not belong to this layer.
    pub fn plain<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        let below = source.below(&self.folder)?;
        if self.is_foreign(source) || (self.names == FileFilter::Assets && source.is_markdown()) {
            return None;
        }
        self.names.plain(below)
    }

    /// The path of a source below the site.
    pub fn path<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        let plain = self.plain(source)?;
        let prefix = if source.is_markdown() {
            &self.pages
        } else {
            &self.assets
        };
        Some(match prefix.as_str() {
            "" => plain,
            prefix => format!("{prefix}{plain}").into(),
        })
    }

    /// Whether a source is in a folder that does not belong to this layer.
    pub fn is_foreign(&self, source: &SourcePath) -> bool {
        self.except.iter().any(|it| source.below(it).is_some())
    }

    /// The source with a plain path, if it would be in this layer.
    fn source(&self, plain: &str) -> Option<SourcePath> {
        let source = self.folder.join(match &self.names {
            FileFilter::Of(code) => Cow::Owned(tagged(plain, code)),
            _ => plain.into(),
        });
        // Paths such as `../x` lead out of the folder.
        (self.plain(&source)? == plain).then_some(source)
    }
}

impl FileFilter {
    fn plain<'a>(&self, path: &'a str) -> Option<Cow<'a, str>> {
        match self {
            FileFilter::All | FileFilter::Assets => Some(path.into()),
            FileFilter::Of(code) => untagged(path, code).map(Cow::Owned),
            FileFilter::OfNone(codes) => {
                let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
                // The `fr` of `a.fr.md`; `fr.md` has none.
                let stem = name.rsplit_once('.').map(|(stem, _)| stem);
                let tag = stem.and_then(|stem| Some(stem.rsplit_once('.')?.1));
                let is_untagged = tag.is_none_or(|tag| !is_language(tag, codes));
                is_untagged.then_some(path.into())
            }
            FileFilter::SideBySide(codes) => {
                let folder = path.split_once('/').map(|(folder, _)| folder);
                let is_beside = folder.is_none_or(|folder| !is_language(folder, codes));
                is_beside.then_some(path.into())
            }
        }
    }
}

/// Whether a name is one of the languages, or looks like one: `fr`, `pt-BR`,
/// `pt_BR`, `zh-Hant`, `zh-Hant-TW` (the plugin's `RE_LOCALE`).
fn is_language(name: &str, codes: &[String]) -> bool {
    let language = |part: &str| part.len() == 2 && part.bytes().all(|c| c.is_ascii_lowercase());
    let region = |part: &str| part.len() == 2 && part.bytes().all(|c| c.is_ascii_uppercase());
    let script = |part: &str| part.len() == 4 && part.bytes().all(|c| c.is_ascii_alphabetic());
    let parts: Vec<&str> = name.split('-').collect();
    let looks_like_one = match parts[..] {
        [one] => match one.split_once('_') {
            Some((first, second)) => language(first) && region(second),
            None => language(one),
        },
        [first, second] => language(first) && (region(second) || script(second)),
        [first, second, third] => language(first) && script(second) && region(third),
        _ => false,
    };
    looks_like_one || codes.iter().any(|code| code == name)
}

/// From `a.md` to `a.fr.md`.
fn tagged(path: &str, code: &str) -> String {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[start..].rfind('.') {
        Some(dot) => format!("{}.{code}{}", &path[..start + dot], &path[start + dot..]),
        None => format!("{path}.{code}"),
    }
}

/// From `a.fr.md` to `a.md`.
fn untagged(path: &str, code: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let stem = stem.strip_suffix(code)?.strip_suffix('.')?;
    let has_name = !stem.is_empty() && !stem.ends_with('/');
    (has_name && !ending.contains('/')).then(|| format!("{stem}.{ending}"))
}

impl Docs {
    /// All files of one folder.
    pub fn of(folder: SourcePath) -> Self {
        Self {
            layers: vec![Layer::of(folder)],
            beside: None,
        }
    }

    /// The layer that a source belongs to.
    pub fn layer(&self, source: &SourcePath) -> Option<&Layer> {
        self.layers.iter().find(|it| it.plain(source).is_some())
    }

    /// The plain path of a source; `None` if it is not part of the docs.
    pub fn plain<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        self.layer(source)?.plain(source)
    }

    /// The path of a source below the site.
    pub fn path<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        self.layer(source)?.path(source)
    }

    /// The possible sources for a plain path; the first that exists is the one.
    pub fn sources(&self, plain: &str) -> impl Iterator<Item = SourcePath> {
        self.layers.iter().filter_map(move |it| it.source(plain))
    }

    /// The plain path that `relative` refers to on the page of a source; `None`
    /// if it leads out of the docs.
    pub fn join(&self, source: &SourcePath, relative: &str) -> Option<SourcePath> {
        let Some(beside) = &self.beside else {
            let plain = self.plain(source)?;
            let folder = plain.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = SourcePath::new(format!("{folder}/{relative}"));
            return (!path.leads_out()).then_some(path);
        };
        // Relative to the page's real location in the folder of its language.
        let path = source.parent()?.join(relative);
        let below = beside.folders.iter().find_map(|folder| path.below(folder));
        below
            .or_else(|| path.below(&beside.root))
            .map(SourcePath::new)
    }

    /// The folder of the layer that a source belongs to.
    pub fn folder(&self, source: &SourcePath) -> Option<&SourcePath> {
        self.layer(source).map(|layer| &layer.folder)
    }
}
