//! Lucide's icons. Its crate has them as the glyphs of a font: their lines are
//! outlines that are filled, so that style sheets need not know how to draw them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use lucide_icons::{Icon, LUCIDE_FONT_BYTES};
use ttf_parser::{Face, OutlineBuilder};

/// The size of an icon, in the units of its `viewBox`.
const SIZE: f32 = 24.0;

static FONT: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(LUCIDE_FONT_BYTES, 0).ok());

/// The SVG of an icon.
pub(super) fn svg(name: &str) -> Option<String> {
    let icon = Icon::try_from(name).ok()?;
    let font = FONT.as_ref()?;
    let glyph = font.glyph_index(char::from(icon))?;
    let mut path = Path {
        written: String::new(),
        scale: SIZE / f32::from(font.units_per_em()),
        top: f32::from(font.ascender()),
    };
    font.outline_glyph(glyph, &mut path)?;
    let path = path.written;
    Some(format!(
        "<svg viewBox=\"0 0 {SIZE} {SIZE}\"><path d=\"{path}\"/></svg>"
    ))
}

/// A path as it is written. In a font, the vertical axis points up.
struct Path {
    written: String,
    scale: f32,
    top: f32,
}

impl Path {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.written.push(command);
        for (nth, (x, y)) in points.iter().enumerate() {
            let blank = if nth > 0 { " " } else { "" };
            let [x, y] = [*x, self.top - *y].map(|it| (it * self.scale * 100.0).round() / 100.0);
            // A string can be written to.
            let _ = write!(self.written, "{blank}{x} {y}");
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.written.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_circle_is_where_lucide_draws_it() {
        let svg = svg("circle").expect("an icon");
        let (_, path) = svg.split_once("d=\"").expect("a path");
        let numbers = path.split(|c: char| !(c.is_ascii_digit() || c == '.'));
        let numbers = numbers.filter_map(|it| it.parse::<f32>().ok());
        let numbers: Vec<f32> = numbers.take_while(|it| *it > 0.5).collect();
        let least = numbers.iter().copied().fold(f32::MAX, f32::min);
        let most = numbers.iter().copied().fold(f32::MIN, f32::max);
        // A radius of ten around the middle, and a line as wide as two.
        assert!((0.8..1.2).contains(&least), "{least}");
        assert!((22.8..23.3).contains(&most), "{most}");
        assert_eq!(super::svg("no-such-icon"), None);
    }
}
