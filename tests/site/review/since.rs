//! `check --since`: what is new since a base.

use serde_json::Value;

use super::*;

const CONFIG: &str = "site_name: Example\nmarkdown_extensions: [attr_list, footnotes]\n";

/// Rules, places and help of what is new since a base, with the exit status.
fn new_since(site: &Site, base: &str, more: &[&str]) -> (Vec<String>, bool) {
    let arguments = [&["check", "--json", "--since", base], more].concat();
    let output = site.run(&arguments);
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = lines.lines().map(|line| {
        let found: Value = serde_json::from_str(line).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (rule, severity) = (text(&found["rule"]), text(&found["severity"]));
        let span = &found["span"];
        let place = format!("{}:{}", text(&span["path"]), span["line"]);
        format!("{severity} {rule} {place} {}", text(&found["help"]))
    });
    (said.collect(), output.status.success())
}

/// Why a review fails.
fn fails_by(site: &Site, fail_on: &str) -> String {
    let output = site.run(&["review", "main", "-q", "--fail-on", fail_on]);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(lines: &[&str]) -> String {
    lines.join("\n\n") + "\n"
}

#[test]
fn only_what_a_branch_does_to_a_site_is_said() {
    let page = |heading: &str| {
        text(&[
            "# Guide",
            "Text of the guide, which is long enough to be known again.",
            "[old](nowhere.md)",
            &format!("## {heading}"),
            "More text[^1].",
            "[^1]: A note.",
        ])
    };
    let site = repository(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n\n[gone](gone.md)\n"),
        ("docs/guide.md", &page("Install")),
        (
            "docs/removed.md",
            "# Removed\n\nNobody has this elsewhere.\n",
        ),
        ("docs/to-file.md", "# File\n\nAnother text for a file.\n"),
    ]);
    let folder = site.path("");
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    assert_eq!(new_since(&site, "main", &["--strict"]), (Vec::new(), true));
    // The base goes on, which does not matter.
    git(&folder, &["checkout", "--quiet", "main"]);
    site.write("docs/later.md", "# Later\n");
    commit(&folder, 1, "Later");
    git(&folder, &["checkout", "--quiet", "work"]);
    // On another line, with a new one below it.
    site.write(
        "docs/index.md",
        "# Home\n\nNew.\n\n[gone](gone.md)\n\n[new](new.md)\n",
    );
    git(&folder, &["mv", "docs/guide.md", "docs/manual.md"]);
    site.write("docs/manual.md", page("Set up"));
    fs::remove_file(site.path("docs/removed.md")).expect("removed");
    fs::remove_file(site.path("docs/to-file.md")).expect("removed");
    site.write("docs/to-file/index.html", "<p>A file</p>\n");
    let expected = [
        "warning lost-address docs/guide.md:1 add `guide.md: manual.md` to `redirect_maps` of the plugin `redirects`",
        "warning lost-anchor docs/guide.md:7 keep the id: write `{ #install }` behind the heading `Set up`",
        "warning missing-page docs/index.md:7 ",
        "warning lost-address docs/removed.md:1 if readers find the same on another page, add `removed.md: other.md` to `redirect_maps` of the plugin `redirects`",
    ];
    let found = new_since(&site, "main", &[]);
    assert_eq!(found, (expected.map(str::to_owned).to_vec(), true));
    assert!(!new_since(&site, "main", &["--strict"]).1);
    assert_eq!(
        fails_by(&site, "removed-pages,lost-anchors"),
        "error: 2 addresses are gone without a redirect: `/guide/`, `/removed/`\n\
         error: 1 anchor is gone: `/guide/#install`\n"
    );
    // What the help says is what helps.
    let plugins = "plugins:\n  - redirects:\n      redirect_maps: {guide.md: manual.md, removed.md: index.md}\n";
    site.write("mkdocs.yml", format!("{CONFIG}{plugins}"));
    let manual = page("Set up").replace("## Set up", "## Set up { #install }");
    site.write("docs/manual.md", manual);
    site.write("docs/index.md", "# Home\n\n[gone](gone.md)\n");
    commit(&folder, 2, "Mend");
    assert_eq!(new_since(&site, "main", &["--strict"]).0, [""; 0]);
    let output = site.run(&["check", "--since", "main"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.starts_with("No new problems since the merge base of "),
        "{said}"
    );
}

#[test]
fn anchors_of_a_page_are_looked_for_where_it_redirects_to() {
    let plugins = "plugins:\n  - redirects:\n      redirect_maps: {old.md: new.md#one}\n";
    let site = repository(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n"),
        ("docs/new.md", "# New\n\nOf its own.\n"),
        (
            "docs/old.md",
            "# Old\n\n## One\n\nText.\n\n## Two\n\n<a id=\"three\"></a>\n",
        ),
    ]);
    fs::remove_file(site.path("docs/old.md")).expect("removed");
    site.write("mkdocs.yml", format!("{CONFIG}{plugins}"));
    site.write("docs/new.md", "# New\n\nOf its own.\n\n## One\n\nText.\n");
    let (found, _) = new_since(&site, "main", &[]);
    let help =
        |id: &str| format!("keep the id: write `<a id=\"{id}\"></a>` where links to it lead");
    assert_eq!(
        found,
        [
            format!("warning lost-anchor docs/old.md:7 {}", help("two")),
            format!("warning lost-anchor docs/old.md:9 {}", help("three")),
        ]
    );
    assert_eq!(
        fails_by(&site, "removed-pages,lost-anchors"),
        "error: 2 anchors are gone: `/old/#three`, `/old/#two`\n"
    );
}

#[test]
fn the_host_may_redirect_and_drafts_were_never_there() {
    let site = repository(&[
        ("mkdocs.yml", "site_name: Example\ndraft_docs: draft.md\n"),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\nOne of two.\n"),
        ("docs/b/c.md", "# C\n\nAnother page.\n"),
        ("docs/draft.md", "# Draft\n\nNot yet.\n"),
        ("docs/kept.md", "# Kept\n\nIt becomes a draft.\n"),
    ]);
    for path in ["docs/a.md", "docs/b/c.md", "docs/draft.md"] {
        fs::remove_file(site.path(path)).expect("removed");
    }
    site.write("docs/_redirects", "# Of the host\n/a / 301\n/b/* /:splat\n");
    site.write("mkdocs.yml", "site_name: Example\ndraft_docs: kept.md\n");
    let (found, _) = new_since(&site, "main", &[]);
    let lost: Vec<&String> = found
        .iter()
        .filter(|it| it.contains("lost-address"))
        .collect();
    assert_eq!(lost.len(), 1, "{found:?}");
    assert!(lost[0].contains("docs/kept.md"), "{lost:?}");
    // A review finds the same.
    assert_eq!(
        fails_by(&site, "removed-pages"),
        "error: 1 address is gone without a redirect: `/kept/`\n"
    );
}

#[test]
fn a_base_that_is_not_there_is_an_error() {
    let site = repository(&[("docs/index.md", "# Home\n")]);
    let output = site.run(&["check", "--since", "nowhere"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("nowhere"), "{said}");
    let output = site.run(&["check", "--since", "main", "--config"]);
    assert!(!output.status.success());
}
