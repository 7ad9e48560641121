//! Lists that are drawn as something else.

use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, all_true, holds, value};

const PAGE: &str = "# Lists

<div class=\"file-tree\" markdown>

- docs/
    - **index.md** *the front page*
- src/
    - …
- `__init__.py`

</div>

<div class=\"grid cards linked\" markdown>

- [One](one.md)

    Words, and [another](two.md).

- __[Two](two.md)__

    Words.

- [Tight](three.md)

</div>
";

fn site(config: &str) -> Site {
    Site::new(&[
        (
            config,
            "site_name: Example\nmarkdown_extensions: [md_in_html]\n",
        ),
        ("docs/index.md", PAGE),
        ("docs/one.md", "# One\n"),
        ("docs/two.md", "# Two\n"),
        ("docs/three.md", "# Three\n"),
    ])
}

#[tokio::test]
async fn trees_have_folders_and_cards_lead_where_their_first_link_does() {
    let site = site("notes.yml");
    site.write("proofroom.toml", "site_name = \"Example\"\n");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.set_window_size(1000, 900).await.expect("set");
    client.goto(&server.home).await.expect("it loads");
    all_true(
        &client,
        "const items = [...document.querySelectorAll('.file-tree li')];
         const sign = (item) => getComputedStyle(item, '::before').maskImage;
         const cards = [...document.querySelectorAll('.linked li')];
         const at = (card, x, y) => { const box = card.getBoundingClientRect(); return document.elementFromPoint(box.left + box.width * x, box.top + box.height * y).closest('a')?.getAttribute('href'); };
         const colour = (css) => getComputedStyle(document.querySelector(css)).color;
         const { left, top, width, height } = cards[0].querySelector('a[href^=two]').getBoundingClientRect();
         return {
           items: items.length === 5 && cards.length === 3,
           folders: items.map((it) => sign(it) === sign(items[0])).join() === 'true,false,true,false,false',
           'no bullets': items.every((it) => getComputedStyle(it).listStyleType === 'none'),
           'a remark': colour('.file-tree em') !== colour('.file-tree li'),
           corners: [[.02, .05], [.9, .9], [.5, .5]].every(([x, y]) => at(cards[1], x, y) === 'two/' && at(cards[2], x, y) === 'three/'),
           'its first link': at(cards[0], .95, .1) === 'one/',
           'another link': document.elementFromPoint(left + width / 2, top + height / 2).getAttribute('href') === 'two/',
         };",
    )
    .await;
    client.close().await.expect("it closes");
}

/// There, a site's own sheet says what its classes mean.
#[tokio::test]
async fn classes_of_lists_mean_nothing_under_an_mkdocs_yml() {
    let site = site("mkdocs.yml");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    holds(&client, "document.querySelector('.file-tree li')").await;
    let sheets = value(
        &client,
        "document.querySelectorAll('link[href*=\"css/lists.\"]').length",
    )
    .await;
    assert_eq!(sheets, json!(0));
    client.close().await.expect("it closes");
}
