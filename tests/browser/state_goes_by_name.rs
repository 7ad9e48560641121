//! What is put before something must not take over its state.

use crate::harness::Site;
use crate::harness::browser::{Driver, all_true, connected, holds, run};

const BEFORE: &str = "# The page

=== \"Zero\"

    nothing

=== \"One\"

    first

=== \"Two\"

    second

??? note \"Bbb\"

    body

<p>first <input id=\"aa\"></p>
";

const CONFIG: &str = "site_name: Example
markdown_extensions:
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.details
";

#[tokio::test]
async fn the_state_of_a_control_follows_its_name() {
    let site = Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", BEFORE),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    run(
        &client,
        "document.querySelectorAll('.tabbed-set > input')[2].checked = true;
         document.querySelector('article details').open = true;
         document.querySelector('#aa').value = 'typed'",
    )
    .await;
    let after = BEFORE
        .replace("=== \"Zero\"\n\n    nothing\n\n", "")
        .replace(
            "??? note \"Bbb\"\n\n    body",
            "??? note \"New\"\n\n    other\n\n??? note \"Bbb\"\n\n    changed",
        )
        .replace("<p>first", "<p>zeroth <input id=\"bb\"></p>\n\n<p>First!")
        + "\nThe end.\n";
    site.save("docs/a.md", &after);
    holds(
        &client,
        "document.querySelector('article').textContent.includes('The end.')",
    )
    .await;
    all_true(
        &client,
        "const chosen = document.querySelector('.tabbed-set > input:checked');
         const label = chosen && document.querySelector(`label[for='${chosen.id}']`);
         const open = [...document.querySelectorAll('article details')].map((one) => one.open);
         return {
            tab: label?.textContent.trim() === 'Two',
            details: JSON.stringify(open) === '[false,true]',
            typed: document.querySelector('#aa').value === 'typed',
            empty: document.querySelector('#bb').value === '',
         }",
    )
    .await;
    // What cannot be declared twice is run on a page that is loaded anew.
    let script =
        |value: u8| format!("{after}\n<script>let once = {value}; window.seen = once</script>\n");
    site.save("docs/a.md", &script(1));
    holds(&client, "window.seen === 1").await;
    site.save("docs/a.md", &script(2));
    holds(&client, "window.seen === 2").await;
    client.close().await.expect("it closes");
}
