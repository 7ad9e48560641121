//! Which of Pygments' short classes code gets, for which existing sites have style sheets.
//!
//! syntect's grammars and Pygments' lexers divide code differently: what one calls a
//! function is a name to the other. So there is a table for each grammar, which tells the
//! class of what is in a scope, and by which signs of the text it is another; `table` says
//! how they are written. They were found by counting which class Pygments gives to what is
//! in a scope, over the code of public documentation and example files in 78 languages, and
//! are edited by hand since. tests/markdown/colours counts what differs.

mod list;
mod piece;
mod table;

pub use piece::Colours;
