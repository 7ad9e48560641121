//! Prints the ages of a site.

use serde_json::{Value, json};

use crate::ages::{Commit, Dating, Scale, TableStyle, coloured, day, iso, shortened, spread};
use crate::diagnostic::terminal::harmless;
use crate::session::{CommitRange, PageAge, SiteAges};

/// How many blocks of each page a table lists.
const BLOCKS: usize = 3;

/// The pages in order with their blocks, as a list of objects.
pub(super) fn as_json(site: &SiteAges, dating: Dating) -> Value {
    let commit = |commit: Option<&Commit>| {
        commit.map(|commit| {
            let mut entry = json!({
                "date": iso(commit.time(dating)),
                "commit": commit.id,
                "author": commit.author,
                "summary": commit.summary,
            });
            if commit.at_least {
                entry["at_least"] = true.into();
            }
            entry
        })
    };
    let dated = |age: &CommitRange, entry: &mut Value| {
        entry["newest"] = commit(age.newest.as_ref()).into();
        entry["oldest"] = commit(age.oldest.as_ref()).into();
        entry["edited"] = age.edited.into();
    };
    let pages = site.pages.iter().map(|page| {
        let blocks = page.blocks.iter().map(|block| {
            let mut entry = json!({
                "file": block.place.file.as_deref().unwrap_or(page.source.as_str()),
                "first_line": block.place.first,
                "last_line": block.place.last,
                "text": block.text,
            });
            dated(&block.age, &mut entry);
            entry
        });
        let mut entry = json!({
            "source": page.source.as_str(),
            "address": page.address,
            "language": page.language,
            "title": page.title,
        });
        dated(&page.age, &mut entry);
        entry["blocks"] = blocks.collect();
        entry
    });
    pages.collect()
}

/// A chart of the ages, and the pages with their oldest blocks.
pub(super) fn table(site: &SiteAges, dating: Dating, look: TableStyle) -> String {
    let scale = Scale::new(site.dates.iter().copied());
    let date = |age: &CommitRange| {
        match &age.newest {
            Some(commit) if !age.edited => {
                let time = commit.time(dating);
                let class = look.colour.then(|| scale.class(time));
                coloured(&day(time), class)
            }
            // Not committed yet; as wide as a date.
            _ => "not yet   ".to_owned(),
        }
    };
    let fit = |text: &str, before: usize| {
        let text = harmless(text).replace(['\n', '\t'], " ");
        match look.width {
            Some(width) => shortened(&text, width.saturating_sub(before).max(20)),
            None => text,
        }
    };
    let mut text = chart(site);
    for page in &site.pages {
        let PageAge { source, title, .. } = page;
        let line = format!("{source}  {title}");
        text.push_str(&format!("{}  {}\n", date(&page.age), fit(&line, 12)));
        for block in page.blocks.iter().take(BLOCKS) {
            let line = format!("{:>6}  {}", block.place.first, block.text);
            text.push_str(&format!("  {}{}\n", date(&block.age), fit(&line, 12)));
        }
    }
    text
}

/// A bar chart of lines by month.
fn chart(site: &SiteAges) -> String {
    const WIDEST: usize = 40;
    let months = spread(site.dates.iter().copied());
    let most_lines = months.iter().map(|month| month.lines).max().unwrap_or(1);
    let bars = months.iter().filter(|month| month.lines > 0).map(|month| {
        let bar = "▇".repeat((month.lines * WIDEST).div_ceil(most_lines));
        format!("{}  {bar} {}\n", month.name, month.lines)
    });
    let bars: String = bars.collect();
    if bars.is_empty() { bars } else { bars + "\n" }
}
