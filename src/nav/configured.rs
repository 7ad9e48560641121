use std::collections::BTreeMap;

use super::{CheckedNav, Nav, PageEntry, Target};
use crate::config::{Level, NavEntry, NavTarget, SettingDiagnostic, Validation};
use crate::diagnostic::{Diagnostic, Rule, Severity, Suggestions};
use crate::url::is_absolute;

/// The nav as configured.
///
/// `pages` are all pages of the site. An entry that is neither one of them nor an
/// address gets a diagnostic and stays in the nav as a link, as in MkDocs.
pub fn configured(
    entries: &[NavEntry],
    pages: &[PageEntry],
    validation: &Validation,
    title: &dyn Fn(&PageEntry) -> String,
) -> CheckedNav {
    let mut builder = Builder {
        pages: pages
            .iter()
            .map(|page| (page.path.as_str(), page))
            .collect(),
        validation,
        title,
        suggestions: Suggestions::default(),
        checked: CheckedNav::default(),
    };
    builder.add_entries(entries, None);
    builder.checked
}

struct Builder<'a> {
    pages: BTreeMap<&'a str, &'a PageEntry>,
    validation: &'a Validation,
    title: &'a dyn Fn(&PageEntry) -> String,
    suggestions: Suggestions,
    checked: CheckedNav,
}

impl Builder<'_> {
    fn add_entries(&mut self, entries: &[NavEntry], parent: Option<usize>) {
        for entry in entries {
            match &entry.target {
                NavTarget::Section(below) => {
                    let title = entry.title.clone().unwrap_or_default();
                    let section = self.nav().add(title, Target::Section, parent);
                    self.add_entries(below, Some(section));
                }
                NavTarget::Path(path) => self.add_leaf(entry, path, parent),
            }
        }
    }

    fn nav(&mut self) -> &mut Nav {
        &mut self.checked.nav
    }

    fn add_leaf(&mut self, entry: &NavEntry, path: &str, parent: Option<usize>) {
        let mut page_path = path.trim_start_matches("./");
        if self.validation.nav_relative_to_docs {
            page_path = page_path.trim_start_matches('/');
        }
        if let Some(&page) = self.pages.get(page_path) {
            let title = entry.title.clone().unwrap_or_else(|| (self.title)(page));
            self.nav().add(title, Target::Page(page.clone()), parent);
            return;
        }
        let title = entry.title.clone().unwrap_or_else(|| path.to_owned());
        self.report_missing(entry, path);
        self.nav().add(title, Target::Link(path.to_owned()), parent);
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
        self.checked
            .remarks
            .push(SettingDiagnostic::about(entry.subject.clone(), diagnostic));
    }
}
