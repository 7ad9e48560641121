//! Addresses of other sites, and the names of the files that take their place.

use std::borrow::Cow;
use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

/// An address, split as by Python's `urlparse`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// In lower case; empty if there is none.
    scheme: String,
    /// Host, port and user, as written.
    authority: String,
    path: String,
    /// What follows a semicolon in the last part of the path.
    parameters: String,
    query: String,
    fragment: String,
}

impl Address {
    /// Splits an address.
    pub fn parse(written: &str) -> Self {
        let is_dropped = |it: char| matches!(it, '\t' | '\r' | '\n');
        let cleaned: String = written
            .trim_start_matches(|it: char| it <= ' ')
            .chars()
            .filter(|it| !is_dropped(*it))
            .collect();
        let mut rest = cleaned.as_str();
        let mut address = Self::default();
        if let Some((scheme, after)) = rest.split_once(':')
            && crate::url::is_scheme(scheme)
        {
            address.scheme = scheme.to_ascii_lowercase();
            rest = after;
        }
        if let Some(after) = rest.strip_prefix("//") {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            let (authority, after) = after.split_at(end);
            authority.clone_into(&mut address.authority);
            rest = after;
        }
        let mut cut = |mark: char| {
            let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
            rest = before;
            after.to_owned()
        };
        address.fragment = cut('#');
        address.query = cut('?');
        let last = rest.rfind('/').unwrap_or(0);
        if let Some(at) = rest[last..].find(';') {
            rest[last + at + 1..].clone_into(&mut address.parameters);
            rest = &rest[..last + at];
        }
        rest.clone_into(&mut address.path);
        address
    }

    /// Its host in lower case, without port and user; `None` if it has none.
    pub fn host(&self) -> Option<String> {
        let (_, host) = self
            .authority
            .rsplit_once('@')
            .unwrap_or(("", &self.authority));
        let host = match host.strip_prefix('[') {
            Some(inside) => inside.split(']').next()?,
            None => host.split(':').next()?,
        };
        (!host.is_empty()).then(|| host.to_lowercase())
    }

    /// The part after `#`, without it.
    pub fn fragment(&self) -> &str {
        &self.fragment
    }

    /// Whether it can be downloaded and has a name to be stored under: it leads to a web
    /// server without a password, and to a file there.
    pub fn is_downloadable(&self) -> bool {
        matches!(&*self.scheme, "" | "http" | "https")
            && !self.authority.is_empty()
            && !self.authority.contains(['@', '\\'])
            && !self.authority.starts_with('.')
            && self.file().is_some_and(|file| is_storable(&file))
    }

    /// What is downloaded: the address without its fragment, and without `.` and `..`. It begins with `//` if it has
    /// no scheme.
    pub fn to_download(&self) -> String {
        let mut address = String::new();
        if !self.scheme.is_empty() {
            address.push_str(&self.scheme);
            address.push(':');
        }
        address.push_str("//");
        address.push_str(&self.authority);
        if !self.path.starts_with('/') {
            address.push('/');
        }
        address.push_str(&without_dots(&self.path));
        for (mark, part) in [(';', &self.parameters), ('?', &self.query)] {
            if !part.is_empty() {
                address.push(mark);
                address.push_str(part);
            }
        }
        address
    }

    /// The path below the folder of downloads under which the plugin stores it, before the
    /// ending that its media type may add: the host, the decoded path, and before its ending
    /// eight digits that stand for the query. Patterns are compared with it. `None` if it
    /// leads to no file.
    pub fn file(&self) -> Option<String> {
        let decoded = percent_encoding::percent_decode_str(&self.path).decode_utf8_lossy();
        let mut path = normalized(&decoded).replace("/.", "/_");
        if path == "/" {
            return None;
        }
        if !self.query.is_empty() {
            let digest = Sha1::digest(self.query.as_bytes());
            let (name, ending) = split_ending(&path);
            let mut named = name.to_owned();
            named.push('.');
            for byte in &digest[..4] {
                // Writing to a text cannot fail.
                let _ = write!(named, "{byte:02x}");
            }
            named.push_str(ending);
            path = named;
        }
        if !self.parameters.is_empty() {
            path = format!("{path};{}", self.parameters);
        }
        Some(format!("{}{path}", self.authority))
    }

    /// What patterns are compared with if it leads to no file.
    pub(super) fn without_file(&self) -> String {
        // As Python's `normpath` has it, an empty path is that of the current folder.
        let path = if self.path.is_empty() { "/." } else { "/" };
        format!("{}{path}", self.authority)
    }
}

