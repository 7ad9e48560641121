//! What git knows about the project's files: their history, how old their lines
//! are, and what a review compares them with. It comes from the git binary, because
//! other implementations do not always agree with it, and through a single function
//! that keeps repositories from running anything.
//!
//! Other rooms use it through [`crate::files::History`] and
//! [`crate::ages::LineAges`]; the command line wires them together.

mod ages;
mod base;
mod base_files;
mod base_links;
mod blame;
mod blocking_files;
mod cache;
mod candidates;
mod child_guard;
mod command;
mod entries;
mod facts;
mod file_log;
mod forge;
mod ignored_files;
mod interactive;
mod jobs;
mod kept_log;
mod large_files;
mod link_walk;
mod log;
mod objects;
mod porcelain;
mod process;
mod raw_log;
mod remotes;
mod renames;
mod repository;
mod shared_inputs;
mod submodule_folders;
mod texts;
mod tree;

pub use ages::Ages;
pub use base::{Base, BaseChoice, NoBase};
pub use base_files::{BaseChange, BaseFiles};
pub use blame::Blamer;
pub use candidates::Candidates;
pub use child_guard::stand_in;
pub use command::Failure;
pub use facts::{RepositoryFacts, Submodule};
pub use forge::{Forge, ForgeKind};
pub use log::Git;
pub use renames::{renames, renames_until};
pub use texts::Texts;
pub use tree::Tree;
