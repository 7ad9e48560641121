//! Addresses of pages and other outputs, and relative links between them.
//!
//! An address is relative to the site's root, without a leading slash, and
//! percent-encoded. The address of the root itself is empty.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The characters that `urllib.parse.quote`, which MkDocs uses, escapes in a path.
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

/// The address and path of an output.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// The address for links: `guide/install/`, percent-encoded; empty for the
    /// home page.
    pub url: String,
    /// The path of the file below the site folder: `guide/install/index.html`.
    pub output: String,
}

impl Address {
    /// The address of a page from its path below the docs folder.
    ///
    /// `README.md` stands for `index.md`; with `directory_urls`, `a/b.md`
    /// becomes `a/b/`, without it `a/b.html`.
    pub fn of_page(path: &str, directory_urls: bool) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let slash = if folder.is_empty() { "" } else { "/" };
        let output = if is_index(stem) {
            format!("{folder}{slash}index.html")
        } else if directory_urls {
            format!("{folder}{slash}{stem}/index.html")
        } else {
            format!("{folder}{slash}{stem}.html")
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

/// The path of the output at an address: that of a folder is its index page.
pub fn index_of(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') {
        format!("{address}index.html")
    } else {
        address.to_owned()
    }
}

/// The address of an output: that of an index page is its folder.
pub fn without_index(output: &str) -> &str {
    match output.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => output,
    }
}

/// Whether a file with this name, without its ending, is the index page of its
/// folder.
pub fn is_index(stem: &str) -> bool {
    stem == "index" || stem == "README"
}

/// Percent-encodes a path as MkDocs does.
pub fn quote(path: &str) -> String {
    utf8_percent_encode(path, QUOTED).to_string()
}

/// Percent-encodes a name or value of a query, as Python's `quote_plus` does.
pub fn quote_plus(text: &str) -> String {
    quote(text).replace('/', "%2F").replace("%20", "+")
}

/// Decodes percent escapes once; `None` if the result is not UTF-8.
pub fn unquote(url: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(url).decode_utf8().ok()
}

/// Whether a link is not relative: it has a scheme or a host, or starts at the
/// server's root.
pub fn is_absolute(url: &str) -> bool {
    url.starts_with('/') || has_scheme(url)
}

/// Whether `text` can be the scheme of an address, such as `https` (RFC 3986).
pub fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
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

/// Splits an address into its path and its query and fragment.
pub fn split(url: &str) -> (&str, &str) {
    url.split_at(url.find(['?', '#']).unwrap_or(url.len()))
}

/// A query and fragment, as of [`split`], without either that is empty, as
/// Python's `urlunsplit` writes them.
pub fn without_empty(rest: &str) -> String {
    let (query, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let kept = [query, fragment].into_iter().filter(|part| part.len() > 1);
    kept.collect()
}

/// The relative link from the page at `from` to `to`, both addresses of the site.
///
/// Follows MkDocs' `get_relative_url`: the link from a page to itself is `./`, and
/// to the folder above `../`.
pub fn relative(to: &str, from: &str) -> String {
    let (to_path, rest) = split(to);
    // The last component of a page's address is its file name, or empty.
    let base: Vec<&str> = parts(from.rsplit_once('/').map_or("", |(folder, _)| folder));
    let target: Vec<&str> = parts(to_path);
    let shared = base.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let mut link_parts: Vec<&str> = vec![".."; base.len() - shared];
    link_parts.extend(&target[shared..]);
    let mut link = link_parts.join("/");
    if link.is_empty() {
        link.push('.');
    }
    if to_path.is_empty() || to_path.ends_with('/') {
        link.push('/');
    }
    link.push_str(rest);
    link
}

/// The relative link from `page` to `target` as written in a template. Leading
/// `..` in `target` have no effect, because nothing is above the root.
///
/// Follows MkDocs' `get_relative_url` to the letter: a question mark is an
/// ordinary character, and the link ends in a slash only if `target` does.
pub fn relative_as_written(target: &str, page: &str) -> String {
    let (base, target_parts) = (folder_parts(page), parts_as_written(target));
    let pairs = base.iter().zip(&target_parts);
    let shared = pairs.take_while(|(a, b)| a == b).count();
    let mut link = vec![".."; base.len() - shared];
    link.extend(&target_parts[shared..]);
    let link = if link.is_empty() {
        ".".to_owned()
    } else {
        link.join("/")
    };
    if target.ends_with('/') {
        link + "/"
    } else {
        link
    }
}

/// The parts of the folder from which [`relative_as_written`] leads.
pub fn folder_parts(page: &str) -> Vec<&str> {
    parts_as_written(match page.rsplit_once('/') {
        Some((folder, name)) if name.contains('.') => folder,
        None if page.contains('.') => "",
        _ => page,
    })
}

/// The parts of a path with `..` resolved; `..` above the root has no effect.
pub fn parts_as_written(path: &str) -> Vec<&str> {
    let mut normalized = Vec::new();
    for part in parts(path) {
        match part {
            ".." => {
                normalized.pop();
            }
            part => normalized.push(part),
        }
    }
    normalized
}

/// The path of a full address: `/en/` of `https://example.org/en/?x`.
pub fn path(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]);
    split(path).0
}

