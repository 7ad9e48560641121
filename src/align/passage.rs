/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A heading of this level, from 1.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// The text of an item of a list.
    Item,
    /// A row of a table.
    Row,
    /// A block of code.
    Code,
    /// The line that begins an admonition, with its title.
    Admonition,
    /// The label of a tab.
    Tab,
    /// A definition of a term.
    Definition,
    /// A footnote.
    Footnote,
    /// The long form of an abbreviation.
    Abbreviation,
    /// Raw HTML.
    Html,
}

/// A part of a page that is translated as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What it is.
    pub kind: Kind,
    /// In how many lists, admonitions, tabs and quotations it is.
    pub depth: u8,
    /// Its first line, from 1.
    pub first: u32,
    /// Its last line.
    pub last: u32,
    /// Its text with its inline marks, lines joined by spaces; without what makes it
    /// the kind of passage that it is.
    pub text: String,
    /// A name that is the same in all languages: the identifier that is written at a
    /// heading, the kind of an admonition, the label of a footnote.
    pub name: Option<String>,
}

impl Passage {
    /// Whether it has anything to translate: letters outside of tags.
    pub fn is_text(&self) -> bool {
        match self.kind {
            Kind::Html => {
                let mut is_inside = false;
                self.text.chars().any(|it| {
                    match it {
                        '<' => is_inside = true,
                        '>' => is_inside = false,
                        _ => {}
                    }
                    !is_inside && it.is_alphanumeric()
                })
            }
            _ => self.text.chars().any(char::is_alphanumeric),
        }
    }
}
