//! The fields that describe a front page.

use Takes::{Address, Icon, List, Markdown, Table, Text, Verbatim, Word};

/// A field of the front matter.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it is for, for the documentation.
    pub meaning: &'static str,
}

/// What a field takes.
#[derive(Debug)]
pub enum Takes {
    /// A text with emphasis.
    Text,
    /// Markdown.
    Markdown,
    /// A text that is shown as it is written.
    Verbatim,
    /// The path of a file of the docs folder, as in links, or an address.
    Address,
    /// The name of an icon.
    Icon,
    /// One of these words, the first of which is the default.
    Word(&'static [&'static str]),
    /// A table. A text stands for its first field.
    Table(&'static [Field]),
    /// A list of tables, each of which must have the first field.
    List(&'static [Field]),
}

const fn field(name: &'static str, takes: Takes, meaning: &'static str) -> Field {
    Field {
        name,
        takes,
        meaning,
    }
}

/// The styles of buttons.
pub const STYLES: &[&str] = &["primary", "secondary", "plain"];

/// All fields, in the order in which a page shows them.
pub const FIELDS: &[Field] = &[
    field(
        "hero",
        Table(&[
            field(
                "title",
                Text,
                "the heading; default: the title of the page, or on the home page the name of the site",
            ),
            field(
                "text",
                Markdown,
                "what the site is about, in a sentence or two",
            ),
            field(
                "badge",
                Markdown,
                "a short notice above the title, such as a link to what is new",
            ),
        ]),
        "what stands at the top of the page",
    ),
    field(
        "actions",
        List(&[
            field("text", Text, "what the button says"),
            field("link", Address, "where it leads"),
            field("icon", Icon, "an icon behind the text"),
            field(
                "style",
                Word(STYLES),
                "how much it stands out; default: `primary` for the first button, `secondary` for the others",
            ),
        ]),
        "buttons below that",
    ),
    field(
        "picture",
        Table(&[
            field("file", Address, "the picture"),
            field(
                "dark",
                Address,
                "the picture in dark colours, if it is another",
            ),
            field(
                "alt",
                Verbatim,
                "what it shows, for readers who do not see it",
            ),
        ]),
        "a picture beside the title",
    ),
    field(
        "code",
        Table(&[
            field("text", Verbatim, "the code"),
            field("language", Verbatim, "its language, as in a fence"),
            field("title", Verbatim, "the name of its file, or another title"),
        ]),
        "code beside the title, below the picture if there is one",
    ),
    field(
        "features",
        List(&[
            field("title", Text, "its heading"),
            field("text", Markdown, "some sentences"),
            field("icon", Icon, "an icon above the heading"),
            field("link", Address, "where the heading leads"),
        ]),
        "cards below, each about one thing",
    ),
];
