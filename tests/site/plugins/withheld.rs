//! Pages that a plugin would keep from readers.

use crate::harness::Site as Folder;

use super::Site;

const DRAFT: &str = "---\ndate: 2024-01-01\ndraft: true\n---\n# Plans\n\nunfinished\n";
const SECRET: &str = "---\npassword: x\n---\n# Secret\n\nhidden words\n";

fn site(config: &str) -> Folder {
    let config = format!("site_name: S\nsite_url: https://example.org/\n{config}");
    Folder::new(&[
        ("mkdocs.yml", &config),
        ("docs/index.md", "# Home\n\n[plans](blog/posts/plans.md)\n"),
        ("docs/blog/index.md", "# Blog\n"),
        ("docs/blog/posts/plans.md", DRAFT),
        (
            "docs/blog/posts/done.md",
            "---\ndate: 2024-01-01\n---\n# Done\n",
        ),
        ("docs/secret.md", SECRET),
    ])
}

/// Whether a word stands in any file of the built site.
fn is_published(site: &Folder, word: &str) -> bool {
    let mut folders = vec![site.path("site")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path)
                .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(word))
            {
                return true;
            }
        }
    }
    false
}

#[test]
fn drafts_of_a_blog_are_not_published() {
    let site = site("plugins: [search, blog]\n");
    let output = site.run_successfully(&["build"]);
    for word in ["unfinished", "Plans"] {
        assert!(!is_published(&site, word), "{word}");
    }
    assert!(!site.built("sitemap.xml").contains("plans"));
    assert!(is_published(&site, "Done"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("`blog/posts/plans.md` is not published"),
        "{said}"
    );
    // With the plugin's own option, they are.
    site.write(
        "mkdocs.yml",
        "site_name: S\nplugins: [search, blog: {draft: true}]\n",
    );
    site.run_successfully(&["build"]);
    assert!(is_published(&site, "unfinished"));
}

#[test]
fn what_would_be_encrypted_stops_a_build_unless_a_flag_publishes_it() {
    let site = site("plugins: [search, encryptcontent]\n");
    let output = site.run(&["build"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("error[withheld-page]: `secret.md` is withheld")
            && said.contains("docs/secret.md:2")
            && said.contains("--publish-withheld"),
        "{said}"
    );
    assert!(!site.path("site").exists());
    assert!(!site.run(&["check"]).status.success());
    site.run_successfully(&["check", "--publish-withheld"]);
    let output = site.run_successfully(&["build", "--publish-withheld"]);
    assert!(is_published(&site, "hidden words"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("`secret.md` is published as it is"), "{said}");
}

#[test]
fn pages_that_only_a_plugin_knows_stop_a_build() {
    let site = site("plugins: [select-files]\n");
    let output = site.run(&["build"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("mkdocs.yml:3"), "{said}");
    site.run_successfully(&["build", "--publish-withheld"]);
}

#[test]
fn an_edit_decides_anew_whether_a_page_is_withheld() {
    let mut site = Site::with(
        "plugins: [blog]\n",
        &[
            ("docs/index.md", "# Home\n"),
            ("docs/blog/posts/a.md", "# A\n"),
        ],
    );
    let shown = |site: &Site| {
        site.outputs()
            .iter()
            .any(|it| it == "blog/posts/a/index.html")
    };
    assert!(shown(&site));
    site.write("docs/blog/posts/a.md", "---\ndraft: true\n---\n# A\n");
    assert!(!shown(&site));
    site.write("docs/blog/posts/a.md", "---\ndraft: false\n---\n# A\n");
    assert!(shown(&site));
}
