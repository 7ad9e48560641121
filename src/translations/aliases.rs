//! The headings of a translation by the ids that they have in the source.

use std::collections::BTreeSet;

use crate::align::{Kind, Passage, align, passages, read};

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

/// A page with its headings.
#[derive(Debug, Clone, Copy)]
pub struct PageHeadings<'p> {
    /// Its text, as written.
    pub text: &'p str,
    /// Its headings, in their order.
    pub headings: &'p [PageHeading<'p>],
}

/// A further id of a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The id that the heading has.
    pub heading: String,
    /// The id that the same heading has in the source.
    pub id: String,
}

/// The ids of the headings of `source` that `translation` does not have, with the headings
/// that they belong to there. `taken` are the ids of all of its elements.
pub fn aliases(
    source: PageHeadings<'_>,
    translation: PageHeadings<'_>,
    taken: &BTreeSet<String>,
) -> Vec<Alias> {
    let (of_source, of_translation) = (passages(source.text), passages(translation.text));
    let ids = (
        ids(&of_source, source.headings),
        ids(&of_translation, translation.headings),
    );
    let mut found: Vec<Alias> = Vec::new();
    for pair in align(&of_source, &of_translation).pairs {
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

    use super::{PageHeading, PageHeadings, aliases};

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
        let source = PageHeadings {
            text: "# Threats\n\n## Mass Surveillance\n\nWords.\n\n## Signal\n",
            headings: &english,
        };
        let translation = PageHeadings {
            text: "# Bedrohungen\n\n## Massenüberwachung\n\nWörter.\n\n## Signal\n",
            headings: &german,
        };
        let taken: BTreeSet<String> = german.iter().map(|it| it.id.to_owned()).collect();
        let found = aliases(source, translation, &taken);
        let found: Vec<_> = found.iter().map(|it| (&*it.heading, &*it.id)).collect();
        let expected = [
            ("bedrohungen", "threats"),
            ("massenuberwachung", "mass-surveillance"),
        ];
        assert_eq!(found, expected);
        let taken = BTreeSet::from(["threats", "signal"].map(str::to_owned));
        assert_eq!(aliases(source, translation, &taken).len(), 1);
    }
}
