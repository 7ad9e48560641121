//! Questions that are asked once, each on its own thread, however many callers
//! wait for the answer. A caller that is interrupted may ask again, and joins the
//! question that is still running.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// How often a waiting caller checks whether it is interrupted.
const LOOK: Duration = Duration::from_millis(20);

/// The running questions, by key.
#[derive(Debug)]
pub(super) struct Jobs<T> {
    running: Mutex<BTreeMap<String, Arc<Job<T>>>>,
}

#[derive(Debug)]
struct Job<T> {
    state: Mutex<State<T>>,
    ended: Condvar,
}

#[derive(Debug)]
enum State<T> {
    Running,
    /// Without an answer if the thread could not be started, or panicked.
    Ended(Option<T>),
}

impl<T> Default for Jobs<T> {
    fn default() -> Self {
        Self {
            running: Mutex::default(),
        }
    }
}

/// Ends a job when dropped, with or without an answer.
struct End<T> {
    jobs: Arc<Jobs<T>>,
    job: Arc<Job<T>>,
    key: String,
    answer: Option<T>,
}

impl<T> End<T> {
    fn with(mut self, answer: T) {
        self.answer = Some(answer);
    }
}

impl<T> Drop for End<T> {
    fn drop(&mut self) {
        // From now on, asking starts a new job.
        self.jobs.running.lock().remove(&self.key);
        *self.job.state.lock() = State::Ended(self.answer.take());
        self.job.ended.notify_all();
    }
}

impl<T: Clone + Send + 'static> Jobs<T> {
    /// The answer to the question named `key`, which `work` finds unless the
    /// question is running already; `None` if that failed. `check` is called from
    /// time to time and may unwind: the question keeps running.
    pub(super) fn ask(
        self: &Arc<Self>,
        key: String,
        check: &dyn Fn(),
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let job = self.job(key, work);
        loop {
            {
                let mut state = job.state.lock();
                let is_running = |state: &mut State<T>| matches!(state, State::Running);
                job.ended.wait_while_for(&mut state, is_running, LOOK);
                if let State::Ended(answer) = &*state {
                    return answer.clone();
                }
            }
            check();
        }
    }

    /// The running job for a question, started if there is none.
    fn job(
        self: &Arc<Self>,
        key: String,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Arc<Job<T>> {
        let mut running = self.running.lock();
        if let Some(job) = running.get(&key) {
            return job.clone();
        }
        let job = Arc::new(Job {
            state: Mutex::new(State::Running),
            ended: Condvar::new(),
        });
        running.insert(key.clone(), job.clone());
        drop(running);
        let end = End {
            jobs: self.clone(),
            job: job.clone(),
            key,
            answer: None,
        };
        let work = move || {
            let answer = work();
            end.with(answer);
        };
        // If there is no thread, `end` is dropped here and the job has ended.
        let thread = std::thread::Builder::new().name("history".to_owned());
        let _ = thread.spawn(work);
        job
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use std::sync::{Arc, mpsc};

    use super::Jobs;

    #[test]
    fn who_is_called_away_finds_the_question_again() {
        let jobs: Arc<Jobs<u8>> = Arc::default();
        let (answers, answer) = mpsc::channel();
        let asked = jobs.clone();
        let away = catch_unwind(AssertUnwindSafe(|| {
            let work = move || answer.recv().expect("it is answered");
            asked.ask("a".to_owned(), &|| resume_unwind(Box::new(())), work)
        }));
        assert!(away.is_err(), "it did not wait for the answer");
        // Others are asked meanwhile.
        assert_eq!(jobs.ask("b".to_owned(), &|| (), || 2), Some(2));
        // Answered only once somebody waits for it again.
        let waits = || {
            let _ = answers.send(1);
        };
        let again = jobs.ask("a".to_owned(), &waits, || {
            unreachable!("it is asked already")
        });
        assert_eq!(again, Some(1));
        // It has ended, so the next asks anew.
        assert_eq!(jobs.ask("a".to_owned(), &|| (), || 3), Some(3));
    }

    #[test]
    fn a_question_that_fails_ends() {
        let jobs: Arc<Jobs<u8>> = Arc::default();
        let fails = || resume_unwind(Box::new(()));
        assert_eq!(jobs.ask("a".to_owned(), &|| (), fails), None);
        assert_eq!(jobs.ask("a".to_owned(), &|| (), || 1), Some(1));
    }
}
