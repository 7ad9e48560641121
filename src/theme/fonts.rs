//! Files of the fonts that `theme.font` names.

use crate::config::Config;
use crate::text::bare_name;
use crate::url;

/// A file of a font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFile {
    /// The family, as the setting names it.
    pub family: String,
    /// The address of the file, below the site.
    pub path: String,
    /// Its weight, or the range of its weights, as in style sheets.
    pub weight: String,
    /// Whether it is italic.
    pub is_italic: bool,
}

/// Formats of fonts, the best first.
const FORMATS: [&str; 4] = ["woff2", "woff", "ttf", "otf"];

/// Weights by their names in files. Longer names come before those that they contain.
const WEIGHTS: [(&str, &str); 17] = [
    ("extralight", "200"),
    ("ultralight", "200"),
    ("semibold", "600"),
    ("demibold", "600"),
    ("extrabold", "800"),
    ("ultrabold", "800"),
    ("variable", "100 900"),
    ("hairline", "100"),
    ("regular", "400"),
    ("medium", "500"),
    ("normal", "400"),
    ("black", "900"),
    ("heavy", "900"),
    ("light", "300"),
    ("thin", "100"),
    ("bold", "700"),
    ("wght", "100 900"),
];

/// Whether a file may hold a font, by the end of its name.
pub fn is_font(path: &str) -> bool {
    rank(path).is_some()
}

/// The place of a file's format among the formats.
fn rank(path: &str) -> Option<usize> {
    let (_, format) = path.rsplit_once('.')?;
    FORMATS
        .iter()
        .position(|it| it.eq_ignore_ascii_case(format))
}

/// Which of these files of the site are of the fonts that its settings name. A file belongs
/// to a family if it is in a folder `fonts` and its name begins as that of the family:
/// `fonts/SourceSerif4-BoldItalic.woff2` is one of `Source Serif 4`.
pub fn font_files<'p>(config: &Config, paths: impl Iterator<Item = &'p str>) -> Vec<FontFile> {
    let font = config.theme.settings.get("font");
    let names = ["text", "code"].into_iter();
    let names = names.filter_map(|key| font?.get(key)?.as_str());
    let mut families: Vec<&str> = names.collect();
    families.sort_unstable();
    families.dedup();
    let mut found: Vec<FontFile> = Vec::new();
    if families.is_empty() {
        return found;
    }
    let files = paths.filter_map(|path| Some((rank(path)?, path)));
    let mut files: Vec<(usize, &str)> = files.collect();
    files.sort_unstable();
    for (_, path) in files {
        let Some((weight, is_italic, family)) = families
            .iter()
            .find_map(|family| style_of(path, family).map(|(weight, is)| (weight, is, family)))
        else {
            continue;
        };
        let is_known = |it: &FontFile| {
            it.family == **family && it.weight == weight && it.is_italic == is_italic
        };
        if !found.iter().any(is_known) {
            found.push(FontFile {
                family: (*family).to_owned(),
                path: url::quote(path),
                weight: weight.to_owned(),
                is_italic,
            });
        }
    }
    found
}

/// Weight and slope of a file, if it is one of a family.
fn style_of(path: &str, family: &str) -> Option<(&'static str, bool)> {
    let (folder, name) = path.rsplit_once('/')?;
    let is_in_fonts = folder
        .split('/')
        .any(|part| part.eq_ignore_ascii_case("fonts"));
    if !is_in_fonts {
        return None;
    }
    let (name, _) = name.rsplit_once('.')?;
    let rest = bare_name(name);
    let rest = rest.strip_prefix(&bare_name(family))?;
    let is_italic = rest.contains("italic") || rest.contains("oblique");
    let mut left = rest.replace("italic", "").replace("oblique", "");
    let mut weight = "400";
    for (name, value) in WEIGHTS {
        if left.contains(name) {
            left = left.replacen(name, "", 1);
            weight = value;
            break;
        }
    }
    let numbers = ["100", "200", "300", "500", "600", "700", "800", "900"];
    weight = numbers
        .into_iter()
        .find(|number| weight == "400" && left.contains(number))
        .unwrap_or(weight);
    // What is left belongs to the name of another family, unless it names a script, a
    // version or axes.
    const PARTS: [&str; 9] = [
        "latin", "ext", "subset", "webfont", "opsz", "slnt", "vf", "roman", "v",
    ];
    left.retain(|char| !char.is_ascii_digit());
    for part in PARTS {
        left = left.replacen(part, "", 1);
    }
    left.is_empty().then_some((weight, is_italic))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::font_files;
    use crate::config::Config;

    #[test]
    fn files_belong_to_the_families_that_their_names_begin_with() {
        let mut config = Config::bare("Example");
        let font = json!({"text": "Source Serif 4", "code": "Mono"});
        config.theme.settings.insert("font".to_owned(), font);
        let paths = [
            "assets/fonts/SourceSerif4-Regular.woff2",
            "assets/fonts/SourceSerif4-Regular.ttf",
            "assets/fonts/source-serif-4-v8-latin-700italic.woff2",
            "assets/fonts/SourceSerif4-SemiBoldItalic.woff2",
            "assets/fonts/SourceSerif4Display-Bold.woff2",
            "fonts/Mono[wght].woff2",
            "other/Mono-Bold.woff2",
            "fonts/Mono.txt",
        ];
        let found = font_files(&config, paths.into_iter());
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                (
                    it.family.as_str(),
                    it.path.as_str(),
                    it.weight.as_str(),
                    it.is_italic,
                )
            })
            .collect();
        let serif = "Source Serif 4";
        assert_eq!(
            found,
            [
                (
                    serif,
                    "assets/fonts/SourceSerif4-Regular.woff2",
                    "400",
                    false
                ),
                (
                    serif,
                    "assets/fonts/SourceSerif4-SemiBoldItalic.woff2",
                    "600",
                    true
                ),
                (
                    serif,
                    "assets/fonts/source-serif-4-v8-latin-700italic.woff2",
                    "700",
                    true
                ),
                ("Mono", "fonts/Mono%5Bwght%5D.woff2", "100 900", false),
            ]
        );
    }
}
