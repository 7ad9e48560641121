use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What was downloaded, by addresses: so that it is noticed when a later download is another
/// file, or a copy was changed. No page depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(BTreeMap<String, Record>);

/// A download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The path of the copy below the folder of copies.
    pub file: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its length in bytes.
    pub length: u64,
    /// The media type that the server named; empty if the copy was found in the cache.
    pub media_type: String,
}

impl Ledger {
    /// Reads a ledger; what is not a record of this version is skipped.
    pub fn parse(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let files = value.get("files").and_then(Value::as_object);
        let record = |value: &Value| {
            let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
            Some(Record {
                file: text("file")?,
                sha256: text("sha256")?,
                length: value.get("length")?.as_u64()?,
                media_type: text("media_type").unwrap_or_default(),
            })
        };
        let records = files.into_iter().flatten();
        Self(
            records
                .filter_map(|(url, it)| Some((url.clone(), record(it)?)))
                .collect(),
        )
    }

    /// The ledger as a file, sorted, so that it can be kept in version control.
    pub fn text(&self) -> String {
        let record = |record: &Record| {
            json!({
                "file": record.file,
                "sha256": record.sha256,
                "length": record.length,
                "media_type": record.media_type,
            })
        };
        let files = self.0.iter().map(|(url, it)| (url.clone(), record(it)));
        let whole = json!({"version": 1, "files": files.collect::<Map<_, _>>()});
        format!("{whole:#}\n")
    }

    /// The last download of an address.
    pub fn get(&self, url: &str) -> Option<&Record> {
        self.0.get(url)
    }

    /// Records a download, and returns the one before.
    pub fn insert(&mut self, url: &str, record: Record) -> Option<Record> {
        self.0.insert(url.to_owned(), record)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Record};

    #[test]
    fn a_ledger_is_read_as_it_was_written() {
        let mut ledger = Ledger::default();
        let record = Record {
            file: "h/x.css".to_owned(),
            sha256: "00ff".to_owned(),
            length: 7,
            media_type: "text/css".to_owned(),
        };
        assert_eq!(ledger.insert("https://h/x", record.clone()), None);
        let read = Ledger::parse(&ledger.text());
        assert_eq!(read, ledger);
        assert_eq!(read.get("https://h/x"), Some(&record));
        for text in ["", "[]", "{\"files\": {\"https://h/x\": {\"file\": 1}}}"] {
            assert_eq!(Ledger::parse(text), Ledger::default(), "{text}");
        }
    }
}
