//! The list of changes, and the pieces of both sides that they consist of.

use std::ops::Range;

use super::blocks::{Group, Parsed, Part};
use super::inline::{Fate, Step, Steps, steps};
use super::items::What;
use super::pairs::Pairs;
use super::{Block, Change, ChangeKind, Difference, Level, Segment};
use crate::html;

/// Lists what changed between two sides, given the parts that belong together.
pub(super) fn changes(base: &Parsed<'_>, now: &Parsed<'_>, pairs: &Pairs) -> Difference {
    let mut writer = Writer {
        base,
        now,
        pairs,
        difference: Difference::default(),
        moves: vec![None; now.parts.len()],
    };
    writer.pair(base.root(), now.root());
    writer.difference
}

struct Writer<'p, 'a> {
    base: &'p Parsed<'a>,
    now: &'p Parsed<'a>,
    pairs: &'p Pairs,
    difference: Difference,
    /// The changes of moved parts, by their parts now.
    moves: Vec<Option<usize>>,
}

impl Writer<'_, '_> {
    fn segment(&mut self, base: Range<usize>, now: Range<usize>, change: Option<usize>) {
        if base.is_empty() && now.is_empty() {
            return;
        }
        let segments = &mut self.difference.segments;
        if let Some(last) = segments.last_mut()
            && last.change == change
            && last.base.is_empty() == base.is_empty()
            && last.now.is_empty() == now.is_empty()
        {
            last.base.end = base.end;
            last.now.end = now.end;
            return;
        }
        segments.push(Segment { base, now, change });
    }

    fn change(&mut self, change: Change) -> usize {
        self.difference.changes.push(change);
        self.difference.changes.len() - 1
    }

