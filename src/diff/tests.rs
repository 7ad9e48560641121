use std::fmt::Write as _;

use proptest::prelude::*;

use crate::html::{self, Token};

use super::{Difference, Level, Marking, Side, difference, render};

const ALL: &[Level] = &[Level::Text, Level::Markup, Level::Outside];

fn compare(base: &str, now: &str) -> Difference {
    let found = difference(&Side::of(base), &Side::of(now));
    check(base, now, &found);
    found
}

/// Both sides can be made from a difference.
fn check(base: &str, now: &str, found: &Difference) {
    let side = |html: &str, range: fn(&super::Segment) -> &std::ops::Range<usize>| {
        let mut end = 0;
        for segment in &found.segments {
            assert_eq!(range(segment).start, end, "{html}\n{found:#?}");
            end = range(segment).end;
            assert!(html.is_char_boundary(end));
        }
        assert_eq!(end, html.len(), "{html}\n{found:#?}");
    };
    side(base, |it| &it.base);
    side(now, |it| &it.now);
    for segment in &found.segments {
        let kinds = segment.change.map(|nth| found.changes[nth].kind);
        assert!(kinds.is_some() || segment.change.is_none());
    }
}

/// The changes as lines of text.
fn changes(base: &str, now: &str) -> String {
    let mut lines = String::new();
    for it in compare(base, now).changes {
        let level = if it.level == Level::Text {
            String::new()
        } else {
            format!(" ({:?})", it.level)
        };
        let _ = writeln!(
            lines,
            "{:?} {:?}{level}: {} => {}",
            it.kind, it.block, it.before, it.after
        );
    }
    lines.trim_end().to_lowercase()
}

/// The marked page, with short marks.
fn marks(base: &str, now: &str) -> String {
    let marking = Marking {
        at_base: &|address| Some(format!("/base/{address}")),
        levels: ALL,
    };
    let html = render(base, now, &compare(base, now), &marking);
    let mut short = String::new();
    let mut rest = html.as_str();
    while let Some(at) = rest.find(" data-proofroom-mark=\"") {
        short.push_str(&rest[..at]);
        rest = &rest[at + " data-proofroom-mark=\"".len()..];
        let (what, after) = rest.split_once('"').expect("a value");
        let _ = write!(short, " {what}!");
        let after = after
            .strip_prefix(" data-proofroom-change=\"")
            .expect("a key");
        rest = after.split_once('"').expect("a value").1;
    }
    (short + rest)
        .replace("<ins added!>", "{+")
        .replace("</ins>", "+}")
        .replace("<del removed!>", "[-")
        .replace("</del>", "-]")
}

#[test]
fn words_of_a_paragraph() {
    for (base, now, expected) in [
        (
            "<p>one two three</p>",
            "<p>one 2 three</p>",
            "<p>one [-two-]{+2+} three</p>",
        ),
        (
            "<p>one two</p>",
            "<p>one two three</p>",
            "<p>one two{+ three+}</p>",
        ),
        (
            "<p>one two three</p>",
            "<p>one three</p>",
            "<p>one [-two -]three</p>",
        ),
        (
            "<p>a one <em>two</em> three b</p>",
            "<p>a one <em>two</em> <code>x</code> three b</p>",
            "<p>a one <em>two</em> <code>{+x+}</code>{+ +}three b</p>",
        ),
        (
            "<p>see foo (bar) here</p>",
            "<p>see foo(bar) here</p>",
            "<p>see foo[- -](bar) here</p>",
        ),
        (
            "<p>run <code>cosign --old x</code> now please</p>",
            "<p>run <code>cosign --new x</code> now please</p>",
            "<p>run <code>cosign --[-old-]{+new+} x</code> now please</p>",
        ),
        (
            "<p>x &lt;tag a here</p>",
            "<p>x &gt;tag a here</p>",
            "<p>x [-&lt;-]{+&gt;+}tag a here</p>",
        ),
        (
            "<p>訊息軟體很安全</p>",
            "<p>信息軟體很安全</p>",
            "<p>[-訊-]{+信+}息軟體很安全</p>",
        ),
        (
            "<p>使用 Signal 通訊</p>",
            "<p>使用 Molly 通訊</p>",
            "<p>使用 [-Signal-]{+Molly+} 通訊</p>",
        ),
    ] {
        assert_eq!(marks(base, now), expected);
    }
}

#[test]
fn a_block_is_another_only_if_it_is_alike() {
    assert_eq!(
        changes(
            "<p>nothing in common here</p>",
            "<p>entirely different words</p>"
        ),
        "removed paragraph: nothing in common here => \nadded paragraph:  => entirely different words"
    );
    assert_eq!(
        changes(
            "<p>a b c d</p><p>last</p>",
            "<p>new one</p><p>a b c e</p><p>last</p>"
        ),
        "added paragraph:  => new one\nchanged paragraph: a b c d => a b c e"
    );
}

