//! The words of all pages together.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use super::page_words::{IMPACTS, PageWords};

/// The most places that are known of a word. More is known only of where it counts most:
/// such a word tells pages apart no better than another.
pub(super) const MOST_PLACES: usize = 6000;

/// The most groups of words that begin with the same letters.
const MOST_COMPLETIONS: usize = 64;

/// The most corrections of a word.
const MOST_CORRECTIONS: usize = 3;

/// A site with more pages than this is large.
const MANY_PAGES: usize = 1000;

/// Where a word is: sections, counted through all pages, and the rank in each.
pub type Places = Vec<(u32, u8)>;

/// Words with the same stem, on all pages.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Group {
    /// All forms, in order.
    pub forms: Vec<String>,
    /// On how many pages it is.
    pub pages: u32,
    /// Where it is.
    pub places: Places,
    /// Whether it is in more places than those.
    pub is_cut: bool,
}

impl Group {
    /// Leaves out the places where the word counts least, if there are too many.
    pub(super) fn cut(&mut self, starts: &[u32]) {
        if self.places.len() <= MOST_PLACES {
            return;
        }
        let mut pages: Vec<(u32, usize, usize)> = Vec::new();
        let mut start = 0;
        while let Some((first, _)) = self.places.get(start) {
            let end_of_page = starts[page_of(starts, *first) + 1];
            let length = self.places[start..].partition_point(|(at, _)| *at < end_of_page);
            let ranks = self.places[start..start + length].iter();
            let best = ranks.map(|(_, rank)| IMPACTS[usize::from(*rank)]).max();
            pages.push((best.unwrap_or(0), start, length));
            start += length;
        }
        pages.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut count = 0;
        pages.retain(|(_, _, length)| {
            count += length;
            count <= MOST_PLACES
        });
        pages.sort_by_key(|(_, start, _)| *start);
        let kept = pages.iter();
        let kept = kept.flat_map(|(_, start, length)| &self.places[*start..start + length]);
        self.places = kept.copied().collect();
        self.is_cut = true;
    }
}

/// The number of the page of a section.
pub(super) fn page_of(starts: &[u32], section: u32) -> usize {
    starts.partition_point(|start| *start <= section) - 1
}

/// The number of the first section of each page, and the number of all sections.
pub(super) fn starts<W: Borrow<PageWords>>(pages: &[W]) -> Vec<u32> {
    let mut starts = Vec::with_capacity(pages.len() + 1);
    let mut next = 0;
    for page in pages {
        starts.push(next);
        next += u32::from(page.borrow().sections);
    }
    starts.push(next);
    starts
}

/// The words of all pages of a site.
pub struct Corpus<'p, W> {
    /// The pages, in the order of the site.
    pub(super) pages: &'p [W],
    /// The number of the first section of each, and the number of all sections.
    pub(super) starts: Vec<u32>,
}

impl<'p, W: Borrow<PageWords>> Corpus<'p, W> {
    /// That of these pages.
    pub fn new(pages: &'p [W]) -> Self {
        Self {
            pages,
            starts: starts(pages),
        }
    }

