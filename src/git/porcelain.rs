use std::collections::{BTreeSet, HashMap};

use crate::ages::{Commit, Committed, fingerprint};

/// Parses the output of `git blame --porcelain`: for each line a header, the
/// details of its commit where that occurs for the first time, and the line itself
/// after a tab. Commits in `cut` have parents that the clone is missing.
pub(super) fn parse(output: &[u8], cut: &BTreeSet<String>) -> Committed {
    let mut committed = Committed::default();
    let mut indices: HashMap<&[u8], usize> = HashMap::new();
    let mut current = None;
    for line in output.split(|byte| *byte == b'\n') {
        if let Some(text) = line.strip_prefix(b"\t") {
            if let Some(commit) = current.take() {
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                committed.lines.push((commit, fingerprint(text)));
            }
            continue;
        }
        let space = line.iter().position(|byte| *byte == b' ');
        let (key, value) = match space {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &b""[..]),
        };
        let Some(commit) = current else {
            if !key.is_empty() {
                let index = *indices.entry(key).or_insert_with(|| {
                    let id = text(key);
                    committed.commits.push(Commit {
                        at_least: cut.contains(&id),
                        id,
                        ..Commit::default()
                    });
                    committed.commits.len() - 1
                });
                current = Some(index);
            }
            continue;
        };
        let commit = &mut committed.commits[commit];
        match key {
            b"author" => commit.author = text(value),
            b"author-mail" => commit.email = text(value).trim_matches(['<', '>']).to_owned(),
            // Git prints 0 too for a date that it cannot read.
            b"author-time" => commit.authored = text(value).parse().unwrap_or(0),
            b"author-tz" => commit.zone = text(value),
            b"committer-time" => commit.committed = text(value).parse().unwrap_or(0),
            b"summary" => commit.summary = text(value),
            _ => {}
        }
    }
    committed
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::ages::{fingerprint, lines_of};

    #[test]
    fn reads_what_git_prints() {
        let output = b"c1 1 1 2\nauthor A B\nauthor-mail <a@b>\nauthor-time 5\nauthor-tz +0100\ncommitter C\ncommitter-time 6\nsummary s \xff\nboundary\nfilename f\n\tauthor x\r\nc1 2 2\n\t\nc2 7 3 1\nauthor D\nauthor-time 9\nprevious c1 f\nfilename f\n\t\ttext\nc1 3 4 1\n\t\n";
        let found = parse(output, &["c2".to_owned()].into());
        let ids: Vec<_> = found.commits.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["c1", "c2"]);
        let first = &found.commits[0];
        assert_eq!(
            (first.author.as_str(), first.email.as_str()),
            ("A B", "a@b")
        );
        assert_eq!((first.authored, first.committed), (5, 6));
        assert_eq!(
            (first.summary.as_str(), first.zone.as_str()),
            ("s \u{fffd}", "+0100")
        );
        assert_eq!([first.at_least, found.commits[1].at_least], [false, true]);
        let expected: Vec<_> = [0, 0, 1, 0]
            .into_iter()
            .zip(lines_of(b"author x\n\n\ttext\n\n").map(fingerprint))
            .collect();
        assert_eq!(found.lines, expected);
        assert!(parse(b"", &Default::default()).lines.is_empty());
    }
}
