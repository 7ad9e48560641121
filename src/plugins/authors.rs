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

/// What stands for a page's authors, in pages and for templates.
pub const NAME: &str = "git_page_authors";

/// One author's part of a page.
#[derive(Debug, Clone, PartialEq)]
struct Author {
    name: String,
    email: String,
    lines: usize,
    /// Of all lines, from 0 to 1.
    share: f64,
}

/// The authors of a page: as HTML, and for templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Authors {
    /// Names, perhaps linked.
    pub html: String,
    /// `git_info.page_authors`.
    pub list: Value,
}

/// Counts the lines of a page.
pub fn authors(lines: &[WrittenLine], options: &Options) -> Authors {
    let mut found: Vec<Author> = Vec::new();
    let mut total = 0_usize;
    for line in lines {
        if (line.is_empty && !options.count_empty_lines)
            || options.ignore_authors.contains(&line.email)
        {
            continue;
        }
        total += 1;
        match found.iter_mut().find(|it| it.email == line.email) {
            Some(author) => author.lines += 1,
            None => found.push(Author {
                name: line.name.clone(),
                email: line.email.clone(),
                lines: 1,
                share: 0.0,
            }),
        }
    }
    for author in &mut found {
        author.share = author.lines as f64 / total.max(1) as f64;
    }
    let by_share = options.show_line_count
        || options.show_contribution
        || options.sort_authors_by == "contribution";
    if by_share {
        found.sort_by_key(|author| std::cmp::Reverse(author.lines))
    } else {
        found.sort_by(|a, b| a.name.cmp(&b.name))
    }
    let threshold = options.authorship_threshold_percent;
    if threshold > 0 && found.len() > 1 {
        found.retain(|author| author.share * 100.0 > threshold as f64);
    }
    let with_share = options.show_contribution && found.len() > 1;
    let name = |author: &Author| {
        let share = if with_share {
            format!(" ({})", percent(author.share))
        } else {
            String::new()
        };
        let href = options
            .href
            .replace("{email}", &author.email)
            .replace("{name}", &author.name);
        if options.show_email_address {
            format!("<a href='{href}'>{}</a>{share}", author.name)
        } else {
            format!("{}{share}", author.name)
        }
    };
    let names: Vec<String> = found.iter().map(name).collect();
    let list = found.iter().map(|author| {
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

/// A page's HTML with its authors in the place of their name.
pub fn put_in(html: &str, authors: &str) -> String {
    let mut whole = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("{{") {
        let (before, inner) = (&rest[..at], &rest[at + 2..]);
        whole.push_str(before);
        let end = inner.find("}}");
        match end.filter(|end| inner[..*end].trim().eq_ignore_ascii_case(NAME)) {
            Some(end) => {
                whole.push_str(authors);
                rest = &inner[end + 2..];
            }
            None => {
                whole.push_str("{{");
                rest = inner;
            }
        }
    }
    whole.push_str(rest);
    whole
}

/// A share with two digits, as Python's `round` shows it: `50.0%`.
fn percent(share: f64) -> String {
    format!("{:?}%", (share * 10_000.0).round() / 100.0)
}
