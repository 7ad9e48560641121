//! The translators' desk in the browser.

use std::fs;
use std::path::Path;

use crate::harness::git::{commit, repository};
use crate::harness::{Server, Site, proofroom};

fn site() -> Site {
    let site = repository(&[
        (
            "proofroom.toml",
            "[languages]\ndefault = \"en\"\nen = { docs = \"docs\" }\nde = { docs = \"i18n/de\" }\n",
        ),
        (
            "docs/index.md",
            "# Home\n\nThere are 2 keys for `<everybody>` of us.\n",
        ),
        ("docs/b.md", "# Only in English\n\nWords.\n"),
        (
            "i18n/de/index.md",
            "# Start\n\nEs gibt 2 Schlüssel für `<everybody>` von uns.\n",
        ),
    ]);
    let folder = site.path("");
    site.write(
        "docs/index.md",
        "# Home\n\nThere are 3 keys for `<everybody>` of us.\n",
    );
    commit(&folder, 1, "Correct");
    site
}

#[test]
fn all_pages_and_languages_are_in_one_table() {
    let site = site();
    let server = site.serve();
    let table = table(&server);
    let address = "/__proofroom/translations/de/docs/index%2Emd";
    assert!(table.contains(address), "{table}");
    assert!(table.contains("1 current, 1 out of date"), "{table}");
    assert!(table.contains("absent"), "{table}");
    // A look begins after it was asked for, so it has what was saved before.
    let mut tab = server.tab("de/");
    site.save(
        "i18n/de/index.md",
        "# Start\n\nEs gibt 3 Schlüssel für `<everybody>` von uns.\n",
    );
    assert_eq!(tab.next()["kind"], "page");
    assert!(self::table(&server).contains("2 current"));
}

/// The whole table of translations.
fn table(server: &Server) -> String {
    loop {
        let answer = server.get("/__proofroom/translations");
        assert_eq!(answer.status, 200);
        // Each answer waits a little for the look.
        if !answer.body.contains("data-looking") {
            return answer.body;
        }
    }
}

#[test]
fn states_are_kept_for_the_next_start_and_for_the_command_line() {
    let site = site();
    let cache = tempfile::tempdir().expect("a folder");
    let with_cache = || {
        let mut command = proofroom(&site.path(""));
        command.env("XDG_CACHE_HOME", cache.path());
        command
    };
    let serve = || {
        let mut command = with_cache();
        command.args(["serve", "--dev-addr", "127.0.0.1:0"]);
        Server::spawn(command)
    };
    let server = serve();
    assert!(table(&server).contains("1 current, 1 out of date"));
    // The next look waits until what the first one has found is written.
    table(&server);
    drop(server);
    let folder = cache.path().join("proofroom/translations");
    let files = fs::read_dir(&folder).expect("a folder");
    let files: Vec<_> = files.map(|it| it.expect("a file").path()).collect();
    let [file] = files.as_slice() else {
        panic!("{files:?}");
    };
    // What is kept is believed, as nothing else could show that it is read.
    let kept = fs::read_to_string(file).expect("a text");
    assert!(kept.contains("\"stale\""), "{kept}");
    fs::write(file, kept.replace("\"stale\"", "\"typo\"")).expect("written");
    let said = |path: &Path| fs::read_to_string(path).expect("a text");
    let before = said(file);
    let server = serve();
    assert!(table(&server).contains("1 current, 1 only typos"));
    table(&server);
    drop(server);
    assert_eq!(said(file), before, "nothing was found, and nothing written");
    let output = with_cache().args(["translations", "--json"]).output();
    let output = String::from_utf8(output.expect("it runs").stdout).expect("UTF-8");
    assert!(output.contains("\"state\": \"typo\""), "{output}");
    // Of a page that changes, it is found anew.
    site.write("i18n/de/index.md", "# Start\n\nEs gibt Schlüssel.\n");
    commit(&site.path(""), 2, "Translate");
    let server = serve();
    assert!(table(&server).contains("2 current"));
    table(&server);
    drop(server);
    assert_ne!(said(file), before);
}

