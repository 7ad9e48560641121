//! The live client behind what people put in front of the server.

use fantoccini::Locator;

use crate::harness::browser::{Driver, connected, holds, run, shows};
use crate::harness::{Proxy, Server, Site};

/// A site below a path, as it is published.
fn site(config: &str) -> Site {
    let config = format!("site_name: Example\n{config}");
    Site::new(&[
        ("mkdocs.yml", config.as_str()),
        ("docs/index.md", "# Home\n\nAt home. [Alpha](sub/a.md)\n"),
        ("docs/sub/a.md", "# Alpha\n\nFirst words.\n"),
        ("docs/sub/b.md", "# Beta\n\nSecond words.\n"),
    ])
}

#[tokio::test]
async fn a_tab_is_live_behind_a_proxy_that_passes_on_one_path() {
    let url = "site_url: https://h.example/team/docs/\n";
    for (config, path, strips, keeps_host) in [
        (url, "/team/docs/", false, true),
        (url, "/team/docs/", false, false),
        (url, "/team/docs/", true, true),
        // The proxy of a notebook or an editor, which the site knows nothing of.
        (url, "/user/me/proxy/8000/", true, false),
        ("", "/user/me/proxy/8000/", true, true),
    ] {
        let site = site(config);
        let server = site.serve();
        let proxy = Proxy {
            path,
            strips,
            keeps_host,
            adds: "",
        };
        let home = proxy.start(&server);
        let (_driver, client) = Driver::start().await;
        client.goto(&home).await.expect("it loads");
        connected(&client).await;
        site.save("docs/index.md", "# Home\n\nEdited. [Alpha](sub/a.md)\n");
        shows(&client, "Edited.").await;
        // A link, a redirect, the ages and a tab that follows stay below the path.
        let link = client.find(Locator::LinkText("Alpha")).await;
        link.expect("one").click().await.expect("it leads there");
        shows(&client, "First words.").await;
        connected(&client).await;
        client
            .goto(&format!("{home}sub/b"))
            .await
            .expect("it loads");
        shows(&client, "Second words.").await;
        connected(&client).await;
        let place = format!("location.href === '{home}sub/b/'");
        holds(&client, &place).await;
        let asked = run(
            &client,
            "return fetch(proofroomAddresses.own('ages?page=' + proofroomAddresses.pathOf(location.href))).then((it) => it.ok)",
        )
        .await;
        assert_eq!(asked, true, "{path}");
        run(&client, "proofroomFollow.go({ path: proofroomAddresses.pathOf('../a/'), source: 'docs/sub/a.md', line: 3 }, '')").await;
        shows(&client, "First words.").await;
        holds(&client, &format!("location.href === '{home}sub/a/'")).await;
        client.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn a_review_is_shown_behind_such_a_proxy() {
    let site = site("site_url: https://h.example/team/docs/\n");
    crate::harness::git::git(&site.path(""), &["init", "--quiet", "-b", "main"]);
    crate::harness::git::commit(&site.path(""), 10, "Begin");
    site.write("docs/sub/a.md", "# Alpha\n\nOther words.\n");
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=HEAD"];
    let server = Server::start(&site.path(""), &arguments);
    let proxy = Proxy {
        path: "/team/docs/",
        strips: false,
        keeps_host: true,
        adds: "",
    };
    let home = proxy.start(&server);
    let (_driver, client) = Driver::start().await;
    let list = format!("{home}__proofroom/review");
    client.goto(&list).await.expect("it loads");
    holds(&client, "document.querySelector('main a[href]')").await;
    run(&client, "document.querySelector('main a[href]').click()").await;
    let at = |rest: &str| format!("location.href.startsWith('{home}{rest}')");
    holds(&client, &at("__proofroom/difference/team/docs/sub/a/")).await;
    holds(&client, "document.querySelector('article ins')").await;
    for rest in ["__proofroom/base/team/docs/sub/a/", "sub/a/"] {
        connected(&client).await;
        holds(&client, "document.documentElement.dataset.proofroomChanges").await;
        run(
            &client,
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'd', bubbles: true}))",
        )
        .await;
        holds(&client, &at(rest)).await;
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn another_site_shows_this_one_in_a_frame_or_why_not() {
    let framed = site("");
    let elsewhere = site("");
    let around = elsewhere.serve();
    let origin = around.home.trim_end_matches('/').to_owned();
    for (flag, text) in [
        (None, format!("--frame-ancestors {origin}")),
        (Some(origin.as_str()), "At home.".to_owned()),
    ] {
        let mut arguments = vec!["--dev-addr", "127.0.0.1:0"];
        arguments.extend(flag.iter().flat_map(|origin| ["--frame-ancestors", origin]));
        let server = Server::start(&framed.path(""), &arguments);
        elsewhere.save(
            "docs/index.md",
            &format!("# Around\n\n<iframe src=\"{}\"></iframe>\n", server.home),
        );
        let (_driver, client) = Driver::start().await;
        client.goto(&around.home).await.expect("it loads");
        let frame = client.find(Locator::Css("iframe")).await.expect("one");
        frame.enter_frame().await.expect("it is a frame");
        holds(
            &client,
            &format!("document.body.innerText.includes('{text}')"),
        )
        .await;
        if flag.is_some() {
            connected(&client).await;
            framed.save("docs/index.md", "# Home\n\nEdited in a frame.\n");
            shows(&client, "Edited in a frame.").await;
        }
        client.close().await.expect("it closes");
    }
}
