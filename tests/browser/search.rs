//! The search of the built-in theme: what it finds, in the browser and in the server, and
//! how it shows it.

use fantoccini::Client;
use serde_json::{Value, json};

use crate::harness::Site;
use crate::harness::browser::{Driver, all_true, holds, run, value};

/// Queries of every kind.
const QUERIES: [&str; 48] = [
    "password",
    "passwords",
    "password manager",
    "managing passwords",
    "pass",
    "pa",
    "p",
    "passw ",
    "pasword",
    "passwrod manger",
    "ecnryption",
    "site_name",
    "sitename",
    "siteName",
    "site name",
    "real-time",
    "realtime",
    "real time",
    "don't",
    "dont",
    "DNS-over-HTTPS",
    "dns over https",
    "how to delete an account",
    "the",
    "the the the",
    "deleting",
    "\"secret key\"",
    "C++",
    "C#",
    "c",
    "->",
    "mkdocs.yml",
    "IPv6",
    "1.2",
    "VPN服務",
    "即時通訊",
    "管理器",
    "密碼管理器",
    "密碼管理器推薦",
    "器",
    "検索エンジン",
    "메신저",
    "ภาษาไทย",
    "Ёлка пароли",
    "הצפנה",
    "בהצפנה",
    "التشفير",
    "nowhere-at-all",
];

const SENTENCES: [&str; 20] = [
    "A password manager keeps passwords and secrets.",
    "Set `site_name` in `mkdocs.yml` to name the site.",
    "Real-time messages arrive at once.",
    "Don't share your secret key.",
    "Encryption such as DNS-over-HTTPS protects queries.",
    "How to delete an account, and what is deleted with it.",
    "In C++ a pointer has `->`; in C# it does not.",
    "IPv6 addresses, version 1.2 of the protocol.",
    "這個VPN服務提供即時通訊與密碼管理器。",
    "密碼管理器可以保管密碼。",
    "検索エンジンとメッセンジャーを使う。",
    "메신저를 사용하는 방법.",
    "ภาษาไทยไม่มีช่องว่าง",
    "Ёлка и пароли, пароль и шифрование.",
    "הצפנה מגנה על הפרטיות, ובהצפנה חזקה יותר.",
    "التشفير يحمي الخصوصية، وتشفير البيانات مهم.",
    "The manager manages what managers manage.",
    "Siblings of `siteName` are written as site_name elsewhere.",
    "Pages, pagers, paging; past and passing.",
    "The quick brown fox, the lazy dog and the account.",
];

/// A site of some pages with these sentences.
fn site(config: &str) -> Site {
    let site = Site::new(&[
        ("mkdocs.yml", &format!("site_name: Example\n{config}")),
        ("docs/index.md", "# Home\n\nNothing here.\n"),
    ]);
    let titles = [
        "Password managers",
        "即時通訊",
        "Account",
        "Шифрование",
        "C++",
    ];
    for page in 0..30_usize {
        let mut text = match page {
            7 => "---\nsearch: {boost: 3}\ntags: [secret, tools]\n---\n".to_owned(),
            _ => String::new(),
        };
        text.push_str(&format!("# {} {page}\n\n", titles[page % titles.len()]));
        for part in 0..page % 4 + 1 {
            let first = (page * 7 + part * 3) % SENTENCES.len();
            let second = (page * 11 + part * 5 + 1) % SENTENCES.len();
            text.push_str(&format!(
                "## Part {part} {}\n\n",
                titles[(page + part) % titles.len()]
            ));
            text.push_str(&format!(
                "{}\n\n{}\n\n",
                SENTENCES[first], SENTENCES[second]
            ));
        }
        site.write(&format!("docs/page-{page}.md"), text);
    }
    site
}

/// What the server and the index find for all queries.
const ASK_BOTH: &str = "
    const [queries, done] = arguments;
    (async () => {
        await new Promise((loaded) => {
            const script = document.createElement('script');
            script.src = new URL('assets/theme/js/search.js', __md_scope);
            script.onload = loaded;
            document.head.append(script);
        });
        const folder = new URL('search/', __md_scope);
        const server = __search.openServer(new URL('/__proofroom/search?at=' + folder.pathname, location));
        const index = await __search.openIndex(folder);
        const answer = async (search, query) => {
            const found = await search(query);
            return { count: found.count, words: [...found.words].sort(), completion: found.completion ?? null, pages: await found.take(0, 50) };
        };
        const answers = [];
        for (const query of queries) answers.push([query, await answer(server, query), await answer(index, query)]);
        return answers;
    })().then(done, (error) => done(String(error)));
