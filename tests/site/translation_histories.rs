//! Histories that people and tools leave behind: renames, merges, dumps, what was taken back,
//! and what a clone lacks. What is out of date must stay out of date through all of them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::git::{commit, git, git_at};
use crate::harness::{Site, stdout};

const CONFIG: &str = "[languages]\ndefault = \"en\"\nen = { docs = \"docs/en\" }\n\
                      de = { docs = \"docs/de\", prefix = \"de\" }\n";

const ENGLISH: &str = "# Secure messaging\n\n\
    Always verify the safety number with your contact before you send anything.\n\n\
    Use Signal version 6 on your phone, see [the site](https://signal.org) for downloads.\n\n\
    Never store your recovery phrase on a computer that is connected.\n";

const GERMAN: &str = "# Sicheres Messaging\n\n\
    Überprüfe immer die Sicherheitsnummer mit deinem Kontakt, bevor du etwas sendest.\n\n\
    Verwende Signal in Version 6 auf deinem Telefon, siehe [die Seite](https://signal.org).\n\n\
    Speichere deine Wiederherstellungsphrase nie auf einem verbundenen Computer.\n";

const SOURCE: &str = "docs/en/index.md";
const OWN: &str = "docs/de/index.md";

/// A page of day 0 and its translation of day 1.
fn translated(english: &str, german: &str) -> Site {
    let site = Site::new(&[("proofroom.toml", CONFIG), (SOURCE, english)]);
    let folder = site.path("");
    git(&folder, &["init", "--quiet", "-b", "main"]);
    commit(&folder, 0, "Write");
    site.write(OWN, german);
    commit(&folder, 1, "Translate");
    site
}

fn page_of(output: &std::process::Output, of: &str) -> Value {
    let found: Value = serde_json::from_str(&stdout(output)).expect("JSON");
    let mut pages = found[0]["pages"].as_array().expect("pages").iter();
    let page = pages.find(|page| page["of"].as_str().is_some_and(|it| it.ends_with(of)));
    page.expect("the page").clone()
}

fn states_of(site: &Site, of: &str) -> Vec<String> {
    let output = site.run_successfully(&["translations", "--language", "de", "--json"]);
    states_in(&page_of(&output, of))
}

fn states_in(page: &Value) -> Vec<String> {
    let blocks = page["blocks"].as_array().expect("blocks").iter();
    let states = blocks.map(|it| it["state"].as_str().expect("a state").to_owned());
    states.collect()
}

fn states(site: &Site) -> Vec<String> {
    states_of(site, "index.md")
}

/// The whole text of the source with a change, as one commit.
fn change(site: &Site, day: i64, from: &str, to: &str) -> String {
    let text = site.read(SOURCE);
    assert!(text.contains(from), "{text}");
    site.write(SOURCE, text.replace(from, to));
    commit(&site.path(""), day, "Change")
}

fn rename(site: &Site, from: &str, to: &str) {
    fs::rename(site.path(from), site.path(to)).expect("renamed");
}

#[test]
fn pages_that_are_renamed_with_heavy_edits_are_followed_by_their_translations() {
    let site = translated(ENGLISH, GERMAN);
    let other = ENGLISH
        .replace(
            "Always verify the safety number with your contact",
            "Send whatever you like",
        )
        .replace(
            "version 6 on your phone",
            "version 7 on any machine that you own",
        );
    fs::remove_file(site.path(SOURCE)).expect("removed");
    site.write("docs/en/start.md", other);
    rename(&site, OWN, "docs/de/start.md");
    commit(&site.path(""), 2, "Rename");
    assert_eq!(
        states_of(&site, "start.md"),
        ["current", "stale", "stale", "current"]
    );
}

