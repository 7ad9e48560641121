use std::borrow::Cow;

use crate::files::SourcePath;

/// Which sources are the docs of a language, and the path that each has
/// there. A site without languages has one folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// Where files are looked for, first one first.
    pub layers: Vec<Layer>,
}

/// A folder of docs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The folder.
    pub folder: SourcePath,
    /// What paths get in front: nothing, or `fr/`.
    pub prefix: String,
    /// Which of its files, by their names.
    pub names: Names,
    /// Folders below it that are no part of it.
    pub except: Vec<SourcePath>,
    /// The language that its pages are written in, where readers are to be
    /// told that it is not theirs.
    pub original: Option<String>,
}

/// Which files of a folder belong to a language, by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// All.
    All,
    /// Those that end in the language, `a.fr.md`, without it.
    Of(String),
    /// Those that end in none of these languages.
    OfNone(Vec<String>),
    /// The same, but for pages.
    Assets(Vec<String>),
}

impl Layer {
    /// All of a folder.
    pub fn of(folder: SourcePath) -> Self {
        Self {
            folder,
            prefix: String::new(),
            names: Names::All,
            except: Vec::new(),
            original: None,
        }
    }

    /// The path that a source has in the docs; `None` where it is no part of
    /// them.
    pub fn path<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        let below = source.below(&self.folder)?;
        if self.is_foreign(source) {
            return None;
        }
        let plain = self.names.plain(below, source.is_markdown())?;
        Some(match self.prefix.as_str() {
            "" => plain,
            prefix => format!("{prefix}{plain}").into(),
        })
    }

    /// Whether a folder below it is no part of it.
    pub fn is_foreign(&self, source: &SourcePath) -> bool {
        self.except.iter().any(|it| source.below(it).is_some())
    }

    /// The source that has a path in the docs, if it is in this folder.
    fn source(&self, path: &str) -> Option<SourcePath> {
        let below = path.strip_prefix(&self.prefix)?;
        let source = self.folder.join(match &self.names {
            Names::Of(code) => Cow::Owned(tagged(below, code)),
            _ => below.into(),
        });
        // Paths such as `../x` lead to other folders, or to none.
        (self.path(&source)? == path).then_some(source)
    }
}

impl Names {
    fn plain<'a>(&self, path: &'a str, is_page: bool) -> Option<Cow<'a, str>> {
        let ends_in = |code: &str| untagged(path, code);
        match self {
            Names::All => Some(path.into()),
            Names::Of(code) => ends_in(code).map(Cow::Owned),
            Names::Assets(_) if is_page => None,
            Names::OfNone(codes) | Names::Assets(codes) => {
                let free = codes.iter().all(|code| ends_in(code).is_none());
                free.then_some(path.into())
            }
        }
    }
}

/// `a.fr.md` of `a.md`.
fn tagged(path: &str, code: &str) -> String {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[start..].rfind('.') {
        Some(dot) => format!("{}.{code}{}", &path[..start + dot], &path[start + dot..]),
        None => format!("{path}.{code}"),
    }
}

/// `a.md` of `a.fr.md`.
fn untagged(path: &str, code: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let stem = stem.strip_suffix(code)?.strip_suffix('.')?;
    let named = !stem.is_empty() && !stem.ends_with('/');
    (named && !ending.contains('/')).then(|| format!("{stem}.{ending}"))
}

impl Docs {
    /// All of one folder.
    pub fn of(folder: SourcePath) -> Self {
        Self {
            layers: vec![Layer::of(folder)],
        }
    }

    /// The layer that a source belongs to.
    pub fn layer(&self, source: &SourcePath) -> Option<&Layer> {
        self.layers.iter().find(|it| it.path(source).is_some())
    }

    /// The path that a source has in the docs; `None` where it is no part of
    /// them.
    pub fn path<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        self.layer(source)?.path(source)
    }

    /// The sources that may have a path in the docs: the first that is there
    /// has it.
    pub fn sources(&self, path: &str) -> impl Iterator<Item = SourcePath> {
        self.layers.iter().filter_map(move |it| it.source(path))
    }

    /// The first of its folders that a source lies in.
    pub fn folder(&self, source: &SourcePath) -> Option<&SourcePath> {
        self.layer(source).map(|layer| &layer.folder)
    }
}
