use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time that a site is made for, in seconds since 1970. Its copies are the same one, so
/// that it moves for all sites of a project at once.
///
/// After it has moved, all sessions need a `ChangeBatch::Time`.
#[derive(Clone, Default)]
pub struct SharedMoment(Arc<AtomicI64>);

impl SharedMoment {
    /// The seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves it to the time of a clock, in seconds since 1970, if that shows another day
    /// than it does; false otherwise. Days are those of UTC, like dates without a time in
    /// front matter.
    pub fn move_to_day_of(&self, seconds: i64) -> bool {
        const DAY: i64 = 24 * 60 * 60;
        let is_another = self.seconds().div_euclid(DAY) != seconds.div_euclid(DAY);
        if is_another {
            self.0.store(seconds, Ordering::SeqCst);
        }
        is_another
    }
}

impl From<i64> for SharedMoment {
    fn from(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }
}

impl fmt::Debug for SharedMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedMoment({})", self.seconds())
    }
}

impl PartialEq for SharedMoment {
    fn eq(&self, other: &Self) -> bool {
        self.seconds() == other.seconds()
    }
}

impl Eq for SharedMoment {}

#[cfg(test)]
mod tests {
    use super::SharedMoment;

    #[test]
    fn the_time_moves_from_day_to_day() {
        let moment = SharedMoment::from(86_400 - 10);
        let copy = moment.clone();
        assert!(!moment.move_to_day_of(86_400 - 1));
        assert_eq!(copy.seconds(), 86_400 - 10);
        assert!(moment.move_to_day_of(86_400));
        assert_eq!(copy.seconds(), 86_400);
        // A clock may be set back.
        assert!(moment.move_to_day_of(-1));
        assert!(!moment.move_to_day_of(-86_400));
        assert_eq!(copy.seconds(), -1);
    }
}
