//! What is said of translations without their history.

use std::fs;

use serde_json::Value;

use crate::harness::Site;
use crate::harness::git::git;

use super::translations::{ENGLISH, edit, translated};

#[test]
fn a_warning_that_a_translation_lacks_is_reported() {
    let site = translated();
    let warning = "\n!!! danger \"Never\"\n\n    Never send it to anybody.\n";
    let text = site.read("docs/a.md");
    site.write("docs/a.md", format!("{text}{warning}"));
    let output = site.run(&["check", "--strict", "--language", "de"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = said + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    // At the end of the page, its text may be cut off.
    assert!(
        said.contains("lost-passage") && said.contains("the danger \"Never\""),
        "{said}"
    );
    let text = site.read("i18n/de/a.md");
    let german = "\n!!! danger \"Niemals\"\n\n    Niemals an irgendwen senden.\n";
    site.write("i18n/de/a.md", format!("{text}{german}"));
    let output = site.run(&["check", "--language", "de"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("lost-passage"), "{said}");
}

#[test]
fn a_warning_that_is_surely_gone_is_an_error_unless_the_site_says_otherwise() {
    let site = translated();
    let before = "The second paragraph";
    let warning = "!!! danger \"Never\"\n\n    Never send it to anybody.\n\n";
    edit(&site, "docs/a.md", before, &format!("{warning}{before}"));
    let check = |command: &str| {
        let output = site.run(&[command, "--language", "de"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said)
    };
    let error = "error[vanished-passage]: the translation lacks the danger \"Never\" of its source";
    let (passes, said) = check("check");
    assert!(!passes && said.contains(error), "{said}");
    // The source may be published before all of its translations are up to date.
    let (passes, said) = check("build");
    assert!(passes && said.contains(error), "{said}");
    let output = site.run(&["build", "--strict"]);
    assert!(!output.status.success());
    // On top of an `mkdocs.yml` too, as it is not MkDocs that knows languages.
    let config = site.read("proofroom.toml");
    site.write("mkdocs.yml", "site_name: S\n");
    let on_top = format!("base = \"mkdocs.yml\"\n{config}");
    site.write("proofroom.toml", &on_top);
    let (passes, said) = check("check");
    assert!(!passes && said.contains(error), "{said}");
    let lowered = format!("{on_top}[check.rules]\nvanished-passage = \"warning\"\n");
    site.write("proofroom.toml", lowered);
    let (passes, said) = check("check");
    assert!(
        passes && said.contains("warning[vanished-passage]"),
        "{said}"
    );
    site.write("proofroom.toml", &on_top);
    let german = site.read("i18n/de/a.md");
    let silent = "---\nproofroom:\n  ignore: [vanished-passage]\n---\n\n";
    site.write("i18n/de/a.md", format!("{silent}{german}"));
    let (passes, said) = check("check");
    assert!(passes && !said.contains("vanished"), "{said}");
    // Without languages, nothing is compared.
    site.write("proofroom.toml", "base = \"mkdocs.yml\"\n");
    let output = site.run(&["check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !said.contains("vanished"),
        "{said}"
    );
}

#[test]
fn marks_that_a_translation_has_lost_are_reported_and_fixed() {
    let site = translated();
    edit(
        &site,
        "i18n/de/a.md",
        "[Signal](https://signal.org) allen",
        "[Signal](https://signal. org) allen",
    );
    edit(&site, "i18n/de/a.md", "[Dateien](files.md)", "Dateien");
    let output = site.run(&["check", "--strict", "--language", "de"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = said + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    for part in [
        "changed-mark",
        "the address `https://signal. org` is `https://signal.org` in the source",
        "lost-mark",
        "the translation lacks the link to `files.md`",
        "i18n/de/a.md:9",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    site.run(&["check", "--fix", "--language", "de"]);
    let text = site.read("i18n/de/a.md");
    assert!(
        text.contains("[Signal](https://signal.org) allen"),
        "{text}"
    );
    // What has become of the other nobody can tell.
    assert!(text.contains("von Dateien."), "{text}");
}

#[test]
fn a_repository_without_commits_says_so() {
    let site = translated();
    fs::remove_dir_all(site.path(".git")).expect("removed");
    let said = |site: &Site| {
        let output = site.run_successfully(&["translations"]);
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let without = said(&site);
    assert!(without.contains("not in a git repository\n"), "{without}");
    git(&site.path(""), &["init", "--quiet", "-b", "main"]);
    let empty = said(&site);
    assert!(
        empty.contains("the repository has no commits yet\n"),
        "{empty}"
    );
}

#[test]
fn a_badge_is_written_and_no_other_file_overwritten() {
    let site = translated();
    // Once more over the first one.
    for _ in 0..2 {
        site.run_successfully(&["translations", "--badge", "badge.svg"]);
    }
    let svg = site.read("badge.svg");
    assert!(svg.contains("<title>de: 85%</title>"), "{svg}");
    site.run_successfully(&["translations", "--badge", "badge.json"]);
    let badge: Value = serde_json::from_str(&site.read("badge.json")).expect("JSON");
    assert_eq!(badge["schemaVersion"], 1);
    let refused = site.run(&["translations", "--badge", "docs/a.md"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("not overwritten"),
        "{said}"
    );
    assert_eq!(site.read("docs/a.md"), ENGLISH);
}

#[test]
fn texts_that_are_translated_in_several_ways_are_listed() {
    let site = translated();
    let english = "# Calls\n\n## Criteria\n\nWords about [calls](calls.md) and more of them.\n";
    site.write("docs/b.md", english);
    site.write("docs/c.md", english);
    let german = |title: &str| {
        format!("# Anrufe\n\n## {title}\n\nWorte über [Anrufe](calls.md) und mehr davon.\n")
    };
    site.write("i18n/de/b.md", german("Kriterien"));
    site.write("i18n/de/c.md", german("Maßstäbe"));
    let shown = site.run_successfully(&["translations", "--consistency"]);
    let shown = String::from_utf8_lossy(&shown.stdout);
    assert!(
        shown.contains("de: 2 texts are translated in several ways"),
        "{shown}"
    );
    assert!(
        shown.contains("  title: Criteria\n      1  Kriterien  (i18n/de/b.md:3)"),
        "{shown}"
    );
    // Grammar may be why, so links come last.
    assert!(shown.contains("  link: calls\n      2  Anrufe"), "{shown}");
    let shown = site.run_successfully(&["translations", "--consistency", "--json"]);
    let found: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    assert_eq!(
        found[0]["variants"][1]["places"][0]["source"],
        "i18n/de/c.md"
    );
}

#[test]
fn a_glossary_is_checked_where_there_is_one() {
    let site = translated();
    let config = site.read("proofroom.toml");
    let config = config.replace("\"i18n/de\",", "\"i18n/de\", glossary = \"{lang}.toml\",");
    site.write("proofroom.toml", config);
    let check = || {
        let output = site.run(&["check", "--language", "de"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        said + &String::from_utf8_lossy(&output.stderr)
    };
    let said = check();
    assert!(
        said.contains("the glossary `de.toml` of the language `de` cannot be read"),
        "{said}"
    );
    site.write(
        "de.toml",
        "letters = \"Briefe\"\nkeys = [\"Tasten\", \"Taster\"]\nitem = 3\n",
    );
    let said = check();
    for part in [
        "bad-glossary",
        "`keys` is not translated as `Tasten` or `Taster`",
        "i18n/de/a.md:5",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("`letters` is not"), "{said}");
    site.write("de.toml", "keys = \"Schlüssel\"\n");
    assert!(!check().contains("glossary"), "{}", check());
}
