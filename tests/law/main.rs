//! The law: incremental equals clean. Whatever is edited, a session that lived
//! through all edits shows what one shows that sees the files for the first time.
//!
//! Random sequences of edits are made. After each step, every output and every
//! diagnostic is compared, byte for byte. Some texts are only typed and not saved:
//! they lie over the files, and a tree that has them as files gives the same once
//! more.
//!
//! A sequence that fails is made as short as possible and kept in
//! `tests/law/regressions`, whose cases run first from then on.

#[path = "../harness/mod.rs"]
mod harness;

mod content;
mod edits;
mod regressions;
mod trees;

mod all_languages;
mod one_site;
mod real_repository;
mod review;
mod with_history;
