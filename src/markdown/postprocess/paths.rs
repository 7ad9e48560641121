//! `pymdownx.pathconverter`: relative paths in links and images made absolute, or
//! relative to another folder.

use super::tags::rewrite_attributes;
use crate::files::SourcePath;
use crate::html::unescape;
use crate::markdown::options::PathConverter;
use crate::url::{quote, unquote};

/// `html` with its paths converted.
pub fn convert(html: &str, options: &PathConverter) -> String {
    let is_in = |names: &[&str], name: &str| names.iter().any(|it| it.eq_ignore_ascii_case(name));
    let tags: Vec<&str> = options.tags.iter().map(String::as_str).collect();
    rewrite_attributes(
        html,
        |name| is_in(&tags, name),
        |attribute| {
            if !is_in(&["href", "src"], attribute.name) {
                return None;
            }
            let value = attribute.quoted_value()?;
            let url = converted(value, options)?;
            let length = attribute.written.len() - value.len() - 2;
            Some(format!("{}\"{url}\"", &attribute.written[..length]))
        },
    )
}

/// A relative address in parts.
pub struct Relative {
    /// Without percent encoding.
    pub path: String,
    /// Parameters, query and fragment, with their marks.
    pub rest: String,
}

impl Relative {
    /// Reads an address as written in HTML; `None` if it is not relative.
    pub fn parse(written: &str) -> Option<Self> {
        let url = unescape(written);
        let end = url.find(['#', '?']).unwrap_or(url.len());
        let (mut path, _) = url.split_at(end);
        let last = path.rfind('/').map_or(0, |at| at + 1);
        if let Some(at) = path[last..].find(';') {
            path = &path[..last + at];
        }
        if path.is_empty() || path.starts_with(['/', '\\']) || crate::url::has_scheme(&url) {
            return None;
        }
        Some(Self {
            path: unquote(path)?.into_owned(),
            rest: url[path.len()..].to_owned(),
        })
    }
}

fn converted(written: &str, options: &PathConverter) -> Option<String> {
    let Relative { path, rest } = Relative::parse(written)?;
    let path = normal(&format!("{}/{path}", options.base_path));
    if !options.absolute {
        let path = relative(&path, &normal(&options.relative_path));
        return Some(format!("{}{rest}", quote(&path)));
    }
    let path = quote(&path);
    let slash = if path.starts_with('/') { "" } else { "/" };
    let scheme = if options.file_scheme { "file://" } else { "" };
    Some(format!("{scheme}{slash}{path}{rest}"))
}

/// `path` as Python's `normpath` writes it.
pub fn normal(path: &str) -> String {
    let normal = SourcePath::new(path);
    if !path.starts_with('/') {
        return normal.to_string();
    }
    // Nothing is above the root.
    let below = normal.as_str().trim_start_matches("../");
    format!("/{}", if below == ".." { "" } else { below })
}

/// `path` relative to the folder `base`; both are normal.
fn relative(path: &str, base: &str) -> String {
    let parts = |path: &str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
        parts.map(str::to_owned).collect()
    };
    let (path, base) = (parts(path), parts(base));
    let common = path.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", base.len() - common);
    let down = path[common..].iter().map(String::as_str);
    let joined = up.chain(down).collect::<Vec<_>>().join("/");
    if joined.is_empty() {
        ".".to_owned()
    } else {
        joined
    }
}
