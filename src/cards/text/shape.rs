//! Characters as glyphs: fonts for each of them, directions, and forms.

use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use harfrust::unicode::script;
use harfrust::{Buffer, Direction, GlyphId, Language, Script, ShapeOptions, ShaperFont, shape};
use resvg::tiny_skia::PathBuilder;
use unicode_bidi::{BidiInfo, Level};

use crate::cards::fonts::{Face, FontBook, FontKey};

/// How a text is set: in which font, at which size in pixels per em.
pub(super) struct Setting<'b> {
    pub(super) book: &'b FontBook,
    pub(super) font: FontKey,
    /// The whole name of the style, for fonts that take the place of this one.
    pub(super) style: &'b str,
    pub(super) language: &'b str,
    pub(super) size: f32,
    /// Whether the text as a whole runs from the right to the left.
    pub(super) is_rtl: bool,
}

/// A glyph on its line, from the left; in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) font: FontKey,
    id: GlyphId,
    x: f32,
    /// How far it is above the baseline.
    y: f32,
}

/// A line of glyphs.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) width: f32,
    /// The characters that no font has.
    pub(super) missing: Vec<char>,
}

/// Whether a text runs from the right to the left: by its first letter.
pub(super) fn is_rtl(text: &str) -> bool {
    let info = BidiInfo::new(text, None);
    info.paragraphs.first().is_some_and(|it| it.level.is_rtl())
}

/// A part of a text in one font and one script.
struct Item {
    start: usize,
    end: usize,
    font: FontKey,
    script: Script,
}

impl Setting<'_> {
    /// Sets one line.
    pub(super) fn line(&self, text: &str) -> Line {
        let mut line = Line::default();
        let level = if self.is_rtl {
            Level::rtl()
        } else {
            Level::ltr()
        };
        let info = BidiInfo::new(text, Some(level));
        let items = self.items(text, &mut line.missing);
        for paragraph in &info.paragraphs {
            let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(|level| level.is_rtl());
                let inside = items
                    .iter()
                    .filter(|item| item.start < run.end && run.start < item.end);
                let mut inside: Vec<&Item> = inside.collect();
                if is_rtl {
                    inside.reverse();
                }
                for item in inside {
                    let range = item.start.max(run.start)..item.end.min(run.end);
                    if let Some(part) = text.get(range) {
                        self.shape(part, item, is_rtl, &mut line);
                    }
                }
            }
        }
        line
    }

    /// Which font draws which part of a text.
    fn items(&self, text: &str, missing: &mut Vec<char>) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let primary = self.book.face(self.font);
        let has =
            |face: &Face, character: char| face.font.charmap().map_unicode(character).is_some();
        for (start, character) in text.char_indices() {
            let end = start + character.len_utf8();
            let script = script(character.into());
            let is_shared = [Script::COMMON, Script::INHERITED].contains(&script);
            let last = items.last_mut();
            // Marks belong to the letter before them, and blanks to the word.
            if let Some(last) = last
                && (is_shared || is_ignorable(character))
            {
                let face = self.book.face(last.font);
                if is_ignorable(character) || face.is_some_and(|face| has(&face, character)) {
                    last.end = end;
                    continue;
                }
            }
            let font = if primary.as_ref().is_some_and(|face| has(face, character)) {
                self.font
            } else {
                let found = self
                    .book
                    .fallback(self.font, self.style, self.language, character);
                if found.is_none() && !is_ignorable(character) && !missing.contains(&character) {
                    missing.push(character);
                }
                found.unwrap_or(self.font)
            };
            match items.last_mut() {
                Some(last) if last.font == font && (last.script == script || is_shared) => {
                    last.end = end;
                }
                // What comes before the first letter belongs to it.
                Some(last)
                    if last.font == font
                        && [Script::COMMON, Script::INHERITED].contains(&last.script) =>
                {
                    last.end = end;
                    last.script = script;
                }
                _ => items.push(Item {
                    start,
                    end,
                    font,
                    script,
                }),
            }
        }
        items
    }

    fn shape(&self, text: &str, item: &Item, is_rtl: bool, line: &mut Line) {
        let Some(face) = self.book.face(item.font) else {
            return;
        };
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(if is_rtl {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        buffer.set_script(Some(item.script));
        buffer.set_language(Language::new(self.language));
        let font = ShaperFont::new(&face.font);
        if shape(&font, &mut buffer, ShapeOptions::new()).is_err() {
            return;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "fonts have no such large numbers"
        )]
        let pixels = |units: i32| units as f32 * self.size / face.units;
        for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            line.glyphs.push(Glyph {
                font: item.font,
                id: GlyphId::new(info.glyph_id),
                x: line.width + pixels(position.x_offset),
                y: pixels(position.y_offset),
            });
            line.width += pixels(position.x_advance);
        }
    }
}

/// Whether a character changes others and is not drawn itself.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    ) || character.is_control()
}

/// Adds the outline of a glyph to a path. `x` and `y` are the start of its line.
pub(super) fn outline(
    face: &Face,
    glyph: &Glyph,
    size: f32,
    (x, y): (f32, f32),
    to: &mut PathBuilder,
) {
    let Some(outline) = face.font.outline_glyphs().get(glyph.id) else {
        return;
    };
    let mut pen = Pen {
        scale: size / face.units,
        x: x + glyph.x,
        y: y - glyph.y,
        to,
    };
    // A glyph that cannot be drawn is left out, as where it is empty.
    let _ = outline.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut pen);
}

/// Writes outlines, whose vertical axis points up, into a path.
struct Pen<'p> {
    scale: f32,
    x: f32,
    y: f32,
    to: &'p mut PathBuilder,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl PathSink for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.to.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.to.line_to(x, y);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let ((cx0, cy0), (x, y)) = (self.at(cx0, cy0), self.at(x, y));
        self.to.quad_to(cx0, cy0, x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (first, second, end) = (self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
        self.to
            .cubic_to(first.0, first.1, second.0, second.1, end.0, end.1);
    }

    fn close(&mut self) {
        self.to.close();
    }
}
