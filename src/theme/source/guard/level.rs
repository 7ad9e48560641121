//! The expressions of one open bracket.

use super::{KEPT, TURN, WEIGHED, insert, wrap};
use crate::theme::source::Edits;

/// Methods of loops that need guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Changed,
    Cycle,
}

/// What encloses an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The tag itself.
    Tag,
    List,
    Map,
    /// Parentheses that are not a call: a group or a tuple.
    Group,
    Invocation,
    Subscript,
    /// Parentheses around names that are assigned to.
    Target,
}

/// A value with everything applied to it: `a.b[0]|f`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Operand {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Attributes, subscripts, calls, filters and tests.
    pub(super) steps: usize,
    /// The greatest depth inside its brackets.
    pub(super) inner: usize,
    /// Whether it is a text, a number or a constant such as `none`.
    pub(super) is_scalar: bool,
    /// Whether it contains a call.
    pub(super) is_call: bool,
    /// Whether it is a name whose calls the engine compiles in a special way.
    pub(super) is_engines: bool,
    /// The end of the last call that is not of a filter or a test.
    pub(super) called: Option<usize>,
}

/// Operands joined by operators of one precedence, and by those that bind more
/// tightly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Chain {
    pub(super) start: Option<usize>,
    pub(super) operands: usize,
    pub(super) all_scalar: bool,
    /// Whether its operators may build a list or a long text.
    pub(super) is_weighed: bool,
}

impl Chain {
    pub(super) fn is_scalar(&self) -> bool {
        self.all_scalar
    }
}

/// The left side of a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared {
    left: usize,
    is_scalar: bool,
    is_in: bool,
}

#[derive(Debug)]
pub(super) struct Level {
    pub(super) kind: Kind,
    pub(super) start: usize,
    /// Whether it is constant.
    pub(super) is_const: bool,
    pub(super) commas: usize,
    pub(super) is_slice: bool,
    pub(super) is_empty: bool,
    /// The method of a loop that is called, if it is one.
    pub(super) method: Option<Method>,
    /// Whether it contains the arguments of a filter or a test.
    pub(super) of_filter: bool,
    /// Whether calls in it may be wrapped.
    pub(super) may_wrap: bool,
    pub(super) operators: usize,
    pub(super) widest: usize,
    pub(super) deepest: usize,
    pub(super) operand: Operand,
    /// The factors so far.
    pub(super) term: Chain,
    /// The summands so far.
    pub(super) sum: Chain,
    /// Whether the operand before the last `+` was a scalar.
    pub(super) added: Option<bool>,
    /// Whether the operand before the last `~` was a scalar.
    pub(super) joined: Option<bool>,
    pub(super) compared: Option<Compared>,
}

impl Level {
    pub(super) fn new(kind: Kind, start: usize) -> Self {
        Self {
            kind,
            start,
            is_const: true,
            commas: 0,
            is_slice: false,
            is_empty: true,
            method: None,
            of_filter: false,
            may_wrap: true,
            operators: 0,
            widest: 0,
            deepest: 0,
            operand: Operand::default(),
            term: Chain::default(),
            sum: Chain::default(),
            added: None,
            joined: None,
            compared: None,
        }
    }

    pub(super) fn begin_chains(&mut self, start: usize) {
        for chain in [&mut self.term, &mut self.sum] {
            if chain.start.is_none() {
                *chain = Chain {
                    start: Some(start),
                    all_scalar: true,
                    ..Chain::default()
                };
            }
        }
    }

    pub(super) fn end_operand(&mut self, edits: &mut Edits) {
        if let Some(end) = self.operand.called.take()
            && self.may_wrap
        {
            wrap(edits, self.operand.start..end, TURN);
        }
        let operand = &self.operand;
        self.widest = self.widest.max(operand.steps + operand.inner);
        for chain in [&mut self.term, &mut self.sum] {
            chain.operands += 1;
            chain.all_scalar &= operand.is_scalar;
        }
        if let Some(left) = self.joined.take() {
            self.sum.is_weighed |= !left && !self.operand.is_scalar;
        }
    }

    pub(super) fn end_term(&mut self, edits: &mut Edits) {
        self.end_operand(edits);
        let term = std::mem::take(&mut self.term);
        if let Some(left) = self.added.take() {
            self.sum.is_weighed |= !left && !term.is_scalar();
        }
        if let Some(start) = term.start
            && term.is_weighed
            && term.operands > 1
            && !term.is_scalar()
        {
            self.limit_chain(edits, start);
        }
    }

    /// Wraps the chain that starts at `start` and ends with the current operand.
    fn limit_chain(&self, edits: &mut Edits, start: usize) {
        insert(edits, start, "((".to_owned());
        insert(edits, self.operand.end, format!(")|{KEPT})"));
    }

    pub(super) fn end_sum(&mut self, edits: &mut Edits) {
        self.end_term(edits);
        let sum = std::mem::take(&mut self.sum);
        if let Some(start) = sum.start
            && sum.is_weighed
        {
            self.limit_chain(edits, start);
        }
        if let Some(compared) = self.compared.take()
            && !compared.is_scalar
        {
            if compared.is_in {
                insert(edits, self.operand.end, format!("|{WEIGHED}"));
            } else if !sum.is_scalar() {
                insert(edits, compared.left, format!("|{WEIGHED}"));
            }
        }
    }

    pub(super) fn compare(&mut self, is_in: bool, edits: &mut Edits) {
        self.operators += 1;
        let is_scalar = self.sum.is_scalar() && self.operand.is_scalar;
        self.end_sum(edits);
        self.compared = Some(Compared {
            left: self.operand.end,
            is_scalar,
            is_in,
        });
    }

    /// Ends an expression at a comma, or at the end of the level.
    pub(super) fn end_part(&mut self, edits: &mut Edits) {
        // A macro's result may be much larger than its arguments.
        if self.kind == Kind::Invocation && self.operand.is_call {
            wrap(edits, self.operand.start..self.operand.end, KEPT);
        }
        if self.term.start.is_some() {
            self.end_sum(edits);
        } else {
            self.end_operand(edits);
        }
        self.deepest = self.deepest.max(self.operators + self.widest);
        (self.operators, self.widest) = (0, 0);
        self.operand = Operand::default();
        (self.term, self.sum) = (Chain::default(), Chain::default());
        (self.added, self.joined, self.compared) = (None, None, None);
    }

    pub(super) fn depth(&self) -> usize {
        let operand = self.operand.steps + self.operand.inner;
        self.deepest.max(self.operators + self.widest.max(operand))
    }
}
