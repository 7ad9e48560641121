//! Text of the source that readers must not miss, and that a translation lacks.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::align::{Aligned, Kind, Pair, Passage};

/// An admonition or a numbered step that a translation lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostPassage {
    /// What it is, with its text, such as `the warning "Do not"`.
    pub what: String,
    /// Its line in the source.
    pub source_line: u32,
    /// The line of the translation after which it would be; 1 at the beginning.
    pub line: u32,
    /// Whether there is no doubt that it is gone: what stands before and after it surely
    /// stands there in the translation, with nothing between that could be it.
    pub is_certain: bool,
}

/// How sure it must be that a passage beside a gap belongs to its own in the translation.
const SURE: f32 = 0.7;

/// How many words in a row, and of how many bytes, show that a text is there.
const RUN: usize = 4;
const ENOUGH: usize = 16;

/// How much longer than expected the passages beside a gap may be before they may have its
/// text in them.
const LONGER: f64 = 1.25;

/// What readers must not miss of a source and its translation does not have. Only as many
/// are named as it has fewer: one that is merely written in another way is none. The
/// passages are those of the two texts.
pub fn lost_passages(source: &str, translation: &str, passages: &Aligned) -> Vec<LostPassage> {
    let mut found = Vec::new();
    for kind in [is_admonition, is_step] {
        let of_source = all_of(&passages.source, source, kind);
        let has = all_of(&passages.translation, translation, kind).len();
        let lacks = of_source.len().saturating_sub(has);
        if lacks == 0 {
            continue;
        }
        // Hardly any page lacks something, and this is looked for in all.
        let pairs = &passages.alignment().pairs;
        let unpaired = of_source
            .into_iter()
            .filter(|(nth, _)| !pairs.iter().any(|it| it.source == *nth));
        for (nth, what) in unpaired.take(lacks) {
            let before = pairs.iter().filter(|it| it.source < nth);
            let before = before.max_by_key(|it| it.source);
            found.push(LostPassage {
                what,
                source_line: passages.source[nth].first,
                line: before.map_or(1, |it| passages.translation[it.translation].last),
                is_certain: is_certain(passages, nth),
            });
        }
    }
    found
}

/// Whether a passage of the source that has no pair is gone with all that is around it and
/// has none either.
fn is_certain(passages: &Aligned, nth: usize) -> bool {
    let pairs = &passages.alignment().pairs;
    let paired: BTreeSet<usize> = pairs.iter().map(|it| it.source).collect();
    let text = |nth: &usize| passages.source[*nth].is_text();
    // Tags without a text say nothing of where they are.
    let before = (0..nth).rev().find(|it| paired.contains(it) && text(it));
    let after = (nth..passages.source.len()).find(|it| paired.contains(it) && text(it));
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let only = |source: usize| {
        let own: Vec<&Pair> = pairs.iter().filter(|it| it.source == source).collect();
        match own[..] {
            [only] => Some(only),
            _ => None,
        }
    };
    let (Some(before), Some(after)) = (only(before), only(after)) else {
        return false;
    };
    let is_sure = |it: &Pair| {
        let source = &passages.source[it.source];
        it.confidence >= SURE && source.kind == passages.translation[it.translation].kind
    };
    let between = before.translation + 1..after.translation;
    if !is_sure(before)
        || !is_sure(after)
        || after.translation <= before.translation
        || passages.translation[between].iter().any(Passage::is_text)
    {
        return false;
    }
    // Nothing of it was joined to what is beside it.
    let length = |text: &str| text.chars().count();
    let lengths = |pairs: &[Pair]| {
        let of = |(source, own): (usize, usize), pair: &Pair| {
            let (one, other) = (pair.source, pair.translation);
            let one = &passages.source[one].text;
            (
                source + length(one),
                own + length(&passages.translation[other].text),
            )
        };
        let (source, own) = pairs.iter().fold((0, 0), of);
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = (own as f64 + 40.0) / (source as f64 + 40.0);
        ratio
    };
    lengths(&[*before]).max(lengths(&[*after])) <= lengths(pairs) * LONGER
        && !is_elsewhere(passages, before.source + 1..after.source)
}

/// Whether a translation has words, or the address of a link, that only these passages of
/// the source have: they may have been written there in another way.
fn is_elsewhere(passages: &Aligned, gone: Range<usize>) -> bool {
    let (own, source) = (&passages.translation, &passages.source);
    let is_in = |passages: &[Passage], part: &str| passages.iter().any(|it| it.text.contains(part));
    let is_only_theirs =
        |part: &str| !is_in(&source[..gone.start], part) && !is_in(&source[gone.end..], part);
    let is_kept = |part: &str| is_in(own, part) && is_only_theirs(part);
    source[gone.clone()].iter().any(|passage| {
        let text = &passage.text;
        let links = text.match_indices("](").filter_map(|(at, _)| {
            let rest = &text[at..];
            rest.find(')').map(|end| &rest[..=end])
        });
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut runs = words.windows(RUN).map(|run| run.join(" "));
        { links }.any(is_kept) || runs.any(|run| run.len() >= ENOUGH && is_kept(&run))
    })
}

