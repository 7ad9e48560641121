//! What git knows of the project's files. The git binary is asked, for other
//! readers of repositories do not always agree with it; by one function that
//! keeps repositories from running anything.

mod blame;
mod cache;
mod command;
mod log;
mod porcelain;
mod repository;

pub use blame::{Blamer, Unknown};
pub use log::Git;
