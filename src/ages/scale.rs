//! A colour scale by age that suits the dates of a site.

use std::collections::BTreeMap;

/// The number of age classes, from the newest (0) to the oldest.
pub const CLASSES: usize = 6;

/// The dates between the classes. The class of a date tells how much of the site is
/// newer, so every class contains about the same amount: this works for a site
/// written within a year as well as for one of ten years. Dates are weighted by
/// the square root of their number of lines, or one huge import would leave a
/// single class for everything else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scale {
    /// For each class but the newest, its newest date; empty where there are fewer
    /// than two dates.
    pub limits: Vec<i64>,
    /// The oldest and the newest date.
    pub range: Option<(i64, i64)>,
}

impl Scale {
    /// A scale for these dates, each with its number of lines, in any order.
    pub fn new(dates: impl IntoIterator<Item = (i64, usize)>) -> Self {
        let mut lines_of: BTreeMap<i64, usize> = BTreeMap::new();
        for (date, lines) in dates {
            *lines_of.entry(date).or_default() += lines.max(1);
        }
        // The middle of each date on a line of all weights, newest first.
        let mut total = 0;
        let positions: Vec<(i64, usize)> = lines_of
            .iter()
            .rev()
            .map(|(date, lines)| {
                let weight = (lines * 64).isqrt();
                total += 2 * weight;
                (*date, total - weight)
            })
            .collect();
        let (Some((newest, start)), Some((oldest, end))) = (positions.first(), positions.last())
        else {
            return Self::default();
        };
        // Both ends of the scale are used, however few dates there are.
        let newest_of = |class: usize| {
            let is_in_it = |at: usize| (at - start) * CLASSES >= class * (end - start);
            let first = positions.iter().find(|(_, at)| is_in_it(*at));
            first.map(|(date, _)| *date)
        };
        Self {
            limits: if positions.len() == 1 {
                Vec::new()
            } else {
                (1..CLASSES).filter_map(newest_of).collect()
            },
            range: Some((*oldest, *newest)),
        }
    }

    /// The class of a date, from the newest (0) to the oldest.
    pub fn class(&self, date: i64) -> usize {
        self.limits.iter().filter(|limit| date <= **limit).count()
    }
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, Scale};

    #[test]
    fn each_class_holds_about_as_many_lines() {
        let scale = Scale::new((1..=600).map(|date| (date, 1)));
        assert_eq!(scale.limits, [500, 400, 300, 200, 100]);
        assert_eq!(scale.range, Some((1, 600)));
        let mut counts = [0; CLASSES];
        for date in 1..=600 {
            counts[scale.class(date)] += 1;
        }
        assert_eq!(counts, [100; CLASSES]);
        assert_eq!((scale.class(9_999), scale.class(-5)), (0, CLASSES - 1));
    }

    #[test]
    fn few_dates_lie_far_apart() {
        let none = Scale::new([]);
        assert_eq!((none.class(5), none.range), (0, None));
        let one = Scale::new([(7, 3), (7, 4)]);
        assert_eq!((one.class(7), one.limits.len()), (0, 0));
        let two = Scale::new([(7, 50), (9, 50)]);
        assert_eq!((two.class(9), two.class(7)), (0, CLASSES - 1));
        // A single huge commit leaves classes for the others.
        let import = Scale::new((1..=40).map(|date| (date, if date == 40 { 9_000 } else { 4 })));
        let classes: std::collections::BTreeSet<_> = (1..=40).map(|it| import.class(it)).collect();
        assert!(classes.len() >= 4 && import.class(40) == 0, "{import:?}");
        assert_eq!(import.class(1), CLASSES - 1);
    }
}
