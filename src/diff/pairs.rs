//! Which parts of two sides belong together.

use std::collections::HashMap;
use std::rc::Rc;

use super::Block;
use super::align::{alike, common, gaps};
use super::blocks::{Group, Parsed};

/// How many pairs of parts are compared with each other in one gap.
const MOST_PAIRS: usize = 10_000;
/// How alike two parts must be for one to be the other with changes, in
/// thousandths.
const ALIKE: u32 = 500;
/// The same for parts whose own parts are compared again: lists, tables, code.
const ALIKE_OUTSIDE: u32 = 300;
/// The least weight of a part that is moved to another place of the page. Shorter
/// ones are often the same by chance.
const MOVABLE: u32 = 16;

/// The bag of a part: the numbers of its words with their weights, sorted.
type Bag = Rc<(Vec<(u32, u32)>, u64)>;

/// The parts of two sides that belong together.
pub(super) struct Pairs {
    /// For each part of the base the one that it is now.
    pub(super) to_now: Vec<Option<usize>>,
    /// For each part of now the one that it was.
    pub(super) to_base: Vec<Option<usize>>,
    /// The parts that are somewhere else now.
    pub(super) moved_to: HashMap<usize, usize>,
    /// The parts that were somewhere else.
    pub(super) moved_from: HashMap<usize, usize>,
}

/// Finds the parts that belong together.
pub(super) fn pairs(base: &Parsed<'_>, now: &Parsed<'_>) -> Pairs {
    let mut matcher = Matcher {
        base,
        now,
        pairs: Pairs {
            to_now: vec![None; base.parts.len()],
            to_base: vec![None; now.parts.len()],
            moved_to: HashMap::new(),
            moved_from: HashMap::new(),
        },
        columns: None,
        bags: (HashMap::new(), HashMap::new()),
        unpaired: (Vec::new(), Vec::new()),
    };
    matcher.pair(base.root(), now.root());
    matcher.find_moves();
    matcher.pairs
}

impl Pairs {
    /// The same with the sides exchanged.
    pub(super) fn exchanged(self) -> Self {
        Self {
            to_now: self.to_base,
            to_base: self.to_now,
            moved_to: self.moved_from,
            moved_from: self.moved_to,
        }
    }
}

/// The columns of two tables that belong together.
#[derive(Clone)]
struct Columns {
    /// How many the table had.
    had: usize,
    /// How many it has.
    has: usize,
    pairs: Vec<(usize, usize)>,
}

struct Matcher<'p, 'a> {
    base: &'p Parsed<'a>,
    now: &'p Parsed<'a>,
    pairs: Pairs,
    /// The columns of the current table.
    columns: Option<Columns>,
    bags: (HashMap<usize, Bag>, HashMap<usize, Bag>),
    /// The outermost parts that are in no pair.
    unpaired: (Vec<usize>, Vec<usize>),
}

impl Matcher<'_, '_> {
    fn pair(&mut self, was: usize, is: usize) {
        self.pairs.to_now[was] = Some(is);
        self.pairs.to_base[is] = Some(was);
        let (old, new) = (&self.base.parts[was], &self.now.parts[is]);
        if old.all == new.all {
            return;
        }
        let around = self.columns.clone();
        let found = match new.group {
            Group::Row => self.cells(was, is),
            // The text of a cell is that of its place, however different it is.
            Group::Cell | Group::Heading | Group::Term | Group::Summary | Group::Label
                if is_text_only(self.base, was) && is_text_only(self.now, is) =>
            {
                vec![(0, 0)]
            }
            Group::Table => {
                self.columns = self.columns_of(was, is);
                self.align(&old.children, &new.children)
            }
            _ => self.align(&old.children, &new.children),
        };
        let (old, new) = (old.children.clone(), new.children.clone());
        let mut is_paired = (vec![false; old.len()], vec![false; new.len()]);
        for (one, other) in found {
            is_paired.0[one] = true;
            is_paired.1[other] = true;
            self.pair(old[one], new[other]);
        }
        let rest = |all: &[usize], paired: &[bool]| -> Vec<usize> {
            let both = all.iter().zip(paired);
            both.filter(|(_, paired)| !**paired)
                .map(|(part, _)| *part)
                .collect()
        };
        self.unpaired.0.extend(rest(&old, &is_paired.0));
        self.unpaired.1.extend(rest(&new, &is_paired.1));
        self.columns = around;
    }