/// Resolves `reference` against the address `base` (RFC 3986, like Python's
/// `urljoin`).
pub fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let scheme_end = base.find("://");
    if reference.starts_with("//") {
        return match scheme_end {
            Some(end) => format!("{}:{reference}", &base[..end]),
            None => reference.to_owned(),
        };
    }
    let host_start = scheme_end.map_or(0, |end| end + "://".len());
    let host_end = base[host_start..]
        .find(['/', '?', '#'])
        .map_or(base.len(), |at| host_start + at);
    let (host, rest) = base.split_at(host_end);
    let (base_path, base_rest) = split(rest);
    let (path, query) = split(reference);
    if path.is_empty() {
        let base_query = base_rest
            .split_once('#')
            .map_or(base_rest, |(query, _)| query);
        let base_query = if query.starts_with('?') {
            ""
        } else {
            base_query
        };
        return format!("{host}{base_path}{base_query}{query}");
    }
    let joined = if path.starts_with('/') {
        path.to_owned()
    } else {
        let folder = base_path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{path}")
    };
    format!("{host}{}{query}", without_dots(&joined))
}

/// Resolves `.` and `..` in a path; empty parts are kept.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            part => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect()
}

/// Resolves a reference on the page at `from` to an address of the site; `None`
/// if it leads out of the site.
pub fn resolve(reference: &str, from: &str) -> Option<String> {
    let mut resolved = parts(from.rsplit_once('/').map_or("", |(folder, _)| folder));
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                resolved.pop()?;
            }
            part => resolved.push(part),
        }
    }
    let mut address = resolved.join("/");
    if !address.is_empty() && reference.ends_with('/') {
        address.push('/');
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn links_between_pages() {
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
    fn links_as_written_in_templates() {
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
            ("/a/", "//z/c", "//z/c"),
        ] {
            assert_eq!(join(base, reference), joined, "{base} + {reference}");
        }
        assert_eq!(path("https://x.y/en/?q"), "/en/");
        assert_eq!(path("https://x.y"), "");
    }

    #[test]
    fn references_stay_inside() {
        for (reference, from, address) in [
            ("../x.css", "a/b/", Some("a/x.css")),
            ("x.css", "a/b.html", Some("a/x.css")),
            ("./x/./y", "", Some("x/y")),
            ("b/", "a/", Some("a/b/")),
            ("..", "a/", Some("")),
            ("../", "a/", Some("")),
            ("", "a/b/", Some("a/b")),
            ("a//b", "", Some("a/b")),
            ("../../../x.css", "a/b/", None),
            ("..", "", None),
            ("b/../../..", "a/", None),
        ] {
            assert_eq!(resolve(reference, from).as_deref(), address, "{reference}");
        }
    }

    #[test]
    fn addresses_are_split_before_their_query_or_fragment() {
        for (address, path, rest) in [
            ("a/b.md", "a/b.md", ""),
            ("a.md?x#y", "a.md", "?x#y"),
            ("a.md#y?x", "a.md", "#y?x"),
            ("#y", "", "#y"),
            ("", "", ""),
        ] {
            assert_eq!(split(address), (path, rest), "{address}");
        }
    }

    /// Expected values are those of Python's `quote` and `unquote`.
    #[test]
    fn paths_are_quoted_and_read_back() {
        for (path, quoted) in [
            ("a/b-c_d.e~f", "a/b-c_d.e~f"),
            ("a b", "a%20b"),
            ("100%", "100%25"),
            ("a?b#c", "a%3Fb%23c"),
            ("é中", "%C3%A9%E4%B8%AD"),
            ("a:b@c", "a%3Ab%40c"),
        ] {
            assert_eq!(quote(path), quoted);
            assert_eq!(unquote(quoted).as_deref(), Some(path));
        }
        // Once, and only what is UTF-8 afterwards.
        assert_eq!(unquote("%2525").as_deref(), Some("%25"));
        assert_eq!(unquote("%zz%").as_deref(), Some("%zz%"));
        assert_eq!(unquote("%ff"), None);
    }

    #[test]
    fn some_addresses_leave_the_site() {
        for (address, leaves) in [
            ("/a", true),
            ("//host/a", true),
            ("https://x", true),
            ("mailto:a@b", true),
            ("a/b:c", false),
            ("../a", false),
            ("?q", false),
            ("", false),
        ] {
            assert_eq!(is_absolute(address), leaves, "{address}");
        }
    }

    #[test]
    fn empty_queries_and_fragments_go() {
        for (rest, kept) in [
            ("#", ""),
            ("?", ""),
            ("?#", ""),
            ("?a=b#", "?a=b"),
            ("?#c", "#c"),
            ("?a#c?d", "?a#c?d"),
            ("", ""),
        ] {
            assert_eq!(without_empty(rest), kept, "{rest}");
        }
    }

    #[test]
    fn schemes() {
        assert!(has_scheme("https://x") && has_scheme("mailto:x"));
        assert!(!has_scheme("a/b:c") && !has_scheme(":x") && !has_scheme("x"));
    }
}
