//! Opening marks that wait for their ends.

use std::ops::Deref;

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

/// Opening runs of one kind, outermost first. How many of them have one mark,
/// or not two, is counted along, for it is asked at every run.
#[derive(Debug, Clone, Default)]
pub struct Stack {
    open: Vec<Open>,
    ones: usize,
    not_twos: usize,
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
        self.open.push(open);
    }

    /// Takes the innermost off.
    pub fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
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
        *self = Self::default();
    }
}
