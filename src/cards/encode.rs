//! Pictures as PNG.

use png::{BitDepth, ColorType, Compression, Encoder};
use resvg::tiny_skia::Pixmap;

/// A picture as PNG: without opacity if it is opaque.
pub(super) fn encode(picture: &Pixmap) -> Option<Vec<u8>> {
    let pixels = picture.pixels();
    let is_opaque = pixels.iter().all(|pixel| pixel.alpha() == u8::MAX);
    let mut bytes = Vec::with_capacity(pixels.len() * 4);
    if is_opaque {
        for pixel in pixels {
            bytes.extend([pixel.red(), pixel.green(), pixel.blue()]);
        }
    } else {
        for pixel in pixels {
            let pixel = pixel.demultiply();
            bytes.extend([pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]);
        }
    }
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, picture.width(), picture.height());
    encoder.set_color(if is_opaque {
        ColorType::Rgb
    } else {
        ColorType::Rgba
    });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&bytes).ok()?;
    writer.finish().ok()?;
    Some(png)
}
