//! What is taken out of the text before its blocks are read, and the stash that
//! it waits in.

pub mod critic;
pub mod fences;
mod output;
pub mod raw_html;
pub mod stash;
