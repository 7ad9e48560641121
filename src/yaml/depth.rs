use super::{DEEPEST, MOST_VALUES};

/// The byte offset of the first block in `text` that is nested too deeply for
/// saphyr's recursive loader.
///
/// A block is inside another only if it starts in a greater column, so it is
/// enough to look at the columns in which lines start, counting every `- `,
/// `? ` and `: ` as the start of another block. Block scalars are counted too,
/// which errs on the safe side. Brackets need no check: saphyr's scanner
/// refuses more than 255 of them.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut columns: Vec<usize> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let bytes = line.as_bytes();
        let mut at = 0;
        loop {
            while matches!(bytes.get(at), Some(b' ' | b'\t')) {
                at += 1;
            }
            if matches!(bytes.get(at), None | Some(b'\n' | b'\r' | b'#')) {
                break;
            }
            while columns.last().is_some_and(|column| *column >= at) {
                columns.pop();
            }
            columns.push(at);
            if columns.len() > DEEPEST {
                return Some(start + at);
            }
            let indicator = matches!(bytes[at], b'-' | b'?' | b':')
                && matches!(bytes.get(at + 1), Some(b' ' | b'\t'));
            if !indicator {
                break;
            }
            at += 1;
        }
        start += line.len();
    }
    None
}

/// The byte offset at which `text` may exceed [`MOST_VALUES`] values. A value
/// can only start at the start of a line, after a block indicator, or after a
/// bracket or comma. Those inside quoted text are counted too, which errs on
/// the safe side.
pub(super) fn too_many(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let starts = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        b'[' | b'{' | b',' | b'\n' => true,
        b'-' | b'?' | b':' => matches!(bytes.get(at + 1), Some(b' ' | b'\t')),
        _ => false,
    });
    starts.map(|(at, _)| at).nth(MOST_VALUES)
}
