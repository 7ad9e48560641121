//! From an icon's name to its SVG.
//!
//! Icons come from crates that carry whole packs; none of their drawings is
//! committed here. What the packs lack are names: `aliases.txt` has the old
//! ones that Material for MkDocs still answers to, `names.txt` all of them, for
//! the packs can be asked for a name but not for their names.

mod clean;
mod emoji;
mod names;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::RwLock;

use crate::diagnostic::Near;
use names::Pack;

pub use emoji::{Emoji, emoji};

/// What was asked for before, so that pages share one text. It cannot outgrow
/// the packs: only icons that exist are kept.
static KNOWN: LazyLock<RwLock<HashMap<String, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The built-in icon at a path as Material for MkDocs writes it in front matter
/// and configs, such as `material/account` or `fontawesome/brands/github`.
///
/// The SVG has a name space and a `viewBox` but neither size nor colour: these
/// are the style sheet's.
pub fn builtin(path: &str) -> Option<Arc<str>> {
    let known = KNOWN.read();
    if let Some(svg) = known.get(path) {
        return Some(svg.clone());
    }
    drop(known);
    let (pack, name) = Pack::of_path(path)?;
    let svg = pack.svg(name).or_else(|| pack.svg(pack.alias(name)?))?;
    let svg: Arc<str> = clean::clean(svg).into();
    let mut known = KNOWN.write();
    Some(known.entry(path.to_owned()).or_insert(svg).clone())
}

/// The built-in icon behind a shortcode as authors write it between colons,
/// such as `material-account` or `fontawesome-brands-github`.
pub fn shortcode(shortcode: &str) -> Option<Arc<str>> {
    builtin(&path(shortcode)?)
}

/// The path of the icon behind a shortcode as Material for MkDocs names it,
/// whether there is such an icon or not.
pub fn path(shortcode: &str) -> Option<String> {
    let (pack, name) = Pack::of_shortcode(shortcode)?;
    Some(format!("{}{name}", pack.folder()))
}

/// The shortcode of a built-in icon that was probably meant by an unknown one.
pub fn near(shortcode: &str) -> Option<Near> {
    names::near(shortcode)
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
            let svg = builtin(&path).expect("a listed name has an icon: make the lists anew");
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