#[test]
fn pages_that_are_swapped_keep_their_own_histories() {
    let second = [
        "# Backups\n\nMake a backup of your phone every week to a drive of your own.\n",
        "# Sicherungen\n\nMache jede Woche eine Sicherung deines Telefons auf ein Laufwerk.\n",
    ];
    let site = translated(ENGLISH, GERMAN);
    site.write("docs/en/b.md", second[0]);
    site.write("docs/de/b.md", second[1]);
    commit(&site.path(""), 2, "Add");
    change(&site, 3, "version 6", "version 7");
    for language in ["en", "de"] {
        rename(&site, &format!("docs/{language}/b.md"), "kept.md");
        rename(
            &site,
            &format!("docs/{language}/index.md"),
            &format!("docs/{language}/b.md"),
        );
        rename(&site, "kept.md", &format!("docs/{language}/index.md"));
    }
    commit(&site.path(""), 4, "Swap");
    assert_eq!(
        states_of(&site, "b.md"),
        ["current", "current", "stale", "current"]
    );
    assert_eq!(states(&site), ["current", "current"]);
}

#[test]
fn a_merge_of_two_translators_renews_nothing() {
    let site = translated(ENGLISH, GERMAN);
    let folder = site.path("");
    let first = GERMAN.replace("Überprüfe immer", "Kontrolliere stets");
    let both = first.replace("Verwende Signal in", "Benutze gern Signal mit der");
    git(&folder, &["checkout", "--quiet", "-b", "one"]);
    site.write(OWN, &first);
    commit(&folder, 2, "Translate again");
    git(&folder, &["checkout", "--quiet", "-b", "two", "main"]);
    site.write(
        OWN,
        GERMAN.replace("Verwende Signal in", "Benutze gern Signal mit der"),
    );
    commit(&folder, 3, "Translate again");
    git(&folder, &["checkout", "--quiet", "main"]);
    change(&site, 4, "version 6", "version 7");
    git_at(
        &folder,
        5,
        &["merge", "--quiet", "--no-ff", "-m", "Merge", "one"],
    );
    // The same passage lies beside the other one: as people do, both are taken.
    site.write(OWN, &both);
    git(&folder, &["add", "--all"]);
    let tree = git(&folder, &["write-tree"]);
    let parents = ["-p", "HEAD", "-p", "two"];
    let merge = [
        &["commit-tree", &tree],
        parents.as_slice(),
        &["-m", "Merge"],
    ]
    .concat();
    let merged = git_at(&folder, 6, &merge);
    git(&folder, &["reset", "--quiet", "--hard", &merged]);
    assert_eq!(states(&site), ["current", "current", "stale", "current"]);
    // What only the merge says was written by it.
    let resolved = both.replace("nie auf einem", "niemals und nirgends auf einem");
    site.write(OWN, &resolved);
    change(&site, 7, "on a computer", "on a phone");
    assert_eq!(states(&site), ["current", "current", "stale", "current"]);
}

#[test]
fn a_merge_that_takes_one_side_keeps_how_old_it_is() {
    let site = translated(ENGLISH, GERMAN);
    let folder = site.path("");
    git(&folder, &["checkout", "--quiet", "-b", "side"]);
    site.write(
        OWN,
        GERMAN.replace(
            "Speichere deine Wiederherstellungsphrase nie",
            "Lege sie niemals ab",
        ),
    );
    commit(&folder, 2, "Translate");
    git(&folder, &["checkout", "--quiet", "main"]);
    change(&site, 3, "on a computer", "on a phone");
    site.write(
        OWN,
        GERMAN.replace(
            "einem verbundenen Computer",
            "irgendeinem Telefon, das du hast",
        ),
    );
    commit(&folder, 4, "Translate");
    git(&folder, &["branch", "ours"]);
    git_at(
        &folder,
        5,
        &["merge", "--quiet", "-X", "theirs", "-m", "Merge", "side"],
    );
    assert_eq!(states(&site)[3], "stale");
    git(&folder, &["checkout", "--quiet", "ours"]);
    git_at(
        &folder,
        5,
        &["merge", "--quiet", "-s", "ours", "-m", "Merge", "side"],
    );
    assert_eq!(states(&site)[3], "current");
}

