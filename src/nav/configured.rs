use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CheckedNav, Nav, PageEntry, Target};
use crate::config::{Level, NavEntry, NavTarget, SettingDiagnostic, Validation};
use crate::diagnostic::{Diagnostic, Rule, Severity, Suggestions, missing_plugin};
use crate::url::is_absolute;

/// What to do about a link to a file that is excluded from the site.
pub const EXCLUDED_HELP: &str = "readers will find nothing there: remove the link, or include the \
    file in `exclude_docs` again, as in `!name.md`, or in `draft_docs` no longer";

/// A file of the docs folder that is no page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavFile {
    /// The address of its output, below the site.
    pub address: String,
    /// Whether it is excluded from the published site.
    pub is_excluded: bool,
}

/// The nav as configured.
///
/// `pages` are all pages of the site, and `file` finds the other files of the docs
/// folder. An entry that is neither, and no address either, gets a diagnostic and
/// stays in the nav as a link, as in MkDocs.
pub fn configured(
    entries: &[NavEntry],
    pages: &[Arc<PageEntry>],
    file: &dyn Fn(&str) -> Option<NavFile>,
    validation: &Validation,
) -> CheckedNav {
    let mut builder = Builder {
        pages: pages
            .iter()
            .map(|page| (page.path.as_str(), page))
            .collect(),
        file,
        validation,
        titles: BTreeMap::new(),
        suggestions: Suggestions::default(),
        nav: Nav::default(),
        remarks: Vec::new(),
    };
    builder.add_entries(entries, None);
    CheckedNav {
        nav: Arc::new(builder.nav),
        remarks: builder.remarks,
    }
}

struct Builder<'a> {
    pages: BTreeMap<&'a str, &'a Arc<PageEntry>>,
    file: &'a dyn Fn(&str) -> Option<NavFile>,
    validation: &'a Validation,
    /// The titles that the nav gives to the pages so far.
    titles: BTreeMap<&'a str, Option<String>>,
    suggestions: Suggestions,
    nav: Nav,
    remarks: Vec<SettingDiagnostic>,
}

impl Builder<'_> {
    fn add_entries(&mut self, entries: &[NavEntry], parent: Option<usize>) {
        for entry in entries {
            match &entry.target {
                NavTarget::Section(below) => {
                    let title = entry.title.clone().unwrap_or_default();
                    let section = self.nav.add(Some(title), Target::Section, parent);
                    self.add_entries(below, Some(section));
                }
                NavTarget::Path(path) => self.add_leaf(entry, path, parent),
            }
        }
    }

    fn add_leaf(&mut self, entry: &NavEntry, path: &str, parent: Option<usize>) {
        let is_relative = !path.starts_with('/') || self.validation.nav_relative_to_docs;
        let file_path = if is_relative {
            plain_path(path)
        } else {
            String::new()
        };
        if let Some(&page) = self.pages.get(&*file_path) {
            // For MkDocs there is one page, which keeps the title of its first entry.
            let titles = self.titles.entry(page.path.as_str());
            let title = titles.or_insert_with(|| entry.title.clone()).clone();
            self.nav.add(title, Target::Page(page.clone()), parent);
            return;
        }
        let title = entry.title.clone().unwrap_or_else(|| path.to_owned());
        let file = (!file_path.is_empty()).then(|| (self.file)(&file_path));
        let Some(file) = file.flatten() else {
            self.report_missing(entry, path);
            self.nav
                .add(Some(title), Target::Link(path.to_owned()), parent);
            return;
        };
        if file.is_excluded {
            self.report_excluded(entry, path);
        }
        self.nav
            .add(Some(title), Target::Link(file.address), parent);
    }

    fn report_excluded(&mut self, entry: &NavEntry, path: &str) {
        let Some(severity) = self.validation.nav_not_found.severity() else {
            return;
        };
        let message = format!("nav names `{path}`, which is excluded from the published site");
        let mut note = Diagnostic::note(Rule::ExcludedPage, message).help(EXCLUDED_HELP);
        note.severity = severity.min(Severity::Note);
        let note = SettingDiagnostic::about(entry.subject.clone(), note);
        self.remarks.push(note);
    }

    fn report_missing(&mut self, entry: &NavEntry, path: &str) {
        let is_absolute_path = path.starts_with('/') && !self.validation.nav_relative_to_docs;
        let level = if is_absolute_path {
            self.validation.nav_absolute_links
        } else if is_absolute(path) && !path.starts_with('/') {
            return;
        } else {
            self.validation.nav_not_found
        };
        let severity = match level {
            Level::Warn => Severity::Warning,
            Level::Info => Severity::Note,
            Level::Ignore => return,
        };
        let mut diagnostic = if is_absolute_path {
            Diagnostic::new(
                Rule::AbsoluteNavLink,
                format!("nav links to the absolute path `{path}`"),
            )
            .help("it is left as written; to link to a page, write its path below the docs folder")
        } else if let Some((plugin, what)) = other_nav(path) {
            let message = format!("nav includes `{what}`, which needs the plugin `{plugin}`");
            let diagnostic = Diagnostic::note(Rule::MissingNavPage, message);
            diagnostic
                .help("the entry is a link as written; the pages that it stands for are missing")
                .caused_by(missing_plugin(plugin))
        } else {
            let known = self.pages.keys().copied();
            let diagnostic = Diagnostic::note(
                Rule::MissingNavPage,
                format!("nav names `{path}`, which does not exist"),
            );
            match self.suggestions.suggest(path, known) {
                Some(near) => diagnostic.did_you_mean(path, &near),
                None => diagnostic.help("create the page, or remove the entry from `nav`"),
            }
        };
        diagnostic.severity = severity;
        self.remarks
            .push(SettingDiagnostic::about(entry.subject.clone(), diagnostic));
    }
}

/// The path without `.` and empty components, as Python's `PurePath` reads it.
fn plain_path(path: &str) -> String {
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

/// The plugin that replaces an entry by the nav of another project, and that project.
fn other_nav(entry: &str) -> Option<(&'static str, &str)> {
    let marks = [
        ("!include ", "monorepo"),
        ("*include ", "monorepo"),
        ("!import ", "multirepo"),
    ];
    let found = marks
        .iter()
        .find_map(|(mark, plugin)| Some((*plugin, entry.strip_prefix(mark)?)));
    found.map(|(plugin, what)| (plugin, what.trim()))
}
