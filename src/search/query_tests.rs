//! What queries find, and in which order.

use super::{Corpus, IndexParts, Layout, PageText, PageWords, SectionText, Vocabulary, ask};

/// A page with a title and sections, each with a heading and a text. The first one is
/// the top of the page.
fn page(url: &str, title: &str, sections: &[(&str, &str)]) -> PageText {
    let sections = sections.iter().enumerate();
    PageText {
        url: url.to_owned(),
        title: title.to_owned(),
        tags: Vec::new(),
        boost: 16,
        sections: sections
            .map(|(nth, (heading, text))| SectionText {
                id: if nth == 0 {
                    String::new()
                } else {
                    format!("s{nth}")
                },
                title: (*heading).to_owned(),
                text: (*text).to_owned(),
            })
            .collect(),
    }
}

/// Pages of a site.
struct Pages {
    texts: Vec<PageText>,
    words: Vec<PageWords>,
}

impl Pages {
    fn of(language: &str, texts: Vec<PageText>) -> Self {
        let vocabulary = Vocabulary::of(language);
        let words = texts.iter().map(|text| PageWords::of(text, &vocabulary));
        Self {
            words: words.collect(),
            texts,
        }
    }

    /// A site of pages that each have one text.
    fn with_texts(language: &str, texts: &[&str]) -> Self {
        let pages = texts.iter().enumerate();
        let pages = pages.map(|(nth, text)| page(&format!("p{nth}/"), "Page", &[("Page", text)]));
        Self::of(language, pages.collect())
    }

    /// The addresses that a query finds.
    fn found(&self, query: &str) -> Vec<&str> {
        let answer = ask(&Corpus::new(&self.words), query);
        let hits = answer.hits.iter();
        hits.map(|hit| self.texts[hit.page].url.trim_end_matches('/'))
            .collect()
    }
}

#[test]
fn pages_with_all_words_come_before_those_with_some() {
    let site = Pages::of(
        "en",
        vec![
            page("private/", "Private", &[("Private", "private private")]),
            page(
                "both/",
                "Other",
                &[(
                    "Other",
                    "Long text about something. A private thing, and a messenger.",
                )],
            ),
            page("messenger/", "Messenger", &[("Messenger", "messenger")]),
            page("none/", "Nothing", &[("Nothing", "nothing")]),
            page("more/", "More", &[("More", "more")]),
        ],
    );
    assert_eq!(site.found("private messenger")[0], "both");
    assert_eq!(site.found("private messenger").len(), 3);
    assert_eq!(site.found("messengers"), ["messenger", "both"]);
}

#[test]
fn titles_headings_tags_and_weights_decide() {
    let mut boosted = page("boosted/", "Other", &[("Other", "signal")]);
    boosted.boost = 160;
    let mut tagged = page("tagged/", "Other", &[("Other", "words")]);
    tagged.tags = vec!["signal".to_owned()];
    let site = Pages::of(
        "en",
        vec![
            page(
                "text/",
                "Other",
                &[("Other", "A signal among many other words of a text.")],
            ),
            page("heading/", "Other", &[("Other", "x"), ("Signal", "y")]),
            tagged,
            page("title/", "Signal", &[("Signal", "z")]),
            boosted,
        ],
    );
    assert_eq!(
        site.found("signal"),
        ["boosted", "title", "heading", "tagged", "text"]
    );
    let answer = ask(&Corpus::new(&site.words), "signal");
    assert_eq!(answer.hits[2].sections, [1]);
}

#[test]
fn common_words_never_lose_a_query() {
    let mut texts: Vec<String> = (0..20)
        .map(|nth| format!("How to do the thing number {nth} for you"))
        .collect();
    texts.push("Delete accounts".to_owned());
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let site = Pages::with_texts("en", &texts);
    assert_eq!(site.found("how to delete the account")[0], "p20");
    assert_eq!(site.found("the").len(), 20);
    assert_eq!(site.found("delete qwertz"), ["p20"]);
    assert!(
        site.found("").is_empty() && site.found("  ").is_empty() && site.found("?!").is_empty()
    );
}

