//! The layouts that Material's plugin has, with the same result.

use serde_json::{Map, Value, json};

use crate::options::Values;
use crate::python::is_true;

/// The built-in layouts.
pub const NAMES: [&str; 5] = [
    "default",
    "default/accent",
    "default/invert",
    "default/only/image",
    "default/variant",
];

/// What all of them begin with. In their templates, `defaults` is what [`defaults`]
/// returns.
const TAGS: &str = r#"
size: {width: 1200, height: 630}
tags:
  og:type: website
  og:title: &full_title "{{ HOME_TITLE if page.is_homepage else page.meta.get('title', page.title) ~ ' - ' ~ config.site_name }}"
  og:description: &description "{{ layout.description or page.meta.get('description', config.site_description) | x }}"
  og:image: &address "{{ image.url }}"
  og:image:type: "{{ image.type }}"
  og:image:width: "{{ image.width }}"
  og:image:height: "{{ image.height }}"
  og:url: "{{ page.canonical_url }}"
  twitter:card: summary_large_image
  twitter:title: *full_title
  twitter:description: *description
  twitter:image: *address
"#;

/// The layers of the layouts that differ in colours and places only.
const LAYERS: &str = r#"
layers:
- background: {image: "{{ layout.background_image | x }}", color: "{{ layout.background_color or defaults.BACKGROUND }}"}
PAGE_ICON- LOGO
  background: {image: "{{ layout.logo or defaults.logo }}"}
  icon: {value: "{{ '' if layout.logo else defaults.logo_icon }}", color: &color "{{ layout.color or defaults.COLOR }}"}
- NAME
  typography:
    content: "{{ config.site_name }}"
    color: *color
    font: &bold {family: "{{ layout.font_family or defaults.font }}", variant: "{{ layout.font_variant | x }}", style: Bold}
- TITLE
  typography:
    content: "{{ layout.title or page.meta.get('title', page.title) }}"
    align: start
    color: *color
    line: {amount: 3, height: 1.25}
    font: *bold
- TEXT
  typography:
    content: *description
    align: start
    color: *color
    line: {amount: 2, height: 1.5}
    font: {<<: *bold, style: Regular}
"#;

/// The layer with the icon of a page.
const PAGE_ICON: &str = r##"- size: {width: 630, height: 630}
  offset: {x: 800, y: 0}
  icon: {value: "{{ page.meta.icon | x }}", color: "#00000033"}
"##;

