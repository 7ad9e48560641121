//! Images and icons of cards.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};
use sha2::{Digest as _, Sha256};

use super::card::Size;
use super::colour::Colour;

/// How many pixels an image may have.
const MOST_PIXELS: u64 = 64 << 20;

/// An image or an icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    bytes: Arc<[u8]>,
    is_svg: bool,
    /// A hash of the bytes.
    pub(super) digest: [u8; 32],
}

/// How a picture fills its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fit {
    /// It covers the box, and what sticks out is cut off.
    Cover,
    /// It is as large as it can be inside the box.
    Contain,
}

impl Picture {
    /// The picture in a file.
    pub fn new(bytes: Arc<[u8]>, is_svg: bool) -> Self {
        Self {
            digest: Sha256::digest(&bytes).into(),
            bytes,
            is_svg,
        }
    }

    /// The picture in a box of this size. An icon is drawn in `colour`. `None` if it
    /// cannot be read.
    pub(super) fn fitted(&self, size: Size, fit: Fit, colour: Option<Colour>) -> Option<Pixmap> {
        if self.is_svg {
            self.vector(size, fit, colour)
        } else {
            let image = self.image()?;
            scaled(&image, size, fit)
        }
    }

    fn vector(&self, size: Size, fit: Fit, colour: Option<Colour>) -> Option<Pixmap> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let text = match colour {
            Some(colour) => text.replacen("<svg", &format!("<svg {}", colour.attributes()), 1),
            None => text.to_owned(),
        };
        // Other files are not read: a drawing has what it shows inside.
        let options = Options {
            image_href_resolver: ImageHrefResolver {
                resolve_string: Box::new(|_, _| None),
                ..ImageHrefResolver::default()
            },
            ..Options::default()
        };
        let tree = Tree::from_str(&text, &options).ok()?;
        let (own, transform) = (tree.size(), |scale, x, y| {
            Transform::from_scale(scale, scale).post_translate(x, y)
        });
        let (scale, x, y) = placed((own.width(), own.height()), size, fit);
        let mut pixmap = Pixmap::new(size.width, size.height)?;
        resvg::render(&tree, transform(scale, x, y), &mut pixmap.as_mut());
        Some(pixmap)
    }

    /// A raster image at its own size.
    fn image(&self) -> Option<Pixmap> {
        let data = Arc::new(self.bytes.to_vec());
        let kind = match self.bytes.get(..12)? {
            [0x89, b'P', b'N', b'G', ..] => ImageKind::PNG(data),
            [0xff, 0xd8, ..] => ImageKind::JPEG(data),
            [b'G', b'I', b'F', ..] => ImageKind::GIF(data),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => ImageKind::WEBP(data),
            _ => return None,
        };
        let options = Options {
            image_href_resolver: ImageHrefResolver {
                resolve_string: Box::new(move |_, _| Some(kind.clone())),
                ..ImageHrefResolver::default()
            },
            ..Options::default()
        };
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"x\"/></svg>";
        let tree = Tree::from_str(svg, &options).ok()?;
        let own = tree.root().bounding_box();
        let (width, height) = (own.width().round(), own.height().round());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "images have positive sizes"
        )]
        let (width, height) = (width as u32, height as u32);
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return None;
        }
        let mut pixmap = Pixmap::new(width, height)?;
        resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
        Some(pixmap)
    }
}

/// How much larger something is in its box, and where.
#[expect(
    clippy::cast_precision_loss,
    reason = "boxes have at most some thousand pixels"
)]
fn placed((width, height): (f32, f32), size: Size, fit: Fit) -> (f32, f32, f32) {
    let (whole_width, whole_height) = (size.width as f32, size.height as f32);
    let (x, y) = (whole_width / width, whole_height / height);
    let scale = match fit {
        Fit::Cover => x.max(y),
        Fit::Contain => x.min(y),
    };
    let middle = |whole: f32, own: f32| (whole - own * scale) / 2.0;
    (
        scale,
        middle(whole_width, width),
        middle(whole_height, height),
    )
}

/// An image that fills a box.
fn scaled(image: &Pixmap, size: Size, fit: Fit) -> Option<Pixmap> {
    #[expect(clippy::cast_precision_loss, reason = "images are not that large")]
    let (width, height) = (image.width() as f32, image.height() as f32);
    let (scale, x, y) = placed((width, height), size, fit);
    let columns = weights(image.width(), size.width, scale, x);
    let rows = weights(image.height(), size.height, scale, y);
    let (source, stride) = (image.data(), image.width() as usize * 4);
    // First in one direction, then in the other.
    let wide = size.width as usize;
    let mut narrow = vec![[0_f32; 4]; wide * image.height() as usize];
    for (line, to) in source
        .chunks_exact(stride)
        .zip(narrow.chunks_exact_mut(wide))
    {
        for (column, pixel) in columns.iter().zip(to) {
            let near = line.get(4 * column.first..).unwrap_or_default();
            for (weight, from) in column.weights.iter().zip(near.chunks_exact(4)) {
                for (channel, value) in pixel.iter_mut().zip(from) {
                    *channel += f32::from(*value) * weight;
                }
            }
        }
    }
    let mut pixmap = Pixmap::new(size.width, size.height)?;
    let mut sums = vec![[0_f32; 4]; wide];
    for (row, to) in rows
        .iter()
        .zip(pixmap.data_mut().chunks_exact_mut(wide * 4))
    {
        sums.fill([0.0; 4]);
        let near = narrow.get(row.first * wide..).unwrap_or_default();
        for (weight, from) in row.weights.iter().zip(near.chunks_exact(wide)) {
            for (sum, pixel) in sums.iter_mut().zip(from) {
                for (channel, value) in sum.iter_mut().zip(pixel) {
                    *channel += value * weight;
                }
            }
        }
        for (pixel, sum) in to.chunks_exact_mut(4).zip(&sums) {
            for (byte, value) in pixel.iter_mut().zip(sum) {
                // No channel of a premultiplied colour is above its opacity.
                let value = value.min(sum[3]) + 0.5;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it is from 0 to 256, and saturates"
                )]
                let value = value as u8;
                *byte = value;
            }
        }
    }
    Some(pixmap)
}

/// The pixels of an image that one of a smaller or larger one is made of.
#[derive(Default)]
struct Near {
    first: usize,
    /// How much of each; together, they are 1.
    weights: Vec<f32>,
}

/// For each pixel of a side, which ones of the image it is made of, and how much of each:
/// those around it if the image grows, and else all that it covers, more of the nearer.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of pixels are small, and clamped to those of the image"
)]
fn weights(count: u32, wanted: u32, scale: f32, start: f32) -> Vec<Near> {
    let reach = (1.0 / scale).max(1.0);
    let pixel = |at: u32| {
        let middle = (at as f32 + 0.5 - start) / scale;
        if middle < 0.0 || middle > count as f32 {
            return Near::default();
        }
        let first = (middle - reach).floor().max(0.0) as usize;
        let last = (middle + reach).ceil().min(count as f32) as usize;
        let weights = (first..last).map(|at| {
            let distance = (at as f32 + 0.5 - middle).abs() / reach;
            (1.0 - distance).max(0.0)
        });
        let mut weights: Vec<f32> = weights.collect();
        let sum: f32 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= sum;
        }
        Near { first, weights }
    };
    (0..wanted).map(pixel).collect()
}
