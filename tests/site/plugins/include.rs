use super::Site;
use proofroom::site::queries;

const PART: &str = "# Part\n\n<!--s-->\nSee [here](other.md), ![i](img/x.png \"t\") and <img src=\"y.png\">.\n<!--e-->\n\n## Below\n\n[ref]: ../index.md\n\n[ref] and <a class=\"x\" href=\"z.html#q\">z</a> [abs](/abs) [h](#part)\n\n```\n# [x](y.md)\n```\n<!--s-->second<!--e-->\n";

/// The text that a page of this text becomes before Markdown reads it.
fn generated(page: &str) -> (String, Vec<u32>) {
    let site = site(page);
    let entry = proofroom::site::Db::entry(&site.db, &"docs/index.md".into());
    let prepared = queries::prepared(&site.db, entry);
    let generated = prepared.generated.as_ref().expect("it changes");
    (generated.as_str().to_owned(), generated.sources().to_vec())
}

fn site(page: &str) -> Site {
    Site::with(
        "plugins: [include-markdown]\n",
        &[
            ("docs/index.md", page),
            ("docs/sub/part.md", PART),
            ("parts/code.txt", "  x = 1\n    y = 2\n\n"),
            (
                "parts/a.md",
                "File a\n\n{% include-markdown \"./b.txt\" %}\n",
            ),
            ("parts/b.txt", "B [l](l.md)\n"),
            ("parts/c.md", "File c\n"),
            ("parts/loop.txt", "{% include \"./loop.txt\" %}"),
        ],
    )
}

/// Expected texts are what the plugin made of the same files.
#[test]
fn texts_are_those_of_the_plugin() {
    for (page, expected) in [
        (
            "{% include-markdown \"sub/part.md\" heading-offset=1 end=\"## Below\" %}",
            "## Part\n\n<!--s-->\nSee [here](sub/other.md), ![i](sub/img/x.png \"t\") and <img src=\"sub/y.png\">.\n<!--e-->\n\n",
        ),
        (
            "{% include-markdown \"sub/part.md\" start=\"## Below\\n\\n\" %}",
            "[ref]: index.md\n\n[ref] and <a class=\"x\" href=\"sub/z.html#q\">z</a> [abs](/abs) [h](#part)\n\n```\n# [x](y.md)\n```\n<!--s-->second<!--e-->\n",
        ),
        (
            "- a\n    {% include-markdown './sub/part.md' start='<!--s-->' end='<!--e-->' rewrite-relative-urls=false %}",
            "- a\n    \n    See [here](other.md), ![i](img/x.png \"t\") and <img src=\"y.png\">.\n    second",
        ),
        (
            "- a\n  {% include \"../parts/code.txt\" %}\n{% include \"../parts/code.txt\" dedent=true trailing-newlines=false %}",
            "- a\n    x = 1\n      y = 2\n  \n\nx = 1\n  y = 2",
        ),
        (
            "{%\n   include-markdown \"../parts/*.md\"\n   comments=true\n   order=\"-name\"\n%}",
            "<!-- BEGIN INCLUDE ../parts/*.md -->\nFile c\n\n<!-- END INCLUDE --><!-- BEGIN INCLUDE ../parts/*.md -->\nFile a\n\nB [l](../parts/l.md)\n\n\n<!-- END INCLUDE -->",
        ),
    ] {
        assert_eq!(generated(page).0, expected, "{page}");
    }
}

#[test]
fn lines_are_those_of_the_directive() {
    let (text, sources) = generated("# A\n\n{% include-markdown \"../parts/c.md\" %}\n\nend");
    assert_eq!(text, "# A\n\nFile c\n\n\nend");
    assert_eq!(sources, [1, 2, 3, 3, 4, 5]);
}

#[test]
fn faults_are_reported_and_go_with_an_edit() {
    let mut site = site(
        "# A\n\n{% include \"./nope.md\" %}\n\n{% include \"../parts/loop.txt\" %}\n\n{% include \"https://example.org/x\" %}\n",
    );
    let said = |site: &Site| {
        let mut said = site.said();
        said.retain(|it| it.contains("bad-include"));
        said
    };
    assert_eq!(
        said(&site),
        [
            "bad-include docs/index.md:3",
            "bad-include docs/index.md:7",
            "bad-include parts/loop.txt:1"
        ]
    );
    site.write("docs/nope.md", "Now there.\n");
    site.write("parts/loop.txt", "Straight.\n");
    assert_eq!(said(&site).len(), 1);
    let body = site.body("index.md");
    assert!(
        body.contains("Now there.") && body.contains("Straight."),
        "{body}"
    );
}

#[test]
fn faults_of_an_included_file_are_named_there() {
    let part = "\u{feff}# Part\r\n\r\n<!--s-->\r\n- {% include \"./gone.md\" %}\r\n<!--e-->\r\n{% include \"./gone.md\" %}\r\n";
    let site = Site::with(
        "plugins: [include-markdown]\n",
        &[
            (
                "docs/index.md",
                "# A\n\n{% include \"../parts/outer.md\" %}\n\n{% include \"../parts/outer.md\" %}\n",
            ),
            (
                "parts/outer.md",
                "a\n{% include \"./part.md\" start='<!--s-->' end='<!--e-->' %}\n\nb\n{% include %}\n",
            ),
            ("parts/part.md", part),
        ],
    );
    let entry = proofroom::site::Db::entry(&site.db, &"docs/index.md".into());
    let found = queries::page_diagnostics(&site.db, entry);
    let spans = found.iter().map(|it| it.span.as_ref().expect("a place"));
    let spans: Vec<String> = spans
        .map(|it| {
            format!(
                "{}:{}:{} {} {}",
                it.path,
                it.line,
                it.column,
                it.length(),
                it.excerpt
            )
        })
        .collect();
    assert_eq!(
        spans,
        [
            "parts/part.md:4:3 25 - {% include \"./gone.md\" %}",
            "parts/outer.md:5:1 13 {% include %}",
        ]
    );
}

/// Each of twelve files includes the next ten times: the page is bounded as a
/// whole, and so are its faults.
#[test]
fn includes_of_a_page_are_bounded_together() {
    let include = |nth: usize| format!("{{% include \"../parts/t{nth}.txt\" %}}\n").repeat(10);
    for last in [
        "x".repeat(1_000) + "\n",
        "{% include \"gone.txt\" %}\n".repeat(10),
    ] {
        let mut files = vec![("docs/index.md".to_owned(), format!("a\n\n{}", include(0)))];
        files.extend((0..12).map(|nth| {
            let text = if nth == 11 {
                last.clone()
            } else {
                include(nth + 1)
            };
            (format!("parts/t{nth}.txt"), text)
        }));
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (&**path, &**text))
            .collect();
        let site = Site::with("plugins: [include-markdown]\n", &files);
        let entry = proofroom::site::Db::entry(&site.db, &"docs/index.md".into());
        let found = queries::page_diagnostics(&site.db, entry);
        let bad: Vec<_> = found
            .iter()
            .filter(|it| it.rule.name() == "bad-include")
            .collect();
        let long = bad
            .iter()
            .filter(|it| it.message.contains("longer than 16 MB"));
        let long: Vec<_> = long
            .map(|it| (&*it.message, it.span.as_ref().map(|it| it.line)))
            .collect();
        assert_eq!((long.len(), long[0].1), (1, Some(3)), "{bad:?}");
        assert!(long[0].0.contains("which `parts/t"), "{long:?}");
        let places: std::collections::BTreeSet<_> = bad.iter().map(|it| &it.span).collect();
        assert!(bad.len() == places.len() && bad.len() <= 11, "{bad:?}");
    }
}