#[test]
fn tables() {
    let table = "<table><caption>T</caption><colgroup><col><col></colgroup><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>";
    // A paragraph beside a table leaves the table alone.
    assert_eq!(
        changes(
            &format!("<p>one two three</p>{table}"),
            &format!("<p>one two four</p>{table}")
        ),
        "changed paragraph: one two three => one two four"
    );
    assert_eq!(
        changes(
            table,
            &table.replace("<tr><td>3", "<tr><td>x</td><td>y</td></tr><tr><td>3")
        ),
        "added row:  => x | y"
    );
    assert_eq!(
        changes(table, &table.replace("<td>4", "<td>5")),
        "changed cell: 4 => 5"
    );
    // A column was added: one cell in each row.
    let wider = table
        .replace("<th>b</th>", "<th>n</th><th>b</th>")
        .replace("<td>2</td>", "<td></td><td>2</td>")
        .replace("<td>4</td>", "<td>z</td><td>4</td>");
    assert_eq!(
        changes(table, &wider),
        "added cell:  => n\nadded cell:  => \nadded cell:  => z"
    );
}

#[test]
fn markup() {
    assert_eq!(
        changes(
            "<p>see <a href=\"a/\">the guide</a>.</p>",
            "<p>see <a href=\"b/\">the guide</a>.</p>"
        ),
        "changed paragraph (markup): <a href=\"a/\">the guide</a> => <a href=\"b/\">the guide</a>"
    );
    assert_eq!(
        changes(
            "<p><span class=twemoji><svg><path d=1></svg></span> Signal</p>",
            "<p><span class=twemoji><svg><path d=2></svg></span> Signal</p>"
        )
        .lines()
        .count(),
        1
    );
    assert_eq!(
        changes(
            "<div class=\"admonition note\"><p class=admonition-title>N</p><p>x</p></div>",
            "<div class=\"admonition danger\"><p class=admonition-title>N</p><p>x</p></div>"
        ),
        "changed admonition (markup): <div class=\"admonition note\"> => <div class=\"admonition danger\">"
    );
    for (base, now) in [
        (
            "<p class=\"a b\" id=x>t</p>",
            "<p id='x'   class=\"b a\">\n t </p>",
        ),
        ("<p data-src=\"1\">t</p>", "<p data-src=\"2-3\">t</p>"),
        ("<ul><li>a</li></ul>", "<ul>\n<li><p>a</p></li>\n</ul>"),
        ("<p>a  b</p>", "<p>a\nb</p>"),
        ("<p>a &amp; &quot;</p>", "<p>a &#38; \"</p>"),
        (
            "<div class=tabbed-set data-tabs=\"1:2\"><input id=__tabbed_1_1 name=__tabbed_1 type=radio><label for=__tabbed_1_1>A</label></div>",
            "<div class=tabbed-set data-tabs=\"2:2\"><input id=__tabbed_2_1 name=__tabbed_2 type=radio><label for=__tabbed_2_1>A</label></div>",
        ),
    ] {
        assert_eq!(changes(base, now), "", "{base} {now}");
    }
}

#[test]
fn headings_one_level_down() {
    let base = "<h2 id=a>One<a class=headerlink href=#a>¶</a></h2><p>x</p><h2 id=b>Two</h2>";
    let now = base.replace("h2", "h3");
    assert_eq!(
        changes(base, &now),
        "changed heading (markup): <h2 id=\"a\"> => <h3 id=\"a\">\nchanged heading (markup): <h2 id=\"b\"> => <h3 id=\"b\">"
    );
    let marked = marks(base, &now);
    assert_eq!(marked.matches("id=a").count(), 1, "{marked}");
}

#[test]
fn moves() {
    let base = "<ul><li>first thing</li><li>second thing here</li><li>third</li></ul>";
    let now = "<ul><li>second thing here</li><li>third</li><li>first thing</li></ul>";
    assert_eq!(changes(base, now), "moved item: first thing => first thing");
    let base = "<p>This paragraph is wrapped now.</p><p>b</p>";
    let now = "<div class=\"admonition note\"><p class=admonition-title>Note</p><p>This paragraph is wrapped now.</p></div><p>b</p>";
    let found = changes(base, now);
    assert!(found.contains("moved paragraph: this paragraph"), "{found}");
    assert!(found.contains("added admonition"), "{found}");
}

