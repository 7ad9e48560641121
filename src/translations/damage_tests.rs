use super::damage::damaged_marks;

/// A page with a passage, and enough around it to be aligned.
fn page(language: &str, passage: &str) -> String {
    let (title, first, last) = match language {
        "en" => (
            "Messengers",
            "The first words are about",
            "Nobody reads the last ones",
        ),
        _ => (
            "Messenger",
            "Die ersten Worte handeln von",
            "Niemand liest die letzten",
        ),
    };
    format!("# {title}\n\n{first} [it](a.md).\n\n{passage}\n\n{last} [here](z.md).\n")
}

/// What is said of a passage and its translation, with what is replaced by what.
fn found(source: &str, translation: &str) -> Vec<String> {
    let (source, own) = (page("en", source), page("de", translation));
    let shown = |it: super::DamagedMark| {
        let fix = it.fix.map(|fix| {
            let place = it.place.expect("a fix has a place");
            format!(" [{}] -> [{fix}]", &own[place])
        });
        format!("{}: {}{}", it.line, it.message, fix.unwrap_or_default())
    };
    damaged_marks(&source, &own)
        .into_iter()
        .map(shown)
        .collect()
}

#[test]
fn marks_that_a_translation_lacks_are_found() {
    for (source, translation, expected) in [
        (
            "See [the list](list.md) of all `apps` now.",
            "Siehe die Liste (list.md) aller `apps` jetzt.",
            "5: the translation lacks the link to `list.md`",
        ),
        (
            "Open :material-menu: and then :material-cog: in `app`.",
            "Öffne :material-menu: und dann die Einstellungen in `app`.",
            "5: the translation lacks the icon `:material-cog:`",
        ),
        (
            "It keeps secrets[^1] in [files](files.md).",
            "Es bewahrt Geheimnisse in [Dateien](files.md) auf.",
            "5: the translation lacks the reference to the footnote `[^1]`",
        ),
        (
            "It has been there since 2015, says [he](he.md).",
            "Das gibt es schon lange, sagt [er](he.md).",
            "5: the translation lacks the number 2015",
        ),
        (
            "Never edit `about:config` in [Tor](tor.md).",
            "Niemals die Konfiguration von [Tor](tor.md) ändern.",
            "5: the translation lacks the code `about:config`",
        ),
        (
            "[Risk](risk.md){ .pg-red } of [all](all.md){ .pg-blue }.",
            "[Gefahr](risk.md){ .pg-red } für [alle](all.md).",
            "5: the translation lacks the attributes `.pg-blue`",
        ),
        (
            "![Logo](logo.png) of [the app](app.md).",
            "Logo der [App](app.md).",
            "5: the translation lacks the picture `logo.png`",
        ),
    ] {
        assert_eq!(found(source, translation), [expected]);
    }
}

#[test]
fn marks_that_a_translation_has_changed_are_found() {
    for (source, translation, expected) in [
        (
            "Ask [them](https://a.example/b-c) about `apps`.",
            "Frag [sie](https://a. example/b- c) nach `apps`.",
            "5: the address `https://a. example/b- c` is `https://a.example/b-c` in the source \
             [https://a. example/b- c] -> [https://a.example/b-c]",
        ),
        (
            "Open `gpedit.msc` as [admin](admin.md).",
            "Öffne „gpedit.msc“ als [Verwalter](admin.md).",
            "5: „gpedit.msc“ is `` `gpedit.msc` `` in the source [„gpedit.msc“] -> [`gpedit.msc`]",
        ),
        (
            "Set `MACPolicy=random` in [it](it.md).",
            "Setze `MACPolicy=zufall` in [ihm](it.md).",
            "5: the code `MACPolicy=zufall` is `MACPolicy=random` in the source",
        ),
        (
            "Press :material-menu: in [the app](app.md).",
            "Drücke :material-menü: in [der App](app.md).",
            "5: the icon `:material-menü:` is `:material-menu:` in the source \
             [:material-menü:] -> [:material-menu:]",
        ),
        (
            "You need 3 keys for [this](this.md).",
            "Du brauchst 2 Schlüssel [dafür](this.md).",
            "5: the number 2 is 3 in the source",
        ),
        (
            "[Go](go.md){ .md-button .md-button--primary }",
            "[Los](go.md){.md-button.md-button--primary}",
            "5: `.md-button.md-button--primary` is `.md-button .md-button--primary` in the source \
             [.md-button.md-button--primary] -> [.md-button .md-button--primary]",
        ),
        (
            "!!! danger \"Never\"\n\n    Do [that](that.md) never.",
            "!!! gefahr \"Niemals\"\n\n    Tu [das](that.md) nie.",
            "5: the kind `gefahr` is `danger` in the source [gefahr] -> [danger]",
        ),
        (
            "--8<-- \"includes/members.md\"",
            "--8<-- \"includes>",
            "5: `--8<-- \"includes>` is `--8<-- \"includes/members.md\"` in the source \
             [--8<-- \"includes>] -> [--8<-- \"includes/members.md\"]",
        ),
        (
            "- One [a](1.md)\n\n    - Two [b](2.md)\n\n- Three [c](3.md)",
            "- Eins [a](1.md)\n\n- Zwei [b](2.md)\n\n- Drei [c](3.md)",
            "7: the level 1 of this item is 2 in the source",
        ),
        (
            "![A](a.png)\n\nSome words of [one](1.md) thing.\n\n![B](b.png)",
            "![A](a.png)\n\nEinige Worte zu [einer](1.md) Sache.\n\n![B](a.png)",
            "9: the address `a.png` is `b.png` in the source",
        ),
    ] {
        assert_eq!(found(source, translation), [expected]);
    }
}

#[test]
fn what_translators_may_choose_is_no_damage() {
    for (source, translation) in [
        (
            "See [it](https://en.wikipedia.org/wiki/Key) and `apps`.",
            "Siehe [dort](https://de.wikipedia.org/wiki/Schlüssel) und `apps`.",
        ),
        (
            "See [it](https://a.example/b/#anchor) and `apps`.",
            "Siehe [dort](https://a.example/b#anker) und `apps`.",
        ),
        (
            "First [a](1.md) of all.\n\nThen [b](2.md) and [c](3.md).",
            "Zuerst [a](1.md) und [b](2.md).\n\nDann [c](3.md).",
        ),
        (
            "Take `your name` for [it](it.md).",
            "Nimm `dein Name` für [das](it.md).",
        ),
        (
            "We have 3 of [them](them.md).",
            "Wir haben drei [davon](them.md).",
        ),
        (
            "There are 1,000,000 ways at 5 PM, see [it](it.md).",
            "Es gibt um 17 Uhr 1.000.000 Wege, siehe [dort](it.md).",
        ),
        (
            "In May of 2019 it was [checked](it.md).",
            "Im Monat 5 wurde es [geprüft](it.md).",
        ),
        (
            "80 % of them [are](it.md).",
            "20 % davon sind es [nicht](it.md).",
        ),
        (
            "On 2025-10-28 it was [checked](it.md).",
            "Am 28.10.2025 wurde es [geprüft](it.md).",
        ),
        (
            "[Docs](d.md){ .card title=\"Documentation\" }",
            "[Doku](d.md){ .card title=\"Dokumentation\" }",
        ),
        ("--8<-- \"includes/a.en.md\"", "--8<-- \"includes/a.de.md\""),
    ] {
        assert_eq!(
            found(source, translation),
            Vec::<String>::new(),
            "{translation}"
        );
    }
}
