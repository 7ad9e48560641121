use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Db;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::SourcePath;
use crate::search;

/// Who brings outputs of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// Whoever writes the site: its own pages and files.
    Site,
    /// The theme.
    Theme,
    /// A plugin.
    Plugin,
}

/// Makes an output of one site.
type Make = fn(&dyn Db, &Output) -> Produced;

/// Makes an output of all languages that share a site, of what each brings.
type MakeOfAll = fn(&dyn Db, &Output, &[Part]) -> Produced;

/// How outputs of one kind are made.
#[derive(Debug)]
pub struct OutputKind {
    /// Its name; no two kinds have the same.
    pub name: &'static str,
    /// Who brings them.
    pub maker: Maker,
    /// Makes one. It is not remembered as a whole: a build needs each once
    /// and must not hold them all.
    pub(super) make: Make,
    /// Makes one of all languages, where they share one.
    pub(super) of_all: Option<MakeOfAll>,
    /// Adds what can only be asked from outside of any query: what was read
    /// for it and cannot be read.
    pub(super) around: fn(&dyn Db, &Output, &mut Produced),
    /// Whether a template makes them, which may be broken: then one is made to
    /// know what is wrong with the site.
    pub can_fail: bool,
}

impl OutputKind {
    /// A kind of outputs that are made in one database and cannot fail.
    pub(super) const fn new(name: &'static str, maker: Maker, make: Make) -> Self {
        Self {
            name,
            maker,
            make,
            of_all: None,
            around: |_, _, _| {},
            can_fail: false,
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

/// An output that the site has: how it is made, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Output {
    /// How it is made.
    pub kind: &'static OutputKind,
    /// The file that it is made of, where it is made of one.
    pub source: Option<SourcePath>,
    /// What tells it from others of its kind that are made of no file, such
    /// as the name of a template.
    pub name: String,
    /// Whether it is a document in the theme, which tabs show and `serve`
    /// keeps up to date in them.
    pub is_document: bool,
}

impl Output {
    /// One of a kind, which is told from others by its name.
    pub(super) fn named(kind: &'static OutputKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            source: None,
            name: name.into(),
            is_document: false,
        }
    }

    /// One of a kind, which is made of a file.
    pub(super) fn of(kind: &'static OutputKind, source: &SourcePath) -> Self {
        Self {
            source: Some(source.clone()),
            ..Self::named(kind, "")
        }
    }

    /// The source of a page; `None` where this is none.
    pub fn page(&self) -> Option<&SourcePath> {
        self.source.as_ref().filter(|_| self.is_document)
    }

    /// The file by whose changes those of a style sheet, script or image can
    /// be told; `None` where it is made of none, and for pages.
    pub fn asset(&self) -> Option<&SourcePath> {
        self.source.as_ref().filter(|_| !self.is_document)
    }
}

/// All outputs by their path below the site folder.
pub type Outputs = BTreeMap<String, Output>;

/// What an output holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// Those of a file, which is copied and sent piece by piece, and never
    /// held in memory.
    File(SourcePath),
}

/// What came of making an output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Produced {
    /// What it holds. `None` where there is no such output after all: its
    /// template is broken, or gave nothing but blanks, which is no output in
    /// MkDocs.
    pub content: Option<Content>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it was made without something that is there and cannot be read.
    pub is_partial: bool,
}

impl Produced {
    /// These bytes.
    pub(super) fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            content: Some(Content::Bytes(bytes.into())),
            ..Self::default()
        }
    }

    /// This text.
    pub(super) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::bytes(text.into())
    }

    /// A file as it is.
    pub(super) fn file(source: &SourcePath) -> Self {
        Self {
            content: Some(Content::File(source.clone())),
            ..Self::default()
        }
    }

    /// What a template gave.
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

    /// Its bytes as text, where it has any: what documents are.
    pub fn as_text(&self) -> Option<Arc<str>> {
        match &self.content {
            Some(Content::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into()),
            _ => None,
        }
    }

    /// Whether it failed, rather than that there is no such output.
    pub fn is_broken(&self) -> bool {
        let mut diagnostics = self.diagnostics.iter();
        self.content.is_none() && diagnostics.any(|it| it.severity == Severity::Error)
    }
}

/// What one language brings to outputs that are made of all languages which
/// share a site.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// What the search finds on its pages.
    pub entries: Arc<Vec<search::Entry>>,
}
