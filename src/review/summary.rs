//! The changes as text for a terminal.

use std::fmt::Write as _;

use super::Report;
use crate::diagnostic::terminal::harmless;
use crate::session::review::{
    Reason, change_counts, groups, joined, number, reason_path, reason_word, shown_title,
    status_word,
};

/// How many anchors of a page are named.
const ANCHORS: usize = 8;

/// A list for people, with counts.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    let list = &report.list;
    if list.pages.is_empty() && list.causes.is_empty() {
        let pages = match list.compared {
            1 => "1 page is".to_owned(),
            many => format!("{many} pages are"),
        };
        text.push_str(&format!(
            "Nothing changed for your readers: {pages} the same.\n"
        ));
    }
    for ((language, folder), pages) in groups(report.pages()) {
        let language = language.map(|it| format!("{it}: ")).unwrap_or_default();
        let folder = if folder.is_empty() { "." } else { folder };
        let _ = writeln!(text, "{language}{folder}/ ({})", pages.len());
        for page in pages {
            let sign = match status_word(page.status) {
                "added" => '+',
                "removed" => '-',
                "renamed" => '>',
                _ => '~',
            };
            let name = page.source.rsplit('/').next().unwrap_or(&page.source);
            let from = page.from.iter().map(|from| format!(" from {from}"));
            let from: String = from.collect();
            let counts = change_counts(page);
            let why = reasons(&page.reasons);
            let _ = writeln!(text, "  {sign} {name}{from}  {}", shown_title(page));
            let details: Vec<String> = [counts, why]
                .into_iter()
                .filter(|it| !it.is_empty())
                .collect();
            if !details.is_empty() {
                let _ = writeln!(text, "      {}", details.join("; "));
            }
        }
    }
    for cause in &list.causes {
        let pages = number(cause.pages, "page", "pages");
        let _ = writeln!(
            text,
            "Around the articles of {pages}: {}",
            reasons(&cause.reasons)
        );
    }
    if let Some(losses) = &report.losses {
        for page in &losses.pages {
            let _ = writeln!(
                text,
                "Gone without a redirect: {} ({})",
                page.address, page.source
            );
        }
        for page in &losses.anchors {
            let _ = writeln!(
                text,
                "Gone from {} ({}): {}",
                page.address,
                page.source,
                anchors(&page.anchors, &|anchor| format!("#{anchor}"))
            );
        }
    }
    if let Some(problems) = &report.problems
        && !problems.is_empty()
    {
        let _ = writeln!(
            text,
            "{}",
            number(problems.len(), "new problem:", "new problems:")
        );
        for problem in problems {
            let place = problem.span.as_ref();
            let place = place.map(|span| format!("{}:{}: ", span.path, span.line));
            let place = place.unwrap_or_default();
            let _ = writeln!(text, "  {place}{} [{}]", problem.message, problem.rule);
        }
    }
    for page in report.outdated(&str::to_owned) {
        let _ = writeln!(text, "Translations that get out of date: {page}");
    }
    if !list.pages.is_empty() {
        let compared = number(list.compared, "page was compared", "pages were compared");
        let _ = writeln!(text, "{}; {compared}.", report.counts());
    }
    // Line breaks are ours.
    let lines = text.lines().map(|line| harmless(line) + "\n");
    lines.collect()
}

/// The first anchors, as `name` writes each; the rest is counted.
pub(super) fn anchors(anchors: &[String], name: &dyn Fn(&str) -> String) -> String {
    let mut named: Vec<String> = anchors.iter().take(ANCHORS).map(|it| name(it)).collect();
    if anchors.len() > ANCHORS {
        named.push(format!("{} more", anchors.len() - ANCHORS));
    }
    joined(&named)
}

fn reasons(reasons: &[Reason]) -> String {
    let reasons = reasons.iter().map(|reason| match reason_path(reason) {
        Some(path) => format!("{} {path}", reason_word(reason)),
        None => reason_word(reason).to_owned(),
    });
    joined(&reasons.collect::<Vec<_>>())
}
