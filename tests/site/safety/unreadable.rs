use std::fs;

use super::{errors, tree};
use crate::harness::Site;

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

/// A pipe in place of a file, and a dangling link: not even an administrator can
/// read them.
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
                // A file outside the docs need not exist.
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

/// An unreadable file is told apart from a missing one: by the answer, by the page
/// that shows it, and by a check of the whole site.
#[cfg(unix)]
#[test]
fn an_unreadable_image_is_reported_where_it_is_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = env!("CARGO_BIN_EXE_proofroom");
    let Some(mut command) = crate::harness::skip::unprivileged(program) else {
        return;
    };
    let site = site();
    site.write("docs/index.md", "# Home\n\n![image](a/image.png)\n");
    let image = site.path("docs/a/image.png");
    let may_be_read = |yes: bool| {
        let mode = fs::Permissions::from_mode(if yes { 0o644 } else { 0 });
        fs::set_permissions(&image, mode).expect("its owner may");
    };
    may_be_read(false);
    command
        .current_dir(site.path(""))
        .args(["serve", "--dev-addr", "127.0.0.1:0"])
        .stderr(std::process::Stdio::null());
    let server = crate::harness::Server::spawn(command);
    let answer = server.get("/a/image.png");
    assert_eq!(answer.status, 500);
    for part in ["docs/a/image.png", "ermission denied"] {
        assert!(answer.body.contains(part), "{}", answer.body);
    }
    assert_eq!(server.get("/a/other.png").status, 404);
    let mut home = server.tab("");
    let told = home.wait_for("problem").to_string();
    assert!(
        told.contains("docs/a/image.png") && told.contains("unreadable"),
        "{told}"
    );
    may_be_read(true);
    // A change of permissions is not a change of the file; a save is.
    site.write("docs/a/image.png", "image again");
    server.wait_for(&mut home, "/a/image.png", "image again");
    drop(server);
    may_be_read(false);
    for arguments in ["build", "check"] {
        let mut command = crate::harness::skip::unprivileged(program).expect("as before");
        command.current_dir(site.path("")).arg(arguments);
        let output = command.output().expect("it runs");
        assert!(!output.status.success(), "{arguments}");
        let said = errors(&output) + &String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("docs/a/image.png"), "{arguments}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn the_lock_of_an_editor_is_ignored() {
    let site = site();
    std::os::unix::fs::symlink("me@host.1:2", site.path("docs/.#index.md")).expect("a link");
    let output = site.run(&["build", "--strict"]);
    assert!(output.status.success(), "{}", errors(&output));
}

#[test]
fn conflicting_outputs_are_reported_before_anything_is_written() {
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

/// The page stays as it was while its file is unreadable. Others are saved and shown
/// meanwhile, and repairing the file repairs the page.
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
