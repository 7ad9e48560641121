//! The place of the server on a page: a button, and a panel with problems and switches.

use fantoccini::key::Key;
use fantoccini::{Client, Locator};

use crate::harness::aged_site::aged_site;
use crate::harness::browser::{Driver, all_true, connected, holds, is_firefox, press, run, value};
use crate::harness::{Server, Site};

/// The inside of the place.
const PLACE: &str = "document.querySelector('proofroom-overlay').shadowRoot";

const LONG: &str = "Words that fill a line of the page, and then some more of them.\n\n";

fn site() -> Site {
    let home = format!("# Home\n\n{}", LONG.repeat(40));
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme:\n  name: proofroom\n  features: [navigation.footer]\n",
        ),
        ("docs/index.md", home.as_str()),
        ("docs/next.md", "# Next\n\nThe next page.\n"),
    ])
}

async fn open(site: &Site) -> (Server, Driver, Client) {
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    (server, driver, client)
}

#[tokio::test]
async fn notes_alone_are_listed_and_not_counted() {
    let site = site();
    let (_server, _driver, client) = open(&site).await;
    let quiet = format!(
        "{PLACE}.querySelector('.badge').hidden && {PLACE}.querySelector('.opener').classList.contains('quiet')"
    );
    holds(&client, &quiet).await;
    site.save("docs/index.md", "# Home\n\nA [place](#nowhere).\n");
    holds(
        &client,
        &format!("{PLACE}.querySelectorAll('h2.note').length === 1"),
    )
    .await;
    holds(&client, &quiet).await;
    holds(&client, &format!("{PLACE}.querySelector('.panel').hidden")).await;
    run(
        &client,
        &format!("{PLACE}.querySelector('.opener').click()"),
    )
    .await;
    holds(
        &client,
        &format!("{PLACE}.querySelector('h2.note').checkVisibility()"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn one_key_hides_all_of_it_and_that_is_remembered() {
    let site = site();
    let (server, _driver, client) = open(&site).await;
    let shown = "['proofroom-overlay', 'proofroom-ages', 'proofroom-review'].filter((it) => document.querySelector(it)?.checkVisibility()).join()";
    let all = "proofroom-overlay,proofroom-ages,proofroom-review";
    assert_eq!(value(&client, shown).await, all);
    press(&client, &['h']).await;
    holds(&client, &format!("{shown} === ''")).await;
    client
        .goto(&format!("{}next/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    assert_eq!(value(&client, shown).await, "");
    press(&client, &['h']).await;
    holds(&client, &format!("{shown} === '{all}'")).await;
    // The switch does the same.
    run(
        &client,
        &format!("{PLACE}.querySelector('[name=hide]').click()"),
    )
    .await;
    holds(&client, &format!("{shown} === ''")).await;
    client.refresh().await.expect("it loads");
    connected(&client).await;
    assert_eq!(value(&client, shown).await, "");
    // What the reader types is no key.
    run(&client, "document.body.insertAdjacentHTML('afterbegin', '<input id=field>'); document.querySelector('#field').focus()").await;
    press(&client, &['h', 'h']).await;
    holds(&client, "document.querySelector('#field').value === 'hh'").await;
    assert_eq!(value(&client, shown).await, "");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn it_is_read_on_any_page_and_nothing_shows_through() {
    let site = site();
    let (_server, _driver, client) = open(&site).await;
    site.save("docs/index.md", "# Home\n\n[dead](gone.md)\n");
    holds(
        &client,
        &format!("{PLACE}.querySelector('.badge').textContent === '1 warning'"),
    )
    .await;
    run(
        &client,
        &format!("{PLACE}.querySelector('.opener').click()"),
    )
    .await;
    for (dark, scheme) in [(false, "default"), (true, "slate")] {
        run(
            &client,
            &format!("document.body.dataset.mdColorScheme = '{scheme}'; document.body.style.transition = 'none'; document.body.style.background = '{}'", if dark { "#111" } else { "#fff" }),
        )
        .await;
        run(&client, "dispatchEvent(new Event('load'))").await;
        let script = format!(
            "const place = {PLACE};
            const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map((it) => it / 255).map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)).reduce((sum, it, nth) => sum + it * [0.2126, 0.7152, 0.0722][nth], 0);
            const contrast = (one, other) => {{ const [a, b] = [light(one), light(other)].sort((a, b) => b - a); return (a + 0.05) / (b + 0.05); }};
            const found = {{ dark: place.host.classList.contains('dark') === {dark} }};
            for (const css of ['.opener', '.panel', '.switches']) {{
              const paper = numbers(getComputedStyle(place.querySelector(css)).backgroundColor);
              found[css] = paper.length === 3 && (light(paper) < 0.2) === {dark};
            }}
            const paper = numbers(getComputedStyle(place.querySelector('.panel')).backgroundColor);
            for (const css of ['.badge', 'h2.warning', 'h2.warning b', '.problems p', '[name=follow]', '[name=ages]']) found[`${{css}} is read`] = contrast(numbers(getComputedStyle(place.querySelector(css)).color), paper) >= 4.5;
            return found;"
        );
        all_true(&client, &script).await;
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn it_is_out_of_the_way_of_the_text_and_the_next_page() {
    let site = site();
    let (_server, _driver, client) = open(&site).await;
    // Firefox has no smaller windows.
    let narrow = if is_firefox() { 500 } else { 390 };
    for (width, most) in [(1300, 40), (narrow, 30)] {
        client.set_window_size(width, 800).await.expect("resized");
        let small = format!(
            "(({{width, height}}) => innerWidth <= {width} && width > 8 && width <= {most} && height <= {most})({PLACE}.querySelector('.opener').getBoundingClientRect())"
        );
        holds(&client, &small).await;
        run(&client, "scrollTo({top: 1e6, behavior: 'instant'})").await;
        let free = format!(
            "[...document.querySelectorAll('footer a')].every((link) => {{ const a = link.getBoundingClientRect(); const b = {PLACE}.querySelector('.opener').getBoundingClientRect(); return a.bottom <= b.top || a.top >= b.bottom || a.right <= b.left || a.left >= b.right; }}) && document.querySelectorAll('footer a').length > 0"
        );
        holds(&client, &free).await;
        // A panel is as wide as a small window, and closes without a keyboard.
        run(
            &client,
            &format!("{PLACE}.querySelector('.opener').click()"),
        )
        .await;
        holds(
            &client,
            &format!("(({{left, right}}) => left >= 0 && right <= innerWidth)({PLACE}.querySelector('.panel').getBoundingClientRect())"),
        )
        .await;
        run(&client, &format!("{PLACE}.querySelector('.close').click()")).await;
        holds(&client, &format!("{PLACE}.querySelector('.panel').hidden")).await;
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn it_is_used_by_keyboard_and_heard() {
    let site = site();
    let (_server, _driver, client) = open(&site).await;
    let focused = |css: &str| format!("{PLACE}.activeElement?.matches('{css}')");
    // It is the last stop of the page.
    run(&client, "document.querySelector('body').focus()").await;
    press(&client, &[Key::Shift.into(), Key::Tab.into()]).await;
    let mut steps = 0;
    while run(&client, &format!("return {}", focused(".opener"))).await != true {
        steps += 1;
        assert!(steps < 5, "the button is not reached");
        press(&client, &[Key::Shift.into(), Key::Tab.into()]).await;
    }
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, &focused(".panel button")).await;
    let names = format!(
        "[...{PLACE}.querySelectorAll('.panel button')].map((it) => it.getAttribute('aria-label') ?? it.firstChild.textContent).join()"
    );
    assert_eq!(
        value(&client, &names).await,
        "Follow,Ages,Review…,Hide,Close"
    );
    press(&client, &[Key::Escape.into()]).await;
    holds(
        &client,
        &format!(
            "{PLACE}.querySelector('.panel').hidden && {}",
            focused(".opener")
        ),
    )
    .await;
    site.save("docs/index.md", "# Home\n\n[dead](gone.md) ![x](x.png)\n");
    holds(
        &client,
        &format!("{PLACE}.querySelector('[role=status]')?.textContent === '2 warnings on this page' && {PLACE}.querySelector('.opener').getAttribute('aria-label') === 'proofroom: 2 warnings'"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_arrow_keys_lead_from_age_to_age() {
    let site = aged_site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let address = format!("{}sub/a/", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    press(&client, &['a']).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    // The legend is part of the place, and open beside the text.
    holds(
        &client,
        &format!("{PLACE}.querySelector('.legend').checkVisibility()"),
    )
    .await;
    let strip = "document.querySelector('proofroom-ages').shadowRoot";
    let stops =
        format!("[...{strip}.querySelectorAll('.bar')].filter((it) => it.tabIndex === 0).length");
    assert_eq!(value(&client, &stops).await, 1);
    run(&client, &format!("{strip}.querySelector('.bar').focus()")).await;
    let bars = value(&client, &format!("{strip}.querySelectorAll('.bar').length")).await;
    assert!(bars.as_u64() > Some(2), "{bars}");
    let at = format!("[...{strip}.querySelectorAll('.bar')].indexOf({strip}.activeElement)");
    for (key, place) in [(Key::Down, 1), (Key::Down, 2), (Key::Up, 1)] {
        press(&client, &[key.into()]).await;
        holds(
            &client,
            &format!("{at} === {place} && !{strip}.querySelector('.tip').hidden"),
        )
        .await;
    }
    assert_eq!(value(&client, &stops).await, 1);
    let label = format!("{strip}.activeElement.getAttribute('aria-label')");
    let label = value(&client, &label).await;
    assert!(
        label.as_str().is_some_and(|it| it.starts_with("20")),
        "{label}"
    );
    let body = client.find(Locator::Css("body")).await.expect("one");
    body.click().await.expect("it can be clicked");
    press(&client, &['a']).await;
    holds(&client, &format!("{PLACE}.querySelector('.panel').hidden")).await;
    client.close().await.expect("it closes");
}