#[test]
fn words_are_found_however_they_are_written() {
    let texts = [
        "Set site_name here",
        "A real-time clock",
        "I don't know",
        "Use DNS-over-HTTPS",
        "Written in C++ with ->",
        "Straße nach Müllheim, été",
        "Not in C# at all",
    ];
    let site = Pages::with_texts("de", &texts);
    for (query, found) in [
        ("site_name", "p0"),
        ("siteName", "p0"),
        ("sitename", "p0"),
        ("site name", "p0"),
        ("realtime", "p1"),
        ("real time", "p1"),
        ("REAL-TIME", "p1"),
        ("dont", "p2"),
        ("don\u{2019}t", "p2"),
        ("dns over https", "p3"),
        ("DNS-over-HTTPS", "p3"),
        ("C++", "p4"),
        ("C#", "p6"),
        ("->", "p4"),
        ("muellheim", "p5"),
        ("mullheim", "p5"),
        ("STRASSE", "p5"),
        ("ete", "p5"),
    ] {
        assert_eq!(site.found(query), [found], "{query}");
    }
}

#[test]
fn beginnings_slips_and_other_endings_are_found() {
    let texts = ["Cryptography", "A password", "To delete it", "other"];
    let site = Pages::with_texts("en", &texts);
    for (query, found) in [
        ("crypt", "p0"),
        ("passwrod", "p1"),
        ("pasword ", "p1"),
        ("passsword", "p1"),
        ("deleting", "p2"),
    ] {
        assert_eq!(site.found(query), [found], "{query}");
    }
    // A word that is complete is not one that goes on.
    assert!(site.found("cryp ").is_empty());
    let answer = ask(&Corpus::new(&site.words), "crypt");
    assert_eq!(answer.completion.as_deref(), Some("cryptography"));
}

#[test]
fn scripts_without_spaces_are_found_by_pairs() {
    let texts = [
        "這個VPN服務提供即時通訊",
        "密碼管理器可以保管密碼",
        "東京都の検索エンジン",
        "메신저를 사용",
        "京都",
    ];
    let site = Pages::with_texts("zh-Hant", &texts);
    for (query, found) in [
        ("VPN服務", &["p0"][..]),
        ("即時通訊", &["p0"]),
        ("管理器", &["p1"]),
        ("密碼管理器推薦", &["p1"]),
        ("検索", &["p2"]),
        ("메신저", &["p3"]),
        ("京都", &["p4", "p2"]),
        ("器", &["p1"]),
    ] {
        assert_eq!(site.found(query), found, "{query}");
    }
}

#[test]
fn prefixes_of_hebrew_and_arabic_words_are_none_of_theirs() {
    let site = Pages::with_texts("he", &["על ההצפנה", "הצפנה", "אחר"]);
    assert_eq!(site.found("הצפנה").len(), 2);
    assert!(site.found("בהצפנה").contains(&"p1"));
    let site = Pages::with_texts("ar", &["التشفير", "تشفير", "غيره"]);
    assert_eq!(site.found("تشفير").len(), 2);
}

#[test]
fn the_index_has_each_form_in_its_file() {
    let texts: Vec<String> = (0..60)
        .map(|nth| format!("word{nth} messages message תשפיר{nth} 即時通訊{nth}"))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let site = Pages::with_texts("en", &texts);
    let layout = Layout::of(60, "en");
    let parts = IndexParts::of(&site.words, layout);
    assert_eq!(parts.words.len(), 30);
    assert_eq!(parts, IndexParts::of(&site.words, layout));
    let all = parts.words.concat();
    assert_eq!(all.matches("message,messages!").count(), 1);
    for nth in 0..60 {
        assert_eq!(all.matches(&format!("word{nth}!")).count(), 1, "{nth}");
    }
    let empty: [PageWords; 0] = [];
    assert_eq!(IndexParts::of(&empty, Layout::of(0, "en")).words.len(), 1);
}
