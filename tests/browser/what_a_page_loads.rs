//! A tab follows whatever its page loads from the site, with the least reload.

use fantoccini::Client;

use crate::harness::browser::{Driver, connected, holds, run, value};
use crate::harness::{Server, Site};
use crate::rarer_loads::REPORTED;

fn svg(size: u32, colour: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"{colour}\"/></svg>\n"
    )
}

const RAW: &str = "<!doctype html><html><head><link rel=\"stylesheet\" href=\"raw.css\"></head>\
    <body><p>first</p></body></html>\n";

const FRAMES: &str = "# Frames

<iframe id=\"raw\" src=\"../frames/raw.html\"></iframe>
<iframe id=\"closed\" sandbox src=\"../frames/closed.html\"></iframe>
<object id=\"object\" data=\"../frames/object.html\"></object>
<embed id=\"embed\" src=\"../frames/embed.html\">
<object id=\"picture\" data=\"../img/object.svg\"></object>
<iframe id=\"page\" src=\"../other/\"></iframe>
<iframe id=\"inner\" srcdoc=\"<img src='/img/inner.svg'>\"></iframe>
";

const MEDIA: &str = "# Media

<picture><source srcset=\"../img/a.svg 1x, ../img/a2.svg 2x\"><img id=\"picture\" src=\"../img/b.svg\"></picture>
<img id=\"set\" srcset=\"../img/set.svg 1x\" src=\"../img/b.svg\">
<video id=\"video\" poster=\"../img/poster.svg\"><track default src=\"../data/track.vtt\"></video>
<div id=\"styled\" style=\"background: url(../img/styled.svg); width: 20px; height: 20px\"></div>
<div id=\"deep\"></div>

![late](img/late.svg)
";

const DATA: &str = "# Data

