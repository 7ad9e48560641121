//! Synthetic sites of any size: the same bytes for the same size and shape.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Site;

/// How many pages a section has.
const SECTION: usize = 100;
/// How many words there are to choose from.
const VOCABULARY: usize = 20_000;

/// How the pages lie in folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Sections of a hundred pages, ten of them in a section above.
    Sections,
    /// All pages in one folder.
    Flat,
}

impl Shape {
    /// Its name in arguments and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sections => "sections",
            Self::Flat => "flat",
        }
    }
}

/// A page in the words of no particular program.
pub struct Page {
    /// Its path without extension, in the folder of all pages.
    pub path: String,
    pub title: String,
    /// What follows its title, in plain Markdown.
    pub text: String,
}

/// A site of many pages.
pub struct Synthetic {
    pub site: Site,
    pub pages: usize,
    pub shape: Shape,
}

/// What every page includes.
pub const SHARED: &str = "This paragraph is the same on every page.\n";
/// What proofroom, MkDocs and Zensical are configured with.
const CONFIG: &str = "site_name: Scale\nsite_url: https://example.org/\n\
    markdown_extensions:\n  - toc:\n      permalink: true\n  - admonition\n  - tables\n  \
    - pymdownx.highlight\n  - pymdownx.superfences\n  - pymdownx.snippets\n";

impl Synthetic {
    /// Makes a site, set up for proofroom.
    pub fn new(pages: usize, shape: Shape) -> Self {
        let site = Site::new(&[
            ("mkdocs.yml", &format!("{CONFIG}plugins: [search]\n")),
            ("plain.yml", &format!("{CONFIG}plugins: []\n")),
            (
                "edited.yml",
                &format!("{CONFIG}plugins: [search]\ntheme:\n  custom_dir: overrides\n"),
            ),
            (
                "material.yml",
                &format!("{CONFIG}plugins: [search]\ntheme:\n  name: material\n"),
            ),
            ("shared.md", SHARED),
            ("docs/index.md", "# Scale\n\nWelcome.\n"),
            (
                "overrides/main.html",
                "{% extends \"base.html\" %}\n{% block announce %}Announcement{% endblock %}\n",
            ),
        ]);
        let synthetic = Self { site, pages, shape };
        for page in synthetic.all() {
            let Page { path, title, text } = page;
            let text = format!("# {title}\n\n{text}\n--8<-- \"shared.md\"\n");
            synthetic.site.write(&format!("docs/{path}.md"), text);
        }
        synthetic
    }

    /// Its pages apart from the home page.
    pub fn all(&self) -> impl Iterator<Item = Page> {
        let words = vocabulary();
        (1..self.pages).map(move |number| page(number, self.pages, self.shape, &words))
    }

    /// The path of a page without extension, in `docs/`.
    pub fn path_of(&self, number: usize) -> String {
        path(number, self.shape)
    }

    /// The title of a page.
    pub fn title_of(&self, number: usize) -> String {
        page(number, self.pages, self.shape, &vocabulary()).title
    }

    /// What it is called in tables.
    pub fn name(&self) -> String {
        format!("{} pages, {}", self.pages, self.shape.name())
    }

    /// Its docs.
    pub fn docs(&self) -> PathBuf {
        self.site.path("docs")
    }

    /// A configuration that lists all pages, for what edits its nav.
    pub fn listed(&self, first: &str) -> String {
        let mut text = format!("{CONFIG}plugins: [search]\nnav:\n  - {first}: index.md\n");
        let mut open = (usize::MAX, usize::MAX);
        for number in 1..self.pages {
            let (upper, section) = (number / SECTION / 10, number / SECTION);
            if self.shape == Shape::Flat {
                let _ = writeln!(text, "  - page-{number}.md");
                continue;
            }
            if open.0 != upper {
                let _ = writeln!(text, "  - Section {upper}:");
            }
            if open.1 != section {
                let _ = writeln!(text, "      - Part {section}:");
            }
            open = (upper, section);
            let _ = writeln!(text, "          - {}.md", self.path_of(number));
        }
        text
    }
}

/// Writes a text, and the folders above it.
pub fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).expect("a folder");
    }
    fs::write(path, text).expect("written");
}

fn path(number: usize, shape: Shape) -> String {
    match shape {
        Shape::Flat => format!("page-{number}"),
        Shape::Sections => {
            let section = number / SECTION;
            let upper = section / 10;
            format!("section-{upper:03}/part-{section:04}/page-{number}")
        }
    }
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    /// In `0..1`.
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1 << 24)
    }
}

/// Words of one or two syllables, short ones first, as in a real language.
fn vocabulary() -> Vec<String> {
    const STARTS: [&str; 16] = [
        "b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl",
    ];
    const ENDS: [&str; 10] = ["a", "e", "i", "o", "u", "an", "er", "in", "on", "al"];
    let syllable = |number: usize| {
        let (start, end) = (number % STARTS.len(), number / STARTS.len() % ENDS.len());
        format!("{}{}", STARTS[start], ENDS[end])
    };
    let count = STARTS.len() * ENDS.len();
    let word = |number: usize| {
        let (mut word, mut rest) = (syllable(number * 7), number / count);
        while rest > 0 {
            word.push_str(&syllable(rest * 11 + number));
            rest /= count;
        }
        word
    };
    (0..VOCABULARY).map(word).collect()
}

/// A page of about three kilobytes.
fn page(number: usize, pages: usize, shape: Shape, words: &[String]) -> Page {
    let mut numbers = Numbers(number as u64 * 2_654_435_761 + 1);
    let mut sentence = |length: usize| {
        let mut text = String::new();
        for at in 0..length {
            // By Zipf's law, a few words are most of a text.
            let rank = (VOCABULARY as f64).powf(numbers.next()) as usize - 1;
            let word = &words[rank.min(VOCABULARY - 1)];
            match at {
                0 => text.extend([&word[..1].to_uppercase(), &word[1..]]),
                _ => text.extend([" ", word]),
            }
        }
        text
    };
    let title = format!("{} {number}", sentence(2));
    let other = match number + 1 {
        next if next < pages && (shape == Shape::Flat || next % SECTION != 0) => next,
        _ => number,
    };
    let mut text = String::new();
    for _ in 0..5 {
        let (heading, long, short) = (sentence(3), sentence(60), sentence(8));
        let bold = sentence(4);
        let _ = writeln!(
            text,
            "## {heading}\n\n{long}. See [another](page-{other}.md) and `code`.\n\n- {short}.\n- **{bold}**.\n"
        );
    }
    let (cell, note) = (sentence(3), sentence(20));
    let _ = writeln!(
        text,
        "| Name | Value |\n| --- | --- |\n| {cell} | {number} |\n\n\
         ```python\ndef f(x):\n    \"\"\"doc\"\"\"\n    return [y for y in range(x) if y % 2 == 0]\n```\n\n\
         !!! note\n\n    {note}.\n"
    );
    Page {
        path: path(number, shape),
        title,
        text,
    }
}
