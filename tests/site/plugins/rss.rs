use std::sync::Arc;

use serde_json::Value;

use super::{Site, files_below};
use proofroom::files::{Change, FileChange, History, Memory, SourcePath, WrittenLine};
use proofroom::site::{Database, Invocation};

/// When the feeds in `tests/rss/expected` were made.
const BUILT: i64 = 1_733_000_000;

/// The commits that `tests/rss/commit` makes, as git tells of them.
struct Committed;

impl History for Committed {
    fn changes(&self, _: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<Change>> {
        let path = |path: &str| SourcePath::new(format!("docs/{path}"));
        let change = |commit: &str, time: i64, files: Vec<FileChange>| Change {
            commit: commit.to_owned(),
            time,
            files,
        };
        let added = [
            "index.md",
            "blog/index.md",
            "blog/posts/first.md",
            "blog/posts/second.md",
            "guide/dated.md",
            "guide/draft.md",
            "guide/empty.md",
            "guide/excerpt.md",
            "guide/odd.md",
            "guide/old-name.md",
            "guide/zoned.md",
        ];
        let added = added.into_iter().map(|it| FileChange::Added(path(it)));
        let changed = ["guide/committed.md", "index.md"];
        let changed = changed.into_iter().map(|it| FileChange::Changed(path(it)));
        Some(vec![
            change("c3", 1_723_223_472, changed.collect()),
            change(
                "c2",
                1_688_807_411,
                vec![FileChange::Renamed(
                    path("guide/old-name.md"),
                    path("guide/committed.md"),
                )],
            ),
            change("c1", 1_677_899_167, added.collect()),
        ])
    }

    fn lines(&self, _: &SourcePath, _: &str, _: &dyn Fn()) -> Option<Vec<WrittenLine>> {
        None
    }
}

/// The site of `tests/rss` with one of its configurations.
fn fixture(config: &str) -> Site {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rss");
    let mut files = vec![
        (".git/HEAD".to_owned(), b"ref: refs/heads/main\n".to_vec()),
        (".git/refs/heads/main".to_owned(), b"c3\n".to_vec()),
    ];
    let read = |path: &std::path::Path| std::fs::read(path).expect("a file of the fixture");
    files.push(("mkdocs.yml".to_owned(), read(&root.join(config))));
    files.extend(files_below(&root.join("docs"), &root));
    // The last commit adds a line to two pages.
    for (name, text) in &mut files {
        if ["docs/index.md", "docs/guide/committed.md"].contains(&name.as_str()) {
            text.extend(b"\nMore.\n");
        }
    }
    let memory = Memory::default();
    for (name, bytes) in &files {
        memory.write(&SourcePath::new(name), bytes);
    }
    let call = Invocation {
        moment: BUILT.into(),
        environment: [("SOURCE_DATE_EPOCH".to_owned(), BUILT.to_string())].into(),
        ..Invocation::default()
    };
    let db = Database::new(Arc::new(memory.clone()), call, None).with_history(Arc::new(Committed));
    Site { files: memory, db }
}

/// HTML as both programs write it: MkDocs closes elements that have no end.
fn html(value: &mut Value) {
    for item in value["items"].as_array_mut().into_iter().flatten() {
        let text = item["content_html"].as_str().unwrap_or_default();
        item["content_html"] = text.replace(" />", ">").into();
    }
}

/// The expected feeds are those of mkdocs-rss-plugin 1.19.0 (`tests/rss/write_expected`).
#[test]
fn feeds_are_those_of_the_plugin() {
    for (config, feed) in [
        ("defaults.yml", "feed_json_created.json"),
        ("defaults.yml", "feed_json_updated.json"),
        ("every-option.yml", "new.json"),
        ("every-option.yml", "changed.json"),
        ("front-matter.yml", "all.json"),
        ("front-matter.yml", "all-updated.json"),
    ] {
        let name = format!(
            "tests/rss/expected/{}/{feed}",
            config.trim_end_matches(".yml")
        );
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let expected = std::fs::read_to_string(path).expect("an expected feed");
        let found = fixture(config).output(feed);
        let parsed = |text: &str| {
            let mut value: Value = serde_json::from_str(text).expect("JSON");
            html(&mut value);
            value
        };
        assert_eq!(parsed(&found), parsed(&expected), "{config}: {feed}");
        assert_eq!(found.is_ascii(), expected.is_ascii());
    }
}

const POST: &str = "---\ndate: {created: 2024-01-31, updated: 2024-02-01}\nauthors: [ann]\n\
    categories: [A & B]\nimage: p.svg\n---\n# One *more*\n\n[Home](../../index.md) & so on.\n\n\
    <!-- more -->\n\nThe rest.\n";

fn blog(config: &str) -> Site {
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S & T\nsite_url: https://example.org/x/\nplugins: [blog]\n",
        ),
        ("proofroom.toml", config),
        ("docs/index.md", "# Home\n"),
        ("docs/blog/index.md", "# Blog\n"),
        ("docs/blog/posts/one.md", POST),
        ("docs/blog/posts/p.svg", "<svg/>"),
        (
            "docs/blog/.authors.yml",
            "authors:\n  ann: {name: Ann, description: d, avatar: a, email: a@example.org}\n",
        ),
    ])
}

