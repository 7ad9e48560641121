use super::{
    Degree, Kind, SplitText, align, compare, compare_passages, passages, read, text_key, versions,
};

fn split(text: &str) -> Vec<(Kind, u8, u32, String)> {
    let passages = passages(text).into_iter();
    passages
        .map(|it| (it.kind, it.depth, it.first, it.text))
        .collect()
}

#[test]
fn a_page_is_split_into_what_is_translated_as_a_whole() {
    let text = "---\ntitle: T\n---\n\n# One {#one}\n\nA line\nand another.\n\n- a\n- b\n    more\n\n    - c\n\n!!! note \"Title\"\n\n    Inside.\n\n```sh\n# x\n\ny\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n[^1]: Note\n\n*[HTML]: Long\n\n<div class=\"x\" markdown>\n\nIn it.\n\n</div>\n\n[x]: y\n\nTerm\n:   What\n\n> said\n";
    let expected = [
        (Kind::Heading(1), 0, 5, "One"),
        (Kind::Paragraph, 0, 7, "A line and another."),
        (Kind::Item, 1, 10, "a"),
        (Kind::Item, 1, 11, "b more"),
        (Kind::Item, 2, 14, "c"),
        (Kind::Admonition, 0, 16, "Title"),
        (Kind::Paragraph, 1, 18, "Inside."),
        (Kind::Code, 0, 20, "```sh\n# x\n\ny\n```"),
        (Kind::Row, 0, 26, "| a | b |"),
        (Kind::Row, 0, 28, "| c | d |"),
        (Kind::Footnote, 0, 30, "Note"),
        (Kind::Abbreviation, 0, 32, "*[HTML]: Long"),
        (Kind::Html, 0, 34, "<div class=\"x\" markdown>"),
        (Kind::Paragraph, 0, 36, "In it."),
        (Kind::Paragraph, 0, 42, "Term"),
        (Kind::Definition, 1, 43, "What"),
        (Kind::Paragraph, 1, 45, "said"),
    ];
    let expected = expected.map(|(kind, depth, line, text)| (kind, depth, line, text.to_owned()));
    assert_eq!(split(text), expected);
}

#[test]
fn a_list_in_an_item_needs_no_blank_line() {
    let text =
        "- a\n  and more\n    - b\n    - c\n        1. d\n- e\n\nText with 2 lines,\n- no list\n";
    let expected = [
        (Kind::Item, 1, 1, "a and more"),
        (Kind::Item, 2, 3, "b"),
        (Kind::Item, 2, 4, "c"),
        (Kind::Item, 3, 5, "d"),
        (Kind::Item, 1, 6, "e"),
        (Kind::Paragraph, 0, 8, "Text with 2 lines, - no list"),
    ];
    let expected = expected.map(|(kind, depth, line, text)| (kind, depth, line, text.to_owned()));
    assert_eq!(split(text), expected);
}

#[test]
fn what_is_in_a_passage_is_read() {
    let reading = read(
        "**Get** [it](a.md \"t\"){ .x } `code` ![alt](p.svg)[^1] :a-b: 1,000 不是 <https://x.y> don’t",
    );
    assert_eq!(reading.links, ["a.md", "https://x.y"]);
    assert_eq!(reading.images, ["p.svg"]);
    assert_eq!(reading.code, ["code"]);
    assert_eq!(reading.icons, ["a-b"]);
    assert_eq!(reading.footnotes, ["1"]);
    let words = ["Get", "it", "alt", "1,000", "不", "是", "don't"];
    assert_eq!(reading.words, words);
}

