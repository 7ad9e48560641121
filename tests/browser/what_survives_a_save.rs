//! What survives a save, and what follows it.

use fantoccini::{Client, Locator};

use crate::harness::browser::{Driver, all_true, connected, holds, run, value};
use crate::harness::{Server, Site};

/// Twenty seconds of silence.
fn silence() -> Vec<u8> {
    let samples = 8000 * 20_u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + samples).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(8000_u32.to_le_bytes());
    wav.extend(8000_u32.to_le_bytes());
    wav.extend(b"\x01\0\x08\0data");
    wav.extend(samples.to_le_bytes());
    wav.resize(wav.len() + samples as usize, 128);
    wav
}

const CONFIG: &str = "site_name: Example
theme:
  name: proofroom
plugins: [search]
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.tabbed:
      alternate_style: true
  - toc:
      permalink: true
";

const BEFORE: &str = r##"---
description: as it was
---

# The page

First words.

=== "One"

    The first tab.

=== "Two"

    The second tab.

??? note "More"

    Folded words.

<form><input id="field"><input type="checkbox" id="box"></form>

<audio id="sound" src="../silence.wav" loop muted></audio>

<iframe id="frame" srcdoc="A frame."></iframe>

```text
a line of code that is so long that it has to be scrolled to see its end, because it does not fit in here, by no means at all, for it goes on and on
```

## A heading

Words that are chosen. <em id="kept">Kept.</em> End.

<script>window.ran = [...(window.ran ?? []), "steady"]</script>

<script>window.ran = [...(window.ran ?? []), "before"]</script>

- an item
- another item

![](../image.svg)

Last words.
"##;

/// The page after: a block more at the top, tabs more in front of the others,
/// words changed in most blocks.
fn after() -> String {
    BEFORE
        .replace("as it was", "as it is")
        .replace(
            "First words.\n",
            "First new words.\n\n=== \"Zero\"\n\n    Another tab.\n\nA block more.\n",
        )
        .replace("Folded words.", "Folded words and more.")
        .replace("The second tab.", "The second tab, edited.")
        .replace("by no means at all", "by no means")
        .replace("## A heading", "## A changed heading")
        .replace("End.", "And the end.")
        .replace("\"before\"", "\"after\"")
        .replace("- an item\n", "")
        .replace("Last words.", "Really the last words.")
}

/// Does what a reader does, and adds what scripts add.
const READ: &str = r##"
    const $ = (css) => document.querySelector(css);
    $("article details").open = true;
    $(".tabbed-set").querySelectorAll("input")[1].checked = true;
    $("#field").value = "typed";
    $("#field").focus();
    $("#field").setSelectionRange(1, 3);
    $("#box").checked = true;
    $("#sound").play();
    Object.assign($("article pre code").style, { display: "block", overflow: "auto", whiteSpace: "pre" });
    for (const one of document.querySelectorAll("article .highlight, article .highlight *")) one.scrollLeft = 40;
    $("[data-md-component=search-query]").value = "sought";
    $("article h2").insertAdjacentHTML("beforebegin", "<aside id=added>By a script.</aside>");
    $("article h2").classList.add("by-script");
    document.body.dataset.byScript = "yes";
    window.was = {
      details: $("article details"), set: $(".tabbed-set"), sound: $("#sound"), frame: $("#frame").contentWindow,
      kept: $("#kept"), item: $("article li:last-child"), code: $("article pre"), scroll: [...document.querySelectorAll("article .highlight, article .highlight *")].map((one) => [one, one.scrollLeft]),
    };
    window.flashed = [];
    document.addEventListener("proofroom:update", (event) => {
      window.flashed = event.detail.blocks.filter((one) => one.getAnimations().some((one) => one.id === "proofroom"));
    });
    $("article h2").scrollIntoView({ behavior: "instant" });
    window.was.top = $("#kept").getBoundingClientRect().top;
"##;

