//! Text of the source that readers must not miss, and that a translation lacks.

use crate::align::{Aligned, Kind, Passage};

/// An admonition or a numbered step that a translation lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostPassage {
    /// What it is, with its text, such as `the warning "Do not"`.
    pub what: String,
    /// Its line in the source.
    pub source_line: u32,
    /// The line of the translation after which it would be; 1 at the beginning.
    pub line: u32,
}

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
            });
        }
    }
    found
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
            .map(|it| (&*it.what, it.source_line, it.line))
            .collect();
        assert_eq!(found, [("the danger \"Never\"", 5, 3), ("step 2", 10, 5)]);
        // Written as HTML, it is still there.
        let html = whole.replace(
            "!!! danger \"Niemals\"\n\n    Tu das niemals.",
            "<div class=\"admonition danger\" markdown>\n<p class=\"admonition-title\">Niemals</p>\n\nTu das niemals.\n\n</div>",
        );
        assert_eq!(lost_passages(source, &html), []);
    }
}
