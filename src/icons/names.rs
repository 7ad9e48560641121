//! The packs, and the names of their icons.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::lucide;
use crate::diagnostic::{Near, Suggestions};

/// A folder of icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Pack {
    /// Material Design Icons.
    Material,
    /// Font Awesome's filled icons.
    Solid,
    /// Font Awesome's outlined icons.
    Regular,
    /// Font Awesome's brands.
    Brands,
    /// GitHub's icons; names end in their size.
    Octicons,
    /// Simple Icons, brands.
    Simple,
    /// Lucide, which Zensical has and Material for MkDocs does not.
    Lucide,
}

impl Pack {
    /// In order of preference, for names that several packs have.
    const ALL: [Self; 7] = [
        Self::Material,
        Self::Solid,
        Self::Brands,
        Self::Regular,
        Self::Octicons,
        Self::Simple,
        Self::Lucide,
    ];

    /// The packs that are one pack upstream, and to many authors.
    const FONT_AWESOME: [Self; 3] = [Self::Solid, Self::Brands, Self::Regular];

    /// The path of its folder, with a slash at the end.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Material => "material/",
            Self::Solid => "fontawesome/solid/",
            Self::Regular => "fontawesome/regular/",
            Self::Brands => "fontawesome/brands/",
            Self::Octicons => "octicons/",
            Self::Simple => "simple/",
            Self::Lucide => "lucide/",
        }
    }

    /// The prefix of its icons' shortcodes.
    fn prefix(self) -> &'static str {
        match self {
            Self::Material => "material-",
            Self::Solid => "fontawesome-solid-",
            Self::Regular => "fontawesome-regular-",
            Self::Brands => "fontawesome-brands-",
            Self::Octicons => "octicons-",
            Self::Simple => "simple-",
            Self::Lucide => "lucide-",
        }
    }

    pub(super) fn of_path(path: &str) -> Option<(Self, &str)> {
        let mut packs = Self::ALL.into_iter();
        packs.find_map(|pack| Some((pack, path.strip_prefix(pack.folder())?)))
    }

    pub(super) fn of_shortcode(shortcode: &str) -> Option<(Self, &str)> {
        let mut packs = Self::ALL.into_iter();
        packs.find_map(|pack| Some((pack, shortcode.strip_prefix(pack.prefix())?)))
    }

    /// The SVG as the pack has it.
    pub(super) fn svg(self, name: &str) -> Option<Cow<'static, str>> {
        let font_awesome =
            |style| Some(fontawesome_free_pack::get_icon(&format!("{style}/{name}"))?.svg);
        let svg = match self {
            Self::Material => material_design_icons_pack::get_icon(name)?.svg,
            Self::Solid => font_awesome("solid")?,
            Self::Regular => font_awesome("regular")?,
            Self::Brands => font_awesome("brands")?,
            Self::Octicons => octicons_pack::get_icon(name)?.svg,
            Self::Simple => simple_icons_pack::get_icon(name)?.svg,
            Self::Lucide => return lucide::svg(name).map(Cow::Owned),
        };
        Some(Cow::Borrowed(svg))
    }

    /// The current name of an icon that used to be called `name`.
    pub(super) fn alias(self, name: &str) -> Option<&'static str> {
        static ALIASES: LazyLock<HashMap<(Pack, &str), &str>> = LazyLock::new(|| {
            aliases()
                .map(|(pack, old, new)| ((pack, old), new))
                .collect()
        });
        ALIASES.get(&(self, name)).copied()
    }
}

/// Each old name with its pack and its current name.
fn aliases() -> impl Iterator<Item = (Pack, &'static str, &'static str)> {
    parse_list(include_str!("aliases.txt")).map(|(pack, pair)| {
        let (old, new) = pair.split_once('=').expect("an alias is written old=new");
        (pack, old, new)
    })
}

/// The words of a list and their packs: `# folder` starts a section, and all other
/// lines are words separated by blanks.
fn parse_list(list: &'static str) -> impl Iterator<Item = (Pack, &'static str)> {
    let sections = list.split("# ").filter_map(|section| {
        let (folder, words) = section.split_once('\n')?;
        let pack = Pack::ALL
            .into_iter()
            .find(|pack| pack.folder().trim_end_matches('/') == folder)?;
        Some((pack, words))
    });
    sections.flat_map(|(pack, words)| words.split_whitespace().map(move |word| (pack, word)))
}

/// Every icon, by its current name and its old ones.
pub(super) fn all() -> impl Iterator<Item = (Pack, &'static str)> {
    let old = aliases().map(|(pack, old, _)| (pack, old));
    parse_list(include_str!("names.txt")).chain(old)
}

