//! Code and formulas as HTML: the headers of fences, colours, lines and their
//! numbers.

mod classes;
pub mod header;
pub mod highlight;
mod line_numbers;
pub mod listing;
pub mod math;
mod pairs;
mod sessions;
