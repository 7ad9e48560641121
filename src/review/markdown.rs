//! The changes as a summary for a comment on a pull or merge request.

use super::files::destination;
use super::{Report, summary};
use crate::session::review::{
    PageReview, Reason, Status, change_counts, groups, number, reason_path, reason_word,
    shown_title, status_word,
};
use crate::url;

/// The longest comment that GitHub takes, in characters.
pub const LONGEST: usize = 65_536;

/// How much of it is kept for the last lines.
const RESERVE: usize = 600;

/// How many lines there are about losses, problems and notes, each.
const MOST: usize = 50;

/// The summary, of at most [`LONGEST`] characters. `link` is the address at which the
/// static site of the review can be read; `None` if there is none.
pub fn markdown(report: &Report, link: Option<&str>) -> String {
    let mut text = Bounded::default();
    let list = &report.list;
    let commit = report.commit.as_ref().map(|commit| {
        let short = commit.get(..10).unwrap_or(commit);
        format!(" ({short})")
    });
    let compared = format!(
        "Compared with {}{}; {}.",
        inline(&report.title),
        commit.unwrap_or_default(),
        number(list.compared, "page was compared", "pages were compared")
    );
    if list.pages.is_empty() && list.causes.is_empty() {
        text.line("## Nothing changed for your readers");
    } else if list.pages.is_empty() {
        text.line("## Only what is around the articles changed");
    } else {
        text.line(&format!("## {}", report.counts()));
    }
    text.line("");
    text.line(&compared);
    if let Some(link) = link {
        text.line("");
        text.line(&format!(
            "[All changes, page by page]({})",
            target(link, "review.html")
        ));
    }
    alarms(report, &mut text);
    if !list.causes.is_empty() {
        text.line("");
        text.line("### Around the articles");
        text.line("");
        for cause in &list.causes {
            let pages = number(cause.pages, "page", "pages");
            text.line(&format!("- {pages}: {}", reasons(&cause.reasons)));
        }
    }
    some(
        "### Notes",
        report.notes.iter().map(|note| inline(note)),
        &mut text,
    );
    pages(report, link, &mut text);
    text.text
}

fn pages(report: &Report, link: Option<&str>, text: &mut Bounded) {
    let mut left = report.list.pages.len();
    for ((language, folder), pages) in groups(report.pages()) {
        let language = language.map(|it| format!("{}: ", inline(it)));
        let head = format!(
            "\n### {}{} ({})\n\n| page | status | changes | why |\n| --- | --- | --- | --- |",
            language.unwrap_or_default(),
            code(&format!("{folder}/")),
            pages.len()
        );
        let mut is_begun = false;
        for page in pages {
            let row = row(report, page, link);
            let row = if is_begun {
                row
            } else {
                format!("{head}\n{row}")
            };
            if !text.line(&row) {
                text.end(&format!(
                    "\n{} changed.",
                    number(left, "more page", "more pages")
                ));
                return;
            }
            is_begun = true;
            left -= 1;
        }
    }
}

fn row(report: &Report, page: &PageReview, link: Option<&str>) -> String {
    let name = inline(shown_title(page));
    let linked = link.map(|link| target(link, &destination(page, report)));
    let name = match linked.or_else(|| {
        report.line(
            page.status == Status::Removed,
            &page.source.as_str().into(),
            1,
        )
    }) {
        Some(address) => format!("[{name}]({address})"),
        None => name,
    };
    let from = page
        .from
        .as_ref()
        .map(|from| format!(" from {}", code(from)));
    format!(
        "| {name}<br>{} | {}{} | {} | {} |",
        code(&page.source),
        status_word(page.status),
        from.unwrap_or_default(),
        change_counts(page),
        reasons(&page.reasons)
    )
}

/// What somebody should look at.
fn alarms(report: &Report, text: &mut Bounded) {
    if let Some(losses) = &report.losses {
        let pages = losses.pages.iter();
        let pages = pages.map(|page| format!("{} ({})", code(&page.address), code(&page.source)));
        some(
            "### Addresses that are gone without a redirect",
            pages,
            text,
        );
        let anchors = losses.anchors.iter().map(|page| {
            let anchors = summary::anchors(&page.anchors, &|anchor| code(&format!("#{anchor}")));
            format!("{}: {anchors}", code(&page.address))
        });
        some("### Anchors that are gone", anchors, text);
    }
    if let Some(problems) = &report.problems {
        let problems = problems.iter().map(|problem| {
            let place = problem.span.as_ref().map(|span| {
                let line = usize::try_from(span.line).unwrap_or(1);
                let name = code(&format!("{}:{}", span.path, span.line));
                match report.line(false, &span.path, line) {
                    Some(address) => format!("[{name}]({address}) "),
                    None => format!("{name} "),
                }
            });
            let place = place.unwrap_or_default();
            format!("{place}{} ({})", inline(&problem.message), problem.rule)
        });
        some("### Problems that are new", problems, text);
    }
    let outdated = report.outdated(&|source| code(source)).into_iter();
    some("### Translations that get out of date", outdated, text);
}

/// A heading with a list below it, of which only some entries are shown.
fn some(heading: &str, entries: impl ExactSizeIterator<Item = String>, text: &mut Bounded) {
    let count = entries.len();
    if count == 0 {
        return;
    }
    text.line("");
    text.line(heading);
    text.line("");
    for entry in entries.take(MOST) {
        text.line(&format!("- {entry}"));
    }
    if count > MOST {
        text.line(&format!("- and {} more", count - MOST));
    }
}

fn reasons(reasons: &[Reason]) -> String {
    let reasons = reasons.iter().map(|reason| match reason_path(reason) {
        Some(path) => format!("{} {}", reason_word(reason), code(path)),
        None => reason_word(reason).to_owned(),
    });
    reasons.collect::<Vec<_>>().join(", ")
}

/// The address of a file of the static site.
fn target(link: &str, place: &str) -> String {
    let link = link
        .trim_end_matches('/')
        .replace(['(', ')', ' ', '<', '>'], "");
    format!("{link}/{}", url::quote(place))
}

/// Text that means nothing to Markdown, on one line, in a cell of a table.
fn inline(text: &str) -> String {
    let mut escaped = String::new();
    let mut is_code = false;
    for letter in text.chars() {
        match letter {
            // Names between backticks stay code.
            '`' => {
                is_code = !is_code;
                escaped.push('`');
            }
            '\n' | '\r' | '\t' => escaped.push(' '),
            '|' => escaped.push_str("\\|"),
            _ if is_code => escaped.push(letter),
            // Nobody is to be notified.
            '@' | '#' => {
                escaped.push(letter);
                escaped.push('\u{200b}');
            }
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '!' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    if is_code {
        escaped = escaped.replace('`', "\\`");
    }
    escaped
}

/// Text as code, in a cell of a table.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ").replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// Text that does not grow beyond [`LONGEST`].
#[derive(Default)]
struct Bounded {
    text: String,
    /// Its length in UTF-16 code units, as the forges count.
    length: usize,
}

impl Bounded {
    /// Adds a line, unless there is no room left.
    fn line(&mut self, line: &str) -> bool {
        let length = line.encode_utf16().count() + 1;
        if self.length + length > LONGEST - RESERVE {
            return false;
        }
        self.length += length;
        self.text.push_str(line);
        self.text.push('\n');
        true
    }

    /// Adds the last line, for which room was kept.
    fn end(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}
