//! What layouts and cards consist of.

/// A width and a height, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// Where something is on one axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// At the left or the top.
    #[default]
    Start,
    Center,
    /// At the right or the bottom.
    End,
}

/// A point of a rectangle that something is aligned to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Origin {
    pub(super) x: Side,
    pub(super) y: Side,
}

/// The names of all origins.
pub(super) const ORIGINS: [&str; 11] = [
    "start top",
    "center top",
    "end top",
    "start center",
    "center",
    "end center",
    "start bottom",
    "center bottom",
    "end bottom",
    "start",
    "end",
];

impl Origin {
    /// The origin with a name; `center` is the middle of both axes.
    pub(super) fn named(name: &str) -> Option<Self> {
        if !ORIGINS.contains(&name) {
            return None;
        }
        let has = |word: &str| name.split(' ').any(|it| it == word);
        let side = |start: &str, end: &str| {
            if has(start) {
                Side::Start
            } else if has(end) {
                Side::End
            } else if has("center") {
                Side::Center
            } else {
                Side::Start
            }
        };
        Some(Self {
            x: side("start", "end"),
            y: side("top", "bottom"),
        })
    }
}

/// What happens to text that needs more lines than there may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// It ends with `...`.
    #[default]
    Truncate,
    /// It gets smaller until it fits.
    Shrink,
}

/// Text of a layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typography {
    pub(super) content: String,
    pub(super) align: Origin,
    pub(super) overflow: Overflow,
    pub(super) color: String,
    /// For how many lines there is room.
    pub(super) lines: f64,
    /// The distance of two lines, as a multiple of the ascender of the font.
    pub(super) line_height: f64,
    pub(super) family: String,
    pub(super) variant: String,
    pub(super) style: String,
}

impl Default for Typography {
    fn default() -> Self {
        Self {
            content: String::new(),
            align: Origin::default(),
            overflow: Overflow::default(),
            color: String::new(),
            lines: 1.0,
            line_height: 1.0,
            family: "Roboto".to_owned(),
            variant: String::new(),
            style: "Regular".to_owned(),
        }
    }
}

/// A layer: a background, an icon and text, in this order. Texts are templates in a
/// layout, and plain text in a card.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layer {
    /// 0 for the size of the card.
    pub(super) size: Size,
    pub(super) offset: (i64, i64),
    pub(super) origin: Origin,
    pub(super) background_color: String,
    pub(super) background_image: String,
    pub(super) icon: String,
    pub(super) icon_color: String,
    pub(super) typography: Typography,
}

/// A text of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// `background.color`
    BackgroundColor,
    /// `background.image`
    BackgroundImage,
    /// `icon.value`
    Icon,
    /// `icon.color`
    IconColor,
    /// `typography.content`
    Content,
    /// `typography.color`
    Color,
    /// `typography.font.family`
    Family,
    /// `typography.font.variant`
    Variant,
    /// `typography.font.style`
    Style,
}

impl Part {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::BackgroundColor,
        Self::BackgroundImage,
        Self::Icon,
        Self::IconColor,
        Self::Content,
        Self::Color,
        Self::Family,
        Self::Variant,
        Self::Style,
    ];

    /// The keys that lead to it in a layer.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::BackgroundColor => &["background", "color"],
            Self::BackgroundImage => &["background", "image"],
            Self::Icon => &["icon", "value"],
            Self::IconColor => &["icon", "color"],
            Self::Content => &["typography", "content"],
            Self::Color => &["typography", "color"],
            Self::Family => &["typography", "font", "family"],
            Self::Variant => &["typography", "font", "variant"],
            Self::Style => &["typography", "font", "style"],
        }
    }
}

impl Layer {
    /// A text.
    pub(super) fn text(&self, part: Part) -> &str {
        match part {
            Part::BackgroundColor => &self.background_color,
            Part::BackgroundImage => &self.background_image,
            Part::Icon => &self.icon,
            Part::IconColor => &self.icon_color,
            Part::Content => &self.typography.content,
            Part::Color => &self.typography.color,
            Part::Family => &self.typography.family,
            Part::Variant => &self.typography.variant,
            Part::Style => &self.typography.style,
        }
    }

