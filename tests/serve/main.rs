//! The server as scripts and tabs meet it: over HTTP and the live channel, on the
//! real disk.

#[path = "../harness/mod.rs"]
mod harness;

mod ages;
mod answers;
#[cfg(unix)]
mod copies;
mod drafts;
#[cfg(unix)]
mod editor_and_sharing;
mod fixes;
#[cfg(unix)]
mod linked_files;
mod loads;
#[cfg(target_os = "linux")]
mod many_tabs;
mod midnight;
#[cfg(target_os = "linux")]
mod mounts;
mod no_site;
#[cfg(unix)]
mod proxies;
mod review;
mod review_base;
#[cfg(unix)]
mod security;
#[cfg(unix)]
mod sending_files;
#[cfg(unix)]
mod storm;
#[cfg(unix)]
mod translations;
#[cfg(target_os = "linux")]
mod unfinished_files;
mod watching;
#[cfg(unix)]
mod who_is_told;
