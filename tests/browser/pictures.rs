//! The pictures of the documentation. `UPDATE=1` writes them anew.

use std::fs;

use fantoccini::Client;

use super::kinds_of_pages::own_documentation;
use crate::harness::browser::{Driver, connected, holds, is_firefox};
use crate::harness::expected::updates;
use crate::harness::in_repository;

/// Takes a picture of what is shown now, for a file of the documentation.
async fn take(client: &Client, path: &str) {
    let picture = client.screenshot().await.expect("a picture");
    let path = in_repository(path);
    let stored = fs::read(&path).expect("it is stored");
    // Texts are drawn with the fonts of each machine, so only sizes are compared.
    let size = |png: &[u8]| -> Option<Vec<u8>> {
        png.starts_with(b"\x89PNG").then(|| png[16..24].to_vec())
    };
    if updates() {
        fs::write(&path, &picture).expect("written");
    } else {
        assert_eq!(size(&picture), size(&stored), "{}", path.display());
    }
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
    // A window is higher than what it shows.
    client.set_window_rect(0, 0, 1280, 800).await.expect("set");
    let shown = client.execute("return innerHeight", Vec::new()).await;
    let shown = shown.expect("it runs").as_u64().expect("a number");
    let height = u32::try_from(1600 - shown).expect("it is small");
    client
        .set_window_rect(0, 0, 1280, height)
        .await
        .expect("set");
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
