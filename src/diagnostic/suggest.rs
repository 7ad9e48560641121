//! "Did you mean": finds the known name that is closest to an unknown one.

use std::cell::Cell;
use std::cmp::Reverse;

use crate::work::step;

/// Endings that may be confused with one another: pages are linked as `.html`, and
/// pictures change their format. Not every dot begins an ending: `theme.name` is
/// not close to `theme.icon`.
const ENDINGS: [&str; 18] = [
    "md", "markdown", "html", "htm", "svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico",
    "yml", "yaml", "toml", "json", "css", "js",
];

/// Names of files that represent their folder.
const INDEXES: [&str; 2] = ["index", "readme"];

/// Names longer than this, in characters, are not compared letter by letter.
const LONGEST: usize = 256;

/// The maximum edit distance of a suggestion, however long the name is.
const FARTHEST: usize = 6;

/// How many names may be compared for one page, nav or configuration.
const COMPARED: usize = 300_000;

/// Makes the suggestions for one page, nav or configuration, and limits their
/// number, so that a page with thousands of dead links is not compared with the
/// whole site thousands of times. With three thousand known names there are up to
/// a hundred suggestions, with more names fewer, but always at least one.
#[derive(Debug)]
pub struct Suggestions {
    left: Cell<usize>,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self {
            left: Cell::new(COMPARED),
        }
    }
}

/// The known name that was probably meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Near {
    /// The name.
    pub name: String,
    /// Whether no other name is as close.
    pub is_only: bool,
}

impl Suggestions {
    /// The candidate that was probably meant by `name`, if any is close and not
    /// too many names have been compared so far.
    ///
    /// A candidate is close if it differs by a few typos (an extra, missing,
    /// wrong or swapped letter; about one in three letters), if it has another
    /// ending, or if it is a file of the same name in another folder. Case does
    /// not matter. Among equally close candidates, the one with the longest
    /// common start and end wins, then the first by name; their order does not
    /// matter.
    pub fn suggest<'a>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<Near> {
        let mut left = self.left.get();
        if left == 0 {
            return None;
        }
        let counted = candidates
            .into_iter()
            .inspect(|_| left = left.saturating_sub(1));
        let nearest = suggest(name, counted);
        self.left.set(left);
        nearest
    }
}

/// The closest of all `candidates`.
fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Near> {
    let meant = Name::new(name);
    let mut slips = Slips::default();
    let mut best: Option<(Rank, &str)> = None;
    let mut is_only = true;
    for candidate in candidates {
        step(1);
        let is_best = best.is_some_and(|(_, best)| best == candidate);
        if candidate == name || candidate.is_empty() || is_best {
            continue;
        }
        // Candidates farther away than the best one so far need not be measured.
        let farthest = best.map_or(FARTHEST, |((nearness, _), _)| nearness.slips());
        let Some(rank) = meant.rank(&Name::new(candidate), farthest, &mut slips) else {
            continue;
        };
        // A common start and end does not make a suggestion the only one.
        match best {
            Some(((nearness, _), _)) if rank.0 >= nearness => {
                is_only &= rank.0 > nearness;
            }
            _ => is_only = true,
        }
        if best.is_none_or(|best| (rank, candidate) < best) {
            best = Some((rank, candidate));
        }
    }
    let (_, name) = best?;
    Some(Near {
        name: name.to_owned(),
        is_only,
    })
}

type Rank = (Nearness, Reverse<usize>);

/// How far a name is from another. A file in another folder is closer than two
/// typos, and farther than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nearness(usize);

impl Nearness {
    const SAME_PLACE: Self = Self(0);
    const MOVED: Self = Self(3);
    const MOVED_AND_RENAMED: Self = Self(5);

    fn of_slips(count: usize) -> Self {
        Self(count * 2)
    }

    /// The largest number of typos that is not farther than this.
    fn slips(self) -> usize {
        (self.0 / 2).min(FARTHEST)
    }
}

/// A name and its parts.
struct Name<'a> {
    /// The whole name.
    whole: &'a str,
    /// The name without its ending and without a final `/index`.
    stem: &'a str,
}

impl<'a> Name<'a> {
    fn new(whole: &'a str) -> Self {
        let mut stem = without_ending(whole).trim_end_matches('/');
        if let Some((folder, name)) = stem.rsplit_once('/')
            && INDEXES.iter().any(|index| name.eq_ignore_ascii_case(index))
        {
            stem = folder;
        }
        Self { whole, stem }
    }

    fn is_index(&self) -> bool {
        let stem = without_ending(last(self.whole));
        INDEXES.iter().any(|index| stem.eq_ignore_ascii_case(index))
    }

    fn rank(&self, other: &Self, farthest: usize, slips: &mut Slips) -> Option<Rank> {
        let nearness = self.nearness(other, farthest, slips)?;
        let (a, b) = (self.whole.bytes(), other.whole.bytes());
        let alike = |(a, b): &(u8, u8)| a == b;
        let first = a.clone().zip(b.clone()).take_while(alike).count();
        let shared = first + a.rev().zip(b.rev()).take_while(alike).count();
        Some((nearness, Reverse(shared)))
    }

