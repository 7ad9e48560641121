//! Takes everything out of the text that is not for the block rules, and keeps
//! it in a stash until the page is written.

pub mod critic;
pub mod fences;
pub mod math_fences;
mod output;
pub mod raw_html;
pub mod stash;
