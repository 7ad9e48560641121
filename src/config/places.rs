use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Span};

/// Something that a configuration names, for what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An entry of `nav`, counted from 0 in the order of the file, sections
    /// included.
    NavEntry(usize),
    /// A plugin, by its name.
    Plugin(String),
    /// A Markdown extension, by its name.
    Extension(String),
    /// An option of a Markdown extension, by the names of both.
    ExtensionOption(String, String),
    /// A language, by its code.
    Language(String),
}

/// Where the things that a configuration names are written. Kept beside the
/// values, for a comment at the top of the file moves all places and changes
/// no page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    spans: BTreeMap<Subject, Span>,
    nav_entries: usize,
}

impl Places {
    /// Where it is written; `None` for what no file names.
    pub fn span(&self, subject: &Subject) -> Option<&Span> {
        self.spans.get(subject)
    }

    /// A remark with its place.
    pub fn locate(&self, remark: Remark) -> Diagnostic {
        let Remark {
            subject,
            diagnostic,
        } = remark;
        let span = subject.and_then(|subject| match &subject {
            // One that another extension hands on stands where that does.
            Subject::ExtensionOption(extension, _) => self
                .span(&subject)
                .or_else(|| self.span(&Subject::Extension(extension.clone()))),
            _ => self.span(&subject),
        });
        match span {
            Some(span) => diagnostic.at(span.clone()),
            None => diagnostic,
        }
    }

    pub(super) fn insert(&mut self, subject: Subject, span: Span) {
        self.spans.insert(subject, span);
    }

    /// Counts an entry of the nav.
    pub(super) fn nav_entry(&mut self, span: Span) -> Subject {
        let subject = Subject::NavEntry(self.nav_entries);
        self.nav_entries += 1;
        self.insert(subject.clone(), span);
        subject
    }
}

/// A diagnostic about something that the configuration names. It gets its
/// place when it is shown, so that nothing is worked out anew where only the
/// place is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is about; `None` where its place is in a file of its own, or
    /// where it has none.
    pub subject: Option<Subject>,
    /// What there is to say.
    pub diagnostic: Diagnostic,
}

impl Remark {
    /// Something to say about a subject.
    pub fn about(subject: Subject, diagnostic: Diagnostic) -> Self {
        Self {
            subject: Some(subject),
            diagnostic,
        }
    }
}

impl From<Diagnostic> for Remark {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            subject: None,
            diagnostic,
        }
    }
}
