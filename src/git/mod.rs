//! What git knows about the project's files: their history, and how old their
//! lines are. It comes from the git binary, because other implementations do not
//! always agree with it, and through a single function that keeps repositories
//! from running anything.
//!
//! Other rooms use it through [`crate::files::History`] and
//! [`crate::ages::Blames`]; the command line wires them together.

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
