use super::day;

/// How many lines were written in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Such as `2024-01`.
    pub name: String,
    /// Lines that are as they were then.
    pub lines: usize,
}

/// The longest spread: months before the last of these are put together.
const MOST: usize = 240;

/// Lines by the month of their date, oldest first, months without any between
/// them included.
pub fn spread(dates: impl IntoIterator<Item = (i64, usize)>) -> Vec<Month> {
    let mut months: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for (date, lines) in dates {
        let day = day(date);
        let number = |part: &str| part.parse::<i64>().unwrap_or_default();
        let mut parts = day.rsplitn(3, '-').skip(1);
        let month = parts.next().map(number).unwrap_or_default();
        let year = parts.next().map(number).unwrap_or_default();
        *months.entry(year * 12 + month - 1).or_default() += lines;
    }
    let (Some((first, _)), Some((last, _))) = (months.first_key_value(), months.last_key_value())
    else {
        return Vec::new();
    };
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let start = (*first).max(last - most + 1);
    (start..=*last)
        .map(|month| Month {
            name: format!(
                "{:04}-{:02}",
                month.div_euclid(12),
                month.rem_euclid(12) + 1
            ),
            lines: match month == start {
                true => months.range(..=month).map(|(_, lines)| lines).sum(),
                false => months.get(&month).copied().unwrap_or_default(),
            },
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
        assert_eq!(far.len(), MOST);
        assert_eq!(far.iter().map(|month| month.lines).sum::<usize>(), 3);
    }
}
