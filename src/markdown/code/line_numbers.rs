//! The numbers, ids and names of the lines of a code block.

use super::header::Numbers;
use crate::markdown::options::LineNumbers;

/// How the lines of one block are numbered and named.
pub struct Lines<'o> {
    /// Their numbers; `None` for no numbers.
    pub numbers: Option<Numbers>,
    /// How many lines there are.
    pub count: usize,
    /// Where the numbers are shown.
    pub style: LineNumbers,
    /// The part of ids and names between their prefix and the number, escaped.
    pub block: String,
    /// The prefix of ids; empty for no ids.
    pub spans: &'o str,
    /// The prefix of names; empty for no names.
    pub anchors: &'o str,
    /// Whether the numbers are links.
    pub is_linked: bool,
}

impl Lines<'_> {
    /// The number of the first line.
    pub fn first(&self) -> u32 {
        self.numbers.map_or(1, |numbers| numbers.first)
    }

    /// The columns that the widest number takes.
    fn width(&self) -> usize {
        let last = (self.first() as usize + self.count).saturating_sub(1);
        last.checked_ilog10().map_or(1, |power| power as usize + 1)
    }

    /// A number as it is shown, and whether it gets a class of its own.
    fn shown(&self, number: u32, width: usize) -> (String, bool) {
        let numbers = self.numbers.unwrap_or_default();
        let step = numbers.step.filter(|step| *step > 0).unwrap_or(1);
        let special = numbers.special.filter(|special| *special > 0);
        let text = if number.is_multiple_of(step) {
            format!("{number:>width$}")
        } else {
            " ".repeat(width)
        };
        let is_special = special.is_some_and(|special| number.is_multiple_of(special));
        (text, is_special)
    }

    fn link(&self, number: u32, html: String) -> String {
        if self.is_linked {
            format!(
                "<a href=\"#{}-{}-{number}\">{html}</a>",
                self.anchors, self.block
            )
        } else {
            html
        }
    }

    /// Appends the column of all numbers.
    pub fn column(&self, html: &mut String) {
        let width = self.width();
        let count = u32::try_from(self.count).unwrap_or(u32::MAX);
        for number in self.first()..self.first().saturating_add(count) {
            if number > self.first() {
                html.push('\n');
            }
            let (text, is_special) = self.shown(number, width);
            let class = if is_special { "special" } else { "normal" };
            let text = if text.trim().is_empty() {
                text
            } else {
                self.link(number, text)
            };
            html.push_str(&format!("<span class=\"{class}\">{text}</span>"));
        }
    }

    /// Appends the id and name of a line.
    pub fn open(&self, number: u32, html: &mut String) {
        let (block, spans, anchors) = (&self.block, self.spans, self.anchors);
        if !spans.is_empty() {
            html.push_str(&format!("<span id=\"{spans}-{block}-{number}\">"));
        }
        if !anchors.is_empty() {
            let name = format!("{anchors}-{block}-{number}");
            let link = match self.numbers {
                Some(_) => String::new(),
                None => format!(" href=\"#{name}\""),
            };
            html.push_str(&format!("<a id=\"{name}\" name=\"{name}\"{link}></a>"));
        }
    }

    /// Closes what [`Lines::open`] left open.
    pub fn close(&self, html: &mut String) {
        if !self.spans.is_empty() {
            html.push_str("</span>");
        }
    }

    /// Appends the number before a line, unless there is a column.
    pub fn number_before(&self, number: u32, html: &mut String) {
        if self.numbers.is_none() || self.style == LineNumbers::Table {
            return;
        }
        let (text, is_special) = self.shown(number, self.width());
        let class = if is_special {
            "linenos special"
        } else {
            "linenos"
        };
        let span = if self.style == LineNumbers::Hidden {
            format!("<span class=\"{class}\" data-linenos=\"{text} \"></span>")
        } else {
            format!("<span class=\"{class}\">{text}</span>")
        };
        html.push_str(&self.link(number, span));
    }
}