    /// Writes two parts that belong together.
    fn pair(&mut self, was: usize, is: usize) {
        let (old, new) = (&self.base.parts[was], &self.now.parts[is]);
        if old.all == new.all {
            return self.segment(old.range.clone(), new.range.clone(), None);
        }
        if let Group::Whole(_) = new.group {
            return self.whole(old, new);
        }
        // A paragraph and text directly in a block differ in their tags only.
        let has_tags = !old.tag.is_empty() && !new.tag.is_empty();
        let is_marked = has_tags && old.markup != new.markup;
        let tags = |part: &Part<'_>| {
            (
                part.range.start..part.inner.start,
                part.inner.end..part.range.end,
            )
        };
        let (old_tags, new_tags) = (tags(old), tags(new));
        if old.children.is_empty() && new.children.is_empty() {
            let is_code = new.group == Group::Line;
            let steps = steps(
                (self.base.html, self.base.items_of(was)),
                (self.now.html, self.now.items_of(is)),
                is_code,
            );
            let change = self.text_change(old, new, &steps, is_marked, (was, is));
            let tag_change = if is_marked { change } else { None };
            self.segment(old_tags.0, new_tags.0, tag_change);
            self.steps(old, new, &steps, change);
            return self.segment(old_tags.1, new_tags.1, None);
        }
        let marked_at = self.difference.changes.len();
        let change = is_marked.then(|| {
            self.change(Change {
                kind: ChangeKind::Changed,
                level: Level::Markup,
                block: new.block,
                before: start_tag(self.base, old),
                after: start_tag(self.now, new),
                line: new.line,
            })
        });
        let first_segment = self.difference.segments.len();
        self.segment(old_tags.0, new_tags.0, change);
        self.children(&old.children, &new.children);
        self.segment(old_tags.1, new_tags.1, None);
        if change.is_some() && matches!(new.group, Group::Heading | Group::Item | Group::Cell) {
            self.fold(marked_at, first_segment, new.block);
        }
    }

    /// Lets the change of a block's tag be part of the change of its text, where
    /// that is the only other one.
    fn fold(&mut self, change: usize, first_segment: usize, block: Block) {
        let changes = &self.difference.changes;
        let is_one = changes.len() == change + 2
            && changes[change + 1].kind == ChangeKind::Changed
            && changes[change + 1].block == block;
        if !is_one {
            return;
        }
        self.difference.changes.remove(change);
        for segment in &mut self.difference.segments[first_segment..] {
            segment.change = segment.change.map(|it| it.min(change));
        }
    }

    /// Writes the parts of two parts that belong together.
    fn children(&mut self, old: &[usize], new: &[usize]) {
        let mut rest = old.iter().copied().peekable();
        for is in new.iter().copied() {
            let was = self.pairs.to_base[is];
            if was.is_some() {
                while let Some(gone) = rest.next_if(|it| Some(*it) != was) {
                    self.removed(gone);
                }
                rest.next();
            } else {
                // What is gone stands before what came instead.
                while let Some(gone) = rest.next_if(|it| self.pairs.to_now[*it].is_none()) {
                    self.removed(gone);
                }
            }
            match was {
                Some(was) => self.pair(was, is),
                None => self.added(is),
            }
        }
        for gone in rest {
            self.removed(gone);
        }
    }

    /// Writes a part that is not looked into.
    fn whole(&mut self, old: &Part<'_>, new: &Part<'_>) {
        let is_text = old.text != new.text;
        let shown = |side: &Parsed<'_>, part: &Part<'_>| {
            if is_text {
                html::unescape(&html::strip_tags(&side.html[part.range.clone()]))
                    .trim()
                    .to_owned()
            } else {
                start_tag(side, part)
            }
        };
        let change = self.change(Change {
            kind: ChangeKind::Changed,
            level: if is_text { Level::Text } else { Level::Markup },
            block: new.block,
            before: shown(self.base, old),
            after: shown(self.now, new),
            line: new.line,
        });
        if is_text {
            self.segment(
                old.range.clone(),
                new.range.start..new.range.start,
                Some(change),
            );
            self.segment(
                old.range.end..old.range.end,
                new.range.clone(),
                Some(change),
            );
        } else {
            self.segment(old.range.clone(), new.range.clone(), Some(change));
        }
    }

    /// The change of two texts; `None` if readers see the same.
    fn text_change(
        &mut self,
        old: &Part<'_>,
        new: &Part<'_>,
        steps: &Steps,
        is_marked: bool,
        (was, is): (usize, usize),
    ) -> Option<usize> {
        let is_text = |step: &Step| matches!(step.fate, Fate::Removed | Fate::Added);
        let is_text = steps.steps.iter().any(|step| is_text(step) && step.is_seen);
        let marked = steps.steps.iter().find(|step| step.fate == Fate::Markup);
        let (level, before, after) = if is_text {
            (Level::Text, visible(self.base, was), visible(self.now, is))
        } else if let Some(step) = marked {
            let before = with_tags(self.base, was, &step.base);
            (Level::Markup, before, with_tags(self.now, is, &step.now))
        } else if is_marked {
            (
                Level::Markup,
                start_tag(self.base, old),
                start_tag(self.now, new),
            )
        } else {
            return None;
        };
        let block = if is_text && steps.is_pictures {
            Block::Image
        } else {
            new.block
        };
        Some(self.change(Change {
            kind: ChangeKind::Changed,
            level,
            block,
            before,
            after,
            line: new.line,
        }))
    }

    fn steps(&mut self, old: &Part<'_>, new: &Part<'_>, steps: &Steps, change: Option<usize>) {
        let (mut base_end, mut now_end) = (old.inner.start, new.inner.start);
        for step in &steps.steps {
            let is_change = step.fate != Fate::Same && step.is_seen;
            let own = if is_change { change } else { None };
            // A text without items has no positions of its own.
            let at = |range: &Range<usize>, end: usize| {
                if range.is_empty() {
                    end..end
                } else {
                    range.clone()
                }
            };
            let (base, now) = (at(&step.base, base_end), at(&step.now, now_end));
            (base_end, now_end) = (base.end, now.end);
            self.segment(base, now, own);
        }
        self.segment(base_end..old.inner.end, now_end..new.inner.end, None);
    }

    fn removed(&mut self, part: usize) {
        let here = self.now_position();
        if let Some(place) = self.pairs.moved_to.get(&part).copied() {
            let change = self.moved(part, place);
            return self.segment(
                self.base.parts[part].range.clone(),
                here..here,
                Some(change),
            );
        }
        let change = self.change(self.one_sided(self.base, part, ChangeKind::Removed));
        self.inside(part, change, true);
    }

    fn added(&mut self, part: usize) {
        let here = self.base_position();
        if let Some(was) = self.pairs.moved_from.get(&part).copied() {
            let change = self.moved(was, part);
            return self.segment(here..here, self.now.parts[part].range.clone(), Some(change));
        }
        let change = self.change(self.one_sided(self.now, part, ChangeKind::Added));
        self.inside(part, change, false);
    }

    /// Writes a part that is on one side only, except for what is in it and was
    /// moved.
    fn inside(&mut self, part: usize, change: usize, is_base: bool) {
        let (side, moves) = if is_base {
            (self.base, &self.pairs.moved_to)
        } else {
            (self.now, &self.pairs.moved_from)
        };
        let range = side.parts[part].range.clone();
        let mut moved = Vec::new();
        let mut below = vec![part];
        while let Some(at) = below.pop() {
            for child in side.parts[at].children.iter().rev() {
                below.push(*child);
            }
            if at != part && moves.contains_key(&at) {
                below.truncate(below.len() - side.parts[at].children.len());
                moved.push(at);
            }
        }
        let mut from = range.start;
        for at in moved {
            let inner = side.parts[at].range.clone();
            self.piece(from..inner.start, change, is_base);
            let (was, is) = if is_base {
                (at, moves[&at])
            } else {
                (moves[&at], at)
            };
            let own = self.moved(was, is);
            self.piece(inner.clone(), own, is_base);
            from = inner.end;
        }
        self.piece(from..range.end, change, is_base);
    }

    fn piece(&mut self, range: Range<usize>, change: usize, is_base: bool) {
        if is_base {
            let here = self.now_position();
            self.segment(range, here..here, Some(change));
        } else {
            let here = self.base_position();
            self.segment(here..here, range, Some(change));
        }
    }

    fn now_position(&self) -> usize {
        self.difference
            .segments
            .last()
            .map_or(0, |last| last.now.end)
    }

    fn base_position(&self) -> usize {
        self.difference
            .segments
            .last()
            .map_or(0, |last| last.base.end)
    }

    /// The change of a part that is in another place now.
    fn moved(&mut self, was: usize, is: usize) -> usize {
        if let Some(known) = self.moves[is] {
            return known;
        }
        let new = &self.now.parts[is];
        let change = self.change(Change {
            kind: ChangeKind::Moved,
            level: Level::Text,
            block: new.block,
            before: visible(self.base, was),
            after: visible(self.now, is),
            line: new.line,
        });
        self.moves[is] = Some(change);
        change
    }

    fn one_sided(&self, side: &Parsed<'_>, part: usize, kind: ChangeKind) -> Change {
        let it = &side.parts[part];
        let text = visible(side, part);
        let (before, after) = if kind == ChangeKind::Removed {
            (text, String::new())
        } else {
            (String::new(), text)
        };
        Change {
            kind,
            level: Level::Text,
            block: block_of(side, part),
            before,
            after,
            line: it.line,
        }
    }
}