";

#[tokio::test]
async fn the_index_and_the_server_answer_alike() {
    for language in ["en", "zh-Hant"] {
        let site = site(&format!("theme: {{language: {language}}}\n"));
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        client.goto(&server.home).await.expect("it loads");
        let answers = client
            .execute_async(ASK_BOTH, vec![json!(QUERIES.as_slice())])
            .await;
        let answers = answers.expect("it answers");
        let answers = answers.as_array().unwrap_or_else(|| panic!("{answers}"));
        assert_eq!(answers.len(), QUERIES.len());
        for answer in answers {
            assert_eq!(answer[1], answer[2], "{language}: {}", answer[0]);
            let expects_none = answer[0] == "nowhere-at-all";
            assert_eq!(answer[1]["count"] == 0, expects_none, "{}", answer[0]);
        }
        client.close().await.expect("it closes");
    }
}

/// Types into the search and waits for its answer.
async fn search(client: &Client, text: &str) {
    let meta = "document.querySelector('.md-search-result__meta')";
    let script = format!(
        "{meta}.textContent = ''; const field = document.querySelector('[data-md-component=search-query]'); field.focus(); field.value = arguments[0]; field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    );
    let typed = client.execute(&script, vec![json!(text)]).await;
    typed.expect("it is typed");
    holds(client, &format!("{meta}.textContent !== ''")).await;
}

#[tokio::test]
async fn results_show_sections_excerpts_and_more() {
    let site = site("theme: {features: [search.highlight, search.share, search.suggest]}\n");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    search(&client, "password manag").await;
    all_true(
        &client,
        "const all = (css) => [...document.querySelectorAll('.md-search-result__list ' + css)];
        return {
            pages: all('.md-search-result__page').length === 6,
            sections: all('.md-search-result__section').every((link) => link.hash && link.querySelector('mark')),
            marks: all('mark').some((mark) => mark.textContent === 'managers'),
            marked: all('a').every((link) => new URL(link.href).searchParams.get('h')),
            suggested: document.querySelector('[data-md-component=search-suggest]').textContent.startsWith('password manag'),
            shared: document.querySelector('[data-md-component=search-share]').href.endsWith('?q=password+manag'),
        }",
    )
    .await;
    run(
        &client,
        "document.querySelector('.md-search-result__next').click()",
    )
    .await;
    holds(
        &client,
        "document.querySelectorAll('.md-search-result__page').length > 6",
    )
    .await;
    // The words are marked on the page that is opened.
    let first = value(
        &client,
        "document.querySelector('.md-search-result__section, .md-search-result__page').href",
    )
    .await;
    client
        .goto(first.as_str().expect("an address"))
        .await
        .expect("it loads");
    holds(
        &client,
        "[...document.querySelectorAll('article mark[data-md-highlight]')].some((mark) => /password/i.test(mark.textContent))",
    )
    .await;
    // An address opens a search.
    let asking = format!("{}?q=realtime", server.home);
    client.goto(&asking).await.expect("it loads");
    holds(
        &client,
        "document.querySelector('.md-search-result__list mark')?.textContent.toLowerCase() === 'real-time'",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_search_is_used_with_the_keyboard() {
    let site = site("");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    // Where there is little room, the field is hidden until it is asked for.
    client.set_window_size(1300, 900).await.expect("a size");
    client.goto(&server.home).await.expect("it loads");
    search(&client, "password").await;
    let press = |key: &str| {
        format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"
        )
    };
    run(&client, &press("ArrowDown")).await;
    let focused = value(&client, "document.activeElement.className").await;
    assert!(
        focused
            .as_str()
            .is_some_and(|it| it.contains("md-search-result__page")),
        "{focused}"
    );
    run(&client, &press("ArrowUp")).await;
    let focused = value(&client, "document.activeElement.name").await;
    assert_eq!(focused, json!("q"));
    run(&client, &press("Escape")).await;
    let hidden = value(
        &client,
        "document.querySelector('.md-search__output').hidden",
    )
    .await;
    assert_eq!(hidden, Value::Bool(true));
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn an_edit_is_found_at_once() {
    let site = site("");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    crate::harness::browser::connected(&client).await;
    search(&client, "wombat").await;
    let line = "document.querySelector('.md-search-result__meta').textContent";
    assert_eq!(value(&client, line).await, json!("No pages found"));
    site.save("docs/index.md", "# Home\n\nA wombat is here.\n");
    holds(&client, &format!("{line} === 'One page found'")).await;
    client.close().await.expect("it closes");
}