#[test]
fn what_is_numbered_is_not_a_change() {
    let note = |label: usize, text: &str| {
        format!(
            "<li id=\"fn:{label}\"><p>{text}&#160;<a class=\"footnote-backref\" href=\"#fnref:{label}\" title=\"Jump back to footnote {label}\">↩</a></p></li>"
        )
    };
    let reference = |label: usize| {
        format!(
            "<sup id=\"fnref:{label}\"><a class=\"footnote-ref\" href=\"#fn:{label}\">{label}</a></sup>"
        )
    };
    let base = format!(
        "<p>One{} two{}</p><div class=footnote><hr><ol>{}{}</ol></div>",
        reference(1),
        reference(2),
        note(1, "first note"),
        note(2, "other text")
    );
    let now = format!(
        "<p>Before{}</p><p>One{} two{}</p><div class=footnote><hr><ol>{}{}{}</ol></div>",
        reference(1),
        reference(2),
        reference(3),
        note(1, "brand new"),
        note(2, "first note"),
        note(3, "other text")
    );
    assert_eq!(
        changes(&base, &now),
        "added paragraph:  => before1\nadded footnote:  => brand new"
    );
    assert_eq!(
        changes(
            "<figure><p>x</p><figcaption><p><span class=\"caption-prefix\">Figure 1.</span> A</p></figcaption></figure>",
            "<figure><p>x</p><figcaption><p><span class=\"caption-prefix\">Figure 2.</span> A</p></figcaption></figure>"
        ),
        ""
    );
}

#[test]
fn pictures() {
    let html = "<p><img alt=A src=a.png></p>";
    let (one, other) = (|_: &str| Some(1), |_: &str| Some(2));
    let side = |content| Side {
        content,
        ..Side::of(html)
    };
    let found = difference(&side(&one), &side(&other));
    check(html, html, &found);
    let blocks: Vec<_> = found.changes.iter().map(|it| (it.kind, it.block)).collect();
    assert_eq!(blocks, [(super::ChangeKind::Changed, super::Block::Image)]);
    assert!(difference(&side(&one), &side(&one)).changes.is_empty());
    assert_eq!(
        changes("<p>a</p>", "<p>a</p><p><img alt=B src=b.png></p>"),
        "added image:  => b"
    );
}

#[test]
fn code() {
    let base = "<div class=highlight><pre><span></span><code><a id=\"__codelineno-0-1\"></a><span class=k>if</span> a:\n    <span class=s>b = 1</span>\nc\n</code></pre></div>";
    let now = base.replace("b = 1", "b = 2").replace("c\n", "c\nd\n");
    assert_eq!(
        changes(base, &now),
        "changed line:     b = 1 =>     b = 2\nadded line:  => d"
    );
    assert_eq!(changes(base, &base.replace("class=k", "class=n")), "");
    assert_eq!(
        changes(base, &base.replace("    <span", "  <span")),
        "changed line:     b = 1 =>   b = 1"
    );
}

#[test]
fn formulas_and_diagrams() {
    let base = "<p>so <span class=arithmatex>\\(a\\)</span> holds and so on</p><div class=arithmatex>\\[x\\]</div><pre class=mermaid><code>graph A</code></pre>";
    let now = base
        .replace("(a", "(b")
        .replace("[x", "[y")
        .replace("graph A", "graph B");
    assert_eq!(
        changes(base, &now),
        "changed paragraph: so \\(a\\) holds and so on => so \\(b\\) holds and so on\nchanged formula: \\[x\\] => \\[y\\]\nchanged diagram: graph a => graph b"
    );
}

#[test]
fn what_is_gone_does_nothing() {
    let base = "<p>a</p><p id=x onclick=\"y()\">gone entirely <a href=\"z/\" name=q>there</a><script>alert(1)</script><img src=p.png></p>";
    assert_eq!(
        marks(base, "<p>a</p>"),
        "<p>a</p><p removed!>[-gone entirely <a href=\"/base/z/\">there</a><img src=\"/base/p.png\">-]</p>"
    );
    // A tag that is gone around text that stays is not written.
    assert_eq!(
        marks(
            "<p>one <b>two</b> three four</p>",
            "<p>one two three four</p>"
        ),
        "<p>one <span markup!>two</span> three four</p>"
    );
}

#[test]
fn an_empty_cell_is_filled() {
    let row = |last: &str| format!("<tr><td>a b c</td><td><p>{last}</p></td></tr>");
    let table = |last: &str| format!("<table>{0}{0}</table>", row(last));
    let found = changes(&table(""), &table("d"));
    assert_eq!(found, "changed cell:  => d\nchanged cell:  => d");
}

