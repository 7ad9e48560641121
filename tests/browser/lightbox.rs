//! Images that open above the page, with the box that comes with proofroom.

use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, holds, press, run, until_shown};

const IMAGE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" width=\"90\" \
                     height=\"90\"><path d=\"M0 0h9v9H0z\"/></svg>";

const PAGE: &str = "# Images\n\n![One](a.svg) <img alt=\"Two\" src=\"b.svg\" data-description=\"More &lt;i>of&lt;/i> it\"> \
                    ![Alone](a.svg){ data-gallery=\"g\" } ![Closed](b.svg){ .off-glb }\n";

/// The name of the image that is open; null if none is.
const OPEN: &str = "return document.querySelector('dialog.lightbox[open] img')?.alt ?? null";

/// Keys as WebDriver names them.
const RIGHT: char = '\u{e014}';
const ESCAPE: char = '\u{e00c}';

#[tokio::test]
async fn images_open_and_readers_go_on_to_the_next() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nmarkdown_extensions: [attr_list]\nplugins:\n  - glightbox: {auto_caption: true}\n",
        ),
        ("docs/index.md", PAGE),
        ("docs/a.svg", IMAGE),
        ("docs/b.svg", IMAGE),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    let click = |alt: &str| format!("document.querySelector('article img[alt={alt}]').click()");
    let shown =
        |name: &str| format!("document.querySelector('dialog .{name}')?.textContent ?? null");
    run(&client, &click("Closed")).await;
    assert_eq!(run(&client, OPEN).await, json!(null));
    run(&client, &click("One")).await;
    assert_eq!(run(&client, OPEN).await, json!("One"));
    holds(
        &client,
        "document.querySelector('dialog img').naturalWidth === 90",
    )
    .await;
    let title = run(&client, &format!("return {}", shown("gslide-title"))).await;
    assert_eq!(title, json!("One"));
    press(&client, &[RIGHT]).await;
    assert_eq!(run(&client, OPEN).await, json!("Two"));
    let description = run(&client, &format!("return {}", shown("gslide-desc"))).await;
    assert_eq!(description, json!("More <i>of</i> it"), "it is a text");
    // The last one of its gallery.
    press(&client, &[RIGHT]).await;
    assert_eq!(run(&client, OPEN).await, json!("Two"));
    press(&client, &[ESCAPE]).await;
    holds(&client, "!document.querySelector('dialog.lightbox').open").await;
    run(&client, &click("Alone")).await;
    let others = "return document.querySelector('dialog .is-next').hidden";
    assert_eq!(run(&client, others).await, json!(true));
    press(&client, &[ESCAPE]).await;
    holds(&client, "!document.querySelector('dialog.lightbox').open").await;
    // An image that a save has added.
    until_shown(&client, "Added", || {
        site.write("docs/index.md", format!("{PAGE}\nAdded ![Three](b.svg)\n"));
    })
    .await;
    run(&client, &click("Three")).await;
    assert_eq!(run(&client, OPEN).await, json!("Three"));
    client.close().await.expect("it closes");
}
