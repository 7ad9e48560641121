//! Marks of the source that its translation has lost or changed: addresses, code, icons,
//! numbers and the like, which are the same in all languages.
//!
//! Only passages that are paired one to one are compared, and only what the whole page
//! lacks counts: what a translator has moved to another sentence is not lost.

use std::collections::HashMap;

use super::damage_outside::{admonitions, levels, may_differ, snippets};
use super::paired::{DamagedMark, Paired};
use super::passage_marks::{Lines, Mark, MarkKind, Marks, folded};
use crate::align::{Aligned, Pair, Passage, read};

/// The least confidence of pairs that are compared. Pairs of which nothing speaks but their
/// place have less.
const SURE: f32 = 0.25;

/// The marks that a translation has lost or changed, in the order of its lines.
pub fn damaged_marks(source: &str, translation: &str) -> Vec<DamagedMark> {
    let mut found = snippets(source, translation);
    let marks = (Marks::in_blocks(source), Marks::in_blocks(translation));
    let lacks = |kind: &MarkKind| !minus(marks.0.kind(*kind), marks.1.kind(*kind)).is_empty();
    // Hardly anything is lacking on most pages: only the others are aligned.
    let kinds: Vec<MarkKind> = MarkKind::ALL.into_iter().filter(lacks).collect();
    let outside = may_differ(source, translation);
    if !kinds.is_empty() || outside {
        let aligned = Aligned::of(source, translation);
        let pairs = pairs(&aligned, translation);
        let marks = (all(&aligned.source), all(&aligned.translation));
        for kind in kinds {
            compare(
                kind,
                (marks.0.kind(kind), marks.1.kind(kind)),
                &pairs,
                &mut found,
            );
        }
        if outside {
            found.extend(admonitions(&pairs));
            found.extend(levels(&pairs));
        }
    }
    found.sort_by_key(|it| (it.line, it.source_line));
    // The same mark may be lost several times.
    found.dedup_by(|one, other| one.line == other.line && one.message == other.message);
    found
}

/// The marks of one list that the other does not have as often.
fn minus(these: &[Mark], those: &[Mark]) -> Vec<Mark> {
    let mut counts = count(those);
    let is_left = |mark: &&Mark| !take(&mut counts, &mark.key);
    these.iter().filter(is_left).cloned().collect()
}

fn count(marks: &[Mark]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for mark in marks {
        *counts.entry(mark.key.clone()).or_default() += 1;
    }
    counts
}

