//! Opening marks that have no end yet.

use std::collections::BTreeMap;
use std::ops::Deref;

use smallvec::SmallVec;

use crate::work::step;

/// An opening run.
#[derive(Debug, Clone, Copy)]
pub struct Open {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it could close as well.
    pub is_ambiguous: bool,
    /// How many marks it had.
    pub original: usize,
    /// How many it has left.
    pub count: usize,
}

impl Open {
    /// What decides whether a run of so many marks may close it.
    fn shape(&self) -> Shape {
        (self.count, self.original % 3)
    }
}

/// How many marks a run has left, and how many it had but for multiples of 3.
type Shape = (usize, usize);

/// Opening runs of one kind, outermost first. How many of them have one mark,
/// or not two, is counted along, for it is asked at every run.
#[derive(Debug, Clone, Default)]
pub struct Stack {
    open: SmallVec<[Open; 2]>,
    /// For each the one of its shape that it lies in.
    outer: SmallVec<[Option<usize>; 2]>,
    innermost: Innermost,
    ones: usize,
    not_twos: usize,
}

/// The innermost run of each shape.
#[derive(Debug, Clone, Default)]
struct Innermost {
    /// Of runs with few marks, as most have.
    few: [Option<usize>; FEW * 3],
    others: BTreeMap<Shape, usize>,
}

/// How many marks are few, plus one.
const FEW: usize = 4;

impl Innermost {
    fn get(&self, (count, rest): Shape) -> Option<usize> {
        match self.few.get(count * 3 + rest) {
            Some(known) => *known,
            None => self.others.get(&(count, rest)).copied(),
        }
    }

    /// Sets or removes one, and returns what was there.
    fn set(&mut self, (count, rest): Shape, at: Option<usize>) -> Option<usize> {
        match (self.few.get_mut(count * 3 + rest), at) {
            (Some(known), at) => std::mem::replace(known, at),
            (None, Some(at)) => self.others.insert((count, rest), at),
            (None, None) => self.others.remove(&(count, rest)),
        }
    }
}

impl Deref for Stack {
    type Target = [Open];

    fn deref(&self) -> &[Open] {
        &self.open
    }
}

impl Stack {
    /// Whether any has a single mark.
    pub fn has_single(&self) -> bool {
        self.ones > 0
    }

    /// How many have not two marks.
    pub fn not_twos(&self) -> usize {
        self.not_twos
    }

    /// Adds one.
    pub fn push(&mut self, open: Open) {
        self.ones += usize::from(open.count == 1);
        self.not_twos += usize::from(open.count != 2);
        let within = self.innermost.set(open.shape(), Some(self.open.len()));
        self.outer.push(within);
        self.open.push(open);
    }

    /// The innermost run with `count` marks left for which `fits` holds.
    pub fn find(&self, count: usize, fits: impl Fn(&Open) -> bool) -> Option<usize> {
        let found = (0..3).filter_map(|rest| {
            step(1);
            let at = self.innermost.get((count, rest))?;
            Some(at).filter(|at| fits(&self.open[*at]))
        });
        found.max()
    }

    /// Takes the innermost off.
    pub fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        let outer = self.outer.pop().flatten();
        self.innermost.set(open.shape(), outer);
        self.ones -= usize::from(open.count == 1);
        self.not_twos -= usize::from(open.count != 2);
        Some(open)
    }

    /// Keeps the outermost `length`.
    pub fn truncate(&mut self, length: usize) {
        while self.open.len() > length {
            self.pop();
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        if !self.open.is_empty() {
            self.open.clear();
            self.outer.clear();
            self.innermost = Innermost::default();
            (self.ones, self.not_twos) = (0, 0);
        }
    }
}
