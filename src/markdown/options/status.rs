//! What becomes of each option of the supported extensions.

use serde_json::Map;

use super::names::KNOWN;
use super::unread::{Effect, UNREAD};
use super::{ExtensionOptions, MarkdownOptions};

/// What becomes of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OptionStatus {
    /// It is read.
    Read,
    /// It is reported if its value is not the default.
    Named,
    /// It would change nothing.
    Needless,
}

/// Every option of the supported extensions, with its extension.
pub fn option_statuses() -> Vec<(&'static str, String, OptionStatus)> {
    let none = Map::new();
    let mut statuses = Vec::new();
    for extension in KNOWN {
        let with = ExtensionOptions::new(&none);
        MarkdownOptions::none().enable(extension, &with);
        let rows = UNREAD.iter().filter(|row| row.extension == *extension);
        let rows = rows.map(|row| {
            let status = match row.effect {
                Effect::Lost(_) => OptionStatus::Named,
                Effect::Needless(_) => OptionStatus::Needless,
            };
            (*extension, row.option.to_owned(), status)
        });
        statuses.extend(rows);
        let read = with.unread().1.into_iter();
        let read = read.filter(|option| super::unread::unread(extension, option).is_none());
        statuses.extend(read.map(|option| (*extension, option, OptionStatus::Read)));
    }
    statuses
}
