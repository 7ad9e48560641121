//! What git knows of the project's files: their history, how old their lines
//! are. The git binary is asked, for other readers of repositories do not always
//! agree with it, by one function that keeps repositories from running anything.
//!
//! Whoever needs it meets it through [`crate::files::History`] and
//! [`crate::ages::Blames`]; the command line wires them.

mod ages;
mod blame;
mod cache;
mod command;
mod conversation;
mod entries;
mod guard;
mod jobs;
mod log;
mod objects;
mod obstacles;
mod porcelain;
mod process;
mod repository;
mod tree;

pub use ages::Ages;
pub use blame::Blamer;
pub use command::Failure;
pub use guard::stand_in;
pub use log::Git;
pub use tree::Tree;
