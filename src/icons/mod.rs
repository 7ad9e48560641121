//! Finds the SVG of an icon by its name.
//!
//! The icons come from crates with whole packs; no drawings are committed here.
//! The packs lack two things: old names that Material for MkDocs still supports
//! (`aliases.txt`), and a list of all names (`names.txt`), because a pack can be
//! asked for a name but not for its names.

mod clean;
mod emoji;
mod lucide;
mod names;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::RwLock;

use crate::diagnostic::Near;
use names::Pack;

pub use emoji::{Emoji, EmojiIndex};

/// What was asked for before, so that pages share one text. It cannot outgrow
/// the packs: only icons that exist are kept.
static KNOWN: LazyLock<RwLock<HashMap<String, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The built-in icon at a path in Material for MkDocs' notation for front matter
/// and configurations, such as `material/account` or `fontawesome/brands/github`.
///
/// The SVG has a namespace and a `viewBox`, but neither size nor colour, which are
/// up to the style sheet.
pub fn builtin(path: &str) -> Option<Arc<str>> {
    let known = KNOWN.read();
    if let Some(svg) = known.get(path) {
        return Some(svg.clone());
    }
    drop(known);
    let (pack, name) = Pack::of_path(path)?;
    let svg = pack.svg(name).or_else(|| pack.svg(pack.alias(name)?))?;
    let svg: Arc<str> = clean::clean(&svg).into();
    let mut known = KNOWN.write();
    Some(known.entry(path.to_owned()).or_insert(svg).clone())
}

/// The built-in icon for a shortcode, without its colons, such as
/// `material-account` or `fontawesome-brands-github`.
pub fn shortcode(shortcode: &str) -> Option<Arc<str>> {
    builtin(&path(shortcode)?)
}

/// The path of the icon for a shortcode in Material for MkDocs, whether or not
/// there is such an icon.
pub fn path(shortcode: &str) -> Option<String> {
    let (pack, name) = Pack::of_shortcode(shortcode)?;
    Some(format!("{}{name}", pack.folder()))
}

/// The shortcode of a built-in icon to suggest for an unknown one.
pub fn near(shortcode: &str) -> Option<Near> {
    names::near(shortcode)
}

/// The path of a built-in icon to suggest for an unknown one.
pub fn near_path(path: &str) -> Option<Near> {
    let near = near(&path.replace('/', "-"))?;
    let name = self::path(&near.name)?;
    Some(Near { name, ..near })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_icons_in_every_pack() {
        for (path, view_box) in [
            ("material/account", "0 0 24 24"),
            ("octicons/alert-16", "0 0 16 16"),
            ("simple/linux", "0 0 24 24"),
            ("lucide/house", "0 0 24 24"),
            ("fontawesome/brands/github", "0 0 512 512"),
            ("fontawesome/solid/house", "0 0 512 512"),
            ("fontawesome/regular/bell", "0 0 448 512"),
        ] {
            let svg = builtin(path).expect(path);
            let head = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{view_box}\"><path d=\""
            );
            assert!(
                svg.starts_with(&head) && svg.ends_with("\"/></svg>"),
                "{svg}"
            );
            let again = shortcode(&path.replace('/', "-")).expect(path);
            assert!(Arc::ptr_eq(&svg, &again), "{path} is made once");
        }
    }

    #[test]
    fn knows_old_names() {
        for (old, new) in [
            ("fontawesome/solid/home", "fontawesome/solid/house"),
            (
                "fontawesome/solid/search",
                "fontawesome/solid/magnifying-glass",
            ),
            (
                "fontawesome/brands/github-square",
                "fontawesome/brands/square-github",
            ),
            ("octicons/vscode-32", "octicons/vscode-24"),
            ("lucide/arrow-up-01", "lucide/arrow-up-0-1"),
        ] {
            assert_eq!(builtin(old).expect(old), builtin(new).expect(new));
        }
    }

    #[test]
    fn unknown_names_are_none() {
        for path in [
            "",
            "/",
            "material",
            "material/",
            "material/no-such-icon",
            "solid/house",
            "fontawesome/house",
        ] {
            assert_eq!(builtin(path), None, "{path}");
            assert_eq!(shortcode(&path.replace('/', "-")), None, "{path}");
        }
        assert_eq!(shortcode("smile"), None);
    }

    #[test]
    fn every_drawing_is_clean() {
        for (pack, name) in names::all() {
            let path = format!("{}{name}", pack.folder());
            let svg = builtin(&path).expect("every listed name has an icon; update the lists");
            assert!(
                svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "),
                "{svg}"
            );
            assert!(svg.ends_with("</svg>"), "{svg}");
            for unwanted in [
                " id=",
                " role=",
                "<title",
                "currentColor",
                "<!--",
                "<script",
                " on",
                "\n",
            ] {
                assert!(!svg.contains(unwanted), "{path}: {unwanted}");
            }
        }
    }
}
