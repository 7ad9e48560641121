//! proofroom: a docs dev server and site builder.
//!
//! A site is a set of source files. Everything else (page, nav, body, HTML,
//! diagnostic) is a pure function of them, computed on demand and remembered.
//! Modules are arranged in floors; imports only go down:
//!
//! | floor | rooms |
//! | --- | --- |
//! | 5 | [`cli`] |
//! | 4 | [`check`], [`build`], [`serve`], [`review`] |
//! | 3 | [`git`], [`fetch`], [`session`] |
//! | 2 | [`site`] |
//! | 1 | [`watch`], [`icons`], [`cards`], [`search`], [`ages`], [`diff`], [`align`], [`translations`], [`languages`], [`markdown`], [`feeds`], [`config`], [`nav`], [`theme`], [`plugins`] |
//! | 0 | `work`, `expect`, `text`, [`time`], [`python`], [`options`], [`url`], [`files`], [`html`], [`diagnostic`], [`yaml`] |
//!
//! `docs/contributing/architecture.md` describes what each module may know.

pub mod ages;
pub mod align;
pub mod build;
pub mod cards;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod diff;
mod expect;
pub mod feeds;
pub mod fetch;
pub mod files;
pub mod git;
pub mod html;
pub mod icons;
pub mod languages;
pub mod markdown;
pub mod nav;
pub mod options;
pub mod plugins;
pub mod python;
pub mod review;
pub mod search;
pub mod serve;
pub mod session;
pub mod site;
mod text;
pub mod theme;
pub mod time;
pub mod translations;
pub mod url;
pub mod watch;
mod work;
pub mod yaml;