    /// Pairs the parts of two sequences, by their positions in these.
    fn align(&mut self, old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
        let texts = |side: &Parsed<'_>, parts: &[usize]| -> Vec<u64> {
            parts.iter().map(|part| side.parts[*part].text).collect()
        };
        let (old_texts, new_texts) = (texts(self.base, old), texts(self.now, new));
        let mut found = common(&old_texts, &new_texts);
        for (was, is) in gaps(&found, old.len(), new.len()) {
            let (from, to) = (was.start, is.start);
            let (old, new) = (&old[was], &new[is]);
            let mut likeness = |one: usize, other: usize| self.likeness(old[one], new[other]);
            let pairs = alike(old.len(), new.len(), MOST_PAIRS, &mut likeness);
            found.extend(
                pairs
                    .into_iter()
                    .map(|(one, other)| (from + one, to + other)),
            );
        }
        found.sort_unstable();
        for (was, is) in gaps(&found, old.len(), new.len()) {
            let (from, to) = (was.start, is.start);
            let named = self.names(&old[was], &new[is]);
            found.extend(
                named
                    .into_iter()
                    .map(|(one, other)| (from + one, to + other)),
            );
        }
        found.sort_unstable();
        found
    }

    /// Pairs what names a block that is still there, however different the names are:
    /// its title, or as many labels and terms on both sides. As many pictures on both
    /// sides are the same ones with other files.
    fn names(&self, old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
        let pictures = |side: &Parsed<'_>, parts: &[usize]| -> Vec<usize> {
            let all = parts.iter().enumerate();
            let all = all.filter(|(_, part)| side.is_picture(**part));
            all.map(|(at, _)| at).collect()
        };
        let (had, has) = (pictures(self.base, old), pictures(self.now, new));
        if !has.is_empty() && had.len() == has.len() {
            return had.into_iter().zip(has).collect();
        }
        let is_name = |side: &Parsed<'_>, part: &usize| {
            matches!(side.parts[*part].group, Group::Label | Group::Term)
        };
        if old.len() == new.len()
            && old.iter().all(|part| is_name(self.base, part))
            && new.iter().all(|part| is_name(self.now, part))
        {
            return (0..old.len()).map(|nth| (nth, nth)).collect();
        }
        let title = |side: &Parsed<'_>, parts: &[usize]| {
            let is_title = |part: &usize| {
                let it = &side.parts[*part];
                matches!(it.group, Group::Summary | Group::Caption) || it.block == Block::Title
            };
            let mut titles = parts.iter().enumerate().filter(|(_, part)| is_title(part));
            let (at, part) = titles.next()?;
            let it = &side.parts[*part];
            titles
                .next()
                .is_none()
                .then_some((at, (it.group, it.block)))
        };
        match (title(self.base, old), title(self.now, new)) {
            (Some((was, kind)), Some((is, other))) if kind == other => vec![(was, is)],
            _ => Vec::new(),
        }
    }

    /// Pairs the cells of two rows, by the columns of their table.
    fn cells(&mut self, was: usize, is: usize) -> Vec<(usize, usize)> {
        let old = &self.base.parts[was].children;
        let new = &self.now.parts[is].children;
        match &self.columns {
            Some(columns) if (columns.had, columns.has) == (old.len(), new.len()) => {
                columns.pairs.clone()
            }
            _ if old.len() == new.len() => (0..old.len()).map(|nth| (nth, nth)).collect(),
            _ => self.align(old, new),
        }
    }

    /// The columns of two tables that belong together: those with the same head, and
    /// between them those at the same place.
    fn columns_of(&self, was: usize, is: usize) -> Option<Columns> {
        let (old, new) = (first_row(self.base, was)?, first_row(self.now, is)?);
        let texts = |side: &Parsed<'_>, row: usize| -> Vec<u64> {
            let cells = side.parts[row].children.iter();
            cells.map(|cell| side.parts[*cell].text).collect()
        };
        let (old, new) = (texts(self.base, old), texts(self.now, new));
        let mut pairs = common(&old, &new);
        for (was, is) in gaps(&pairs, old.len(), new.len()) {
            // Otherwise it is not known which of them was added or removed.
            if was.len() == is.len() {
                pairs.extend(was.zip(is));
            }
        }
        pairs.sort_unstable();
        Some(Columns {
            had: old.len(),
            has: new.len(),
            pairs,
        })
    }

    /// How alike two parts are, in thousandths; 0 if they are not a pair.
    fn likeness(&mut self, was: usize, is: usize) -> u32 {
        let (old, new) = (&self.base.parts[was], &self.now.parts[is]);
        if old.group != new.group {
            return 0;
        }
        let least = match new.group {
            Group::Whole(_) | Group::Rows(_) | Group::Root => return ALIKE,
            Group::Box | Group::List | Group::Table | Group::Code => ALIKE_OUTSIDE,
            _ => ALIKE,
        };
        let (old, new) = (self.bag(true, was), self.bag(false, is));
        let whole = old.1 + new.1;
        // At most twice the smaller one is common.
        if whole == 0 || 2000 * old.1.min(new.1) / whole < u64::from(least) {
            return 0;
        }
        let alike = 2000 * common_weight(&old.0, &new.0) / whole;
        let alike = u32::try_from(alike).unwrap_or(u32::MAX);
        if alike < least {
            return 0;
        }
        // A pair is always better than none, and one of the same kind a little
        // better.
        let same_kind = self.base.parts[was].block == self.now.parts[is].block;
        alike + u32::from(same_kind) * 10
    }

    fn bag(&mut self, is_base: bool, part: usize) -> Bag {
        let (side, bags) = if is_base {
            (self.base, &mut self.bags.0)
        } else {
            (self.now, &mut self.bags.1)
        };
        let bag = bags.entry(part).or_insert_with(|| {
            let items = side.items_of(part).iter();
            let mut words: Vec<(u32, u32)> = items
                .filter(|item| item.weight > 0)
                .map(|item| (item.key, item.weight))
                .collect();
            words.sort_unstable();
            let weight = words.iter().map(|(_, weight)| u64::from(*weight)).sum();
            Rc::new((words, weight))
        });
        bag.clone()
    }

    /// Finds what is in another place now, among the parts that are in no pair.
    fn find_moves(&mut self) {
        let mut new: Vec<usize> = self.unpaired.1.clone();
        new.sort_unstable();
        let mut places: Vec<usize> = Vec::new();
        let mut below: Vec<usize> = new.into_iter().rev().collect();
        while let Some(part) = below.pop() {
            places.push(part);
            below.extend(self.now.parts[part].children.iter().rev());
        }
        // The first place of each text is the last one here.
        let mut waiting: HashMap<(u64, Group), Vec<usize>> = HashMap::new();
        for place in places.into_iter().rev() {
            let it = &self.now.parts[place];
            waiting.entry((it.text, it.group)).or_default().push(place);
        }
        let parents = (parents(self.base), parents(self.now));
        let mut old: Vec<usize> = self.unpaired.0.clone();
        old.sort_unstable();
        let mut below: Vec<usize> = old.into_iter().rev().collect();
        let mut taken = vec![false; self.now.parts.len()];
        while let Some(part) = below.pop() {
            let it = &self.base.parts[part];
            let weight = self.bag(true, part).1;
            let places = waiting.get_mut(&(it.text, it.group));
            let place = places.and_then(|places| {
                while places.last().is_some_and(|place| taken[*place]) {
                    places.pop();
                }
                let place = *places.last()?;
                // Within one list or row, little is enough.
                let stays_in = parents.0[part].and_then(|parent| self.pairs.to_now[parent])
                    == parents.1[place]
                    && parents.1[place].is_some();
                let enough = if stays_in && it.group != Group::Line {
                    2
                } else {
                    MOVABLE
                };
                (weight >= u64::from(enough)).then_some(place)
            });
            let Some(place) = place else {
                below.extend(it.children.iter().rev());
                continue;
            };
            self.pairs.moved_to.insert(part, place);
            self.pairs.moved_from.insert(place, part);
            take(self.now, place, &mut taken);
        }
    }
}

