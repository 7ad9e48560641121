//! The glossary of a language, and passages that depart from it.

use std::sync::Arc;

use super::page_faults::levelled;
use super::plugin_step::SiteSources;
use super::settings::languages;
use super::text;
use super::translated::texts;
use crate::config::from_toml;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::plugins::Sources as _;
use crate::site::{Db, Entry};
use crate::translations::{Departure, GlossaryTerm, departures};
use crate::yaml::Node;

/// The terms of a language's glossary, and what is wrong with its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Glossary {
    terms: Vec<GlossaryTerm>,
    problems: Vec<Diagnostic>,
}

/// That of the current language; empty where it has none.
#[salsa::tracked(returns(clone))]
fn glossary(db: &dyn Db) -> Arc<Glossary> {
    let Some(languages) = languages(db) else {
        return Arc::default();
    };
    let language = languages.current();
    let Some(file) = &language.glossary else {
        return Arc::default();
    };
    let mut glossary = Glossary::default();
    let Some(text) = SiteSources(db).read(file) else {
        let message = format!(
            "the glossary `{file}` of the language `{}` cannot be read",
            language.code
        );
        let fault = Diagnostic::new(Rule::BadGlossary, message)
            .help("the path is relative to the project; `{lang}` stands for the language");
        glossary.problems.push(fault);
        return Arc::new(glossary);
    };
    match from_toml(file, &text) {
        Err(error) => glossary.problems.push(*error),
        Ok(table) => {
            for (key, value) in table.entries().unwrap_or_default() {
                match translations(value) {
                    Some(translations) => glossary.terms.push(GlossaryTerm {
                        term: key.key_text(),
                        translations,
                    }),
                    None => {
                        let message = "a term takes its translation, or a list of some";
                        let fault = Diagnostic::new(Rule::BadGlossary, message);
                        glossary.problems.push(fault.at(value.span()));
                    }
                }
            }
        }
    }
    Arc::new(glossary)
}

/// A text, or a list of texts.
fn translations(value: &Node) -> Option<Vec<String>> {
    if let Some(text) = value.as_str() {
        return Some(vec![text.to_owned()]);
    }
    let items = value.items()?.iter();
    let texts: Option<Vec<String>> = items.map(|it| it.as_str().map(str::to_owned)).collect();
    texts.filter(|it| !it.is_empty())
}

/// What is wrong with the glossary itself.
pub(super) fn problems(db: &dyn Db) -> Vec<Diagnostic> {
    glossary(db).problems.clone()
}

/// The passages of a page that depart from the glossary. Only a check asks for it.
#[salsa::tracked(returns(clone))]
pub(super) fn term_faults(db: &dyn Db, page: Entry) -> Arc<Vec<Diagnostic>> {
    let glossary = glossary(db);
    if glossary.terms.is_empty() {
        return Arc::default();
    }
    let Some((source, own)) = texts(db, page) else {
        return Arc::default();
    };
    let path = page.path(db);
    let whole = text(db, page).readable().unwrap_or_default();
    let fault = |departure: &Departure| {
        let term = &glossary.terms[departure.term];
        let meant: Vec<String> = term
            .translations
            .iter()
            .map(|it| format!("`{it}`"))
            .collect();
        let message = format!(
            "`{}` is not translated as {}",
            term.term,
            meant.join(" or ")
        );
        let help = format!(
            "compare it with line {} of the source",
            departure.source_line
        );
        Diagnostic::new(Rule::GlossaryTerm, message)
            .at(Span::line(&path, &whole, departure.line))
            .help(help)
    };
    let found = departures(&source, &own, &glossary.terms);
    Arc::new(levelled(db, page, found.iter().map(fault).collect()))
}
