//! Colours as CSS writes them.

use resvg::tiny_skia::{Color, Paint};

/// A colour: red, green, blue and how opaque it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Colour {
    pub(super) red: u8,
    pub(super) green: u8,
    pub(super) blue: u8,
    pub(super) alpha: u8,
}

impl Colour {
    pub(super) const WHITE: Self = Self {
        red: 255,
        green: 255,
        blue: 255,
        alpha: 255,
    };

    pub(super) const BLACK: Self = Self {
        red: 0,
        green: 0,
        blue: 0,
        alpha: 255,
    };

    /// Whether black text can be read better on it than white.
    pub(super) fn is_bright(self) -> bool {
        let weighted = [(self.red, 299), (self.green, 587), (self.blue, 114)];
        let sum: u32 = weighted
            .iter()
            .map(|(it, weight)| u32::from(*it) * weight)
            .sum();
        sum > 150_000
    }

    /// Reads a name, `#rgb`, `#rrggbb` with or without opacity, `rgb(..)` or `hsl(..)`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let colour: svgtypes::Color = text.trim().parse().ok()?;
        Some(Self {
            red: colour.red,
            green: colour.green,
            blue: colour.blue,
            alpha: colour.alpha,
        })
    }

    pub(super) fn to_color(self) -> Color {
        Color::from_rgba8(self.red, self.green, self.blue, self.alpha)
    }

    /// As an attribute of SVG: the colour, and how opaque it is.
    pub(super) fn attributes(self) -> String {
        let Self {
            red,
            green,
            blue,
            alpha,
        } = self;
        let opacity = f32::from(alpha) / 255.0;
        format!("fill=\"rgb({red},{green},{blue})\" fill-opacity=\"{opacity}\"")
    }
}

/// What fills a shape with a colour; smooth edges lie between pixels.
pub(super) fn paint(colour: Colour, is_smooth: bool) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: is_smooth,
        ..Paint::default()
    };
    paint.set_color(colour.to_color());
    paint
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_in_css() {
        for (text, expected) in [
            ("#FFD06F", Some((255, 208, 111, 255))),
            ("#FFD06F99", Some((255, 208, 111, 153))),
            ("#fff", Some((255, 255, 255, 255))),
            ("#0003", Some((0, 0, 0, 51))),
            ("white", Some((255, 255, 255, 255))),
            ("rgb(1, 2, 3)", Some((1, 2, 3, 255))),
            ("hsl(0, 100%, 50%)", Some((255, 0, 0, 255))),
            ("no colour", None),
            ("", None),
        ] {
            let found = Colour::parse(text);
            let found = found.map(|it| (it.red, it.green, it.blue, it.alpha));
            assert_eq!(found, expected, "{text}");
        }
    }
}
