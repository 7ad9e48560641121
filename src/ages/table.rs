//! A table of runs for terminals.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Blame, CLASSES, Dating, Scale, day};
use crate::diagnostic::terminal::harmless;

/// How a table looks.
#[derive(Debug, Clone, Copy)]
pub struct TableStyle {
    /// The width of the terminal in columns; `None` for no limit.
    pub width: Option<usize>,
    /// Whether dates are coloured by age.
    pub colour: bool,
}

/// For each class one of the 256 colours of terminals, from the newest (blue) to
/// the oldest (red).
const COLOURS: [u8; CLASSES] = [39, 43, 107, 178, 208, 160];

/// The most columns for an author's name.
const AUTHOR: usize = 24;
/// How many characters of a commit's name are shown.
const COMMIT: usize = 8;

/// A table of the runs: lines, date, commit, author and subject.
pub fn table(blame: &Blame, dating: Dating, look: TableStyle) -> String {
    let runs = blame.runs();
    let scale = Scale::new(runs.iter().filter_map(|run| {
        let commit = blame.commit(*run)?;
        Some((commit.time(dating), run.last - run.first + 1))
    }));
    let rows: Vec<_> = runs
        .iter()
        .map(|run| {
            let lines = if run.first == run.last {
                run.first.to_string()
            } else {
                format!("{}-{}", run.first, run.last)
            };
            let commit = blame.commit(*run);
            let shown = |text: &str| harmless(text).replace(['\n', '\t'], " ");
            let author = commit.map_or_else(String::new, |it| shown(&it.author));
            let summary =
                commit.map_or_else(|| "not committed yet".to_owned(), |it| shown(&it.summary));
            (lines, commit, shortened(&author, AUTHOR), summary)
        })
        .collect();
    // There is no row in an empty file.
    let of_lines = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let of_author = rows.iter().map(|row| row.2.width()).max().unwrap_or(0);
    // `≤` comes before dates where the history is cut off.
    let any_cut = rows.iter().any(|row| row.1.is_some_and(|it| it.at_least));
    let of_date = 10 + 2 * usize::from(any_cut);
    let mut text = String::new();
    for (lines, commit, author, summary) in rows {
        let (date, id) = match commit {
            Some(commit) => {
                let mark = if commit.at_least { "≤ " } else { "" };
                let time = commit.time(dating);
                let date = padded(&format!("{mark}{}", day(time)), of_date);
                let class = look.colour.then(|| scale.class(time));
                let id: String = commit.id.chars().take(COMMIT).collect();
                (coloured(&date, class), id)
            }
            None => (padded("", of_date), String::new()),
        };
        let before = of_lines + 2 + of_date + 2 + COMMIT + 2 + of_author + 2;
        let summary = match look.width {
            // In a narrow terminal, lines become longer rather than useless.
            Some(width) => shortened(&summary, width.saturating_sub(before).max(20)),
            None => summary,
        };
        let line = format!(
            "{lines:>of_lines$}  {date}  {id:COMMIT$}  {}  {summary}",
            padded(&author, of_author)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The text in the colour of a class; uncoloured without one.
pub fn coloured(text: &str, class: Option<usize>) -> String {
    match class.and_then(|class| COLOURS.get(class)) {
        Some(colour) => format!("\u{1b}[38;5;{colour}m{text}\u{1b}[0m"),
        None => text.to_owned(),
    }
}

/// The text, cut to at most `width` columns.
pub fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| {
        // Control characters have no width.
        let columns = c.width().unwrap_or(0);
        let fits = columns <= left;
        left = left.saturating_sub(columns);
        fits
    };
    let mut shortened: String = text.chars().take_while(fits).collect();
    shortened.push('…');
    shortened
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::{TableStyle, shortened, table};
    use crate::ages::{Blame, Commit, Dating};

    fn blame() -> Blame {
        let commit = |id: &str, author: &str, summary: &str, authored| Commit {
            id: id.repeat(40),
            author: author.to_owned(),
            summary: summary.to_owned(),
            authored,
            ..Commit::default()
        };
        Blame {
            commits: vec![
                commit("a", "王小明", "新增說明", 1_700_000_000),
                commit("b", "Ann", "Say \u{1b}[31mmore\u{7}", 1_600_000_000),
            ],
            lines: [vec![Some(0); 9], vec![Some(1)], vec![None]].concat(),
        }
    }

    #[test]
    fn columns_stand_below_each_other() {
        let plain = TableStyle {
            width: None,
            colour: false,
        };
        let text = table(&blame(), Dating::Author, plain);
        assert_eq!(
            text,
            "1-9  2023-11-14  aaaaaaaa  王小明  新增說明\n \
             10  2020-09-13  bbbbbbbb  Ann     Say ␛[31mmore␇\n \
             11                                not committed yet\n"
        );
    }

    #[test]
    fn narrow_terminals_get_short_lines() {
        assert_eq!(shortened("王小明", 6), "王小明");
        assert_eq!(shortened("王小明", 5), "王小…");
        assert_eq!(shortened("王小明", 4), "王…");
        let look = TableStyle {
            width: Some(54),
            colour: true,
        };
        let mut blame = blame();
        blame.commits[0].summary = "新增說明".repeat(20);
        blame.commits[1].at_least = true;
        let text = table(&blame, Dating::Author, look);
        assert!(
            text.contains("\u{1b}[38;5;160m≤ 2020-09-13\u{1b}[0m"),
            "{text}"
        );
        let first = text.lines().next().expect("a line");
        let plain = first
            .replace("\u{1b}[38;5;39m", "")
            .replace("\u{1b}[0m", "");
        assert!(plain.width() <= 54 + 4, "{plain}");
    }
}
