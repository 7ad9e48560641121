//! Ids that no two elements of a page share.

use std::collections::{HashMap, HashSet};

use crate::work::step;

/// Ids that are taken.
#[derive(Debug, Default)]
pub struct Ids {
    taken: HashSet<String>,
    counters: HashMap<String, usize>,
}

impl Ids {
    /// Takes `id`, as it is.
    pub fn take(&mut self, id: &str) {
        self.taken.insert(id.to_owned());
    }

    /// Takes `id`, or `id_1` and so on where it is taken or empty.
    pub fn unique(&mut self, id: String) -> String {
        if !id.is_empty() && self.taken.insert(id.clone()) {
            return id;
        }
        let numbered = id.rsplit_once('_').and_then(|(base, number)| {
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            let number: usize = number.parse().ok().filter(|_| is_number)?;
            // Nobody counts further, and it must be possible to.
            (number < usize::MAX / 2).then(|| (base.to_owned(), number))
        });
        let (base, mut count) = numbered.unwrap_or((id, 0));
        let known = self.counters.get(&base).copied().unwrap_or_default();
        if count <= known {
            count = known;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_ids_are_numbered() {
        let mut ids = Ids::default();
        assert_eq!(ids.unique(String::new()), "_1");
        assert_eq!(ids.unique(String::new()), "_2");
        assert_eq!(ids.unique("a".to_owned()), "a");
        assert_eq!(ids.unique("a".to_owned()), "a_1");
        assert_eq!(ids.unique("a_1".to_owned()), "a_2");
    }
}
