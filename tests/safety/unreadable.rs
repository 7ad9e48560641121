use std::fs;

use super::common::Site;
use super::{errors, tree};

fn site() -> Site {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nexclude_docs: secret.md\nmarkdown_extensions: [pymdownx.snippets]\n",
        ),
        ("docs/index.md", "# Home\n\n--8<-- \"part.txt\"\n"),
        ("docs/a/page.md", "# Page\n"),
        ("docs/secret.md", "# Secret\n"),
        ("docs/a/image.png", "image"),
        ("part.txt", "part\n"),
    ]);
    assert!(site.run(&["build"]).status.success());
    site
}

/// A folder or a pipe in the place of a file, and a link that leads nowhere:
/// these cannot be read by anybody, not even by an administrator.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_an_error_with_its_name() {
    for path in [
        "mkdocs.yml",
        "docs/a/page.md",
        "docs/a/image.png",
        "part.txt",
    ] {
        for how in ["pipe", "link"] {
            if how == "link" && path == "part.txt" {
                // Nothing says that a file outside of the docs should be there.
                continue;
            }
            let site = site();
            let before = tree(&site.path("site"));
            fs::remove_file(site.path(path)).expect("removed");
            if how == "link" {
                std::os::unix::fs::symlink("nowhere", site.path(path)).expect("a link");
            } else {
                let made = std::process::Command::new("mkfifo")
                    .arg(site.path(path))
                    .status();
                assert!(made.expect("mkfifo").success());
            }
            let output = site.run(&["build"]);
            assert!(!output.status.success(), "{how} {path}");
            assert!(
                errors(&output).contains(path),
                "{how} {path}: {}",
                errors(&output)
            );
            assert!(tree(&site.path("site")) == before, "{how} {path}");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_editors_lock_is_nobodys_business() {
    let site = site();
    std::os::unix::fs::symlink("me@host.1:2", site.path("docs/.#index.md")).expect("a link");
    let output = site.run(&["build", "--strict"]);
    assert!(output.status.success(), "{}", errors(&output));
}

#[test]
fn outputs_that_want_one_place_are_named_before_anything_is_written() {
    let site = site();
    let before = tree(&site.path("site"));
    site.write("docs/sitemap.xml.md", "# Map\n");
    let output = site.run(&["build"]);
    assert!(!output.status.success());
    let said = errors(&output);
    assert!(
        said.contains("sitemap.xml.md") && said.contains("output-conflict"),
        "{said}"
    );
    assert!(tree(&site.path("site")) == before);
}

/// The page stays as it was while it cannot be read; others are saved and shown
/// meanwhile, and mending the file mends the page.
#[cfg(unix)]
#[test]
fn a_server_keeps_the_last_good_page_and_shows_the_others() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("a/page/");
    let mut home = server.tab("");
    fs::remove_file(site.path("docs/a/page.md")).expect("removed");
    let made = std::process::Command::new("mkfifo")
        .arg(site.path("docs/a/page.md"))
        .status();
    assert!(made.expect("mkfifo").success());
    let told = tab.wait_for("problem");
    assert!(told.to_string().contains("docs/a/page.md"), "{told}");
    let kept = server.get("/a/page/");
    assert!(
        kept.status == 200 && kept.body.contains("<h1"),
        "{}",
        kept.body
    );
    assert!(kept.body.contains("Page"), "{}", kept.body);
    site.write("docs/index.md", "# Home\n\nsaved meanwhile\n");
    server.wait_for(&mut home, "/", "saved meanwhile");
    fs::remove_file(site.path("docs/a/page.md")).expect("removed");
    site.write("docs/a/page.md", "# Page\n\nmended\n");
    server.wait_for(&mut tab, "/a/page/", "mended");
}
