//! Page addresses: where an output lies on the site and how one page writes
//! the way to another.
//!
//! An address is relative to the site's root, without a leading slash, percent
//! encoded; the root itself is the empty address.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What `urllib.parse.quote` escapes in a path, for MkDocs writes addresses with it.
const QUOTED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'!')
    .add(b'"')
    .add(b'#')
    .add(b'$')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b'+')
    .add(b',')
    .add(b':')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Where one output lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// As links write it: `guide/install/`, percent encoded; empty for the home page.
    pub url: String,
    /// The file below the site folder: `guide/install/index.html`.
    pub output: String,
}

impl Address {
    /// The address of a page from its path below the docs folder.
    ///
    /// `README.md` stands for `index.md`; with `directory_urls`, `a/b.md`
    /// becomes `a/b/`, without it `a/b.html`.
    pub fn of_page(path: &str, directory_urls: bool) -> Self {
        let (folder, name) = path.rsplit_once('/').map_or(("", path), |(a, b)| (a, b));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let slash = if folder.is_empty() { "" } else { "/" };
        let index = is_index(stem);
        let output = match (index, directory_urls) {
            (true, _) => format!("{folder}{slash}index.html"),
            (false, true) => format!("{folder}{slash}{stem}/index.html"),
            (false, false) => format!("{folder}{slash}{stem}.html"),
        };
        Self::of_output(output, directory_urls)
    }

    fn of_output(output: String, directory_urls: bool) -> Self {
        let url = match output.strip_suffix("index.html") {
            Some(folder) if directory_urls && (folder.is_empty() || folder.ends_with('/')) => {
                quote(folder)
            }
            _ => quote(&output),
        };
        Self { url, output }
    }
}

/// Whether a file name without its ending is the page of its folder.
pub fn is_index(stem: &str) -> bool {
    stem == "index" || stem == "README"
}

/// Percent encodes a path the way MkDocs does.
pub fn quote(path: &str) -> String {
    utf8_percent_encode(path, QUOTED).to_string()
}

/// Decodes percent escapes once; text that is no UTF-8 afterwards is `None`.
pub fn unquote(url: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(url).decode_utf8().ok()
}

/// Whether an address leaves the site by itself: it has a scheme or a host,
/// or starts at the server's root.
pub fn is_absolute(url: &str) -> bool {
    url.starts_with('/') || has_scheme(url)
}

/// Whether an address starts with a scheme such as `https:` or `mailto:`.
pub fn has_scheme(url: &str) -> bool {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    match end {
        Some(end) if url[end..].starts_with(':') => {
            url.starts_with(|c: char| c.is_ascii_alphabetic())
        }
        _ => false,
    }
}

/// Splits an address into its path and the rest (`?query#fragment`).
pub fn split(url: &str) -> (&str, &str) {
    url.split_at(url.find(['?', '#']).unwrap_or(url.len()))
}

/// The way from the page at `from` to `to`, both addresses of the site.
///
/// Follows MkDocs' `get_relative_url`: the site's root from its own page is
/// `./`, a page from itself is `./` too, a folder above is `../`.
pub fn relative(to: &str, from: &str) -> String {
    let (to_path, rest) = split(to);
    // The last component of a page's address is its file, or empty.
    let base: Vec<&str> = parts(from.rsplit_once('/').map_or("", |(folder, _)| folder));
    let target: Vec<&str> = parts(to_path);
    let same = base.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let mut way: Vec<&str> = vec![".."; base.len() - same];
    way.extend(&target[same..]);
    let mut out = way.join("/");
    if out.is_empty() {
        out.push('.');
    }
    if to_path.is_empty() || to_path.ends_with('/') {
        out.push('/');
    }
    out.push_str(rest);
    out
}

/// `target` as a template writes it, seen from the page at `page`; its steps
/// upwards are gone, for nothing lies above the root.
///
/// Follows MkDocs' `get_relative_url` to the letter: a question mark is a
/// character like any other, and only a slash at the end gives one.
pub fn relative_as_written(target: &str, page: &str) -> String {
    let folder = match page.rsplit_once('/') {
        Some((folder, name)) if name.contains('.') => folder,
        None if page.contains('.') => "",
        _ => page,
    };
    let (base, target_parts) = (inside(folder), inside(target));
    let pairs = base.iter().zip(&target_parts);
    let same = pairs.take_while(|(a, b)| a == b).count();
    let mut way = vec![".."; base.len() - same];
    way.extend(&target_parts[same..]);
    let way = if way.is_empty() {
        ".".to_owned()
    } else {
        way.join("/")
    };
    if target.ends_with('/') {
        way + "/"
    } else {
        way
    }
}

/// The parts of a path, `..` resolved; steps above the root have no effect.
fn inside(path: &str) -> Vec<&str> {
    let mut way = Vec::new();
    for part in parts(path) {
        match part {
            ".." => {
                way.pop();
            }
            part => way.push(part),
        }
    }
    way
}

/// The path of a full address: `/en/` of `https://example.org/en/?x`.
pub fn path(address: &str) -> &str {
    let behind = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = behind.find(['/', '?', '#']).map_or("", |at| &behind[at..]);
    split(path).0
}

