//! Options of `toc`.

use serde_json::Value;

use super::slugify::Slugify;
use super::{ExtensionOptions, MarkdownOptions};

/// The boolean that Python-Markdown reads from a value; configurations spell
/// it in many ways.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(word) => match word.to_lowercase().as_str() {
            "true" | "yes" | "y" | "on" | "1" => Some(true),
            "false" | "no" | "n" | "off" | "0" | "none" => Some(false),
            _ => None,
        },
        Value::Number(number) => Some(number.as_u64() != Some(0)),
        _ => None,
    }
}

impl MarkdownOptions {
    /// Reads the options of `toc`. Those that are not given stay as they are,
    /// because MkDocs switches `toc` on twice.
    pub(super) fn toc(&mut self, with: &ExtensionOptions<'_>) {
        let toc = &mut self.toc;
        let set = |key: &str, to: &mut String| {
            if let Some(value) = with.get(key).and_then(Value::as_str) {
                value.clone_into(to);
            }
        };
        set("marker", &mut toc.marker);
        set("title", &mut toc.title);
        set("title_class", &mut toc.title_class);
        set("toc_class", &mut toc.class);
        set("permalink_class", &mut toc.permalink_class);
        set("permalink_title", &mut toc.permalink_title);
        set("anchorlink_class", &mut toc.anchorlink_class);
        set("separator", &mut toc.separator);
        if let Some(value) = with.get("permalink") {
            toc.permalink = match truth(value) {
                Some(true) => Some("\u{b6}".to_owned()),
                Some(false) => None,
                // An empty text makes an empty link.
                None => value.as_str().map(str::to_owned),
            };
        }
        let flag = |key: &str, current: bool| with.get(key).and_then(truth).unwrap_or(current);
        toc.permalink_leading = flag("permalink_leading", toc.permalink_leading);
        toc.anchorlink = flag("anchorlink", toc.anchorlink);
        let level = |value: &Value| match value {
            Value::Number(number) => u8::try_from(number.as_u64()?).ok(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        toc.base_level = with
            .get("baselevel")
            .and_then(level)
            .unwrap_or(toc.base_level)
            .clamp(1, 6);
        if let Some(depth) = with.get("toc_depth") {
            let range = depth.as_str().and_then(|text| text.split_once('-'));
            let range = range.and_then(|(top, bottom)| {
                Some((top.trim().parse().ok()?, bottom.trim().parse().ok()?))
            });
            toc.levels = range
                .or_else(|| Some((1, level(depth)?)))
                .unwrap_or(toc.levels);
        }
        if let Some(slugify) = Slugify::of(with.get("slugify")) {
            toc.slugify = slugify;
        }
    }

    /// The same for excerpts of posts: headings are one level lower and link to the
    /// post, and the table of contents has the title only.
    pub fn of_excerpts(&self) -> Self {
        let mut options = self.clone();
        options.is_excerpt = true;
        options.sources = false;
        options.toc.anchorlink = true;
        options.toc.base_level = 2;
        options.toc.permalink = None;
        options.toc.levels = (1, 2);
        options
    }
}