    /// The same, to be set.
    pub(super) fn text_mut(&mut self, part: Part) -> &mut String {
        match part {
            Part::BackgroundColor => &mut self.background_color,
            Part::BackgroundImage => &mut self.background_image,
            Part::Icon => &mut self.icon,
            Part::IconColor => &mut self.icon_color,
            Part::Content => &mut self.typography.content,
            Part::Color => &mut self.typography.color,
            Part::Family => &mut self.typography.family,
            Part::Variant => &mut self.typography.variant,
            Part::Style => &mut self.typography.style,
        }
    }

    /// The size of the layer on a card.
    pub(super) fn size_on(&self, card: Size) -> Size {
        let or = |own: u32, card: u32| if own == 0 { card } else { own };
        Size {
            width: or(self.size.width, card.width),
            height: or(self.size.height, card.height),
        }
    }

    /// Where the layer is on a card.
    pub(super) fn place_on(&self, card: Size) -> (i64, i64) {
        let size = self.size_on(card);
        let place = |side: Side, offset: i64, whole: u32, part: u32| {
            let left = i64::from(whole) - i64::from(part);
            match side {
                Side::Start => offset,
                Side::Center => offset + left.div_euclid(2),
                Side::End => left - offset,
            }
        };
        let (x, y) = self.offset;
        (
            place(self.origin.x, x, card.width, size.width),
            place(self.origin.y, y, card.height, size.height),
        )
    }
}

/// Lines around layers, and a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// The colour of lines, as CSS writes it.
    pub colour: String,
    /// The distance of the points of a grid in pixels, if there is one.
    pub grid: Option<u32>,
}

/// A card: its layers from the bottom to the top, with all texts as they are drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    /// Its size.
    pub size: Size,
    /// The language of its text, such as `zh-Hant`: it decides about the shapes of
    /// Chinese characters.
    pub language: String,
    /// What is drawn over it for the author of its layout.
    pub overlay: Option<Overlay>,
    pub(super) layers: Vec<Layer>,
}

// There is no number that differs from itself: all come from YAML, which has them
// checked.
impl Eq for Card {}

/// A card, with the texts that could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered<E> {
    /// The card; the texts that could not be rendered are empty.
    pub card: Card,
    /// The layer of each of them, which text it is, and why.
    pub faults: Vec<(usize, Part, E)>,
}

impl Card {
    /// The icons that the card shows, by layer.
    pub fn icons(&self) -> impl Iterator<Item = (usize, &str)> {
        let layers = self.layers.iter().enumerate();
        let icons = layers.map(|(at, layer)| (at, layer.icon.as_str()));
        icons.filter(|(_, icon)| !icon.is_empty())
    }

    /// The images that the card shows, as they are named, by layer.
    pub fn images(&self) -> impl Iterator<Item = (usize, &str)> {
        let layers = self.layers.iter().enumerate();
        let images = layers.map(|(at, layer)| (at, layer.background_image.as_str()));
        images.filter(|(_, image)| !image.is_empty())
    }

    /// Everything that decides how the card looks, as text.
    pub fn key(&self) -> String {
        format!("{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_placed_from_the_sides_that_they_name() {
        let card = Size {
            width: 1200,
            height: 630,
        };
        for (origin, place) in [
            ("start top", (10, 20)),
            ("center top", (560, 20)),
            ("end bottom", (1090, 580)),
            ("center", (560, 320)),
            ("start", (10, 20)),
            ("end", (1090, 20)),
        ] {
            let layer = Layer {
                size: Size {
                    width: 100,
                    height: 30,
                },
                offset: (10, 20),
                origin: Origin::named(origin).expect(origin),
                ..Layer::default()
            };
            assert_eq!(layer.place_on(card), place, "{origin}");
        }
        assert_eq!(Origin::named("top"), None);
    }
}