/// The passages of a kind, by their numbers, each with what it is.
fn all_of(
    passages: &[Passage],
    text: &str,
    kind: fn(&Passage, &str) -> Option<String>,
) -> Vec<(usize, String)> {
    let mut lines = (1..).zip(text.lines());
    let mut found = Vec::new();
    let mut line = (0, "");
    for (nth, passage) in passages.iter().enumerate() {
        while line.0 < passage.first
            && let Some(next) = lines.next()
        {
            line = next;
        }
        // Passages that are nested in a line begin in the same one.
        if line.0 == passage.first
            && let Some(what) = kind(passage, line.1)
        {
            found.push((nth, what));
        }
    }
    found
}

/// An admonition, also one that is written as HTML.
fn is_admonition(passage: &Passage, _: &str) -> Option<String> {
    let name = match passage.kind {
        Kind::Admonition => passage.name.as_deref()?,
        Kind::Html => {
            let (_, rest) = passage.text.split_once("class=\"admonition ")?;
            rest.split(['"', ' ']).next()?
        }
        _ => return None,
    };
    let mut title = String::new();
    let mut is_inside = false;
    for character in passage.text.chars() {
        match character {
            '<' => is_inside = true,
            '>' => is_inside = false,
            _ if !is_inside => title.push(character),
            _ => {}
        }
    }
    Some(match title.trim() {
        "" => format!("the {name}"),
        title => format!("the {name} \"{title}\""),
    })
}

/// A step: an item of a numbered list. `line` is the first line of the passage.
fn is_step(passage: &Passage, line: &str) -> Option<String> {
    if passage.kind != Kind::Item {
        return None;
    }
    let line = line.trim_start().trim_start_matches(['>', ' ']);
    let digits: String = line.chars().take_while(char::is_ascii_digit).collect();
    let is_numbered = !digits.is_empty() && line[digits.len()..].starts_with(['.', ')']);
    is_numbered.then(|| format!("step {digits}"))
}

#[cfg(test)]
mod tests {
    use super::LostPassage;
    use crate::align::Aligned;

    fn lost_passages(source: &str, translation: &str) -> Vec<LostPassage> {
        super::lost_passages(source, translation, &Aligned::of(source, translation))
    }

    #[test]
    fn warnings_and_steps_that_are_gone_are_found() {
        let source = "# Title\n\nFirst words of [it](a.md).\n\n!!! danger \"Never\"\n\n    Do not do this, ever.\n\n1. Open the [door](b.md).\n2. Close `it` again.\n3. Lock it with 2 keys.\n\nLast words of [it](c.md).\n";
        let whole = "# Titel\n\nErste Worte [davon](a.md).\n\n!!! danger \"Niemals\"\n\n    Tu das niemals.\n\n1. Öffne die [Tür](b.md).\n2. Schließe `it` wieder.\n3. Verschließe sie mit 2 Schlüsseln.\n\nLetzte Worte [davon](c.md).\n";
        assert_eq!(lost_passages(source, whole), []);
        let lacking = "# Titel\n\nErste Worte [davon](a.md).\n\n1. Öffne die [Tür](b.md).\n2. Verschließe sie mit 2 Schlüsseln.\n\nLetzte Worte [davon](c.md).\n";
        let found = lost_passages(source, lacking);
        let found: Vec<_> = found
            .iter()
            .map(|it| (&*it.what, it.source_line, it.line, it.is_certain))
            .collect();
        let expected = [
            ("the danger \"Never\"", 5, 3, true),
            // Its neighbours say too little to be sure of them.
            ("step 2", 10, 5, false),
        ];
        assert_eq!(found, expected);
        // Its text may be in what was written there instead, or was joined to another, or
        // its words stand elsewhere.
        for (from, to) in [
            ("Letzte Worte", "Do not do this, ever. Letzte Worte"),
            ("1. Öffne", "Gefährlich ist es, das je zu tun.\n\n1. Öffne"),
            (
                "Erste Worte [davon](a.md).",
                "Erste Worte [davon](a.md). Niemals, wirklich niemals darf man so etwas tun!",
            ),
        ] {
            let doubtful = lacking.replace(from, to);
            let found = lost_passages(source, &doubtful);
            let certain = found.iter().find(|it| it.source_line == 5);
            assert!(certain.is_none_or(|it| !it.is_certain), "{to}: {found:?}");
        }
        // Written as HTML, it is still there.
        let html = whole.replace(
            "!!! danger \"Niemals\"\n\n    Tu das niemals.",
            "<div class=\"admonition danger\" markdown>\n<p class=\"admonition-title\">Niemals</p>\n\nTu das niemals.\n\n</div>",
        );
        assert_eq!(lost_passages(source, &html), []);
    }
}
