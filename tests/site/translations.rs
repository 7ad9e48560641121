//! How old passages of translations are, by histories that are made here.

use std::fs;

use serde_json::Value;

use crate::harness::git::{commit, git};
use crate::harness::{Site, stdout};

const CONFIG: &str = "[languages]\ndefault = \"en\"\nen = { docs = \"docs\" }\n\
                      de = { docs = \"i18n/de\", fallback = true }\n";

/// The source. Each paragraph has a link of its own, as many pages do.
pub(super) const ENGLISH: &str = "# Messengers\n\n\
    The first paragraph recommends [Signal](https://signal.org) to all people.\n\n\
    The second paragraph says that 2 keys are enough for [most of us](two.md).\n\n\
    We recieve letters about the third one every day of the week.\n\n\
    - The first item is about [files](files.md).\n\
    - The second item is about [calls](calls.md).\n\n\
    The fourth paragraph was never translated by anybody at all.\n";

const GERMAN: &str = "# Messenger\n\n\
    Der erste Absatz empfiehlt [Signal](https://signal.org) allen Leuten.\n\n\
    Der zweite Absatz sagt, dass 2 Schlüssel für [die meisten](two.md) reichen.\n\n\
    Wir erhalten an jedem Tag der Woche Briefe über den dritten.\n\n\
    - Der erste Punkt handelt von [Dateien](files.md).\n\
    - Der zweite Punkt handelt von [Anrufen](calls.md).\n\n\
    The fourth paragraph was never translated by anybody at all.\n";

/// A repository of the source and its translation, of days 0 and 1.
pub(super) fn translated() -> Site {
    let site = Site::new(&[("proofroom.toml", CONFIG), ("docs/a.md", ENGLISH)]);
    let folder = site.path("");
    git(&folder, &["init", "--quiet", "-b", "main"]);
    commit(&folder, 0, "Write");
    site.write("i18n/de/a.md", GERMAN);
    commit(&folder, 1, "Translate");
    site
}