/// Whether a part consists of one run of text.
fn is_text_only(side: &Parsed<'_>, part: usize) -> bool {
    match side.parts[part].children.as_slice() {
        [only] => side.parts[*only].group == Group::Run,
        _ => false,
    }
}

/// Marks a part and all parts in it.
fn take(side: &Parsed<'_>, part: usize, taken: &mut [bool]) {
    taken[part] = true;
    for child in &side.parts[part].children {
        take(side, *child, taken);
    }
}

/// For each part the one that contains it.
fn parents(side: &Parsed<'_>) -> Vec<Option<usize>> {
    let mut parents = vec![None; side.parts.len()];
    for (at, part) in side.parts.iter().enumerate() {
        for child in &part.children {
            parents[*child] = Some(at);
        }
    }
    parents
}

/// The first row of a table.
fn first_row(side: &Parsed<'_>, table: usize) -> Option<usize> {
    let children = side.parts[table].children.iter();
    children
        .copied()
        .find_map(|child| match side.parts[child].group {
            Group::Row => Some(child),
            Group::Rows(_) => first_row(side, child),
            _ => None,
        })
}

/// The weight of what two sorted bags have in common.
fn common_weight(one: &[(u32, u32)], other: &[(u32, u32)]) -> u64 {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut weight = 0;
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => {
                one.next();
            }
            std::cmp::Ordering::Greater => {
                other.next();
            }
            std::cmp::Ordering::Equal => {
                weight += u64::from(left.1);
                one.next();
                other.next();
            }
        }
    }
    weight
}

#[cfg(test)]
mod tests {
    use super::super::{Block, ChangeKind, Side, difference};

    #[test]
    fn a_picture_with_another_name_is_the_one_that_stood_there() {
        let page = |pictures: &[&str]| {
            let picture = |name: &&str| format!("<p><img alt={name} src={name}.png></p>");
            let pictures: String = pictures.iter().map(picture).collect();
            format!("<p>Before</p>{pictures}<p>Behind</p>")
        };
        let kinds = |base: &[&str], now: &[&str]| {
            let (base, now) = (page(base), page(now));
            let found = difference(&Side::of(&base), &Side::of(&now));
            let kinds = found.changes.iter().map(|it| (it.kind, it.block));
            kinds.collect::<Vec<_>>()
        };
        let changed = (ChangeKind::Changed, Block::Image);
        assert_eq!(kinds(&["a"], &["b"]), [changed]);
        assert_eq!(kinds(&["a", "c"], &["b", "d"]), [changed, changed]);
        assert_eq!(
            kinds(&["a"], &["a", "b"]),
            [(ChangeKind::Added, Block::Image)]
        );
        assert_eq!(kinds(&["a"], &["b", "c"]).len(), 3);
    }
}