#[test]
fn a_page_is_shown_beside_its_source_with_what_changed_there() {
    let site = site();
    let server = site.serve();
    let address = "/__proofroom/translations/de/docs/index.md";
    let answer = server.get(address);
    assert_eq!(answer.status, 200);
    let changed = "There are <del>2</del><ins>3</ins> keys for `&lt;everybody&gt;` of us.";
    assert!(answer.body.contains(changed), "{}", answer.body);
    let since = "out of date since <time>2023-11-15</time>";
    assert!(answer.body.contains(since), "{}", answer.body);
    assert!(
        answer.body.contains("1 passage needs work"),
        "{}",
        answer.body
    );
    // An edit counts at once.
    let mut tab = server.tab("de/");
    let text = "# Start\n\nEs gibt 3 Schlüssel für `<everybody>` von uns.\n";
    site.save("i18n/de/index.md", text);
    assert_eq!(tab.next()["kind"], "page");
    let answer = server.get(address);
    assert!(
        answer.body.contains("0 passages need work"),
        "{}",
        answer.body
    );
    for address in ["de/docs/none.md", "fr/docs/index.md", "en/docs/index.md"] {
        let answer = server.get(&format!("/__proofroom/translations/{address}"));
        assert_eq!(answer.status, 404, "{address}");
    }
}

#[test]
fn each_side_is_written_in_the_direction_of_its_language() {
    let site = repository(&[
        (
            "proofroom.toml",
            "[languages]\ndefault = \"en\"\nen = { docs = \"docs\" }\nar = { docs = \"i18n/ar\" }\n",
        ),
        (
            "docs/index.md",
            "# Home\n\nNobody but you reads your messages.\n",
        ),
        (
            "i18n/ar/index.md",
            "# Signal للجميع\n\nNobody but you reads your messages.\n",
        ),
    ]);
    let server = site.serve();
    let page = server
        .get("/__proofroom/translations/ar/docs/index.md")
        .body;
    // Although its first letter is Latin.
    let title = "<td lang=\"en\" dir=\"ltr\"><button class=\"place\" data-file=\"docs/index.md\"";
    assert!(page.contains(title), "{page}");
    let title = "<td lang=\"ar\" dir=\"rtl\"><button class=\"place\" data-file=\"i18n/ar/index.md\" data-line=\"1\"";
    assert!(page.contains(title), "{page}");
    let left = "<td lang=\"en\" dir=\"ltr\"><button class=\"place\" data-file=\"i18n/ar/index.md\" data-line=\"3\"";
    assert!(page.contains(left), "{page}");
}

#[test]
fn a_badge_says_how_old_a_translation_is_and_what_an_edit_does_to_others() {
    let site = site();
    let server = site.serve();
    let badge = |page: &str| -> serde_json::Value {
        let answer = server.get(&format!("/__proofroom/translated?page={page}"));
        assert_eq!(answer.status, 200);
        serde_json::from_str(&answer.body).expect("JSON")
    };
    let own = badge("/de/");
    assert_eq!(
        (&own["language"], &own["share"], &own["stale"]),
        (&"de".into(), &"50%".into(), &1.into())
    );
    assert_eq!(own["work"], serde_json::json!([[3, 3, "stale"]]));
    let address = own["address"].as_str().expect("an address");
    assert_eq!(server.get(address).status, 200);
    let source = badge("/");
    assert_eq!(
        (&source["translated"], &source["is_edited"]),
        (&1.into(), &false.into())
    );
    let mut tab = server.tab("");
    site.save(
        "docs/index.md",
        "# Home of them\n\nThere are 3 keys for `<everybody>` of us.\n",
    );
    assert_eq!(tab.next()["kind"], "page");
    let edited = badge("/");
    // The other passage was out of date before.
    assert_eq!(
        (&edited["is_edited"], &edited["loses"]),
        (&true.into(), &1.into())
    );
    assert_eq!(edited["languages"][0]["loses"], 1);
    assert_eq!(badge("/nothing/"), serde_json::json!({}));
    // Pages say to the client that there is something to ask.
    assert!(server.get("/de/").body.contains("data-proofroom-languages"));
}

