//! The translators' desk in the browser.

use crate::harness::Site;
use crate::harness::git::{commit, git};

fn site() -> Site {
    let site = Site::new(&[
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
    git(&folder, &["init", "--quiet", "-b", "main"]);
    commit(&folder, 0, "Begin");
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
    let answer = server.get("/__proofroom/translations");
    assert_eq!(answer.status, 200);
    let address = "/__proofroom/translations/de/docs/index%2Emd";
    assert!(answer.body.contains(address), "{}", answer.body);
    assert!(
        answer.body.contains("1 current, 1 out of date"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("absent"), "{}", answer.body);
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
