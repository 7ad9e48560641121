//! `proofroom review`: the changes as data, as a summary and as a static site.

use std::collections::BTreeSet;
use std::process::Output;

use proofroom::html::{self, Token};
use proofroom::url;
use serde_json::{Value, json};

use super::*;
use crate::harness::stderr;

const CONFIG: &str = "site_name: Example
site_url: https://example.org/docs/
theme:
  name: proofroom
extra_css: [style.css]
extra_javascript: [https://cdn.example/a.js]
markdown_extensions: [pymdownx.snippets]
plugins:
  - redirects:
      redirect_maps:
        moved.md: new.md
";

/// A repository on a branch that has changed much.
fn changed() -> Site {
    let site = repository(&[
        ("mkdocs.yml", CONFIG),
        (
            "docs/index.md",
            "# Home\n\nOne two three.\n\n[A](a.md) [Same](same.md) ![I](i.png)\n\n![B](https://img.example/b.svg)\n",
        ),
        (
            "docs/a.md",
            "# A\n\n## First\n\nText.\n\n![Gone](gone.png)\n\n[Gone](gone.md)\n",
        ),
        ("docs/b.md", "# B\n\n--8<-- \"part.md\"\n"),
        ("docs/same.md", "# Same\n"),
        ("docs/gone.md", "# Gone\n\nBye.\n"),
        ("docs/moved.md", "# New\n\nAnother text.\n"),
        (
            "docs/style.css",
            "@import \"https://fonts.example/f.css\";\nb { background: url(img/back.png) }\n",
        ),
        ("docs/img/back.png", "back"),
        ("docs/i.png", "old"),
        ("docs/gone.png", "gone"),
        ("part.md", "The part.\n"),
    ]);
    let folder = site.path("");
    git(
        &folder,
        &["remote", "add", "origin", "https://github.com/o/r.git"],
    );
    git(&folder, &["checkout", "--quiet", "-b", "feature"]);
    site.write(
        "docs/index.md",
        site.read("docs/index.md").replace("two", "2"),
    );
    site.write("docs/a.md", "# A\n\n## Second\n\nText.\n");
    site.write("docs/i.png", "new");
    site.write("docs/new.md", "# New\n\nIs [not](nowhere.md) here.\n");
    site.write("part.md", "The other part.\n");
    for gone in ["docs/gone.md", "docs/gone.png", "docs/moved.md"] {
        fs::remove_file(site.path(gone)).expect("removed");
    }
    commit(&folder, 1, "Change");
    site
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn data(site: &Site, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["review"], arguments, &["--json"]].concat();
    let output = site.run_successfully(&arguments);
    serde_json::from_slice(&output.stdout).expect("a list")
}

#[test]
fn changes_are_data() {
    let site = changed();
    let list = data(&site, &["main"]);
    let pages: Vec<_> = list
        .iter()
        .map(|it| (it["source"].as_str(), it["status"].as_str()))
        .collect();
    let named = |path, status| (Some(path), Some(status));
    assert_eq!(
        pages,
        [
            named("docs/a.md", "changed"),
            named("docs/b.md", "changed"),
            named("docs/gone.md", "removed"),
            named("docs/index.md", "changed"),
            named("docs/moved.md", "removed"),
            named("docs/new.md", "added"),
            named("mkdocs.yml", "changed"),
        ]
    );
    let head = git(&site.path(""), &["rev-parse", "HEAD"]);
    let mut page = list[1].clone();
    let key = page["changes"][0]["key"].take();
    assert!(key.as_str().is_some_and(|key| key.len() >= 16), "{key}");
    assert_eq!(
        page,
        json!({
            "source": "docs/b.md",
            "address": "/docs/b/",
            "language": null,
            "title": "B",
            "status": "changed",
            "reasons": [{"kind": "snippet", "path": "part.md"}],
            "changes": [{
                "kind": "changed",
                "level": "text",
                "block": "paragraph",
                "before": "The part.",
                "after": "The other part.",
                "line": 3,
                "key": null,
                "forge": format!("https://github.com/o/r/blob/{head}/docs/b.md?plain=1#L3"),
            }],
        })
    );
    // What is around the articles of all comes last, once.
    let cause = list.last().expect("a cause");
    assert_eq!(
        (&cause["address"], &cause["reasons"][0]["kind"]),
        (&json!(""), &json!("nav"))
    );
    assert!(cause["pages"].as_u64().is_some_and(|pages| pages >= 1));
    // A page that was exchanged for a picture, and what was removed, with its line at
    // the base.
    let base = git(&site.path(""), &["rev-parse", "main"]);
    let removed = &list[2]["changes"][0]["forge"];
    assert_eq!(
        removed,
        &json!(format!(
            "https://github.com/o/r/blob/{base}/docs/gone.md?plain=1#L1"
        ))
    );
    let kinds: Vec<_> = list[3]["reasons"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert_eq!(kinds.len(), 2, "{kinds:?}");
}

#[test]
fn two_commits_are_compared_whatever_is_checked_out() {
    let site = changed();
    let folder = site.path("");
    let before: Vec<Value> = data(&site, &["main"]);
    site.write("docs/same.md", "# Other\n");
    let with_more = data(&site, &["main"]);
    let is_there = |it: &Value| it["source"] == "docs/same.md";
    assert!(with_more.iter().any(is_there) && !before.iter().any(is_there));
    assert_eq!(data(&site, &["main", "feature"]), before);
    git(&folder, &["checkout", "--quiet", "--force", "main"]);
    assert_eq!(data(&site, &["main", "feature"]), before);
    let output = site.run(&["review", "main", "nowhere"]);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("`nowhere`"), "{}", stderr(&output));
    // From elsewhere.
    let elsewhere = tempfile::tempdir().expect("a folder");
    let output = crate::harness::proofroom(elsewhere.path())
        .args(["review", "main", "feature", "--json", "--project"])
        .arg(&folder)
        .output()
        .expect("it runs");
    let list: Vec<Value> = serde_json::from_slice(&output.stdout).expect("a list");
    assert_eq!(list, before);
}

#[test]
fn what_is_lost_fails_if_it_is_to() {
    let site = changed();
    let run = |fail_on: &str| site.run(&["review", "main", "-q", "--fail-on", fail_on]);
    let output = run("removed-pages");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "error: 1 address is gone without a redirect: `/docs/gone/`\n"
    );
    let output = run("lost-anchors,new-problems");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(
        said.contains("1 anchor is gone: `/docs/a/#first`"),
        "{said}"
    );
    assert!(
        said.contains("1 problem is new: `nowhere.md` does not exist (docs/new.md:3)"),
        "{said}"
    );
    // With all of it as it was, nothing fails.
    for path in ["docs/gone.md", "docs/a.md", "docs/gone.png"] {
        git(&site.path(""), &["checkout", "--quiet", "main", "--", path]);
    }
    site.write("docs/new.md", "# New\n");
    let output = run("removed-pages,lost-anchors,new-problems");
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(0), String::new())
    );
}

