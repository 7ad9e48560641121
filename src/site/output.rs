use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;

use super::Db;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::SourcePath;
use crate::plugins::privacy::Needs;
use crate::search;

/// Where outputs of a kind come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputOrigin {
    /// The site's own pages and files.
    Site,
    /// The theme.
    Theme,
    /// A plugin.
    Plugin,
}

/// Makes an output of one site.
type Make = fn(&dyn Db, &Output) -> Produced;

/// Makes an output that covers all languages of a shared site from their parts.
type MakeOfAll = fn(&dyn Db, &Output, &[Part]) -> Produced;

/// A kind of output, with the functions that make it.
#[derive(Debug)]
pub struct OutputKind {
    /// A unique name.
    pub name: &'static str,
    /// Where its outputs come from.
    pub maker: OutputOrigin,
    /// Makes an output. Must not be a remembered query: a build needs each
    /// output once and must not hold all of them in memory.
    pub(super) make: Make,
    /// Makes an output that covers all languages of a shared site, if the kind
    /// has such outputs.
    pub(super) of_all: Option<MakeOfAll>,
    /// Adds what is only known outside of queries: the files that were needed
    /// for the output and could not be read.
    pub(super) around: fn(&dyn Db, &Output, &mut Produced),
    /// Whether its outputs come from a template, which may be broken. `check`
    /// has to make such outputs to find all problems.
    pub can_fail: bool,
    /// Whether its outputs gather what pages say, for scripts that read them when they
    /// are needed: they change with every page, and no tab looks different then.
    pub is_index: bool,
    /// Whether a build writes its outputs only if another output names them.
    pub is_optional: bool,
    /// Whether its outputs, which are made from a file, also depend on copies of files of
    /// other sites.
    pub names_copies: bool,
}

impl OutputKind {
    /// A kind whose outputs belong to one site and cannot fail.
    pub(super) const fn new(name: &'static str, maker: OutputOrigin, make: Make) -> Self {
        Self {
            name,
            maker,
            make,
            of_all: None,
            around: |_, _, _| {},
            can_fail: false,
            is_index: false,
            is_optional: false,
            names_copies: false,
        }
    }

    /// The same kind, of outputs that gather what pages say.
    pub(super) const fn of_indexes(self) -> Self {
        Self {
            is_index: true,
            ..self
        }
    }
}

impl PartialEq for OutputKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OutputKind {}

impl Hash for OutputKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// An output of the site: how it is made, and from what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Output {
    /// How it is made.
    pub kind: &'static OutputKind,
    /// The file that it is made from, if there is one.
    pub source: Option<SourcePath>,
    /// Identifies an output without a source within its kind, for example by
    /// the name of a template.
    pub name: String,
    /// Whether it is a page rendered by the theme. Tabs show these, and `serve`
    /// keeps them up to date.
    pub is_document: bool,
}

impl Output {
    /// An output that is identified by a name.
    pub(super) fn named(kind: &'static OutputKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            source: None,
            name: name.into(),
            is_document: false,
        }
    }

    /// An output that is made from a file.
    pub(super) fn of(kind: &'static OutputKind, source: &SourcePath) -> Self {
        Self {
            source: Some(source.clone()),
            ..Self::named(kind, "")
        }
    }

    /// The source of a page; `None` if this is not a page.
    pub fn page(&self) -> Option<&SourcePath> {
        if self.is_document {
            self.source.as_ref()
        } else {
            None
        }
    }

    /// The source of a style sheet, script, image or other file; `None` if it
    /// is generated, and for pages.
    pub fn asset(&self) -> Option<&SourcePath> {
        if self.is_document {
            None
        } else {
            self.source.as_ref()
        }
    }
}

/// All outputs, by their paths below the site folder.
pub type Outputs = BTreeMap<String, Output>;

/// The content of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Bytes),
    /// Those of a file. It is copied and sent piece by piece, and never held
    /// in memory as a whole.
    File(SourcePath),
}

/// The result of making an output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Produced {
    /// Its content. `None` if there is no such output after all: its template
    /// is broken, or rendered nothing but whitespace, which MkDocs does not
    /// write either.
    pub content: Option<Content>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether something is missing in it because a file could not be read.
    pub is_partial: bool,
    /// The files of other sites that it names.
    pub needs: Needs,
}

impl Produced {
    /// These bytes.
    pub(super) fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self {
            content: Some(Content::Bytes(bytes.into())),
            ..Self::default()
        }
    }

    /// This text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::bytes(text.into())
    }

    /// An unchanged file.
    pub(super) fn file(source: &SourcePath) -> Self {
        Self {
            content: Some(Content::File(source.clone())),
            ..Self::default()
        }
    }

    /// The result of rendering a template.
    pub(super) fn of_template(result: Result<String, Box<Diagnostic>>) -> Self {
        match result {
            Ok(text) if text.trim().is_empty() => Self::default(),
            Ok(text) => Self::text(text),
            Err(diagnostic) => Self {
                diagnostics: vec![*diagnostic],
                ..Self::default()
            },
        }
    }

    /// Its bytes as text; `None` if it has none or is a file.
    pub fn as_text(&self) -> Option<Arc<str>> {
        match &self.content {
            Some(Content::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into()),
            _ => None,
        }
    }

    /// Whether making it failed; false if there is just no such output.
    pub fn is_broken(&self) -> bool {
        let mut diagnostics = self.diagnostics.iter();
        self.content.is_none() && diagnostics.any(|it| it.severity == Severity::Error)
    }
}

/// Fingerprints of the article of a page, to find out whether it differs from another
/// version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePrint {
    /// That of what readers see: where it is in the sources does not count.
    pub text: u64,
    /// That of all of it.
    pub whole: u64,
    /// The addresses of the pictures and other files that it shows, as they are
    /// written.
    pub shown: Vec<String>,
}

/// What one language contributes to outputs that cover all languages of a
/// shared site.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The search entries of its pages.
    pub entries: Arc<Vec<search::Entry>>,
}
