use std::collections::BTreeSet;

/// A line of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextLine<'t> {
    /// Where it begins in the text.
    pub(super) at: usize,
    /// The line without its end.
    pub(super) text: &'t str,
    /// Whether it is neither code nor a comment.
    pub(super) is_prose: bool,
    /// Which characters of ASCII it has.
    signs: [u64; 2],
}

impl<'t> TextLine<'t> {
    fn new(at: usize, text: &'t str) -> Self {
        let mut signs = [0; 2];
        for byte in text.bytes().filter(u8::is_ascii) {
            signs[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        Self {
            at,
            text,
            is_prose: true,
            signs,
        }
    }

    /// Whether it has a character of ASCII. Most lines have nothing of what is looked for,
    /// and each is asked for a dozen things.
    pub(super) fn has(&self, sign: u8) -> bool {
        sign.is_ascii() && self.signs[usize::from(sign >> 6)] & (1 << (sign & 63)) != 0
    }

    /// Whether it has one of these characters of ASCII.
    pub(super) fn has_any(&self, signs: &[u8]) -> bool {
        signs.iter().any(|it| self.has(*it))
    }

    /// Its text without the blanks and marks of quotes before it.
    pub(super) fn bare(&self) -> &'t str {
        self.text.trim_start_matches([' ', '\t', '>'])
    }

    /// Where a part of its text begins in the whole text.
    pub(super) fn offset(&self, part: &str) -> usize {
        self.at + (part.as_ptr() as usize - self.text.as_ptr() as usize)
    }

    /// Whether a position in the line is in a code span.
    pub(super) fn is_code(&self, at: usize) -> bool {
        !self.text[..at].matches('`').count().is_multiple_of(2)
    }

    /// How far it is indented.
    pub(super) fn indentation(&self) -> usize {
        let blanks = self.text.chars().take_while(|it| matches!(it, ' ' | '\t'));
        blanks.map(|it| if it == '\t' { 4 } else { 1 }).sum()
    }
}

/// The lines of a text, with what is code in it.
pub(super) struct Lines<'t> {
    pub(super) all: Vec<TextLine<'t>>,
    /// The lines whose fences of code are not closed.
    pub(super) unclosed: Vec<usize>,
    /// The labels of links that are defined, in lower case.
    pub(super) labels: BTreeSet<String>,
}

/// What keeps lines from being prose.
enum Hidden<'t> {
    Fence(&'t str),
    Comment,
    Element(&'static str),
}

/// Elements whose content is not Markdown.
const RAW: [&str; 4] = ["script", "style", "pre", "textarea"];

impl<'t> Lines<'t> {
    /// Those of a text from `start` on.
    pub(super) fn of(text: &'t str, start: usize) -> Self {
        let mut lines = Self {
            all: Vec::new(),
            unclosed: Vec::new(),
            labels: BTreeSet::new(),
        };
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            lines
                .all
                .push(TextLine::new(at, line.trim_end_matches(['\n', '\r'])));
            at += line.len();
        }
        lines.hide();
        for line in lines.all.iter().filter(|line| line.is_prose) {
            if let Some((label, _)) = line
                .bare()
                .strip_prefix('[')
                .and_then(|it| it.split_once("]:"))
            {
                lines.labels.insert(label.to_lowercase());
            }
        }
        lines
    }

    fn hide(&mut self) {
        let mut hidden: Option<Hidden<'t>> = None;
        // Marks that no later line closes, so that this is looked for once.
        let mut never_closed: BTreeSet<&str> = BTreeSet::new();
        for nth in 0..self.all.len() {
            let bare = self.all[nth].bare();
            match &hidden {
                Some(Hidden::Fence(marks)) => {
                    self.all[nth].is_prose = false;
                    if bare.trim_end() == *marks {
                        hidden = None;
                    }
                }
                Some(Hidden::Comment) => {
                    self.all[nth].is_prose = false;
                    if bare.contains("-->") {
                        hidden = None;
                    }
                }
                Some(Hidden::Element(name)) => {
                    self.all[nth].is_prose = false;
                    if closes(bare, name) {
                        hidden = None;
                    }
                }
                None => {
                    let marks = fence_marks(bare);
                    if !marks.is_empty() {
                        let is_closed = !never_closed.contains(marks)
                            && self.all[nth + 1..]
                                .iter()
                                .any(|line| line.bare().trim_end() == marks);
                        if is_closed {
                            self.all[nth].is_prose = false;
                            hidden = Some(Hidden::Fence(marks));
                        } else {
                            never_closed.insert(marks);
                            self.unclosed.push(nth);
                        }
                    } else if let Some((_, comment)) = (self.all[nth].has(b'<'))
                        .then(|| bare.rsplit_once("<!--"))
                        .flatten()
                    {
                        self.all[nth].is_prose = false;
                        if !comment.contains("-->") {
                            hidden = Some(Hidden::Comment);
                        }
                    } else if let Some(name) = RAW.iter().find(|name| opens(bare, name))
                        && !closes(bare, name)
                    {
                        self.all[nth].is_prose = false;
                        hidden = Some(Hidden::Element(name));
                    }
                }
            }
        }
    }
}

/// The marks of the fence that a line begins; empty if it begins none.
fn fence_marks(line: &str) -> &str {
    for mark in ['`', '~'] {
        let rest = line.trim_start_matches(mark);
        let marks = &line[..line.len() - rest.len()];
        if marks.len() >= 3 && !rest.contains('`') {
            return marks;
        }
    }
    ""
}

fn opens(line: &str, name: &str) -> bool {
    let tag = line
        .strip_prefix('<')
        .and_then(|it| it.split_at_checked(name.len()));
    tag.is_some_and(|(tag, after)| {
        tag.eq_ignore_ascii_case(name) && after.starts_with(['>', ' ', '\t'])
    })
}

fn closes(line: &str, name: &str) -> bool {
    line.match_indices("</").any(|(at, _)| {
        let after = line.get(at + 2..at + 2 + name.len());
        after.is_some_and(|it| it.eq_ignore_ascii_case(name))
    })
}
