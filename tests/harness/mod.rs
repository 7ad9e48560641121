//! What tests are written with: a site on disk or in memory, a server and its
//! tabs, browsers, git, mounts, expected files. `docs/contributing/tests.md`
//! shows how to use it.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(unused_imports, reason = "each test binary uses its own part")]

pub mod aged_site;
pub mod browser;
pub mod everything;
pub mod expected;
pub mod file_server;
pub mod git;
pub mod measure;
pub mod memory;
pub mod mounts;
pub mod npm;
pub mod proxy;
pub mod remote;
pub mod reviewed_site;
pub mod server;
pub mod site;
pub mod skip;
pub mod tab;

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

pub use proxy::Proxy;
pub use server::{Answer, Server, as_built};
pub use site::{Site, copy_folder, proofroom};
pub use tab::Tab;

/// How long anything may take before a test gives up. A test that passes never
/// waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The path of a file of this repository.
pub fn in_repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What a command wrote to its standard output.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a command wrote to its standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