    fn nearness(&self, other: &Self, farthest: usize, slips: &mut Slips) -> Option<Nearness> {
        if same(self.stem, other.stem) {
            return Some(Nearness::SAME_PLACE);
        }
        let (near, far) = without_shared_folders(self.stem, other.stem);
        let in_folders = self.whole.contains('/') || other.whole.contains('/');
        let moved = if !in_folders || !same(last(self.stem), last(other.stem)) {
            None
        } else if same(last(self.whole), last(other.whole)) || self.is_index() || other.is_index() {
            Some(Nearness::MOVED)
        } else {
            Some(Nearness::MOVED_AND_RENAMED)
        };
        // Folders and file are measured separately: a long path must not allow
        // more typos in the name of the file.
        let ((folders, file), (other_folders, other_file)) = (split(near), split(far));
        let counted = slips.count(file, other_file, farthest).and_then(|in_file| {
            let left = farthest.saturating_sub(in_file);
            Some(in_file + slips.count(folders, other_folders, left)?)
        });
        let counted = counted.map(Nearness::of_slips);
        match (moved, counted) {
            (Some(moved), Some(counted)) => Some(moved.min(counted)),
            (moved, counted) => moved.or(counted),
        }
    }
}

fn without_ending(path: &str) -> &str {
    let known = |ending: &str| ENDINGS.iter().any(|it| it.eq_ignore_ascii_case(ending));
    match path.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && known(ending) => stem,
        _ => path,
    }
}

/// Splits a path into its folders and its last part.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn last(path: &str) -> &str {
    split(path).1
}

/// The set of bytes in a text.
fn letters(text: &str) -> u64 {
    let bit = |byte: u8| 1 << (byte.to_ascii_lowercase() % 64);
    text.bytes().fold(0, |set, byte| set | bit(byte))
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        fold(a).eq(fold(b))
    }
}

/// Removes the common folders at the start of both paths. They are correct, and
/// must not allow more typos in the rest.
fn without_shared_folders<'a>(mut a: &'a str, mut b: &'a str) -> (&'a str, &'a str) {
    while let (Some((first_a, rest_a)), Some((first_b, rest_b))) =
        (a.split_once('/'), b.split_once('/'))
        && first_a == first_b
    {
        (a, b) = (rest_a, rest_b);
    }
    (a, b)
}

/// Counts typos: the Damerau-Levenshtein distance (optimal string alignment), up
/// to a limit. It keeps its buffers, because it is used often.
#[derive(Default)]
struct Slips {
    a: Vec<char>,
    b: Vec<char>,
    rows: [Vec<usize>; 3],
}

