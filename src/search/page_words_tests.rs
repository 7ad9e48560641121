use super::page_text::{PageText, SectionText};
use super::page_words::{PageWords, address_words};
use super::vocabulary::Vocabulary;

#[test]
fn words_rank_by_where_they_stand() {
    let section = |title: &str, text: &str| SectionText {
        id: String::new(),
        title: title.to_owned(),
        text: text.to_owned(),
    };
    let page = PageText {
        url: "real-time/".to_owned(),
        title: "Messengers".to_owned(),
        tags: vec!["Tools".to_owned()],
        boost: 16,
        sections: vec![
            section("Messengers", "Encrypted messaging. A messenger."),
            section("Signal", "It is encrypted."),
        ],
    };
    let words = PageWords::of(&page, &Vocabulary::of("en"));
    let ranks = |stem: &str| -> Vec<(u16, u8)> {
        let mut ranks = Vec::new();
        words.groups(&[stem], |_, postings, _| {
            ranks.extend(postings.iter().map(|it| (it.section, it.rank)));
        });
        ranks
    };
    assert_eq!(ranks("messeng"), [(0, 15)]);
    assert_eq!(ranks("signal"), [(1, 7)]);
    assert_eq!(ranks("tool"), [(0, 11)]);
    assert_eq!(ranks("realtim"), [(0, 9)]);
    assert_eq!(ranks("encrypt"), [(0, 2), (1, 2)]);
    let mut found = Vec::new();
    words.groups(
        &["encrypt", "messeng", "none", "signal"],
        |nth, _, forms| {
            found.push((nth, forms.collect::<Vec<_>>()));
        },
    );
    let expected = [
        (0, vec!["encrypted"]),
        (1, vec!["messenger", "messengers"]),
        (3, vec!["signal"]),
    ];
    assert_eq!(found, expected);
    let from: Vec<_> = words.forms_from("messag").take(2).collect();
    assert_eq!(from, [("messaging", "messag"), ("messenger", "messeng")]);
}

#[test]
fn an_address_names_its_page() {
    for (url, name) in [
        ("", ""),
        ("a/b-c/", "b-c"),
        ("a/b.html", "b"),
        ("a/index.html", "a"),
        ("index.html", ""),
    ] {
        assert_eq!(address_words(url), name);
    }
}
