//! What tabs have reported and nobody has looked at yet.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::Mutex;

use super::loads::Load;
use super::tabs::Subscription;

/// What a tab has loaded, as it reported it.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) seat: Arc<Subscription>,
    pub(super) loads: Vec<Load>,
    /// How many answers were sent before its page.
    pub(super) after: u64,
    /// When it was received.
    received: (SystemTime, Instant),
}

impl Report {
    /// A report that has just been received.
    pub(super) fn new(seat: Arc<Subscription>, loads: Vec<Load>, after: u64) -> Self {
        Self {
            seat,
            loads,
            after,
            received: (SystemTime::now(), Instant::now()),
        }
    }

    /// When the report was received, by the clock that times of files go by.
    pub(super) fn received(&self) -> SystemTime {
        self.received.0
    }

    /// When one of the loads was requested; `None` if that is longer ago than is known.
    pub(super) fn requested(&self, load: &Load) -> Option<Instant> {
        self.received.1.checked_sub(Duration::from_millis(load.age))
    }
}

/// Reports by the addresses of their tabs. They are looked at after the tab's loads were,
/// so that no save is between the two.
#[derive(Debug, Default)]
pub(super) struct Reports {
    waiting: Mutex<BTreeMap<String, Vec<Report>>>,
}

impl Reports {
    pub(super) fn push(&self, report: Report) {
        let mut waiting = self.waiting.lock();
        let address = report.seat.address().to_owned();
        waiting.entry(address).or_default().push(report);
    }

    /// How many wait of an address.
    pub(super) fn count(&self, address: &str) -> usize {
        self.waiting.lock().get(address).map_or(0, Vec::len)
    }

    /// Takes the first so many of an address.
    pub(super) fn take(&self, address: &str, count: usize) -> Vec<Report> {
        let mut waiting = self.waiting.lock();
        let Some(of_address) = waiting.get_mut(address) else {
            return Vec::new();
        };
        let count = count.min(of_address.len());
        let taken = of_address.drain(..count).collect();
        if of_address.is_empty() {
            waiting.remove(address);
        }
        taken
    }

    /// Forgets those of a tab that is closed.
    pub(super) fn forget(&self, seat: &Arc<Subscription>) {
        let mut waiting = self.waiting.lock();
        if let Some(of_address) = waiting.get_mut(seat.address()) {
            of_address.retain(|report| !Arc::ptr_eq(&report.seat, seat));
            if of_address.is_empty() {
                waiting.remove(seat.address());
            }
        }
    }
}
