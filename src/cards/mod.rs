//! Pictures of pages for social networks (*cards*): the only importer of resvg.
//!
//! A [`Layout`] is read from YAML. With its templates rendered for a page, it is a
//! [`Card`]; a [`Proof`] makes a PNG of it, with the fonts of a [`Studio`] and the
//! pictures that it names. The same card, fonts and pictures give the same bytes.

mod builtin;
mod card;
mod colour;
mod draw;
mod encode;
mod fonts;
mod layout;
mod overlay;
mod pictures;
mod text;

pub use builtin::{NAMES as BUILTIN, builtin, defaults};
pub use card::{Card, Overlay, Part, Rendered, Size};
pub use draw::{CardFault, Pictures, Proof, Studio};
pub use fonts::{FontBook, FontFolder};
pub use layout::{Layout, ReadLayout, place_of, read};
pub use pictures::Picture;