/// Takes one of a kind, if there is one.
fn take(counts: &mut HashMap<String, usize>, key: &str) -> bool {
    match counts.get_mut(key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// What a passage of the source has and its translation does not, and the other way round.
struct Difference {
    lost: Vec<Mark>,
    extra: Vec<Mark>,
    /// How many there are in both.
    counts: (usize, usize),
}

/// The passages that are paired one to one, and surely enough.
pub(super) fn pairs<'p>(aligned: &'p Aligned, text: &'p str) -> Vec<Paired<'p>> {
    let (source, translation) = (&aligned.source, &aligned.translation);
    let mut uses = (vec![0_u8; source.len()], vec![0_u8; translation.len()]);
    for pair in &aligned.alignment().pairs {
        let (one, two) = (&mut uses.0[pair.source], &mut uses.1[pair.translation]);
        (*one, *two) = (one.saturating_add(1), two.saturating_add(1));
    }
    let is_sure =
        |it: &&Pair| it.confidence >= SURE && uses.0[it.source] == 1 && uses.1[it.translation] == 1;
    let lines = Lines::of(text);
    let paired = |it: &Pair| {
        let (source, translation) = (&source[it.source], &translation[it.translation]);
        Paired {
            source,
            translation,
            marks: (Marks::of(source), Marks::of(translation)),
            lines: lines.range(translation),
            text,
        }
    };
    let pairs = aligned.alignment().pairs.iter();
    pairs.filter(is_sure).map(paired).collect()
}

/// The marks of all passages of a page.
fn all(passages: &[Passage]) -> Marks {
    let mut marks = Marks::default();
    for passage in passages {
        marks.extend(&Marks::of(passage));
    }
    marks
}

/// Finds what passages have lost of one kind. `source` and `own` are all marks of both pages.
fn compare(
    kind: MarkKind,
    (source, own): (&[Mark], &[Mark]),
    pairs: &[Paired<'_>],
    found: &mut Vec<DamagedMark>,
) {
    let mut lacking = count(&minus(source, own));
    // What it has more often than its source, and the source has too.
    let mut repeated = count(&minus(own, source));
    let of_source = count(source);
    repeated.retain(|key, _| of_source.contains_key(key));
    for pair in pairs {
        let (mine, theirs) = (pair.marks.0.kind(kind), pair.marks.1.kind(kind));
        let mut lost = minus(mine, theirs);
        lost.retain(|it| take(&mut lacking, &it.key));
        if lost.is_empty() {
            continue;
        }
        let difference = Difference {
            lost,
            extra: minus(theirs, mine),
            counts: (mine.len(), theirs.len()),
        };
        match kind {
            MarkKind::Link | MarkKind::Image => {
                addresses(kind, pair, &difference, &repeated, found);
            }
            MarkKind::Icon => icons(pair, &difference, found),
            MarkKind::Footnote => only_lost(kind, pair, &difference, found),
            MarkKind::Code => code(pair, &difference, found),
            MarkKind::Number => numbers(pair, &difference, found),
            MarkKind::Classes => classes(pair, found),
        }
    }
}

/// Names what is lost, if nothing is there in its place.
fn only_lost(
    kind: MarkKind,
    pair: &Paired<'_>,
    difference: &Difference,
    found: &mut Vec<DamagedMark>,
) {
    if difference.extra.is_empty() && difference.counts.1 < difference.counts.0 {
        found.extend(difference.lost.iter().map(|it| pair.lost(kind, it)));
    }
}

fn addresses(
    kind: MarkKind,
    pair: &Paired<'_>,
    difference: &Difference,
    repeated: &HashMap<String, usize>,
    found: &mut Vec<DamagedMark>,
) {
    // An address in which a tool has put blanks or other marks: it is written up to the
    // parenthesis.
    for lost in &difference.lost {
        let broken = difference.extra.iter().find_map(|extra| {
            let start = pair.locate(&extra.written)?.start;
            let line = pair.text[start..pair.lines.end].lines().next()?;
            let written = &line[..line.find([')', '"', '>'])?];
            let is_it = folded(address_alone(written)) == folded(address_alone(&lost.written));
            (is_it && extra.key != lost.key).then(|| start..start + written.len())
        });
        if let Some(place) = broken {
            let written = format!("the address `{}`", &pair.text[place.clone()]);
            let meant = lost.written.clone();
            let of_source = format!("`{meant}`");
            found.push(pair.changed((&written, &of_source), Some(place), Some(meant)));
            return;
        }
    }
    match (&*difference.lost, &*difference.extra) {
        (_, []) => only_lost(kind, pair, difference, found),
        // That of another passage.
        ([lost], [extra]) if repeated.contains_key(&extra.key) => {
            let written = format!("the address `{}`", extra.written);
            let meant = format!("`{}`", lost.written);
            found.push(pair.changed((&written, &meant), pair.locate(&extra.written), None));
        }
        // Pages in the language of the translation.
        _ => {}
    }
}

fn address_alone(written: &str) -> &str {
    written
        .split('#')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
}

fn icons(pair: &Paired<'_>, difference: &Difference, found: &mut Vec<DamagedMark>) {
    let mut changed = |written: &str, lost: &Mark, is_sure: bool| {
        let meant = format!(":{}:", lost.written);
        let words = (format!("the icon `{written}`"), format!("`{meant}`"));
        let fix = is_sure.then_some(meant);
        found.push(pair.changed((&words.0, &words.1), pair.locate(written), fix));
    };
    match (&*difference.lost, &*difference.extra) {
        ([lost], []) => match translated_name(pair, &lost.written) {
            Some(written) => changed(&written, lost, true),
            None => only_lost(MarkKind::Icon, pair, difference, found),
        },
        (lost, extra) if lost.len() == extra.len() => {
            for (lost, extra) in lost.iter().zip(extra) {
                changed(&format!(":{}:", extra.written), lost, false);
            }
        }
        _ => only_lost(MarkKind::Icon, pair, difference, found),
    }
}

/// The only thing of a passage that looks like the name of an icon in other letters.
fn translated_name(pair: &Paired<'_>, name: &str) -> Option<String> {
    let text = &pair.text[pair.lines.clone()];
    let parts: Vec<&str> = text.split(':').collect();
    let is_name = |part: &&&str| {
        let is_of_it = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
        part.chars().all(is_of_it)
            && !part.is_ascii()
            && part.contains('-') == name.contains('-')
            && part.len() <= 4 * name.len()
    };
    // What is before the first colon and after the last one is none.
    let inner = parts.get(1..parts.len().saturating_sub(1))?;
    let mut names = inner.iter().filter(is_name);
    match (names.next(), names.next()) {
        (Some(only), None) => Some(format!(":{only}:")),
        _ => None,
    }
}

/// Marks of quotation that stand in place of those of code.
const QUOTES: [(&str, &str); 9] = [
    ("「", "」"),
    ("“", "”"),
    ("„", "“"),
    ("«", "»"),
    ("‘", "’"),
    ("\"", "\""),
    ("'", "'"),
    ("『", "』"),
    ("«\u{a0}", "\u{a0}»"),
];

fn code(pair: &Paired<'_>, difference: &Difference, found: &mut Vec<DamagedMark>) {
    if pair.translation.text.contains("<code") {
        return;
    }
    for lost in &difference.lost {
        let of_source = format!("`` `{}` ``", lost.written);
        let fold = folded(&lost.written);
        let is_it = |it: &&Mark| !fold.is_empty() && folded(&it.written) == fold;
        if let Some(extra) = difference.extra.iter().find(is_it) {
            let place = pair.locate(&format!("`{}`", extra.written));
            let place = place.map(|it| it.start + 1..it.end - 1);
            let words = (format!("the code `{}`", extra.written), of_source);
            found.push(pair.changed((&words.0, &words.1), place, Some(lost.written.clone())));
            continue;
        }
        let quoted = QUOTES
            .iter()
            .find_map(|(open, close)| pair.locate(&format!("{open}{}{close}", lost.written)));
        if let Some(place) = quoted {
            let words = (pair.text[place.clone()].to_owned(), of_source);
            let fix = format!("`{}`", lost.written);
            found.push(pair.changed((&words.0, &words.1), Some(place), Some(fix)));
        } else if difference.extra.is_empty() && difference.counts.1 < difference.counts.0 {
            found.push(pair.lost(MarkKind::Code, lost));
        }
    }
    if let ([lost], [extra]) = (&*difference.lost, &*difference.extra)
        && difference.counts.0 == difference.counts.1
        && is_exact(&lost.written)
        && folded(&lost.written) != folded(&extra.written)
    {
        let words = (
            format!("the code `{}`", extra.written),
            format!("`{}`", lost.written),
        );
        found.push(pair.changed((&words.0, &words.1), pair.locate(&extra.written), None));
    }
}

/// Whether code has to be written in exactly this way: a setting or a file, and not an
/// example with words in it.
fn is_exact(code: &str) -> bool {
    let is_example = ["example", "your", "my", "path", "<", "[", "@", "..."];
    let is_one = code.is_ascii() && !code.contains(char::is_whitespace);
    let lower = code.to_ascii_lowercase();
    let is_made = code.contains(['=', '_', '/', '.']) || code.contains("::");
    is_one && is_made && !is_example.iter().any(|it| lower.contains(it))
}

fn numbers(pair: &Paired<'_>, difference: &Difference, found: &mut Vec<DamagedMark>) {
    if is_converted(pair) {
        return;
    }
    match (&*difference.lost, &*difference.extra) {
        // 80 percent that do are 20 percent that do not.
        ([lost], [extra]) if is_rest(&lost.key, &extra.key) => {}
        // One that is much longer is no other form of it: some languages write months in
        // digits.
        ([lost], [extra]) if lost.key.len().abs_diff(extra.key.len()) > 1 => {}
        ([lost], [extra]) if difference.counts.0 == difference.counts.1 => {
            let words = (
                format!("the number {}", extra.written),
                lost.written.clone(),
            );
            found.push(pair.changed((&words.0, &words.1), pair.locate(&extra.written), None));
        }
        (lost, []) => {
            // Short and round ones may be written in words.
            let text = &pair.translation.text;
            let is_long = |it: &&Mark| {
                it.written.len() > 2 && !it.written.ends_with("00") && !text.contains(&it.written)
            };
            let lost = lost.iter().filter(is_long);
            found.extend(lost.map(|it| pair.lost(MarkKind::Number, it)));
        }
        _ => {}
    }
}

/// Whether two numbers may be shares that are all together.
fn is_rest(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    number(one).saturating_add(number(other)) == 100
}

/// Whether numbers may be others for readers of another country: amounts in words for
/// thousands, hours before and after noon, and units.
fn is_converted(pair: &Paired<'_>) -> bool {
    const WORDS: [&str; 22] = [
        "thousand", "million", "billion", "trillion", "am", "pm", "mile", "miles", "inch",
        "inches", "foot", "feet", "pound", "pounds", "gallon", "gallons", "f", "k", "m", "half",
        "quarter", "dozen",
    ];
    let has_thousands = |marks: &Marks| {
        marks
            .kind(MarkKind::Number)
            .iter()
            .any(|it| it.key.ends_with("000"))
    };
    let words = read(&pair.source.text).words;
    has_thousands(&pair.marks.0)
        || has_thousands(&pair.marks.1)
        || pair.source.text.contains(".m.")
        || words.iter().any(|word| {
            let word = word.to_ascii_lowercase();
            let unit = word.trim_start_matches(|it: char| it.is_ascii_digit() || it == ':');
            WORDS.contains(&unit) && (unit.len() > 1 || unit.len() < word.len())
        })
}

fn classes(pair: &Paired<'_>, found: &mut Vec<DamagedMark>) {
    let of = |marks: &'_ Marks| marks.kind(MarkKind::Classes).to_vec();
    let (mine, theirs) = (&of(&pair.marks.0), &of(&pair.marks.1));
    if theirs.len() < mine.len() {
        let lost = minus(mine, theirs);
        found.extend(lost.iter().map(|it| pair.lost(MarkKind::Classes, it)));
    } else if mine.len() == theirs.len() {
        for (mine, theirs) in mine.iter().zip(theirs).filter(|it| it.0.key != it.1.key) {
            let place = pair.locate(&theirs.written);
            let place = place.and_then(|it| {
                let start = pair.text[it.clone()].find(&theirs.key)? + it.start;
                Some(start..start + theirs.key.len())
            });
            // Such a class is in no style sheet.
            let bare = |key: &str| key.replace(' ', "");
            let is_sure = !theirs.key.is_ascii() || bare(&theirs.key) == bare(&mine.key);
            let fix = is_sure.then(|| mine.key.clone());
            let words = (format!("`{}`", theirs.key), format!("`{}`", mine.key));
            found.push(pair.changed((&words.0, &words.1), place, fix));
        }
    }
}
