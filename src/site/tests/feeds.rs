//! What a save of a page makes again of feeds.

use super::Watched;
use crate::site::queries;

const SITE: [(&str, &str); 4] = [
    (
        "mkdocs.yml",
        "site_name: S\nsite_url: https://example.org/\nplugins:\n  - rss: {use_git: false, \
         match_path: '.*[ab].md', length: 1, date_from_meta: {as_creation: date, as_update: date}}\n",
    ),
    (
        "docs/a.md",
        "---\ndate: 2024-01-31\n---\n# New\n\nNewest.\n",
    ),
    (
        "docs/b.md",
        "---\ndate: 2023-01-31\n---\n# Old\n\nOldest.\n",
    ),
    ("docs/c.md", "# Other\n"),
];

/// The feed, and how often the queries for entries and for dates ran to make it.
fn feed(site: &Watched) -> (String, usize, usize) {
    site.ran.lock().clear();
    let outputs = queries::outputs(&site.database);
    let output = outputs.get("feed_rss_created.xml").expect("a feed");
    let produced = queries::produce(&site.database, output);
    let text = produced.as_text().expect("a text").to_string();
    let ran = site.ran.lock();
    let count = |query: &str| ran.iter().filter(|name| name.starts_with(query)).count();
    (text, count("entry("), count("feed_dates("))
}

#[test]
fn only_what_a_feed_shows_is_made_again() {
    let mut site = Watched::new(&SITE);
    let (text, entries, dates) = feed(&site);
    assert!(text.contains("Newest."), "{text}");
    assert_eq!((entries, dates), (1, 3));
    assert_eq!(feed(&site), (text.clone(), 0, 0));
    // The text of a page that the feed does not show.
    site.write("docs/b.md", &SITE[2].1.replace("Oldest", "Older"));
    assert_eq!(feed(&site), (text.clone(), 0, 0));
    // The text of one that it does.
    site.write("docs/a.md", &SITE[1].1.replace("Newest", "Newer"));
    let (text, entries, dates) = feed(&site);
    assert!(text.contains("Newer."), "{text}");
    assert_eq!((entries, dates), (1, 0));
    // A date moves a page to the top.
    site.write("docs/b.md", &SITE[2].1.replace("2023", "2025"));
    let (text, entries, dates) = feed(&site);
    assert!(text.contains("Oldest."), "{text}");
    assert_eq!((entries, dates), (1, 1));
}