#[test]
fn only_what_cannot_change_the_sense_is_small() {
    let long = "In the beginning there were many words and one of them was";
    for (before, after, expected) in [
        ("a  b\nc", "a b c", Degree::Same),
        ("Read this.", "**Read** this!", Degree::Markup),
        ("Some Words", "some words", Degree::Markup),
        ("We recieve it", "We receive it", Degree::Typo),
        ("the the cat", "the cat", Degree::Typo),
        ("We seperate it", "We separate it", Degree::Typo),
        ("It is now safe", "It is not safe", Degree::Changed),
        ("It is legal", "It is illegal", Degree::Changed),
        ("This is typical", "This is atypical", Degree::Changed),
        ("Version 12345", "Version 12346", Degree::Changed),
        ("Do it", "Do not do it", Degree::Changed),
        ("See [it](a.md)", "See [it](b.md)", Degree::Changed),
        ("Use `aaaaaa`", "Use `aaaaab`", Degree::Changed),
        (
            "这是一个很长的句子在这里",
            "这是一个很长的句子在那里",
            Degree::Typo,
        ),
        (
            "这里是很安全的一个方法啊",
            "这里不很安全的一个方法啊",
            Degree::Changed,
        ),
    ] {
        assert_eq!(compare(before, after), expected, "{before} / {after}");
    }
    let (one, other) = (
        format!("{long} spelling mistakes"),
        format!("{long} speling mistaks"),
    );
    assert_eq!(
        compare(&one, &other),
        Degree::Changed,
        "two of fourteen words"
    );
}

#[test]
fn passages_are_found_in_another_version() {
    let old =
        "# A\n\nOne two three four five six.\n\nGone entirely from here.\n\nStays as it is.\n";
    let new = "# A\n\nStays as it is.\n\nOne two three four five seven.\n\nNew words.\n";
    let found = versions(&passages(old), &passages(new));
    let found: Vec<_> = found
        .iter()
        .map(|it| it.map(|it| (it.old, it.degree)))
        .collect();
    let (same, changed) = (Degree::Same, Degree::Changed);
    assert_eq!(found[0], Some((0, same)));
    assert_eq!(found[1], Some((3, same)));
    assert_eq!(found[2], Some((1, changed)));
    assert_eq!(found[3], None);
}

#[test]
fn a_translation_is_aligned_with_its_source() {
    let source = "# Messengers\n\nThese are recommended.\n\n## Signal\n\n**Signal** is made by [them](https://signal.org) since 2014.\n\n!!! warning\n\n    Do not trust it.\n\n- First\n- [Second](b.md)\n- Third\n\n## Session\n\nAnother one, with `code`.\n";
    let german = "# Messenger\n\nDiese werden empfohlen.\n\n## Signal\n\n**Signal** wird seit 2014 von [ihnen](https://signal.org) gemacht.\n\n- Erstens\n- [Zweitens](b.md)\n- Drittens\n\nEtwas mehr, das es in der Quelle nicht gibt.\n\n## Session\n\nNoch einer, mit `code`.\n";
    let (source, german) = (SplitText::of(source), SplitText::of(german));
    let alignment = align(&source, &german);
    let pairs: Vec<_> = alignment
        .pairs
        .iter()
        .map(|it| (it.source, it.translation))
        .collect();
    let expected = [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (6, 4),
        (7, 5),
        (8, 6),
        (9, 8),
        (10, 9),
    ];
    assert_eq!(pairs, expected);
}

