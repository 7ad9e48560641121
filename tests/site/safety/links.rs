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

#[test]
fn pages_include_files_of_the_repository_that_are_meant_to_be_seen() {
    let site = Site::new(&[
        ("repo/.git/HEAD", "ref: refs/heads/main\n"),
        ("repo/.gitignore", "private.md\n"),
        ("repo/.env", "hunter2\n"),
        ("repo/.hidden/a.md", "hunter2\n"),
        ("repo/private.md", "hunter2\n"),
        ("repo/src/example.py", "print('shown')\n"),
        ("repo/spec.md", "Words of the specification\n"),
        ("outside.md", "hunter2\n"),
        (
            "repo/site/mkdocs.yml",
            "site_name: S\nplugins: [include-markdown]\nmarkdown_extensions:\n\
             - pymdownx.snippets: {restrict_base_path: false}\n\
             - mdx_include\n- markdown_include_variants\n",
        ),
        (
            "repo/site/docs/index.md",
            "# Home\n\n{* ../src/example.py *}\n\n{! ../spec.md !}\n\n\
             --8<-- \"../../repo/spec.md\"\n\n\
             {! ../.env !}\n\n{! ../.hidden/a.md !}\n\n{! ../private.md !}\n\n\
             {! ../../outside.md !}\n\n--8<-- \"../private.md\"\n\n\
             {* ../private.md *}\n",
        ),
        (
            "repo/site/docs/plugin.md",
            "# Plugin\n\n{% include-markdown \"../../spec.md\" %}\n",
        ),
    ]);
    let output = site.run(&["build", "-v", "repo/site"]);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    let built = site.read("repo/site/site/index.html");
    assert!(built.contains("shown"), "{built}");
    let words = "Words of the specification";
    assert_eq!(built.matches(words).count(), 2, "{built}");
    assert!(!built.contains("hunter2"), "{built}");
    let plugin = site.read("repo/site/site/plugin/index.html");
    assert!(plugin.contains(words), "{plugin}");
    let refused = "must not be shown on pages";
    assert_eq!(said.matches(refused).count(), 5, "{said}");
}
