use std::fs;

use super::{errors, tree};
use crate::harness::Site;

const MANIFEST: &str = "site/.proofroom-manifest";

fn site() -> Site {
    Site::new(&[
        (
            "p/mkdocs.yml",
            "site_name: S\ntheme: {custom_dir: overrides}\nmarkdown_extensions: [pymdownx.snippets]\n",
        ),
        ("p/docs/index.md", "# Home\n\n--8<-- \"parts/part.md\"\n"),
        ("p/docs/old.md", "# Old\n"),
        ("p/parts/part.md", "part\n"),
        ("p/overrides/x.css", "x {}\n"),
        ("p/.git/HEAD", "ref: refs/heads/main\n"),
        ("beside/precious.txt", "mine\n"),
    ])
}

#[test]
fn folders_of_sources_are_refused_as_site_folder() {
    let site = site();
    fs::create_dir_all(site.path("p/empty")).expect("a folder");
    let before = tree(&site.path(""));
    for flags in [&["build", "p"][..], &["build", "p", "--adopt"]] {
        for folder in [
            ".",
            "..",
            "p",
            "p/docs",
            "p/docs/site",
            "p/parts",
            "p/overrides",
            "p/overrides/site",
            "p/.git",
            "p/.git/site",
            "/",
            "p/empty/../docs",
            "p/mkdocs.yml",
        ] {
            let output = site.run(&[flags, &["-d", folder]].concat());
            assert!(!output.status.success(), "{flags:?} {folder}");
            assert!(
                errors(&output).contains("error:"),
                "{folder}: {}",
                errors(&output)
            );
            assert!(
                tree(&site.path("")) == before,
                "{flags:?} {folder} changed something"
            );
        }
    }
    for setting in ["..", ".", "docs", "docs/x", "parts", ".git/x"] {
        site.write(
            "p/mkdocs.yml",
            format!(
                "site_name: S\nsite_dir: {setting}\nmarkdown_extensions: [pymdownx.snippets]\n"
            ),
        );
        let before = tree(&site.path(""));
        let output = site.run(&["build", "p", "--adopt"]);
        assert!(!output.status.success(), "{setting}");
        assert!(
            tree(&site.path("")) == before,
            "{setting} changed something"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_to_sources_and_the_home_folder_are_refused_as_site_folder() {
    let site = site();
    std::os::unix::fs::symlink(site.path("p"), site.path("beside/link")).expect("a link");
    std::os::unix::fs::symlink("../p/docs", site.path("beside/docs")).expect("a link");
    let before = tree(&site.path(""));
    for folder in [
        "beside/link",
        "beside/docs",
        "beside/docs/x",
        "beside/link/parts",
    ] {
        let output = site.run(&["build", "p", "--adopt", "-d", folder]);
        assert!(!output.status.success(), "{folder}");
        assert!(tree(&site.path("")) == before, "{folder} changed something");
    }
    let home = std::process::Command::new(env!("CARGO_BIN_EXE_proofroom"))
        .args(["build", "p", "--adopt", "-d", "beside"])
        .current_dir(site.path(""))
        .env("HOME", site.path("beside"))
        .output()
        .expect("it runs");
    assert!(!home.status.success() && tree(&site.path("")) == before);
}

#[test]
fn a_folder_that_no_build_made_is_adopted_only_when_asked() {
    let site = site();
    for (path, text) in [("out/notes.txt", "mine"), ("out/index.html", "theirs")] {
        site.write(path, text);
    }
    let before = tree(&site.path("out"));
    let output = site.run(&["build", "p", "-d", "out"]);
    assert!(!output.status.success());
    assert!(errors(&output).contains("--adopt"), "{}", errors(&output));
    assert!(tree(&site.path("out")) == before);
    let output = site.run(&["build", "p", "-d", "out", "--adopt"]);
    assert!(output.status.success(), "{}", errors(&output));
    let after = tree(&site.path("out"));
    assert_eq!(after["notes.txt"], b"mine");
    assert!(after["index.html"].starts_with(b"<!doctype html>"));
    // From now on it is known.
    assert!(site.run(&["build", "p", "-d", "out"]).status.success());
}

#[test]
fn only_what_a_build_made_goes_with_its_source() {
    let site = site();
    assert!(site.run(&["build", "p", "-d", "site"]).status.success());
    let manifest = fs::read_to_string(site.path(MANIFEST)).expect("a manifest");
    assert!(manifest.contains("old/index.html") && !manifest.contains("/tmp"));
    for path in [
        "site/CNAME",
        "site/.git/config",
        "site/old/mine.txt",
        "site/assets/mine.css",
    ] {
        site.write(path, "mine");
    }
    fs::create_dir(site.path("site/.well-known")).expect("a folder");
    fs::remove_file(site.path("p/docs/old.md")).expect("removed");
    let output = site.run(&["build", "p", "-d", "site"]);
    assert!(output.status.success(), "{}", errors(&output));
    for path in [
        "site/CNAME",
        "site/.git/config",
        "site/old/mine.txt",
        "site/assets/mine.css",
    ] {
        assert_eq!(fs::read(site.path(path)).expect(path), b"mine");
    }
    assert!(!site.path("site/old/index.html").exists());
    assert!(site.path("site/.well-known").is_dir());
    let names: Vec<_> = fs::read_dir(site.path("")).expect("a folder").collect();
    assert_eq!(names.len(), 3, "nothing is left beside the site: {names:?}");
}

#[test]
fn a_file_that_no_build_made_is_never_overwritten() {
    let site = site();
    assert!(site.run(&["build", "p", "-d", "site"]).status.success());
    site.write("site/new/index.html", "mine");
    site.write("p/docs/new.md", "# New\n");
    let before = tree(&site.path("site"));
    let output = site.run(&["build", "p", "-d", "site"]);
    assert!(!output.status.success());
    assert!(
        errors(&output).contains("new/index.html"),
        "{}",
        errors(&output)
    );
    assert!(tree(&site.path("site")) == before);
}

#[test]
fn a_site_of_mkdocs_is_taken_over_as_mkdocs_would_clean_it() {
    let generator = "<html><head><meta name=\"generator\" content=\"mkdocs-1.6.1\"></head></html>";
    for (page, more) in [
        (generator, None),
        ("<html></html>", Some("search/search_index.json")),
    ] {
        let site = site();
        for path in ["index.html", "404.html", "gone/index.html", "sitemap.xml"] {
            site.write(&format!("site/{path}"), page);
        }
        if let Some(more) = more {
            site.write(&format!("site/{more}"), "{}");
        }
        for path in ["CNAME", ".nojekyll", ".git/HEAD"] {
            site.write(&format!("site/{path}"), "mine");
        }
        let output = site.run(&["build", "p", "-d", "site"]);
        assert!(output.status.success(), "{}", errors(&output));
        assert!(errors(&output).contains("MkDocs"), "{}", errors(&output));
        let after = tree(&site.path("site"));
        assert!(!after.contains_key("gone/index.html"));
        for path in ["CNAME", ".nojekyll", ".git/HEAD"] {
            assert_eq!(after[path], b"mine", "{path}");
        }
    }
}

#[test]
fn a_manifest_cannot_name_files_elsewhere() {
    let site = site();
    assert!(site.run(&["build", "p", "-d", "site"]).status.success());
    let manifest = fs::read_to_string(site.path(MANIFEST)).expect("a manifest");
    site.write(MANIFEST, format!("{manifest}../beside/precious.txt\n"));
    let output = site.run(&["build", "p", "-d", "site"]);
    assert!(!output.status.success());
    assert!(site.path("beside/precious.txt").is_file());
}

#[cfg(unix)]
#[test]
fn a_link_as_site_folder_stays_a_link() {
    let site = site();
    for there in [true, false] {
        let (target, link) = (format!("real-{there}"), format!("link-{there}"));
        if there {
            fs::create_dir(site.path(&target)).expect("a folder");
        }
        std::os::unix::fs::symlink(&target, site.path(&link)).expect("a link");
        for _ in 0..2 {
            let output = site.run(&["build", "p", "-d", &link]);
            assert!(output.status.success(), "{}", errors(&output));
        }
        assert!(site.path(&link).is_symlink());
        assert!(site.path(&target).join("index.html").is_file());
    }
}

/// What someone puts in the place of a folder of ours is theirs, with all that it leads
/// to, whatever the names of our files were.
#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_folder_of_ours_leads_to_files_of_others() {
    let site = site();
    site.write("p/docs/part/page.md", "# Page\n");
    assert!(site.run(&["build", "p", "-d", "site"]).status.success());
    site.write("beside/part/page/index.html", "mine\n");
    let before = tree(&site.path("beside"));
    for place in ["site/part", "site/old"] {
        fs::remove_dir_all(site.path(place)).expect("removed");
    }
    for (target, link) in [("../beside/part", "site/part"), ("../beside", "site/old")] {
        std::os::unix::fs::symlink(target, site.path(link)).expect("a link");
    }
    // Their sources are gone, so that nothing is in the way.
    fs::remove_dir_all(site.path("p/docs/part")).expect("removed");
    fs::remove_file(site.path("p/docs/old.md")).expect("removed");
    let output = site.run(&["build", "p", "-d", "site"]);
    assert!(output.status.success(), "{}", errors(&output));
    assert!(tree(&site.path("beside")) == before);
    for link in ["site/part", "site/old"] {
        assert!(site.path(link).is_symlink(), "{link}");
    }
}

#[test]
fn the_day_of_a_build_changes_no_byte() {
    use proofroom::files::{Disk, NoHistory};
    use proofroom::session::Sites;
    use proofroom::site::Invocation;
    use std::sync::Arc;
    let site = site();
    let disk = Disk::new(&site.path("p")).expect("a project");
    for (moment, folder) in [(1_700_000_000, "../one"), (1_800_000_000, "../two")] {
        let call = Invocation {
            moment: moment.into(),
            folder_name: "p".to_owned(),
            ..Invocation::default()
        };
        let sites = Sites::new(Arc::new(disk.clone()), Arc::new(NoHistory), call);
        let options = proofroom::build::Options {
            site_dir: Some(folder.into()),
            ..Default::default()
        };
        let report = proofroom::build::build(&disk, &sites, &options, None, &|_, _| {}, &|_| {});
        assert!(report.expect("built").written);
    }
    let (one, two) = (tree(&site.path("one")), tree(&site.path("two")));
    assert!(one.contains_key("sitemap.xml.gz") && one == two);
}