/// See [`super::near`]. Names are compared without the prefix of their pack, which
/// would allow for more mistakes than the name itself.
pub(super) fn near(shortcode: &str) -> Option<Near> {
    let Some((pack, name)) = Pack::of_shortcode(shortcode) else {
        return near_pack(shortcode).or_else(|| find_in(shortcode, &Pack::ALL));
    };
    let in_pack = all().filter(|(other, _)| *other == pack);
    let in_pack = in_pack.map(|(_, name)| name);
    let styles: &[Pack] = if Pack::FONT_AWESOME.contains(&pack) {
        &Pack::FONT_AWESOME
    } else {
        &[pack]
    };
    find_in(name, styles)
        .or_else(|| {
            let near = Suggestions::default().suggest(name, in_pack)?;
            let name = pack.prefix().to_owned() + &near.name;
            Some(Near { name, ..near })
        })
        .or_else(|| find_in(name, &Pack::ALL))
}

/// A suggestion for a shortcode without a known pack: it lacks Font Awesome's
/// style, or the pack is misspelt.
fn near_pack(shortcode: &str) -> Option<Near> {
    let (pack, name) = shortcode.split_once('-')?;
    if pack == "fontawesome" {
        return find_in(name, &Pack::FONT_AWESOME);
    }
    let packs = ["material", "fontawesome", "octicons", "simple", "lucide"];
    let pack = Suggestions::default().suggest(pack, packs)?;
    let corrected = format!("{}-{name}", pack.name);
    match super::shortcode(&corrected) {
        Some(_) => Some(Near {
            name: corrected,
            ..pack
        }),
        None => near(&corrected),
    }
}

/// The name of an octicon whose size is missing, or does not exist.
fn resize(name: &str) -> Option<String> {
    let stem = name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '-');
    let sizes = ["16", "24", "12", "48", "96"];
    let mut names = sizes.iter().map(|size| format!("{stem}-{size}"));
    names.find(|name| Pack::Octicons.svg(name).is_some())
}

/// A suggestion of the same name in one of `packs`.
fn find_in(name: &str, packs: &[Pack]) -> Option<Near> {
    let find = |pack: &Pack| {
        if pack.svg(name).is_some() || pack.alias(name).is_some() {
            Some((*pack, name.to_owned()))
        } else if *pack == Pack::Octicons {
            Some((*pack, resize(name)?))
        } else {
            None
        }
    };
    let mut matches = packs.iter().filter_map(find);
    let (pack, name) = matches.next()?;
    Some(Near {
        name: pack.prefix().to_owned() + &name,
        is_only: matches.next().is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole() {
        let count = |pack| all().filter(|(other, _)| *other == pack).count();
        for (pack, least) in [
            (Pack::Material, 7000),
            (Pack::Solid, 1900),
            (Pack::Regular, 250),
            (Pack::Brands, 540),
            (Pack::Octicons, 700),
            (Pack::Simple, 3300),
            (Pack::Lucide, 2200),
        ] {
            assert!(count(pack) > least, "{pack:?}: {}", count(pack));
        }
        for (pack, old, new) in aliases() {
            let is_alias = pack.svg(old).is_none() && pack.svg(new).is_some();
            assert!(is_alias, "{old}={new}");
        }
    }

    #[test]
    fn finds_what_was_meant() {
        for (written, meant) in [
            ("material-acount", Some("material-account")),
            ("material-acount-circle", Some("material-account-circle")),
            ("mterial-account", Some("material-account")),
            ("octicon-alert-16", Some("octicons-alert-16")),
            ("octicons-alert", Some("octicons-alert-16")),
            ("octicons-alert-32", Some("octicons-alert-16")),
            ("fontawesome-github", Some("fontawesome-brands-github")),
            ("fontawesome-house", Some("fontawesome-solid-house")),
            (
                "fontawesome-solid-github",
                Some("fontawesome-brands-github"),
            ),
            (
                "fontawesome-brands-githb",
                Some("fontawesome-brands-github"),
            ),
            ("simple-linx", Some("simple-linux")),
            ("material-purple-elephant-9", None),
            ("smile", Some("fontawesome-solid-smile")),
            ("no-such-thing", None),
            ("", None),
            ("-", None),
            ("material-", None),
            ("github", Some("material-github")),
            ("fontawsome-brands-githb", Some("fontawesome-brands-github")),
            ("fontawsome-github", Some("fontawesome-brands-github")),
        ] {
            let near = near(written).map(|near| near.name);
            assert_eq!(near.as_deref(), meant, "{written}");
        }
    }
}
