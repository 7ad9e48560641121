//! Tests that cannot run everywhere.
//!
//! A test that is skipped says so even where the output of tests is captured.
//! `.ci/run` sets `PROOFROOM_TESTS_MUST_RUN`; a skipped test then fails, unless
//! `PROOFROOM_TESTS_MAY_SKIP` names what it needs.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use super::in_repository;

/// What a test needs that a machine may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The real sites in `../shared/conformance`.
    Conformance,
    /// Material for MkDocs, whose folder `PROOFROOM_MATERIAL` names.
    Material,
    /// MkDocs, which `PROOFROOM_MKDOCS` names.
    MkDocs,
    /// The right to mount a file system.
    Mount,
    /// Packages from npm's registry.
    Npm,
    /// The right to give files away to another user.
    Root,
    /// A process without an administrator's rights.
    Unprivileged,
    /// A new user namespace, which can have limits of its own.
    UserNamespace,
}

impl Need {
    /// As `PROOFROOM_TESTS_MAY_SKIP` names it.
    fn name(self) -> &'static str {
        match self {
            Self::Conformance => "conformance",
            Self::Material => "material",
            Self::MkDocs => "mkdocs",
            Self::Mount => "mount",
            Self::Npm => "npm",
            Self::Root => "root",
            Self::Unprivileged => "unprivileged",
            Self::UserNamespace => "user-namespace",
        }
    }
}

/// Reports that a test does not run, and why.
///
/// # Panics
/// Where it must run.
pub fn skip(need: Need, why: &str) {
    let text = |name| env::var_os(name).unwrap_or_default().into_string();
    let may_skip = text("PROOFROOM_TESTS_MAY_SKIP").expect("UTF-8");
    let must_run = env::var_os("PROOFROOM_TESTS_MUST_RUN").is_some()
        && may_skip.split_whitespace().all(|name| name != need.name());
    assert!(
        !must_run,
        "this test must run here: {why} (`{}` is not in PROOFROOM_TESTS_MAY_SKIP)",
        need.name()
    );
    // `eprintln!` is captured, and shown only of tests that fail.
    writeln!(std::io::stderr(), "SKIPPED: {why}").expect("standard error can be written");
}

/// The conformance suite; `None`, reported as skipped, where it is missing.
pub fn conformance_suite() -> Option<PathBuf> {
    let suite = in_repository("../shared/conformance");
    if suite.is_dir() {
        return Some(suite);
    }
    skip(
        Need::Conformance,
        "the conformance suite is missing (../shared/conformance)",
    );
    None
}

/// The folder of Material for MkDocs; `None`, reported as skipped, where none is
/// named.
pub fn material() -> Option<String> {
    let folder = env::var_os("PROOFROOM_MATERIAL");
    if folder.is_none() {
        skip(
            Need::Material,
            "PROOFROOM_MATERIAL does not name the folder of Material for MkDocs",
        );
    }
    folder.map(|folder| folder.into_string().expect("UTF-8"))
}

/// The program of MkDocs; `None`, reported as skipped, where none is named.
pub fn mkdocs() -> Option<PathBuf> {
    let program = env::var_os("PROOFROOM_MKDOCS");
    if program.is_none() {
        skip(
            Need::MkDocs,
            "PROOFROOM_MKDOCS does not name the program of MkDocs",
        );
    }
    program.map(PathBuf::from)
}

/// The folder that MkDocs is installed in; `None`, reported as skipped, where
/// there is no MkDocs.
pub fn mkdocs_packages() -> Option<String> {
    let program = mkdocs()?;
    let environment = program.parent()?.parent()?;
    let versions = std::fs::read_dir(environment.join("lib")).ok()?;
    let mut folders = versions.map(|entry| entry.expect("an entry").path().join("site-packages"));
    let folder = folders.find(|folder| folder.join("mkdocs").is_dir());
    if folder.is_none() {
        skip(
            Need::MkDocs,
            "MkDocs is not installed in a virtual environment",
        );
    }
    Some(folder?.into_os_string().into_string().expect("UTF-8"))
}

/// A command that may do no more than the owner of the test's files, even where
/// the tests run as an administrator; `None`, reported as skipped, where there is
/// no way to run one.
pub fn unprivileged(program: &str) -> Option<Command> {
    if !rustix::process::geteuid().is_root() {
        return Some(Command::new(program));
    }
    let setpriv = || {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-all", "--inh-caps=-all"]);
        command
    };
    let works = setpriv().arg("true").status();
    if !works.is_ok_and(|status| status.success()) {
        skip(
            Need::Unprivileged,
            "the tests run as an administrator, and `setpriv` cannot drop the rights",
        );
        return None;
    }
    let mut command = setpriv();
    command.arg(program);
    Some(command)
}
