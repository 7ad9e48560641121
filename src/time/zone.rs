//! Time zones. Their rules are those of the IANA database, which is part of the program.

use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::Moment;

/// The rules by which clocks in a part of the world are set.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone with a name such as `Europe/Paris`; `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().map(Self)
    }

    /// How many minutes its clocks are ahead of UTC when they show a time, which is given
    /// as if it were in UTC. Where they show it twice or never, this is the offset before
    /// they were set, as with Python's `zoneinfo`.
    pub fn ahead_at(&self, shown: Moment) -> i32 {
        let offset = match self.0.to_ambiguous_timestamp(shown.utc()).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        offset.seconds() / 60
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Zone};

    /// As `utcoffset` of Python's `zoneinfo`.
    #[test]
    fn offsets_are_those_of_zoneinfo() {
        for (name, date, time, minutes) in [
            ("UTC", (2024, 7, 1), (12, 0, 0), 0),
            ("Europe/Paris", (2024, 1, 1), (12, 0, 0), 60),
            ("Europe/Paris", (2024, 7, 1), (12, 0, 0), 120),
            ("Europe/Paris", (2024, 3, 31), (2, 30, 0), 60),
            ("Europe/Paris", (2024, 10, 27), (2, 30, 0), 120),
            ("Asia/Kolkata", (2024, 7, 1), (12, 0, 0), 330),
            ("America/New_York", (2030, 7, 1), (12, 0, 0), -240),
        ] {
            let zone = Zone::named(name).expect("a zone of the database");
            let shown = Moment::of(date, time).expect("a date");
            assert_eq!(zone.ahead_at(shown), minutes, "{name} {date:?}");
        }
        assert_eq!(Zone::named("Europe/Atlantis"), None);
    }
}
