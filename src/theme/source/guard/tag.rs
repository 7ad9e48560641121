//! One tag, read token by token.

use std::ops::Range;

use minijinja::machinery::Token;

use super::level::{Kind, Level, Method, Operand};
use super::{HELD, KEPT, NAMED, TURN, WEIGHED, put, wrap};
use crate::theme::source::Edits;

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Operand,
    Operator,
    Attribute,
    Filter,
    Test,
    BehindTest,
}

/// A statement, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statement {
    /// A tag that prints a value, `if` and `elif`.
    Value,
    /// Where what looks like a call may be none: `macro`, `call`, `filter`.
    Other,
    For,
    With,
    Set,
    /// `include`, `import` and `from`.
    Include,
}

pub(super) struct Tag {
    pub(super) start: usize,
    statement: Statement,
    /// Whether names are being read that are assigned to.
    in_targets: bool,
    /// Whether an attribute is assigned to.
    is_dotted: bool,
    /// Whether a block of text is assigned, through filters.
    is_filtered: bool,
    /// Behind the `=` of a `set`, the word `include`, or the `in` of a loop.
    assigned: Option<usize>,
    next: Next,
    /// The last attribute, where loops have a method of that name.
    method: Option<Method>,
    /// Whether the last word names a filter or a test.
    of_filter: bool,
    levels: Vec<Level>,
    /// Where the last token ended.
    pub(super) end: usize,
}

impl Tag {
    pub(super) fn new(start: usize) -> Self {
        Self {
            start,
            statement: Statement::Value,
            in_targets: false,
            is_dotted: false,
            is_filtered: false,
            assigned: None,
            next: Next::Operand,
            method: None,
            of_filter: false,
            levels: vec![Level::new(Kind::Tag, start)],
            end: start,
        }
    }

    pub(super) fn begin(&mut self, word: &str, end: usize) {
        self.statement = match word {
            "if" | "elif" => Statement::Value,
            "for" => Statement::For,
            "with" => Statement::With,
            "set" => Statement::Set,
            "include" | "import" | "from" => Statement::Include,
            _ => Statement::Other,
        };
        match self.statement {
            Statement::Other | Statement::Value => {}
            Statement::Include => self.assigned = Some(end),
            Statement::For | Statement::With | Statement::Set => self.in_targets = true,
        }
        self.level().may_wrap = self.statement != Statement::Other;
        if word == "call" {
            // Parentheses right behind it hold arguments.
            self.next = Next::BehindTest;
        }
        self.end = end;
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the tag itself stays open")
    }

    pub(super) fn read(&mut self, token: &Token<'_>, place: Range<usize>, edits: &mut Edits) {
        if self.in_targets {
            self.target(token, &place);
        } else {
            self.expression(token, &place, edits);
        }
        self.end = place.end;
    }

    /// Names that are assigned to: nothing is put in, but they nest too.
    fn target(&mut self, token: &Token<'_>, place: &Range<usize>) {
        match token {
            Token::ParenOpen => self.levels.push(Level::new(Kind::Target, place.start)),
            Token::ParenClose if self.levels.len() > 1 => {
                let depth = self.levels.pop().map_or(0, |level| level.depth()) + 1;
                let outer = self.level();
                outer.widest = outer.widest.max(depth);
            }
            Token::Dot => {
                self.is_dotted = true;
                self.level().operators += 1;
            }
            Token::Ident("in") if self.statement == Statement::For => {
                self.assigned = Some(place.end);
                self.leave_targets();
            }
            Token::Assign => {
                self.assigned = Some(place.end);
                self.leave_targets();
            }
            Token::Pipe => {
                self.is_filtered = true;
                self.leave_targets();
                self.next = Next::Filter;
            }
            _ => {}
        }
    }

    fn leave_targets(&mut self) {
        self.in_targets = false;
        self.next = Next::Operand;
        let level = self.level();
        level.deepest = level.depth();
        (level.operators, level.widest) = (0, 0);
    }

