//! What never ends, and what is deeper than any stack: in pages and in
//! templates, of a build and of a server that people write with.

use super::{errors, tree};
use crate::harness::{Site, Tab};

/// Endless, ever longer, and deep.
fn hostile() -> Vec<String> {
    vec![
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}".to_owned(),
        format!(
            "{{% set s = 'x' %}}{}{{{{ s }}}}",
            "{% set s = s ~ s %}".repeat(60)
        ),
        "{{ range(99999)|join('x' * 1000000) }}".to_owned(),
        format!("{{{{ 1{} }}}}", "+1".repeat(5500)),
        "{% set ns = namespace() %}{% for i in range(33750) %}{% set ns.x = [ns.x] %}{% endfor %}"
            .to_owned(),
    ]
}

fn site() -> Site {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\ntheme:\n  name: material\n  custom_dir: overrides\nplugins: [macros]\n",
        ),
        ("docs/index.md", "# Home\n\nAt home.\n"),
        ("docs/page.md", "# Page\n\nFirst words.\n"),
        ("overrides/main.html", "{% extends \"base.html\" %}\n"),
    ]);
    assert!(site.run(&["build"]).status.success());
    site
}

#[test]
fn a_build_reports_what_never_ends() {
    for text in hostile() {
        let shown: String = text.chars().take(80).collect();
        let site = site();
        let before = tree(&site.path("site"));
        site.write("docs/page.md", format!("# Page\n\n{text}\n"));
        let output = site.run(&["build", "--strict"]);
        assert_eq!(output.status.code(), Some(1), "{shown}");
        let said = errors(&output);
        assert!(said.contains("docs/page.md:3"), "{shown}: {said}");
        site.write("docs/page.md", "# Page\n");
        site.write(
            "overrides/main.html",
            format!(
                "{{% extends \"base.html\" %}}\n{{% block content %}}\n{text}{{% endblock %}}\n"
            ),
        );
        let output = site.run(&["build"]);
        assert_eq!(output.status.code(), Some(1), "{shown}");
        let said = errors(&output);
        assert!(said.contains("overrides/main.html:3"), "{shown}: {said}");
        assert!(tree(&site.path("site")) == before, "{shown}");
    }
}

/// Waits until a tab is told of a fault in a file.
fn told(tab: &mut Tab, file: &str) {
    // That there is none any more is told in the same way.
    while !tab.wait_for("problem").to_string().contains(file) {}
}

#[test]
fn a_server_keeps_working_while_a_page_never_ends() {
    let site = site();
    let server = site.serve();
    let mut home = server.tab("");
    let mut tab = server.tab("page/");
    for (nth, text) in hostile().into_iter().enumerate() {
        site.save("docs/page.md", &format!("# Page\n\n{text}\n"));
        site.save("docs/index.md", &format!("# Home\n\nsaved {nth}\n"));
        server.wait_for(&mut home, "/", &format!("saved {nth}"));
        told(&mut tab, "docs/page.md");
        assert_eq!(server.get("/").status, 200);
        site.save("docs/page.md", &format!("# Page\n\nmended {nth}\n"));
        server.wait_for(&mut tab, "/page/", &format!("mended {nth}"));
    }
}

#[test]
fn a_server_keeps_working_while_a_template_never_ends() {
    let site = site();
    let server = site.serve();
    let mut home = server.tab("");
    for (nth, text) in hostile().into_iter().enumerate() {
        let shown: String = text.chars().take(80).collect();
        let main = "{% extends \"base.html\" %}\n";
        site.save(
            "overrides/main.html",
            &format!("{main}{{% block content %}}\n{text}{{% endblock %}}\n"),
        );
        told(&mut home, "overrides/main.html");
        // The last good page stays, and what no template makes is there.
        let kept = server.get("/");
        assert!(
            kept.status == 200 && kept.body.contains("<h1"),
            "{shown}: {}",
            kept.body
        );
        site.save("docs/index.md", &format!("# Home\n\nsaved {nth}\n"));
        site.save("overrides/main.html", main);
        server.wait_for(&mut home, "/", &format!("saved {nth}"));
    }
}
