use std::collections::BTreeMap;

use super::{Checked, Nav, PageEntry, Target};
use crate::config::{Level, NavEntry, NavTarget, Remark, Validation};
use crate::diagnostic::{Diagnostic, Rule, Severity, Suggestions};
use crate::url::is_absolute;

/// The nav as a site configures it.
///
/// `pages` are all pages of the site; an entry that names none of them and
/// is no address gets a diagnostic and stays in the nav as a link, as MkDocs
/// keeps it.
pub fn configured(
    entries: &[NavEntry],
    pages: &[PageEntry],
    validation: &Validation,
    title: &dyn Fn(&PageEntry) -> String,
) -> Checked {
    let mut layout = Layout {
        pages: pages
            .iter()
            .map(|page| (page.path.as_str(), page))
            .collect(),
        validation,
        title,
        suggestions: Suggestions::default(),
        checked: Checked::default(),
    };
    layout.entries(entries, None);
    layout.checked
}

struct Layout<'a> {
    pages: BTreeMap<&'a str, &'a PageEntry>,
    validation: &'a Validation,
    title: &'a dyn Fn(&PageEntry) -> String,
    suggestions: Suggestions,
    checked: Checked,
}

impl Layout<'_> {
    fn entries(&mut self, entries: &[NavEntry], parent: Option<usize>) {
        for entry in entries {
            match &entry.target {
                NavTarget::Section(below) => {
                    let title = entry.title.clone().unwrap_or_default();
                    let section = self.nav().add(title, Target::Section, parent);
                    self.entries(below, Some(section));
                }
                NavTarget::Path(path) => self.leaf(entry, path, parent),
            }
        }
    }

    fn nav(&mut self) -> &mut Nav {
        &mut self.checked.nav
    }

    fn leaf(&mut self, entry: &NavEntry, path: &str, parent: Option<usize>) {
        let named = path.trim_start_matches("./");
        let named = if self.validation.nav_relative_to_docs {
            named.trim_start_matches('/')
        } else {
            named
        };
        if let Some(&page) = self.pages.get(named) {
            let title = entry.title.clone().unwrap_or_else(|| (self.title)(page));
            self.nav().add(title, Target::Page(page.clone()), parent);
            return;
        }
        let title = entry.title.clone().unwrap_or_else(|| path.to_owned());
        self.complain(entry, path);
        self.nav().add(title, Target::Link(path.to_owned()), parent);
    }

    fn complain(&mut self, entry: &NavEntry, path: &str) {
        let absolute = path.starts_with('/') && !self.validation.nav_relative_to_docs;
        let level = if absolute {
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
        let mut diagnostic = if absolute {
            Diagnostic::new(
                Rule::AbsoluteNavLink,
                format!("nav links to the absolute path `{path}`"),
            )
            .help("it is left as written; write a path below the docs folder to link a page")
        } else {
            let known = self.pages.keys().copied();
            let diagnostic = Diagnostic::note(
                Rule::MissingNavPage,
                format!("nav names `{path}`, which does not exist"),
            );
            match self.suggestions.suggest(path, known) {
                Some(near) => diagnostic.did_you_mean(path, &near),
                None => diagnostic.help("create the page, or take the entry out of `nav`"),
            }
        };
        diagnostic.severity = severity;
        self.checked
            .remarks
            .push(Remark::about(entry.subject.clone(), diagnostic));
    }
}
