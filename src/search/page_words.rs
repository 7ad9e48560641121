//! The words of a page, with where and how much they count.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::fold::compatible;
use super::page_text::PageText;
use super::vocabulary::{Vocabulary, Word};
use super::words::{Found, Unit, units, words_of};

/// The number of words of a section that counts neither as long nor as short.
const USUAL_LENGTH: f32 = 120.0;

/// Where a word stands, in the upper two bits of a rank.
const HEADING: u8 = 4;
const TAG: u8 = 8;
const TITLE: u8 = 12;

/// How much a word of each rank counts. A rank says where a word stands (in the text, a
/// heading, a tag or the address, the title of the page) and how prominent it is there.
pub const IMPACTS: [u32; 16] = [
    3, 6, 8, 10, // text
    14, 17, 21, 26, // heading
    10, 14, 18, 24, // tag or address
    24, 32, 42, 56, // title
];

/// A word in a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The number of the section in its page.
    pub section: u16,
    /// How much it counts there, as an index of [`IMPACTS`].
    pub rank: u8,
}

/// Where a word is in the text of a page's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    at: u32,
    length: u8,
}

/// Words with the same stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stem {
    piece: Piece,
    /// Where its postings end.
    postings: u32,
    /// Where its forms end.
    forms: u32,
}

/// The words of a page, small enough to be kept for all pages. Words with the same stem
/// are one group.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PageWords {
    /// All stems and forms.
    text: Box<str>,
    /// The stems in order.
    stems: Box<[Stem]>,
    /// The forms in order, each with the number of its stem.
    forms: Box<[(Piece, u16)]>,
    /// The numbers of the forms of each stem, in the order of the stems.
    forms_of_stems: Box<[u16]>,
    postings: Box<[Posting]>,
    /// How many sections the page has.
    pub sections: u16,
    /// The weight of the page in sixteenths.
    pub boost: u32,
}

impl PageWords {
    /// The words of a page.
    pub fn of(page: &PageText, vocabulary: &Vocabulary) -> Self {
        // More sections than that are no text that people read.
        let sections = page
            .sections
            .get(..usize::from(u16::MAX))
            .unwrap_or(&page.sections);
        let of_sections = sections.iter();
        let texts: Vec<(Cow<'_, str>, Cow<'_, str>)> = of_sections
            .map(|it| (compatible(&it.title), compatible(&it.text)))
            .collect();
        let mut named = vec![(TITLE, compatible(&page.title))];
        named.extend(page.tags.iter().map(|tag| (TAG, compatible(tag))));
        named.push((TAG, compatible(address_words(&page.url))));
        let mut words = Collected {
            vocabulary,
            known: FxHashMap::default(),
            pairs: FxHashMap::default(),
            found: Vec::new(),
            groups: Vec::new(),
            by_stem: FxHashMap::default(),
        };
        let mut counts = Counts::default();
        for (number, (title, text)) in (0_u16..).zip(&texts) {
            let is_first = number == 0;
            let named = if is_first { &*named } else { &[] };
            let place = if is_first { TITLE } else { HEADING };
            let is_title = is_first && page.title == sections[0].title;
            let heading = (!is_title).then_some((place, &**title));
            words.count(number, named, heading, text, &mut counts);
        }
        words.pack(
            u16::try_from(sections.len()).unwrap_or(u16::MAX),
            page.boost,
        )
    }

    fn str(&self, piece: Piece) -> &str {
        let start = piece.at as usize;
        self.text
            .get(start..start + usize::from(piece.length))
            .unwrap_or_default()
    }

    /// All stems in order.
    pub fn stems(&self) -> impl Iterator<Item = (&str, &[Posting])> {
        (0..self.stems.len()).map(|number| (self.stem(number), self.postings(number)))
    }

    /// All forms in order, each with the number of its stem.
    pub fn forms(&self) -> impl Iterator<Item = (&str, usize)> {
        let forms = self.forms.iter();
        forms.map(|(piece, stem)| (self.str(*piece), usize::from(*stem)))
    }

    /// The forms from `first` on, in order, each with its stem.
    pub fn forms_from(&self, first: &str) -> impl Iterator<Item = (&str, &str)> {
        let start = self
            .forms
            .partition_point(|(piece, _)| self.str(*piece) < first);
        let forms = self.forms[start..].iter();
        forms.map(|(piece, stem)| (self.str(*piece), self.stem(usize::from(*stem))))
    }

