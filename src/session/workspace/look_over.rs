use std::collections::BTreeSet;
use std::sync::Weak;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::{Listener, Workspace};
use crate::session::Sites;
use crate::site::queries;

/// How long nothing must change before the whole is looked over.
const QUIET: Duration = Duration::from_millis(100);
/// After what time it is looked over though changes go on.
const LONGEST: Duration = Duration::from_secs(1);

/// Looks the whole over whenever it changed, after whoever asks for a page: a
/// change cancels it, and it begins again. What it makes is at hand for who asks
/// next.
pub(super) fn look_over(
    sites: &Sites,
    workspace: &Weak<Workspace>,
    changes: &Receiver<()>,
    listener: &dyn Listener,
) {
    let mut seen = BTreeSet::new();
    // The first page comes before it; what changes meanwhile is seen by it.
    let _ = changes.recv_timeout(QUIET);
    loop {
        let mut all = Vec::new();
        for edition in &sites.addresses().editions {
            let session = sites.session(edition);
            all.extend(session.ask(|db| queries::all_diagnostics(db)).1);
            // Later looks come after a change, which gives memory back itself.
            if seen.insert(edition.language.clone()) {
                session.forget();
            }
        }
        listener.looked_over(queries::tidy(all));
        if let Some(workspace) = workspace.upgrade() {
            workspace.has_read();
        }
        if changes.recv().is_err() {
            return;
        }
        // Whoever saves again at once is not to wait for this.
        let end = Instant::now() + LONGEST;
        while Instant::now() < end && changes.recv_timeout(QUIET).is_ok() {}
    }
}