/// What a part is to a reader: a picture, if it shows nothing else.
fn block_of(side: &Parsed<'_>, part: usize) -> Block {
    if side.is_picture(part) {
        Block::Image
    } else {
        side.parts[part].block
    }
}

/// The text of a part as readers see it, its blocks on lines of their own and cells
/// beside each other.
fn visible(side: &Parsed<'_>, part: usize) -> String {
    let it = &side.parts[part];
    if !it.children.is_empty() {
        let texts = it.children.iter().map(|child| visible(side, *child));
        let texts: Vec<String> = match it.group {
            // Their cells may be empty, and so may lines of code.
            Group::Row | Group::Code => texts.collect(),
            _ => texts.filter(|text| !text.is_empty()).collect(),
        };
        return texts.join(if it.group == Group::Row { " | " } else { "\n" });
    }
    let mut text = String::new();
    for item in side.items_of(part) {
        let written = &side.html[item.range.clone()];
        match item.what {
            What::Word | What::Sign => text.push_str(&html::unescape(written)),
            What::Space if it.group == Group::Line => {
                text.push_str(&html::unescape(written));
            }
            What::Space => text.push(' '),
            What::Atom(_) => text.push_str(&shown_by(written)),
            What::Newline | What::Hidden => {}
        }
    }
    if it.group == Group::Line {
        text.trim_end().to_owned()
    } else {
        text.trim().to_owned()
    }
}

/// What stands for an element that is not text: the words that it has instead, or
/// its address.
fn shown_by(html: &str) -> String {
    let text = html::strip_tags(html);
    if !text.trim().is_empty() {
        return html::unescape(&text).into_owned();
    }
    let first = html::tokens(html).find_map(|(token, _)| match token {
        html::Token::Start { attributes, .. } => Some(attributes),
        _ => None,
    });
    let named = |name: &str| first.and_then(|attributes| html::attribute(attributes, name));
    let named = named("alt")
        .filter(|it| !it.is_empty())
        .or_else(|| named("src"));
    named.map(std::borrow::Cow::into_owned).unwrap_or_default()
}

/// The start tag of a part, without what says where it is in the source.
fn start_tag(side: &Parsed<'_>, part: &Part<'_>) -> String {
    let written = &side.html[part.range.start..part.inner.start];
    let first = html::tokens(written).next();
    let Some((
        html::Token::Start {
            name, attributes, ..
        },
        _,
    )) = first
    else {
        return String::new();
    };
    let mut tag = format!("<{name}");
    for (key, value) in html::attributes(attributes) {
        if key != "data-src" {
            tag.extend([" ", key, "=\"", value.unwrap_or(""), "\""]);
        }
    }
    tag + ">"
}

/// A piece of text with the inline tags around it.
fn with_tags(side: &Parsed<'_>, part: usize, bytes: &Range<usize>) -> String {
    let items = side.items_of(part);
    let is_tag = |at: usize| items.get(at).is_some_and(|item| item.what == What::Hidden);
    let mut from = items.partition_point(|item| item.range.end <= bytes.start);
    let mut end = items.partition_point(|item| item.range.start < bytes.end);
    while from > 0 && is_tag(from - 1) {
        from -= 1;
    }
    while is_tag(end) {
        end += 1;
    }
    match (items.get(from), items[..end].last()) {
        (Some(first), Some(last)) if first.range.start < last.range.end => {
            side.html[first.range.start..last.range.end].to_owned()
        }
        _ => String::new(),
    }
}