/// Where layers are: width, height, and the distances from the left and the top.
type Boxes = [(&'static str, [u32; 4]); 4];

/// The layers of the layouts with a large logo.
const WITH_LOGO: Boxes = [
    ("LOGO", [144, 144, 992, 64]),
    ("NAME", [832, 42, 64, 64]),
    ("TITLE", [832, 310, 62, 160]),
    ("TEXT", [832, 64, 64, 512]),
];

/// Those of the layout with the icon of the page.
const WITH_ICON: Boxes = [
    ("LOGO", [64, 64, 64, 64]),
    ("NAME", [768, 42, 160, 74]),
    ("TITLE", [864, 256, 62, 192]),
    ("TEXT", [864, 64, 64, 512]),
];

/// The text of a built-in layout.
pub fn builtin(name: &str) -> Option<String> {
    let (background, color, boxes) = match name {
        "default" => ("primary", "on_primary", WITH_LOGO),
        "default/accent" => ("accent", "on_accent", WITH_LOGO),
        "default/invert" => ("on_primary", "primary", WITH_LOGO),
        "default/variant" => ("primary", "on_primary", WITH_ICON),
        "default/only/image" => {
            let tags = TAGS.replace("HOME_TITLE", "page.meta.get('title', page.title)");
            let layers = "layers:\n- background: {image: '{{ layout.background_image }}'}\n";
            return Some(tags + layers);
        }
        _ => return None,
    };
    let icon = if name == "default/variant" {
        PAGE_ICON
    } else {
        ""
    };
    let mut layers = LAYERS
        .replace("BACKGROUND", background)
        .replace("COLOR", color)
        .replace("PAGE_ICON", icon);
    for (name, [width, height, x, y]) in boxes {
        let place =
            format!("- size: {{width: {width}, height: {height}}}\n  offset: {{x: {x}, y: {y}}}\n");
        layers = layers.replace(&format!("- {name}\n"), &place);
    }
    Some(TAGS.replace("HOME_TITLE", "config.site_name") + &layers)
}

/// What the built-in layouts take from the theme: its colours, font, and logo.
/// `theme` are its settings, and `docs` the docs folder.
pub fn defaults(theme: &Map<String, Value>, docs: &str) -> Map<String, Value> {
    let values = Values(theme);
    let colour = |name: &str| named_colour(theme, name);
    let (primary, accent) = (colour("primary"), colour("accent"));
    let font = values
        .map("font")
        .map(|font| Values(font).text_or("text", "Roboto"));
    let logo = values.text("logo").filter(|logo| !logo.is_empty());
    let icon = values
        .map("icon")
        .and_then(|icons| icons.get("logo")?.as_str());
    let pairs = [
        ("primary", json!(background(&PRIMARY, &primary))),
        (
            "on_primary",
            json!(foreground(&primary, &primary == "white")),
        ),
        ("accent", json!(background(&ACCENT, &accent))),
        ("on_accent", json!(foreground(&accent, false))),
        ("font", json!(font.unwrap_or("Roboto"))),
        (
            "logo",
            json!(logo.map_or(String::new(), |logo| format!("{docs}/{logo}"))),
        ),
        ("logo_icon", json!(icon.unwrap_or(""))),
    ];
    pairs
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// The name of a colour of the palette: of the first of several palettes that names it.
fn named_colour(theme: &Map<String, Value>, key: &str) -> String {
    let palette = match theme.get("palette") {
        Some(Value::Array(palettes)) => {
            let naming = palettes.iter().find(|it| it.get(key).is_some_and(is_true));
            naming.or(palettes.first())
        }
        palette => palette,
    };
    let name = palette.and_then(|palette| palette.get(key)?.as_str());
    name.unwrap_or("indigo").replace(' ', "-")
}

/// The colours of Material's palettes.
const PRIMARY: [(&str, &str); 21] = [
    ("amber", "#ffc105"),
    ("black", "#000000"),
    ("blue", "#2094f3"),
    ("blue-grey", "#546d78"),
    ("brown", "#795649"),
    ("cyan", "#00bdd6"),
    ("deep-orange", "#ff6e42"),
    ("deep-purple", "#7e56c2"),
    ("green", "#4cae4f"),
    ("grey", "#757575"),
    ("indigo", "#4051b5"),
    ("light-blue", "#02a6f2"),
    ("light-green", "#8bc34b"),
    ("lime", "#cbdc38"),
    ("orange", "#ffa724"),
    ("pink", "#e92063"),
    ("purple", "#ab47bd"),
    ("red", "#ef5552"),
    ("teal", "#009485"),
    ("white", "#ffffff"),
    ("yellow", "#ffec3d"),
];
const ACCENT: [(&str, &str); 16] = [
    ("amber", "#ffaa00"),
    ("blue", "#4287ff"),
    ("cyan", "#00bad6"),
    ("deep-orange", "#ff6e42"),
    ("deep-purple", "#7c4dff"),
    ("green", "#00c753"),
    ("indigo", "#526cfe"),
    ("light-blue", "#0091eb"),
    ("light-green", "#63de17"),
    ("lime", "#b0eb00"),
    ("orange", "#ff9100"),
    ("pink", "#f50056"),
    ("purple", "#df41fb"),
    ("red", "#ff1a47"),
    ("teal", "#00bda4"),
    ("yellow", "#ffd500"),
];

fn background(colours: &[(&'static str, &'static str)], name: &str) -> &'static str {
    let found = colours.iter().find(|(it, _)| *it == name);
    found.map_or("#4051b5", |(_, colour)| colour)
}

/// The colour of text: bright ones have black text.
fn foreground(name: &str, is_white: bool) -> &'static str {
    if is_white || ["amber", "lime", "orange", "yellow"].contains(&name) {
        "#000000"
    } else {
        "#ffffff"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::read;
    use crate::files::SourcePath;

    #[test]
    fn all_built_in_layouts_can_be_read() {
        for name in NAMES {
            let text = builtin(name).expect(name);
            let read = read(&SourcePath::new(name), &text);
            assert_eq!(read.diagnostics, [], "{name}\n{text}");
            let layout = read.layout.expect(name);
            assert_eq!(layout.tags.len(), 12, "{name}");
            let layers = match name {
                "default/only/image" => 1,
                "default/variant" => 6,
                _ => 5,
            };
            assert_eq!(layout.layers.len(), layers, "{name}");
        }
        assert_eq!(builtin("other"), None);
    }

    #[test]
    fn colours_come_from_the_first_palette_that_has_one() {
        for (theme, expected) in [
            (json!({}), ["#4051b5", "#ffffff", "#526cfe", "Roboto"]),
            (
                json!({"palette": {"primary": "deep purple", "accent": "lime"}}),
                ["#7e56c2", "#ffffff", "#b0eb00", "Roboto"],
            ),
            (
                json!({"palette": [{"scheme": "a"}, {"primary": "white"}], "font": {"text": "Inter"}}),
                ["#ffffff", "#000000", "#526cfe", "Inter"],
            ),
            (
                json!({"palette": {"primary": "custom"}, "font": false}),
                ["#4051b5", "#ffffff", "#526cfe", "Roboto"],
            ),
        ] {
            let found = defaults(theme.as_object().expect("a mapping"), "docs");
            let found = ["primary", "on_primary", "accent", "font"].map(|name| &found[name]);
            assert_eq!(
                found.map(|it| it.as_str().expect("text")),
                expected,
                "{theme}"
            );
        }
    }
}
