//! Which members of two sequences belong together.

use imara_diff::{Algorithm, Diff, InternedInput};

/// A longest sequence of members that both have, as pairs of positions. Exchanged
/// sequences have the same pairs.
pub fn common(base: &[u64], now: &[u64]) -> Vec<(usize, usize)> {
    // Of several longest ones, which is found depends on the order of the sides.
    if base > now {
        return exchanged(common(now, base));
    }
    let same = |(one, other): &(&u64, &u64)| one == other;
    let head = base.iter().zip(now).take_while(same).count();
    let (base_rest, now_rest) = (&base[head..], &now[head..]);
    let tail = base_rest
        .iter()
        .rev()
        .zip(now_rest.iter().rev())
        .take_while(same)
        .count();
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|nth| (nth, nth)).collect();
    let base_middle = &base_rest[..base_rest.len() - tail];
    let now_middle = &now_rest[..now_rest.len() - tail];
    if !base_middle.is_empty() && !now_middle.is_empty() {
        let mut input: InternedInput<u64> = InternedInput::default();
        input.update_before(base_middle.iter().copied());
        input.update_after(now_middle.iter().copied());
        let diff = Diff::compute(Algorithm::Myers, &input);
        let kept = |length: usize, is_other: &dyn Fn(u32) -> bool| -> Vec<usize> {
            let positions = (0_u32..).zip(head..head + length);
            let kept = positions.filter(|(nth, _)| !is_other(*nth));
            kept.map(|(_, at)| at).collect()
        };
        let base_kept = kept(base_middle.len(), &|nth| diff.is_removed(nth));
        let now_kept = kept(now_middle.len(), &|nth| diff.is_added(nth));
        pairs.extend(base_kept.into_iter().zip(now_kept));
    }
    let (base_tail, now_tail) = (base.len() - tail, now.len() - tail);
    pairs.extend((0..tail).map(|nth| (base_tail + nth, now_tail + nth)));
    pairs
}

fn exchanged(pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    pairs.into_iter().map(|(one, other)| (other, one)).collect()
}

/// The pairs that are most alike, in order. `likeness` says how alike two members
/// are, and is 0 for those that are not a pair. Where there are more than `most` pairs
/// of members, only those at about the same place are compared.
pub fn alike(
    base: usize,
    now: usize,
    most: usize,
    likeness: &mut dyn FnMut(usize, usize) -> u32,
) -> Vec<(usize, usize)> {
    if base == 0 || now == 0 {
        return Vec::new();
    }
    // The members at about the same place, as a band around the diagonal.
    let width = (most / base.max(now)).max(8);
    let is_near = |one: usize, other: usize| {
        base * now <= most || (one * now / base).abs_diff(other) <= width
    };
    // The best sum of likenesses of the members from each position on.
    let mut best = vec![vec![0_u32; now + 1]; base + 1];
    let mut alike = vec![vec![0_u32; now]; base];
    for one in (0..base).rev() {
        for other in (0..now).rev() {
            let apart = best[one + 1][other].max(best[one][other + 1]);
            best[one][other] = apart;
            if is_near(one, other) {
                alike[one][other] = likeness(one, other);
                if alike[one][other] > 0 {
                    best[one][other] = apart.max(alike[one][other] + best[one + 1][other + 1]);
                }
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut one, mut other) = (0, 0);
    while one < base && other < now {
        let is_pair = alike[one][other] > 0
            && best[one][other] == alike[one][other] + best[one + 1][other + 1];
        if is_pair {
            pairs.push((one, other));
            one += 1;
            other += 1;
        } else if best[one + 1][other] >= best[one][other + 1] {
            one += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

/// The gaps between pairs, and before and after them: ranges of positions that are
/// in no pair.
pub fn gaps(
    pairs: &[(usize, usize)],
    base: usize,
    now: usize,
) -> Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let mut gaps = Vec::new();
    let mut from = (0, 0);
    for (one, other) in pairs.iter().copied().chain([(base, now)]) {
        if from.0 < one || from.1 < other {
            gaps.push((from.0..one, from.1..other));
        }
        from = (one + 1, other + 1);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::{alike, common, gaps};

    #[test]
    fn finds_what_both_have() {
        assert_eq!(
            common(&[1, 2, 3, 4], &[1, 3, 9, 4]),
            [(0, 0), (2, 1), (3, 3)]
        );
        assert_eq!(common(&[1, 2], &[2, 1]).len(), 1);
        let (a, b) = (common(&[1, 2], &[2, 1]), common(&[2, 1], &[1, 2]));
        assert_eq!(a, super::exchanged(b));
        assert_eq!(common(&[], &[1]), []);
    }

    #[test]
    fn pairs_what_is_most_alike() {
        let likeness = [[0, 900, 0], [600, 0, 0]];
        let pairs = alike(2, 3, 100, &mut |one, other| likeness[one][other]);
        assert_eq!(pairs, [(0, 1)]);
        assert_eq!(gaps(&pairs, 2, 3), [(0..0, 0..1), (1..2, 2..3)]);
    }
}
