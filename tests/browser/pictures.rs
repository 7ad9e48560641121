//! The pictures of the documentation. `UPDATE=1` writes them anew.

use std::fs;

use fantoccini::Client;

use super::kinds_of_pages::own_documentation;
use crate::harness::browser::{Driver, connected, holds, is_firefox, run};
use crate::harness::expected::updates;
use crate::harness::git::{commit, repository};
use crate::harness::{Server, in_repository};

/// Takes a picture of what is shown now, for a file of the documentation.
async fn take(client: &Client, path: &str) {
    let picture = client.screenshot().await.expect("a picture");
    let path = in_repository(path);
    if updates() {
        fs::write(&path, &picture).expect("written");
        return;
    }
    let stored = fs::read(&path).expect("it is stored");
    // Texts are drawn with the fonts of each machine, so only sizes are compared.
    let size = |png: &[u8]| -> Option<Vec<u8>> {
        png.starts_with(b"\x89PNG").then(|| png[16..24].to_vec())
    };
    assert_eq!(size(&picture), size(&stored), "{}", path.display());
}

/// Makes the window so large that it shows this much: it is higher than that.
async fn show(client: &Client, width: u32, height: u32) {
    client
        .set_window_rect(0, 0, width, height)
        .await
        .expect("set");
    let shown = client.execute("return innerHeight", Vec::new()).await;
    let shown = shown.expect("it runs").as_u64().expect("a number");
    let shown = u32::try_from(shown).expect("it is small");
    client
        .set_window_rect(0, 0, width, 2 * height - shown)
        .await
        .expect("set");
}

#[tokio::test]
async fn the_picture_of_a_translation_can_be_taken() {
    if is_firefox() {
        return;
    }
    let site = repository(&[
        (
            "proofroom.toml",
            "[languages]\ndefault = \"en\"\nen = { docs = \"docs\" }\nde = { docs = \"i18n/de\" }\n",
        ),
        (
            "docs/letters.md",
            "# Letters\n\nWrite to us before 2 May, or come by.\n\nEverybody gets an answer within a week.\n\n- Sign each letter.\n- Keep a copy of it.\n",
        ),
        (
            "i18n/de/letters.md",
            "# Briefe\n\nSchreiben Sie uns vor dem 2. Mai, oder kommen Sie vorbei.\n\nEverybody gets an answer within a week.\n\n- Unterschreiben Sie jeden Brief.\n- Behalten Sie eine Abschrift davon.\n",
        ),
    ]);
    let folder = site.path("");
    let text = site.read("docs/letters.md");
    site.write("docs/letters.md", text.replace("2 May", "9 June"));
    commit(&folder, 1, "Give people more time");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    show(&client, 1000, 460).await;
    let address = "__proofroom/translations/de/docs/letters.md";
    client
        .goto(&format!("{}{address}", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    take(&client, "docs/assets/translations-sides.png").await;
    client.close().await.expect("it closes");
}

/// A page before and after a change with one of each kind.
const BEFORE: &str = "# Getting started

A first paragraph that explains what the product does, and why anybody should read on to the end of the page.

## Install

Run the *installer* with `--quick` and wait until it says that it is done. See the [guide](guide.md) for details.

1. Download the archive.
2. Unpack it.
3. Run it.

Both take a minute.

!!! note \"Know this\"

    The text of the note is short.

=== \"Linux\"

    Use the package manager.

    ``` sh
    apt install thing
    systemctl start thing
    echo done
    ```

=== \"Windows\"

    Use the installer.

## Last words

Thank you for reading.
";

const AFTER: [(&str, &str); 7] = [
    ("what the product does", "what this product can do"),
    ("## Install\n", "Both take a minute.\n\n## Install\n"),
    ("3. Run it.\n\nBoth take a minute.\n", "3. Run it.\n"),
    ("--quick", "--fast"),
    (
        "2. Unpack it.\n",
        "2. Unpack it.\n3. Check its signature.\n",
    ),
    ("note is short", "note is rather short"),
    ("systemctl start", "systemctl enable --now"),
];

#[tokio::test]
async fn the_pictures_of_a_review_can_be_taken() {
    if is_firefox() {
        return;
    }
    let site = repository(&[
        ("proofroom.toml", "site_name = \"Demo\"\n"),
        ("docs/index.md", BEFORE),
        ("docs/guide.md", "# Guide\n\nWords.\n"),
    ]);
    let now = AFTER.iter().fold(BEFORE.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
    site.write("docs/index.md", now);
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=HEAD"];
    let server = Server::start(&site.path(""), &arguments);
    let (_driver, client) = Driver::start().await;
    show(&client, 1160, 720).await;
    let address = format!("{}__proofroom/difference/", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    let bar = "document.querySelector('proofroom-review').shadowRoot";
    holds(
        &client,
        &format!("document.documentElement.dataset.proofroomChanges !== undefined && {bar}.querySelector('.count').textContent"),
    )
    .await;
    let press = |key: char| {
        format!(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}}))"
        )
    };
    run(&client, &press('n')).await;
    holds(
        &client,
        &format!("{bar}.querySelector('.count').textContent.startsWith('1')"),
    )
    .await;
    take(&client, "docs/assets/reviewing.png").await;
    // Further down, where there are other kinds of changes.
    for nth in 2..=5 {
        run(&client, &press('n')).await;
        holds(
            &client,
            &format!("{bar}.querySelector('.count').textContent.startsWith('{nth}')"),
        )
        .await;
    }
    run(&client, &press('b')).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomSides === 'aligned'",
    )
    .await;
    take(&client, "docs/assets/reviewing-sides.png").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_picture_of_the_readme_can_be_taken() {
    if is_firefox() {
        return;
    }
    let site = own_documentation("en");
    let config = site.read("docs/proofroom.toml");
    site.write(
        "docs/proofroom.toml",
        format!("theme.custom_dir = \"overrides\"\n{config}"),
    );
    let template = "{% extends \"base.html\" %}\n\n{% block content %}\n  {{ super() }}\n  <p>Read the {{ \"news\" | upper }}.</p>\n{% endblock %}\n";
    site.write("overrides/main.html", template);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    show(&client, 1280, 800).await;
    let address = format!("{}guide/writing/", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    site.save("overrides/main.html", &template.replace("upper", "uper"));
    holds(
        &client,
        "document.querySelector('proofroom-overlay')?.shadowRoot.textContent.includes('uper')",
    )
    .await;
    take(&client, "docs/assets/proofroom.png").await;
    client.close().await.expect("it closes");
}
