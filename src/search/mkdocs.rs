//! The index of MkDocs' own search, which its themes use, as
//! `mkdocs/contrib/search/search_index.py` makes it.

use serde_json::json;

use super::language::supported;
use super::{Entry, Page};
use crate::html::{Token, attribute, heading_level, tokens, unescape};
use crate::options::options;
use crate::python::ascii_json;

/// What is searched of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Indexing {
    Full,
    Sections,
    Titles,
}

options! {
    /// The options of the plugin `search` with a theme that uses MkDocs' own.
    pub struct MkDocsOptions {
        lang: Vec<String>,
        separator: Option<String>,
        min_search_length: i64 = 3,
        indexing: Option<String>,
    }
}

impl MkDocsOptions {
    fn indexing(&self) -> Indexing {
        match self.indexing.as_deref() {
            Some("sections") => Indexing::Sections,
            Some("titles") => Indexing::Titles,
            _ => Indexing::Full,
        }
    }

    /// The languages to search in. `theme` is that of the theme, such as `pt-BR`.
    fn languages(&self, theme: &str) -> Vec<String> {
        if self.lang.is_empty() {
            let language = theme.split(['-', '_']).next().unwrap_or(theme);
            return supported(&[language.to_owned()]);
        }
        supported(&self.lang)
    }

    /// The scripts of `lunr-language` that pages need.
    pub fn scripts(&self, theme: &str) -> Vec<String> {
        let languages = self.languages(theme);
        let has = |code: &str| languages.iter().any(|it| it == code);
        let mut scripts = Vec::new();
        if languages.len() > 1 || !has("en") {
            scripts.push("lunr.stemmer.support.js".to_owned());
        }
        if languages.len() > 1 {
            scripts.push("lunr.multi.js".to_owned());
        }
        if has("ja") || has("jp") {
            scripts.push("tinyseg.js".to_owned());
        }
        let others = languages.iter().filter(|code| *code != "en");
        scripts.extend(others.map(|code| format!("lunr.{code}.js")));
        scripts
    }
}

/// The entries of a page: one for all of it, and one for each heading in its table
/// of contents, whose title there `toc_title` gives by its id.
pub fn mkdocs_entries(
    page: Page<'_>,
    options: &MkDocsOptions,
    toc_title: &dyn Fn(&str) -> Option<String>,
) -> Vec<Entry> {
    let indexing = options.indexing();
    let contents = Contents::of(page.html);
    let shown = |pieces: &[String], separator: &str| match indexing {
        Indexing::Full => normalise(&pieces.join(separator)),
        Indexing::Sections | Indexing::Titles => String::new(),
    };
    let entry = |title: String, text: String, location: String| Entry {
        location,
        title,
        text,
        tags: None,
        boost: None,
    };
    let mut entries = vec![entry(
        page.title.to_owned(),
        shown(&contents.all, "\n"),
        page.url.to_owned(),
    )];
    if indexing != Indexing::Titles {
        let sections = contents.sections.iter().filter_map(|section| {
            let id = section.id.as_deref()?;
            let location = format!("{}#{id}", page.url);
            Some(entry(toc_title(id)?, shown(&section.text, " "), location))
        });
        entries.extend(sections);
    }
    entries
}

/// Renders the index. `theme` is the language of the theme.
pub fn mkdocs_index<'a>(
    options: &MkDocsOptions,
    theme: &str,
    entries: impl Iterator<Item = &'a Entry>,
) -> String {
    let config = json!({
        "indexing": match options.indexing() {
            Indexing::Full => "full",
            Indexing::Sections => "sections",
            Indexing::Titles => "titles",
        },
        "lang": options.languages(theme),
        "min_search_length": options.min_search_length,
        "prebuild_index": false,
        "separator": options.separator.as_deref().unwrap_or(r"[\s\-]+"),
    });
    let mut index = format!("{{\"config\":{},\"docs\":[", ascii_json(&config));
    for (nth, entry) in entries.enumerate() {
        if nth > 0 {
            index.push(',');
        }
        index.push_str(&ascii_json(&json!({
            "location": entry.location,
            "text": entry.text,
            "title": entry.title,
        })));
    }
    index.push_str("]}");
    index
}

/// Text with white space as MkDocs writes it.
fn normalise(text: &str) -> String {
    let text = text.replace('\u{a0}', " ");
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let words = text.trim().split(is_space).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The texts of a page between tags.
#[derive(Default)]
struct Contents {
    all: Vec<String>,
    sections: Vec<Section>,
}

/// What follows a heading, up to the next.
struct Section {
    id: Option<String>,
    text: Vec<String>,
}

impl Contents {
    fn of(html: &str) -> Self {
        let mut contents = Self::default();
        let (mut in_heading, mut is_raw) = (false, false);
        for (token, _) in tokens(html) {
            match token {
                Token::Start {
                    name, attributes, ..
                } => {
                    let name = name.to_lowercase();
                    is_raw = matches!(name.as_str(), "script" | "style");
                    if heading_level(&name).is_some() {
                        in_heading = true;
                        let id = attribute(attributes, "id");
                        contents.sections.push(Section {
                            id: id.map(std::borrow::Cow::into_owned),
                            text: Vec::new(),
                        });
                    }
                }
                Token::End { name } => {
                    is_raw = false;
                    if heading_level(&name.to_lowercase()).is_some() {
                        in_heading = false;
                    }
                }
                Token::Text(text) => {
                    let text = if is_raw { text.into() } else { unescape(text) };
                    contents.all.push(text.clone().into_owned());
                    if let Some(section) = contents.sections.last_mut()
                        && !in_heading
                    {
                        section.text.push(text.into_owned());
                    }
                }
                Token::Comment(_) | Token::Other(_) => {}
            }
        }
        contents
    }
}
