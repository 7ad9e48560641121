//! What symbolic links publish.

use std::os::unix::fs::symlink;

use crate::harness::{Site, stderr};

/// A repository whose project lies in a folder of its own.
fn repository(config: &str) -> Site {
    let site = Site::new(&[
        ("repo/.git/HEAD", "ref: refs/heads/main\n"),
        ("repo/.env", "TOKEN=hunter2\n"),
        ("repo/.gitignore", "private.md\n"),
        ("repo/private.md", "# Private\n\nhunter2\n"),
        ("repo/spec/spec.md", "# The Specification\n"),
        ("shared/terms.md", "# Terms\n"),
        ("repo/site/proofroom.toml", config),
        ("repo/site/docs/index.md", "# Home\n\n[spec](spec.md)\n"),
        (
            "repo/site/overrides/main.html",
            "{% extends \"base.html\" %}",
        ),
    ]);
    for (target, link) in [
        ("../../spec/spec.md", "docs/spec.md"),
        ("../../.env", "docs/x.md"),
        ("../../private.md", "docs/y.md"),
        ("../../../shared/terms.md", "docs/terms.md"),
    ] {
        symlink(target, site.path("repo/site").join(link)).expect("a link");
    }
    site
}

#[test]
fn links_publish_neither_what_is_hidden_nor_what_git_ignores() {
    let site = repository("site_name = \"S\"\n");
    let output = site.run(&["build", "repo/site"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let built = site.read("repo/site/site/spec/index.html");
    assert!(built.contains("The Specification"));
    for page in ["x", "y", "terms"] {
        assert!(!site.path("repo/site/site").join(page).exists(), "{page}");
    }
    let said = stderr(&output);
    assert_eq!(said.matches("warning[refused-link]").count(), 3, "{said}");
    assert!(said.contains("`linked_dirs`"), "{said}");
}

#[test]
fn a_setting_lets_links_lead_to_a_folder_outside() {
    let site = repository("site_name = \"S\"\nlinked_dirs = [\"../../shared\"]\n");
    let output = site.run(&["build", "repo/site"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        site.read("repo/site/site/terms/index.html")
            .contains("Terms")
    );
    for page in ["x", "y"] {
        assert!(!site.path("repo/site/site").join(page).exists(), "{page}");
    }
}
