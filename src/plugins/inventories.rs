//! Inventories of Sphinx (`objects.inv`), which tell where other sites describe the
//! objects of their code. The plugin mkdocstrings lists them.

use std::io::Read as _;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::options::Values;

/// The largest inventory that is read, and how large it may be unpacked, in bytes.
pub const LARGEST: u64 = 16 << 20;
const LARGEST_UNPACKED: u64 = 64 << 20;

/// An inventory that a site names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The handler of mkdocstrings that names it; `None` if it is in the table of
    /// inventories only.
    pub handler: Option<String>,
    /// Its address, or its path in the project.
    pub url: String,
    /// What the addresses in it are relative to, if that is not its folder.
    pub base_url: Option<String>,
    /// The domains of the objects that count; all if there are none.
    pub domains: Vec<String>,
}

/// The inventories in the options of mkdocstrings.
pub fn configured(options: &Map<String, Value>) -> Vec<Inventory> {
    let mut inventories = Vec::new();
    let handlers = options.get("handlers").and_then(Value::as_object);
    for (handler, settings) in handlers.into_iter().flatten() {
        let listed = ["inventories", "import"].map(|name| settings.get(name));
        let listed = listed.into_iter().flatten().filter_map(Value::as_array);
        for item in listed.flatten() {
            let empty = Map::new();
            let given = Values(item.as_object().unwrap_or(&empty));
            let Some(url) = item.as_str().or(given.text("url")) else {
                continue;
            };
            let mut domains = given.texts("domains");
            if domains.is_empty() && handler == "python" {
                domains.push("py".to_owned());
            }
            inventories.push(Inventory {
                handler: Some(handler.clone()),
                url: url.to_owned(),
                base_url: given.text("base_url").map(str::to_owned),
                domains,
            });
        }
    }
    inventories
}

impl Inventory {
    /// What the addresses in it are relative to; `None` if that is not known.
    fn base(&self) -> Option<&str> {
        let folder = || {
            let (folder, _) = self.url.rsplit_once('/')?;
            folder.contains("://").then_some(folder)
        };
        self.base_url.as_deref().or_else(folder)
    }

    /// Reads the objects in it, each with its address.
    ///
    /// # Errors
    /// If the bytes are no such inventory, or no address can be made. The diagnostic
    /// has no place.
    pub fn read(&self, bytes: &[u8]) -> Result<Vec<(String, String)>, Box<Diagnostic>> {
        let url = &self.url;
        let Some(base) = self.base() else {
            let message = format!("the inventory `{url}` has no `base_url`");
            let help = "name the address of the site that it describes";
            return Err(Box::new(
                Diagnostic::warning(Rule::BadValue, message).help(help),
            ));
        };
        let text = unpack(bytes).ok_or_else(|| {
            let message = format!("`{url}` is not an inventory of Sphinx in its version 2");
            let help = "download it again; it is usually called `objects.inv`";
            Box::new(Diagnostic::warning(Rule::BadValue, message).help(help))
        })?;
        let objects = text.lines().filter_map(|line| {
            let (name, domain, path) = parse_line(line)?;
            let counts = self.domains.is_empty() || self.domains.iter().any(|it| it == domain);
            counts.then(|| (name.to_owned(), join(base, &expand(path, name))))
        });
        Ok(objects.collect())
    }
}

/// The lines of an inventory.
fn unpack(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes;
    for nth in 0..4 {
        let end = memchr::memchr(b'\n', rest)?;
        let (line, after) = rest.split_at(end);
        if nth == 0 && !line.starts_with(b"# Sphinx inventory version 2") {
            return None;
        }
        rest = &after[1..];
    }
    let mut text = String::new();
    let unpacked = flate2::read::ZlibDecoder::new(rest).take(LARGEST_UNPACKED);
    { unpacked }.read_to_string(&mut text).ok()?;
    Some(text)
}

