//! The button that fixes a problem.

use serde_json::json;

use crate::harness::{Server, Site};

const PAGE: &str = "# A\n\n[a](instal.md) `[a](instal.md)` [b](instal.md)\n";

fn site() -> Site {
    Site::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/install.md", "# Install\n"),
        ("docs/index.md", PAGE),
    ])
}

#[test]
fn a_page_fixes_a_problem_and_nobody_else_does() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("");
    let found = tab.wait_for("problem");
    let problem = &found["problems"][0];
    let span = &problem["fix"]["span"];
    let wish = |text: &str, line: u32| {
        json!({
            "rule": problem["rule"], "path": span["path"], "line": line,
            "column": span["column"], "excerpt": span["excerpt"], "text": text,
        })
        .to_string()
    };
    let good = wish("install.md", 3);
    let origin = format!("http://{}", server.host());
    let own = [("Host", server.host()), ("Origin", &origin)];
    let fix = |headers: &[(&str, &str)], body: &str| {
        server
            .send("POST", "/__proofroom/fix", headers, body)
            .status
    };
    let evil = [("Host", server.host()), ("Origin", "http://evil.example")];
    let foreign = [("Host", "evil.example"), ("Origin", &origin)];
    let proxied = [own[0], own[1], ("X-Forwarded-For", "192.0.2.7")];
    let forwarded = [own[0], own[1], ("Forwarded", "for=192.0.2.7")];
    for (headers, body, status) in [
        (&own[..1], good.as_str(), 403),
        (&evil[..], &good, 403),
        (&foreign[..], &good, 403),
        (&proxied[..], &good, 403),
        (&forwarded[..], &good, 403),
        // Only what the site reports is written, and only where it says.
        (&own[..], &wish("evil.md", 3), 409),
        (&own[..], &wish("install.md", 4), 409),
        (&own[..], "{}", 400),
    ] {
        assert_eq!(fix(headers, body), status, "{headers:?} {body}");
        assert_eq!(site.read("docs/index.md"), PAGE);
    }
    assert_eq!(server.get("/__proofroom/fix").status, 405);
    assert_eq!(fix(&own, &good), 200);
    let fixed = "# A\n\n[a](install.md) `[a](instal.md)` [b](instal.md)\n";
    assert_eq!(site.read("docs/index.md"), fixed);
    // The line is another now: the fix has to be made anew.
    assert_eq!(fix(&own, &good), 409);
    assert_eq!(site.read("docs/index.md"), fixed);
    let left = tab.wait_for("problem");
    assert_eq!(left["problems"].as_array().map(Vec::len), Some(1), "{left}");
}

#[test]
fn a_visitor_of_a_shared_site_may_not_fix() {
    let site = site();
    let arguments = ["--dev-addr", "127.0.0.1:0", "--share"];
    let server = Server::start(&site.path(""), &arguments);
    let origin = format!("http://{}", server.host());
    let own = [("Host", server.host()), ("Origin", &origin)];
    let status = server.send("POST", "/__proofroom/fix", &own, "{}").status;
    assert_eq!(status, 403);
}

#[test]
fn warnings_of_the_configuration_and_the_nav_are_shown_in_pages() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nwombat: 1\nnav: [index.md, gone.md]\n",
        ),
        ("docs/index.md", "# A\n"),
    ]);
    let server = site.serve();
    let found = server.tab("").wait_for("problem");
    let rules = found["problems"].as_array().expect("problems").iter();
    let rules: Vec<_> = rules.filter_map(|it| it["rule"].as_str()).collect();
    for rule in ["unknown-key", "missing-nav-page"] {
        assert!(rules.contains(&rule), "{rules:?}");
    }
}

/// A translation is looked at by itself: another one may be as broken as it is.
#[test]
fn a_translation_is_fixed_in_its_own_language() {
    let site = Site::new(&[
        (
            "proofroom.toml",
            "site_name = \"S\"\n[languages]\nen = { docs = \"docs\" }\n\
             de = { docs = \"i18n/de\" }\nfr = { docs = \"i18n/fr\" }\n",
        ),
        ("docs/index.md", "# A\n"),
        ("docs/install.md", "# Install\n"),
        ("i18n/de/index.md", "# A\n\n[a](instal.md)\n"),
        ("i18n/fr/index.md", "# A\n\n[a](gone.md)\n"),
    ]);
    let server = site.serve();
    let found = server.tab("de/").wait_for("problem");
    let problem = &found["problems"][0];
    let span = &problem["fix"]["span"];
    let wish = json!({
        "rule": problem["rule"], "path": span["path"], "line": span["line"],
        "column": span["column"], "excerpt": span["excerpt"], "text": problem["fix"]["text"],
    });
    let origin = format!("http://{}", server.host());
    let own = [("Host", server.host()), ("Origin", &origin)];
    let answer = server.send("POST", "/__proofroom/fix", &own, &wish.to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(site.read("i18n/de/index.md"), "# A\n\n[a](install.md)\n");
}
