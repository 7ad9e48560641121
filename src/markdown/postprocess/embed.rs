//! `pymdownx.b64`: images inside of the page, as `data:` addresses.

use super::paths::{Relative, normal};
use super::tags::rewrite_attributes;
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
    let mut left = BYTES;
    let out = rewrite_attributes(
        html,
        |name| name.eq_ignore_ascii_case("img"),
        |attribute| {
            if !attribute.name.eq_ignore_ascii_case("src") {
                return None;
            }
            let data = data(attribute.quoted_value()?, options, site, &mut left)?;
            Some(format!(" src=\"{data}\""))
        },
    );
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
