//! What a token does while runs of marks are open: it closes some of them, or
//! opens one more.

use std::ops::ControlFlow;

use super::{Open, Pairing, Token, WIDTH, rule_of_three};

/// A token while it is read.
#[derive(Debug, Clone, Copy)]
struct Reading {
    delimiter: usize,
    /// Where it begins.
    at: usize,
    token: Token,
    /// Where the marks begin that are not used yet.
    start: usize,
    /// How many these are.
    current: usize,
    /// How many marks the run has that it would close.
    last: usize,
    /// Whether it may still open something.
    is_start: bool,
    /// Whether it may still close something.
    is_end: bool,
}

impl Reading {
    fn is_ambiguous(&self) -> bool {
        self.token.opens && self.token.closes
    }
}

impl Pairing<'_> {
    /// Reads one token while something is open. Returns `false` at the end of the
    /// group.
    pub(super) fn read(&mut self, delimiter: usize, at: usize, token: Token) -> bool {
        let mut reading = Reading {
            delimiter,
            at,
            token,
            start: at,
            current: token.count,
            last: self.stacks[delimiter].last().map_or(0, |open| open.count),
            is_start: token.opens,
            is_end: token.closes,
        };
        self.drop_unfit(&mut reading);
        if reading.is_end && self.may_close(&reading) && !self.close_shorter(&mut reading) {
            return false;
        }
        let Reading { current, last, .. } = reading;
        if reading.is_end
            && (last >= 3 || !reading.is_ambiguous())
            && last > current
            && let ControlFlow::Break(goes_on) = self.close_longer(&mut reading)
        {
            return goes_on;
        }
        let is_too_short = self.needs_two(delimiter) && reading.current == 1;
        !reading.is_start || is_too_short || self.open(&reading)
    }

    /// If a token that may open or close does not fit the innermost open run,
    /// closes what is inside of one that it fits.
    fn drop_unfit(&mut self, reading: &mut Reading) {
        let Reading {
            delimiter, current, ..
        } = *reading;
        if let Some(open) = self.stacks[delimiter].last()
            && reading.is_ambiguous()
            && current != reading.last
            && rule_of_three(open.original, current)
        {
            let is_own = self.is_own(delimiter);
            let stack = &mut self.stacks[delimiter];
            let fits = |open: &Open| !rule_of_three(open.original, current);
            // Never the innermost of all, which has another count.
            if let Some(fitting) = stack.find(current, fits) {
                if !is_own {
                    stack.truncate(fitting + 1);
                }
                reading.last = current;
            }
        }
    }

    /// Whether a token closes runs that are as long as it or shorter.
    fn may_close(&self, reading: &Reading) -> bool {
        let Reading { current, last, .. } = *reading;
        self.stacks[reading.delimiter].last().is_some_and(|open| {
            (current > last && (!reading.is_ambiguous() || !rule_of_three(open.original, current)))
                || current == last
                || current >= 3
        })
    }

    /// Closes open runs until the marks of the token are used. Returns `false` at
    /// the end of the group.
    fn close_shorter(&mut self, reading: &mut Reading) -> bool {
        let it = reading.delimiter;
        let needs_two = self.needs_two(it);
        reading.is_start = false;
        let original = reading.current;
        let furthest = self.stacks[it].last().copied();
        while reading.current > 0
            && reading.last <= reading.current
            && let Some(innermost) = self.stacks[it].pop()
        {
            let Some(open) = self.enclosing(innermost, reading) else {
                if self.others_open(it) {
                    self.stacks[it].clear();
                    continue;
                }
                if let Some(furthest) = furthest {
                    self.stacks[it].push(furthest);
                }
                // There is white space between it and everything that
                // follows, so reading on would find nothing.
                if self.stacks[it].len() == 1 {
                    return false;
                }
                break;
            };
            let size = self.size(it, open.count).min(reading.current);
            self.add(it, open.end - size * WIDTH, open.end, reading.start, size);
            reading.start += size * WIDTH;
            reading.current -= size;
            let left = open.count - size;
            if left > 0 && !(needs_two && left == 1) {
                self.stacks[it].push(Open {
                    end: open.end - size * WIDTH,
                    count: left,
                    ..open
                });
            }
            match self.stacks[it].last() {
                Some(open) => reading.last = open.count,
                None if self.others_open(it) => {}
                None => {
                    reading.is_end = false;
                    break;
                }
            }
        }
        let Reading { current, last, .. } = *reading;
        if original >= 3 && current > 0 && reading.is_ambiguous() {
            self.stacks[it].push(Open {
                start: reading.at + (original - current) * WIDTH,
                end: reading.at + reading.token.count * WIDTH,
                is_ambiguous: false,
                original,
                count: current,
            });
            reading.is_end = false;
        } else {
            let is_open = !self.stacks[it].is_empty();
            reading.is_end = reading.is_end && current > 0 && is_open && last > current;
        }
        true
    }

    /// The innermost open run, from `open` outwards, that may enclose the text
    /// before the token. Those inside of it are no longer open.
    fn enclosing(&mut self, mut open: Open, reading: &mut Reading) -> Option<Open> {
        let it = reading.delimiter;
        if !self.delimiters[it].no_space {
            return Some(open);
        }
        while !self.may_enclose(it, &open, reading.start, reading.current) {
            open = self.stacks[it].pop()?;
            reading.last = open.count;
        }
        Some(open)
    }

    /// Closes the inner marks of an open run that is longer than the token.
    /// Breaks with the result of [`Pairing::read`].
    fn close_longer(&mut self, reading: &mut Reading) -> ControlFlow<bool> {
        let it = reading.delimiter;
        let (needs_two, no_space) = (self.needs_two(it), self.delimiters[it].no_space);
        let Some(mut open) = self.stacks[it].pop() else {
            return ControlFlow::Break(true);
        };
        while open.count != 3 && open.is_ambiguous {
            let Some(next) = self.stacks[it].pop() else {
                break;
            };
            open = next;
            reading.last = open.count;
        }
        if open.is_ambiguous && open.count != 3 {
            self.stacks[it].clear();
            return ControlFlow::Break(self.others_open(it));
        }
        let is_strict = no_space && (reading.current == 1 || self.max_size(it) == 1);
        if is_strict && self.has_space(open.end, reading.start) {
            self.stacks[it].push(open);
            return ControlFlow::Continue(());
        }
        reading.is_start = false;
        let mut end = open.end;
        while reading.current > 0 && reading.last > 0 && !(needs_two && reading.current == 1) {
            let size = self.size(it, reading.current).min(reading.last);
            let start = open.start + (reading.last - size) * WIDTH;
            self.add(it, start, end, reading.start, size);
            reading.start += size * WIDTH;
            reading.current -= size;
            reading.last -= size;
            end -= size * WIDTH;
        }
        if reading.last > 0 && !(needs_two && reading.last == 1) {
            self.stacks[it].push(Open {
                end,
                is_ambiguous: false,
                count: reading.last,
                ..open
            });
        }
        ControlFlow::Continue(())
    }

    /// Opens what the token has left. Returns `false` at the end of the group.
    fn open(&mut self, reading: &Reading) -> bool {
        let it = reading.delimiter;
        let stack = &self.stacks[it];
        if self.delimiters[it].no_space
            && let Some(open) = stack.last()
        {
            let is_single = self.max_size(it) == 1;
            let tracked = stack.not_twos();
            let singles = stack.has_single();
            let has_space = self.has_space(open.end, reading.start);
            if (tracked > 0 || is_single) && has_space {
                if tracked > 1 || singles || is_single {
                    if !self.others_open(it) {
                        return false;
                    }
                    self.stacks[it].clear();
                }
                return true;
            }
        }
        let token = Token {
            count: reading.current,
            ..reading.token
        };
        self.push(it, reading.start, token);
        true
    }

    /// Whether the white space in the text between two runs allows it to be
    /// enclosed.
    fn may_enclose(&self, delimiter: usize, open: &Open, start: usize, current: usize) -> bool {
        let is_tracked = open.count != 2 || self.stacks[delimiter].not_twos() > 0;
        let is_strict = self.max_size(delimiter) == 1 || current == 1 || is_tracked;
        !(is_strict && self.has_space(open.end, start))
    }
}