#[test]
fn what_a_shallow_clone_lacks_is_not_claimed() {
    let site = translated(ENGLISH, GERMAN);
    change(&site, 2, "version 6", "version 7");
    let clone = |depth: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let from = format!("file://{}", site.path("").display());
        let to = folder.path().join("clone");
        let to = to.to_str().expect("UTF-8");
        git(
            Path::new("."),
            &["clone", "--quiet", "--depth", depth, &from, to],
        );
        let clone = Site::copy_of(Path::new(to));
        let output = clone.run_successfully(&["translations", "--language", "de", "--json"]);
        page_of(&output, "index.md")
    };
    let page = clone("1");
    assert_eq!(states_in(&page), ["unknown"; 4]);
    let why = page["unknown"].as_str().expect("a reason");
    assert!(why.contains("--unshallow"), "{why}");
    // What it has is enough to know that this one is older than its source.
    assert_eq!(
        states_in(&clone("2")),
        ["unknown", "unknown", "stale", "unknown"]
    );
    site.write(OWN, GERMAN.replace("Überprüfe immer", "Kontrolliere stets"));
    commit(&site.path(""), 3, "Translate");
    assert_eq!(
        states_in(&clone("2")),
        ["unknown", "current", "unknown", "unknown"]
    );
}

#[test]
fn what_is_taken_back_is_as_old_as_it_was() {
    let site = translated(ENGLISH, GERMAN);
    let folder = site.path("");
    change(&site, 2, "version 6", "version 7 or a later one");
    site.write(
        OWN,
        GERMAN.replace("Version 6", "Version 7 oder einer späteren"),
    );
    commit(&folder, 3, "Translate");
    assert_eq!(states(&site), ["current"; 4]);
    site.write(OWN, GERMAN);
    commit(&folder, 4, "Take back");
    let expected = ["current", "current", "stale", "current"];
    assert_eq!(states(&site), expected);
    fs::remove_file(site.path(OWN)).expect("removed");
    commit(&folder, 5, "Remove");
    site.write(OWN, GERMAN);
    commit(&folder, 6, "Restore");
    assert_eq!(states(&site), expected);
    // The source says again what was translated.
    change(&site, 7, "version 7 or a later one", "version 6");
    assert_eq!(states(&site), ["current"; 4]);
}

#[test]
fn a_named_commit_is_looked_for_on_all_branches() {
    let site = translated(ENGLISH, GERMAN);
    let folder = site.path("");
    git(&folder, &["checkout", "--quiet", "-b", "next"]);
    let seen = change(&site, 2, "version 6", "version 7");
    git(&folder, &["checkout", "--quiet", "main"]);
    let named =
        |name: &str| format!("---\ntags:\n- a\nl10n: {{ sourceCommit: {name} }}\n---\n\n{GERMAN}");
    site.write(OWN, named(&seen));
    commit(&folder, 3, "Name");
    assert_eq!(states(&site), ["current", "current", "stale", "current"]);
    site.write(OWN, named("0123456789abcdef0123456789abcdef01234567"));
    commit(&folder, 4, "Name");
    assert_eq!(states(&site), ["unknown"; 4]);
}

/// What a tool writes in place of a text.
type Dump = &'static dyn Fn(&str) -> String;

