//! Cards as pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use parking_lot::Mutex;
use resvg::tiny_skia::{FillRule, Mask, PathBuilder, Pixmap, PixmapPaint, Rect, Transform};
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::card::{Card, Layer, Part, Size};
use super::colour::{Colour, paint};
use super::encode::encode;
use super::fonts::FontBook;
use super::overlay;
use super::pictures::{Fit, Picture};
use super::text::{Typeset, typeset};

/// A number that changes when the same card looks different than before.
const VERSION: u32 = 1;

/// How many pictures are kept in the sizes that cards show them in. One that covers a card
/// needs 3 MB.
const MOST_FITTED: usize = 16;

/// The pictures of a card: images and icons by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Those in backgrounds.
    pub images: BTreeMap<String, Picture>,
    /// The icons.
    pub icons: BTreeMap<String, Picture>,
}

/// A picture by the hash of its bytes, and its form.
type FittedKey = ([u8; 32], Size, Fit, Option<Colour>);

/// What cards share: fonts, and pictures in the sizes in which they are shown.
#[derive(Debug)]
pub struct Studio {
    fonts: FontBook,
    fitted: Mutex<FxHashMap<FittedKey, Option<Arc<Pixmap>>>>,
}

impl Studio {
    /// A studio with these fonts.
    pub fn new(fonts: FontBook) -> Self {
        Self {
            fonts,
            fitted: Mutex::default(),
        }
    }

    fn fitted(
        &self,
        picture: &Picture,
        size: Size,
        fit: Fit,
        colour: Option<Colour>,
    ) -> Option<Arc<Pixmap>> {
        let key = (picture.digest, size, fit, colour);
        if let Some(pixmap) = self.fitted.lock().get(&key) {
            return pixmap.clone();
        }
        let pixmap = picture.fitted(size, fit, colour).map(Arc::new);
        let mut fitted = self.fitted.lock();
        if fitted.len() >= MOST_FITTED {
            fitted.clear();
        }
        fitted.insert(key, pixmap.clone());
        pixmap
    }
}

/// What is wrong with a layer of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardFault {
    /// A text is no colour.
    BadColour(Part, String),
    /// There are no fonts at all.
    NoFont,
    /// A family was not found.
    MissingFamily {
        /// The family.
        family: String,
        /// What takes its place.
        substitute: String,
    },
    /// No font has a character.
    MissingGlyph(char),
}

/// A card whose text is set, ready to be drawn.
pub struct Proof<'c> {
    card: &'c Card,
    studio: &'c Studio,
    texts: Vec<Option<Typeset>>,
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof")
            .field("card", self.card)
            .finish_non_exhaustive()
    }
}

impl<'c> Proof<'c> {
    /// Sets the text of a card.
    pub fn new(card: &'c Card, studio: &'c Studio) -> Self {
        let text = |layer: &Layer| {
            let typography = &layer.typography;
            let size = layer.size_on(card.size);
            (!typography.content.is_empty())
                .then(|| typeset(&studio.fonts, typography, &card.language, size))
        };
        Self {
            card,
            studio,
            texts: card.layers.iter().map(text).collect(),
        }
    }

    /// What is wrong, with the number of the layer.
    pub fn faults(&self) -> Vec<(usize, CardFault)> {
        let mut faults = Vec::new();
        for (at, (layer, text)) in self.card.layers.iter().zip(&self.texts).enumerate() {
            for part in [Part::BackgroundColor, Part::IconColor, Part::Color] {
                let written = layer.text(part);
                let is_none =
                    written.is_empty() || (part == Part::BackgroundColor && written == TRANSPARENT);
                if !is_none && Colour::parse(written).is_none() {
                    faults.push((at, CardFault::BadColour(part, written.to_owned())));
                }
            }
            let Some(found) = text.as_ref().map(|text| &text.faults) else {
                continue;
            };
            if found.has_no_font {
                faults.push((at, CardFault::NoFont));
            }
            if let Some(substitute) = found.substitute.clone() {
                let family = layer.typography.family.clone();
                faults.push((at, CardFault::MissingFamily { family, substitute }));
            }
            let missing = found.missing.iter().copied().map(CardFault::MissingGlyph);
            faults.extend(missing.map(|fault| (at, fault)));
        }
        faults
    }

