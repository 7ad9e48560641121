//! Emoji by their short names, in the three indexes of the reference.
//!
//! Each index is a table (`twemoji.txt`, ..) of what the index of the same name in PyMdown
//! Extensions has. A line has the code points of an emoji, its names, and its title:
//!
//! ```text
//! # people
//! 1f44d +1 thumbsup thumbs_up | thumbs up
//! 1f47c-* angel_tone* baby_angel_~ | baby angel: ~
//! ```
//!
//! `*` and `~` stand for a tone of the skin: in code points, as a number and in words. So
//! a line with two of them is five emoji if it begins with `=`, because both are the same;
//! twenty if it begins with `!`, because they differ; or else twenty-five. `=` between code
//! points is before those in the name of the picture's file, where these follow no rule.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A collection of emoji, with names of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmojiIndex {
    /// That of Twemoji.
    Twemoji,
    /// That of GitHub.
    Gemoji,
    /// That of EmojiOne.
    Emojione,
}

/// An emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    /// The character, or the sequence of characters.
    pub text: String,
    /// The name of its picture's file, such as `1f1fa-1f1f8`.
    pub file: String,
    /// What it shows, in words.
    pub title: String,
    /// The group that it belongs to, such as `people`.
    pub category: &'static str,
}

/// The tones of the skin: in code points, and in words.
const TONES: [(&str, &str); 5] = [
    ("1f3fb", "light"),
    ("1f3fc", "medium-light"),
    ("1f3fd", "medium"),
    ("1f3fe", "medium-dark"),
    ("1f3ff", "dark"),
];

/// A tone, as an index of [`TONES`].
type Tone = usize;

/// How the two tones of an emoji are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pair {
    Any,
    Same,
    Different,
}

/// A line of a table.
#[derive(Debug, Clone, Copy)]
struct Line {
    points: &'static str,
    file: Option<&'static str>,
    title: &'static str,
    category: &'static str,
    pair: Pair,
}

/// The lines of a table by the names in them.
type Table = HashMap<&'static str, Line>;

static TWEMOJI: LazyLock<Table> = LazyLock::new(|| table(include_str!("twemoji.txt")));
static GEMOJI: LazyLock<Table> = LazyLock::new(|| table(include_str!("gemoji.txt")));
static EMOJIONE: LazyLock<Table> = LazyLock::new(|| table(include_str!("emojione.txt")));

fn table(text: &'static str) -> Table {
    let mut table = Table::new();
    let mut category = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            category = name;
            continue;
        }
        let (emoji, title) = line.split_once(" | ").expect("a line has a title");
        let (points, names) = emoji.split_once(' ').expect("a line has names");
        let (pair, points) = match points.as_bytes()[0] {
            b'=' => (Pair::Same, &points[1..]),
            b'!' => (Pair::Different, &points[1..]),
            _ => (Pair::Any, points),
        };
        let (points, file) = match points.split_once('=') {
            Some((points, file)) => (points, Some(file)),
            None => (points, None),
        };
        let line = Line {
            points,
            file,
            title,
            category,
            pair,
        };
        table.extend(names.split(' ').map(|name| (name, line)));
    }
    table
}

impl EmojiIndex {
    /// The name of the index, which is also the class of its pictures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Twemoji => "twemoji",
            Self::Gemoji => "gemoji",
            Self::Emojione => "emojione",
        }
    }

    /// The emoji with a name, which is without colons.
    pub fn get(self, name: &str) -> Option<Emoji> {
        let table = match self {
            Self::Twemoji => &TWEMOJI,
            Self::Gemoji => &GEMOJI,
            Self::Emojione => &EMOJIONE,
        };
        if name.contains(['*', '~']) {
            return None;
        }
        let (line, tones) = match table.get(name) {
            Some(line) => (line, Vec::new()),
            None => {
                let (pattern, tones) = without_tones(name)?;
                (table.get(&*pattern)?, tones)
            }
        };
        let tones = match (&*tones, line.pair) {
            ([one], Pair::Same) => vec![*one, *one],
            ([one, other], Pair::Different) if one == other => return None,
            _ => tones,
        };
        let points = with_tones(line.points, '*', &tones, |tone| TONES[tone].0.to_owned());
        let file = match line.file {
            Some(file) => with_tones(file, '*', &tones, |tone| TONES[tone].0.to_owned()),
            // Twemoji's files are named by all code points.
            None if self == Self::Twemoji => points.clone(),
            None => points.replace("-fe0f", "").replace("-200d", ""),
        };
        let title = with_tones(line.title, '~', &tones, |tone| {
            format!("{} skin tone", TONES[tone].1)
        });
        let character = |point: &str| {
            let point = u32::from_str_radix(point, 16).ok();
            let character = point.and_then(char::from_u32);
            character.expect("the tables have code points, as a test makes sure")
        };
        Some(Emoji {
            text: points.split('-').map(character).collect(),
            file,
            title: with_tones(&title, '*', &tones, |tone| (tone + 1).to_string()),
            category: line.category,
        })
    }
}

/// A text with tones in the places of `mark`.
fn with_tones(text: &str, mark: char, tones: &[Tone], write: impl Fn(Tone) -> String) -> String {
    let mut tones = tones.iter();
    let mut parts = text.split(mark);
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match tones.next() {
            Some(tone) => written.push_str(&write(*tone)),
            None => written.push(mark),
        }
        written.push_str(part);
    }
    written
}

