use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};

use super::{Listener, SETTLE, Wakeup, Watch};
use crate::session::Sites;
use crate::watch::ChangeBatch;

/// Applies changes batch by batch, and watches everything that was read, until
/// all senders of `wakes` are gone. Drops `watching` once the watch has begun.
pub(super) fn write(
    sites: &Sites,
    wakes: &Receiver<Wakeup>,
    mut watch: Option<Watch>,
    watching: Sender<()>,
    looks: &Sender<()>,
    listener: &dyn Listener,
) {
    let apply = |batch: ChangeBatch| {
        listener.will_change(&batch);
        let revision = sites.apply(&batch);
        listener.changed(revision, &batch);
        // Fails only before the work ends.
        let _ = looks.send(());
    };
    if let Some(changes) = sites.system().unapplied() {
        changes.are_applied_here();
    }
    let mut unsettled = false;
    let mut watching = Some(watching);
    loop {
        if let Some(watch) = &mut watch {
            let (missed, notes) = watch.follow(sites);
            for note in notes {
                listener.noted(note);
            }
            if let Some(missed) = missed {
                apply(missed);
                continue;
            }
        }
        drop(watching.take());
        let wake = if unsettled {
            wakes.recv_timeout(SETTLE)
        } else {
            wakes.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match wake {
            Ok(wake) => {
                // Changes that came together are applied together.
                let together = std::iter::once(wake).chain(wakes.try_iter());
                let (mut batch, mut forgets): (Option<ChangeBatch>, bool) = (None, false);
                for wake in together {
                    match wake {
                        Wakeup::Batch(more) => {
                            batch = Some(match batch.take() {
                                Some(batch) => batch.and(more),
                                None => more,
                            });
                        }
                        Wakeup::Read => {}
                        Wakeup::Forget => forgets = true,
                        Wakeup::Unsettled => unsettled = true,
                    }
                }
                if let Some(batch) = batch {
                    // Whoever still waits asks again.
                    unsettled = false;
                    apply(batch);
                } else if forgets {
                    for session in sites.begun() {
                        session.forget();
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                unsettled = false;
                listener.settled();
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
