//! Writing fixes into texts.

use super::{Diagnostic, Fix};

/// A byte order mark, which no column counts.
const MARK: char = '\u{feff}';

/// Why a fix is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The line is not the one that the fix was made from.
    Changed,
    /// Another fix is written at the same place.
    Overlaps,
    /// Its place is not a range of one line.
    Unclear,
}

/// The range of bytes of `text` that a fix replaces.
///
/// # Errors
/// If its line is another than that it was made from, or it has no place in one line.
fn range(text: &str, fix: &Fix) -> Result<(usize, usize), Unfit> {
    let span = &fix.span;
    let end = span.end.filter(|end| end.line == span.line);
    let end = end.ok_or(Unfit::Unclear)?;
    let mut start = 0;
    for _ in 1..span.line {
        let length = text[start..].find('\n').ok_or(Unfit::Changed)?;
        start += length + 1;
    }
    let line = text[start..].split('\n').next().unwrap_or_default();
    let mut line = line.strip_suffix('\r').unwrap_or(line);
    if line != span.excerpt && start == 0 {
        // The excerpt of the first line may have been read without the mark.
        line = line.strip_prefix(MARK).ok_or(Unfit::Changed)?;
        start = MARK.len_utf8();
    }
    if line != span.excerpt {
        return Err(Unfit::Changed);
    }
    let byte = |column: u32| {
        let mut starts = line.char_indices().map(|(at, _)| at);
        let nth = column.checked_sub(1)? as usize;
        starts
            .nth(nth)
            .or_else(|| (line.chars().count() == nth).then_some(line.len()))
    };
    match (byte(span.column), byte(end.column)) {
        (Some(from), Some(to)) if from <= to => Ok((start + from, start + to)),
        _ => Err(Unfit::Unclear),
    }
}

/// The text with these fixes, which are about its file, and for each what became of it.
/// Nothing else of it changes: neither line endings nor a byte order mark.
pub fn fixed<'f>(
    text: &str,
    fixes: impl IntoIterator<Item = &'f Fix>,
) -> (String, Vec<Result<(), Unfit>>) {
    let mut taken: Vec<(usize, usize, &str)> = Vec::new();
    let results = fixes
        .into_iter()
        .map(|fix| {
            let (start, end) = range(text, fix)?;
            let is_free = |other: &(usize, usize, &str)| end <= other.0 || other.1 <= start;
            if taken.contains(&(start, end, &fix.text)) {
                return Ok(());
            }
            if !taken.iter().all(|other| is_free(other) && other.0 != start) {
                return Err(Unfit::Overlaps);
            }
            taken.push((start, end, &fix.text));
            Ok(())
        })
        .collect();
    taken.sort_unstable();
    let mut to = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, new) in taken {
        to.push_str(&text[from..start]);
        to.push_str(new);
        from = end;
    }
    to.push_str(&text[from..]);
    (to, results)
}

/// What a diagnostic says, wherever it stands in its file: fixes move what is behind them.
pub type Gist<'d> = (super::Rule, &'d str, Option<&'d crate::files::SourcePath>);

/// The [`Gist`] of a diagnostic.
pub fn gist(diagnostic: &Diagnostic) -> Gist<'_> {
    let file = diagnostic.span.as_ref().map(|span| &span.path);
    (diagnostic.rule, &diagnostic.message, file)
}

/// The lines that differ between two texts of a file, as a difference without context
/// that `patch` reads.
pub fn difference(path: &str, before: &str, after: &str) -> String {
    let lines = |text: &str| {
        text.split_inclusive('\n')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (old, new) = (lines(before), lines(after));
    let mut shown = format!("--- {path}\n+++ {path}\n");
    let mut hunk = |first: usize, old: &[String], new: &[String]| {
        let range = |lines: &[String]| match lines.len() {
            0 => format!("{},0", first.saturating_sub(1)),
            1 => format!("{first}"),
            count => format!("{first},{count}"),
        };
        shown += &format!("@@ -{} +{} @@\n", range(old), range(new));
        for (sign, lines) in [('-', old), ('+', new)] {
            for line in lines {
                let end = if line.ends_with('\n') {
                    ""
                } else {
                    "\n\\ No newline at end of file\n"
                };
                shown += &format!("{sign}{line}{end}");
            }
        }
    };
    if old.len() == new.len() {
        for (nth, (old, new)) in old.iter().zip(&new).enumerate() {
            if old != new {
                hunk(
                    nth + 1,
                    std::slice::from_ref(old),
                    std::slice::from_ref(new),
                );
            }
        }
        return shown;
    }
    let same = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
        pairs.take_while(|(old, new)| old == new).count()
    };
    let start = same(&mut old.iter().zip(&new));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = same(&mut old_rest.iter().rev().zip(new_rest.iter().rev()));
    hunk(
        start + 1,
        &old_rest[..old_rest.len() - end],
        &new_rest[..new_rest.len() - end],
    );
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn fix(text: &str, what: &str, new: &str) -> Fix {
        let start = text.find(what).expect("it is there");
        Fix {
            span: Span::bytes(&"a.md".into(), text, start, what.len()),
            text: new.to_owned(),
        }
    }

    #[test]
    fn only_what_a_fix_is_about_changes() {
        let text = "\u{feff}# \u{e9}\r\n\r\n[a](b.md) \u{6f22} [c](d.md)\r\nend";
        let all = [fix(text, "b.md", "longer.md"), fix(text, "d.md", "e.md")];
        let (new, results) = fixed(text, &all);
        assert_eq!(
            new,
            text.replace("b.md", "longer.md").replace("d.md", "e.md")
        );
        assert_eq!(results, [Ok(()), Ok(())]);
        // A file that was read without the mark.
        let first = fix(&text[3..], "\u{e9}", "e");
        assert_eq!(fixed(text, [&first]).0, text.replace('\u{e9}', "e"));
    }

    #[test]
    fn a_fix_is_not_written_elsewhere() {
        let text = "one\n[a](b.md)\n";
        let fix = fix(text, "b.md", "c.md");
        for other in [
            "two\n\n[a](b.md)\n",
            "one\n[a](b.md) \n",
            "one",
            "one\n[\u{e9}](b.md)\n",
        ] {
            let (new, results) = fixed(other, [&fix]);
            assert_eq!(
                (new.as_str(), &results[..]),
                (other, &[Err(Unfit::Changed)][..])
            );
        }
        // What is above it may change.
        assert_eq!(fixed("two\n[a](b.md)\n", [&fix]).0, "two\n[a](c.md)\n");
        let wider = super::tests::fix(text, "[a](b.md)", "x");
        let (new, results) = fixed(text, [&fix, &wider, &fix]);
        assert_eq!(new, "one\n[a](c.md)\n");
        assert_eq!(results, [Ok(()), Err(Unfit::Overlaps), Ok(())]);
    }

    #[test]
    fn a_difference_shows_the_lines_that_changed() {
        assert_eq!(
            difference("a.md", "a\nb\nc", "a\nx\ny"),
            "--- a.md\n+++ a.md\n@@ -2 +2 @@\n-b\n+x\n@@ -3 +3 @@\n-c\n\\ No newline at end of file\n\
             +y\n\\ No newline at end of file\n"
        );
        assert_eq!(
            difference("a.md", "a\nb\nc\n", "a\nx\ny\nc\n"),
            "--- a.md\n+++ a.md\n@@ -2 +2,2 @@\n-b\n+x\n+y\n"
        );
    }
}
