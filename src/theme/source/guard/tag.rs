//! Reads one tag token by token.

use std::ops::Range;

use minijinja::machinery::Token;

use super::level::{Kind, Level, Method, Operand};
use super::{HELD, KEPT, NAMED, TURN, WEIGHED, insert, wrap};
use crate::theme::source::Edits;

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Operand,
    Operator,
    Attribute,
    Filter,
    Test,
    /// An operator, or the argument of a test.
    AfterTest,
}

/// The kinds of statements that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statement {
    /// A tag that prints a value, `if` or `elif`.
    Value,
    /// Any other: what looks like a call in `macro`, `call` or `filter` may not
    /// be one.
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
    /// Whether the names that are assigned to are being read.
    in_targets: bool,
    /// Whether an attribute is assigned to.
    is_dotted: bool,
    /// Whether a filtered block of text is assigned.
    is_filtered: bool,
    /// The offset after the `=` of a `set`, the word `include`, or the `in` of a
    /// loop.
    assigned: Option<usize>,
    next: Next,
    /// The last attribute, if loops have a method of that name.
    method: Option<Method>,
    /// Whether the last word is the name of a filter or a test.
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
            // Parentheses right after it are arguments.
            self.next = Next::AfterTest;
        }
        self.end = end;
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the tag itself stays open")
    }

    pub(super) fn read(&mut self, token: &Token<'_>, place: Range<usize>, edits: &mut Edits) {
        if self.in_targets {
            self.read_target(token, &place);
        } else {
            self.read_expression(token, &place, edits);
        }
        self.end = place.end;
    }

    /// Reads a token of the names that are assigned to. They need no guards, but
    /// they nest too.
    fn read_target(&mut self, token: &Token<'_>, place: &Range<usize>) {
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

    fn read_expression(&mut self, token: &Token<'_>, place: &Range<usize>, edits: &mut Edits) {
        let next = self.next;
        match (token, next) {
            (Token::BracketClose | Token::ParenClose | Token::BraceClose, _) => {
                self.close(place, edits);
            }
            (Token::Comma | Token::Colon | Token::Assign, _) => self.read_separator(token, edits),
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
                self.next = Next::AfterTest;
            }
            (Token::Ident("not") | Token::Minus | Token::Plus, Next::Operand) => {
                let level = self.level();
                level.operators += 1;
                if !matches!(token, Token::Ident(_)) {
                    level.begin_chains(place.start);
                }
            }
            (token, Next::Operand) => self.read_operand(token, place, edits),
            (Token::Ident("ignore" | "with" | "without" | "as" | "import"), _)
                if self.statement == Statement::Include && self.levels.len() == 1 =>
            {
                self.end_subject(edits);
                self.read_operator(token, place, edits);
            }
            (Token::Ident("if" | "recursive"), Next::Operator | Next::AfterTest)
                if self.statement == Statement::For && self.levels.len() == 1 =>
            {
                self.end_subject(edits);
                self.read_operator(token, place, edits);
            }
            (Token::Dot, _) => self.next = Next::Attribute,
            (Token::Pipe, _) => self.next = Next::Filter,
            (Token::Ident("is"), _) => self.next = Next::Test,
            (Token::ParenOpen, _) => {
                let mut level = Level::new(Kind::Invocation, place.start);
                level.method = self.method.take();
                level.of_filter = std::mem::take(&mut self.of_filter);
                self.levels.push(level);
                self.next = Next::Operand;
            }
            (Token::BracketOpen, Next::Operator) => {
                self.levels.push(Level::new(Kind::Subscript, place.start));
                self.next = Next::Operand;
            }
            (token, _) => self.read_operator(token, place, edits),
        }
    }

    /// Reads a comma, a colon or an equals sign.
    fn read_separator(&mut self, token: &Token<'_>, edits: &mut Edits) {
        let is_tag = self.levels.len() == 1;
        let level = self.level();
        level.end_part(edits);
        match token {
            Token::Comma => {
                level.commas += 1;
                // Another assignment follows.
                self.in_targets = is_tag && self.statement == Statement::With;
            }
            Token::Colon if level.kind == Kind::Subscript => level.is_slice = true,
            _ => {}
        }
        self.next = Next::Operand;
    }

    /// Adds an attribute, filter or test to the current operand.
    fn step(&mut self, end: usize, of_filter: bool) {
        self.of_filter = of_filter;
        let operand = &mut self.level().operand;
        operand.steps += 1;
        operand.end = end;
        operand.is_scalar = false;
        self.next = Next::Operator;
    }

    fn read_operand(&mut self, token: &Token<'_>, place: &Range<usize>, edits: &mut Edits) {
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
            // `*` and `**` before arguments, or something that the parser refuses.
            token => return self.read_operator(token, place, edits),
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

    fn read_operator(&mut self, token: &Token<'_>, place: &Range<usize>, edits: &mut Edits) {
        let after_test = self.next == Next::AfterTest;
        let level = self.level();
        match token {
            Token::Mul => {
                level.operators += 1;
                level.end_operand(edits);
                level.term.is_weighed = true;
            }
            Token::Pow | Token::Div | Token::FloorDiv | Token::Mod => {
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
            // Part of `not in`.
            Token::Ident("not") if !after_test => return,
            Token::Ident("and" | "or" | "if" | "else" | "not") => {
                level.operators += 1;
                level.end_sum(edits);
            }
            // Adjacent texts, the argument of a test, or a keyword of a statement
            // (`as`, `ignore`, ..).
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
                return self.read_operand(token, place, edits);
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
        let closed = self.levels.pop().expect("more than one level is open");
        let end = self.end;
        let outer = self.level();
        outer.operand.inner = outer.operand.inner.max(closed.depth() + 1);
        outer.operand.end = place.end;
        outer.is_const &= closed.is_const;
        let in_literal = matches!(outer.kind, Kind::List | Kind::Map);
        let start = outer.operand.start;
        match closed.kind {
            // The outermost literal is weighed with everything in it.
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
            Kind::Invocation => {
                outer.operand.steps += 1;
                outer.operand.is_scalar = false;
                outer.operand.is_call = true;
                if !closed.of_filter && !outer.operand.is_engines {
                    outer.operand.called = Some(place.end);
                }
                match closed.method {
                    // The arguments are compared with the last ones.
                    Some(Method::Changed) if !closed.is_empty && closed.commas == 0 => {
                        wrap(edits, closed.start + 1..end, WEIGHED);
                    }
                    // The engine divides by the number of arguments.
                    Some(Method::Cycle) if closed.is_empty => {
                        insert(edits, closed.start + 1, "none".to_owned());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        self.next = Next::Operator;
    }

    /// Ends the name of a template, or the value that a loop iterates over.
    fn end_subject(&mut self, edits: &mut Edits) {
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
            insert(edits, from, " (".to_owned());
            insert(edits, end, format!(")|{filter}"));
        }
    }

    /// Inserts the guards at the end of the tag, and returns how deep the tag is.
    pub(super) fn finish(mut self, edits: &mut Edits) -> usize {
        while self.levels.len() > 1 {
            // The parser will refuse the open brackets, but they count.
            let closed = self.levels.pop().map_or(0, |level| level.depth());
            let outer = self.level();
            outer.operand.inner = outer.operand.inner.max(closed + 1);
        }
        let end = self.end;
        let is_open = self.in_targets;
        self.level().end_part(edits);
        self.end_subject(edits);
        let level = self.level();
        let depth = level.depth();
        let is_tuple = level.commas > 0 && !level.is_const;
        if self.statement == Statement::Set {
            if is_open {
                // A block of text is assigned.
                insert(edits, end, format!("|{KEPT}"));
            } else if self.is_dotted {
                self.limit_assigned(HELD, edits);
            } else if is_tuple {
                self.limit_assigned(KEPT, edits);
            }
        }
        depth
    }

    /// Passes the value that is assigned through a filter.
    fn limit_assigned(&self, filter: &str, edits: &mut Edits) {
        match self.assigned {
            Some(from) if from < self.end => {
                insert(edits, from, "(".to_owned());
                insert(edits, self.end, format!(")|{filter}"));
            }
            None if self.is_filtered => insert(edits, self.end, format!("|{filter}")),
            _ => {}
        }
    }
}