#[test]
fn a_table_makes_an_atom_feed_of_the_blog() {
    let mut site = blog("base = \"mkdocs.yml\"\n[feeds]\n");
    let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">
  <title>S &amp; T</title>
  <id>https://example.org/x/atom.xml</id>
  <link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.org/x/atom.xml\" />
  <link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/x/\" />
  <updated>2024-02-01T00:00:00+00:00</updated>
  <author>
    <name>S &amp; T</name>
  </author>
  <generator>proofroom</generator>
  <entry>
    <title>One more</title>
    <id>https://example.org/x/blog/2024/01/31/one-more/</id>
    <link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/x/blog/2024/01/31/one-more/\" />
    <published>2024-01-31T00:00:00+00:00</published>
    <updated>2024-02-01T00:00:00+00:00</updated>
    <author>
      <name>Ann</name>
    </author>
    <category term=\"A &amp; B\" />
    <link rel=\"enclosure\" href=\"https://example.org/x/blog/p.svg\" type=\"image/svg+xml\" length=\"6\" />
    <summary type=\"html\">&lt;p&gt;&lt;a href=&#34;https://example.org/x/&#34;&gt;Home&lt;/a&gt; &amp;amp; so on.&lt;/p&gt;</summary>
  </entry>
</feed>
";
    assert_eq!(site.output("atom.xml"), expected);
    let page = site.output("blog/2024/01/31/one-more/index.html");
    let link = "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"S &amp; T\" href=\"../../../../../atom.xml\">";
    assert!(page.contains(link), "{page}");
    assert_eq!(site.said(), [""; 0]);
    site.write("docs/blog/posts/one.md", &POST.replace("so on", "on"));
    assert!(site.output("atom.xml").contains("&amp;amp; on."));
    assert!(
        !site
            .outputs()
            .iter()
            .any(|path| path == "rss.xml" || path == "feed.json")
    );
}

#[test]
fn a_table_says_which_feeds_there_are_and_what_they_have() {
    let site = blog(
        "base = \"mkdocs.yml\"\n[feeds]\natom = false\nrss = \"news/feed.rss\"\njson = true\n\
         content = \"whole\"\ntitle = \"Ours\"\npages = [\"posts/\", \"index.md\"]\n",
    );
    let rss = site.output("news/feed.rss");
    assert!(rss.contains("<title>Ours</title>"), "{rss}");
    assert!(rss.contains("The rest."), "{rss}");
    assert!(
        rss.contains("href=\"https://example.org/x/news/feed.rss\""),
        "{rss}"
    );
    let json: Value = serde_json::from_str(&site.output("feed.json")).expect("JSON");
    let items = json["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "a page without a date is not listed");
    assert_eq!(items[0]["authors"][0]["name"], "Ann");
    assert!(!site.outputs().iter().any(|path| path == "atom.xml"));
    assert_eq!(site.said(), [""; 0]);
}

#[test]
fn what_feeds_lack_is_said() {
    let site = Site::with(
        "plugins:\n  - rss:\n      match_path: '('\n      use_git: false\n      cache_dir: x\n      \
         date_from_meta: {default_timezone: Mars}\n",
        &[("docs/index.md", "# Home\n")],
    );
    assert_eq!(
        site.said(),
        [
            "bad-feed mkdocs.yml:3",
            "unsupported-value mkdocs.yml:4",
            "unsupported-option mkdocs.yml:6",
            "bad-feed mkdocs.yml:7"
        ]
    );
    let site = Site::with("plugins: [rss]\nsite_url: https://example.org/\n", &[]);
    assert!(site.said().contains(&"no-history mkdocs.yml:2".to_owned()));
    let table =
        "[feeds]\nlength = 0\ncontent = \"all\"\nrss = 3\njson = \"../x.json\"\nfeed = true\n";
    let site = Site::new(&[("proofroom.toml", table), ("docs/index.md", "# Home\n")]);
    let mut said = site.said();
    said.sort();
    assert_eq!(
        said,
        [
            "bad-feed proofroom.toml:1",
            "bad-value proofroom.toml:2",
            "bad-value proofroom.toml:3",
            "bad-value proofroom.toml:4",
            "bad-value proofroom.toml:5",
            "unknown-key proofroom.toml:6",
        ]
    );
}

#[test]
fn the_card_of_a_page_stands_for_one_without_an_image() {
    let config = |of_rss: &str| {
        format!(
            "site_url: https://example.org/x/\nuse_directory_urls: true\nplugins:\n  - social\n  \
             - rss: {{{of_rss}}}\n"
        )
    };
    let files = [
        ("docs/a/b.md", "---\ndate: 2024-01-01\n---\n# B\n\nText.\n"),
        (
            "docs/own.md",
            "---\nimage: https://other.example/i.png\n---\n# Own\n\nText.\n",
        ),
        (
            "docs/none.md",
            "---\nsocial: {cards: false}\n---\n# None\n\nText.\n",
        ),
    ];
    let site = Site::with(&config(""), &files);
    let feed = site.output("feed_rss_created.xml");
    let card = "<enclosure url=\"https://example.org/x/assets/images/social/a/b.png\" \
                type=\"image/png\" length=\"0\"/>";
    let squeezed = feed.replace(" />", "/>");
    assert!(squeezed.contains(card), "{feed}");
    assert_eq!(feed.matches("<enclosure").count(), 2, "{feed}");
    assert!(feed.contains("https://other.example/i.png"), "{feed}");
    let site = Site::with(&config("use_material_social_cards: false"), &files);
    let feed = site.output("feed_rss_created.xml");
    assert_eq!(feed.matches("<enclosure").count(), 1, "{feed}");
}