    /// Calls `each` for those of some stems in order that the page has, with their
    /// number among them, where they are, and their forms.
    pub fn groups<'w>(
        &'w self,
        stems: &[&str],
        mut each: impl FnMut(usize, &'w [Posting], &mut dyn Iterator<Item = &'w str>),
    ) {
        let mut at = 0;
        for (wanted, stem) in stems.iter().enumerate() {
            // The next one is often near.
            let mut step = 1;
            while at + step < self.stems.len() && self.stem(at + step) < *stem {
                at += step;
                step *= 2;
            }
            let end = (at + step + 1).min(self.stems.len());
            at += self.stems[at..end].partition_point(|it| self.str(it.piece) < *stem);
            if at >= self.stems.len() {
                break;
            }
            if self.stem(at) == *stem {
                let range = match at {
                    0 => 0,
                    _ => self.stems[at - 1].forms as usize,
                }..self.stems[at].forms as usize;
                let forms = self.forms_of_stems[range].iter();
                let mut forms = forms.map(|form| self.str(self.forms[usize::from(*form)].0));
                each(wanted, self.postings(at), &mut forms);
            }
        }
    }

    fn stem(&self, number: usize) -> &str {
        self.str(self.stems[number].piece)
    }

    fn postings(&self, number: usize) -> &[Posting] {
        let start = match number {
            0 => 0,
            _ => self.stems[number - 1].postings,
        };
        &self.postings[start as usize..self.stems[number].postings as usize]
    }
}

/// How often a word stands in a section.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    strong: u16,
    weak: u16,
    /// The highest rank outside of the text.
    rank: u8,
}

/// The words of a section by the numbers of their groups.
#[derive(Debug, Default)]
struct Counts {
    all: Vec<Option<Count>>,
    /// The groups that the section has, each once.
    groups: Vec<u16>,
}

impl Counts {
    /// The count of a group.
    fn of(&mut self, group: u16) -> &mut Count {
        let at = usize::from(group);
        if at >= self.all.len() {
            self.all.resize(at + 1, None);
        }
        self.all[at].get_or_insert_with(|| {
            self.groups.push(group);
            Count::default()
        })
    }

    /// All counts, which are none afterwards.
    fn drain(&mut self) -> impl Iterator<Item = (u16, Count)> {
        let all = &mut self.all;
        let groups = self.groups.drain(..);
        groups.filter_map(|group| Some((group, all[usize::from(group)].take()?)))
    }
}

/// A group of words of the page.
struct Group {
    stem: Arc<str>,
    forms: SmallVec<[Arc<str>; 2]>,
    postings: SmallVec<[Posting; 4]>,
}

/// The words of a page, while they are collected.
struct Collected<'a> {
    vocabulary: &'a Vocabulary,
    /// Where the groups that words as they are written belong to are in `found`.
    known: FxHashMap<&'a str, (u32, u32)>,
    /// The groups of pairs of characters.
    pairs: FxHashMap<Box<str>, Option<u16>>,
    /// Groups, and whether words count less in them.
    found: Vec<(u16, bool)>,
    groups: Vec<Group>,
    by_stem: FxHashMap<Arc<str>, u16>,
}

