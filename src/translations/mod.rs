//! The translators' desk: how old each passage of a translation is against its source.
//!
//! A passage of a translation says what its source said when it was last written
//! ([`renewals`]); what has become of that since is its state ([`states`]). Which
//! passages belong together is found by [`crate::align`]. Everything here is computed from
//! texts and from what a [`TextHistory`] says of them.

mod aliases;
mod badge;
mod bases;
mod consistency;
mod damage;
mod damage_outside;
mod glossary;
mod history;
mod impact;
mod known;
mod lost;
mod marked;
mod markers;
mod memo;
mod page_texts;
mod paired;
mod passage_marks;
mod renewals;
mod report;
mod report_json;
mod since;
mod states;
mod warnings;

#[cfg(test)]
mod damage_tests;

pub use aliases::{Alias, PageHeading, aliases};
pub use badge::{badge_endpoint, badge_svg, is_badge};
pub use consistency::{
    Inconsistency, Term, TermKind, consistency_json, consistency_table, inconsistencies, terms,
};
pub use damage::damaged_marks;
pub use glossary::{Departure, GlossaryTerm, departures};
pub use history::{BlobId, Edit, NoHistory, SourceVersion, TextHistory, VersionCommit};
pub use impact::{Impact, Impacts, impact, impact_list, impact_sentences, impacts_json};
pub use known::KnownStates;
pub use lost::{LostTranslation, lost_translations, with_recovered};
pub use marked::{left_in_source, with_aliases, with_lang};
pub use memo::Memo;
pub use page_texts::PageTexts;
pub use paired::DamagedMark;
pub use report::{Counts, LanguageState, TranslatedPage, percent, share, table, total};
pub use report_json::write_json;
pub use states::{BlockState, PageState, Since, State, page_state};
pub use warnings::{LostPassage, lost_passages};
