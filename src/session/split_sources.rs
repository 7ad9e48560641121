use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use crate::align::SplitText;

/// How many bytes of texts are kept, the latest of them.
const MOST: usize = 8 << 20;

/// The passages of texts that were asked for lately. A source has as many translations as
/// there are languages, and the sites of these have nothing else in common.
#[derive(Default)]
pub(super) struct SplitSources {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_text: FxHashMap<Arc<str>, Arc<SplitText>>,
    /// The texts in the order in which they came.
    texts: VecDeque<Arc<str>>,
    bytes: usize,
}

impl SplitSources {
    /// The passages of a text.
    pub(super) fn passages(&self, text: &Arc<str>) -> Arc<SplitText> {
        let known = self.kept.lock().by_text.get(text).cloned();
        known.unwrap_or_else(|| {
            let split = Arc::new(SplitText::of(text));
            self.kept.lock().keep(text, &split);
            split
        })
    }
}

impl Kept {
    fn keep(&mut self, text: &Arc<str>, split: &Arc<SplitText>) {
        if self.by_text.insert(text.clone(), split.clone()).is_some() {
            return;
        }
        self.texts.push_back(text.clone());
        self.bytes += text.len();
        while self.bytes > MOST
            && let Some(oldest) = self.texts.pop_front()
        {
            self.bytes -= oldest.len();
            self.by_text.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{MOST, SplitSources};

    #[test]
    fn a_text_is_split_once_and_not_kept_forever() {
        let sources = SplitSources::default();
        let text: Arc<str> = "# One\n\nTwo".into();
        let first = sources.passages(&text);
        let same: Arc<str> = "# One\n\nTwo".into();
        assert!(Arc::ptr_eq(&first, &sources.passages(&same)));
        assert_eq!(first.len(), 2);

        let half: Arc<str> = "x".repeat(MOST / 2).into();
        let other_half: Arc<str> = "y".repeat(MOST / 2).into();
        sources.passages(&half);
        sources.passages(&other_half);
        assert!(!Arc::ptr_eq(&first, &sources.passages(&text)));
        let kept = sources.kept.lock();
        assert!(kept.bytes <= MOST && kept.texts.len() == kept.by_text.len());
        let bytes: usize = kept.texts.iter().map(|it| it.len()).sum();
        assert_eq!(bytes, kept.bytes);
    }
}
