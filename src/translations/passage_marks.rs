//! The marks of a passage that are the same in all languages, in a form to compare.

use std::ops::Range;

use crate::align::{Kind, Passage, read};

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// Where a link leads.
    Link,
    /// A picture.
    Image,
    /// An icon or emoji by its name.
    Icon,
    /// A reference to a footnote.
    Footnote,
    /// Code in a sentence.
    Code,
    /// A number in digits.
    Number,
    /// The classes of a list of attributes.
    Classes,
}

impl MarkKind {
    /// All of them.
    pub(super) const ALL: [Self; 7] = [
        Self::Link,
        Self::Image,
        Self::Icon,
        Self::Footnote,
        Self::Code,
        Self::Number,
        Self::Classes,
    ];

    /// How messages call it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Link => "link to",
            Self::Image => "picture",
            Self::Icon => "icon",
            Self::Footnote => "reference to the footnote",
            Self::Code => "code",
            Self::Number => "number",
            Self::Classes => "attributes",
        }
    }
}

/// A mark of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// What is compared.
    pub(super) key: String,
    /// What is written.
    pub(super) written: String,
}

/// The marks of a text, by their kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// In the order of [`MarkKind::ALL`].
    kinds: [Vec<Mark>; MarkKind::ALL.len()],
}

impl Marks {
    /// Those of a passage.
    pub(super) fn of(passage: &Passage) -> Self {
        let mut marks = Self::default();
        if passage.kind != Kind::Code {
            marks.add(&passage.text);
        }
        marks
    }

    /// Those of a whole text, read by what is between blank lines, as the lines of a
    /// passage are.
    pub(super) fn in_blocks(text: &str) -> Self {
        let mut marks = Self::default();
        for block in text.split("\n\n") {
            marks.add(block);
        }
        marks
    }

    /// Adds those of another text.
    pub(super) fn extend(&mut self, others: &Self) {
        for (own, others) in self.kinds.iter_mut().zip(&others.kinds) {
            own.extend_from_slice(others);
        }
    }

    /// Those of one kind.
    pub(super) fn kind(&self, kind: MarkKind) -> &[Mark] {
        &self.kinds[kind as usize]
    }

    fn add(&mut self, text: &str) {
        let is_mark = |it: &u8| matches!(it, b'`' | b'[' | b'<' | b':' | b'{' | b'0'..=b'9');
        let is_plain = !text.bytes().any(|it| is_mark(&it));
        if is_plain && !text.chars().any(|it| digit(it).is_some()) {
            return;
        }
        let reading = read(text);
        self.add_all(MarkKind::Link, reading.links, address);
        self.add_all(MarkKind::Image, reading.images, address);
        self.add_all(MarkKind::Icon, reading.icons, str::to_owned);
        self.add_all(MarkKind::Footnote, reading.footnotes, str::to_owned);
        self.add_all(MarkKind::Code, reading.code, str::to_owned);
        let words = reading.words.iter();
        let numbers = words.filter(|it| it.chars().next().and_then(digit).is_some());
        let numbers: Vec<String> = numbers.flat_map(|word| digits(word)).collect();
        let numbers = numbers.iter().map(String::as_str).collect();
        self.add_all(MarkKind::Number, numbers, str::to_owned);
        self.kinds[MarkKind::Classes as usize].extend(lists(text));
    }

    fn add_all(&mut self, kind: MarkKind, list: Vec<&str>, key: impl Fn(&str) -> String) {
        let marks = list.into_iter().map(|written| Mark {
            key: key(written),
            written: written.to_owned(),
        });
        self.kinds[kind as usize].extend(marks.filter(|it| !it.key.is_empty()));
    }
}

/// An address without what may be written in several ways, or differs by language: the
/// anchor, a slash at its end, backslashes before parentheses.
fn address(written: &str) -> String {
    let bare = written.split('#').next().unwrap_or_default();
    let bare = bare.replace('\\', "").replace("&amp;", "&");
    bare.trim_end_matches('/').to_owned()
}

/// The numbers in a word, as parts without what separates thousands, decimals or dates,
/// in ASCII digits and without zeros before them.
fn digits(word: &str) -> Vec<String> {
    let ascii: String = word.chars().map(|it| digit(it).unwrap_or(it)).collect();
    let parts = ascii.split(|it: char| !it.is_ascii_digit());
    let parts = parts.filter(|it| !it.is_empty());
    let bare = |part: &str| match part.trim_start_matches('0') {
        // Thousands.
        "" if part.len() == 3 => part.to_owned(),
        "" => "0".to_owned(),
        bare => bare.to_owned(),
    };
    parts.map(bare).collect()
}

/// The ASCII digit of a digit of any script that sites are translated into.
fn digit(character: char) -> Option<char> {
    const ZEROS: [char; 6] = ['0', '٠', '۰', '०', '০', '０'];
    let zero = |zero: &char| (*zero as u32..*zero as u32 + 10).contains(&(character as u32));
    let zero = ZEROS.iter().find(|it| zero(it))?;
    char::from_digit(character as u32 - *zero as u32, 10)
}

/// The lists of attributes of a text. Of their values no more is compared than the names
/// of classes: titles are translated.
fn lists(text: &str) -> Vec<Mark> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('{') {
        let Some(end) = text[at..].find('}') else {
            break;
        };
        let inner = text[at + 1..at + end].trim_start_matches(':').trim();
        let begins = inner.starts_with('.') || inner.starts_with("class=");
        if !begins || inner.contains('{') {
            continue;
        }
        let mut classes: Vec<String> = Vec::new();
        for (nth, part) in inner.split(['"', '\'']).enumerate() {
            let is_outside = nth % 2 == 0;
            let names = part.split_whitespace();
            if is_outside {
                classes.extend(names.filter(|it| it.starts_with('.')).map(str::to_owned));
            } else if inner[..part.as_ptr() as usize - inner.as_ptr() as usize]
                .trim_end_matches(['"', '\''])
                .ends_with("class=")
            {
                classes.extend(names.map(|it| format!(".{it}")));
            }
        }
        found.push(Mark {
            key: classes.join(" "),
            written: text[at..=at + end].to_owned(),
        });
    }
    found
}

/// A text as it is compared where only blanks, case, quotation marks and full-width forms
/// may differ.
pub(super) fn folded(text: &str) -> String {
    let fold = |it: char| match it {
        _ if it.is_whitespace() => None,
        '"' | '\'' | '`' | '\\' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '「' | '」' => {
            None
        }
        '。' => Some('.'),
        '、' | '，' => Some(','),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(it as u32 - 0xfee0),
        _ => Some(it),
    };
    let ascii = text.chars().filter_map(fold);
    ascii.flat_map(char::to_lowercase).collect()
}

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<usize>,
    length: usize,
}

impl Lines {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        let further = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(further).collect(),
            length: text.len(),
        }
    }

    /// The bytes of the lines of a passage.
    pub(super) fn range(&self, passage: &Passage) -> Range<usize> {
        let at = |nth: usize| self.starts.get(nth).copied().unwrap_or(self.length);
        let start = at(passage.first.max(1) as usize - 1);
        start..at(passage.last as usize).max(start)
    }
}

/// Where something is written in a passage, if it is there once.
pub(super) fn located(text: &str, lines: &Range<usize>, written: &str) -> Option<Range<usize>> {
    let part = text.get(lines.clone())?;
    let mut places = part.match_indices(written).filter(|it| !it.1.is_empty());
    let (Some((at, _)), None) = (places.next(), places.next()) else {
        return None;
    };
    let start = lines.start + at;
    Some(start..start + written.len())
}