/// The name, the domain and the path of the object on a line, which is
/// `name domain:role priority path title`. The name may have spaces.
fn parse_line(line: &str) -> Option<(&str, &str, &str)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let position = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    for nth in 1..words.len().saturating_sub(2) {
        let is_number = {
            let digits = words[nth + 1];
            let digits = digits.strip_prefix('-').unwrap_or(digits);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if let Some((domain, role)) = words[nth].rsplit_once(':')
            && !domain.is_empty()
            && !role.is_empty()
            && is_number
        {
            let name = line[..position(words[nth])].trim_end();
            return Some((name, domain, words[nth + 2]));
        }
    }
    None
}

/// A path in which a `$` at the end stands for the name.
fn expand(path: &str, name: &str) -> String {
    match path.strip_suffix('$') {
        Some(path) => format!("{path}{name}"),
        None => path.to_owned(),
    }
}

fn join(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else if base.is_empty() || base.ends_with('/') {
        format!("{base}{path}")
    } else {
        format!("{base}/{path}")
    }
}

/// The diagnostic for an inventory that would have to be fetched.
pub fn not_fetched(url: &str) -> Diagnostic {
    let message = format!("the inventory `{url}` is not fetched");
    Diagnostic::new(Rule::UnsupportedValue, message).help(
        "references to what it lists stay as written: save it in the project, and name the file \
         in `[inventories]` of `proofroom.toml`",
    )
}

/// The diagnostic for an inventory whose file does not exist.
pub fn missing_file(url: &str, file: &SourcePath) -> Diagnostic {
    let message = if url == file.as_str() {
        format!("the inventory `{file}` does not exist")
    } else {
        format!("the file `{file}` of the inventory `{url}` does not exist")
    };
    Diagnostic::warning(Rule::BadValue, message)
        .help("correct the path, which is relative to the project")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use serde_json::json;

    use super::{Inventory, configured, parse_line};

    fn packed(lines: &str) -> Vec<u8> {
        let head = "# Sphinx inventory version 2\n# Project: P\n# Version: 1\n# zlib\n";
        let mut encoder = ZlibEncoder::new(head.as_bytes().to_vec(), Compression::default());
        encoder.write_all(lines.as_bytes()).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn lines_are_read_as_mkdocstrings_reads_them() {
        for (line, expected) in [
            ("a.b py:class 1 x.html#$ -", Some(("a.b", "py", "x.html#$"))),
            (
                "a label std:label -1 y.html A label",
                Some(("a label", "std", "y.html")),
            ),
            (
                "rst:x rst:directive:option 1 z -",
                Some(("rst:x", "rst:directive", "z")),
            ),
            ("py:class 1 x.html -", None),
            ("a py:class one x.html -", None),
            ("", None),
        ] {
            assert_eq!(parse_line(line), expected, "{line}");
        }
    }

    #[test]
    fn objects_of_the_wanted_domains_have_addresses() {
        let options = json!({"handlers": {"python": {
            "inventories": ["https://a.example/en/objects.inv"],
            "import": [{"url": "b.inv", "base_url": "https://b.example/", "domains": ["std"]}],
        }}});
        let found = configured(options.as_object().expect("a mapping"));
        let bytes = packed("x.y py:class 1 api.html#$ -\nl std:label -1 l.html L\n");
        let read = |nth: usize| found[nth].read(&bytes).expect("an inventory");
        let of = |name: &str, url: &str| vec![(name.to_owned(), url.to_owned())];
        assert_eq!(read(0), of("x.y", "https://a.example/en/api.html#x.y"));
        assert_eq!(read(1), of("l", "https://b.example/l.html"));
        let local = Inventory {
            base_url: None,
            ..found[1].clone()
        };
        assert!(local.read(&bytes).is_err());
        for bytes in [&bytes[..40], b"", b"# Sphinx inventory version 1\n\n\n\nx"] {
            assert!(found[0].read(bytes).is_err());
        }
    }
}
