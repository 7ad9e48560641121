//! A tab stays up to date although a service worker answers from its cache.

use crate::harness::Site;
use crate::harness::browser::{Driver, connected, holds, run, value};

/// Answers everything from its cache, once it is there.
const WORKER: &str = "
addEventListener(\"install\", () => skipWaiting());
addEventListener(\"activate\", (event) => event.waitUntil(clients.claim()));
addEventListener(\"fetch\", (event) => event.respondWith((async () => {
  const cache = await caches.open(\"all\");
  const known = await cache.match(event.request);
  if (known) return known;
  const answer = await fetch(event.request);
  if (event.request.method === \"GET\") await cache.put(event.request, answer.clone());
  return answer;
})()));
";

#[tokio::test]
async fn a_service_worker_does_not_hold_a_tab_back() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nextra_css: [own.css]\nextra_javascript: [own.js]\n",
        ),
        ("docs/index.md", "# Home\n\nFirst words.\n"),
        ("docs/own.css", "article { --own: first }\n"),
        ("docs/own.js", "window.own = \"first\";\n"),
        ("docs/worker.js", WORKER),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    run(&client, "navigator.serviceWorker.register('worker.js')").await;
    holds(&client, "navigator.serviceWorker.controller").await;
    // From now on, all of it comes from the cache.
    client.refresh().await.expect("it loads");
    connected(&client).await;
    client.refresh().await.expect("it loads");
    connected(&client).await;
    run(&client, "window.mark = 'kept'").await;
    site.save("docs/index.md", "# Home\n\nSecond words.\n");
    let words = "document.querySelector('article').textContent.includes('Second words.')";
    holds(&client, words).await;
    site.save("docs/own.css", "article { --own: second }\n");
    let style = "getComputedStyle(document.querySelector('article')).getPropertyValue('--own').trim() === 'second'";
    holds(&client, style).await;
    assert_eq!(value(&client, "window.mark").await, "kept");
    // What needs the page loaded anew.
    site.save("docs/own.js", "window.own = \"second\";\n");
    holds(&client, "window.own === 'second'").await;
    holds(&client, &format!("{words} && {style}")).await;
    client.close().await.expect("it closes");
}
