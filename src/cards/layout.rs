//! Layouts as they are written.

use super::card::{Card, Layer, ORIGINS, Origin, Overflow, Part, Rendered, Size};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::files::SourcePath;
use crate::html;
use crate::yaml::{self, Node, Value};

/// The largest width and height of a card or a layer.
const LARGEST: i64 = 4096;

/// How many layers a layout may have.
const MOST_LAYERS: usize = 200;

/// A layout: templates of tags, and of what is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The size of its cards.
    pub size: Size,
    /// The names of the tags, each with the template of its value.
    pub tags: Vec<(String, String)>,
    pub(super) layers: Vec<Layer>,
}

// See `Card`.
impl Eq for Layout {}

/// A layout, with the problems found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLayout {
    /// The layout; `None` if no card can be made of it.
    pub layout: Option<Layout>,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl Layout {
    /// The card for which `render` renders the templates. Like Material's plugin, it
    /// leaves out a layer that is exactly one of those before it.
    pub fn card<E>(
        &self,
        language: &str,
        mut render: impl FnMut(&str) -> Result<String, E>,
    ) -> Rendered<E> {
        let mut faults = Vec::new();
        let layers = self.layers.iter().enumerate().map(|(at, layer)| {
            if self.layers[..at].contains(layer) {
                return Layer::default();
            }
            let mut layer = layer.clone();
            for part in Part::ALL {
                let text = layer.text_mut(part);
                if text.contains('{') {
                    *text = render(text).unwrap_or_else(|error| {
                        faults.push((at, part, error));
                        String::new()
                    });
                }
            }
            // Titles are HTML.
            let content = layer.text_mut(Part::Content);
            *content = html::unescape(content).into_owned();
            layer
        });
        let card = Card {
            size: self.size,
            language: language.to_owned(),
            overlay: None,
            layers: layers.collect(),
        };
        Rendered { card, faults }
    }
}

/// Reads a layout.
pub fn read(path: &SourcePath, text: &str) -> ReadLayout {
    let parsed = match yaml::parse(path, text) {
        Ok(parsed) => parsed,
        Err(error) => {
            return ReadLayout {
                layout: None,
                diagnostics: vec![*error],
            };
        }
    };
    let mut reader = Reader {
        faults: parsed.diagnostics,
        is_broken: parsed.refused.is_some(),
    };
    reader.faults.extend(parsed.refused);
    let layout = reader.layout(&parsed.node);
    ReadLayout {
        layout: (!reader.is_broken).then_some(layout),
        diagnostics: reader.faults,
    }
}

/// Where a text of a layer is written in a layout, or the tag with a name.
pub fn place_of(path: &SourcePath, text: &str, layer: Result<(usize, Part), &str>) -> Option<Span> {
    let parsed = yaml::parse(path, text).ok()?;
    let node = match layer {
        Ok((at, part)) => {
            let mut node = parsed.node.get("layers")?.items()?.get(at)?;
            for key in part.keys() {
                match node.get(key) {
                    Some(inner) => node = inner,
                    // It is a default, or was there no longer.
                    None => break,
                }
            }
            node
        }
        Err(tag) => parsed.node.get("tags")?.get(tag)?,
    };
    Some(node.span())
}

/// Reads values leniently: each one that cannot be used is a problem.
struct Reader {
    faults: Vec<Diagnostic>,
    /// Whether Material's plugin refuses the layout too.
    is_broken: bool,
}

impl Reader {
    fn layout(&mut self, node: &Node) -> Layout {
        let mut layout = Layout::default();
        let entries = self.mapping(node, "a layout", &["definitions", "tags", "size", "layers"]);
        for (key, value) in entries {
            match key {
                // They only hold anchors.
                "definitions" => {}
                "size" => layout.size = self.size(value),
                "tags" => {
                    for (name, tag) in value.entries().unwrap_or_default() {
                        if let Some(template) = self.text(tag, &format!("tags.{}", name.key_text()))
                        {
                            layout.tags.push((name.key_text(), template));
                        }
                    }
                    if value.entries().is_none() && !value.is_null() {
                        self.wrong(value, "tags", "a mapping");
                    }
                }
                _ => match value.items() {
                    Some(items) => {
                        if items.len() > MOST_LAYERS {
                            self.wrong(value, "layers", &format!("at most {MOST_LAYERS} layers"));
                        }
                        let items = items.iter().take(MOST_LAYERS);
                        layout.layers = items.map(|item| self.layer(item)).collect();
                    }
                    None if value.is_null() => {}
                    None => self.wrong(value, "layers", "a list"),
                },
            }
        }
        if layout.size.width == 0 || layout.size.height == 0 {
            let message = "the layout has no size";
            let fault = Diagnostic::new(Rule::BadCard, message).at(node.span());
            let help = "add `size: { width: 1200, height: 630 }`";
            self.faults.push(fault.help(help));
            self.is_broken = true;
        }
        layout
    }