fn pages(site: &Site) -> Vec<Value> {
    let output = site.run_successfully(&["translations", "--language", "de", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found[0]["language"], "de");
    let pages = found[0]["pages"].as_array().expect("pages");
    pages.clone()
}

/// The states of the passages of the page `a.md`: the line, the state, and the commit that
/// was missed.
fn states(site: &Site) -> Vec<(u64, String, Option<String>)> {
    let pages = pages(site);
    let blocks = pages[0]["blocks"].as_array().expect("blocks").iter();
    let of = |block: &Value| {
        let since = block["since"]["commit"].as_str().map(str::to_owned);
        let state = block["state"].as_str().expect("a state").to_owned();
        (block["line"].as_u64().unwrap_or(0), state, since)
    };
    blocks.map(of).collect()
}

/// The states alone.
fn names(site: &Site) -> Vec<String> {
    states(site)
        .into_iter()
        .map(|(_, state, _)| state)
        .collect()
}

/// Replaces a text in a file.
pub(super) fn edit(site: &Site, path: &str, from: &str, to: &str) {
    let text = site.read(path);
    assert!(text.contains(from), "{path}: {text}");
    site.write(path, text.replace(from, to));
}

#[test]
fn a_passage_is_stale_from_the_change_of_its_source_to_its_own() {
    let site = translated();
    let folder = site.path("");
    let current = [
        "current",
        "current",
        "current",
        "current",
        "current",
        "current",
        "untranslated",
    ];
    assert_eq!(names(&site), current);
    let (second, third) = ("2 keys are enough", "2 keys are not enough");
    edit(&site, "docs/a.md", second, third);
    edit(&site, "docs/a.md", "recieve", "receive");
    let changed = commit(&folder, 2, "Correct");
    edit(&site, "docs/a.md", "not enough", "never enough");
    commit(&folder, 3, "Correct again");
    // A tool writes the translation in other lines, and in another order.
    edit(
        &site,
        "i18n/de/a.md",
        "erste Absatz empfiehlt",
        "erste Absatz\nempfiehlt",
    );
    commit(&folder, 4, "Dump");
    let found = states(&site);
    let of = |line| {
        found
            .iter()
            .find(|it| it.0 == line)
            .expect("a passage")
            .clone()
    };
    assert_eq!(of(1), (1, "current".to_owned(), None));
    assert_eq!(of(3), (3, "current".to_owned(), None));
    assert_eq!(of(6), (6, "stale".to_owned(), Some(changed.clone())));
    assert_eq!(of(8), (8, "typo".to_owned(), Some(changed)));
    let counts = &pages(&site)[0]["counts"];
    assert_eq!(
        (&counts["stale"], &counts["typo"], &counts["missing"]),
        (&1.into(), &1.into(), &0.into())
    );
    edit(
        &site,
        "i18n/de/a.md",
        "2 Schlüssel für [die meisten](two.md) reichen",
        "2 Schlüssel für [die meisten](two.md) niemals reichen",
    );
    commit(&folder, 5, "Translate");
    assert_eq!(names(&site)[2], "current");
}

#[test]
fn what_comes_and_goes_is_missing_and_extra() {
    let site = translated();
    edit(
        &site,
        "docs/a.md",
        "- The second",
        "- Another item is about [groups](groups.md).\n- The second",
    );
    edit(
        &site,
        "i18n/de/a.md",
        "- Der zweite",
        "\nEin Absatz, der in der Quelle nicht steht, mit [einem Link](https://example.org).\n\n- Der zweite",
    );
    commit(&site.path(""), 2, "Change both");
    let found = states(&site);
    let count = |name: &str| found.iter().filter(|it| it.1 == name).count();
    assert_eq!((count("missing"), count("extra")), (1, 1), "{found:?}");
    assert_eq!(count("current"), 6, "{found:?}");
    site.write("docs/b.md", "# Only here\n\nWords of another page.\n");
    let pages = pages(&site);
    let lacking = pages
        .iter()
        .find(|it| it["of"] == "docs/b.md")
        .expect("listed");
    assert_eq!(lacking["source"], Value::Null);
    assert_eq!(lacking["counts"]["missing"], 2);
}

#[test]
fn what_is_not_committed_counts() {
    let site = translated();
    edit(&site, "docs/a.md", "to all people", "to no people");
    let found = states(&site);
    assert_eq!((found[1].1.as_str(), &found[1].2), ("stale", &None));
    // Whoever translates now sees the source as it is now.
    edit(&site, "i18n/de/a.md", "allen Leuten", "keinen Leuten");
    assert_eq!(names(&site)[1], "current");
}

#[test]
fn files_are_followed_through_renames_and_branches() {
    let site = translated();
    let folder = site.path("");
    git(&folder, &["checkout", "-q", "-b", "translator"]);
    edit(&site, "i18n/de/a.md", "allen Leuten", "allen Leuten sehr");
    commit(&folder, 3, "Polish");
    git(&folder, &["checkout", "-q", "main"]);
    edit(&site, "docs/a.md", "to all people", "to nearly all people");
    let changed = commit(&folder, 2, "Restrict");
    git(&folder, &["merge", "--quiet", "--no-edit", "translator"]);
    // The translator had not seen the change, though the commit is newer.
    assert_eq!(
        states(&site)[1],
        (3, "stale".to_owned(), Some(changed.clone()))
    );
    for (from, to) in [("docs/a.md", "docs/c.md"), ("i18n/de/a.md", "i18n/de/c.md")] {
        git(&folder, &["mv", from, to]);
    }
    commit(&folder, 5, "Rename");
    assert_eq!(states(&site)[1], (3, "stale".to_owned(), Some(changed)));
    assert_eq!(names(&site)[0], "current");
}

#[test]
fn translations_may_lie_in_a_repository_of_their_own() {
    let site = Site::new(&[
        ("proofroom.toml", CONFIG),
        ("docs/a.md", ENGLISH),
        (".gitignore", "i18n\n"),
    ]);
    let (folder, own) = (site.path(""), site.path("i18n"));
    git(&folder, &["init", "--quiet", "-b", "main"]);
    commit(&folder, 0, "Write");
    edit(&site, "docs/a.md", "to all people", "to nearly all people");
    commit(&folder, 2, "Restrict");
    site.write("i18n/de/a.md", GERMAN);
    git(&own, &["init", "--quiet", "-b", "main"]);
    // Made before the restriction, and after it.
    commit(&own, 1, "Translate");
    let expected = "stale";
    assert_eq!(names(&site)[1], expected);
    edit(&site, "i18n/de/a.md", "allen Leuten", "fast allen Leuten");
    commit(&own, 3, "Follow");
    assert_eq!(names(&site)[1], "current");
    assert_eq!(
        pages(&site)[0]["blocks"][1]["base"]["date"],
        "2023-11-16T23:13:20Z"
    );
    let output = site.run_successfully(&["translations", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected = serde_json::json!({"source": ".", "translations": "i18n"});
    assert_eq!(found[0]["repositories"], expected);
    let output = site.run_successfully(&["translations"]);
    let expected = "The source is in the repository `.`, translations are in `i18n`";
    assert!(stdout(&output).contains(expected), "{}", stdout(&output));
}

#[test]
fn a_translation_may_name_the_commit_of_its_source() {
    let site = translated();
    let folder = site.path("");
    let seen = git(&folder, &["rev-parse", "HEAD"]);
    edit(&site, "docs/a.md", "to all people", "to nearly all people");
    commit(&folder, 2, "Restrict");
    let marked = |commit: &str| format!("---\ndefault_lang_commit: {commit}\n---\n\n{GERMAN}");
    site.write("i18n/de/a.md", marked(&seen));
    commit(&folder, 3, "Mark");
    assert_eq!(names(&site)[1], "stale");
    let seen = git(&folder, &["rev-parse", "HEAD~1"]);
    site.write("i18n/de/a.md", marked(&seen));
    assert_eq!(names(&site)[1], "current");
}

#[test]
fn without_a_history_nothing_is_claimed() {
    let site = Site::new(&[
        ("proofroom.toml", CONFIG),
        ("docs/a.md", ENGLISH),
        ("i18n/de/a.md", GERMAN),
    ]);
    // The folder of the tests may be below a repository.
    fs::write(site.path(".git"), "gitdir: nowhere\n").expect("written");
    let expected = [
        "unknown",
        "unknown",
        "unknown",
        "unknown",
        "unknown",
        "unknown",
        "untranslated",
    ];
    assert_eq!(names(&site), expected);
    let site = Site::new(&[("mkdocs.yml", "site_name: x\n"), ("docs/index.md", "# x\n")]);
    let refused = site.run(&["translations"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("one language"),
        "{said}"
    );
}

#[test]
fn translations_that_fell_back_are_recovered_from_the_history() {
    let site = translated();
    let folder = site.path("");
    let english = "The first paragraph recommends [Signal](https://signal.org) to all people.";
    let german = "Der erste Absatz empfiehlt [Signal](https://signal.org) allen Leuten.";
    edit(&site, "i18n/de/a.md", german, english);
    commit(&folder, 2, "Dump");
    assert_eq!(names(&site)[1], "untranslated");
    let page = ["translations", "recover", "docs/a.md", "--language", "de"];
    let shown = site.run_successfully(&page);
    let said = String::from_utf8_lossy(&shown.stderr);
    assert!(
        said.contains("1 of 2 passages that are not translated can be recovered"),
        "{said}"
    );
    let difference = String::from_utf8_lossy(&shown.stdout);
    assert!(
        difference.contains(&format!("-{english}\n+{german}\n")),
        "{difference}"
    );
    assert!(
        site.read("i18n/de/a.md").contains(english),
        "nothing is written"
    );
    site.run_successfully(&[&page[..], &["--write"]].concat());
    assert_eq!(site.read("i18n/de/a.md"), GERMAN);
    assert_eq!(names(&site)[1], "current");
    git(&folder, &["checkout", "-q", "i18n/de/a.md"]);
    let po = site.run_successfully(&[&page[..], &["--po"]].concat());
    let po = String::from_utf8_lossy(&po.stdout);
    let entry = format!("#: i18n/de/a.md:3\nmsgid \"{english}\"\nmsgstr \"{german}\"\n");
    assert!(po.contains(&entry), "{po}");
    let csv = site.run_successfully(&[&page[..], &["--csv"]].concat());
    let csv = String::from_utf8_lossy(&csv.stdout);
    let rows = format!(
        "file,line,source,translation\r\n\"i18n/de/a.md\",3,\"{english}\",\"{german}\"\r\n"
    );
    assert_eq!(csv, rows);
    site.write("i18n/de/a.md", GERMAN);
    // Of what the source says differently now, only if that is wanted.
    let changed = english.replace("to all people", "to nearly all people");
    edit(&site, "i18n/de/a.md", german, &changed);
    edit(&site, "docs/a.md", english, &changed);
    commit(&folder, 3, "Change and dump");
    let shown = site.run_successfully(&page);
    let said = String::from_utf8_lossy(&shown.stderr);
    assert!(
        said.contains("0 of 2") && said.contains("--outdated"),
        "{said}"
    );
    let shown = site.run_successfully(&[&page[..], &["--outdated"]].concat());
    assert!(String::from_utf8_lossy(&shown.stdout).contains(german));
    let refused = site.run(&[
        "translations",
        "recover",
        "docs/none.md",
        "--language",
        "de",
    ]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("not a page"),
        "{said}"
    );
    let listed = site.run_successfully(&["translations", "recover", "--language", "de"]);
    let listed = String::from_utf8_lossy(&listed.stdout);
    assert_eq!(listed, "i18n/de/a.md: 0 of 2, and 1 outdated\n");
}

#[test]
fn a_passage_with_sentences_of_its_source_is_not_translated() {
    let site = translated();
    let left = "The app provides calls and messages that nobody else reads.";
    let source = format!("# Messengers\n\nIt is made by people. {left}\n");
    let own = format!("# Messenger\n\nSie wird von Leuten gemacht. {left}\n");
    edit(&site, "docs/a.md", "# Messengers\n", &source);
    edit(&site, "i18n/de/a.md", "# Messenger\n", &own);
    commit(&site.path(""), 2, "Add");
    assert_eq!(states(&site)[1], (3, "untranslated".to_owned(), None));
}

#[test]
fn a_review_sees_which_translations_get_out_of_date() {
    let site = translated();
    let folder = site.path("");
    edit(&site, "docs/a.md", "about [files]", "about all [files]");
    commit(&folder, 2, "Change before");
    git(&folder, &["checkout", "-q", "-b", "proposal"]);
    edit(&site, "docs/a.md", "to all people", "to nearly all people");
    commit(&folder, 3, "Restrict");
    edit(&site, "docs/a.md", "recieve", "receive");
    let shown = site.run_successfully(&["translations", "--impact", "main"]);
    let shown = String::from_utf8_lossy(&shown.stdout);
    assert!(
        shown.contains("| `docs/a.md` | de (1) | de (1) |"),
        "{shown}"
    );
    let shown = site.run_successfully(&["translations", "--impact", "main", "--json"]);
    let found: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    assert_eq!(
        (&found[0]["stale"], &found[0]["typos"]),
        (&1.into(), &1.into())
    );
    // So does a whole review.
    let shown = site.run_successfully(&["review", "main"]);
    let shown = String::from_utf8_lossy(&shown.stdout);
    let line = "Translations that get out of date: docs/a.md: de (1); only typos for de (1)";
    assert!(shown.contains(line), "{shown}");
    let shown = site.run_successfully(&["review", "main", "--markdown"]);
    let shown = String::from_utf8_lossy(&shown.stdout);
    assert!(
        shown.contains("### Translations that get out of date\n\n- `docs/a.md`: de (1)"),
        "{shown}"
    );
    let shown = site.run_successfully(&["review", "main", "--json"]);
    let found: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    let of = |it: &&Value| it["source"] == "docs/a.md";
    let page = found.as_array().expect("pages").iter().find(of);
    assert_eq!(page.expect("listed")["translations"][0]["stale"], 1);
    let refused = site.run(&["translations", "--impact", "nowhere"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("`nowhere`"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn the_log_of_a_repository_is_kept_until_it_changes() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = translated();
    let folder = tempfile::tempdir().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A git that cannot read the history.
    let git = folder.path().join("git");
    let script = format!(
        "#!/bin/sh\nPATH='{}'\nfor it; do [ \"$it\" = log ] && exit 1; done\nexec git \"$@\"\n",
        path.display()
    );
    fs::write(&git, script).expect("written");
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).expect("executable");
    let run = |reads: bool| {
        let mut command = crate::harness::proofroom(&site.path(""));
        command.env("XDG_CACHE_HOME", folder.path().join("cache"));
        if !reads {
            let paths = [folder.path().to_owned()];
            let paths = paths.into_iter().chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(paths).expect("a path"));
        }
        let output = command.args(["translations", "--json"]).output();
        let output = output.expect("it runs");
        assert!(output.status.success());
        stdout(&output)
    };
    let first = run(true);
    assert!(first.contains("\"unknown\": null"), "{first}");
    assert_eq!(run(false), first);
    edit(&site, "docs/a.md", "2 keys", "3 keys");
    commit(&site.path(""), 2, "Correct");
    let blind = run(false);
    assert!(blind.contains("git says"), "{blind}");
    assert!(run(true).contains("\"stale\": 1"));
    assert!(run(false).contains("\"stale\": 1"));
}