<input id=\"field\">
<p id=\"module\"></p><p id=\"fetched\"></p><p id=\"worked\"></p>
<script type=\"module\">
import { value } from \"../js/outer.mjs\";
document.querySelector(\"#module\").textContent = value;
</script>
<script>
fetch(\"../data/data.json\").then((it) => it.json()).then((it) => { document.querySelector(\"#fetched\").textContent = it.value });
const worker = new Worker(\"../js/worker.js\");
worker.onmessage = ({ data }) => { document.querySelector(\"#worked\").textContent = data };
worker.postMessage(1);
</script>
";

fn site() -> Site {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nextra_css: [css/root.css]\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/frames.md", FRAMES),
        ("docs/media.md", MEDIA),
        ("docs/data.md", DATA),
        ("docs/other.md", "# Other\n\nOther words.\n"),
        ("docs/frames/raw.css", "p { color: rgb(1, 1, 1) }\n"),
        ("docs/css/root.css", "@import \"deep/one.css\";\n"),
        ("docs/css/deep/one.css", "@import url(two.css);\n"),
        (
            "docs/css/deep/two.css",
            "#deep { background: url(\"../../img/deep.svg\"); width: 20px; height: 20px }\n",
        ),
        (
            "docs/data/track.vtt",
            "WEBVTT\n\n00:00.000 --> 00:10.000\nfirst\n",
        ),
        ("docs/data/data.json", "{\"value\": 1}\n"),
        ("docs/data/worker.txt", "1"),
        (
            "docs/js/outer.mjs",
            "export { value } from \"./inner.mjs\";\n",
        ),
        ("docs/js/inner.mjs", "export const value = \"one\";\n"),
        (
            "docs/js/worker.js",
            "onmessage = async () => postMessage(await (await fetch(\"../data/worker.txt\")).text());\n",
        ),
    ]);
    for name in ["raw", "closed", "object", "embed"] {
        site.write(&format!("docs/frames/{name}.html"), RAW);
    }
    for name in [
        "a", "a2", "b", "set", "poster", "styled", "deep", "object", "inner",
    ] {
        site.write(&format!("docs/img/{name}.svg"), svg(20, "red"));
    }
    site
}

/// A browser at a page, once the server knows what it has loaded.
async fn at(server: &Server, page: &str) -> (Driver, Client) {
    let (driver, client) = Driver::start().await;
    let address = format!("{}{page}/", server.home);
    client.goto(&address).await.expect("it loads");
    ready(&client).await;
    run(&client, "window.mark = 'kept'").await;
    (driver, client)
}

async fn ready(client: &Client) {
    connected(client).await;
    holds(client, "document.readyState === 'complete'").await;
    let reported = "document.documentElement.dataset.proofroomLoads > 0";
    holds(client, reported).await;
    holds(client, REPORTED).await;
}

async fn is_kept(client: &Client) -> bool {
    value(client, "window.mark").await == "kept"
}

#[tokio::test]
async fn documents_in_frames_are_followed() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = at(&server, "frames").await;
    let inside = |id: &str| format!("document.querySelector('#{id}').contentDocument");
    let frames = ["raw", "object", "page"].map(|id| {
        format!(
            "{}.documentElement.dataset.proofroomRevision !== undefined",
            inside(id)
        )
    });
    holds(&client, &frames.join(" && ")).await;
    run(
        &client,
        "for (const id of ['raw', 'object', 'page']) document.querySelector('#' + id).contentWindow.mark = 'kept'",
    )
    .await;
    for (path, text, shown) in [
        (
            "docs/frames/raw.html",
            RAW.replace("first", "second"),
            format!("{}.body.textContent.includes('second')", inside("raw")),
        ),
        (
            "docs/frames/raw.css",
            "p { color: rgb(2, 2, 2) }\n".to_owned(),
            format!(
                "getComputedStyle({}.querySelector('p')).color === 'rgb(2, 2, 2)'",
                inside("raw")
            ),
        ),
        (
            "docs/frames/object.html",
            RAW.replace("first", "third"),
            format!("{}.body.textContent.includes('third')", inside("object")),
        ),
        (
            "docs/frames/embed.html",
            RAW.replace("first", "fourth"),
            "[...Array(window.length).keys()].some((nth) => { try { return window[nth].document.body.textContent.includes('fourth'); } catch { return false; } })"
                .to_owned(),
        ),
        (
            "docs/other.md",
            "# Other\n\nNew words.\n".to_owned(),
            format!("{}.body.textContent.includes('New words.')", inside("page")),
        ),
        (
            "docs/img/object.svg",
            svg(77, "red"),
            format!(
                "{}.documentElement.getAttribute('width') === '77'",
                inside("picture")
            ),
        ),
        (
            "docs/img/inner.svg",
            svg(78, "red"),
            format!(
                "{}.querySelector('img').naturalWidth === 78",
                inside("inner")
            ),
        ),
    ] {
        site.save(path, &text);
        holds(&client, &shown).await;
    }
    let kept = "['raw', 'object', 'page'].every((id) => document.querySelector('#' + id).contentWindow.mark === 'kept')";
    holds(&client, kept).await;
    assert!(is_kept(&client).await, "the page was loaded anew");
    let controls = format!(
        "[...{}.querySelectorAll('html > [data-proofroom]')].every((one) => getComputedStyle(one).display === 'none')",
        inside("page")
    );
    assert_eq!(value(&client, &controls).await, true, "{controls}");

    // A frame that its page cannot look into is loaded anew, and only it.
    run(
        &client,
        "window.loads = 0; document.querySelector('#closed').onload = () => { window.loads += 1 }",
    )
    .await;
    site.save("docs/frames/closed.html", &RAW.replace("first", "fifth"));
    holds(&client, "window.loads === 1").await;
    assert!(is_kept(&client).await, "the page was loaded anew");
    client.close().await.expect("it closes");
}

/// The colour of the middle of an element, as it is painted.
async fn painted(client: &Client, css: &str) -> Vec<u8> {
    let element = client
        .find(fantoccini::Locator::Css(css))
        .await
        .expect("one");
    let picture = element.screenshot().await.expect("a picture");
    let script = "const [bytes, done] = arguments; createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' })).then((it) => { const at = new OffscreenCanvas(it.width, it.height).getContext('2d'); at.drawImage(it, 0, 0); done([...at.getImageData(it.width / 2, it.height / 2, 1, 1).data]); })";
    let bytes = serde_json::json!(picture);
    let found = client.execute_async(script, vec![bytes]).await;
    serde_json::from_value(found.expect("a colour")).expect("bytes")
}

#[tokio::test]
async fn pictures_and_media_are_exchanged() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = at(&server, "media").await;
    for (path, text, shown) in [
        (
            "docs/img/a.svg",
            svg(61, "red"),
            "document.querySelector('#picture').naturalWidth === 61",
        ),
        (
            "docs/img/set.svg",
            svg(62, "red"),
            "document.querySelector('#set').naturalWidth === 62",
        ),
        (
            "docs/img/poster.svg",
            svg(63, "red"),
            "document.querySelector('#video').poster.includes('proofroom=')",
        ),
        (
            "docs/data/track.vtt",
            "WEBVTT\n\n00:00.000 --> 00:10.000\nsecond\n".to_owned(),
            "document.querySelector('#video').textTracks[0].cues[0].text === 'second'",
        ),
        (
            "docs/img/late.svg",
            svg(64, "red"),
            "document.querySelector('[alt=late]').naturalWidth === 64",
        ),
    ] {
        site.save(path, &text);
        holds(&client, shown).await;
    }
    // What style sheets and styles load at any depth.
    for (path, css) in [
        ("docs/img/styled.svg", "#styled"),
        ("docs/img/deep.svg", "#deep"),
    ] {
        assert_eq!(painted(&client, css).await, [255, 0, 0, 255], "{css}");
        site.save(path, &svg(20, "blue"));
        while painted(&client, css).await != [0, 0, 255, 255] {}
    }
    site.save(
        "docs/css/deep/two.css",
        "#deep { background: rgb(0, 128, 0); width: 20px; height: 20px }\n",
    );
    holds(
        &client,
        "getComputedStyle(document.querySelector('#deep')).backgroundColor === 'rgb(0, 128, 0)'",
    )
    .await;
    assert!(is_kept(&client).await, "the page was loaded anew");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_scripts_read_loads_the_page_anew() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = at(&server, "data").await;
    let drawn = "document.querySelector('#module').textContent === 'one' && document.querySelector('#fetched').textContent === '1' && document.querySelector('#worked').textContent === '1'";
    holds(&client, drawn).await;
    run(
        &client,
        "const field = document.querySelector('#field'); field.value = 'typed'; field.focus(); field.setSelectionRange(1, 3)",
    )
    .await;
    for (path, text, id, shown) in [
        (
            "docs/js/inner.mjs",
            "export const value = \"two\";\n",
            "module",
            "two",
        ),
        ("docs/data/data.json", "{\"value\": 2}\n", "fetched", "2"),
        ("docs/data/worker.txt", "2", "worked", "2"),
    ] {
        site.save(path, text);
        let shown = format!("document.querySelector('#{id}').textContent === '{shown}'");
        holds(&client, &shown).await;
        let is_drawn = "['module', 'fetched', 'worked'].every(id => document.querySelector(`#${id}`).textContent)";
        holds(&client, is_drawn).await;
        ready(&client).await;
        let reader = "(field => field.value === 'typed' && document.activeElement === field && field.selectionStart === 1 && field.selectionEnd === 3)(document.querySelector('#field'))";
        assert_eq!(value(&client, reader).await, true, "{path}");
    }
    // What is nothing to this page leaves it alone.
    run(&client, "window.mark = 'kept'").await;
    site.save("docs/other.md", "# Other\n\nMore words.\n");
    site.save("docs/data.md", &DATA.replace("# Data", "# Data of it"));
    holds(&client, "document.title.includes('Data of it')").await;
    assert!(is_kept(&client).await, "the page was loaded anew");
    client.close().await.expect("it closes");
}
