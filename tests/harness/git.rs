//! Repositories that git itself makes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Site;

/// Runs git in a folder, as somebody, at a time counted in days.
pub fn git_at(folder: &Path, day: i64, arguments: &[&str]) -> String {
    let seconds = 1_700_000_000 + day * 86_400;
    let output = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", format!("{seconds} +0200"))
        .env("GIT_COMMITTER_DATE", format!("{} +0000", seconds + 3600))
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args(["-c", "protocol.file.allow=always"])
        .args(["-c", "commit.gpgsign=false", "-c", "gc.auto=0"])
        .args(arguments)
        .output()
        .expect("git is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Runs git on day 0.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    git_at(folder, 0, arguments)
}

/// Commits everything; returns the commit's name.
pub fn commit(folder: &Path, day: i64, message: &str) -> String {
    git_at(folder, day, &["add", "--all"]);
    git_at(folder, day, &["commit", "--quiet", "-m", message]);
    git(folder, &["rev-parse", "HEAD"])
}

/// A repository of these files, committed on day 0.
pub fn repository(files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    git(&site.path(""), &["init", "--quiet", "-b", "main"]);
    commit(&site.path(""), 0, "Begin");
    site
}

/// Loads the real page's history of the conformance suite into a folder.
pub fn real_history(suite: &Path, folder: &Path) {
    git(folder, &["init", "--quiet"]);
    let history = fs::File::open(suite.join("corpus/origin-history.fast-import.gz"));
    let mut unpack = Command::new("gzip")
        .arg("-dc")
        .stdin(history.expect("the history"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip is installed");
    let imported = Command::new("git")
        .current_dir(folder)
        .args(["fast-import", "--quiet"])
        .stdin(unpack.stdout.take().expect("piped"))
        .status();
    assert!(imported.is_ok_and(|it| it.success()) && unpack.wait().is_ok_and(|it| it.success()));
    git(folder, &["checkout", "--quiet", "seed"]);
}
