//! The lines that the extension `meta` takes from the top of a page, after
//! snippets have been included: the front matter of an included file, for
//! instance.

use super::lines::Line;

/// Removes these lines. Blank lines at the top do not count if the page has a front
/// matter, behind which MkDocs removes them.
pub fn strip(lines: &mut Vec<Line<'_>>, has_front_matter: bool) {
    let mut taken = 0;
    if has_front_matter {
        taken = lines.iter().take_while(|line| line.text.is_empty()).count();
    }
    let opens = |line: &Line<'_>| is_rule(line.text, "---");
    taken += usize::from(lines.get(taken).is_some_and(opens));
    let mut has_key = false;
    while let Some(line) = lines.get(taken) {
        let is_end = is_rule(line.text, "---") || is_rule(line.text, "...");
        if line.is_blank() || is_end {
            taken += 1;
            break;
        }
        if has_metadata_key(line.text) {
            has_key = true;
        } else if !(has_key && is_indented(line.text)) {
            break;
        }
        taken += 1;
    }
    lines.drain(..taken);
}

/// Whether a line is this mark, alone or before white space.
fn is_rule(line: &str, mark: &str) -> bool {
    let rest = line.strip_prefix(mark);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Whether a line begins with `key:`.
fn has_metadata_key(line: &str) -> bool {
    let bare = line.trim_start_matches(' ');
    let is_key = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    let rest = bare.trim_start_matches(is_key);
    line.len() - bare.len() < 4 && rest.len() < bare.len() && rest.starts_with(':')
}

/// Whether a line continues a value: it is indented by four columns.
fn is_indented(line: &str) -> bool {
    let bare = line.trim_start_matches(' ');
    line.len() - bare.len() >= 4 || bare.starts_with('\t')
}

#[cfg(test)]
mod tests {
    use super::super::lines::{TextArena, join, split};
    use super::strip;

    #[test]
    fn blank_lines_behind_front_matter_do_not_count() {
        let texts = TextArena::default();
        let left = |text: &str, has_front_matter| {
            let mut lines = split(text, 1, &texts);
            strip(&mut lines, has_front_matter);
            join(&lines)
        };
        let text = "\n\n---\ntitle: x\n---\n# A";
        assert_eq!(left(text, true), "# A");
        assert_eq!(left(text, false), &text[1..]);
    }
}
