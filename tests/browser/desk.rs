//! The translators' desk on pages and beside each other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fantoccini::Client;

use super::accessibility::{axe, faults};
use crate::harness::browser::{Driver, connected, holds, value};
use crate::harness::git::{commit, repository};
use crate::harness::{Server, Site, proofroom};

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

/// A git that reads no history until the file beside it, a pipe, is written.
#[cfg(unix)]
fn held_git(folder: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let hold = folder.join("hold");
    let made = Command::new("mkfifo").arg(&hold).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo runs");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let script = format!(
        "#!/bin/sh\nPATH='{}'\ncase \"$*\" in *log*) cat '{}' > /dev/null ;; esac\nexec git \"$@\"\n",
        path.display(),
        hold.display()
    );
    let git = folder.join("git");
    fs::write(&git, script).expect("written");
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).expect("executable");
    hold
}

#[cfg(unix)]
#[tokio::test]
async fn the_table_is_there_at_once_and_fills_itself() {
    let site = site();
    let folder = tempfile::tempdir().expect("a folder");
    let hold = held_git(folder.path());
    let mut command = proofroom(&site.path(""));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [folder.path().to_owned()];
    let paths = paths.into_iter().chain(std::env::split_paths(&path));
    command
        .env("PATH", std::env::join_paths(paths).expect("a path"))
        .args(["serve", "--dev-addr", "127.0.0.1:0"]);
    let server = Server::spawn(command);
    let (_driver, client) = Driver::start().await;
    let address = format!("{}__proofroom/translations", server.home);
    client.goto(&address).await.expect("it loads");
    let said = "document.querySelector('[role=status]')?.textContent";
    holds(
        &client,
        &format!("{said}.includes('Reading the translations')"),
    )
    .await;
    holds(&client, "document.querySelector('progress') !== null").await;
    // Opened once git reads from it, which ends when this is closed.
    let reads = tokio::task::spawn_blocking(move || {
        let held = fs::File::options().write(true).open(&hold).expect("a pipe");
        fs::remove_file(&hold).expect("removed");
        drop(held);
    });
    reads.await.expect("git is asked");
    let cell = "document.querySelector('.matrix tbody:not(.total) td a')?.title";
    holds(
        &client,
        &format!("{cell} === 'de: 1 current, 1 out of date'"),
    )
    .await;
    holds(&client, "document.querySelector('[data-looking]') === null").await;
    holds(&client, "document.querySelector('progress') === null").await;
    // Columns are still sorted by a click.
    let head = "document.querySelector('.matrix thead th')";
    value(&client, &format!("({head}.firstChild.click(), 1)")).await;
    holds(&client, &format!("{head}.ariaSort === 'ascending'")).await;
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
