//! Files of expected output, and how they are rewritten.
//!
//! `UPDATE=1 cargo test ..` rewrites what tests compare with. A file that holds
//! our own output is written from what was found. One that holds the output of a
//! reference is written from what the reference prints: `PYTHON` names an
//! interpreter that has it installed (`python3` unless given).

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::in_repository;

/// Whether expected files are to be rewritten.
pub fn updates() -> bool {
    env::var_os("UPDATE").is_some()
}

/// Writes an expected file, if it would change.
pub fn rewrite(path: &Path, text: &str) {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return;
    }
    fs::write(path, text).expect("the expected file can be written");
    println!("rewrote {}", path.display());
}

/// Rewrites expected files by a script of `tests/reference`, which runs the
/// reference.
///
/// # Panics
/// Where the reference is not installed: its files are never written from our own
/// output.
pub fn rewrite_from_reference(script: &str, arguments: &[&str]) {
    let python = env::var_os("PYTHON").unwrap_or_else(|| OsString::from("python3"));
    let status = Command::new(&python)
        .arg(in_repository("tests/reference").join(script))
        .args(arguments)
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "these expected files hold the reference's output, and {} cannot run \
         tests/reference/{script}: install tests/reference/requirements.txt and name the \
         interpreter in PYTHON",
        python.display()
    );
}
