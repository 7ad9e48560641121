//! What MkDocs' plugins do to a site, as pure functions: one file per plugin.
//!
//! Which of them run, and on what, is decided by the queries; options come as
//! the configuration has them.

pub mod html;
pub mod options;
