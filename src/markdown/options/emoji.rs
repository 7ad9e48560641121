//! Options of `pymdownx.emoji`.

use serde_json::Value;

use super::ExtensionOptions;
use crate::python::plain;

/// Python functions that make the pictures which are built in.
const BUILT_IN: [&str; 8] = [
    "material.extensions.emoji.twemoji",
    "material.extensions.emoji.to_svg",
    "materialx.emoji.twemoji",
    "materialx.emoji.to_svg",
    "zensical.extensions.emoji.twemoji",
    "zensical.extensions.emoji.to_svg",
    "pymdownx.emoji.twemoji",
    "pymdownx.emoji.to_svg",
];

/// `pymdownx.emoji`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmojiStyle {
    /// `title`: whether pictures have their names as titles.
    pub titled: bool,
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

/// Where the reference takes the pictures of emoji from.
const TWEMOJI: &str = "https://cdn.jsdelivr.net/gh/jdecked/twemoji@16.0.1/assets/svg/";

impl EmojiStyle {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        for option in ["emoji_index", "emoji_generator"] {
            let given = with.given(option).and_then(Value::as_str);
            if given.is_none_or(|name| BUILT_IN.contains(&name)) {
                with.pass(&[option]);
            }
        }
        // There are titles of one kind; that of the other is named.
        let title = with.given("title").and_then(Value::as_str);
        if title != Some("long") {
            with.pass(&["title"]);
        }
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
            titled: matches!(title, None | Some("short" | "long")),
            alternative: match with.text("alt", "unicode").as_str() {
                "unicode" => EmojiText::Character,
                "html_entity" => EmojiText::References,
                _ => EmojiText::Name,
            },
            removes_selectors: with.flag("remove_variation_selector", false),
            strict: with.flag("strict", false),
            classes: text("classes", "twemoji"),
            attributes: attributes.collect(),
            images: text("image_path", TWEMOJI),
        }
    }
}
