use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};

use super::{Listener, SETTLE, Wake, Watch};
use crate::session::Sites;
use crate::watch::ChangeBatch;

/// Applies what changes, one batch after the other, and has what was read
/// watched, until nobody tells of changes any more. Lets go of `watching` once
/// the watch has begun.
pub(super) fn write(
    sites: &Sites,
    wakes: &Receiver<Wake>,
    mut watch: Option<Watch>,
    watching: Sender<()>,
    looks: &Sender<()>,
    listener: &dyn Listener,
) {
    let apply = |batch: ChangeBatch| {
        listener.will_change(&batch);
        let revision = sites.apply(&batch);
        listener.changed(revision, &batch);
        // Nobody looks any more only while the work ends.
        let _ = looks.send(());
    };
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
                // What came together is looked at together.
                let mut batch: Option<ChangeBatch> = None;
                for wake in std::iter::once(wake).chain(wakes.try_iter()) {
                    match wake {
                        Wake::Batch(more) => {
                            batch = Some(match batch.take() {
                                Some(batch) => batch.and(more),
                                None => more,
                            });
                        }
                        Wake::Read => {}
                        Wake::Unsettled => unsettled = true,
                    }
                }
                if let Some(batch) = batch {
                    // Who waits says so again.
                    unsettled = false;
                    apply(batch);
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
