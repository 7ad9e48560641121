//! What lines of its file a block comes from, as an attribute of its HTML.

/// `data-src`, which says what lines of its file a block comes from.
pub fn source_attribute(first: u32, last: u32) -> String {
    if first < last {
        format!(" data-src=\"{first}-{last}\"")
    } else {
        format!(" data-src=\"{first}\"")
    }
}

/// `html` with the lines it comes from on its first tag, if it begins with
/// one.
pub fn with_source(html: String, first: u32, last: u32) -> String {
    let name = html
        .strip_prefix('<')
        .map(|rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count());
    match name {
        Some(length) if length > 0 => format!(
            "{}{}{}",
            &html[..=length],
            source_attribute(first, last),
            &html[length + 1..]
        ),
        _ => html,
    }
}
