//! `meta`: what the front matter of all pages of a folder begins with.

use serde_json::{Map, Value};

use crate::options::options;

options! {
    /// The plugin's options.
    pub struct Options {
        meta_file: String = ".meta.yml",
    }
}

/// Lays `over` on `base` as `mergedeep`'s type-safe additive strategy does:
/// mappings are merged, lists put behind each other, other values replaced.
/// A value of another kind replaces too, and its key is returned.
pub fn merge(base: &mut Map<String, Value>, over: &Map<String, Value>) -> Vec<String> {
    let mut odd = Vec::new();
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Object(base)), Value::Object(over)) => {
                odd.extend(
                    merge(base, over)
                        .into_iter()
                        .map(|it| format!("{key}.{it}")),
                );
            }
            (Some(Value::Array(base)), Value::Array(over)) => base.extend(over.iter().cloned()),
            (Some(base), value) => {
                if kind(base) != kind(value) {
                    odd.push(key.clone());
                }
                *base = value.clone();
            }
            (None, value) => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
    odd
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
