//! What proofroom makes of a site: on the command line, on disk, and in memory.

#[path = "../harness/mod.rs"]
mod harness;

mod blame;
mod cli;
mod diagnostics;
mod documented_commands;
mod face;
mod fixes;
mod landing;
mod languages;
mod levels;
mod mkdocs_themes;
mod new;
mod overrides;
mod plugins;
mod privacy;
mod review;
mod safety;
mod shared_site_map;
mod strictness;
mod translation_checks;
mod translation_histories;
mod translations;
