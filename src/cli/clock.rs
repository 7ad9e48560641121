//! The clock that `serve` goes by.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::runtime::Runtime;
use tokio::sync::watch;

/// After how many seconds the clock is looked at again at the latest: a machine that slept
/// wakes up on another day, and a clock may be set.
const LONGEST: i64 = 30;
const DAY: i64 = 24 * 60 * 60;

/// The time in seconds since 1970.
pub(super) fn now() -> i64 {
    // A clock that is this far off is not a reason to fail.
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
}

/// Starts to send the time now and then, and at each midnight of UTC, until nobody listens.
pub(super) fn start(runtime: &Runtime) -> watch::Receiver<i64> {
    let (sender, receiver) = watch::channel(now());
    runtime.spawn(async move {
        while sender.send(now()).is_ok() {
            tokio::time::sleep(until_next(now())).await;
        }
    });
    receiver
}

/// How long after a time the next one is sent.
fn until_next(now: i64) -> Duration {
    let until_midnight = DAY - now.rem_euclid(DAY);
    Duration::from_secs(until_midnight.min(LONGEST).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{DAY, LONGEST, until_next};

    #[test]
    fn midnight_is_not_missed() {
        for (now, seconds) in [
            (0, LONGEST),
            (DAY - 7, 7),
            (DAY - 1, 1),
            (DAY, LONGEST),
            (-5, 5),
        ] {
            let expected = Duration::from_secs(seconds.unsigned_abs());
            assert_eq!(until_next(now), expected, "{now}");
        }
    }
}
