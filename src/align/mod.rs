//! Which passages of two texts belong together: those of a translation and of its
//! source ([`align`]), or of two versions of one text ([`versions`]); and how much
//! a passage has changed ([`compare`]). Pure functions of texts, which know nothing of
//! files and history.

mod change;
mod features;
mod passage;
mod reading;
mod split;
mod split_text;
mod translation;
mod versions;
mod words;

#[cfg(test)]
mod tests;

pub use change::{Change, Degree, compare, compare_passages, follows};
pub use passage::{Kind, Passage};
pub use reading::{Reading, prose, read, text_key, words_key};
pub use split::passages;
pub use split_text::SplitText;
pub use translation::{Aligned, Alignment, Pair, align, align_with};
pub use versions::{Match, versions};
pub use words::{Word, words_of_change};