const STAYS: &str = r##"
    const $ = (css) => document.querySelector(css);
    const sets = document.querySelectorAll(".tabbed-set");
    const flashed = (text) => window.flashed.some((one) => one.textContent.includes(text));
    return {
      "open details": was.details.isConnected && was.details.open && was.details.textContent.includes("and more"),
      "chosen tab": sets.length === 2 && sets[1] === was.set && sets[1].querySelectorAll("input")[1].checked,
      "new tab": sets[0].querySelector("input").checked,
      "text of a tab": was.set.textContent.includes("edited"),
      "form": $("#field").value === "typed" && $("#box").checked,
      "focus": document.activeElement === $("#field") && $("#field").selectionStart === 1 && $("#field").selectionEnd === 3,
      "media": was.sound.isConnected && !was.sound.paused,
      "frame": $("#frame").contentWindow === was.frame,
      "code keeps its place": was.scroll.some(([one, left]) => left > 0) && was.scroll.every(([one, left]) => !left || one.scrollLeft === left) && was.code.textContent.includes("by no means, for"),
      "search text": $("[data-md-component=search-query]").value === "sought",
      "what scripts added": $("#added") && $("#added").nextElementSibling === $("article h2") && $("article h2").classList.contains("by-script") && document.body.dataset.byScript === "yes",
      "inner element": was.kept === $("#kept"),
      "removed item": document.querySelectorAll("article li").length === 1 && $("article li") === was.item,
      "nothing doubled": document.querySelectorAll("#added, #field, #sound").length === 3,
      "scroll position": Math.abs($("#kept").getBoundingClientRect().top - was.top) < 2,
      "new words": $("article").textContent.includes("Really the last words."),
      "order": [...$("article").querySelectorAll("[data-src]")].every((one, at, all) => !at || parseInt(one.dataset.src) >= parseInt(all[at - 1].dataset.src)),
      "toc": [...document.querySelectorAll("[data-md-component=toc] a")].some((one) => one.textContent.trim() === "A changed heading"),
      "heading id": $("article h2").id === "a-changed-heading",
      "meta": $("meta[name=description]").content === "as it is",
      "scripts": JSON.stringify(window.ran) === '["steady","before","after"]',
      "changed blocks flash": flashed("A block more") && flashed("First new words") && flashed("And the end"),
      "others do not": !flashed("A frame") && !window.flashed.includes(was.sound),
    };
"##;

/// Patches one random page into another, a few hundred times, and says where
/// the outcome is not the other page. Between the patches a script adds nodes,
/// which must all stay where what they were put into stays.
const LAW: &str = r##"
    let seed = SEED;
    const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648, Math.floor((seed / 2147483648) * below));
    const word = () => ["one", "two", "three", "four", "five", "six"][random(6)];
    const names = ["div", "section", "blockquote", "details", "p", "em"];
    let ids = 0;
    const text = () => [word(), word(), word()].slice(random(3)).join(" ");
    function node(depth) {
      const children = [];
      for (let count = random(4); count > 0; count--) children.push(depth < 3 && random(2) ? node(depth + 1) : text());
      const name = names[random(names.length)];
      // Paragraphs hold text only, or they would not be read as written.
      if (["p", "em"].includes(name)) return { name, id: "", kind: "", children: [text()] };
      return { name, id: random(4) ? "" : `id${ids++}`, kind: random(3) ? "" : word(), children };
    }
    const all = (one, found = []) => (found.push(one), one.children.forEach((child) => typeof child === "object" && all(child, found)), found);
    function edit(root) {
      const parts = all(root);
      const one = parts[random(parts.length)];
      if (["p", "em"].includes(one.name)) return void (one.children = [text()]);
      const at = random(one.children.length + 1);
      const act = random(7);
      if (act === 0) one.children.splice(at, 0, node(2));
      else if (act === 1) one.children.splice(at, 1);
      else if (act === 2) one.children.splice(at, 1, text());
      else if (act === 3) one.kind = random(2) ? word() : "";
      else if (act === 4) one.children.reverse();
      else if (act === 5 && at < one.children.length) one.children.push(...one.children.splice(at, 1));
      else if (at < one.children.length) one.children.splice(at, 1, { name: "div", id: "", kind: "wrapped", children: [one.children[at]] });
    }
    let line = 0;
    const html = (one) => {
      if (typeof one === "string") return one;
      const place = one.name === "em" ? "" : ` data-src="${++line}"`;
      const inner = one.children.map(html).join("\n");
      return `<${one.name}${place}${one.id && ` id="${one.id}"`}${one.kind && ` class="${one.kind}"`}>${inner}</${one.name}>`;
    };
    const page = (root) => { line = 0; return new DOMParser().parseFromString(`<body>${html(root)}</body>`, "text/html").body.innerHTML; };
    const wrong = [];
    for (let turn = 0; turn < 100 && !wrong.length; turn++) {
      const root = { name: "article", id: "", kind: "", children: [node(0), node(0), node(0), node(0)] };
      let before = page(root);
      document.body.innerHTML = before;
      for (let step = 0; step < 6 && !wrong.length; step++) {
        const places = document.querySelectorAll("article, article *");
        const host = places[random(places.length)];
        host.insertBefore(Object.assign(document.createElement("added-by-script"), { textContent: "added" }), host.childNodes[random(host.childNodes.length + 1)] ?? null);
        for (let edits = random(4); edits >= 0; edits--) edit(root);
        const after = page(root);
        const parse = (body) => proofroomMorph.parse(`<body>${body}</body>`).tree;
        proofroomMorph.apply(parse(before), parse(after));
        const clean = document.body.cloneNode(true);
        for (const one of clean.querySelectorAll("added-by-script")) one.remove();
        for (const one of clean.querySelectorAll("[class='']")) one.removeAttribute("class");
        clean.normalize();
        const wanted = new DOMParser().parseFromString(`<body>${after}</body>`, "text/html").querySelector("article");
        if (!clean.querySelector("article").isEqualNode(wanted)) wrong.push({ turn, step, before, after, outcome: document.body.innerHTML });
        before = after;
      }
    }
    return wrong;
