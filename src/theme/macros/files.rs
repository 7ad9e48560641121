//! Files that pages include.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use minijinja::{Environment, ErrorKind};
use parking_lot::Mutex;

use super::{LONGEST, MacroError, Page, Rendered};
use crate::theme::STACK;

/// How many files a page may ask for, including those that do not exist.
const MOST_FILES: usize = 1000;

/// Renders a page that includes other files. The engine loads them with a
/// `'static` function, which cannot borrow `read`. So the engine runs on a
/// thread of its own, and this one answers its requests.
pub(super) fn render_with_files(
    mut environment: Environment<'static>,
    page: &Page<'_>,
    read: &dyn Fn(&str) -> Option<Arc<str>>,
) -> Result<Rendered, MacroError> {
    let (request_sender, requests) = mpsc::channel::<String>();
    let (answers, answer_receiver) = mpsc::channel::<Option<Arc<str>>>();
    let files = Mutex::new(Files {
        requests: request_sender,
        answers: answer_receiver,
        cache: BTreeMap::new(),
    });
    let sources = page.sources.clone();
    environment.set_loader(move |name| {
        let text = files.lock().load(name)?;
        Ok(text.map(|text| sources.compiled(name, &text)))
    });
    std::thread::scope(|scope| {
        let answers = answers;
        let thread = std::thread::Builder::new()
            .name("macros".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, move || page.render(environment));
        let thread = thread.map_err(|error| {
            MacroError::in_page(format!("no thread could be started to run it: {error}"), 1)
        })?;
        let (mut count, mut length) = (0, 0);
        // The loop ends when the engine drops its side of the channel.
        for name in requests {
            let text = read(&name);
            count += 1;
            length += text.as_ref().map_or(0, |text| text.len());
            let excess = if count > MOST_FILES {
                Some(format!("more than {MOST_FILES} files"))
            } else if length > LONGEST {
                Some(format!("more than {} MB of text", LONGEST >> 20))
            } else {
                None
            };
            if let Some(excess) = excess {
                // Without answers, the engine stops where it is.
                drop(answers);
                let result = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                let line = result.err().map_or(1, |fault| fault.line);
                let message = format!("it includes {excess}");
                return Err(MacroError::in_page(message, line));
            }
            // Fails only if the engine has panicked, which `join` passes on.
            let _ = answers.send(text);
        }
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// The engine's side of [`render_with_files`].
struct Files {
    requests: Sender<String>,
    answers: Receiver<Option<Arc<str>>>,
    /// Previous answers, so that each file is asked for once.
    cache: BTreeMap<String, Option<Arc<str>>>,
}

impl Files {
    /// The text of a file; an error if nobody answers any more.
    fn load(&mut self, name: &str) -> Result<Option<Arc<str>>, minijinja::Error> {
        if let Some(text) = self.cache.get(name) {
            return Ok(text.clone());
        }
        let is_sent = self.requests.send(name.to_owned()).is_ok();
        let answer = if is_sent {
            self.answers.recv().ok()
        } else {
            None
        };
        let text = answer.ok_or_else(|| {
            let message = "rendering was cancelled";
            minijinja::Error::new(ErrorKind::InvalidOperation, message)
        })?;
        self.cache.insert(name.to_owned(), text.clone());
        Ok(text)
    }
}
