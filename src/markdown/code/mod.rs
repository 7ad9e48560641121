//! Code and formulas as HTML: what a fence's header asks for, colours, lines
//! and their numbers.

pub mod header;
pub mod highlight;
pub mod listing;
pub mod math;
