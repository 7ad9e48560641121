use std::collections::BTreeMap;

use crate::time::Moment;

/// The lines that were last edited in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Such as `2024-01`.
    pub name: String,
    /// The number of lines.
    pub lines: usize,
    /// The newest date among them; `None` in a month without lines.
    pub newest: Option<i64>,
}

/// The most months; what is older is added to the first of them.
const MOST: i64 = 240;

/// Lines by the month of their date, oldest month first, including months without
/// lines in between.
pub fn spread(dates: impl IntoIterator<Item = (i64, usize)>) -> Vec<Month> {
    let mut months: BTreeMap<i64, (usize, i64)> = BTreeMap::new();
    for (date, lines) in dates {
        let day = Moment::new(date).utc();
        let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
        let of_month = months.entry(month).or_insert((0, date));
        of_month.0 += lines;
        of_month.1 = of_month.1.max(date);
    }
    let (Some((first, _)), Some((last, _))) = (months.first_key_value(), months.last_key_value())
    else {
        return Vec::new();
    };
    let start = (*first).max(last - MOST + 1);
    (start..=*last)
        .map(|month| {
            let from = if month == start { i64::MIN } else { month };
            let of_month = months.range(from..=month).map(|(_, of_month)| of_month);
            Month {
                name: format!(
                    "{:04}-{:02}",
                    month.div_euclid(12),
                    month.rem_euclid(12) + 1
                ),
                lines: of_month.clone().map(|(lines, _)| lines).sum(),
                newest: of_month.map(|(_, date)| *date).max(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST, spread};

    #[test]
    fn months_follow_each_other() {
        // 2023-11-14, 2023-11-15 and 2024-01-20.
        let found = spread([(1_700_000_000, 2), (1_700_080_000, 3), (1_705_708_800, 1)]);
        let found: Vec<_> = found
            .iter()
            .map(|month| (month.name.as_str(), month.lines))
            .collect();
        assert_eq!(found, [("2023-11", 5), ("2023-12", 0), ("2024-01", 1)]);
        assert_eq!(spread([]), []);
        // A wrong clock makes no endless chart, and loses no line.
        let far = spread([(0, 1), (i64::MIN, 1), (1_700_000_000, 1)]);
        assert_eq!(i64::try_from(far.len()), Ok(MOST));
        assert_eq!(far.iter().map(|month| month.lines).sum::<usize>(), 3);
    }
}
