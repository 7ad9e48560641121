//! The difference of two texts, word by word.

use std::ops::Range;

use super::align::{common, gaps};
use super::items::{Atom, Item, What};
use crate::text::is_unspaced;

/// The most characters of one gap that are compared one by one.
const MOST_CHARACTERS: usize = 400;

/// What happened to a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Readers see the same.
    Same,
    /// It is not there any more.
    Removed,
    /// It was not there.
    Added,
    /// The text is the same, what is around it is not.
    Markup,
}

/// A piece of both texts, in bytes, one of them empty where it was added or
/// removed. The pieces of a text have no gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) fate: Fate,
    pub(super) base: Range<usize>,
    pub(super) now: Range<usize>,
    /// Whether readers see any of it.
    pub(super) is_seen: bool,
}

/// The difference of two texts.
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    /// Whether all that differs is pictures.
    pub(super) is_pictures: bool,
}

/// The difference of the items of two texts; in code, white space counts.
pub(super) fn steps(base: (&str, &[Item]), now: (&str, &[Item]), is_code: bool) -> Steps {
    let anchors = |items: &[Item]| -> Vec<usize> {
        let items = items.iter().enumerate();
        let anchors = items.filter(|(_, item)| is_anchor(item, is_code));
        anchors.map(|(at, _)| at).collect()
    };
    let keys = |items: &[Item], anchors: &[usize]| -> Vec<u64> {
        anchors.iter().map(|at| u64::from(items[*at].key)).collect()
    };
    let (base_anchors, now_anchors) = (anchors(base.1), anchors(now.1));
    let mut pairs = common(&keys(base.1, &base_anchors), &keys(now.1, &now_anchors));
    drop_chance_pairs(&mut pairs, base.1, &base_anchors, now.1, &now_anchors);
    let finer = characters(&pairs, base, &base_anchors, now, &now_anchors);
    if let Some((base_items, now_items)) = finer {
        return steps((base.0, &base_items), (now.0, &now_items), is_code);
    }
    let pairs: Vec<(usize, usize)> = pairs
        .into_iter()
        .map(|(one, other)| (base_anchors[one], now_anchors[other]))
        .collect();
    walk(&pairs, base.1, now.1, is_code)
}

fn is_anchor(item: &Item, is_code: bool) -> bool {
    match item.what {
        What::Word | What::Sign | What::Atom(_) => true,
        What::Space => is_code,
        What::Newline | What::Hidden => false,
    }
}

/// Pairs without a gap between them.
struct Run {
    /// Their positions among the pairs.
    pairs: Range<usize>,
    /// The weight of what changed before them.
    before: u32,
    weight: u32,
    has_atom: bool,
}

/// Removes pairs between larger changes that are the same by chance only: a few
/// signs or short words that would tear the changes apart.
fn drop_chance_pairs(
    pairs: &mut Vec<(usize, usize)>,
    base: &[Item],
    base_anchors: &[usize],
    now: &[Item],
    now_anchors: &[usize],
) {
    let weight = |items: &[Item], anchors: &[usize]| -> u32 {
        anchors.iter().map(|at| items[*at].weight).sum()
    };
    let changed = |was: Range<usize>, is: Range<usize>| {
        let removed = weight(base, &base_anchors[was]);
        removed.max(weight(now, &now_anchors[is]))
    };
    // The runs that are kept so far; whether the last one is depends on what is
    // after it.
    let mut runs: Vec<Run> = Vec::new();
    let settle = |runs: &mut Vec<Run>, mut after: u32| -> u32 {
        while let Some(last) =
            runs.pop_if(|last| !last.has_atom && last.weight * 3 <= last.before.min(after))
        {
            after += last.before + last.weight;
        }
        after
    };
    let mut end = (0, 0);
    let mut from = 0;
    while from < pairs.len() {
        let length = pairs[from..]
            .windows(2)
            .take_while(|two| two[1] == (two[0].0 + 1, two[0].1 + 1));
        let next = from + length.count() + 1;
        let (first, last) = (pairs[from], pairs[next - 1]);
        let before = changed(end.0..first.0, end.1..first.1);
        let before = settle(&mut runs, before);
        let anchors = &base_anchors[first.0..last.0 + 1];
        runs.push(Run {
            pairs: from..next,
            before,
            weight: weight(base, anchors),
            has_atom: anchors
                .iter()
                .any(|at| matches!(base[*at].what, What::Atom(_))),
        });
        end = (last.0 + 1, last.1 + 1);
        from = next;
    }
    settle(
        &mut runs,
        changed(end.0..base_anchors.len(), end.1..now_anchors.len()),
    );
    *pairs = runs
        .iter()
        .flat_map(|run| &pairs[run.pairs.clone()])
        .copied()
        .collect();
}

