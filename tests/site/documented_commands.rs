//! The commands that the documentation shows are run, each in a site of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::harness::git::{commit, git, repository};
use crate::harness::measure::files;
use crate::harness::{Server, Site, proofroom, stderr};

/// Flags that a test does without: what comes of them is not for a machine to look at,
/// or is open to others.
const LEFT_OUT: [&str; 2] = ["--open", "--share"];

/// What commands need that is not made here.
const NOT_HERE: [&str; 1] = ["mkdocs_material-9.8.1-py3-none-any.whl"];

/// A site with what the commands of the documentation name: a translation, a branch to
/// compare with, a theme's package, and what was built before.
fn site() -> Site {
    let site = repository(&[
        (
            "proofroom.toml",
            "base = \"mkdocs.yml\"\n[languages]\ndefault = \"en\"\nen = { docs = \"docs\" }\n\
             de = { docs = \"i18n/de\" }\nzh-Hant = { docs = \"i18n/zh-Hant\" }\n",
        ),
        (
            "mkdocs.yml",
            "site_name: Example\nsite_url: https://example.org/\n",
        ),
        ("docs/index.md", "# Home\n\nThe [page](tor.md) about it.\n"),
        ("docs/tor.md", "# Tor\n\nThe first words of this page.\n"),
        ("docs/tools/index.md", "# Tools\n\nAll of them.\n"),
        (
            "i18n/de/tor.md",
            "# Tor\n\nDie ersten Worte dieser Seite.\n",
        ),
        ("i18n/zh-Hant/tor.md", "# Tor\n\n這一頁的第一段話。\n"),
        (
            ".venv/lib/python3.13/site-packages/material/templates/main.html",
            "<!doctype html><title>{{ page.title }}</title>{{ page.content }}\n",
        ),
        (".gitignore", "/site\n/public\n/review\n/.venv\n/.cache\n"),
    ]);
    let folder = site.path("");
    git(&folder, &["branch", "release-2"]);
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    site.write("docs/tor.md", "# Tor\n\nOther words stand on this page.\n");
    commit(&folder, 1, "Say it otherwise");
    site.run_successfully(&["build", "--quiet"]);
    site
}

/// All commands of the documentation, with the files that show them.
fn commands() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = files(&root.join("docs")).into_iter().map(|it| it.0);
    let pages = [root.join("README.md")].into_iter().chain(docs);
    let is_page = |it: &PathBuf| it.extension().is_some_and(|it| it == "md");
    let mut commands = Vec::new();
    for page in pages.filter(is_page) {
        let text = std::fs::read_to_string(&page).expect("a text");
        for line in text.lines() {
            let line = line.trim_start().trim_start_matches("- ");
            let shown = ["$ ", "run: "].iter().find_map(|it| line.strip_prefix(it));
            let command = shown.unwrap_or(line);
            let is_script = shown.is_some() || command.contains(" --");
            if is_script && command.starts_with("proofroom ") {
                commands.push((page.clone(), command.to_owned()));
            }
        }
    }
    commands
}

#[test]
fn commands_of_the_documentation_do_what_they_say() {
    let all = commands();
    assert!(all.len() > 25, "{all:#?}");
    let made = site();
    let mut failed = Vec::new();
    for (page, command) in &all {
        if NOT_HERE.iter().any(|it| command.contains(it)) {
            continue;
        }
        // What is written to a file is not looked at.
        let command = command.split(" > ").next().unwrap_or(command);
        let words: Vec<&str> = command
            .split_whitespace()
            .skip(1)
            .filter(|word| !LEFT_OUT.contains(word))
            .collect();
        let site = Site::copy_of(&made.path(""));
        let what = format!("{}: {command}", page.display());
        if let ["serve", arguments @ ..] = &words[..] {
            let mut serve = proofroom(&site.path(""));
            serve.args(&words[..1]).args(["--dev-addr", "127.0.0.1:0"]);
            serve.args(arguments).stderr(Stdio::null());
            let answer = Server::spawn(serve).get("/tor/");
            if answer.status != 200 {
                failed.push(format!("{what}: {}", answer.status));
            }
            continue;
        }
        let mut command = proofroom(&site.path(""));
        // As a CI says what is compared with.
        command.args(&words).env("GITHUB_BASE_REF", "main");
        let output = command.output().expect("it runs");
        if !output.status.success() {
            failed.push(format!("{what}: {}", stderr(&output)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
