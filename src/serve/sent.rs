//! Which answers were sent lately, and so what a tab may have loaded.
//!
//! A file may be saved between the answer that a tab gets and its report of it. Neither
//! ages nor times of files tell such a save for sure, because both are coarse. What was
//! sent does: answers are numbered, each page says how many were sent before it, and so
//! those that its tab may have got are known.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use parking_lot::Mutex;

/// How many answers are remembered. A page loads some dozens.
const REMEMBERED: usize = 20_000;
/// How much later than its request an answer of which a tab says the age may have been
/// sent, as far as the way to the server and back goes. What was sent before is none that
/// the tab got, which spares it news.
const ON_THE_WAY: Duration = Duration::from_secs(10);

/// An answer, by its entity tag.
#[derive(Debug)]
struct Sent {
    tag: HeaderValue,
    /// Its number, and when it was sent; the last of several that are the same.
    number: u64,
    at: Instant,
}

/// The answers that were sent lately.
#[derive(Debug, Default)]
pub(super) struct SentAnswers {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    count: u64,
    remembered: usize,
    /// The different answers of each path.
    of: BTreeMap<String, Vec<Sent>>,
}

impl SentAnswers {
    /// How many answers have been sent.
    pub(super) fn count(&self) -> u64 {
        self.state.lock().count
    }

    /// Remembers an answer. To be called before it is sent.
    pub(super) fn note(&self, path: &str, tag: &HeaderValue) {
        let mut state = self.state.lock();
        state.count += 1;
        let (number, at) = (state.count, Instant::now());
        let of_path = state.of.entry(path.to_owned()).or_default();
        match of_path.iter_mut().find(|sent| sent.tag == tag) {
            Some(same) => (same.number, same.at) = (number, at),
            None => {
                of_path.push(Sent {
                    tag: tag.clone(),
                    number,
                    at,
                });
                state.remembered += 1;
            }
        }
        if state.remembered > REMEMBERED {
            state.forget_half();
        }
    }

    /// Whether a tab may have got another answer than the one with this tag, which is made
    /// only if there are any. `after` is the number of answers before the tab's page, and
    /// `requested` when it asked for the path.
    pub(super) fn may_differ(
        &self,
        path: &str,
        after: u64,
        requested: Option<Instant>,
        now: impl FnOnce() -> Option<HeaderValue>,
    ) -> bool {
        let since = requested.and_then(|at| at.checked_sub(ON_THE_WAY));
        let tags: Vec<HeaderValue> = {
            let state = self.state.lock();
            // A page of an earlier run of the server counted differently.
            let after = if after > state.count { 0 } else { after };
            let sent = state.of.get(path).into_iter().flatten();
            let sent =
                sent.filter(|it| it.number > after && since.is_none_or(|since| it.at >= since));
            sent.map(|it| it.tag.clone()).collect()
        };
        if tags.is_empty() {
            return false;
        }
        let now = now();
        tags.iter().any(|tag| Some(tag) != now.as_ref())
    }
}

impl State {
    /// Forgets the older half.
    fn forget_half(&mut self) {
        let mut numbers: Vec<u64> = self.of.values().flatten().map(|it| it.number).collect();
        let middle = numbers.len() / 2;
        let (_, middle, _) = numbers.select_nth_unstable(middle);
        let oldest = *middle;
        self.of.retain(|_, of_path| {
            of_path.retain(|it| it.number >= oldest);
            !of_path.is_empty()
        });
        self.remembered = self.of.values().map(Vec::len).sum();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::http::HeaderValue;

    use super::{ON_THE_WAY, REMEMBERED, SentAnswers};

    const OLD: HeaderValue = HeaderValue::from_static("\"old\"");
    const NEW: HeaderValue = HeaderValue::from_static("\"new\"");

    #[test]
    fn a_tab_may_have_got_what_was_sent_after_its_page() {
        let sent = SentAnswers::default();
        let differs = |after, is: HeaderValue| sent.may_differ("/a", after, None, || Some(is));
        assert!(!differs(0, NEW));
        sent.note("/a", &OLD);
        assert!(!differs(0, OLD));
        assert!(differs(0, NEW));
        let second_page = sent.count();
        sent.note("/a", &NEW);
        assert!(differs(0, NEW), "the first page may have got either");
        assert!(!differs(second_page, NEW));
        sent.note("/a", &OLD);
        assert!(differs(second_page, NEW));
        // What is gone is another answer, and counts of an earlier run say nothing.
        assert!(sent.may_differ("/a", second_page, None, || None));
        assert!(differs(1000, NEW));
        // Long before its request, it got none.
        let later = Instant::now() + ON_THE_WAY + Duration::from_secs(1);
        assert!(!sent.may_differ("/a", 0, Some(later), || Some(NEW)));
        assert!(!sent.may_differ("/b", 0, None, || None));
    }

    #[test]
    fn what_was_sent_long_ago_is_forgotten() {
        let sent = SentAnswers::default();
        for number in 0..=REMEMBERED {
            sent.note(&number.to_string(), &OLD);
        }
        let knows = |path: &str| sent.may_differ(path, 0, None, || None);
        assert!(!knows("0"));
        assert!(knows(&REMEMBERED.to_string()));
        assert!(sent.state.lock().remembered <= REMEMBERED / 2 + 1);
    }
}
