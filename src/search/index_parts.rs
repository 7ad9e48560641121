//! The index that a build writes for browsers, in parts, so that a reader loads what
//! a query needs.
//!
//! The root says where each word is: in one of several files of words, by its first
//! letters. A file of words has a line for each group of words with the same stem: its
//! forms, and its places. A form that belongs to a group of another file refers to the
//! first form of that group. Files of pages have the texts that results show.
//!
//! All files are scripts that call `__search`, because a page that is opened from disk
//! may load scripts, but not fetch anything.

use std::borrow::Borrow;
use std::fmt::{Display, Write as _};

use rustc_hash::FxHashMap;
use serde_json::json;

use super::corpus::{Group, starts};
use super::page_text::PLAIN_BOOST;
use super::page_words::PageWords;

/// The path of the root, below the folder of the search.
pub const ROOT: &str = "root.js";

/// About how many pages there are to each file of words.
const PAGES_TO_FILE: usize = 2;
/// How many times as many files there are for a language that is searched by pairs of
/// characters: a query has more of them than it would have words.
const FILES_OF_PAIRS: usize = 2;
/// The most files of words.
const MOST_FILES: usize = 1024;
/// On a site with more pages than this, several share one file of pages.
const SINGLE_PAGES: usize = 2000;
/// How many do so.
const SHARED_PAGES: usize = 4;

/// How many files there are, for a number of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The number of files of words.
    pub words: usize,
    /// How many pages are in each file of pages.
    pub pages_per_file: usize,
    /// The number of files of pages.
    pub pages: usize,
}

impl Layout {
    /// That of a site with this many pages in a language.
    pub fn of(pages: usize, language: &str) -> Self {
        let main = language.split(['-', '_']).next();
        let of_pairs = matches!(main, Some("zh" | "ja" | "ko" | "th" | "lo" | "km" | "my"));
        let times = if of_pairs { FILES_OF_PAIRS } else { 1 };
        let pages_per_file = if pages > SINGLE_PAGES {
            SHARED_PAGES
        } else {
            1
        };
        Self {
            words: (times * pages).div_ceil(PAGES_TO_FILE).clamp(1, MOST_FILES),
            pages_per_file,
            pages: pages.div_ceil(pages_per_file),
        }
    }
}

/// The root and the files of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexParts {
    /// The root.
    pub root: String,
    /// The files of words.
    pub words: Vec<String>,
}

impl IndexParts {
    /// The index of these pages, in the order of the site.
    pub fn of<W: Borrow<PageWords>>(pages: &[W], layout: Layout) -> Self {
        let starts = starts(pages);
        let groups = groups(pages, &starts);
        let files = in_files(&groups, layout.words);
        let boosts = pages.iter().map(|page| page.borrow().boost).enumerate();
        let boosts: Vec<_> = boosts.filter(|(_, boost)| *boost != PLAIN_BOOST).collect();
        let firsts: Vec<&str> = files.iter().map(|file| file.first.as_str()).collect();
        let mut counts = String::new();
        for page in pages {
            number(&mut counts, u32::from(page.borrow().sections));
        }
        let root = json!({
            "boosts": boosts,
            "pages": layout.pages_per_file,
            "sections": counts,
            "words": firsts,
        });
        let mut words: Vec<String> = (0_usize..)
            .zip(&files)
            .map(|(nth, file)| script(&format!("words/{nth}"), json_text(&file.lines)))
            .collect();
        words.resize_with(layout.words, || String::from(";"));
        Self {
            root: script("root", root),
            words,
        }
    }
}

/// The file of some pages, each what
/// [`PageText::shown`](super::PageText::shown) gives, as JSON.
/// Its number in the order of the files is `nth`.
pub fn pages_file<T: AsRef<str>>(nth: usize, pages: &[T]) -> String {
    let pages: Vec<&str> = pages.iter().map(AsRef::as_ref).collect();
    let name = json!(format!("pages/{nth}"));
    format!("__search({name},[{}])\n", pages.join(","))
}

/// A file that calls `__search`. The value is JSON.
fn script(name: &str, value: impl Display) -> String {
    format!("__search({},{value})\n", json!(name))
}