/// Both texts with words of Chinese, Japanese or Thai split into characters, in
/// gaps where much of the characters is the same. `None` where there is none.
fn characters(
    pairs: &[(usize, usize)],
    base: (&str, &[Item]),
    base_anchors: &[usize],
    now: (&str, &[Item]),
    now_anchors: &[usize],
) -> Option<(Vec<Item>, Vec<Item>)> {
    let is_whole = |html: &str, item: &Item| {
        item.what == What::Word
            && html[item.range.clone()].starts_with(is_unspaced)
            && html[item.range.clone()].chars().count() > 1
    };
    let mut split = (Vec::new(), Vec::new());
    for (was, is) in gaps(pairs, base_anchors.len(), now_anchors.len()) {
        let of = |(html, items): (&str, &[Item]), anchors: &[usize]| -> (Vec<usize>, Vec<u64>) {
            let words = anchors
                .iter()
                .copied()
                .filter(|at| is_whole(html, &items[*at]));
            let all = anchors
                .iter()
                .flat_map(|at| html[items[*at].range.clone()].chars());
            (words.collect(), all.map(u64::from).collect())
        };
        let (old_words, old) = of(base, &base_anchors[was]);
        let (new_words, new) = of(now, &now_anchors[is]);
        let length = old.len() + new.len();
        if old_words.is_empty() && new_words.is_empty() || length > MOST_CHARACTERS {
            continue;
        }
        if 4 * common(&old, &new).len() >= length {
            split.0.extend(old_words);
            split.1.extend(new_words);
        }
    }
    if split.0.is_empty() && split.1.is_empty() {
        return None;
    }
    Some((in_characters(base, &split.0), in_characters(now, &split.1)))
}

/// Items with some of their words as characters.
fn in_characters((html, items): (&str, &[Item]), words: &[usize]) -> Vec<Item> {
    let mut split = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        if words.binary_search(&at).is_err() {
            split.push(item.clone());
            continue;
        }
        for (nth, character) in html[item.range.clone()].char_indices() {
            let from = item.range.start + nth;
            split.push(Item {
                range: from..from + character.len_utf8(),
                // Above the numbers of words, of which there are fewer than bytes.
                key: u32::MAX - u32::from(character),
                weight: 2,
                ..item.clone()
            });
        }
    }
    split
}

/// The steps from one text to the other.
fn walk(pairs: &[(usize, usize)], base: &[Item], now: &[Item], is_code: bool) -> Steps {
    let mut walk = Walk {
        steps: Vec::new(),
        base,
        now,
        is_code,
    };
    let mut at = (0, 0);
    for (one, other) in pairs.iter().copied().chain([(base.len(), now.len())]) {
        walk.gap(at.0..one, at.1..other);
        let (Some(old), Some(new)) = (base.get(one), now.get(other)) else {
            break;
        };
        at = (one + 1, other + 1);
        let is_exchanged =
            old.content != new.content && old.content.is_some() && new.content.is_some();
        if is_exchanged {
            walk.push(Fate::Removed, one..at.0, at.1 - 1..at.1 - 1);
            walk.push(Fate::Added, at.0..at.0, other..at.1);
        } else if (old.context, old.markup) == (new.context, new.markup) {
            walk.push(Fate::Same, one..at.0, other..at.1);
        } else {
            walk.push(Fate::Markup, one..at.0, other..at.1);
        }
    }
    walk.finish()
}

/// The bytes of some items, which have no gaps.
fn bytes(items: &[Item], range: &Range<usize>) -> Range<usize> {
    let start = match (items.get(range.start), items.last()) {
        (Some(first), _) => first.range.start,
        (None, Some(last)) => last.range.end,
        (None, None) => 0,
    };
    match items[range.clone()].last() {
        Some(last) => start..last.range.end,
        None => start..start,
    }
}

struct Walk<'i> {
    /// The steps with the positions of items.
    steps: Vec<(Fate, Range<usize>, Range<usize>)>,
    base: &'i [Item],
    now: &'i [Item],
    is_code: bool,
}