#[test]
fn what_tools_do_to_lines_is_seen_through() {
    let text = "- - -\ntitle: x\n- - -\n\n\\=== \"Tab\"\n\n\\*[HTML]: Long\n\n[^1]: One. [^2]: Two.\n\n<h3 spaces-before=\"0\">\nHeading\n</h3>\n";
    let kinds: Vec<_> = split(text)
        .into_iter()
        .map(|(kind, _, line, _)| (kind, line))
        .collect();
    let expected = [
        (Kind::Tab, 5),
        (Kind::Abbreviation, 7),
        (Kind::Footnote, 9),
        (Kind::Footnote, 9),
        (Kind::Heading(3), 11),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn white_space_makes_no_other_text() {
    let key = text_key("one two’s 三");
    for text in [
        "one  two’s 三",
        " one two’s 三",
        "one two’s 三 ",
        "one\ttwo’s\n三",
        "one\u{a0}two’s\u{3000}三",
        "one\u{2003}two’s\u{205f}三",
        "one\u{1680}two’s\u{85}三\u{2029}",
    ] {
        assert_eq!(text_key(text), key, "{text:?}");
    }
    for text in ["onetwo’s 三", "one two’s三", "one\u{200b}two’s 三", ""] {
        assert_ne!(text_key(text), key, "{text:?}");
    }
    assert_eq!(text_key(" "), text_key(""));
}

#[test]
fn emphasis_in_a_word_does_not_divide_it() {
    for marked in [
        "The *App*le store sells it.",
        "The App**le** store sells *it*.",
    ] {
        let degree = compare("The Apple store sells it.", marked);
        assert!(degree <= Degree::Markup, "{marked}: {degree:?}");
    }
    assert_eq!(
        compare("Buy 2*3 of them", "Buy 23 of them"),
        Degree::Changed
    );
}

#[test]
fn words_end_where_they_do() {
    let words = |text: &str| -> Vec<String> {
        let words = read(text).words;
        words.into_iter().map(String::from).collect()
    };
    for (text, expected) in [
        (
            "für-alle, don’t don't",
            &["für", "alle", "don't", "don't"][..],
        ),
        ("1,000.5 a.b 12:30.", &["1,000.5", "a", "b", "12:30"]),
        ("'tis co\u{ad}op x's'", &["tis", "co\u{ad}op", "x's"]),
        ("HTTPS http Hx://", &["HTTPS", "http", "Hx"]),
        ("re\u{301}sumé 中文x", &["re\u{301}sumé", "中", "文", "x"]),
        ("_a_(b)é", &["a", "b", "é"]),
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn signs_may_change_the_sense() {
    for (before, after) in [
        ("Set it to -5 now.", "Set it to 5 now."),
        ("At least 5% of them.", "At least 5 of them."),
        ("It costs $5 a month.", "It costs €5 a month."),
        ("If x < 5 holds.", "If x > 5 holds."),
        ("If x &lt; 5 holds.", "If x &gt; 5 holds."),
        ("It takes 5-10 days.", "It takes 5/10 days."),
        ("You must do this.", "You must ~~do this~~."),
        ("✅ It encrypts.", "❌ It encrypts."),
        (
            "It :material-check: encrypts.",
            "It :material-close: encrypts.",
        ),
        ("See [it](a.md \"One\").", "See [it](a.md \"Other\")."),
    ] {
        assert_eq!(compare(before, after), Degree::Changed, "{before} {after}");
    }
    for (before, after) in [
        ("It takes 5-10 days.", "It takes 5–10 days."),
        ("**Settings** > **Lock**", "**Settings** → **Lock**"),
        ("[:a-home: Home](x)", "[:b-home-16: Home](x)"),
        ("Ann &amp; Bob", "Ann & Bob"),
    ] {
        assert!(compare(before, after) < Degree::Changed, "{before} {after}");
    }
    for (before, after) in [
        ("Caf\u{e9} and more", "Cafe\u{301} and more"),
        ("f&uuml;r alle", "für alle"),
        ("Telefonnummer", "Telefon\u{ad}nummer"),
    ] {
        assert_eq!(compare(before, after), Degree::Same, "{before} {after}");
    }
}

#[test]
fn what_a_passage_is_counts_too() {
    let change = |before: &str, after: &str| {
        let (before, after) = (passages(before), passages(after));
        compare_passages(&before[0], &after[0])
    };
    let of = |before: &str, after: &str| change(before, after).degree;
    assert_eq!(of("Text of it\n", "- Text of it\n"), Degree::Markup);
    assert_eq!(of("!!! note \"A\"\n", "!!! danger \"A\"\n"), Degree::Markup);
    assert_eq!(
        of("```\na + b\n```\n", "```\na - b\n```\n"),
        Degree::Changed
    );
    assert_eq!(of("# One {#a}\n", "# One {#b}\n"), Degree::Same);
    let link = change("See [it](a.md) here.\n", "See [it](b.md) here.\n");
    assert!(link.degree == Degree::Changed && !link.rewords);
}
