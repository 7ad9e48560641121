//! What the theme shows of versions, consent, feedback and diagrams.

use fantoccini::Client;
use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, all_true, holds, prefer_dark, run};
use crate::harness::file_server::FileServer;

const VERSIONS: &str = r#"[
  {"version": "2.0", "title": "2.0.1", "aliases": ["latest"]},
  {"version": "1.0", "title": "1.0", "aliases": []},
  {"version": "0.1", "title": "0.1", "aliases": [], "properties": {"hidden": true}}
]"#;

/// The address of the page that a tab shows, without the server.
async fn path(client: &Client) -> String {
    let path = run(client, "return location.pathname").await;
    path.as_str().expect("a path").to_owned()
}

#[tokio::test]
async fn versions_are_those_that_mike_lists() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nsite_url: https://x.example/1.0/\nextra:\n  version: {provider: mike, alias: true}\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n"),
        ("docs/b.md", "# B\n"),
    ]);
    // As mike publishes: each version is a folder.
    site.run_successfully(&["build", "-d", "all/1.0"]);
    std::fs::remove_file(site.path("docs/b.md")).expect("removed");
    site.run_successfully(&["build", "-d", "all/2.0"]);
    site.write("all/versions.json", VERSIONS);
    let files = FileServer::start(site.path("all"));
    let (_driver, client) = Driver::start().await;
    let home = format!("http://{}/", files.host);
    client
        .goto(&format!("{home}1.0/a/#a"))
        .await
        .expect("it loads");
    holds(&client, "document.querySelector('.md-version')").await;
    all_true(
        &client,
        "return Object.assign({}, [
            document.querySelector('.md-version__current').textContent == '1.0',
            [...document.querySelectorAll('.md-version a')].map((link) => link.textContent).join() == '2.0.1 latest,1.0',
            document.querySelector('.md-version [aria-current]').textContent == '1.0',
            !document.querySelector('[data-md-component=outdated]').hidden,
        ])",
    ).await;
    run(&client, "document.querySelector('.md-version a').click()").await;
    holds(
        &client,
        "location.pathname == '/2.0/a/' && document.querySelector('.md-version')",
    )
    .await;
    assert_eq!(run(&client, "return location.hash").await, json!("#a"));
    assert_eq!(
        run(
            &client,
            "return document.querySelector('[data-md-component=outdated]').hidden"
        )
        .await,
        json!(true)
    );
    // Where the other version lacks the page, its front page is shown.
    client
        .goto(&format!("{home}1.0/b/"))
        .await
        .expect("it loads");
    holds(&client, "document.querySelector('.md-version')").await;
    run(&client, "document.querySelector('.md-version a').click()").await;
    holds(&client, "location.pathname != '/1.0/b/'").await;
    assert_eq!(path(&client).await, "/2.0/");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_is_not_consented_to_is_not_loaded() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme: {name: material, custom_dir: own}\nextra:\n  analytics:\n    provider: mine\n    feedback:\n      title: Helpful?\n      ratings:\n        - {icon: material/thumb-up, name: Yes, data: 1, note: 'Thanks for {title}'}\n  consent: {title: Cookies, description: May we?, actions: [accept, reject]}\n",
        ),
        (
            "own/partials/integrations/analytics/mine.html",
            "<script>function __md_analytics() { window.counted = true }</script>",
        ),
        ("docs/index.md", "# Home\n"),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    let asked = "document.querySelector('#__consent')?.hidden === false";
    holds(&client, asked).await;
    run(
        &client,
        "window.old = true; document.querySelector('#__consent [type=reset]').click()",
    )
    .await;
    let again = "!window.old && document.readyState == 'complete' && document.querySelector('#__consent')?.hidden";
    holds(&client, again).await;
    assert_eq!(run(&client, "return window.counted").await, json!(null));
    // A link to the question asks it again.
    run(&client, "location.hash = '#__consent'").await;
    holds(&client, asked).await;
    run(&client, "window.old = true; document.querySelector('#__consent [name=analytics]').checked = true; document.querySelector('#__consent [type=submit]').click()").await;
    holds(&client, again).await;
    holds(&client, "window.counted").await;
    // Feedback thanks, and tells scripts of the site.
    run(&client, "document.addEventListener('theme:feedback', ({ detail }) => { window.told = detail.data }); document.forms.feedback.querySelector('[type=submit]').click()").await;
    all_true(
        &client,
        "return Object.assign({}, [window.told == '1', document.forms.feedback.querySelector('fieldset').disabled, document.querySelector('.md-feedback__note :not([hidden])').textContent == 'Thanks for Home'])",
    ).await;
    client.close().await.expect("it closes");
}

/// Answers as GitHub does, and counts what it was asked.
const GITHUB: &str = "{% extends 'base.html' %}{% block libs %}<script>
    window.asked = []
    window.fetch = async (url) => {
        window.asked.push(String(url))
        const answer = String(url).endsWith('/releases/latest')
            ? { tag_name: 'v1.2.3' }
            : { stargazers_count: 12345, forks_count: 0 }
        return new Response(JSON.stringify(answer))
    }
</script>{% endblock %}";