    fn expression(&mut self, token: &Token<'_>, place: &Range<usize>, edits: &mut Edits) {
        let next = self.next;
        match (token, next) {
            (Token::BracketClose | Token::ParenClose | Token::BraceClose, _) => {
                self.close(place, edits);
            }
            (Token::Comma | Token::Colon | Token::Assign, _) => {
                self.level().end_part(edits);
                match token {
                    Token::Comma => self.level().commas += 1,
                    Token::Colon if self.level().kind == Kind::Subscript => {
                        self.level().is_slice = true;
                    }
                    _ => {}
                }
                self.next = Next::Operand;
                let at_tag = self.levels.len() == 1;
                let is_comma = matches!(token, Token::Comma);
                if at_tag && is_comma && self.statement == Statement::With {
                    self.in_targets = true;
                }
            }
            (Token::Ident(name), Next::Attribute) => {
                self.method = match *name {
                    "changed" => Some(Method::Changed),
                    "cycle" => Some(Method::Cycle),
                    _ => None,
                };
                self.step(place.end, false);
            }
            (Token::Int(_) | Token::Int128(_), Next::Attribute) => self.step(place.end, false),
            (Token::Ident(_), Next::Filter) => self.step(place.end, true),
            (Token::Ident("not"), Next::Test) => {}
            (Token::Ident(_), Next::Test) => {
                self.step(place.end, true);
                self.next = Next::BehindTest;
            }
            (Token::Ident("not") | Token::Minus | Token::Plus, Next::Operand) => {
                let level = self.level();
                level.operators += 1;
                if !matches!(token, Token::Ident(_)) {
                    level.begin_chains(place.start);
                }
            }
            (token, Next::Operand) => self.operand(token, place, edits),
            (Token::Ident("ignore" | "with" | "without" | "as" | "import"), _)
                if self.statement == Statement::Include && self.levels.len() == 1 =>
            {
                self.subject_ends(edits);
                self.operator(token, place, edits);
            }
            (Token::Ident("if" | "recursive"), Next::Operator | Next::BehindTest)
                if self.statement == Statement::For && self.levels.len() == 1 =>
            {
                self.subject_ends(edits);
                self.operator(token, place, edits);
            }
            (Token::Dot, _) => self.next = Next::Attribute,
            (Token::Pipe, _) => self.next = Next::Filter,
            (Token::Ident("is"), _) => self.next = Next::Test,
            (Token::ParenOpen, _) => {
                let mut level = Level::new(Kind::Call, place.start);
                level.method = self.method.take();
                level.of_filter = std::mem::take(&mut self.of_filter);
                self.levels.push(level);
                self.next = Next::Operand;
            }
            (Token::BracketOpen, Next::Operator) => {
                self.levels.push(Level::new(Kind::Subscript, place.start));
                self.next = Next::Operand;
            }
            (token, _) => self.operator(token, place, edits),
        }
    }

    /// An attribute, filter or test of the operand at hand.
    fn step(&mut self, end: usize, of_filter: bool) {
        self.of_filter = of_filter;
        let operand = &mut self.level().operand;
        operand.steps += 1;
        operand.end = end;
        operand.is_scalar = false;
        self.next = Next::Operator;
    }

    fn operand(&mut self, token: &Token<'_>, place: &Range<usize>, edits: &mut Edits) {
        let kind = match token {
            Token::BracketOpen => Some(Kind::List),
            Token::BraceOpen => Some(Kind::Map),
            Token::ParenOpen => Some(Kind::Group),
            Token::Ident(_)
            | Token::Str(_)
            | Token::String(_)
            | Token::Int(_)
            | Token::Int128(_)
            | Token::Float(_) => None,
            // `*` and `**` before arguments, or what the parser refuses.
            token => return self.operator(token, place, edits),
        };
        let is_scalar = match token {
            Token::Ident(name) => ["true", "false", "none", "True", "False", "None"].contains(name),
            _ => kind.is_none(),
        };
        let level = self.level();
        level.is_empty = false;
        level.is_const &= is_scalar || kind.is_some();
        level.begin_chains(place.start);
        level.operand = Operand {
            start: place.start,
            end: place.end,
            is_scalar,
            is_engines: matches!(token, Token::Ident("loop" | "super" | "self")),
            ..Operand::default()
        };
        if let Some(kind) = kind {
            self.levels.push(Level::new(kind, place.start));
            self.next = Next::Operand;
        } else {
            (self.method, self.of_filter) = (None, false);
            self.next = Next::Operator;
        }
    }

