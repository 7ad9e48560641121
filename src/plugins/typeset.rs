//! `typeset`: navs and tables of contents show headings as they are written, with code,
//! emphasis and icons.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::markdown::TocItem;

/// What gives a heading another title in the table of contents.
const LABEL: &str = "data-toc-label=";

/// The headings of a page that are shown as they are written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Typeset {
    /// The first heading of the first level.
    pub page: Option<PageTitle>,
    /// The HTML of each heading by its id.
    by_id: BTreeMap<String, String>,
}

/// A heading as the title of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageTitle {
    /// The heading as HTML.
    pub html: String,
    /// The same without tags. It is HTML still: entities stay.
    pub plain: String,
}

impl Typeset {
    /// The headings in the HTML of a page that its table of contents has. Those that
    /// `text`, its Markdown, gives a label of their own are left out.
    pub fn of(html: &str, toc: &[TocItem], text: &str) -> Self {
        let mut titles = BTreeMap::new();
        collect(toc, &mut titles);
        let mut typeset = Self::default();
        for heading in headings(html) {
            let Some(title) = titles.get(heading.id) else {
                continue;
            };
            if is_label(text, title) {
                continue;
            }
            let html = without_links(heading.html);
            if heading.level == b'1' && typeset.page.is_none() {
                typeset.page = Some(PageTitle {
                    plain: without_tags(&html),
                    html: html.clone(),
                });
            }
            typeset.by_id.insert(heading.id.to_owned(), html);
        }
        typeset
    }

    /// Gives each item of a table of contents its heading.
    pub fn apply(&self, toc: &mut [TocItem]) {
        for item in toc {
            item.typeset = self.by_id.get(&item.id).cloned();
            self.apply(&mut item.children);
        }
    }
}

/// The titles in a table of contents by their ids.
fn collect<'t>(toc: &'t [TocItem], titles: &mut BTreeMap<&'t str, &'t str>) {
    for item in toc {
        titles.insert(&item.id, &item.title);
        collect(&item.children, titles);
    }
}

/// Whether a heading in a page's text has this title as its label, in quotes.
fn is_label(text: &str, title: &str) -> bool {
    text.match_indices(LABEL).any(|(at, _)| {
        let label = &text[at + LABEL.len()..];
        let label = label.strip_prefix(['"', '\'']);
        label.is_some_and(|label| label.starts_with(title))
    })
}

/// A heading in HTML.
struct Heading<'h> {
    /// Its level as it is written in the tag.
    level: u8,
    id: &'h str,
    /// What it contains.
    html: &'h str,
}

/// The headings with an id, as the plugin's regular expression finds them: on one line,
/// and the last `id` of the tag counts.
fn headings(html: &str) -> Vec<Heading<'_>> {
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)<h(\d)[^>]+id="([^"]+)[^>]*>"#).expect("the pattern is valid")
    });
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tag) = TAG.captures_at(html, at) {
        let whole = tag.get_match();
        at = whole.end();
        let level = &tag[1];
        let line = html[at..].split('\n').next().unwrap_or_default();
        let Some(end) = end_of(line, level) else {
            continue;
        };
        found.push(Heading {
            level: level.as_bytes()[0],
            id: tag.get(2).map_or("", |id| id.as_str()),
            html: &line[..end],
        });
        at += end;
    }
    found
}

/// Where a heading of a level ends in a line.
fn end_of(line: &str, level: &str) -> Option<usize> {
    let ends = line.match_indices("</");
    ends.map(|(at, _)| at).find(|at| {
        let name = &line.as_bytes()[at + 2..];
        name.len() > 2
            && name[0].eq_ignore_ascii_case(&b'h')
            && name[1..].starts_with(level.as_bytes())
            && name.get(1 + level.len()) == Some(&b'>')
    })
}

/// The HTML of a heading without the link to itself, around it or at its end, and
/// without ids, which would occur twice.
fn without_links(html: &str) -> String {
    static AROUND: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^<a\s+[^>]+>(.*?)</a>").expect("the pattern is valid"));
    static AT_END: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<a\s+[^>]+>[^<]+?</a>$").expect("the pattern is valid"));
    static ID: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"id="?[^">]+"?"#).expect("the pattern is valid"));
    let html = AROUND.replace(html, "$1");
    let html = AT_END.replace(&html, "");
    ID.replace_all(&html, "").into_owned()
}

/// HTML without what looks like a tag, and with all its blanks.
fn without_tags(html: &str) -> String {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("<[^>]+>").expect("the pattern is valid"));
    TAG.replace_all(html, "").into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Typeset, headings, without_links};
    use crate::markdown::TocItem;

    fn item(id: &str, title: &str, children: Vec<TocItem>) -> TocItem {
        TocItem {
            level: 1,
            id: id.to_owned(),
            title: title.to_owned(),
            typeset: None,
            children,
        }
    }

    #[test]
    fn links_of_a_heading_to_itself_are_left_out_and_so_are_ids() {
        let cases = [
            (
                r##"<code>a</code> b<a class="headerlink" href="#a" title="x">¶</a>"##,
                "<code>a</code> b",
            ),
            (
                r##"<a class="toclink" href="#a"><em>a</em> b</a>"##,
                "<em>a</em> b",
            ),
            (r##"<a href="b/">a</a> b"##, "a b"),
            (
                r##"a <a href="b/"><em>b</em></a>"##,
                r##"a <a href="b/"><em>b</em></a>"##,
            ),
            (
                r##"<span id="x" class="y">a</span>"##,
                r##"<span  class="y">a</span>"##,
            ),
            ("an id=5 here", "an "),
        ];
        for (html, expected) in cases {
            assert_eq!(without_links(html), expected, "{html}");
        }
    }

    #[test]
    fn headings_are_found_on_one_line() {
        let html = "<h1 id=\"a\">A</h1>\n<H2 data-id=\"b\">B</h2>\n<h2 id=\"c\">over\nlines</h2>\n\
                    <h3>none</h3><h3 class=\"x\" id=\"d\">D</h2></h3><h4 id=\"e\">E</h5>";
        let found: Vec<(u8, &str, &str)> = headings(html)
            .iter()
            .map(|it| (it.level - b'0', it.id, it.html))
            .collect();
        assert_eq!(found, [(1, "a", "A"), (2, "b", "B"), (3, "d", "D</h2>")]);
    }

    #[test]
    fn a_label_in_the_text_stays_as_it_is() {
        let html = r#"<h1 id="a"><code>A</code> &amp; b</h1> <h2 id="b"><em>B</em></h2>"#;
        let mut toc = vec![item("a", "A &amp; b", vec![item("b", "Other", Vec::new())])];
        let typeset = Typeset::of(html, &toc, "## *B* {data-toc-label='Other'}");
        let page = typeset.page.clone().expect("it has a heading");
        assert_eq!(page.html, "<code>A</code> &amp; b");
        assert_eq!(page.plain, "A &amp; b");
        typeset.apply(&mut toc);
        assert_eq!(toc[0].typeset.as_deref(), Some("<code>A</code> &amp; b"));
        assert_eq!(toc[0].children[0].typeset, None);
    }
}
