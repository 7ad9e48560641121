//! What git knows about the project's files: their history, and how old their
//! lines are. It comes from the git binary, because other implementations do not
//! always agree with it, and through a single function that keeps repositories
//! from running anything.
//!
//! Other rooms use it through [`crate::files::History`] and
//! [`crate::ages::LineAges`]; the command line wires them together.

mod ages;
mod blame;
mod blocking_files;
mod cache;
mod child_guard;
mod command;
mod entries;
mod interactive;
mod jobs;
mod log;
mod objects;
mod porcelain;
mod process;
mod repository;
mod tree;

pub use ages::Ages;
pub use blame::Blamer;
pub use child_guard::stand_in;
pub use command::Failure;
pub use log::Git;
pub use tree::Tree;
