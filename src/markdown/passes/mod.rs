//! The passes over the tree once its texts are parsed, in this order.

mod ids;

pub mod footnotes;

pub mod legacy_attributes;

pub mod attributes;

pub mod abbreviations;
pub mod anchors;

pub mod typography;

pub mod headings;

pub mod figures;

pub mod previews;

pub mod links;