#[test]
fn a_lost_translation_is_put_back_when_it_is_asked_for() {
    let site = site();
    let folder = site.path("");
    let (english, german) = (
        "Nobody but you reads your messages.",
        "Niemand außer dir liest deine Nachrichten.",
    );
    let write = |language: &str, folder: &str, text: &str| {
        let page = format!("# {language}\n\n{text}\n");
        site.write(&format!("{folder}/c.md"), &page);
        page
    };
    write("Title", "docs", english);
    write("Titel", "i18n/de", german);
    commit(&folder, 2, "Translate");
    let left = write("Titel", "i18n/de", english);
    commit(&folder, 3, "Dump");
    let server = site.serve();
    let page = server.get("/__proofroom/translations/de/docs/c.md");
    assert!(page.body.contains("id=\"lost\""), "{}", page.body);
    let held = server.get("/__proofroom/lost/de/docs/c.md");
    let held: serde_json::Value = serde_json::from_str(&held.body).expect("JSON");
    assert_eq!(held["3"]["text"], german);
    assert_eq!(held["3"]["said"], serde_json::Value::Null);
    let wish = |commit: &str, written: &str| {
        serde_json::json!({
            "language": "de", "of": "docs/c.md", "line": 3, "commit": commit, "written": written,
        })
        .to_string()
    };
    let commit = held["3"]["commit"].as_str().expect("a commit");
    let good = wish(commit, english);
    let origin = format!("http://{}", server.host());
    let own = [("Host", server.host()), ("Origin", &origin)];
    let evil = [("Host", server.host()), ("Origin", "http://evil.example")];
    let proxied = [own[0], own[1], ("X-Forwarded-For", "192.0.2.7")];
    let ask = |headers: &[(&str, &str)], body: &str| {
        server
            .send("POST", "/__proofroom/recover", headers, body)
            .status
    };
    for (headers, body, status) in [
        (&own[..1], good.as_str(), 403),
        (&evil[..], &good, 403),
        (&proxied[..], &good, 403),
        // Only what the history has is written, and only where it was shown.
        (&own[..], &wish("0123456", english), 409),
        (&own[..], &wish(commit, "Something else."), 409),
        (&own[..], "{}", 400),
    ] {
        assert_eq!(ask(headers, body), status, "{headers:?} {body}");
        assert_eq!(site.read("i18n/de/c.md"), left);
    }
    assert_eq!(ask(&own, &good), 200);
    assert_eq!(site.read("i18n/de/c.md"), format!("# Titel\n\n{german}\n"));
}

#[test]
fn a_review_says_which_translations_each_edit_puts_out_of_date() {
    let site = site();
    site.write("docs/b.md", "# Only in English\n\nOther words.\n");
    let server = Server::start(
        &site.path(""),
        &["--dev-addr", "127.0.0.1:0", "--review=HEAD"],
    );
    let mut tab = server.tab("__proofroom/review");
    let list = || loop {
        let answer = server.get("/__proofroom/review.json");
        let list: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        if list["complete"] == true {
            return list;
        }
    };
    let has_impact = |page: &serde_json::Value| page["translations"].is_array();
    let before = list();
    let pages = before["pages"].as_array().expect("pages");
    assert!(!pages.iter().any(has_impact), "{before:#}");
    site.save(
        "docs/index.md",
        "# Home of them\n\nThere are 3 keys for `<everybody>` of us.\n",
    );
    // The list is made anew after the change was told, and its tab hears of the impact.
    let section = "<h2>Translations that get out of date</h2><ul><li><p>\
                   <code>docs/index.md</code>: de (1)</p>";
    while !server.get("/__proofroom/review").body.contains(section) {
        assert_eq!(tab.next()["kind"], "page");
    }
    let after = list();
    let pages = after["pages"].as_array().expect("pages").iter();
    let edited: Vec<_> = pages.filter(|it| has_impact(it)).collect();
    assert_eq!(edited.len(), 1, "{after:#}");
    assert_eq!(
        edited[0]["translations"],
        serde_json::json!([{"language": "de", "stale": 1, "typos": 0}])
    );
}
