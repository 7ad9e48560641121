//! What shows authors of a layout where its layers are.

use resvg::tiny_skia::{FillRule, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::card::{Card, Overlay, Size, Typography};
use super::colour::{Colour, paint};
use super::fonts::FontBook;
use super::text::typeset;

/// The height of a label, in pixels: that of a line with letters of twelve pixels.
const LABEL: u32 = 15;

/// Draws lines around the layers of a card, and a grid, over the card.
#[expect(
    clippy::cast_precision_loss,
    reason = "cards have at most some thousand pixels"
)]
pub(super) fn draw(overlay: &Overlay, card: &Card, book: &FontBook, canvas: &mut Pixmap) {
    const GREY: Colour = Colour {
        red: 128,
        green: 128,
        blue: 128,
        alpha: 255,
    };
    let colour = Colour::parse(&overlay.colour).unwrap_or(GREY);
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let whole = Transform::identity();
    if let Some(step) = overlay.grid.filter(|step| *step > 0) {
        let mut points = PathBuilder::new();
        for x in (0..canvas.width()).step_by(step as usize) {
            for y in (0..canvas.height()).step_by(step as usize) {
                points.push_circle(x as f32 + 0.5, y as f32 + 0.5, 1.5);
            }
        }
        if let Some(points) = points.finish() {
            canvas.fill_path(
                &points,
                &paint(colour, true),
                FillRule::Winding,
                whole,
                None,
            );
        }
    }
    for (at, layer) in card.layers.iter().enumerate() {
        let (x, y) = layer.place_on(card.size);
        let size = layer.size_on(card.size);
        let (left, top) = (x as f32, y as f32);
        let right = (left + size.width as f32).min(width - 1.0);
        let bottom = (top + size.height as f32).min(height - 1.0);
        if let Some(outline) = Rect::from_ltrb(left + 0.5, top + 0.5, right + 0.5, bottom + 0.5) {
            let path = PathBuilder::from_rect(outline);
            let paint = paint(colour, true);
            canvas.stroke_path(&path, &paint, &Stroke::default(), whole, None);
        }
        label(
            &format!("{at} – {x}, {y}"),
            (left, top),
            colour,
            book,
            canvas,
        );
    }
}

fn label(text: &str, (x, y): (f32, f32), colour: Colour, book: &FontBook, canvas: &mut Pixmap) {
    let typography = Typography {
        content: text.to_owned(),
        ..Typography::default()
    };
    let size = Size {
        width: canvas.width(),
        height: LABEL,
    };
    let text = typeset(book, &typography, "en", size);
    let Some(path) = text.path(book, (x + 4.0, y + 2.0)) else {
        return;
    };
    let whole = Transform::identity();
    let bounds = path.bounds();
    if let Some(back) = Rect::from_ltrb(x, y, bounds.right() + 4.0, bounds.bottom() + 4.0) {
        canvas.fill_rect(back, &paint(colour, false), whole, None);
    }
    let ink = if colour.is_bright() {
        Colour::BLACK
    } else {
        Colour::WHITE
    };
    canvas.fill_path(&path, &paint(ink, true), FillRule::Winding, whole, None);
}
