//! Texts stay texts: whatever stands in a title, name or tag, no page has an
//! element that its author did not write.

use super::Watched;
use crate::html::{Token, tokens};
use crate::site::queries;

/// What means something in HTML, as the texts of a site have it.
const TEXT: &str = "<evil a=1>&amp; & 'p' &lt;x&gt; <script>evil()</script></title>Vec<T>";

/// The same as YAML has it.
const QUOTED: &str = "\"<evil a=1>&amp; & 'p' &lt;x&gt; <script>evil()</script></title>Vec<T>\"";

const CONFIG: &str = "
site_name: $
site_description: $
site_author: $
site_url: https://example.org/a&b/
repo_url: https://example.org/<evil>&b
repo_name: $
theme:
  name: material
  favicon: $
  features: [navigation.tabs, navigation.path, navigation.indexes, navigation.footer]
  palette:
    - scheme: $
      primary: $
      accent: $
      media: $
      toggle: {icon: material/brightness-7, name: $}
extra_css: [$]
extra_javascript: [{path: $, type: $}]
markdown_extensions: [toc: {title: $}]
plugins: [search, tags, redirects: {redirect_maps: {old.md: named.md}}]
nav:
  - $: index.md
  - $: [heading.md, named.md, {$: code.md}]
  - tags.md
extra:
  homepage: $
  status: {new: $, $: $}
  social: [{icon: material/home, link: $, name: $}]
  alternate: [{name: $, link: $, lang: $}]
  analytics: {feedback: {title: Rate, ratings: [{icon: material/home, name: $, data: $, note: x}]}}
  tags: {$: $}
";

const FRONT: &str = "---
title: $
description: $
author: $
subtitle: $
status: $
icon: material/home
tags: [$, a & b]
---

text
";

fn site() -> Watched {
    let fill = |text: &str| text.replace('$', QUOTED);
    Watched::new(&[
        ("mkdocs.yml", &fill(CONFIG)),
        ("docs/index.md", "# Home\n\ntext\n"),
        (
            "docs/heading.md",
            &format!("# `{TEXT}`\n\n## `{TEXT}`\n\ntext\n"),
        ),
        ("docs/named.md", &fill(FRONT)),
        ("docs/code.md", "# &lt;name&gt; `Vec<T>` &amp;\n\ntext\n"),
        (
            "docs/plain.md",
            "# &lt;name&gt; `Vec<T>` &amp; more\n\ntext\n",
        ),
        ("docs/tags.md", "# Tags\n\n<!-- material/tags -->\n"),
        ("docs/orphan.md", &fill(FRONT)),
    ])
}

#[test]
fn no_text_becomes_markup() {
    let site = site();
    let db = &site.database;
    let mut documents = 0;
    for (path, output) in queries::outputs(db).iter() {
        if !(path.ends_with(".html") || path.ends_with(".xml")) {
            continue;
        }
        let produced = queries::produce(db, output);
        let html = produced.as_text();
        let html = html.unwrap_or_else(|| panic!("{path}: {:?}", produced.diagnostics));
        documents += 1;
        let mut is_script = false;
        let mut titles = 0;
        for (token, range) in tokens(&html) {
            let around: String = html[range.start..].chars().take(120).collect();
            match token {
                Token::Start {
                    name, attributes, ..
                } => {
                    let known = |name: &str| !["evil", "t", "x", "name"].contains(&name);
                    assert!(known(&name.to_lowercase()), "{path}: {around}");
                    assert!(!attributes.contains('<'), "{path}: {around}");
                    is_script = name == "script";
                }
                Token::End { name } => titles += usize::from(name == "title"),
                Token::Text(text) if is_script => {
                    assert!(!text.starts_with("evil()"), "{path}: {around}");
                }
                _ => {}
            }
        }
        assert!(titles <= 1, "{path} has {titles} titles");
    }
    assert!(documents > 7, "{documents}");
}

/// Titles as people read them, in the places that show them.
#[test]
fn titles_are_read_as_they_were_written() {
    let site = site();
    let html = site.html("docs/plain.md");
    for part in [
        "<title>&lt;name&gt; Vec&lt;T&gt; &amp; more - ",
        "<h1 id=\"name-vect-more\">&lt;name&gt; <code>Vec&lt;T&gt;</code> &amp; more</h1>",
    ] {
        assert!(html.contains(part), "{part} is missing in\n{html}");
    }
    let html = site.html("docs/orphan.md");
    let shown = "&lt;evil a=1&gt;&amp; &amp; &#39;p&#39; &lt;x&gt; &lt;script&gt;evil()&lt;/script&gt;\
                 &lt;/title&gt;Vec&lt;T&gt;";
    for part in [
        format!("<title>{shown} - {shown}</title>"),
        format!("<h1>{}</h1>", shown.replace("&#39;", "'")),
    ] {
        assert!(html.contains(&part), "{part} is missing in\n{html}");
    }
}