impl Walk<'_> {
    fn push(&mut self, fate: Fate, base: Range<usize>, now: Range<usize>) {
        if base.is_empty() && now.is_empty() {
            return;
        }
        match self.steps.last_mut() {
            Some((last, old, new)) if *last == fate => {
                old.end = base.end;
                new.end = now.end;
            }
            _ => self.steps.push((fate, base, now)),
        }
    }

    fn finish(self) -> Steps {
        let (base, now, is_code) = (self.base, self.now, self.is_code);
        let mut is_pictures = true;
        let mut steps = Vec::with_capacity(self.steps.len());
        for (fate, old, new) in self.steps {
            let mut items = base[old.clone()].iter().chain(&now[new.clone()]);
            let is_seen = items.clone().any(|item| item.what != What::Hidden);
            let is_picture = |item: &Item| item.what == What::Atom(Atom::Image);
            if fate != Fate::Same {
                is_pictures &= items.all(|item| !is_anchor(item, is_code) || is_picture(item));
            }
            steps.push(Step {
                fate,
                base: bytes(base, &old),
                now: bytes(now, &new),
                is_seen,
            });
        }
        Steps { steps, is_pictures }
    }

    /// What lies between two pairs.
    fn gap(&mut self, mut base: Range<usize>, mut now: Range<usize>) {
        let is_code = self.is_code;
        let is_blank = |item: &Item| !is_anchor(item, is_code);
        let has_text = |items: &[Item]| !items.iter().all(is_blank);
        let has_space = |items: &[Item]| {
            let mut items = items.iter();
            items.any(|item| matches!(item.what, What::Space | What::Newline))
        };
        let (old, new) = (&self.base[base.clone()], &self.now[now.clone()]);
        let at_edge = base.start == 0 && now.start == 0
            || base.end == self.base.len() && now.end == self.now.len();
        if !has_text(old) && !has_text(new) {
            if has_space(old) == has_space(new) || at_edge {
                let blank = |items: &[Item]| {
                    let blank = items.iter().find(|item| item.what == What::Space);
                    blank.map(|item| item.context)
                };
                let is_same = at_edge || blank(old) == blank(new);
                let fate = if is_same { Fate::Same } else { Fate::Markup };
                self.push(fate, base, now);
            } else {
                let (from, end) = (now.start, base.end);
                self.push(Fate::Removed, base, from..from);
                self.push(Fate::Added, end..end, now);
            }
            return;
        }
        // Blanks that both have around the change stay.
        let head = |items: &[Item]| items.iter().take_while(|item| is_blank(item)).count();
        let tail = |items: &[Item]| items.iter().rev().take_while(|item| is_blank(item)).count();
        let mut ends = None;
        if has_text(old) && has_text(new) {
            let (heads, tails) = ((head(old), head(new)), (tail(old), tail(new)));
            if has_space(&old[..heads.0]) == has_space(&new[..heads.1]) {
                self.push(
                    Fate::Same,
                    base.start..base.start + heads.0,
                    now.start..now.start + heads.1,
                );
                base.start += heads.0;
                now.start += heads.1;
            }
            let last = (old.len() - tails.0, new.len() - tails.1);
            if has_space(&old[last.0..]) == has_space(&new[last.1..]) {
                ends = Some((base.end - tails.0..base.end, now.end - tails.1..now.end));
                base.end -= tails.0;
                now.end -= tails.1;
            }
        } else {
            // A word was added or removed with one of the blanks around it; the
            // blank that was there before is the first one.
            let (bare, full) = if has_text(old) {
                (new, old)
            } else {
                (old, new)
            };
            let first = head(full);
            if has_space(bare) && has_space(&full[..first]) {
                let (old_head, new_head) = if has_text(old) {
                    (first, new.len())
                } else {
                    (old.len(), first)
                };
                self.push(
                    Fate::Same,
                    base.start..base.start + old_head,
                    now.start..now.start + new_head,
                );
                base.start += old_head;
                now.start += new_head;
            } else if has_space(bare) {
                let last = full.len() - tail(full);
                if has_space(&full[last..]) {
                    let (old_tail, new_tail) = if has_text(old) {
                        (old.len() - last, new.len())
                    } else {
                        (old.len(), new.len() - last)
                    };
                    ends = Some((base.end - old_tail..base.end, now.end - new_tail..now.end));
                    base.end -= old_tail;
                    now.end -= new_tail;
                }
            }
        }
        let (from, end) = (now.start, base.end);
        self.push(Fate::Removed, base, from..from);
        self.push(Fate::Added, end..end, now);
        if let Some((base, now)) = ends {
            self.push(Fate::Same, base, now);
        }
    }
}
