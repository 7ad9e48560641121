//! The headings of a translation by the ids that they have in the source.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::align::{Aligned, Kind, Passage, read};

/// A heading as it is on a page.
#[derive(Debug, Clone, Copy)]
pub struct PageHeading<'p> {
    /// Its level, from 1.
    pub level: u8,
    /// Its id.
    pub id: &'p str,
    /// Its text without tags.
    pub title: &'p str,
}

/// A further id of a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The id that the heading has.
    pub heading: String,
    /// The id that the same heading has in the source.
    pub id: String,
}

/// The ids of headings of the source that the translation does not have, with the headings
/// that they belong to there. `headings` are those of both pages, in their order, and
/// `taken` those ids of the source that an element of the translation has.
pub fn aliases(
    aligned: &Aligned,
    headings: (&[PageHeading<'_>], &[PageHeading<'_>]),
    taken: &BTreeSet<Cow<'_, str>>,
) -> Vec<Alias> {
    let ids = (
        ids(&aligned.source, headings.0),
        ids(&aligned.translation, headings.1),
    );
    let mut found: Vec<Alias> = Vec::new();
    for pair in &aligned.alignment().pairs {
        let (Some(id), Some(heading)) = (ids.0[pair.source], ids.1[pair.translation]) else {
            continue;
        };
        let is_known = |id: &str| taken.contains(id) || found.iter().any(|it| it.id == id);
        if !id.is_empty() && !is_known(id) {
            found.push(Alias {
                heading: heading.to_owned(),
                id: id.to_owned(),
            });
        }
    }
    found
}

/// The ids of passages that are headings of the page. There may be others: in text that is
/// included, or in what looks like a heading.
fn ids<'p>(passages: &[Passage], headings: &[PageHeading<'p>]) -> Vec<Option<&'p str>> {
    let mut ids = vec![None; passages.len()];
    let mut left = headings;
    let words = |text: &str| read(text).words.concat().to_lowercase();
    for (nth, passage) in passages.iter().enumerate() {
        let Kind::Heading(level) = passage.kind else {
            continue;
        };
        let written = words(&passage.text);
        let is_it = |it: &PageHeading<'_>| {
            let is_named = passage.name.as_deref() == Some(it.id);
            is_named || (it.level == level && words(it.title) == written)
        };
        if let Some(at) = left.iter().position(is_it) {
            ids[nth] = Some(left[at].id);
            left = &left[at + 1..];
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{PageHeading, aliases};
    use crate::align::Aligned;

    #[test]
    fn a_heading_has_the_id_of_its_source_too() {
        let heading = |level, id, title| PageHeading { level, id, title };
        let english = [
            heading(1, "threats", "Threats"),
            heading(2, "mass-surveillance", "Mass Surveillance"),
            heading(2, "signal", "Signal"),
        ];
        let german = [
            heading(1, "bedrohungen", "Bedrohungen"),
            heading(2, "massenuberwachung", "Massenüberwachung"),
            heading(2, "signal", "Signal"),
        ];
        let aligned = Aligned::of(
            "# Threats\n\n## Mass Surveillance\n\nWords.\n\n## Signal\n",
            "# Bedrohungen\n\n## Massenüberwachung\n\nWörter.\n\n## Signal\n",
        );
        let headings = (&english[..], &german[..]);
        let taken = german.iter().map(|it| it.id.into()).collect();
        let found = aliases(&aligned, headings, &taken);
        let found: Vec<_> = found.iter().map(|it| (&*it.heading, &*it.id)).collect();
        let expected = [
            ("bedrohungen", "threats"),
            ("massenuberwachung", "mass-surveillance"),
        ];
        assert_eq!(found, expected);
        let taken = BTreeSet::from(["threats", "signal"].map(Into::into));
        assert_eq!(aliases(&aligned, headings, &taken).len(), 1);
    }
}
