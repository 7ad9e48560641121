//! `gh-admonitions`: GitHub's and GitLab's alerts (`> [!NOTE]`) as admonitions.

use std::ops::Range;

use super::mapped_text::Text;

/// The kinds of alerts, each with the kind of admonition that it becomes.
const KINDS: [(&str, &str); 5] = [
    ("note", "note"),
    ("tip", "tip"),
    ("important", "warning"),
    ("caution", "danger"),
    ("warning", "warning"),
];

/// Replaces the alerts of a page by admonitions, except in code.
pub fn convert(text: &mut Text) {
    if !text.as_str().contains("[!") {
        return;
    }
    let edits = quoted(text.as_str());
    text.replace(edits);
    let edits = fenced(text.as_str());
    text.replace(edits);
}

/// The first line of an admonition, from the rest of an alert's first line after
/// its quote mark.
fn header(rest: &str) -> Option<String> {
    let inner = rest.trim_start_matches(' ');
    if rest.len() - inner.len() > 3 {
        return None;
    }
    let (written, title) = inner.strip_prefix("[!")?.split_once(']')?;
    let is_kind = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(written);
    let (name, admonition) = KINDS.iter().find(is_kind)?;
    let title = match title.trim() {
        "" => name[..1].to_ascii_uppercase() + &name[1..],
        title => title.to_owned(),
    };
    Some(format!("!!! {admonition} \"{title}\""))
}

/// The lines of a text with their ranges, without line breaks.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        (range, line)
    })
}

/// The pairs of lines beginning with three backticks, and all that is between
/// them.
fn code(text: &str) -> Vec<Range<usize>> {
    let mut fences = lines(text).filter(|(_, line)| line.starts_with("```"));
    let mut found = Vec::new();
    while let Some(((open, _), (close, _))) = fences.next().zip(fences.next()) {
        found.push(open.start..close.start);
    }
    found
}

/// Whether `range` is inside one of the pieces of `code`, which are in order.
fn is_in(code: &[Range<usize>], range: &Range<usize>) -> bool {
    let at = code.partition_point(|it| it.start < range.start);
    let before = at.checked_sub(1).and_then(|at| code.get(at));
    before.is_some_and(|it| range.end <= it.end)
}

/// The edits for alerts in which every line has a quote mark.
fn quoted(text: &str) -> Vec<(Range<usize>, String)> {
    let code = code(text);
    let mut edits = Vec::new();
    let mut lines = lines(text).peekable();
    // The last line has no line break, and belongs to no alert.
    let is_body =
        |range: &Range<usize>, line: &str| line.starts_with('>') && range.end < text.len();
    while let Some((first, line)) = lines.next() {
        let Some(header) = line.strip_prefix('>').and_then(header) else {
            continue;
        };
        let mut body = Vec::new();
        while let Some((range, line)) = lines.next_if(|(range, line)| is_body(range, line)) {
            let prefix = if line.starts_with("> ") { 2 } else { 1 };
            body.push((range.start..range.start + prefix, range.end));
        }
        let Some((_, end)) = body.last().cloned() else {
            continue;
        };
        if is_in(&code, &(first.start..end)) {
            continue;
        }
        edits.push((first, header));
        let end_of_text = text[..end].trim_end().len();
        edits.extend(body.into_iter().map(|(prefix, _)| {
            let prefix = prefix.start..prefix.end.min(end_of_text.max(prefix.start + 1));
            (prefix, "    ".to_owned())
        }));
        let last = edits.last().map_or(end, |(range, _)| range.end);
        let blank = end_of_text.max(last)..end;
        if !blank.is_empty() {
            edits.push((blank, String::new()));
        }
    }
    edits
}

/// The edits for GitLab's alerts between lines of `>>>`. As in the reference, one
/// ends at the last such line of the page.
fn fenced(text: &str) -> Vec<(Range<usize>, String)> {
    const MARK: &str = ">>>";
    let Some((close, _)) = lines(text)
        .filter(|(_, line)| line.starts_with(MARK))
        .last()
    else {
        return Vec::new();
    };
    let first = lines(text).find_map(|(range, line)| {
        let header = header(line.strip_prefix(MARK)?)?;
        // There is a line between the two.
        (range.end + 1 < close.start).then_some((range, header))
    });
    let Some((first, header)) = first else {
        return Vec::new();
    };
    let end = close.start + MARK.len();
    if is_in(&code(text), &(first.start..end)) {
        return Vec::new();
    }
    let body = &text[first.end + 1..close.start];
    let start = close.start - body.trim_start().len();
    let stop = first.end + 1 + body.trim_end().len();
    let mut edits = vec![
        (first.clone(), header),
        (first.end + 1..start.min(close.start), "    ".to_owned()),
    ];
    let inner = text.get(start..stop).unwrap_or("");
    let breaks = inner.match_indices('\n').map(|(at, _)| start + at + 1);
    edits.extend(breaks.map(|at| (at..at, "    ".to_owned())));
    edits.push((stop.max(start)..end, "\n".to_owned()));
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(text: &str) -> (String, Vec<u32>) {
        let mut text = Text::new(text, 1);
        convert(&mut text);
        (text.as_str().to_owned(), text.sources().to_vec())
    }

    /// What `mkdocs-github-admonitions-plugin` 0.1.1 makes of these.
    #[test]
    fn alerts_become_admonitions() {
        for (written, wanted) in [
            (
                "> [!NOTE]\n> a\n>\n> b\n",
                "!!! note \"Note\"\n    a\n    \n    b\n",
            ),
            (
                "> [!caution]  Own *title* \n>x  \n> \nafter\n",
                "!!! danger \"Own *title*\"\n    x  \n    \nafter\n",
            ),
            (
                ">   [!Important]\n> a\nb\n",
                "!!! warning \"Important\"\n    a\nb\n",
            ),
            // No body, too far from the mark, not at the start, unknown.
            ("> [!NOTE]\n", "> [!NOTE]\n"),
            ("> [!NOTE]\n> a", "> [!NOTE]\n> a"),
            (">     [!NOTE]\n> a\n", ">     [!NOTE]\n> a\n"),
            (" > [!NOTE]\n > a\n", " > [!NOTE]\n > a\n"),
            ("> [!OTHER]\n> a\n", "> [!OTHER]\n> a\n"),
            ("```\n> [!NOTE]\n> a\n```\n", "```\n> [!NOTE]\n> a\n```\n"),
            ("```\n> [!TIP]\n> a\n", "```\n!!! tip \"Tip\"\n    a\n"),
            (
                ">>> [!tip] T\n\n  a\n\nb \n>>>\nc\n",
                "!!! tip \"T\"\n    a\n    \n    b\n\nc\n",
            ),
            ("> [!NOTE]\n> a  \nb\n", "!!! note \"Note\"\n    a\nb\n"),
            ("> [!NOTE]\n>\nb\n", "!!! note \"Note\"\n    \nb\n"),
        ] {
            assert_eq!(converted(written).0, wanted, "{written}");
        }
    }

    #[test]
    fn lines_keep_their_numbers() {
        let (_, sources) = converted("a\n\n> [!NOTE]\n> b\n> c\n\nd\n");
        assert_eq!(sources, [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
