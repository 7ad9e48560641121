//! Front pages that front matter describes, for the template `landing.html`.

mod fields;
mod read;
#[cfg(test)]
mod tests;

pub use fields::{FIELDS as LANDING_FIELDS, Field, Takes};
pub use read::{Landing, LandingAccess, dead_link, read as read_landing};

/// The template that shows them.
pub const LANDING: &str = "landing.html";
