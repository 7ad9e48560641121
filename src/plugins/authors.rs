//! `git-authors`: who wrote a page.

use serde_json::{Value, json};

use crate::files::WrittenLine;
use crate::options::Options;

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
pub fn authors(lines: &[WrittenLine], options: Options<'_>) -> Authors {
    let ignored = options.texts("ignore_authors");
    let empty_lines = options.flag("count_empty_lines", true);
    let mut found: Vec<Author> = Vec::new();
    let mut total = 0_usize;
    for line in lines {
        if (line.is_empty && !empty_lines) || ignored.contains(&line.email) {
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
    let by_share = options.flag("show_line_count", false)
        || options.flag("show_contribution", false)
        || options.text("sort_authors_by") == Some("contribution");
    match by_share {
        true => found.sort_by_key(|author| std::cmp::Reverse(author.lines)),
        false => found.sort_by(|a, b| a.name.cmp(&b.name)),
    }
    let threshold = options.number("authorship_threshold_percent").unwrap_or(0);
    if threshold > 0 && found.len() > 1 {
        found.retain(|author| author.share * 100.0 > threshold as f64);
    }
    let with_share = options.flag("show_contribution", false) && found.len() > 1;
    let linked = options.flag("show_email_address", true);
    let href = options.text_or("href", "mailto:{email}");
    let name = |author: &Author| {
        let share = match with_share {
            true => format!(" ({})", percent(author.share)),
            false => String::new(),
        };
        let href = href
            .replace("{email}", &author.email)
            .replace("{name}", &author.name);
        match linked {
            true => format!("<a href='{href}'>{}</a>{share}", author.name),
            false => format!("{}{share}", author.name),
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

/// A share with two digits, as Python's `round` shows it: `50.0%`.
fn percent(share: f64) -> String {
    format!("{:?}%", (share * 10_000.0).round() / 100.0)
}