/// `reference` as seen from the full address `base` (RFC 3986, as Python's
/// `urljoin`).
pub fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let scheme = base.find("://").unwrap_or(0);
    if reference.starts_with("//") {
        return format!("{}{reference}", base[..scheme].to_owned() + ":");
    }
    let host_start = if scheme == 0 { 0 } else { scheme + 3 };
    let host_end = base[host_start..]
        .find(['/', '?', '#'])
        .map_or(base.len(), |at| host_start + at);
    let (host, rest) = base.split_at(host_end);
    let (base_path, base_rest) = split(rest);
    let (path, query) = split(reference);
    if path.is_empty() {
        let kept = base_rest.split('#').next().unwrap_or_default();
        let kept = if query.starts_with('?') { "" } else { kept };
        return format!("{host}{base_path}{kept}{query}");
    }
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        let folder = base_path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{path}")
    };
    format!("{host}{}{query}", without_dots(&whole))
}

/// A path without `.` and `..`, its empty parts kept.
fn without_dots(path: &str) -> String {
    let mut way: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    way.pop();
                }
                if is_last {
                    way.push("");
                }
            }
            part => way.push(part),
        }
    }
    format!("/{}", way.join("/"))
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect()
}

/// A reference of the page at `from` as an address of the site, or `None`
/// where it leads out of it.
pub fn resolve(reference: &str, from: &str) -> Option<String> {
    let mut way = parts(from.rsplit_once('/').map_or("", |(folder, _)| folder));
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                way.pop()?;
            }
            part => way.push(part),
        }
    }
    let mut out = way.join("/");
    if !out.is_empty() && reference.ends_with("/") {
        out.push('/');
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Address, has_scheme, join, path, relative, relative_as_written, resolve};

    #[test]
    fn addresses_of_pages() {
        for (path, directory_urls, url, output) in [
            ("index.md", true, "", "index.html"),
            ("README.md", true, "", "index.html"),
            ("a.md", true, "a/", "a/index.html"),
            ("a/index.md", true, "a/", "a/index.html"),
            ("a/b.md", true, "a/b/", "a/b/index.html"),
            ("a/b.md", false, "a/b.html", "a/b.html"),
            ("a/index.md", false, "a/index.html", "a/index.html"),
            ("v1.2.md", true, "v1.2/", "v1.2/index.html"),
            (
                "中 文.md",
                true,
                "%E4%B8%AD%20%E6%96%87/",
                "中 文/index.html",
            ),
        ] {
            let address = Address::of_page(path, directory_urls);
            assert_eq!((&*address.url, &*address.output), (url, output), "{path}");
        }
    }

    #[test]
    fn the_way_between_pages() {
        for (to, from, way) in [
            ("", "", "./"),
            ("", "a/", "../"),
            ("", "a/b/", "../../"),
            ("a/", "a/", "./"),
            ("a/b/", "a/c/", "../b/"),
            ("a/", "a/c/", "../"),
            ("a/b/#x", "", "a/b/#x"),
            ("img/x.png", "a/b/", "../../img/x.png"),
            ("b.html", "a.html", "b.html"),
            ("index.html", "a/b.html", "../index.html"),
        ] {
            assert_eq!(relative(to, from), way, "{from} -> {to}");
        }
    }

    /// Expected values are those of MkDocs' `get_relative_url`.
    #[test]
    fn the_way_as_templates_write_it() {
        for (to, from, way) in [
            (".", "", "."),
            (".", "a/", ".."),
            (".", "a/b/", "../.."),
            ("./", "a/", "../"),
            ("a/", "a/", "./"),
            ("a/../b.css?v=/1", "c/", "../b.css?v=/1"),
            ("../../x.css", "a/b/", "../../x.css"),
            ("x.css", "a/b.html", "../x.css"),
            ("x.css", "404.html", "x.css"),
        ] {
            assert_eq!(relative_as_written(to, from), way, "{from} -> {to}");
        }
    }

    /// Expected values are those of Python's `urljoin`.
    #[test]
    fn joins_addresses() {
        for (base, reference, joined) in [
            ("https://x.y/a/", "b/c.md", "https://x.y/a/b/c.md"),
            ("https://x.y/a/b", "c", "https://x.y/a/c"),
            ("https://x.y/a/", "/c", "https://x.y/c"),
            ("https://x.y/a/b", "?q=1", "https://x.y/a/b?q=1"),
            ("https://x.y/a/b?q", "#f", "https://x.y/a/b?q#f"),
            ("https://x.y/a/b/", "../c/./d", "https://x.y/a/c/d"),
            ("https://x.y", "c", "https://x.y/c"),
            ("https://x.y/a", "//z/c", "https://z/c"),
            ("https://x.y/a", "http://z/c", "http://z/c"),
            ("https://x.y/a/", "", "https://x.y/a/"),
        ] {
            assert_eq!(join(base, reference), joined, "{base} + {reference}");
        }
        assert_eq!(path("https://x.y/en/?q"), "/en/");
        assert_eq!(path("https://x.y"), "");
    }

    #[test]
    fn references_stay_inside() {
        assert_eq!(resolve("../x.css", "a/b/").as_deref(), Some("a/x.css"));
        assert_eq!(resolve("../../../x.css", "a/b/"), None);
        assert_eq!(resolve("b/", "a/").as_deref(), Some("a/b/"));
    }

    #[test]
    fn schemes() {
        assert!(has_scheme("https://x") && has_scheme("mailto:x"));
        assert!(!has_scheme("a/b:c") && !has_scheme(":x") && !has_scheme("x"));
    }
}