#[test]
fn a_summary_names_what_changed() {
    let site = changed();
    site.write("docs/new.md", "# A *b* | @ann <i>\n");
    let arguments = [
        "review",
        "main",
        "--markdown",
        "--link",
        "https://ci.example/r/",
    ];
    let text = out(&site.run_successfully(&arguments));
    for part in [
        "## 3 pages changed, 1 added and 2 removed\n",
        "[All changes, page by page](https://ci.example/r/review.html)",
        "| [B](https://ci.example/r/b/index.html)<br>`docs/b.md` | changed | 1 in the text | included `part.md` |",
        "- `/docs/gone/` (`docs/gone.md`)",
        "- `/docs/a/`: `#first`",
        "\\| @\u{200b}ann",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("<i>"), "{text}");
}

#[test]
fn nothing_changed() {
    let site = repository(&[("docs/index.md", "# Home\n")]);
    assert_eq!(
        out(&site.run_successfully(&["review"])),
        "Nothing changed for your readers: 1 page is the same.\n"
    );
    assert_eq!(data(&site, &[]), Vec::<Value>::new());
    site.write("mkdocs.yml", "site_name: [\n");
    let output = site.run(&["review"]);
    assert!(!output.status.success());
}

/// Everything below a folder.
fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(below).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below");
                found.insert(name.to_str().expect("UTF-8").to_owned());
            }
        }
    }
    found
}

/// Makes sure that every address in the pages and style sheets of a folder leads to a
/// file of it, and that nothing is loaded from elsewhere.
fn check_folder(folder: &Path) -> BTreeSet<String> {
    let files = files_below(folder);
    for file in files.iter().filter(|it| it.ends_with(".html")) {
        let html = fs::read_to_string(folder.join(file)).expect("a page");
        for (token, _) in html::tokens(&html) {
            let Token::Start {
                name, attributes, ..
            } = token
            else {
                continue;
            };
            let is_link =
                name == "a" || html::attribute(attributes, "rel").as_deref() == Some("canonical");
            for key in ["href", "src", "poster"] {
                let Some(address) = html::attribute(attributes, key) else {
                    continue;
                };
                let path = url::split(&address).0;
                if path.is_empty()
                    || path.starts_with("data:")
                    || (is_link && url::has_scheme(path))
                {
                    continue;
                }
                assert!(!url::is_absolute(path), "{file} loads {address}");
                let path = url::unquote(path).expect("UTF-8");
                let path = url::resolve(&path, file).expect("inside of the folder");
                assert!(files.contains(&path), "{file} leads to {address}, {path}");
            }
        }
    }
    for file in files.iter().filter(|it| it.ends_with(".css")) {
        let css = fs::read_to_string(folder.join(file)).expect("a style sheet");
        let css = css.replace(['"', '\''], "");
        for loaded in ["url(http", "url(//", "@import http", "@import //"] {
            assert!(!css.contains(loaded), "{file}");
        }
    }
    files
}

