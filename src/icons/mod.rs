//! From an icon's name to its SVG.