impl<'a> Collected<'a> {
    /// Counts the words of a section. The first one also stands for the page, with the
    /// texts by which that is `named`, each with its place.
    fn count(
        &mut self,
        number: u16,
        named: &'a [(u8, Cow<'a, str>)],
        heading: Option<(u8, &'a str)>,
        text: &'a str,
        counts: &mut Counts,
    ) {
        let mut length = 0_u32;
        self.each_group(text, |group, is_weak| {
            let count = counts.of(group);
            if is_weak {
                count.weak = count.weak.saturating_add(1);
            } else {
                count.strong = count.strong.saturating_add(1);
                length += 1;
            }
        });
        let named = named.iter().map(|(place, text)| (*place, &**text));
        for (place, text) in named.chain(heading) {
            self.rank(text, place, counts);
        }
        for (group, count) in counts.drain() {
            self.groups[usize::from(group)].postings.push(Posting {
                section: number,
                rank: count.rank(length),
            });
        }
    }

    /// Ranks the words of a heading, the higher the fewer there are.
    fn rank(&mut self, heading: &'a str, place: u8, counts: &mut Counts) {
        let mut found = Vec::new();
        let mut length = 0;
        self.each_group(heading, |group, is_weak| {
            length += u32::from(!is_weak);
            found.push((group, is_weak));
        });
        let prominence = match length {
            0 | 1 => 3,
            2 => 2,
            3..=5 => 1,
            _ => 0,
        };
        for (group, is_weak) in found {
            let rank = place + if is_weak { 0 } else { prominence };
            let count = counts.of(group);
            if count.rank == 0 || IMPACTS[usize::from(rank)] > IMPACTS[usize::from(count.rank)] {
                count.rank = rank;
            }
        }
    }

    /// Calls `each` with the groups of all words of a text in compatibility form.
    fn each_group(&mut self, text: &'a str, mut each: impl FnMut(u16, bool)) {
        units(text, |unit| {
            let known = self.known.get(unit.written()).copied();
            let (start, end) = known.unwrap_or_else(|| self.find(unit));
            for (group, is_weak) in &self.found[start as usize..end as usize] {
                each(*group, *is_weak);
            }
        });
    }

    /// Where the groups of a unit are from now on.
    fn find(&mut self, unit: Unit<'a>) -> (u32, u32) {
        let place = |found: &[(u16, bool)]| u32::try_from(found.len()).unwrap_or(u32::MAX);
        let start = place(&self.found);
        if matches!(unit, Unit::Run(_)) {
            // Hardly any run is there twice, but most of its pairs are.
            words_of(unit, |found| {
                if let Some(group) = self.group_of_pair(found) {
                    self.found.push((group, found.is_weak));
                }
            });
        } else {
            for word in &*self.vocabulary.words(unit) {
                if let Some(group) = self.group(word) {
                    self.found.push((group, word.is_weak));
                }
            }
        }
        let range = (start, place(&self.found));
        self.known.insert(unit.written(), range);
        range
    }

    /// The group of a pair of characters; `None` if it is not one that people type.
    fn group_of_pair(&mut self, found: Found<'_>) -> Option<u16> {
        if let Some(known) = self.pairs.get(found.spelling) {
            return *known;
        }
        let word = self.vocabulary.word(found);
        let group = word.and_then(|word| self.group(&word));
        self.pairs.insert(found.spelling.into(), group);
        group
    }

    /// The group of a word; `None` if the page has too many.
    fn group(&mut self, word: &Word) -> Option<u16> {
        let number = match self.by_stem.get(&word.stem) {
            Some(number) => *number,
            None => {
                let number = u16::try_from(self.groups.len()).ok()?;
                self.by_stem.insert(word.stem.clone(), number);
                self.groups.push(Group {
                    stem: word.stem.clone(),
                    forms: SmallVec::new(),
                    postings: SmallVec::new(),
                });
                number
            }
        };
        let forms = &mut self.groups[usize::from(number)].forms;
        for form in [Some(&word.form), word.respelled.as_ref()]
            .into_iter()
            .flatten()
        {
            if !forms.contains(form) {
                forms.push(form.clone());
            }
        }
        Some(number)
    }

    fn pack(self, sections: u16, boost: u32) -> PageWords {
        let groups = self.groups.iter();
        let mut groups: Vec<(u64, &Group)> = groups.map(|it| (beginning(&it.stem), it)).collect();
        groups.sort_unstable_by(|(a, one), (b, other)| {
            a.cmp(b).then_with(|| one.stem.cmp(&other.stem))
        });
        let mut text = String::new();
        let mut stems = Vec::with_capacity(self.groups.len());
        let mut forms = Vec::new();
        let mut postings = Vec::new();
        for (number, (_, group)) in (0_u16..).zip(&groups) {
            postings.extend_from_slice(&group.postings);
            let mut add = |word: &str| {
                let at = u32::try_from(text.len()).unwrap_or(u32::MAX);
                text.push_str(word);
                Piece {
                    at,
                    length: u8::try_from(word.len()).unwrap_or(u8::MAX),
                }
            };
            let mut of_stem = None;
            for form in &group.forms {
                let piece = add(form);
                if of_stem.is_none() && form.starts_with(&*group.stem) {
                    of_stem = Some(Piece {
                        length: u8::try_from(group.stem.len()).unwrap_or(u8::MAX),
                        ..piece
                    });
                }
                forms.push((beginning(form), piece, number));
            }
            let of_stem = of_stem.unwrap_or_else(|| add(&group.stem));
            stems.push(Stem {
                piece: of_stem,
                postings: u32::try_from(postings.len()).unwrap_or(u32::MAX),
                forms: u32::try_from(forms.len()).unwrap_or(u32::MAX),
            });
        }
        let mut words = PageWords {
            text: text.into(),
            stems: stems.into(),
            forms: Box::default(),
            forms_of_stems: Box::default(),
            postings: postings.into(),
            sections,
            boost,
        };
        // More forms than can be numbered are no page that people read.
        forms.truncate(usize::from(u16::MAX));
        forms.sort_unstable_by(|(a, one, stem), (b, other, other_stem)| {
            let texts = || words.str(*one).cmp(words.str(*other));
            a.cmp(b).then_with(texts).then(stem.cmp(other_stem))
        });
        let mut of_stems: Vec<(u16, u16)> = forms
            .iter()
            .zip(0_u16..)
            .map(|((.., stem), form)| (*stem, form))
            .collect();
        of_stems.sort_unstable();
        words.forms_of_stems = of_stems.into_iter().map(|(_, form)| form).collect();
        let forms = forms.into_iter();
        words.forms = forms.map(|(_, piece, stem)| (piece, stem)).collect();
        words
    }
}

/// The first bytes of a text as a number. Numbers that differ are in the order of their
/// texts, and few words are compared by anything else.
fn beginning(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

impl Count {
    /// The rank in a section of `length` words.
    fn rank(self, length: u32) -> u8 {
        if self.rank > 0 {
            return self.rank;
        }
        if self.strong == 0 {
            return 0;
        }
        let count = f32::from(self.strong);
        #[expect(clippy::cast_precision_loss, reason = "lengths are small")]
        let length = length as f32 / USUAL_LENGTH;
        match count / (count + 0.9 + 0.9 * length) {
            0.0..0.45 => 1,
            0.45..0.65 => 2,
            _ => 3,
        }
    }
}

/// The words that name a page in its address.
pub(super) fn address_words(url: &str) -> &str {
    let name = url.trim_end_matches('/');
    let name = name.strip_suffix("/index.html").unwrap_or(name);
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.strip_suffix(".html").unwrap_or(name);
    if name == "index" { "" } else { name }
}
