//! Links and headings of an included text.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::files::SourcePath;
use crate::url;

/// Places of addresses in Markdown and in the HTML that it may hold. The
/// address is the group `url`.
static ADDRESSES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        // [text](url "title") and ![text](url)
        r#"\]\([ \t]*<?(?P<url>[^\s<>)]+)>?(?:[ \t]+["'][^"'\n]*["'])?[ \t]*\)"#,
        // [id]: url
        r"(?m)^ {0,4}\[[^\]\n]+\]:[ \t]*\n?[ \t]*<?(?P<url>[^\s<>]+)",
        r#"<(?:img|source)\b[^<>]*?\ssrc=["'](?P<url>[^\s"']+)["']"#,
        r#"<a\b[^<>]*?\shref=["'](?P<url>[^\s"']+)["']"#,
    ]
    .map(|pattern| Regex::new(pattern).expect("a pattern of this file"))
});

/// Rewrites relative addresses of `file` so that they lead to the same from
/// `page`. Fenced code is left alone.
pub(super) fn urls(text: &str, file: &SourcePath, page: &SourcePath) -> String {
    let from = page.parent().unwrap_or_else(SourcePath::root);
    let folder = file.parent().unwrap_or_else(SourcePath::root);
    if from == folder {
        return text.to_owned();
    }
    outside_code(text, |part| {
        let mut part = part.to_owned();
        for pattern in ADDRESSES.iter() {
            let replace = |found: &Captures<'_>| {
                let (whole, url) = (found.get_match(), found.name("url"));
                let Some(url) = url else {
                    return whole.as_str().to_owned();
                };
                let (before, behind) = (url.start() - whole.start(), url.end() - whole.start());
                let all = whole.as_str();
                format!(
                    "{}{}{}",
                    &all[..before],
                    moved(url.as_str(), &folder, &from),
                    &all[behind..]
                )
            };
            part = pattern.replace_all(&part, replace).into_owned();
        }
        part
    })
}

fn moved(written: &str, folder: &SourcePath, from: &SourcePath) -> String {
    if url::has_scheme(written) || written.starts_with(['/', '#']) {
        return written.to_owned();
    }
    let target = folder.join(written);
    let parts = |path: &SourcePath| -> Vec<String> {
        let parts = path.as_str().split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (target, from) = (parts(&target), parts(from));
    let same = target.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let mut way: Vec<&str> = vec![".."; from.len() - same];
    way.extend(target[same..].iter().map(String::as_str));
    let slash = if written.ends_with('/') { "/" } else { "" };
    if way.is_empty() {
        format!(".{slash}")
    } else {
        format!("{}{slash}", way.join("/"))
    }
}

/// Moves headings of the `#` kind down, or up where `offset` is negative.
pub(super) fn headings(text: &str, offset: i64) -> String {
    if offset == 0 {
        return text.to_owned();
    }
    let mut fence = None;
    let mut moved = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) if line.starts_with('#') => {
                let rest = line.trim_start_matches('#');
                let hashes = i64::try_from(line.len() - rest.len()).unwrap_or(1);
                let wanted = if offset > 0 {
                    hashes + offset.min(32)
                } else {
                    (hashes + offset).max(1)
                };
                moved.push_str(&"#".repeat(usize::try_from(wanted).unwrap_or(1)));
                moved.push_str(rest);
                continue;
            }
            _ => {}
        }
        moved.push_str(line);
    }
    moved
}

/// Applies `change` to what is no fenced code; indented code is changed too,
/// for the plugin cannot tell it from lists.
fn outside_code(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut part = String::new();
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        let is_code = fence.is_some() || mark.is_some();
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if is_code {
            whole.push_str(&change(&part));
            part.clear();
            whole.push_str(line);
        } else {
            part.push_str(line);
        }
    }
    whole + &change(&part)
}
