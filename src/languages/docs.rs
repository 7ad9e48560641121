use std::borrow::Cow;

use crate::files::SourcePath;

/// Which sources are the docs of a language. A site without languages has one
/// folder.
///
/// A source has two paths: the *plain* one, the same in all languages, by
/// which pages name each other; and the one below the site, which begins with
/// the language where several share a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// Where files are looked for, first one first.
    pub layers: Vec<Layer>,
    /// Where folders of languages lie side by side, so that `../img.svg`
    /// names what lies beside them.
    pub beside: Option<Beside>,
}

/// Folders of languages in one docs folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The docs folder.
    pub root: SourcePath,
    /// The folders that stand for plain paths: the language's own and that of
    /// the default one.
    pub folders: Vec<SourcePath>,
}

/// A folder of docs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The folder.
    pub folder: SourcePath,
    /// What the paths of pages get in front below the site: nothing, or `fr/`.
    pub pages: String,
    /// What those of other files get.
    pub assets: String,
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
    /// Those that end in none of these languages, nor in what looks like one.
    OfNone(Vec<String>),
    /// Those in none of their folders, nor in one that looks like it.
    Beside(Vec<String>),
    /// All but pages.
    Assets,
}

impl Layer {
    /// All of a folder.
    pub fn of(folder: SourcePath) -> Self {
        Self {
            folder,
            pages: String::new(),
            assets: String::new(),
            names: Names::All,
            except: Vec::new(),
            original: None,
        }
    }

    /// The plain path of a source; `None` where it is no part of this.
    pub fn plain<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        let below = source.below(&self.folder)?;
        match self.is_foreign(source) {
            true => None,
            false if self.names == Names::Assets && source.is_markdown() => None,
            false => self.names.plain(below),
        }
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

    /// Whether it is no part of this.
    pub fn is_foreign(&self, source: &SourcePath) -> bool {
        self.except.iter().any(|it| source.below(it).is_some())
    }

    /// The source that has a plain path, if it is in this folder.
    fn source(&self, plain: &str) -> Option<SourcePath> {
        let source = self.folder.join(match &self.names {
            Names::Of(code) => Cow::Owned(tagged(plain, code)),
            _ => plain.into(),
        });
        // Paths such as `../x` lead to other folders, or to none.
        (self.plain(&source)? == plain).then_some(source)
    }
}

impl Names {
    fn plain<'a>(&self, path: &'a str) -> Option<Cow<'a, str>> {
        match self {
            Names::All | Names::Assets => Some(path.into()),
            Names::Of(code) => untagged(path, code).map(Cow::Owned),
            Names::OfNone(codes) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                let mut parts = name.rsplit('.').skip(1).peekable();
                let tag = parts.next().filter(|_| parts.peek().is_some());
                let free = tag.is_none_or(|tag| !is_language(tag, codes));
                free.then_some(path.into())
            }
            Names::Beside(codes) => {
                let first = path.split_once('/').map(|(first, _)| first);
                let free = first.is_none_or(|first| !is_language(first, codes));
                free.then_some(path.into())
            }
        }
    }
}

/// Whether a name is one of the languages, or looks like one: `fr`, `pt-BR`,
/// `pt_BR`, `zh-Hant`, `zh-Hant-TW` (the plugin's `RE_LOCALE`).
fn is_language(name: &str, codes: &[String]) -> bool {
    let small = |part: &str| part.len() == 2 && part.bytes().all(|c| c.is_ascii_lowercase());
    let region = |part: &str| part.len() == 2 && part.bytes().all(|c| c.is_ascii_uppercase());
    let script = |part: &str| part.len() == 4 && part.bytes().all(|c| c.is_ascii_alphabetic());
    let parts: Vec<&str> = name.split('-').collect();
    let looks = match parts[..] {
        [one] => match one.split_once('_') {
            Some((language, country)) => small(language) && region(country),
            None => small(one),
        },
        [language, two] => small(language) && (region(two) || script(two)),
        [language, two, three] => small(language) && script(two) && region(three),
        _ => false,
    };
    looks || codes.iter().any(|code| code == name)
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
            beside: None,
        }
    }

    /// The layer that a source belongs to.
    pub fn layer(&self, source: &SourcePath) -> Option<&Layer> {
        self.layers.iter().find(|it| it.plain(source).is_some())
    }

    /// The plain path of a source; `None` where it is no part of the docs.
    pub fn plain<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        self.layer(source)?.plain(source)
    }

    /// The path of a source below the site.
    pub fn path<'a>(&self, source: &'a SourcePath) -> Option<Cow<'a, str>> {
        self.layer(source)?.path(source)
    }

    /// The sources that may have a plain path: the first that is there has it.
    pub fn sources(&self, plain: &str) -> impl Iterator<Item = SourcePath> {
        self.layers.iter().filter_map(move |it| it.source(plain))
    }

    /// The plain path that `relative` names on the page of a source; `None`
    /// where it leads out of the docs.
    pub fn join(&self, source: &SourcePath, relative: &str) -> Option<SourcePath> {
        let Some(beside) = &self.beside else {
            let plain = self.plain(source)?;
            let folder = plain.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = SourcePath::new(format!("{folder}/{relative}"));
            return (!path.leads_out()).then_some(path);
        };
        // Read where the page really lies, below the folder of its language.
        let path = source.parent()?.join(relative);
        let below = beside.folders.iter().find_map(|folder| path.below(folder));
        below
            .or_else(|| path.below(&beside.root))
            .map(SourcePath::new)
    }

    /// The first of its folders that a source lies in.
    pub fn folder(&self, source: &SourcePath) -> Option<&SourcePath> {
        self.layer(source).map(|layer| &layer.folder)
    }
}