#[test]
fn dumps_of_tools_renew_nothing() {
    let german = GERMAN.replace("[die Seite](https://signal.org)", "[die Seite][s]")
        + "\n[s]: https://signal.org\n";
    let dumps: [(&str, Dump); 9] = [
        ("CRLF", &|it| it.replace('\n', "\r\n")),
        ("BOM", &|it| format!("\u{feff}{it}")),
        ("letters in parts", &|it| {
            it.replace('Ü', "U\u{308}").replace('ü', "u\u{308}")
        }),
        ("entities", &|it| {
            it.replace('Ü', "&Uuml;").replace('ü', "&uuml;")
        }),
        ("soft hyphens", &|it| {
            it.replace("Sicherheitsnummer", "Sicherheits\u{ad}nummer")
                .replace("Telefon", "Tele\u{200b}fon")
                .replace("Wiederherstellungs", "Wiederherstellungs&shy;")
        }),
        ("lines", &|it| it.replace(", ", ",\n")),
        ("references", &|it| {
            it.replace("[s]: https://signal.org\n", "")
                .replace("[die Seite][s]", "[die Seite](https://signal.org)")
        }),
        ("another address", &|it| {
            it.replace("https://signal.org", "https://www.signal.org/")
        }),
        ("order", &|it| {
            let parts: Vec<&str> = it.splitn(4, "\n\n").collect();
            [parts[0], parts[2], parts[1], parts[3]].join("\n\n")
        }),
    ];
    for (name, dump) in dumps {
        let site = translated(ENGLISH, &german);
        let folder = site.path("");
        for (from, to) in [
            ("safety number", "number"),
            ("version 6", "version 7"),
            ("Never store", "Always store"),
        ] {
            change(&site, 2, from, to);
        }
        site.write(OWN, dump(&german));
        commit(&folder, 3, "Dump");
        let count = |site: &Site| states(site).iter().filter(|it| *it == "stale").count();
        assert_eq!(count(&site), 3, "{name}: {:?}", states(&site));
        // A passage that was translated again within it.
        let again = german.replace("nie auf einem verbundenen", "immer auf jedem verbundenen");
        site.write(OWN, dump(&again));
        commit(&folder, 4, "Dump");
        assert_eq!(count(&site), 2, "{name}: {:?}", states(&site));
    }
}

#[test]
fn a_link_that_follows_its_source_is_current() {
    let site = translated(ENGLISH, GERMAN);
    change(
        &site,
        2,
        "https://signal.org",
        "https://signal.org/download",
    );
    assert_eq!(states(&site)[2], "stale");
    let own = GERMAN.replace("https://signal.org", "https://signal.org/download");
    site.write(OWN, own);
    commit(&site.path(""), 3, "Correct the address");
    assert_eq!(states(&site)[2], "current");
}

#[test]
fn what_stands_where_another_step_stood_is_not_its_translation() {
    let steps = [
        "# Steps\n\n1. Open the settings of the app.\n2. Choose the item called Privacy.\n\
         3. Enable the lock there.\n4. Restart the phone once.\n",
        "# Schritte\n\n1. Öffne die Einstellungen der App.\n2. Wähle den Eintrag Datenschutz.\n\
         3. Aktiviere dort die Sperre.\n4. Starte das Telefon einmal neu.\n",
    ];
    let of = |english: &str| {
        let site = translated(steps[0], steps[1]);
        site.write(SOURCE, english);
        commit(&site.path(""), 2, "Change");
        states(&site)
    };
    let without = steps[0].replace("2. Choose the item called Privacy.\n", "");
    assert_eq!(
        of(&without),
        ["current", "current", "extra", "current", "current"]
    );
    let with = steps[0].replace("3. Enable", "3. Do not touch anything else.\n4. Enable");
    assert_eq!(
        of(&with),
        [
            "current", "current", "current", "missing", "current", "current"
        ]
    );
    let moved = "# Steps\n\n1. Choose the item called Privacy.\n2. Open the settings of the app.\n\
                 3. Enable the lock there.\n4. Restart the phone once.\n";
    assert_eq!(of(moved), ["current"; 5]);
}

#[test]
fn a_text_of_the_source_in_other_marks_is_not_translated() {
    let left = "Never store your **recovery phrase** on a computer\nthat is connected!";
    let german = GERMAN.replace(
        "Speichere deine Wiederherstellungsphrase nie auf einem verbundenen Computer.",
        left,
    );
    let site = translated(ENGLISH, &german);
    assert_eq!(
        states(&site),
        ["current", "current", "current", "untranslated"]
    );
}