    /// A name that is the same only for cards that look the same: a hash of everything
    /// that the card is made from.
    pub fn key(&self, pictures: &Pictures) -> String {
        let mut hash = Sha256::new();
        hash.update(VERSION.to_le_bytes());
        hash.update(self.card.key());
        let all = pictures.images.iter().chain(&pictures.icons);
        for (name, picture) in all {
            hash.update(name);
            hash.update(picture.digest);
        }
        let texts = self.texts.iter().flatten();
        let fonts: BTreeSet<_> = texts.flat_map(Typeset::fonts).collect();
        for font in fonts {
            hash.update(font.weight.to_le_bytes());
            hash.update(self.studio.fonts.print(font));
        }
        let mut key = String::new();
        for byte in hash.finalize() {
            // A string can be written to.
            let _ = write!(key, "{byte:02x}");
        }
        key
    }

    /// The card as a PNG. `None` if its size is that of no picture.
    pub fn draw(&self, pictures: &Pictures) -> Option<Vec<u8>> {
        let Size { width, height } = self.card.size;
        let mut canvas = Pixmap::new(width, height)?;
        for (layer, text) in self.card.layers.iter().zip(&self.texts) {
            self.draw_layer(layer, text.as_ref(), pictures, &mut canvas);
        }
        if let Some(overlay) = &self.card.overlay {
            overlay::draw(overlay, self.card, &self.studio.fonts, &mut canvas);
        }
        encode(&canvas)
    }

    fn draw_layer(
        &self,
        layer: &Layer,
        text: Option<&Typeset>,
        pictures: &Pictures,
        canvas: &mut Pixmap,
    ) {
        let size = layer.size_on(self.card.size);
        let place = layer.place_on(self.card.size);
        let image = pictures.images.get(&layer.background_image);
        let image = image.and_then(|it| self.studio.fitted(it, size, Fit::Cover, None));
        if let Some(image) = image {
            put(&image, place, canvas);
        }
        let Some(area) = area(place, size) else {
            return;
        };
        if layer.background_color != TRANSPARENT
            && let Some(colour) = Colour::parse(&layer.background_color)
        {
            canvas.fill_rect(area, &paint(colour, false), Transform::identity(), None);
        }
        let colour = Colour::parse(&layer.icon_color);
        let icon = pictures.icons.get(&layer.icon);
        let icon = icon.and_then(|it| self.studio.fitted(it, size, Fit::Contain, colour));
        if let Some(icon) = icon {
            put(&icon, place, canvas);
        }
        let corner = (area.x(), area.y());
        let path = text.and_then(|text| text.path(&self.studio.fonts, corner));
        if let Some(path) = path {
            let colour = Colour::parse(&layer.typography.color).unwrap_or(Colour::WHITE);
            // What sticks out at the sides is cut off. Lines may be deeper than those of the
            // font: letters of other scripts are.
            let bounds = path.bounds();
            let is_inside = area.left() <= bounds.left() && area.right() >= bounds.right();
            let mask = if is_inside { None } else { mask(area, canvas) };
            let paint = paint(colour, true);
            let (rule, transform) = (FillRule::Winding, Transform::identity());
            canvas.fill_path(&path, &paint, rule, transform, mask.as_ref());
        }
    }
}

/// The background colour that is none.
const TRANSPARENT: &str = "transparent";

#[expect(
    clippy::cast_precision_loss,
    reason = "layers have at most some thousand pixels"
)]
fn area((x, y): (i64, i64), size: Size) -> Option<Rect> {
    Rect::from_xywh(x as f32, y as f32, size.width as f32, size.height as f32)
}

fn mask(area: Rect, canvas: &Pixmap) -> Option<Mask> {
    let mut mask = Mask::new(canvas.width(), canvas.height())?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "cards have at most some thousand pixels"
    )]
    let bottom = canvas.height() as f32;
    let column = Rect::from_ltrb(area.left(), 0.0, area.right(), bottom)?;
    let path = PathBuilder::from_rect(column);
    mask.fill_path(&path, FillRule::Winding, false, Transform::identity());
    Some(mask)
}

fn put(picture: &Pixmap, (x, y): (i64, i64), canvas: &mut Pixmap) {
    let place = i32::try_from(x).ok().zip(i32::try_from(y).ok());
    if let Some((x, y)) = place {
        let paint = PixmapPaint::default();
        canvas.draw_pixmap(x, y, picture.as_ref(), &paint, Transform::identity(), None);
    }
}