/// A name with `*` and `~` in place of one tone or two, and these; `None` if it has none.
/// In names, tones are `_tone1` or `_light_skin_tone`.
fn without_tones(name: &str) -> Option<(String, Vec<Tone>)> {
    let mut pattern = String::with_capacity(name.len());
    let mut tones = Vec::new();
    let mut rest = name;
    while let Some(at) = rest.find('_') {
        pattern.push_str(&rest[..at]);
        let part = &rest[at..];
        let found = tone_at(part).filter(|(_, _, length)| {
            let after = &part[*length..];
            after.is_empty() || after.starts_with('_')
        });
        match found {
            Some((tone, mark, length)) => {
                tones.push(tone);
                pattern.push_str(mark);
                rest = &part[length..];
            }
            None => {
                pattern.push('_');
                rest = &part[1..];
            }
        }
    }
    pattern.push_str(rest);
    matches!(tones.len(), 1 | 2).then_some((pattern, tones))
}

/// The tone that the start of a text is, what stands for it, and its length.
fn tone_at(text: &str) -> Option<(Tone, &'static str, usize)> {
    if let Some(number) = text.strip_prefix("_tone") {
        let tone = number.bytes().next()?.checked_sub(b'1')?;
        return (tone < 5).then_some((usize::from(tone), "_tone*", 6));
    }
    let written = |words: &str| format!("_{}_skin_tone", words.replace('-', "_"));
    TONES.iter().enumerate().find_map(|(tone, (_, words))| {
        let written = written(words);
        text.starts_with(&written)
            .then_some((tone, "_~", written.len()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const INDEXES: [EmojiIndex; 3] = [
        EmojiIndex::Twemoji,
        EmojiIndex::Gemoji,
        EmojiIndex::Emojione,
    ];

    #[test]
    fn each_index_has_its_own_names() {
        for (name, [twemoji, gemoji, emojione]) in [
            ("smile", [Some("1f604"); 3]),
            ("gear", [Some("2699"); 3]),
            ("flag_us", [Some("1f1fa-1f1f8"), None, Some("1f1fa-1f1f8")]),
            ("us", [Some("1f1fa-1f1f8"); 3]),
            ("fu", [None, Some("1f595"), None]),
            (
                "thumbsup_tone3",
                [Some("1f44d-1f3fd"), None, Some("1f44d-1f3fd")],
            ),
            ("adult_medium_skin_tone", [Some("1f9d1-1f3fd"), None, None]),
            ("thumbsup_tone6", [None, None, None]),
            ("thumbsup_tone3x", [None, None, None]),
            (
                "rainbow_flag",
                [
                    Some("1f3f3-fe0f-200d-1f308"),
                    Some("1f3f3-1f308"),
                    Some("1f3f3-1f308"),
                ],
            ),
            ("1st_place_medal", [None, Some("1f947"), None]),
            ("", [None, None, None]),
            ("angel_tone*", [None, None, None]),
        ] {
            let found = INDEXES.map(|index| index.get(name).map(|emoji| emoji.file));
            assert_eq!(
                found,
                [twemoji, gemoji, emojione].map(|it| it.map(str::to_owned)),
                "{name}"
            );
        }
    }

    #[test]
    fn tones_are_in_words_and_in_pictures() {
        let get = |name| EmojiIndex::Twemoji.get(name);
        let two = get("couple_with_heart_man_man_tone1_tone2").expect("an emoji");
        assert_eq!(two.file, "1f468-1f3fb-200d-2764-fe0f-200d-1f468-1f3fc");
        assert!(
            two.title
                .ends_with("light skin tone, medium-light skin tone"),
            "{two:?}"
        );
        let same = get("couple_with_heart_man_man_dark_skin_tone").expect("an emoji");
        assert_eq!(same.file, "1f468-1f3ff-200d-2764-fe0f-200d-1f468-1f3ff");
        assert_eq!(get("couple_with_heart_man_man_tone1_tone1"), None);
        assert_eq!(get("angel_tone1").expect("an emoji").category, "people");
    }

    #[test]
    fn every_listed_name_is_an_emoji() {
        for (index, text, names) in [
            (EmojiIndex::Twemoji, include_str!("twemoji.txt"), 6252),
            (EmojiIndex::Gemoji, include_str!("gemoji.txt"), 1913),
            (EmojiIndex::Emojione, include_str!("emojione.txt"), 2373),
        ] {
            let mut count = 0;
            for (pattern, line) in table(text).into_iter().collect::<BTreeMap<_, _>>() {
                let marks = pattern.matches(['*', '~']).count();
                let numbers = match (marks, line.pair) {
                    (0, _) => vec![[0, 0]],
                    (1, _) => (0..5).map(|one| [one, 0]).collect(),
                    (_, pair) => (0..25)
                        .map(|nth| [nth / 5, nth % 5])
                        .filter(|[one, other]| pair == Pair::Any || one != other)
                        .collect::<Vec<_>>(),
                };
                for tones in numbers {
                    let name = with_tones(pattern, '*', &tones, |it| (it + 1).to_string());
                    let words =
                        |tone: Tone| format!("{}_skin_tone", TONES[tone].1.replace('-', "_"));
                    let name = with_tones(&name, '~', &tones, words);
                    let emoji = index.get(&name).expect(&name);
                    assert!(!emoji.file.contains('*'), "{name} {emoji:?}");
                    assert!(!emoji.title.contains('~'), "{name} {emoji:?}");
                    count += 1;
                }
            }
            assert_eq!(count, names, "{index:?}");
        }
    }
}
