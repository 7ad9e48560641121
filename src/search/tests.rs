use serde_json::{Value, json};

use super::Options;
use super::{Entry, Language, Page, entries, index};

fn read(html: &str, meta: Value) -> Vec<Entry> {
    let Value::Object(meta) = meta else {
        panic!("a mapping");
    };
    entries(Page {
        html,
        url: "a/",
        title: "Title of A",
        meta: &meta,
    })
}

/// The expected values are what Material's plugin makes of the same HTML.
#[test]
fn sections_are_those_of_the_plugin() {
    let html = "<p>before <em>all</em>\nthings</p>\n<h1 id=\"one\">One<a class=\"headerlink\" href=\"#one\">¶</a></h1>\n\
        <p>x &lt; y &amp; <code>z</code></p>\n<p></p>\n<div><h2 id=\"two\">Two <code>c</code></h2><ul>\n<li>a<br />b</li>\n</ul></div>\n\
        <p data-search-exclude>not this</p>\n<p>this</p>\n<h3 id=\"three\" data-search-exclude>Three</h3><p>gone</p>\n\
        <h2>no id</h2>\n<div class=\"highlight\"><pre><span></span><code>l1\n\n  l2</code></pre></div><script>no()</script>";
    let found: Vec<_> = read(html, json!({}))
        .into_iter()
        .map(|entry| (entry.location, entry.title, entry.text))
        .collect();
    let expected = EXPECTED.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(found, expected);
}

const EXPECTED: [(&str, &str, &str); 3] = [
    ("a/", "Title of A", "<p>before all things</p>"),
    (
        "a/#one",
        "One",
        "<p>x &lt; y &amp; <code>z</code></p> <p></p> <p>this</p>",
    ),
    ("a/#two", "Two <code>c</code>", "<ul> <li>ab</li> </ul>"),
];

#[test]
fn pages_may_be_excluded_and_weighted() {
    assert_eq!(read("<p>x</p>", json!({"search": {"exclude": true}})), []);
    let found = read(
        "<p>x</p>",
        json!({"title": 7, "tags": ["a", 1, null, true, ""], "search": {"boost": 2}}),
    );
    let tags = ["a", "1", "True"].map(str::to_owned).to_vec();
    assert_eq!(found[0].title, "7");
    assert_eq!(
        (found[0].tags.clone(), &found[0].boost),
        (Some(tags), &Some(json!(2)))
    );
}

#[test]
fn the_index_is_ascii() {
    let options =
        json!({"lang": ["en", "uk", "xx"], "fields": {"title": {"boost": 2}, "other": {}}});
    let options = options.as_object().expect("a mapping");
    let entries = read("<p>é😀</p>", json!({}));
    assert_eq!(
        index(&Options::read(options), Language::of("de"), entries.iter()),
        concat!(
            r#"{"config":{"lang":["en","ru"],"separator":"[\\s\\-]+","pipeline":["stopWordFilter"],"#,
            r#""fields":{"title":{"boost":2},"other":{"boost":1.0},"text":{"boost":1.0},"tags":{"boost":1000000.0}}},"#,
            r#""docs":[{"location":"a/","title":"Title of A","text":"<p>\u00e9\ud83d\ude00</p>"}]}"#
        )
    );
}