    fn words(&self) -> impl Iterator<Item = &'p PageWords> {
        self.pages.iter().map(Borrow::borrow)
    }

    /// The groups that have a form.
    pub(super) fn exact(&self, form: &str) -> Vec<Group> {
        let mut stems = BTreeSet::new();
        for page in self.words() {
            let forms = page.forms_from(form).take_while(|(it, _)| *it == form);
            stems.extend(forms.map(|(_, stem)| stem));
        }
        let stems: Vec<&str> = stems.into_iter().collect();
        self.groups(&stems)
    }

    /// The groups with forms that begin with `prefix`, each with the first such form.
    /// There may be more if there are many.
    pub(super) fn completions(&self, prefix: &str) -> Vec<(String, Group)> {
        let mut forms = BTreeSet::new();
        for page in self.words() {
            let starting = page.forms_from(prefix);
            forms.extend(starting.take_while(|(it, _)| it.starts_with(prefix)));
        }
        self.near(forms, MOST_COMPLETIONS)
    }

    /// The groups of forms, at most `most`, each with its first form. Those that begin
    /// otherwise than the first form of their group are left out.
    fn near(&self, forms: BTreeSet<(&str, &str)>, most: usize) -> Vec<(String, Group)> {
        let mut found: BTreeMap<&str, Group> = BTreeMap::new();
        let mut order = Vec::new();
        let forms: Vec<_> = forms.into_iter().collect();
        for some in forms.chunks(2 * MOST_COMPLETIONS) {
            let stems: BTreeSet<&str> = some.iter().map(|(_, stem)| *stem).collect();
            let unknown = stems.into_iter().filter(|stem| !found.contains_key(stem));
            let unknown: Vec<&str> = unknown.collect();
            let groups = self.groups(&unknown);
            found.extend(unknown.into_iter().zip(groups));
            for (form, stem) in some {
                let is_near = found
                    .get(stem)
                    .is_some_and(|group| is_near(form, &group.forms[0]));
                if is_near && !order.iter().any(|(_, known)| known == stem) {
                    order.push((*form, *stem));
                }
                if order.len() == most {
                    break;
                }
            }
            if order.len() == most {
                break;
            }
        }
        let groups = order.into_iter();
        groups
            .filter_map(|(form, stem)| Some((form.to_owned(), found.remove(stem)?)))
            .collect()
    }

    /// The groups of words that differ from `form` by one slip of the keyboard, the
    /// commonest ones first, each with the right spelling.
    pub(super) fn corrections(&self, form: &str) -> Vec<(String, Group)> {
        // On a large site, so many words begin with a letter that browsers would have
        // to load too much.
        let length = if self.pages.len() > MANY_PAGES { 2 } else { 1 };
        let start: String = form.chars().take(length).collect();
        let mut forms = BTreeSet::new();
        for page in self.words() {
            let alike = page.forms_from(&start);
            let alike = alike.take_while(|(it, _)| it.starts_with(&start));
            forms.extend(alike.filter(|(it, _)| is_slip(form, it)));
        }
        let mut found = self.near(forms, usize::MAX);
        found.sort_by(|(a, one), (b, other)| other.pages.cmp(&one.pages).then(a.cmp(b)));
        found.truncate(MOST_CORRECTIONS);
        found
    }

    /// The words with some stems, which are in order and each on some page.
    fn groups(&self, stems: &[&str]) -> Vec<Group> {
        let mut groups = vec![Group::default(); stems.len()];
        let mut forms = vec![BTreeSet::new(); stems.len()];
        for (page, start) in self.words().zip(&self.starts) {
            page.groups(stems, |number, postings, own_forms| {
                let group = &mut groups[number];
                group.pages += 1;
                let places = postings.iter();
                let places = places.map(|it| (start + u32::from(it.section), it.rank));
                group.places.extend(places);
                forms[number].extend(own_forms);
            });
        }
        for (group, forms) in groups.iter_mut().zip(forms) {
            group.forms = forms.into_iter().map(str::to_owned).collect();
            group.cut(&self.starts);
        }
        groups
    }
}

/// Whether a form is so similar to the first form of its group that it is found by its
/// first letters.
fn is_near(form: &str, first: &str) -> bool {
    let mut letters = form.chars().zip(first.chars());
    letters.next().is_some_and(|(a, b)| a == b) && letters.next().is_none_or(|(a, b)| a == b)
}

/// Whether one character is missing, too many or wrong in `written`, or two are
/// exchanged.
fn is_slip(written: &str, right: &str) -> bool {
    if written == right || written.len().abs_diff(right.len()) > 4 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (written.chars().collect(), right.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a1, a2, a @ ..], [b1, b2, b @ ..]) => a1 == b2 && a2 == b1 && a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, MOST_PLACES, is_near, is_slip};

    #[test]
    fn one_slip_is_forgiven() {
        for right in [
            "password",
            "pasword",
            "passsword",
            "passwird",
            "passwrod",
            "passwor",
        ] {
            assert_eq!(is_slip(right, "password"), right != "password", "{right}");
        }
        assert!(!is_slip("paswrd", "password"));
        assert!(is_slip("шифроване", "шифрование"));
        assert!(is_near("messages", "message") && !is_near("تشفير", "التشفير"));
        assert!(is_near("a", "ab") && !is_near("", "ab"));
    }

    #[test]
    fn of_too_many_places_those_that_count_most_are_kept() {
        let pages = 8000_u32;
        let starts: Vec<u32> = (0..=pages).collect();
        let rank = |page: u32| if page % 10 == 9 { 15 } else { 1 };
        let mut group = Group {
            places: (0..pages).map(|page| (page, rank(page))).collect(),
            ..Group::default()
        };
        group.cut(&starts);
        assert!(group.is_cut);
        assert_eq!(group.places.len(), MOST_PLACES);
        assert!(group.places.contains(&(7999, 15)) && !group.places.contains(&(7998, 1)));
        assert!(group.places.is_sorted());
    }
}
