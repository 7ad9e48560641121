use std::collections::BTreeSet;
use std::sync::Weak;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::{Listener, Questions, Workspace};
use crate::diagnostic::by_cause;
use crate::session::Sites;
use crate::site::queries;

/// How long nothing must change before the whole project is checked.
const QUIET: Duration = Duration::from_millis(100);
/// After what time it is checked even if changes continue.
const LONGEST: Duration = Duration::from_secs(1);

/// Checks the whole project after every change, but after questions about single
/// pages. A change cancels the check, and it starts again. Its results are
/// remembered for later questions.
pub(super) fn check_in_background(
    sites: &Sites,
    workspace: &Weak<Workspace>,
    changes: &Receiver<()>,
    questions: &Questions,
    listener: &dyn Listener,
) {
    let mut seen = BTreeSet::new();
    loop {
        wait_until_quiet(changes, questions);
        let mut all = Vec::new();
        for edition in &sites.addresses().editions {
            let session = sites.session(edition);
            all.extend(session.ask(|db| queries::all_diagnostics(db)).1);
            // The first check leaves much behind. Later ones leave the results that they
            // replaced, which the next change would free, with its reader waiting.
            if seen.insert(edition.language.clone()) || questions.is_quiet_for(QUIET) {
                session.forget();
            }
        }
        listener.checked(by_cause(all));
        if let Some(workspace) = workspace.upgrade() {
            workspace.has_read();
        }
        if changes.recv().is_err() {
            return;
        }
    }
}

/// A save that follows at once must not have to wait for the check, nor must the
/// first page, or those that are looked at after a save.
fn wait_until_quiet(changes: &Receiver<()>, questions: &Questions) {
    let end = Instant::now() + LONGEST;
    while Instant::now() < end {
        match changes.recv_timeout(QUIET) {
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) if questions.is_quiet_for(QUIET) => return,
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
