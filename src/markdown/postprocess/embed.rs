//! `pymdownx.b64`: images inside of the page, as `data:` addresses.

use super::paths::{Relative, normal};
use super::tags::{StartTag, attributes, raw_element};
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::options::Embed;
use crate::markdown::source::page::Page;
use crate::markdown::source::site_access::SiteAccess;

/// The kinds of images that are embedded.
const KINDS: [(&str, &str); 5] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("svg", "image/svg+xml"),
];

/// How many bytes of images one page may embed.
const BYTES: usize = 16 << 20;

/// `html` with its images embedded.
pub fn images(
    page: &Page,
    html: &str,
    options: &Embed,
    site: &dyn SiteAccess,
) -> (String, Vec<Diagnostic>) {
    let mut out = String::with_capacity(html.len());
    let mut left = BYTES;
    let mut from = 0;
    while let Some(at) = html[from..].find('<').map(|at| from + at) {
        out.push_str(&html[from..at]);
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
            out.push_str(&rest[..end]);
            from = at + end;
            continue;
        }
        let Some(tag) = StartTag::read(rest) else {
            out.push('<');
            from = at + 1;
            continue;
        };
        let mut end = tag.length();
        let is_raw = ["script", "style"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(tag.name));
        if is_raw && !tag.close.contains('/') {
            end = raw_element(rest, tag.name, end);
        }
        from = at + end;
        if !tag.name.eq_ignore_ascii_case("img") {
            out.push_str(&rest[..end]);
            continue;
        }
        out.push_str(&rest[..1 + tag.name.len()]);
        for attribute in attributes(tag.attributes) {
            let is_source = attribute.name.eq_ignore_ascii_case("src");
            let quoted = attribute.quoted_value();
            let data = is_source
                .then_some(quoted)
                .flatten()
                .and_then(|value| data(value, options, site, &mut left));
            match data {
                Some(data) => out.push_str(&format!(" src=\"{data}\"")),
                None => out.push_str(attribute.written),
            }
        }
        out.push_str(tag.close);
    }
    out.push_str(&html[from..]);
    let too_much = (left == 0).then(|| {
        let message = format!("this page embeds more than {} MB of images", BYTES >> 20);
        Diagnostic::new(Rule::TooMuch, message)
            .at(page.span(page.first_line(), ""))
            .help("the images after that stay links: make them smaller, or turn `pymdownx.b64` off")
    });
    (out, too_much.into_iter().collect())
}

/// The `data:` address for the image at `written`, if it is one of the project.
fn data(written: &str, options: &Embed, site: &dyn SiteAccess, left: &mut usize) -> Option<String> {
    let Relative { path, .. } = Relative::parse(written)?;
    let path = normal(&format!("{}/{path}", options.base_path));
    let root = normal(&options.root_path);
    let is_below = root == "."
        || path
            .strip_prefix(&root)
            .is_some_and(|it| it.starts_with('/'));
    if path.starts_with("..") || (options.restrict_path && !is_below) {
        return None;
    }
    let (_, ending) = path.rsplit_once('.')?;
    let (_, kind) = KINDS.iter().find(|it| it.0.eq_ignore_ascii_case(ending))?;
    let bytes = site.image(&path)?;
    if bytes.len() > *left {
        *left = 0;
        return None;
    }
    *left -= bytes.len();
    Some(format!("data:{kind};base64,{}", base64(&bytes)))
}

/// The Base64 encoding of `bytes`.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            encoded.push(if digit <= group.len() {
                char::from(DIGITS[index as usize])
            } else {
                '='
            });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_in_base_64() {
        for (bytes, encoded) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")] {
            assert_eq!(base64(bytes.as_bytes()), encoded);
        }
    }
}