    fn operator(&mut self, token: &Token<'_>, place: &Range<usize>, edits: &mut Edits) {
        let behind_test = self.next == Next::BehindTest;
        let level = self.level();
        match token {
            Token::Pow => {
                level.operators += 1;
                level.end_operand(edits);
            }
            Token::Mul => {
                level.operators += 1;
                level.end_operand(edits);
                level.term.is_weighed = true;
            }
            Token::Div | Token::FloorDiv | Token::Mod => {
                level.operators += 1;
                level.end_operand(edits);
            }
            Token::Tilde => {
                level.operators += 1;
                let is_scalar = level.operand.is_scalar;
                level.end_term(edits);
                level.joined = Some(is_scalar);
            }
            Token::Minus => {
                level.operators += 1;
                level.end_term(edits);
            }
            Token::Plus => {
                level.operators += 1;
                let is_scalar = level.term.is_scalar() && level.operand.is_scalar;
                level.end_term(edits);
                level.added = Some(is_scalar);
            }
            Token::Eq | Token::Ne | Token::Lt | Token::Lte | Token::Gt | Token::Gte => {
                level.compare(false, edits);
            }
            Token::Ident("in") => level.compare(true, edits),
            // Of `not in`.
            Token::Ident("not") if !behind_test => return,
            Token::Ident("and" | "or" | "if" | "else" | "not") => {
                level.operators += 1;
                level.end_sum(edits);
            }
            // Texts that follow each other, a test's argument, or words of
            // statements (`as`, `ignore`, ..).
            Token::Ident(_)
            | Token::Str(_)
            | Token::String(_)
            | Token::Int(_)
            | Token::Int128(_)
            | Token::Float(_)
            | Token::BracketOpen
            | Token::BraceOpen => {
                level.operators += 1;
                level.end_operand(edits);
                return self.operand(token, place, edits);
            }
            _ => level.operators += 1,
        }
        self.next = Next::Operand;
    }

    fn close(&mut self, place: &Range<usize>, edits: &mut Edits) {
        if self.levels.len() == 1 {
            return;
        }
        self.level().end_part(edits);
        let Some(closed) = self.levels.pop() else {
            return;
        };
        let end = self.end;
        let outer = self.level();
        outer.operand.inner = outer.operand.inner.max(closed.depth() + 1);
        outer.operand.end = place.end;
        outer.is_const &= closed.is_const;
        let in_literal = matches!(outer.kind, Kind::List | Kind::Map);
        let start = outer.operand.start;
        match closed.kind {
            // The outermost literal is weighed with all that is in it.
            Kind::List | Kind::Map if !closed.is_const && !in_literal => {
                wrap(edits, closed.start..place.end, KEPT);
            }
            Kind::Group if closed.commas > 0 && !closed.is_const && !in_literal => {
                wrap(edits, closed.start..place.end, KEPT);
            }
            Kind::Subscript => {
                outer.operand.steps += 1;
                outer.operand.is_scalar = false;
                if closed.is_slice {
                    wrap(edits, start..place.end, KEPT);
                } else if !closed.is_const && !closed.is_empty {
                    wrap(edits, closed.start + 1..end, WEIGHED);
                }
            }
            Kind::Call => {
                outer.operand.steps += 1;
                outer.operand.is_scalar = false;
                outer.operand.is_call = true;
                if !closed.of_filter && !outer.operand.is_engines {
                    outer.operand.called = Some(place.end);
                }
                match closed.method {
                    // What a loop was told last is compared.
                    Some(Method::Changed) if !closed.is_empty && closed.commas == 0 => {
                        wrap(edits, closed.start + 1..end, WEIGHED);
                    }
                    // The engine divides by the number of arguments.
                    Some(Method::Cycle) if closed.is_empty => {
                        put(edits, closed.start + 1, "none".to_owned());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        self.next = Next::Operator;
    }

    /// At the end of what names a template, or of what a loop goes through.
    fn subject_ends(&mut self, edits: &mut Edits) {
        let filter = match self.statement {
            Statement::Include => NAMED,
            Statement::For => TURN,
            _ => return,
        };
        if let Some(from) = self.assigned.take()
            && from < self.end
        {
            let end = self.end;
            self.level().end_part(edits);
            put(edits, from, " (".to_owned());
            put(edits, end, format!(")|{filter}"));
        }
    }

    /// How deep the tag is; puts in what is due at its end.
    pub(super) fn finish(mut self, edits: &mut Edits) -> usize {
        while self.levels.len() > 1 {
            // The parser will refuse it; it counts all the same.
            let closed = self.levels.pop().map_or(0, |level| level.depth());
            let outer = self.level();
            outer.operand.inner = outer.operand.inner.max(closed + 1);
        }
        let end = self.end;
        let is_open = self.in_targets;
        self.level().end_part(edits);
        self.subject_ends(edits);
        let level = self.level();
        let (depth, commas, is_const) = (level.depth(), level.commas, level.is_const);
        if self.statement == Statement::Set && is_open {
            // A block of text.
            put(edits, end, format!("|{KEPT}"));
        }
        if self.statement == Statement::Set && !is_open {
            let filter = match (self.is_dotted, commas > 0 && !is_const) {
                (true, _) => Some(HELD),
                (false, true) => Some(KEPT),
                (false, false) => None,
            };
            match (filter, self.assigned) {
                (Some(filter), Some(from)) if from < end => {
                    put(edits, from, "(".to_owned());
                    put(edits, end, format!(")|{filter}"));
                }
                (Some(filter), None) if self.is_filtered => {
                    put(edits, end, format!("|{filter}"));
                }
                _ => {}
            }
        }
        depth
    }
}