/// Whether every part of a path can be the name of a file on every system.
fn is_storable(path: &str) -> bool {
    path.split('/').all(|part| {
        !part.is_empty()
            && part.len() < 250
            && !matches!(part, "." | "..")
            && !part.contains(|it: char| it < ' ' || it == '\\')
    })
}

/// A path of an address without `.` and `..`, as clients ask for it.
fn without_dots(path: &str) -> Cow<'_, str> {
    if !path.contains("/.") {
        return Cow::Borrowed(path);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                // What is before the first slash stays.
                parts.truncate((parts.len() - 1).max(1));
            }
            part => parts.push(part),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        parts.push("");
    }
    Cow::Owned(parts.join("/"))
}

/// A path of an address without `.`, `..` and repeated slashes, with one in front.
fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Splits a path before the ending of its last part, as Python's `splitext`: dots at the start
/// of a name begin no ending.
pub fn split_ending(path: &str) -> (&str, &str) {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let after_dots = path[name..].trim_start_matches('.');
    match after_dots.rfind('.') {
        Some(dot) => path.split_at(path.len() - after_dots.len() + dot),
        None => (path, ""),
    }
}

/// A path as the path of an address. Only what would end the path is encoded, and what would
/// be decoded: the plugin writes all of it as it is.
pub(super) fn written(path: &str) -> Cow<'_, str> {
    if !path.contains(['%', '?', '#']) {
        return Cow::Borrowed(path);
    }
    let encoded = path.replace('%', "%25");
    Cow::Owned(encoded.replace('?', "%3F").replace('#', "%23"))
}

#[cfg(test)]
mod tests {
    use super::{Address, split_ending};

    /// As the plugin of Material for MkDocs 9.7 names them, apart from those without a file.
    #[test]
    fn files_are_named_as_by_the_plugin() {
        for (address, file) in [
            ("https://example.com/a/b.js", Some("example.com/a/b.js")),
            ("//example.com/a/b.js#x", Some("example.com/a/b.js")),
            (
                "https://fonts.googleapis.com/css?family=Roboto:300,300i,400,400i,700,700i%7CRoboto+Mono:400,400i,700,700i&display=fallback",
                Some("fonts.googleapis.com/css.49ea35f2"),
            ),
            (
                "http://h:81/a%20b/../.c/x.tar.gz?q",
                Some("h:81/_c/x.tar.22ea1c64.gz"),
            ),
            ("https://h/%2e%2e/%2e%2e/x.css", Some("h/x.css")),
            ("https://h/a;b/c;d.css", Some("h/a;b/c;d.css")),
            ("https://h/", None),
            ("https://h?q", None),
        ] {
            assert_eq!(Address::parse(address).file().as_deref(), file, "{address}");
        }
    }

    #[test]
    fn addresses_are_split_as_in_python() {
        let address = Address::parse(" HTTPS://User@Host.Example:80/a\n/b?c#d");
        assert_eq!(address.host().as_deref(), Some("host.example"));
        assert_eq!(address.to_download(), "https://User@Host.Example:80/a/b?c");
        assert_eq!(address.fragment(), "d");
        assert!(!address.is_downloadable());
        assert_eq!(Address::parse("a/b:c").host(), None);
        for (address, downloaded) in [
            ("//h/a/./b/../c.js", "//h/a/c.js"),
            ("//h/../../c.js", "//h/c.js"),
            ("//h/a/..", "//h/"),
            ("//h/../", "//h/"),
            ("//h/a//.b/c...js", "//h/a//.b/c...js"),
        ] {
            assert_eq!(
                Address::parse(address).to_download(),
                downloaded,
                "{address}"
            );
        }
        let v6 = Address::parse("//[::1]:80/x");
        assert_eq!(v6.host().as_deref(), Some("::1"));
        assert!(v6.is_downloadable());
        for refused in [
            "ftp://h/x",
            "https://h/",
            "//h/a%00.js",
            "https://../x.js",
            "x.js",
        ] {
            assert!(!Address::parse(refused).is_downloadable(), "{refused}");
        }
    }

    #[test]
    fn endings_are_those_of_names() {
        for (path, ending) in [("a.b/c", ""), ("a/..b", ""), ("a/.b.c", ".c"), ("x.", ".")] {
            assert_eq!(split_ending(path).1, ending, "{path}");
        }
    }
}