    fn layer(&mut self, node: &Node) -> Layer {
        const KEYS: [&str; 6] = [
            "size",
            "offset",
            "origin",
            "background",
            "icon",
            "typography",
        ];
        let mut layer = Layer::default();
        for (key, value) in self.mapping(node, "a layer", &KEYS) {
            match key {
                "size" => layer.size = self.size(value),
                "origin" => self.origin(value, "origin", &mut layer.origin),
                "offset" => {
                    for (axis, value) in self.mapping(value, "`offset`", &["x", "y"]) {
                        let to = if axis == "x" {
                            &mut layer.offset.0
                        } else {
                            &mut layer.offset.1
                        };
                        *to = self.whole(value, axis, -LARGEST);
                    }
                }
                "background" => {
                    for (key, value) in self.mapping(value, "`background`", &["color", "image"]) {
                        let part = if key == "color" {
                            Part::BackgroundColor
                        } else {
                            Part::BackgroundImage
                        };
                        self.part(value, part, &mut layer);
                    }
                }
                "icon" => {
                    for (key, value) in self.mapping(value, "`icon`", &["value", "color"]) {
                        let part = if key == "value" {
                            Part::Icon
                        } else {
                            Part::IconColor
                        };
                        self.part(value, part, &mut layer);
                    }
                }
                _ => self.typography(value, &mut layer),
            }
        }
        layer
    }

    fn typography(&mut self, node: &Node, layer: &mut Layer) {
        const KEYS: [&str; 6] = ["content", "align", "overflow", "color", "line", "font"];
        for (key, value) in self.mapping(node, "`typography`", &KEYS) {
            match key {
                "content" => self.part(value, Part::Content, layer),
                "color" => self.part(value, Part::Color, layer),
                "align" => self.origin(value, "align", &mut layer.typography.align),
                "overflow" => match value.as_str() {
                    Some("truncate") => layer.typography.overflow = Overflow::Truncate,
                    Some("shrink") => layer.typography.overflow = Overflow::Shrink,
                    _ => self.wrong(value, "overflow", "`truncate` or `shrink`"),
                },
                "line" => {
                    for (key, value) in self.mapping(value, "`line`", &["amount", "height"]) {
                        let to = if key == "amount" {
                            &mut layer.typography.lines
                        } else {
                            &mut layer.typography.line_height
                        };
                        match number(value) {
                            Some(number) if number > 0.0 && number <= 1000.0 => *to = number,
                            _ => self.wrong(value, key, "a number above 0"),
                        }
                    }
                }
                _ => {
                    const FONT: [&str; 3] = ["family", "variant", "style"];
                    for (key, value) in self.mapping(value, "`font`", &FONT) {
                        let part = match key {
                            "family" => Part::Family,
                            "variant" => Part::Variant,
                            _ => Part::Style,
                        };
                        self.part(value, part, layer);
                    }
                }
            }
        }
    }

    /// The entries of a mapping that may have these keys.
    fn mapping<'n, 'k>(
        &mut self,
        node: &'n Node,
        what: &str,
        keys: &'k [&'static str],
    ) -> Vec<(&'k str, &'n Node)> {
        let Some(entries) = node.entries() else {
            if !node.is_null() {
                self.wrong(node, what, "a mapping");
            }
            return Vec::new();
        };
        let mut known = Vec::new();
        for (key, value) in entries {
            let name = key.key_text();
            if let Some(found) = keys.iter().find(|it| **it == name) {
                known.push((*found, value));
                continue;
            }
            let message = format!("`{name}` is not a key of {what}");
            let fault = Diagnostic::new(Rule::UnknownKey, message).at(key.span());
            let near = Suggestions::default().suggest(&name, keys.iter().copied());
            self.faults.push(match near {
                Some(near) => fault.did_you_mean(&name, &near),
                None => fault.help(format!("it may have `{}`", keys.join("`, `"))),
            });
        }
        known
    }

    fn part(&mut self, node: &Node, part: Part, layer: &mut Layer) {
        let name = part.keys().join(".");
        if let Some(text) = self.text(node, &name) {
            *layer.text_mut(part) = text;
        }
    }

    /// A template. As in Material's plugin, entities in it are decoded first.
    fn text(&mut self, node: &Node, name: &str) -> Option<String> {
        match node.as_str() {
            Some(text) => Some(html::unescape(text).into_owned()),
            None if node.is_null() => None,
            None => {
                self.wrong(node, name, "text");
                None
            }
        }
    }

    fn origin(&mut self, node: &Node, name: &str, to: &mut Origin) {
        match node.as_str().and_then(Origin::named) {
            Some(origin) => *to = origin,
            None => {
                let names = format!("one of `{}`", ORIGINS.join("`, `"));
                self.wrong(node, name, &names);
            }
        }
    }

    fn size(&mut self, node: &Node) -> Size {
        let mut size = Size::default();
        for (key, value) in self.mapping(node, "`size`", &["width", "height"]) {
            let number = self.whole(value, key, 0);
            let to = if key == "width" {
                &mut size.width
            } else {
                &mut size.height
            };
            *to = u32::try_from(number).unwrap_or(0);
        }
        size
    }

    fn whole(&mut self, node: &Node, name: &str, least: i64) -> i64 {
        match node.value {
            Value::Integer(number) if (least..=LARGEST).contains(&number) => number,
            _ => {
                let wanted = format!("a whole number from {least} to {LARGEST}");
                self.wrong(node, name, &wanted);
                0
            }
        }
    }

    /// A value that Material's plugin refuses, and the layout with it.
    fn wrong(&mut self, node: &Node, name: &str, wanted: &str) {
        self.is_broken = true;
        let name = name.trim_matches('`');
        let message = format!("`{name}` of a layout is {}", node.kind());
        let fault = Diagnostic::new(Rule::BadCard, message).at(node.span());
        self.faults.push(fault.help(format!("it must be {wanted}")));
    }
}