/// A text as JSON, without a copy of it.
fn json_text(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// All groups of words, in the order of their first forms.
fn groups<W: Borrow<PageWords>>(pages: &[W], starts: &[u32]) -> Vec<Group> {
    let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
    let mut groups: Vec<(&str, Group)> = Vec::new();
    let mut forms: Vec<Vec<&str>> = Vec::new();
    let mut of_page = Vec::new();
    for (page, start) in pages.iter().map(Borrow::borrow).zip(starts) {
        of_page.clear();
        for (stem, postings) in page.stems() {
            let number = *numbers.entry(stem).or_insert_with(|| {
                groups.push((stem, Group::default()));
                forms.push(Vec::new());
                groups.len() - 1
            });
            of_page.push(number);
            let group = &mut groups[number].1;
            group.pages += 1;
            let places = postings.iter();
            let places = places.map(|it| (start + u32::from(it.section), it.rank));
            group.places.extend(places);
        }
        for (form, stem) in page.forms() {
            let known = &mut forms[of_page[stem]];
            if !known.contains(&form) {
                known.push(form);
            }
        }
    }
    for ((_, group), mut known) in groups.iter_mut().zip(forms) {
        known.sort_unstable();
        group.forms = known.into_iter().map(str::to_owned).collect();
        group.cut(starts);
    }
    groups.sort_by(|(stem, one), (other_stem, other)| {
        one.forms
            .first()
            .cmp(&other.forms.first())
            .then(stem.cmp(other_stem))
    });
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A file of words.
#[derive(Default)]
struct WordsFile {
    /// The first form that it may have.
    first: String,
    /// Its lines.
    lines: String,
}

/// Distributes groups to files of about the same size.
fn in_files(groups: &[Group], count: usize) -> Vec<WordsFile> {
    let lines: Vec<String> = groups.iter().map(places).collect();
    let size = |group: &Group, line: &String| {
        let forms: usize = group.forms.iter().map(|form| form.len() + 1).sum();
        forms + line.len()
    };
    let sizes: Vec<usize> = groups
        .iter()
        .zip(&lines)
        .map(|(group, line)| size(group, line))
        .collect();
    let whole: usize = sizes.iter().sum();
    // Where each file begins.
    let mut firsts: Vec<&str> = Vec::new();
    let mut sum = 0;
    for (nth, (group, size)) in groups.iter().zip(&sizes).enumerate() {
        let home = &group.forms[0];
        let continues = nth > 0 && groups[nth - 1].forms[0] == *home;
        let is_full = sum * count >= firsts.len() * whole;
        if nth == 0 || (is_full && !continues) {
            firsts.push(if nth == 0 { "" } else { home });
        }
        sum += size;
    }
    let mut files: Vec<WordsFile> = firsts
        .iter()
        .map(|first| WordsFile {
            first: (*first).to_owned(),
            lines: String::new(),
        })
        .collect();
    let file_of = |form: &str| firsts.partition_point(|first| *first <= form) - 1;
    let mut referring: Vec<(&str, &str)> = Vec::new();
    for (group, line) in groups.iter().zip(&lines) {
        let home = &group.forms[0];
        let number = file_of(home);
        let elsewhere = group.forms.iter().filter(|form| file_of(form) != number);
        referring.extend(elsewhere.map(|form| (form.as_str(), home.as_str())));
        let target = &mut files[number].lines;
        target.push_str(&group.forms.join(","));
        target.push('!');
        target.push_str(line);
        target.push(';');
    }
    referring.sort_unstable();
    referring.dedup();
    for (form, home) in referring {
        let _ = write!(files[file_of(form)].lines, "{form}>{home};");
    }
    files
}

/// The places of a group, as a line has them: how many pages there are if not all are
/// known, and how far each place is from the one before, with its rank.
fn places(group: &Group) -> String {
    let mut line = String::with_capacity(2 * group.places.len());
    let mut before = 0;
    for (at, rank) in &group.places {
        number(&mut line, ((at - before) << 4) | u32::from(*rank));
        before = *at;
    }
    if group.is_cut {
        let _ = write!(line, "!{}", group.pages);
    }
    line
}

/// The digits of numbers: those that end a number, and those that do not.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes a number, with five bits in each digit.
fn number(text: &mut String, mut value: u32) {
    loop {
        let low = (value & 31) as usize;
        value >>= 5;
        let digit = if value == 0 { low } else { low + 32 };
        text.push(char::from(DIGITS[digit]));
        if value == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, number};

    #[test]
    fn the_number_of_files_follows_from_that_of_pages() {
        assert_eq!(
            Layout::of(0, "en"),
            Layout {
                words: 1,
                pages_per_file: 1,
                pages: 0
            }
        );
        assert_eq!(Layout::of(124, "en").words, 62);
        assert_eq!(Layout::of(124, "zh-Hant").words, 124);
        let large = Layout::of(10_000, "en");
        assert_eq!(
            (large.words, large.pages_per_file, large.pages),
            (1024, 4, 2500)
        );
    }

    #[test]
    fn numbers_are_digits_of_five_bits() {
        let mut text = String::new();
        for value in [0, 31, 32, 1023, 1024] {
            number(&mut text, value);
            text.push(' ');
        }
        assert_eq!(text, "A f gB _f ggB ");
    }
}