#[tokio::test]
async fn facts_of_the_repository_are_asked_for_once_in_a_visit() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nrepo_url: https://github.com/owner/name\ntheme: {name: material, custom_dir: own}\nextra: {scope: /}\n",
        ),
        ("own/main.html", GITHUB),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n"),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    let shown = "document.querySelector('.md-header .md-source__facts')";
    holds(&client, shown).await;
    let facts = format!("[...{shown}.children].map((it) => it.textContent).join(' ')");
    holds(&client, &format!("{facts} == 'v1.2.3 12.3K 0'")).await;
    all_true(
        &client,
        "return Object.assign({}, [
            window.asked.filter((url) => url.startsWith('https://api.github.com/')).sort().join() == 'https://api.github.com/repos/owner/name,https://api.github.com/repos/owner/name/releases/latest',
            sessionStorage.getItem('/.__facts') !== null,
        ])",
    )
    .await;
    let next = format!("{}a/", server.home);
    client.goto(&next).await.expect("it loads");
    holds(&client, &format!("{facts} == 'v1.2.3 12.3K 0'")).await;
    all_true(
        &client,
        "return Object.assign({}, [!window.asked.some((url) => url.includes('api.github.com'))])",
    )
    .await;
    client.close().await.expect("it closes");
}

/// In place of Mermaid, which has three megabytes.
const DRAWS: &str = "window.mermaid = { initialize(settings) { window.settings = settings }, async render(id, text) { if (text.includes('wrong')) throw new Error('it is wrong'); return { svg: `<svg id=\"${id}\" role=\"graphics-document\" aria-roledescription=\"flowchart\"><text>${settings.themeVariables.darkMode} ${text.trim()}</text></svg>` } } }";

#[tokio::test]
async fn diagrams_are_drawn_in_the_colours_of_the_page() {
    let site = Site::new(&[
        (
            "docs/proofroom.toml",
            "site_name = \"S\"\nextra_javascript = [\"mermaid.js\"]\n",
        ),
        ("docs/mermaid.js", DRAWS),
        (
            "docs/index.md",
            "# Home\n\n``` mermaid\ngraph one\n```\n\n``` mermaid\nwrong\n```\n",
        ),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    let drawn = "document.querySelector('.md-diagram text')?.textContent";
    holds(&client, &format!("{drawn} == 'false graph one'")).await;
    // What cannot be drawn is read.
    all_true(
        &client,
        "return Object.assign({}, [document.querySelectorAll('.md-diagram').length == 1, document.querySelector('pre.mermaid').textContent.trim() == 'wrong', /^#[0-9a-f]{6}$/.test(settings.themeVariables.primaryColor)])",
    ).await;
    run(
        &client,
        "document.querySelectorAll('[data-md-component=palette] input')[2].click()",
    )
    .await;
    holds(&client, &format!("{drawn} == 'true graph one'")).await;
    // A diagram that is edited is drawn anew, and others stay.
    site.save(
        "docs/index.md",
        "# Home\n\n``` mermaid\ngraph two\n```\n\n``` mermaid\nright\n```\n",
    );
    holds(&client, "[...document.querySelectorAll('.md-diagram text')].map((it) => it.textContent).join() == 'true graph two,true right'").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_page_is_copied_as_markdown() {
    let site = Site::new(&[
        (
            "docs/proofroom.toml",
            "site_name = \"S\"\n[pages]\nmarkdown = true\n",
        ),
        ("docs/index.md", "# Home\n\nSome *words*.\n"),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    run(&client, "Object.defineProperty(navigator, 'clipboard', { value: { async writeText(text) { window.copied = text } } }); document.querySelector('[data-md-copy]').click()").await;
    holds(&client, "window.copied == '# Home\\n\\nSome *words*.\\n'").await;
    client.close().await.expect("it closes");
}

/// A frame that may not run scripts shows what a reader without them sees.
#[tokio::test]
async fn without_scripts_pages_follow_the_system() {
    let site = Site::new(&[
        (
            "docs/index.md",
            "# Home\n\n=== \"A\"\n\n    One.\n\n=== \"B\"\n\n    Two.\n",
        ),
        ("docs/a/b.md", "# B\n"),
        (
            "static/frame.html",
            "<iframe sandbox='allow-same-origin' src='index.html' width=1300 height=800></iframe>",
        ),
    ]);
    site.run_successfully(&["build"]);
    let files = FileServer::start(site.path("site"));
    let (_driver, client) = Driver::start().await;
    prefer_dark(&client).await;
    let address = format!("http://{}/frame.html", files.host);
    client.goto(&address).await.expect("it loads");
    let page = "document.querySelector('iframe').contentDocument";
    holds(
        &client,
        &format!("{page}.readyState == 'complete' && {page}.querySelector('h1')"),
    )
    .await;
    let script = format!(
        "const page = {page}, shown = (css) => page.querySelector(css).checkVisibility();
        return {{
            dark: getComputedStyle(page.body).backgroundColor == 'rgb(26, 25, 23)',
            text: getComputedStyle(page.querySelector('h1')).color == 'rgb(230, 226, 218)',
            nav: shown('.md-nav--primary .md-nav__link'),
            search: !shown('.md-search'),
            palette: [...page.querySelectorAll('[data-md-component=palette] label')].every((one) => !one.checkVisibility()),
            tab: shown('.tabbed-block p') && !shown('.tabbed-block:nth-child(2) p'),
        }}"
    );
    all_true(&client, &script).await;
    client.close().await.expect("it closes");
}
