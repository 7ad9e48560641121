//! `meta`: defaults for the front matter of all pages in a folder.

use serde_json::{Map, Value};

use crate::options::options;

options! {
    /// The plugin's options.
    pub struct Options {
        meta_file: String = ".meta.yml",
    }
}

/// Merges `over` onto `base` like `mergedeep`'s type-safe additive strategy:
/// mappings are merged, lists concatenated, other values replaced. A value that
/// replaces one of another kind does so too, but its key is returned.
pub fn merge(base: &mut Map<String, Value>, over: &Map<String, Value>) -> Vec<String> {
    let mut mismatches = Vec::new();
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Object(base)), Value::Object(over)) => {
                let nested = merge(base, over).into_iter();
                mismatches.extend(nested.map(|path| format!("{key}.{path}")));
            }
            (Some(Value::Array(base)), Value::Array(over)) => base.extend(over.iter().cloned()),
            (Some(base), value) => {
                if kind(base) != kind(value) {
                    mismatches.push(key.clone());
                }
                *base = value.clone();
            }
            (None, value) => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
    mismatches
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(number) if number.is_f64() => 2,
        Value::Number(_) => 3,
        Value::String(_) => 4,
        Value::Array(_) => 5,
        Value::Object(_) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use serde_json::json;

    #[test]
    fn merges_by_kind() {
        let mut base = json!({"tags": ["a"], "search": {"boost": 2}, "title": "x", "n": 1});
        let over = json!({"tags": ["b"], "search": {"exclude": true}, "title": "y", "n": []});
        let maps = (base.as_object_mut(), over.as_object());
        let (Some(base), Some(over)) = maps else {
            panic!("mappings");
        };
        assert_eq!(merge(base, over), ["n"]);
        let expected = json!({"tags": ["a", "b"], "search": {"boost": 2, "exclude": true}, "title": "y", "n": []});
        assert_eq!(json!(base), expected);
    }
}
