//! A nav that is too large to be whole in every page.

use fantoccini::Client;
use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, connected, holds, run};

const FEATURES: &str = "navigation.indexes, navigation.path, navigation.tabs";

/// A site with sections of sections, one of them long. `features` are those of the theme.
fn site(features: &str, plugins: &str) -> Site {
    let config = format!(
        "site_name: Example\ntheme:\n  features: [{features}]\nplugins: [search{plugins}]\n"
    );
    let site = Site::new(&[
        ("mkdocs.yml", config.as_str()),
        ("docs/index.md", "# Home\n"),
        ("docs/words.md", "# Some *words*\n"),
    ]);
    for section in ["one", "two"] {
        for folder in ["a", "b/c"] {
            for page in ["index", "x", "y"] {
                let text = format!("# {section} {folder} {page}\n");
                site.write(&format!("docs/{section}/{folder}/{page}.md"), text);
            }
        }
    }
    for page in 0..260 {
        let text = format!("# Entry {page}\n");
        site.write(&format!("docs/long/{page:03}.md"), text);
    }
    site
}

/// Points to every section until no part is left to load, and returns the nav.
async fn completed(client: &Client) -> String {
    let point = "for (const summary of document.querySelectorAll('.md-sidebar--primary summary')) summary.dispatchEvent(new PointerEvent('pointerover', { bubbles: true })); document.querySelector('.md-sidebar--primary a').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));";
    for _ in 0..4 {
        run(client, point).await;
        holds(
            client,
            "!document.querySelector('script[src*=\"assets/nav/\"]')",
        )
        .await;
    }
    holds(client, "!document.querySelector('[data-md-part]')").await;
    nav(client).await
}

async fn nav(client: &Client) -> String {
    let script = "return document.querySelector('.md-nav--primary').outerHTML.replace(/ data-proofroom[^ >]*/g, '')";
    let nav = run(client, script).await;
    nav.as_str().expect("a text").to_owned()
}

/// A window of a long list has the same items as the whole list once it is complete, and
/// so has every section.
#[tokio::test]
async fn a_nav_that_is_loaded_in_parts_is_the_whole_nav() {
    let (whole, divided) = (
        site(FEATURES, ""),
        site(&format!("{FEATURES}, navigation.prune"), ""),
    );
    // With its own copy of a template, a site has the whole nav.
    let own = include_str!("../../themes/default/templates/partials/nav.html");
    whole.write("own/partials/nav.html", own);
    let config = std::fs::read_to_string(whole.path("mkdocs.yml")).expect("it is there");
    whole.write(
        "mkdocs.yml",
        config.replace("theme:", "theme:\n  custom_dir: own"),
    );
    let (whole, divided) = (whole.serve(), divided.serve());
    let (_driver, client) = Driver::start().await;
    for page in [
        "",
        "words/",
        "one/a/x/",
        "two/b/c/",
        "long/000/",
        "long/130/",
        "long/259/",
    ] {
        client
            .goto(&format!("{}{page}", whole.home))
            .await
            .expect("it loads");
        connected(&client).await;
        let last = "document.querySelector('.md-nav--primary')?.textContent.includes('Entry 259')";
        holds(&client, last).await;
        let expected = nav(&client).await;
        client
            .goto(&format!("{}{page}", divided.home))
            .await
            .expect("it loads");
        let before = nav(&client).await;
        assert!(
            before.len() * 2 < expected.len(),
            "{page}: {} of {}",
            before.len(),
            expected.len()
        );
        assert_same(&completed(&client).await, &expected, page);
    }
    client.close().await.expect("it closes");
}

fn assert_same(found: &str, expected: &str, page: &str) {
    let lines = |html: &str| -> Vec<String> {
        let html = html.replace("><", ">\n<");
        let lines = html.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let (found, expected) = (lines(found), lines(expected));
    let differing = found
        .iter()
        .zip(&expected)
        .position(|(one, other)| one != other);
    if let Some(at) = differing {
        panic!(
            "{page}: {:#?} is not {:#?}",
            &found[at.saturating_sub(3)..at + 1],
            &expected[at.saturating_sub(3)..at + 1]
        );
    }
    assert_eq!(found.len(), expected.len(), "{page}");
}

#[tokio::test]
async fn new_titles_reach_open_sections_of_open_tabs() {
    let site = site(&format!("{FEATURES}, navigation.prune"), "");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}one/a/x/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    let shows = |text: &str| {
        format!("document.querySelector('.md-sidebar--primary').textContent.includes('{text}')")
    };
    completed(&client).await;
    holds(&client, &shows("two b/c y")).await;
    run(
        &client,
        "window.same = true; document.querySelector('#__nav_5').open = true",
    )
    .await;
    site.write("docs/two/b/c/y.md", "# Renamed there\n");
    holds(&client, &shows("Renamed there")).await;
    site.write("docs/two/b/c/z.md", "# New there\n");
    holds(&client, &shows("New there")).await;
    site.write("docs/one/a/new.md", "# New here\n");
    holds(&client, &shows("New here")).await;
    holds(&client, &shows("New there")).await;
    assert_eq!(
        run(
            &client,
            "return [window.same, document.querySelector('#__nav_5').open]"
        )
        .await,
        json!([true, true])
    );
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_divided_nav_is_complete_in_a_site_opened_from_disk() {
    let site = site(&format!("{FEATURES}, navigation.prune"), ", offline");
    site.run_successfully(&["build"]);
    let (_driver, client) = Driver::start().await;
    let page = site.path("site/one/a/x.html");
    client
        .goto(&format!("file://{}", page.display()))
        .await
        .expect("it loads");
    let nav = completed(&client).await;
    assert!(
        nav.contains("Entry 259") && nav.contains("two b/c y"),
        "{nav}"
    );
    let first = "[...document.querySelectorAll('.md-sidebar--primary a')].find((link) => link.textContent == 'Entry 7').getAttribute('href')";
    assert_eq!(
        run(&client, &format!("return {first}")).await,
        json!("../../long/007.html")
    );
    client.close().await.expect("it closes");
}
