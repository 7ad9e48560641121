//! What `check` says, in which form, and of which site.

use std::fs;

use crate::harness::remote::{Answer, Remote};
use crate::harness::{Site, stderr, stdout};

#[test]
fn a_baseline_leaves_out_what_is_known_and_nothing_else() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/index.md", "# A\n\n[a](gone.md)\n"),
    ]);
    let check = &["check", "--strict", "--baseline", "known.json"][..];
    let missing = site.run(check);
    assert!(!missing.status.success());
    assert!(stderr(&missing).contains("--write-baseline"));
    site.run_successfully(&["check", "--baseline", "known.json", "--write-baseline"]);
    site.write("docs/index.md", "# A\n\nmore\n\n[a](gone.md)\n");
    let known = site.run_successfully(check);
    assert!(
        stderr(&known).contains("not shown: 1"),
        "{}",
        stderr(&known)
    );
    site.write("docs/index.md", "# A\n\n[a](gone.md)\n\n[b](gone.md)\n");
    let new = site.run(check);
    assert!(!new.status.success());
    assert_eq!(stderr(&new).matches("missing-page").count(), 1);
    site.write("docs/index.md", "# A\n");
    let gone = site.run_successfully(check);
    assert!(stderr(&gone).contains("are gone: 1"), "{}", stderr(&gone));
}

#[test]
fn problems_are_shown_in_the_formats_of_others() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/index.md", "# A\n\n[a](gone.md)\n"),
    ]);
    let github = site.run(&["check", "--format", "github"]);
    assert_eq!(
        stdout(&github),
        "::warning file=docs/index.md,line=3,endLine=3,col=5,endColumn=12,title=missing-page::\
         `gone.md` does not exist\n"
    );
    let sarif = site.run(&["check", "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_slice(&sarif.stdout).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "missing-page");
    for (flags, kind) in [(&[][..], "problem"), (&["--config"], "key")] {
        let arguments = [&["check", "--format", "json"], flags].concat();
        let text = stdout(&site.run(&arguments));
        let first = text.lines().next().expect("a line");
        let first: serde_json::Value = serde_json::from_str(first).expect("JSON");
        assert_eq!(
            (&first["version"], &first["type"]),
            (&1.into(), &kind.into())
        );
    }
}

#[test]
fn a_folder_of_the_docs_belongs_to_its_site() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/index.md", "# A\n"),
        ("docs/guide/a.md", "# A\n\n[a](../gone.md)\n"),
        ("notes/index.md", "# Notes\n"),
    ]);
    let check = |folder: &str| {
        let mut command = crate::harness::proofroom(&site.path(folder));
        stderr(&command.arg("check").output().expect("it runs"))
    };
    // There is no repository.
    assert!(!check("docs/guide").contains("belongs to"));
    fs::create_dir(site.path(".git")).expect("a folder");
    let said = check("docs/guide");
    assert!(
        said.contains("belongs to the site") && said.contains("docs/guide/a.md:3:5"),
        "{said}"
    );
    // What is not in the docs is a site by itself.
    assert!(!check("notes").contains("belongs to"));
}

#[test]
fn an_address_without_host_or_port_is_refused_with_an_example() {
    let site = Site::new(&[("index.md", "# A\n")]);
    for (address, example) in [
        ("8000x", "127.0.0.1:8000"),
        ("8711", "127.0.0.1:8711"),
        ("localhost:http", "127.0.0.1:8000"),
    ] {
        let output = site.run(&["serve", "-a", address]);
        let said = stderr(&output);
        assert!(
            !output.status.success() && said.contains(example),
            "{address}: {said}"
        );
        assert!(said.contains("HOST:PORT"), "{address}: {said}");
    }
}

#[test]
fn names_in_templates_that_there_are_not_get_a_suggestion() {
    for (template, meant) in [
        ("{{ config.site_name | uper }}", "upper"),
        ("{% if page is definde %}{% endif %}", "defined"),
        ("{% inclde 'a.html' %}", "include"),
    ] {
        let site = Site::new(&[
            (
                "mkdocs.yml",
                "site_name: S\ntheme: {name: mkdocs, custom_dir: over}\n",
            ),
            ("docs/index.md", "# A\n"),
            ("over/main.html", template),
        ]);
        let said = stderr(&site.run(&["check"]));
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
    }
}

#[test]
fn a_status_that_is_misspelled_is_named() {
    for (status, extra, is_named) in [
        ("deprecatd", "", true),
        ("new", "", false),
        ("wombat", "", false),
        ("beta", "extra: {status: {beta: In testing}}\n", false),
        ("bteta", "extra: {status: {beta: In testing}}\n", true),
    ] {
        let site = Site::new(&[
            ("mkdocs.yml", &format!("site_name: S\n{extra}")),
            (
                "docs/index.md",
                &format!("---\nstatus: {status}\n---\n# A\n"),
            ),
        ]);
        let said = stderr(&site.run(&["check"]));
        assert_eq!(said.contains("unknown-type"), is_named, "{status} {said}");
    }
}

#[test]
fn links_to_other_sites_are_checked_only_when_that_is_asked_for() {
    let remote = Remote::start();
    let page = format!(
        "# A\n\n[a](http://{0}/here#x) [b](http://{0}/gone)\n\n`[c](http://{0}/code)` <http://{0}/gone>\n\n<p><a href=\"http://{0}/lost\">d</a></p>\n",
        remote.host
    );
    let here = Answer {
        status: 200,
        ..Answer::default()
    };
    remote.answers.lock().insert("/here".to_owned(), here);
    let site = Site::new(&[("mkdocs.yml", "site_name: S\n"), ("docs/index.md", &page)]);
    site.run_successfully(&["check", "--strict"]);
    assert_eq!(remote.take_asked(), [""; 0]);
    // This machine is private.
    let refused = stderr(&site.run(&["check", "--external"]));
    assert_eq!(remote.take_asked(), [""; 0]);
    assert!(refused.contains("--fetch-private"), "{refused}");
    let check = &["check", "--external", "--fetch-private", "--format", "json"][..];
    let found = || {
        let text = stdout(&site.run(check));
        let lines = text.lines().filter(|line| line.contains("dead-link"));
        lines
            .map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
                (
                    line["span"]["line"].as_u64(),
                    line["span"]["column"].as_u64(),
                )
            })
            .collect::<Vec<_>>()
    };
    let dead = found();
    assert_eq!(
        remote.take_asked(),
        ["/gone", "/gone", "/here", "/lost", "/lost"]
    );
    assert_eq!(dead.len(), 3, "{dead:?}");
    assert_eq!((dead[0].0, dead[1].0), (Some(3), Some(5)));
    assert_eq!(dead[2], (Some(7), Some(13)));
    // What was there is known, what was not is asked for again.
    assert_eq!(found(), dead);
    assert_eq!(remote.take_asked(), ["/gone", "/gone", "/lost", "/lost"]);
}
