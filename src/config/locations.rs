use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Span};
use crate::yaml::Node;

/// Something that a configuration names, and that a diagnostic may be about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingRef {
    /// An entry of `nav`, counted from 0 in the order of the file, sections
    /// included.
    NavEntry(usize),
    /// A plugin, by its name.
    Plugin(String),
    /// A text among the options of a plugin, by the plugin's name and the text.
    PluginText(String, String),
    /// An entry of a plugin's option that is a mapping, by the names of all three.
    PluginEntry(String, String, String),
    /// A Markdown extension, by its name.
    Extension(String),
    /// An option of a Markdown extension, by the names of both.
    ExtensionOption(String, String),
    /// A language, by its code.
    Language(String),
    /// Any other setting, by its path: `theme.features.0`, `extra.version`.
    Setting(String),
    /// The value of such a setting, by the same path.
    SettingValue(String),
}

/// Where the things that a configuration names are written. It is kept apart
/// from the values, because a new comment at the top of the file moves all
/// places but changes no page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingLocations {
    spans: BTreeMap<SettingRef, Span>,
    nav_entries: usize,
}

impl SettingLocations {
    /// Where a subject is written; `None` if no file names it.
    pub fn span(&self, subject: &SettingRef) -> Option<&Span> {
        self.spans.get(subject)
    }

    /// Turns a remark into a diagnostic with its place.
    pub fn locate(&self, remark: SettingDiagnostic) -> Diagnostic {
        let SettingDiagnostic {
            subject,
            diagnostic,
        } = remark;
        let span = subject.and_then(|subject| match &subject {
            // An option that another extension passes on is not written here.
            SettingRef::ExtensionOption(extension, _) => self
                .span(&subject)
                .or_else(|| self.span(&SettingRef::Extension(extension.clone()))),
            SettingRef::Setting(path) if path == "theme.language" => {
                let locale = SettingRef::Setting("theme.locale".to_owned());
                self.span(&subject).or_else(|| self.span(&locale))
            }
            SettingRef::SettingValue(path) => self
                .span(&subject)
                .or_else(|| self.span(&SettingRef::Setting(path.clone()))),
            SettingRef::PluginEntry(plugin, ..) => self
                .span(&subject)
                .or_else(|| self.span(&SettingRef::Plugin(plugin.clone()))),
            _ => self.span(&subject),
        });
        match span {
            Some(span) => diagnostic.at(span.clone()),
            None => diagnostic,
        }
    }

    pub(super) fn insert(&mut self, subject: SettingRef, span: Span) {
        self.spans.insert(subject, span);
    }

    /// Adds what stands below the setting `path`: keys of mappings, items of
    /// lists.
    pub(super) fn insert_below(&mut self, path: &str, node: &Node) {
        for (key, value) in node.entries().unwrap_or(&[]) {
            let path = format!("{path}.{}", key.key_text());
            self.insert(SettingRef::Setting(path.clone()), key.span());
            if value.entries().is_none() && value.items().is_none() {
                self.insert(SettingRef::SettingValue(path.clone()), value.span());
            }
            self.insert_below(&path, value);
        }
        for (at, item) in node.items().unwrap_or(&[]).iter().enumerate() {
            let path = format!("{path}.{at}");
            self.insert(SettingRef::Setting(path.clone()), item.span());
            self.insert_below(&path, item);
        }
    }

    /// Adds the next entry of the nav.
    pub(super) fn nav_entry(&mut self, span: Span) -> SettingRef {
        let subject = SettingRef::NavEntry(self.nav_entries);
        self.nav_entries += 1;
        self.insert(subject.clone(), span);
        subject
    }
}

/// A diagnostic about something that the configuration names. It gets its
/// place only when it is shown, so that nothing is recomputed when only the
/// place changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingDiagnostic {
    /// What it is about; `None` if the diagnostic already has its place or needs
    /// none.
    pub subject: Option<SettingRef>,
    /// The diagnostic.
    pub diagnostic: Diagnostic,
}

impl SettingDiagnostic {
    /// A remark about a subject.
    pub fn about(subject: SettingRef, diagnostic: Diagnostic) -> Self {
        Self {
            subject: Some(subject),
            diagnostic,
        }
    }
}

impl From<Diagnostic> for SettingDiagnostic {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            subject: None,
            diagnostic,
        }
    }
}
