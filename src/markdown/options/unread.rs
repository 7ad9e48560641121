//! Options that are not read, although the reference has them.

use serde_json::Value;

/// An option that nothing reads.
#[derive(Debug)]
pub struct UnreadOption {
    /// The extension.
    pub extension: &'static str,
    /// The option.
    pub option: &'static str,
    /// Its default, as JSON.
    default: &'static str,
    /// What that means.
    pub effect: Effect,
}

/// What it means that an option is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Pages are not as they would be; the text is advice.
    Lost(&'static str),
    /// Nothing. The text says why.
    Needless(&'static str),
}

use Effect::{Lost, Needless};

const fn row(
    extension: &'static str,
    option: &'static str,
    default: &'static str,
    effect: Effect,
) -> UnreadOption {
    UnreadOption {
        extension,
        option,
        default,
        effect,
    }
}

const COLOURS: &str = "colours are always classes: give the site a style sheet for them";
const FETCHES: &str = "it is about files that are fetched, and nothing is fetched";
const GUESSES: &str = "languages are not guessed: name the language of each block";
const NOTHING: &str = "the reference reads it and does nothing with it";
const READ_ONCE: &str = "a file is read again whenever it has changed";
const STYLE: &str = "it only matters with `noclasses`";
const UTF_8: &str = "files are read as UTF-8: save them as such";

/// The options of supported extensions that nothing reads.
pub const UNREAD: &[UnreadOption] = &[
    row(
        "codehilite",
        "guess_lang",
        "true",
        Needless("languages are never guessed, as the documentation says"),
    ),
    row("codehilite", "noclasses", "false", Lost(COLOURS)),
    row(
        "codehilite",
        "pygments_formatter",
        "\"html\"",
        Lost("code is always written as by the formatter `html`"),
    ),
    row(
        "codehilite",
        "pygments_style",
        "\"default\"",
        Needless(STYLE),
    ),
    row(
        "markdown_include.include",
        "encoding",
        "\"utf-8\"",
        Lost(UTF_8),
    ),
    row(
        "mdx_include",
        "allow_circular_inclusion",
        "false",
        Lost("files that include each other are included once"),
    ),
    row("mdx_include", "allow_remote", "true", Needless(FETCHES)),
    row(
        "mdx_include",
        "content_cache_clean_local",
        "false",
        Needless(READ_ONCE),
    ),
    row(
        "mdx_include",
        "content_cache_clean_remote",
        "false",
        Needless(FETCHES),
    ),
    row(
        "mdx_include",
        "content_cache_local",
        "true",
        Needless(READ_ONCE),
    ),
    row(
        "mdx_include",
        "content_cache_remote",
        "true",
        Needless(FETCHES),
    ),
    row("mdx_include", "encoding", "\"utf-8\"", Lost(UTF_8)),
    row("mdx_include", "recurs_remote", "false", Needless(FETCHES)),
    row("pymdownx.critic", "raw_view", "false", Needless(NOTHING)),
    row(
        "pymdownx.highlight",
        "_enabled",
        "true",
        Needless("only other extensions set it"),
    ),
    row("pymdownx.highlight", "guess_lang", "false", Lost(GUESSES)),
    row(
        "pymdownx.highlight",
        "linenums_class",
        "\"linenums\"",
        Needless(NOTHING),
    ),
    row("pymdownx.highlight", "noclasses", "false", Lost(COLOURS)),
    row(
        "pymdownx.highlight",
        "pygments_style",
        "\"default\"",
        Needless(STYLE),
    ),
    row(
        "pymdownx.snippets",
        "backoff_factor",
        "2",
        Needless(FETCHES),
    ),
    row("pymdownx.snippets", "encoding", "\"utf-8\"", Lost(UTF_8)),
    row("pymdownx.snippets", "max_retries", "3", Needless(FETCHES)),
    row(
        "pymdownx.snippets",
        "url_download",
        "false",
        Lost("nothing is fetched: download the file once and include it from the project"),
    ),
    row(
        "pymdownx.snippets",
        "url_max_size",
        "33554432",
        Needless(FETCHES),
    ),
    row(
        "pymdownx.snippets",
        "url_request_headers",
        "{}",
        Needless(FETCHES),
    ),
    row(
        "pymdownx.snippets",
        "url_timeout",
        "10.0",
        Needless(FETCHES),
    ),
    row("pymdownx.tasklist", "delete", "true", Needless(NOTHING)),
    row("pymdownx.tasklist", "subscript", "true", Needless(NOTHING)),
    row(
        "wikilinks",
        "build_url",
        "\"markdown.extensions.wikilinks.build_url\"",
        Lost("it is a Python function: give the parts of addresses as `base_url` and `end_url`"),
    ),
];

/// The row of an option.
pub fn unread(extension: &str, option: &str) -> Option<&'static UnreadOption> {
    let mut rows = UNREAD.iter();
    rows.find(|row| row.extension == extension && row.option == option)
}

impl UnreadOption {
    /// Whether a value changes nothing, because it is the default or nothing.
    pub fn is_default(&self, value: &Value) -> bool {
        match value {
            Value::Null => return true,
            Value::String(name) if self.option == "encoding" => {
                let name = name.to_lowercase().replace('_', "-");
                return matches!(name.as_str(), "utf-8" | "utf8" | "utf-8-sig");
            }
            _ => {}
        }
        let default = serde_json::from_str(self.default).unwrap_or_default();
        comparable(value) == comparable(&default)
    }
}

/// Numbers are true or false as in Python.
fn comparable(value: &Value) -> Value {
    match value.as_f64() {
        Some(0.0) => Value::Bool(false),
        Some(1.0) => Value::Bool(true),
        Some(number) => number.into(),
        None => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_can_be_read() {
        for row in UNREAD {
            let default: Value = serde_json::from_str(row.default).expect(row.option);
            assert!(row.is_default(&default), "{} {}", row.extension, row.option);
        }
    }
}
