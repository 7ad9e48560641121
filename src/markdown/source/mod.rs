//! A page's text as lines that know where they come from, and the part of the
//! site that the page can see.

pub mod data_src;
pub mod front_matter;
pub mod includes;
mod limits;
pub mod lines;
pub mod metadata;
pub mod missing_constructs;
pub mod missing_footnote;
pub mod page;
pub mod site_access;
pub mod snippets;
pub mod written;

pub use limits::Limit;
