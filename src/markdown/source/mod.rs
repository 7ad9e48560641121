//! A page's text as lines that know where they come from, and the part of the
//! site that the page can see.

mod bounds;
pub mod damaged_marks;
pub mod data_src;
pub mod front_matter;
pub mod lines;
pub mod page;
pub mod snippets;
pub mod surroundings;

pub use bounds::Bound;
