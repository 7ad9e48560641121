//! Options of `pymdownx.emoji`.

use serde_json::Value;

use super::ExtensionOptions;
use crate::icons::EmojiIndex;
use crate::python::plain;

/// Modules whose index has icons besides emoji.
const WITH_ICONS: [&str; 3] = [
    "material.extensions.emoji.",
    "materialx.emoji.",
    "zensical.extensions.emoji.",
];

/// The module of the indexes and pictures without icons.
const PLAIN: &str = "pymdownx.emoji.";

/// `pymdownx.emoji`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmojiStyle {
    /// `emoji_index`: which names are emoji.
    pub index: EmojiIndex,
    /// Whether the index has icons too.
    pub has_icons: bool,
    /// `emoji_generator`: what an emoji becomes.
    pub picture: EmojiPicture,
    /// `title`: the title of a picture.
    pub title: EmojiTitle,
    /// `alt`: the text in place of a picture.
    pub alternative: EmojiText,
    /// `remove_variation_selector`: that text has no characters that only choose
    /// between pictures and signs.
    pub removes_selectors: bool,
    /// `strict`: an unknown name is an error.
    pub strict: bool,
    /// `classes`, of `options`: the classes of icons and pictures.
    pub classes: String,
    /// `attributes`, of `options`: further attributes of pictures.
    pub attributes: Vec<(String, String)>,
    /// `image_path`, of `options`: where pictures are.
    pub images: String,
    /// `size`, of `options`: the size of sprites, which is part of their class.
    pub size: String,
}

/// What an emoji becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmojiPicture {
    /// `to_png`: an image of pixels.
    Png,
    /// `to_svg`: an SVG image.
    Svg,
    /// `to_png_sprite`: a part of an image that a style sheet shows.
    PngSprite,
    /// `to_svg_sprite`: a part of an SVG image.
    SvgSprite,
    /// `to_alt`: text.
    Text,
}

/// The title of an emoji's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmojiTitle {
    /// `none`.
    None,
    /// `short`: its name, as it is written.
    Short,
    /// `long`: what it shows, in words.
    Long,
}

/// The text in place of an emoji's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmojiText {
    /// `unicode`: the character.
    Character,
    /// `html_entity`: the character as references.
    References,
    /// `short`: its name.
    Name,
}

impl EmojiStyle {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let (index, has_icons) = match with.given("emoji_index").and_then(Value::as_str) {
            None => (Some(EmojiIndex::Emojione), false),
            Some(name) => index(name),
        };
        let picture = match with.given("emoji_generator").and_then(Value::as_str) {
            None => Some(EmojiPicture::Png),
            Some(name) => picture(name),
        };
        // Functions of the site itself are named where the configuration is read.
        with.pass(&["emoji_index", "emoji_generator"]);
        let has_icons = has_icons || index.is_none();
        let index = index.unwrap_or(EmojiIndex::Twemoji);
        let picture = picture.unwrap_or(EmojiPicture::Svg);
        // The site finds `custom_icons` by itself.
        let options = with.get("options").and_then(Value::as_object);
        let option = |name: &str| options?.get(name);
        let text = |name: &str, default: &str| {
            let text = option(name).and_then(Value::as_str);
            text.unwrap_or(default).to_owned()
        };
        let attributes = option("attributes").and_then(Value::as_object);
        let attributes = attributes.into_iter().flatten();
        let attributes = attributes.filter_map(|(name, value)| Some((name.clone(), plain(value)?)));
        Self {
            index,
            has_icons,
            picture,
            title: match with.text("title", "short").as_str() {
                "short" => EmojiTitle::Short,
                "long" => EmojiTitle::Long,
                _ => EmojiTitle::None,
            },
            alternative: match with.text("alt", "unicode").as_str() {
                "unicode" => EmojiText::Character,
                "html_entity" => EmojiText::References,
                _ => EmojiText::Name,
            },
            removes_selectors: with.flag("remove_variation_selector", false),
            strict: with.flag("strict", false),
            classes: text("classes", index.name()),
            attributes: attributes.collect(),
            images: text("image_path", images(index, picture)),
            size: option("size")
                .and_then(plain)
                .unwrap_or_else(|| "64".to_owned()),
        }
    }
}

/// The index of a Python function, and whether it has icons; `None` if the function is not
/// known.
fn index(name: &str) -> (Option<EmojiIndex>, bool) {
    let with_icons = WITH_ICONS
        .iter()
        .find_map(|module| name.strip_prefix(module));
    let index = match with_icons.or_else(|| name.strip_prefix(PLAIN)) {
        Some("twemoji") => Some(EmojiIndex::Twemoji),
        Some("gemoji") if with_icons.is_none() => Some(EmojiIndex::Gemoji),
        Some("emojione") if with_icons.is_none() => Some(EmojiIndex::Emojione),
        _ => None,
    };
    (index, with_icons.is_some())
}

/// What a Python function makes of an emoji; `None` if the function is not known.
fn picture(name: &str) -> Option<EmojiPicture> {
    if WITH_ICONS
        .iter()
        .any(|module| name.strip_prefix(module) == Some("to_svg"))
    {
        return Some(EmojiPicture::Svg);
    }
    Some(match name.strip_prefix(PLAIN)? {
        "to_png" => EmojiPicture::Png,
        "to_svg" => EmojiPicture::Svg,
        "to_png_sprite" => EmojiPicture::PngSprite,
        "to_svg_sprite" => EmojiPicture::SvgSprite,
        "to_alt" => EmojiPicture::Text,
        _ => return None,
    })
}

/// Where the reference takes pictures from.
fn images(index: EmojiIndex, picture: EmojiPicture) -> &'static str {
    match (picture, index) {
        (EmojiPicture::Png, EmojiIndex::Twemoji) => {
            "https://cdn.jsdelivr.net/gh/jdecked/twemoji@16.0.1/assets/72x72/"
        }
        (EmojiPicture::Png, EmojiIndex::Gemoji) => {
            "https://github.githubassets.com/images/icons/emoji/unicode/"
        }
        (EmojiPicture::Png, EmojiIndex::Emojione) => {
            "https://cdnjs.cloudflare.com/ajax/libs/emojione/2.2.7/assets/png/"
        }
        (EmojiPicture::Svg, EmojiIndex::Twemoji) => {
            "https://cdn.jsdelivr.net/gh/jdecked/twemoji@16.0.1/assets/svg/"
        }
        (EmojiPicture::Svg, _) => {
            "https://cdnjs.cloudflare.com/ajax/libs/emojione/2.2.7/assets/svg/"
        }
        (EmojiPicture::SvgSprite, _) => "./../assets/sprites/emojione.sprites.svg",
        (EmojiPicture::PngSprite | EmojiPicture::Text, _) => "",
    }
}
