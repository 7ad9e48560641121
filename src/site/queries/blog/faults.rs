use super::links::resolved;
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::site::queries::fronts::{after_front, line_of_key};
use crate::site::queries::posts::{NAME, blogs};
use crate::site::queries::posts::{blog_of_page, post, read};
use crate::site::queries::views::authors;
use crate::site::queries::{front_matter, prepared, text};
use crate::site::{Db, Entry};

/// The problems of a page that is to be a post.
pub(in crate::site::queries) fn faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    let Some(number) = blog_of_page(db, page) else {
        return Vec::new();
    };
    let source = page.path(db);
    let text = text(db, page).readable().unwrap_or_default();
    let at = |key: &str, diagnostic: Diagnostic| {
        diagnostic.at(Span::line(&source, &text, line_of_key(&text, Some(key))))
    };
    let read = read(db, page);
    let mut faults: Vec<Diagnostic> = read
        .faults
        .iter()
        .map(|fault| {
            let error = Diagnostic::new(Rule::BadPost, fault.message.clone());
            at(fault.key, error.help(fault.help))
        })
        .collect();
    let Some(post) = post(db, page) else {
        return faults;
    };
    let blogs = blogs(db);
    let blog = &blogs[number];
    let suggestions = Suggestions::default();
    let authors = authors(db);
    let known = &authors[number].0;
    if let Some(file) = blog.authors_file() {
        for id in &post.config.authors {
            if known.contains_key(id) {
                continue;
            }
            let message = format!("`{file}` has no author `{id}`");
            let error = Diagnostic::new(Rule::BadPost, message);
            let near = suggestions.suggest(id, known.keys().map(String::as_str));
            let error = match near {
                Some(near) => error.did_you_mean(id, &near),
                None => error.help("add the author there, or remove it from the post"),
            };
            faults.push(at("authors", error.without_fix()));
        }
    }
    for category in &post.config.categories {
        if blog.allows(category) {
            continue;
        }
        let message = format!("the category `{category}` is not among `categories_allowed`");
        let error = Diagnostic::new(Rule::BadPost, message);
        let allowed = blog.allowed_categories().iter().map(String::as_str);
        let error = match suggestions.suggest(category, allowed) {
            Some(near) => error.did_you_mean(category, &near),
            None => error.help("add it there, or remove it from the post"),
        };
        faults.push(at("categories", error.without_fix()));
    }
    if blog.requires_separator() && !has_separator(db, page, blog.separator()) {
        let message = format!("a post has no `{}`", blog.separator());
        let error = Diagnostic::new(Rule::BadPost, message);
        let help = "write it where the excerpt ends; `post_excerpt: required` asks for it";
        faults.push(at("date", error.help(help)));
    }
    for dead in &resolved(db, page).1 {
        let warning = match &dead.anchor {
            Some(anchor) => {
                let message = format!("`{}` has no anchor `#{anchor}`", dead.target);
                Diagnostic::warning(Rule::MissingAnchor, message)
            }
            None => {
                let message = format!("`{}` does not exist", dead.target);
                Diagnostic::new(Rule::MissingPage, message)
                    .help("links of a post are relative to the docs folder")
            }
        };
        faults.push(at("links", warning));
    }
    faults
}

fn has_separator(db: &dyn Db, page: Entry, separator: &str) -> bool {
    if let Some(generated) = &prepared(db, page).generated {
        return generated.as_str().contains(separator);
    }
    let text = text(db, page).readable().unwrap_or_default();
    after_front(&text, &front_matter(db, page)).contains(separator)
}

/// The problems of the options of blogs, and of their files of authors.
pub(in crate::site::queries) fn settings_faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let mut faults = Vec::new();
    let subject = |option: &str| SettingRef::PluginText(NAME.to_owned(), option.to_owned());
    for (blog, (_, of_authors)) in blogs(db).iter().zip(authors(db).iter()) {
        faults.extend(of_authors.iter().cloned().map(SettingDiagnostic::from));
        for (option, reason) in blog.format_faults() {
            let message = format!("`{option}` of the plugin `blog` cannot be used: {reason}");
            let error = Diagnostic::new(Rule::BadValue, message);
            faults.push(SettingDiagnostic::about(
                subject(option),
                error.help("correct the format"),
            ));
        }
        if let Some(name) = blog.unknown_order() {
            let message = format!("`categories_sort_by` names `{name}`, which is Python");
            let warning = Diagnostic::new(Rule::UnsupportedValue, message);
            let help = "categories are sorted by their names; `view_post_count` is known too";
            faults.push(SettingDiagnostic::about(subject(&name), warning.help(help)));
        }
    }
    faults
}
