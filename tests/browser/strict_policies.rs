//! Pages whose policy lets them load styles and scripts of their own site only.

use crate::harness::aged_site::aged_site;
use crate::harness::browser::{Driver, all_true, connected, holds, run};
use crate::harness::{Proxy, Server, Site};

#[tokio::test]
async fn a_page_with_a_strict_policy_shows_what_the_server_says() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme:\n  name: proofroom\n  custom_dir: overrides\n",
        ),
        ("docs/index.md", "# Home\n"),
    ]);
    let policy = "{% extends \"base.html\" %}{% block extrahead %}<meta http-equiv=\"Content-Security-Policy\" content=\"style-src 'self'\">{% endblock %}\n";
    site.write("overrides/main.html", policy);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    site.save("overrides/main.html", &format!("{policy}{{% if %}}\n"));
    let place = "document.querySelector('proofroom-overlay').shadowRoot";
    holds(
        &client,
        &format!("{place}.textContent.includes('main.html:2')"),
    )
    .await;
    holds(
        &client,
        &format!("getComputedStyle({place}.querySelector('div')).position === 'fixed'"),
    )
    .await;
    client.close().await.expect("it closes");
}

/// What a page of the server itself has under such a policy.
const STYLED: &str = "return {
    'no styles and scripts in the page': [...document.querySelectorAll('style, [style], script:not([src]), [onchange]')].every((one) => one.closest('[data-proofroom]')),
    'a style sheet': [...document.styleSheets].some((sheet) => sheet.href.includes('/__proofroom/') && sheet.cssRules.length > 0),
    'its colours': getComputedStyle(document.documentElement).colorScheme === 'light dark',
    'its font': getComputedStyle(document.body).fontFamily.includes('system-ui'),
}";

#[tokio::test]
async fn pages_of_the_server_itself_look_as_they_should_under_a_strict_policy() {
    let site = aged_site();
    site.write("docs/sub/new.md", "# New\n");
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=HEAD"];
    let server = Server::start(&site.path(""), &arguments);
    let proxy = Proxy {
        path: "/team/",
        strips: true,
        keeps_host: true,
        adds: "Content-Security-Policy: style-src 'self'; script-src 'self'",
    };
    let home = proxy.start(&server);
    let (_driver, client) = Driver::start().await;
    for (page, shown) in [
        ("__proofroom/ages", "table.list"),
        ("__proofroom/blame/docs/sub/a.md", "table.lines"),
        ("__proofroom/review", "main li"),
    ] {
        let address = format!("{home}{page}");
        client.goto(&address).await.expect("it loads");
        holds(&client, &format!("document.querySelector('{shown}')")).await;
        all_true(&client, STYLED).await;
    }
    let ages = format!("{home}__proofroom/ages");
    client.goto(&ages).await.expect("it loads");
    run(&client, "const select = document.querySelector('select[name=show]'); select.value = 'blocks'; select.dispatchEvent(new Event('change'))").await;
    holds(&client, "location.search.includes('show=blocks')").await;

    // A page that cannot be shown, as it was never seen.
    site.write("mkdocs.yml", "site_name: [\n");
    let broken = Server::start(&site.path(""), &arguments[..2]);
    let home = proxy.start(&broken);
    let address = format!("{home}sub/a/");
    client.goto(&address).await.expect("it loads");
    holds(&client, "document.querySelector('h1 ~ ul pre')").await;
    all_true(&client, STYLED).await;
    client.close().await.expect("it closes");
}
