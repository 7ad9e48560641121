//! What git knows of the project's files. The git binary is asked, for other
//! readers of repositories do not always agree with it; by one function that
//! keeps repositories from running anything.

mod blame;
mod cache;
mod command;
mod guard;
mod jobs;
mod log;
mod obstacles;
mod porcelain;
mod process;
mod repository;

pub use blame::{Blamer, Unknown};
pub use guard::stand_in;
pub use log::Git;
