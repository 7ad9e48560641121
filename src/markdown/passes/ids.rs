//! Ids that no two elements of a page share.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::work::step;

/// The ids that are taken.
#[derive(Debug, Default)]
pub struct UniqueIds {
    taken: FxHashSet<String>,
    /// The last number that was appended to each id.
    counters: FxHashMap<String, usize>,
}

impl UniqueIds {
    /// Takes `id`, whether or not it is free.
    pub fn take(&mut self, id: &str) {
        self.taken.insert(id.to_owned());
    }

    /// Takes `id` or, if that is taken or empty, the first free one of `id_1`,
    /// `id_2` and so on.
    pub fn unique(&mut self, id: String) -> String {
        if !id.is_empty() && self.taken.insert(id.clone()) {
            return id;
        }
        let (base, number) = split_number(&id).unwrap_or((&id, 0));
        let base = base.to_owned();
        let last = self.counters.get(&base).copied();
        let mut count = last.map_or(number, |last| last.max(number));
        loop {
            step(1);
            count += 1;
            let id = format!("{base}_{count}");
            if self.taken.insert(id.clone()) {
                self.counters.insert(base, count);
                return id;
            }
        }
    }
}

/// Splits `id_1` into `id` and the number.
fn split_number(id: &str) -> Option<(&str, usize)> {
    let (base, digits) = id.rsplit_once('_')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok()?;
    // It must be possible to count on.
    (number < usize::MAX / 2).then_some((base, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_ids_are_numbered() {
        let mut ids = UniqueIds::default();
        assert_eq!(ids.unique(String::new()), "_1");
        assert_eq!(ids.unique(String::new()), "_2");
        assert_eq!(ids.unique("a".to_owned()), "a");
        assert_eq!(ids.unique("a".to_owned()), "a_1");
        assert_eq!(ids.unique("a_1".to_owned()), "a_2");
    }
}
