//! Text in a box: in which font, at which size, in which lines.

mod shape;
mod words;

use resvg::tiny_skia::{Path, PathBuilder};

use super::card::{Overflow, Side, Size, Typography};
use super::fonts::{Face, FontBook, FontKey, Wanted};
use shape::{Line, Setting, is_rtl, outline};
use words::{Measures, breaks, truncated, words};

/// How often text is made smaller until it fits.
const MOST_LINES: usize = 200;

/// Text that is set.
pub(super) struct Typeset {
    lines: Vec<PlacedLine>,
    size: f32,
    /// What was not found.
    pub(super) faults: TextFaults,
}

struct PlacedLine {
    line: Line,
    /// The left end of its baseline, from the left and the top of the box.
    x: f32,
    y: f32,
}

/// What was not found for a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TextFaults {
    /// There are no fonts at all.
    pub(super) has_no_font: bool,
    /// What takes the place of a family.
    pub(super) substitute: Option<String>,
    /// The characters that no font has.
    pub(super) missing: Vec<char>,
}

/// Sets the text of a layer in a box.
pub(super) fn typeset(
    book: &FontBook,
    typography: &Typography,
    language: &str,
    size: Size,
) -> Typeset {
    let mut typeset = Typeset {
        lines: Vec::new(),
        size: 0.0,
        faults: TextFaults::default(),
    };
    let wanted = Wanted {
        family: &typography.family,
        variant: &typography.variant,
        style: &typography.style,
    };
    let choice = book.choose(wanted);
    let found = choice.and_then(|choice| Some((book.face(choice.key)?, choice)));
    let Some((face, choice)) = found else {
        typeset.faults.has_no_font = true;
        return typeset;
    };
    typeset.faults.substitute = choice.substitute;
    let style = wanted.full_style();
    let mut setting = Setting {
        book,
        font: choice.key,
        style: &style,
        language,
        size: 0.0,
        is_rtl: is_rtl(&typography.content),
    };
    let words = words(&typography.content);
    let mut amount = typography.lines;
    #[expect(
        clippy::cast_precision_loss,
        reason = "boxes have at most some thousand pixels"
    )]
    let (width, height) = (size.width as f32, size.height as f32);
    let (lines, spacing) = loop {
        let (font_size, spacing) = metrics(&face, amount, typography.line_height, height);
        setting.size = font_size;
        let length = |word: &str| setting.line(word).width;
        let measures = Measures {
            length: &length,
            width,
        };
        let found = breaks(&words, &measures);
        let count = found.0.len() - 1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "numbers of lines are small and positive"
        )]
        let most = amount as usize;
        let shrinks = typography.overflow == Overflow::Shrink && count > most && most < MOST_LINES;
        if !shrinks || font_size < 1.0 {
            break (truncated(words, found, most.max(1), &measures), spacing);
        }
        amount += 1.0;
    };
    typeset.size = setting.size;
    if setting.size < 1.0 {
        return typeset;
    }
    let scale = setting.size / face.units;
    // FreeType rounds both away from the baseline.
    let (above, below) = (
        (face.ascender * scale).ceil(),
        (face.descender * scale).ceil(),
    );
    let step = above + spacing;
    #[expect(clippy::cast_precision_loss, reason = "there are few lines")]
    let more = (lines.len() - 1) as f32 * step;
    let baseline = match typography.align.y {
        Side::Start => above,
        Side::Center => (height / 2.0).floor() - more / 2.0 + ((above - below) / 2.0).floor(),
        Side::End => height - more - below,
    };
    let mut y = baseline;
    for text in lines {
        let line = setting.line(&text);
        for character in &line.missing {
            if !typeset.faults.missing.contains(character) {
                typeset.faults.missing.push(*character);
            }
        }
        let x = match typography.align.x {
            Side::Start => 0.0,
            Side::Center => (width / 2.0).floor() - line.width / 2.0,
            Side::End => width - line.width,
        };
        typeset.lines.push(PlacedLine { line, x, y });
        y += step;
    }
    typeset
}

/// The size of the font in pixels per em, and the space between lines, so that a number
/// of lines fills a height: the first one needs an ascender, each other one as much times
/// the height of a line, and the last one a descender.
#[expect(clippy::cast_possible_truncation, reason = "lines are not that high")]
fn metrics(face: &Face, amount: f64, line_height: f64, height: f32) -> (f32, f32) {
    // In thousandths of an em, rounded as FreeType does.
    let thousandths = |units: f32| f64::from((units * 1000.0 / face.units).ceil());
    let (above, below) = (thousandths(face.ascender), thousandths(face.descender));
    let extent = amount * above + below + (amount - 1.0) * (line_height - 1.0) * above;
    if extent <= 0.0 {
        return (0.0, 0.0);
    }
    let size = 1000.0 * f64::from(height) / extent;
    let spacing = (line_height - 1.0) * above * size / 1000.0;
    (size.floor() as f32, spacing as f32)
}

impl Typeset {
    /// The outlines of all glyphs. `x` and `y` are the corner of the box.
    pub(super) fn path(&self, book: &FontBook, (x, y): (f32, f32)) -> Option<Path> {
        let mut path = PathBuilder::new();
        for placed in &self.lines {
            let start = (x + placed.x, y + placed.y);
            for glyph in &placed.line.glyphs {
                if let Some(face) = book.face(glyph.font) {
                    outline(&face, glyph, self.size, start, &mut path);
                }
            }
        }
        path.finish()
    }

    /// The fonts that it is set in.
    pub(super) fn fonts(&self) -> impl Iterator<Item = FontKey> {
        let glyphs = self.lines.iter().flat_map(|placed| &placed.line.glyphs);
        glyphs.map(|glyph| glyph.font)
    }
}
