//! `git-authors`: who wrote a page.

use serde_json::{Value, json};

use crate::files::WrittenLine;
use crate::options::options;

options! {
    /// The plugin's options.
    pub struct Options {
        show_contribution: bool,
        show_line_count: bool,
        show_email_address: bool = true,
        href: String = "mailto:{email}",
        count_empty_lines: bool = true,
        sort_authors_by: String,
        authorship_threshold_percent: i64,
        ignore_authors: Vec<String>,
        exclude: Vec<String>,
        enabled_on_serve: bool = true,
    }
}

/// The variable for a page's authors, in pages and in templates.
pub const NAME: &str = "git_page_authors";

/// One author's share of a page.
#[derive(Debug, Clone, PartialEq)]
struct Author {
    name: String,
    email: String,
    lines: usize,
    /// The share of all lines, from 0 to 1.
    share: f64,
}

/// The authors of a page, as HTML and for templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Authors {
    /// Names, perhaps linked.
    pub html: String,
    /// `git_info.page_authors`.
    pub list: Value,
}

/// Finds the authors of a page by its lines.
pub fn authors(lines: &[WrittenLine], options: &Options) -> Authors {
    let mut authors = count_lines(lines, options);
    let by_share = options.show_line_count
        || options.show_contribution
        || options.sort_authors_by == "contribution";
    if by_share {
        authors.sort_by_key(|author| std::cmp::Reverse(author.lines))
    } else {
        authors.sort_by(|a, b| a.name.cmp(&b.name))
    }
    let threshold = options.authorship_threshold_percent;
    if threshold > 0 && authors.len() > 1 {
        authors.retain(|author| author.share * 100.0 > threshold as f64);
    }
    let with_share = options.show_contribution && authors.len() > 1;
    let names: Vec<String> = authors
        .iter()
        .map(|author| author_html(author, options, with_share))
        .collect();
    let list = authors.iter().map(|author| {
        json!({
            "name": author.name,
            "email": author.email,
            "lines": author.lines,
            "contribution": percent(author.share),
        })
    });
    Authors {
        html: format!(
            "<span class='git-page-authors git-authors'>{}</span>",
            names.join(", ")
        ),
        list: list.collect(),
    }
}

/// The authors in the order of their first lines.
fn count_lines(lines: &[WrittenLine], options: &Options) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    let mut total = 0_usize;
    for line in lines {
        if (line.is_empty && !options.count_empty_lines)
            || options.ignore_authors.contains(&line.email)
        {
            continue;
        }
        total += 1;
        match authors.iter_mut().find(|it| it.email == line.email) {
            Some(author) => author.lines += 1,
            None => authors.push(Author {
                name: line.name.clone(),
                email: line.email.clone(),
                lines: 1,
                share: 0.0,
            }),
        }
    }
    for author in &mut authors {
        author.share = author.lines as f64 / total.max(1) as f64;
    }
    authors
}

fn author_html(author: &Author, options: &Options, with_share: bool) -> String {
    let share = if with_share {
        format!(" ({})", percent(author.share))
    } else {
        String::new()
    };
    if !options.show_email_address {
        return format!("{}{share}", author.name);
    }
    let href = options
        .href
        .replace("{email}", &author.email)
        .replace("{name}", &author.name);
    format!("<a href='{href}'>{}</a>{share}", author.name)
}

/// A page's HTML with its authors in place of their variable.
pub fn put_in(html: &str, authors: &str) -> String {
    let mut filled = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, inner)) = rest.split_once("{{") {
        filled.push_str(before);
        match inner.split_once("}}") {
            Some((name, after)) if name.trim().eq_ignore_ascii_case(NAME) => {
                filled.push_str(authors);
                rest = after;
            }
            _ => {
                filled.push_str("{{");
                rest = inner;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// A share as Python shows it when rounded to two digits: `50.0%`.
fn percent(share: f64) -> String {
    format!("{:?}%", (share * 10_000.0).round() / 100.0)
}