#[test]
fn the_changed_pages_are_a_site_without_a_server() {
    let site = changed();
    // That this one links to a page that is not there is its own fault.
    site.write("docs/new.md", "# New\n\n[Same](same.md#same)\n");
    let output = site.run_successfully(&["review", "main", "--html", "out"]);
    assert!(
        stderr(&output).contains("Wrote 6 changed pages"),
        "{}",
        stderr(&output)
    );
    assert!(
        stderr(&output).contains("`img.example`"),
        "{}",
        stderr(&output)
    );
    let files = check_folder(&site.path("out"));
    for file in [
        "review.html",
        "index.html",
        "a/index.html",
        "base/a/index.html",
        "gone/index.html",
        "base/gone.png",
        "base/i.png",
        "i.png",
        "style.css",
        "img/back.png",
    ] {
        assert!(files.contains(file), "{file} of {files:?}");
    }
    for file in [
        "same/index.html",
        "base/style.css",
        "base/new/index.html",
        "sitemap.xml",
    ] {
        assert!(!files.contains(file), "{file} of {files:?}");
    }
    let home = site.read("out/index.html");
    assert!(home.contains(">two</del><ins"), "{home}");
    assert!(
        home.contains("href=\"review.html?page=same/#unchanged\""),
        "{home}"
    );
    assert!(home.contains("src=\"base/i.png\""), "{home}");
    assert!(home.contains("Content-Security-Policy"), "{home}");
    assert!(!home.contains(" data-src="), "{home}");
    let given = home.split("data-proofroom-changes>").nth(1).expect("data");
    let given = given.split("</script>").next().expect("an end");
    let given: Value = serde_json::from_str(given).expect("JSON");
    assert_eq!(given["addresses"]["base"], "base/index.html");
    assert_eq!(given["answer"]["next"], "new/index.html");
    let list = site.read("out/review.html");
    assert!(list.contains("href=\"gone/index.html\""), "{list}");
    // Again, what it no longer has goes, and what is somebody else's stays.
    site.write("out/notes.txt", "mine");
    git(
        &site.path(""),
        &[
            "checkout",
            "--quiet",
            "main",
            "--",
            "docs/index.md",
            "docs/i.png",
        ],
    );
    site.run_successfully(&["review", "main", "--html", "out", "-q"]);
    let files = check_folder(&site.path("out"));
    assert!(
        files.contains("notes.txt") && !files.contains("base/i.png"),
        "{files:?}"
    );
    // The list is the first page if the home page is not among them.
    assert_eq!(site.read("out/index.html"), site.read("out/review.html"));
}

#[test]
fn a_folder_of_others_is_refused() {
    let site = changed();
    let refused = |folder: &str| {
        let output = site.run(&["review", "main", "--html", folder]);
        assert_eq!(output.status.code(), Some(1), "{folder}");
        stderr(&output)
    };
    site.write("mine/notes.txt", "mine");
    assert!(refused("mine").contains("no build made"));
    for folder in [".", "docs", "docs/review", ".git/review"] {
        refused(folder);
    }
    site.run_successfully(&["build", "--no-strict"]);
    let before = files_below(&site.path("site"));
    assert!(refused("site").contains("contains a site"));
    assert_eq!(files_below(&site.path("site")), before);
    site.run_successfully(&["review", "main", "--html", "mine", "--adopt"]);
    assert_eq!(site.read("mine/notes.txt"), "mine");
}

#[test]
fn languages_have_their_own_pages() {
    let toml =
        "site_name = \"S\"\n[languages]\nen = { docs = \"docs\" }\nhe = { docs = \"i18n/he\" }\n";
    let site = repository(&[
        ("proofroom.toml", toml),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\nText.\n"),
        ("i18n/he/index.md", "# בית\n\nטקסט.\n"),
    ]);
    site.write("i18n/he/index.md", "# בית\n\nטקסט אחר.\n");
    site.write("docs/a.md", "# A\n\nOther.\n");
    let list = data(&site, &[]);
    let pages: Vec<_> = list
        .iter()
        .map(|it| (it["language"].as_str(), it["address"].as_str()))
        .collect();
    // What is not translated is shown in both.
    assert_eq!(
        pages,
        [
            (Some("en"), Some("/a/")),
            (Some("he"), Some("/he/a/")),
            (Some("he"), Some("/he/"))
        ]
    );
    site.run_successfully(&["review", "--html", "out"]);
    let files = check_folder(&site.path("out"));
    for file in [
        "a/index.html",
        "he/index.html",
        "base/he/index.html",
        "index.html",
    ] {
        assert!(files.contains(file), "{file} of {files:?}");
    }
}
