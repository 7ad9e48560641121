//! The translators' desk on pages and beside each other.

use fantoccini::Client;

use super::accessibility::{axe, faults};
use crate::harness::Site;
use crate::harness::browser::{Driver, connected, holds, value};
use crate::harness::git::{commit, repository};

const CHIP: &str = "document.querySelector('proofroom-overlay').shadowRoot.querySelector('.chip')";

/// A page and its translation, of which one passage is out of date.
fn site() -> Site {
    let site = repository(&[
        (
            "proofroom.toml",
            "[languages]\ndefault = \"en\"\nen = { docs = \"docs\" }\nde = { docs = \"i18n/de\" }\n",
        ),
        (
            "docs/index.md",
            "# Home\n\nThere are 2 keys for all of us.\n",
        ),
        (
            "i18n/de/index.md",
            "# Start\n\nEs gibt 2 Schlüssel für uns alle.\n",
        ),
    ]);
    let folder = site.path("");
    site.write(
        "docs/index.md",
        "# Home\n\nThere are 3 keys for all of us.\n",
    );
    commit(&folder, 1, "Correct");
    site
}

async fn press(client: &Client, key: &str) {
    value(
        client,
        &format!("(dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}'}})), 1)"),
    )
    .await;
}

#[tokio::test]
async fn a_badge_leads_to_what_is_out_of_date() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}de/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    holds(
        &client,
        &format!("{CHIP}.textContent === 'de 50% · 1 to do' && !{CHIP}.hidden"),
    )
    .await;
    press(&client, "j").await;
    let said = "document.querySelector('proofroom-overlay').shadowRoot.querySelector('output').textContent";
    holds(&client, &format!("{said} === '1 of 1: out of date'")).await;
    value(&client, &format!("({CHIP}.click(), 1)")).await;
    holds(
        &client,
        "document.querySelector('.sides .stale ins')?.textContent === '3'",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_badge_of_a_source_says_what_an_edit_does_to_translations() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    holds(
        &client,
        &format!("{CHIP}.textContent === '1 translation · 50%'"),
    )
    .await;
    site.save(
        "docs/index.md",
        "# Home of all\n\nThere are 3 keys for all of us.\n",
    );
    holds(
        &client,
        &format!("{CHIP}.textContent === '−1 in 1 translation' && {CHIP}.title.endsWith(': de 1')"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn both_sides_follow_saves_and_lost_translations_are_put_back() {
    let site = site();
    let folder = site.path("");
    let left = "Nobody but you reads your messages.";
    site.write(
        "docs/index.md",
        format!("# Home\n\nThere are 3 keys for all of us.\n\n{left}\n"),
    );
    let own = |text: &str| format!("# Start\n\nEs gibt 2 Schlüssel für uns alle.\n\n{text}\n");
    let german = own("Niemand außer dir liest deine Nachrichten.");
    site.write("i18n/de/index.md", &german);
    commit(&folder, 2, "Translate");
    site.write("i18n/de/index.md", own(left));
    commit(&folder, 3, "Dump");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let address = format!("{}__proofroom/translations/de/docs/index.md", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    let row = "document.querySelector('.sides .untranslated')";
    holds(&client, &format!("{row} !== null")).await;
    value(&client, "(document.getElementById('lost').click(), 1)").await;
    holds(
        &client,
        &format!("{row}?.querySelector('.held .text')?.textContent.startsWith('Niemand')"),
    )
    .await;
    value(
        &client,
        &format!("({row}.querySelector('.held button').click(), 1)"),
    )
    .await;
    // The page shows what is written by then.
    holds(
        &client,
        "document.querySelector('.sides .untranslated') === null",
    )
    .await;
    assert_eq!(site.read("i18n/de/index.md"), german);
    // And what somebody writes into the source.
    site.save(
        "docs/index.md",
        &format!("# Home\n\nThere are 4 keys for all of us.\n\n{left}\n"),
    );
    holds(&client, "[...document.querySelectorAll('.sides td')].some((it) => it.textContent.includes('4 keys'))").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn axe_finds_no_fault_in_the_desk() {
    let Some(axe) = axe() else { return };
    let site = site();
    site.write(
        "docs/index.md",
        "# Home\n\nThere are 3 keys for all of us.\n\nNobody but you reads your messages.\n",
    );
    site.write(
        "i18n/de/index.md",
        "# Start\n\nEs gibt 2 Schlüssel für uns alle.\n\nNobody but you reads your messages.\n",
    );
    commit(&site.path(""), 2, "Add");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let mut found = Vec::new();
    for width in [1400, 500] {
        client.set_window_size(width, 900).await.expect("set");
        for page in [
            "de/",
            "__proofroom/translations",
            "__proofroom/translations/de/docs/index.md",
        ] {
            client
                .goto(&format!("{}{page}", server.home))
                .await
                .expect("it loads");
            holds(&client, "document.readyState == 'complete'").await;
            let of_page = faults(&client, &axe, true).await;
            found.extend(of_page.iter().map(|it| format!("{width} /{page} {it}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    client.close().await.expect("it closes");
}
