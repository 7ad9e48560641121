//! Adapts the links and headings of an included text.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::files::SourcePath;
use crate::url;

/// Addresses in Markdown and in the HTML that it may contain. The address is the
/// group `url`.
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

/// Rewrites relative addresses in `file` so that they lead to the same targets
/// from `page`. Fenced code is left alone.
pub(super) fn rewrite_urls(text: &str, file: &SourcePath, page: &SourcePath) -> String {
    let from = page.parent().unwrap_or_else(SourcePath::root);
    let folder = file.parent().unwrap_or_else(SourcePath::root);
    if from == folder {
        return text.to_owned();
    }
    map_outside_code(text, |part| {
        let mut part = part.to_owned();
        for pattern in ADDRESSES.iter() {
            let replace = |found: &Captures<'_>| {
                let (whole, url) = (found.get_match(), found.name("url"));
                let url = url.expect("every pattern has this group");
                let (start, end) = (url.start() - whole.start(), url.end() - whole.start());
                let mut text = whole.as_str().to_owned();
                text.replace_range(start..end, &rewrite_url(url.as_str(), &folder, &from));
                text
            };
            part = pattern.replace_all(&part, replace).into_owned();
        }
        part
    })
}

/// An address relative to `folder` as one relative to `from`.
fn rewrite_url(address: &str, folder: &SourcePath, from: &SourcePath) -> String {
    if url::has_scheme(address) || address.starts_with(['/', '#']) {
        return address.to_owned();
    }
    let target = folder.join(address);
    let parts = |path: &SourcePath| -> Vec<String> {
        let parts = path.as_str().split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (target, from) = (parts(&target), parts(from));
    let shared = target.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let mut relative: Vec<&str> = vec![".."; from.len() - shared];
    relative.extend(target[shared..].iter().map(String::as_str));
    let slash = if address.ends_with('/') { "/" } else { "" };
    if relative.is_empty() {
        format!(".{slash}")
    } else {
        format!("{}{slash}", relative.join("/"))
    }
}

/// Adds `offset`, which may be negative, to the level of `#` headings.
pub(super) fn shift_headings(text: &str, offset: i64) -> String {
    if offset == 0 {
        return text.to_owned();
    }
    let mut fence = None;
    let mut shifted = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) if line.starts_with('#') => {
                let title = line.trim_start_matches('#');
                let level = line.len() - title.len();
                let steps = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
                let level = if offset > 0 {
                    level + steps.min(32)
                } else {
                    level.saturating_sub(steps).max(1)
                };
                shifted.push_str(&"#".repeat(level));
                shifted.push_str(title);
                continue;
            }
            _ => {}
        }
        shifted.push_str(line);
    }
    shifted
}

/// Applies `change` to everything but fenced code. Indented code is changed too,
/// because the plugin cannot tell it from lists.
fn map_outside_code(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
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
            changed.push_str(&change(&part));
            part.clear();
            changed.push_str(line);
        } else {
            part.push_str(line);
        }
    }
    changed + &change(&part)
}