/// HTML of all kinds of blocks, nested at random.
fn html() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-d]{1,3}",
        Just("訊息軟體".to_owned()),
        Just("&amp;".to_owned()),
        Just("x.".to_owned()),
        Just("ไทย".to_owned())
    ];
    let inline = prop_oneof![
        6 => word.clone(),
        1 => word.clone().prop_map(|it| format!("<em>{it}</em>")),
        1 => word.clone().prop_map(|it| format!("<a href=\"{it}\">{it} x</a>")),
        1 => word.clone().prop_map(|it| format!("<img src=\"{it}\">")),
        1 => Just("<b>".to_owned()),
        1 => Just("</i>".to_owned()),
        1 => Just("<br>".to_owned()),
    ];
    let text = prop::collection::vec(inline, 0..6).prop_map(|it| it.join(" "));
    let leaf = prop_oneof![
        4 => text.clone().prop_map(|it| format!("<p>{it}</p>")),
        1 => text.clone(),
        1 => text.clone().prop_map(|it| format!("<h2 id=a>{it}</h2>\n")),
        1 => (text.clone(), text.clone()).prop_map(|(one, other)| format!("<pre><code>{one}\n{other}\n</code></pre>")),
        1 => Just("<hr>".to_owned()),
        1 => Just("<p>".to_owned()),
        1 => Just("</div>".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let several = prop::collection::vec(inner, 0..4);
        prop_oneof![
            several
                .clone()
                .prop_map(|it| format!("<div class=\"admonition\">{}</div>", it.concat())),
            several.clone().prop_map(|it| {
                let items: Vec<String> = it.iter().map(|it| format!("<li>{it}</li>")).collect();
                format!("<ul>\n{}\n</ul>", items.join("\n"))
            }),
            several.clone().prop_map(|it| {
                let cells: Vec<String> = it.iter().map(|it| format!("<td>{it}</td>")).collect();
                format!(
                    "<table><tr>{}</tr><tr>{}</tr></table>",
                    cells.concat(),
                    cells.join("")
                )
            }),
            several.prop_map(|it| it.concat()),
        ]
    })
}

proptest! {
    #[test]
    fn both_sides_can_be_made_from_a_difference(base in html(), now in html(), both in html()) {
        let pages = [base.clone() + &both, both.clone() + &now, now + &both + &base];
        for base in &pages {
            for now in &pages {
                let found = compare(base, now);
                prop_assert_eq!(found.changes.is_empty() , found.segments.iter().all(|it| it.change.is_none()));
                // No change is without a place, and each is in one of them.
                for nth in 0..found.changes.len() {
                    prop_assert!(found.segments.iter().any(|it| it.change == Some(nth)), "{:?}", found.changes[nth]);
                }
                let back = compare(now, base);
                prop_assert_eq!(found.changes.len(), back.changes.len(), "{}\n{}", base, now);
            }
            prop_assert!(compare(base, base).changes.is_empty());
        }
    }

    #[test]
    fn without_marks_the_page_is_as_it_is(base in html(), now in html()) {
        let found = compare(&base, &now);
        let marking = Marking { at_base: &|_| None, levels: ALL };
        let marked = render(&base, &now, &found, &marking);
        prop_assert_eq!(without_marks(&marked), now.clone());
        prop_assert_eq!(render(&base, &now, &found, &Marking { levels: &[], ..marking }), now);
    }
}

/// Marked HTML without what was added to it.
fn without_marks(html: &str) -> String {
    let mut plain = String::new();
    let mut gone: Option<(String, usize)> = None;
    let mut marks: Vec<(String, bool)> = Vec::new();
    for (token, range) in html::tokens(html) {
        let written = &html[range];
        if let Some((name, depth)) = &mut gone {
            match token {
                Token::Start {
                    name: it,
                    closed: false,
                    ..
                } if it == name => *depth += 1,
                Token::End { name: it } if it == name => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                gone = None;
            }
            continue;
        }
        match token {
            Token::Start {
                name, attributes, ..
            } => {
                let mark = html::attribute(attributes, "data-proofroom-mark");
                let is_void = html::VOID.contains(&name);
                match mark.as_deref() {
                    Some("removed" | "moved-away") => {
                        if !is_void {
                            gone = Some((name.to_owned(), 1));
                        }
                    }
                    Some(_) if ["ins", "span"].contains(&name) => {
                        marks.push((name.to_owned(), true))
                    }
                    Some(_) => {
                        let (head, rest) = written
                            .split_once(" data-proofroom-mark")
                            .expect("it has one");
                        let rest = rest.splitn(5, '"').nth(4).expect("two values");
                        plain.push_str(head);
                        plain.push_str(rest);
                    }
                    None => plain.push_str(written),
                }
            }
            Token::End { name } if marks.last().is_some_and(|(it, _)| it == name) => {
                marks.pop();
            }
            _ => plain.push_str(written),
        }
    }
    plain
}