impl Slips {
    fn count(&mut self, a: &str, b: &str, farthest: usize) -> Option<usize> {
        if same(a, b) {
            return Some(0);
        }
        let longer = a.len().max(b.len());
        // A character has at most four bytes, so this is a cheap first check.
        if longer > LONGEST * 4 {
            return None;
        }
        if a.is_ascii() && b.is_ascii() {
            // An extra or missing letter changes one bit of the set, a wrong
            // letter two. This rules out most names.
            let differing = (letters(a) ^ letters(b)).count_ones() as usize;
            let farthest = farthest.min(longer / 3);
            if a.len().abs_diff(b.len()) > farthest || differing > farthest * 2 {
                return None;
            }
        }
        self.a.clear();
        self.a.extend(fold(a));
        self.b.clear();
        self.b.extend(fold(b));
        let (a, b) = (&self.a[..], &self.b[..]);
        let longer = a.len().max(b.len());
        let farthest = farthest.min(longer / 3);
        if longer > LONGEST || a.len().abs_diff(b.len()) > farthest {
            return None;
        }
        let [before, above, row] = &mut self.rows;
        above.clear();
        above.extend(0..=b.len());
        before.clone_from(above);
        for (i, &in_a) in a.iter().enumerate() {
            row.clear();
            row.push(i + 1);
            let mut least = i + 1;
            for (j, &in_b) in b.iter().enumerate() {
                let mut steps = above[j] + usize::from(in_a != in_b);
                steps = steps.min(above[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && in_a == b[j - 1] && a[i - 1] == in_b {
                    steps = steps.min(before[j - 1] + 1);
                }
                least = least.min(steps);
                row.push(steps);
            }
            // One more than the limit, because a swap reaches back two rows.
            if least > farthest + 1 {
                return None;
            }
            std::mem::swap(before, above);
            std::mem::swap(above, row);
        }
        above.last().copied().filter(|&steps| steps <= farthest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::steps_of;

    fn near(name: &str, candidates: &[&str]) -> Option<Near> {
        let forth = suggest(name, candidates.iter().copied());
        let back = suggest(name, candidates.iter().rev().copied());
        assert_eq!(forth, back, "the order does not matter");
        forth
    }

    fn name_near<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
        let near = near(name, candidates)?;
        candidates.iter().copied().find(|it| *it == near.name)
    }

    #[test]
    fn knows_whether_there_is_only_one_suggestion() {
        let is_only = |name, known: &[&str]| near(name, known).expect("one is near").is_only;
        assert!(is_only("instal", &["install", "instill", "install"]));
        assert!(!is_only("bat1", &["bat3", "bat2", "bat3"]));
        assert!(!is_only("page.md", &["a/page.md", "b/page.md"]));
        assert!(is_only("page.md", &["pag.md", "a/page.md", "b/page.md"]));
    }

    #[test]
    fn finds_typos() {
        let pages = ["guide/install.md", "guide/build.md", "index.md", "a.md"];
        for (name, meant) in [
            ("guide/instal.md", Some("guide/install.md")),
            ("guide/isntall.md", Some("guide/install.md")),
            ("giude/install.md", Some("guide/install.md")),
            ("guide/INSTALL.md", Some("guide/install.md")),
            ("guide/uninstalled.md", None),
            ("guide/deploy.md", None),
            ("giude/deploy.md", None),
            ("b.md", None),
            ("", None),
        ] {
            assert_eq!(name_near(name, &pages), meant, "{name}");
        }
        let keys = [
            "site_name",
            "site_url",
            "docs_dir",
            "theme.name",
            "theme.icon",
        ];
        assert_eq!(name_near("site_nme", &keys), Some("site_name"));
        assert_eq!(name_near("site_ulr", &keys), Some("site_url"));
        assert_eq!(name_near("theme.nam", &keys), Some("theme.name"));
        assert_eq!(name_near("theme.palette", &keys), None);
        assert_eq!(
            name_near("索引頁面", &["索引页面", "首頁"]),
            Some("索引页面")
        );
    }

    #[test]
    fn finds_other_endings_and_folders() {
        let pages = [
            "guide/install.md",
            "guide/setup/index.md",
            "other/more.md",
            "x/y/more.md",
        ];
        for (name, meant) in [
            ("guide/install.html", Some("guide/install.md")),
            ("guide/install/", Some("guide/install.md")),
            ("guide/install", Some("guide/install.md")),
            ("guide/setup.md", Some("guide/setup/index.md")),
            ("install.md", Some("guide/install.md")),
            ("setup.md", Some("guide/setup/index.md")),
            ("x/more.md", Some("x/y/more.md")),
            ("more.md", Some("other/more.md")),
            ("gone/index.md", None),
        ] {
            assert_eq!(name_near(name, &pages), meant, "{name}");
        }
        assert_eq!(
            name_near("img/a.png", &["img/a.svg", "img/b.png"]),
            Some("img/a.svg")
        );
    }

    #[test]
    fn the_closest_wins_and_the_first_among_equals() {
        assert_eq!(
            name_near("instal", &["install", "instill"]),
            Some("install")
        );
        assert_eq!(name_near("bat1", &["bat3", "bat2"]), Some("bat2"));
        assert_eq!(
            name_near("a/page.md", &["b/page.md", "a/pages.md"]),
            Some("a/pages.md")
        );
        assert_eq!(name_near("same", &["same"]), None);
    }

    #[test]
    fn survives_anything() {
        let long = "ä/".repeat(20_000);
        for name in ["/", "//", ".md", "/index.md", "İ", "\u{0}", &long] {
            for candidate in ["/", ".", ".md", "index", "i̇", &long[2..]] {
                suggest(name, [candidate, "README.md", ""]);
            }
        }
    }

    #[test]
    fn ten_thousand_candidates() {
        let names: Vec<String> = (0..10_000)
            .map(|n| format!("section-{}/page-{n}.md", n % 97))
            .collect();
        let found = suggest("section-4/pgae-4.md", names.iter().map(String::as_str));
        let found = found.expect("one is near");
        assert_eq!(found.name, "section-4/page-4.md");
    }

    #[test]
    fn the_number_of_comparisons_is_bounded() {
        let names: Vec<String> = (0..3_000).map(|n| format!("page-{n}.md")).collect();
        let work = |faults: usize| {
            let suggestions = Suggestions::default();
            let mut found = 0;
            let steps = steps_of(|| {
                for fault in 0..faults {
                    let name = format!("pgae-{fault}.md");
                    let near = suggestions.suggest(&name, names.iter().map(String::as_str));
                    found += usize::from(near.is_some());
                }
            });
            (found, steps)
        };
        assert_eq!(work(100).0, 100);
        assert_eq!(work(3_000), work(100));
        let suggestions = Suggestions::default();
        let many: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .cycle()
            .take(1_000_000)
            .collect();
        let near = |name| suggestions.suggest(name, many.iter().copied());
        assert_eq!(
            (near("pgae-1.md").map(|it| it.name), near("pgae-2.md")),
            (Some("page-1.md".to_owned()), None)
        );
    }
}