fn number(node: &Node) -> Option<f64> {
    match node.value {
        // No number of lines is too large for this.
        #[expect(clippy::cast_precision_loss, reason = "larger numbers are refused")]
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number).filter(|number| number.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> ReadLayout {
        read(&SourcePath::new("layouts/x.yml"), text)
    }

    #[test]
    fn every_part_of_a_layer_is_read() {
        let text = "definitions:\n  - &title '{{ page.title }} &amp; more'\n\
            size: {width: 1200, height: 630}\ntags: {'og:title': *title}\n\
            layers:\n- background: {color: '#fff', image: a.png}\n\
            - size: {width: 10, height: 20}\n  offset: {x: -1, y: 2}\n  origin: end bottom\n  \
            icon: {value: material/cat, color: red}\n  \
            typography: {content: *title, align: center, overflow: shrink, color: blue,\n    \
            line: {amount: 2, height: 1.5}, font: {family: F, variant: V, style: S}}\n";
        let read = read_text(text);
        assert_eq!(read.diagnostics, []);
        let layout = read.layout.expect("it can be read");
        let template = "{{ page.title }} & more";
        assert_eq!(layout.tags, [("og:title".to_owned(), template.to_owned())]);
        let rendered = layout.card("en", |text| {
            assert_eq!(text, template);
            Ok::<_, ()>("T".to_owned())
        });
        let layer = &rendered.card.layers[1];
        let texts = Part::ALL.map(|part| layer.text(part));
        assert_eq!(
            texts,
            ["", "", "material/cat", "red", "T", "blue", "F", "V", "S"]
        );
        assert_eq!(layer.offset, (-1, 2));
        assert_eq!(layer.typography.overflow, Overflow::Shrink);
        assert_eq!(
            (layer.typography.lines, layer.typography.line_height),
            (2.0, 1.5)
        );
    }

    #[test]
    fn mistakes_are_named_with_their_places() {
        let head = "size: {width: 1200, height: 630}\n";
        for (text, rule, line, is_usable) in [
            ("layers: [\n", Rule::BadYaml, 2, false),
            (
                "layers:\n- background: {colour: red}\n",
                Rule::UnknownKey,
                3,
                true,
            ),
            ("layers:\n- offset: {x: 1.5}\n", Rule::BadCard, 3, false),
            ("layers:\n- origin: top\n", Rule::BadCard, 3, false),
            (
                "layers:\n- typography: {content: [a]}\n",
                Rule::BadCard,
                3,
                false,
            ),
            (
                "layers:\n- typography: {line: {amount: 0}}\n",
                Rule::BadCard,
                3,
                false,
            ),
            ("tags: {a: 1}\n", Rule::BadCard, 2, false),
        ] {
            let read = read_text(&format!("{head}{text}"));
            let first = read.diagnostics.first().expect(text);
            assert_eq!(first.rule, rule, "{text}");
            let span = first.span.as_ref().expect(text);
            assert!(rule == Rule::BadYaml || span.line == line, "{text}");
            assert_eq!(read.layout.is_some(), is_usable, "{text}");
        }
        assert!(read_text("layers: []").layout.is_none());
    }

    #[test]
    fn places_of_texts_are_found_again() {
        let text =
            "size: {width: 1, height: 1}\ntags:\n  a: b\nlayers:\n- {}\n- icon:\n    value: x\n";
        let path = SourcePath::new("x.yml");
        let line = |place| place_of(&path, text, place).map(|span| span.line);
        assert_eq!(line(Ok((1, Part::Icon))), Some(7));
        assert_eq!(line(Err("a")), Some(3));
        assert_eq!(line(Ok((2, Part::Icon))), None);
    }
}
