//! `data-src`: the lines of its file that a block comes from, as an attribute
//! of its HTML.

/// The attribute `data-src` for a block that comes from these lines.
pub fn source_attribute(first: u32, last: u32) -> String {
    if first < last {
        format!(" data-src=\"{first}-{last}\"")
    } else {
        format!(" data-src=\"{first}\"")
    }
}

/// `html` with `data-src` in its first tag, if it begins with one.
pub fn with_source(html: String, first: u32, last: u32) -> String {
    let Some(rest) = html.strip_prefix('<') else {
        return html;
    };
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if length == 0 {
        return html;
    }
    let (name, rest) = rest.split_at(length);
    format!("<{name}{}{rest}", source_attribute(first, last))
}
