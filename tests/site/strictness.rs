//! What decides whether a site passes.

use crate::harness::Site;

#[test]
fn flags_decide_whether_a_site_is_strict() {
    let page = ("docs/index.md", "# A\n\n[a](gone.md)\n");
    let strict = Site::new(&[("mkdocs.yml", "site_name: S\nstrict: true\n"), page]);
    let lenient = Site::new(&[("mkdocs.yml", "site_name: S\n"), page]);
    for (site, flags, succeeds) in [
        (&strict, &[][..], false),
        (&strict, &["--no-strict"], true),
        (&strict, &["--strict", "--no-strict"], true),
        (&strict, &["--no-strict", "--strict"], false),
        (&lenient, &[], true),
        (&lenient, &["--strict"], false),
    ] {
        for command in ["build", "check"] {
            let arguments = [&[command][..], flags].concat();
            let output = site.run(&arguments);
            assert_eq!(output.status.success(), succeeds, "{arguments:?}");
        }
    }
}

#[test]
fn a_template_that_a_page_names_is_looked_up_in_the_theme() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/index.md", "# A\n"),
        (
            "docs/old.md",
            "---\ntemplate: redirect.html\nlocation: /new/?a&b\n---\n",
        ),
    ]);
    site.run_successfully(&["build", "--strict"]);
    let page = site.built("old/index.html");
    assert!(page.contains("content=\"0;url=/new/?a&amp;b\""), "{page}");
    site.write("docs/old.md", "---\nhide: []\ntemplate: gone.html\n---\n");
    let output = site.run(&["build"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("docs/old.md:3"),
        "{said}"
    );
}