"##;

#[tokio::test]
async fn a_patched_page_equals_the_new_page() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", "# Home\n"),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    for seed in 1..=3 {
        let wrong = run(&client, &LAW.replace("SEED", &seed.to_string())).await;
        assert_eq!(wrong, serde_json::json!([]), "seed {seed}");
    }
    client.close().await.expect("it closes");
}

/// A browser at the page, whose reader did and whose scripts added much.
async fn reading() -> (Site, Server, Driver, Client) {
    let site = Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", BEFORE),
        (
            "docs/image.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        ),
    ]);
    site.write("docs/silence.wav", silence());
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    // In every browser, the page goes on below the window.
    client.set_window_size(1000, 600).await.expect("a window");
    client
        .goto(&format!("{}a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    // Sound is played only for a reader who did something.
    let heading = client.find(Locator::Css("article h1")).await.expect("one");
    heading.click().await.expect("it can be clicked");
    run(&client, READ).await;
    holds(&client, "!document.querySelector('#sound').paused").await;
    (site, server, driver, client)
}

/// Saves the page with a block more at the top and other words, and waits for it.
async fn save(site: &Site, client: &Client) {
    site.save("docs/a.md", &after());
    holds(
        client,
        "document.querySelector('article').textContent.includes('Really the last words.')",
    )
    .await;
}

#[tokio::test]
async fn what_the_reader_did_survives_a_save() {
    let (site, _server, _driver, client) = reading().await;
    save(&site, &client).await;
    all_true(&client, STAYS).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_selection_stays_and_the_title_and_the_nav_follow() {
    let (site, _server, _driver, client) = reading().await;
    save(&site, &client).await;
    // For a reader who wants no motion.
    run(
        &client,
        "document.getAnimations().forEach((one) => one.cancel()); const real = matchMedia; window.matchMedia = (query) => query.includes('reduced-motion') ? { matches: true } : real(query);
        const text = document.querySelector('#kept').nextSibling; getSelection().setBaseAndExtent(text, 1, text, 8)",
    )
    .await;
    assert_eq!(
        run(&client, "return getSelection().toString()").await,
        "And the"
    );
    site.save(
        "docs/a.md",
        &after()
            .replace("# The page", "# Another name")
            .replace("And the end.", "And the end, finally."),
    );
    holds(&client, "document.title.includes('Another name')").await;
    all_true(
        &client,
        "return {
            selection: getSelection().toString() === 'And the',
            words: document.querySelector('#kept').parentElement.textContent.endsWith('finally.'),
            quiet: window.flashed.length === 0,
            nav: document.querySelector('.md-sidebar--primary').textContent.includes('Another name'),
        }",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn an_image_is_exchanged_and_nothing_else_happens() {
    let (site, _server, _driver, client) = reading().await;
    save(&site, &client).await;
    run(
        &client,
        "window.was.image = document.querySelector('article img')",
    )
    .await;
    site.save(
        "docs/image.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"321\" height=\"9\"/>\n",
    );
    holds(
        &client,
        "was.image.isConnected && was.image.naturalWidth === 321",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn another_script_reloads_the_page() {
    let (site, _server, _driver, client) = reading().await;
    save(&site, &client).await;
    site.save("docs/extra.js", "window.extra = true;\n");
    site.save(
        "mkdocs.yml",
        &format!("{CONFIG}extra_javascript: [extra.js]\n"),
    );
    holds(&client, "window.extra && !window.was").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_place_stays_where_browsers_do_not_keep_it() {
    let (site, _server, _driver, client) = reading().await;
    run(
        &client,
        "document.documentElement.style.overflowAnchor = 'none'",
    )
    .await;
    save(&site, &client).await;
    let stays = "Math.abs(document.querySelector('#kept').getBoundingClientRect().top - was.top) < 2 && scrollY > 0";
    assert_eq!(value(&client, stays).await, true);
    client.close().await.expect("it closes");
}
